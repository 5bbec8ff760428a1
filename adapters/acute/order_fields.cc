#include "inside/order_fields.h"

#include <array>

namespace milecastle::acute {
namespace {

constexpr auto kOrc = std::to_array<FieldRow>({{4, "order group", As::kText},
                                               {8, "parent order", As::kText},
                                               {10, "entered by", As::kPerson},
                                               {11, "verified by", As::kPerson},
                                               {12, "requester", As::kPerson},
                                               {15, "order in effect", As::kTime},
                                               {16, "reason for the control"},
                                               {17, "entering organisation"},
                                               {19, "action by", As::kPerson},
                                               {21, "ordering facility", As::kOrganisation},
                                               {25, "status modifier"},
                                               {27, "expected", As::kTime},
                                               {29, "order type"},
                                               {30, "enterer's authority"}});
constexpr auto kObr = std::to_array<FieldRow>({{5, "priority"},
                                               {6, "requested", As::kTime},
                                               {7, "observation", As::kTime},
                                               {8, "observation ended", As::kTime},
                                               {9, "collection volume", As::kQuantity},
                                               {10, "collector", As::kPerson},
                                               {11, "specimen action"},
                                               {12, "danger"},
                                               {13, "", As::kNote},
                                               {14, "specimen received", As::kTime},
                                               {15, "specimen"},
                                               {16, "requester", As::kPerson},
                                               {22, "status changed", As::kTime},
                                               {28, "copy to", As::kPerson},
                                               {29, "parent order", As::kText},
                                               {30, "transport"},
                                               {31, "reason"},
                                               {36, "scheduled", As::kTime},
                                               {39, "", As::kNote},
                                               {44, "procedure"},
                                               {45, "procedure modifier"},
                                               {46, "placer's supplement"},
                                               {47, "filler's supplement"}});
constexpr auto kRxo = std::to_array<FieldRow>({{2, "dose", As::kRange},
                                               {5, "form"},
                                               {6, "pharmacy instruction"},
                                               {7, "administration instruction"},
                                               {9, "substitution allowed"},
                                               {10, "dispense"},
                                               {11, "dispense quantity", As::kWithUnit},
                                               {13, "refills", As::kText},
                                               {14, "prescriber", As::kPerson},
                                               {15, "verified by", As::kPerson},
                                               {16, "needs human review"},
                                               {17, "give per", As::kText},
                                               {18, "strength", As::kWithUnit},
                                               {20, "indication"},
                                               {21, "rate", As::kWithUnit},
                                               {23, "total daily dose", As::kQuantity},
                                               {24, "supplementary code"},
                                               {25, "strength volume", As::kWithUnit},
                                               {27, "order type"},
                                               {28, "dispensing interval", As::kText}});
constexpr auto kRxe = std::to_array<FieldRow>({{3, "dose", As::kRange},
                                               {6, "form"},
                                               {7, "administration instruction"},
                                               {9, "substitution"},
                                               {10, "dispense quantity", As::kWithUnit},
                                               {12, "refills", As::kText},
                                               {13, "prescriber", As::kPerson},
                                               {14, "verified by", As::kPerson},
                                               {15, "prescription number", As::kText},
                                               {16, "refills remaining", As::kText},
                                               {17, "doses dispensed", As::kText},
                                               {18, "last dispensed", As::kTime},
                                               {19, "total daily dose", As::kQuantity},
                                               {20, "needs human review"},
                                               {21, "dispensing instruction"},
                                               {22, "give per", As::kText},
                                               {23, "rate", As::kWithUnit},
                                               {25, "strength", As::kWithUnit},
                                               {27, "indication"},
                                               {28, "package size", As::kWithUnit},
                                               {30, "method"},
                                               {31, "supplementary code"},
                                               {32, "originally ordered", As::kTime},
                                               {33, "strength volume", As::kWithUnit},
                                               {35, "controlled drug schedule"},
                                               {36, "formulary status"},
                                               {40, "pharmacy"},
                                               {44, "order type"}});
constexpr auto kRxd = std::to_array<FieldRow>({{4, "quantity dispensed", As::kWithUnit},
                                               {6, "form"},
                                               {7, "prescription number", As::kText},
                                               {8, "refills remaining", As::kText},
                                               {9, "", As::kNote},
                                               {10, "dispenser", As::kPerson},
                                               {11, "substitution"},
                                               {12, "total daily dose", As::kQuantity},
                                               {14, "needs human review"},
                                               {15, "dispensing instruction"},
                                               {16, "strength", As::kWithUnit},
                                               {18, "batch", As::kText},
                                               {19, "expiry", As::kTime},
                                               {20, "manufacturer"},
                                               {21, "indication"},
                                               {22, "package size", As::kWithUnit},
                                               {24, "method"},
                                               {25, "supplementary code"}});
constexpr auto kRxg = std::to_array<FieldRow>({{5, "dose", As::kRange},
                                               {8, "form"},
                                               {9, "administration note"},
                                               {10, "substitution"},
                                               {12, "needs human review"},
                                               {13, "administration instruction"},
                                               {14, "give per", As::kText},
                                               {15, "rate", As::kWithUnit},
                                               {17, "strength", As::kWithUnit},
                                               {19, "batch", As::kText},
                                               {20, "expiry", As::kTime},
                                               {21, "manufacturer"},
                                               {22, "indication"}});
constexpr auto kRxa = std::to_array<FieldRow>({{6, "dose", As::kWithUnit},
                                               {8, "form"},
                                               {9, "administration note"},
                                               {10, "given by", As::kPerson},
                                               {12, "given per", As::kText},
                                               {13, "strength", As::kWithUnit},
                                               {15, "batch", As::kText},
                                               {16, "expiry", As::kTime},
                                               {17, "manufacturer"},
                                               {18, "reason for refusal"},
                                               {19, "indication"}});
constexpr auto kRxr = std::to_array<FieldRow>({{1, "route"},
                                               {2, "site"},
                                               {3, "device"},
                                               {4, "method"},
                                               {5, "routing"},
                                               {6, "site modifier"}});
constexpr auto kBpo = std::to_array<FieldRow>({{3, "processing"},
                                               {4, "units", As::kText},
                                               {5, "amount", As::kWithUnit},
                                               {7, "intended use", As::kTime},
                                               {13, "indication"},
                                               {14, "informed consent"}});
constexpr auto kRqd = std::to_array<FieldRow>({{2, "internal item"},
                                               {4, "hospital item"},
                                               {5, "quantity", As::kWithUnit},
                                               {10, "required", As::kTime}});
constexpr auto kIpc = std::to_array<FieldRow>({{1, "accession number", As::kText},
                                               {2, "requested procedure", As::kText},
                                               {5, "modality"},
                                               {6, "protocol"}});

}  // namespace

std::span<const FieldRow> FieldsOfOrc() { return kOrc; }
std::span<const FieldRow> FieldsOfObr() { return kObr; }
std::span<const FieldRow> FieldsOfRxo() { return kRxo; }
std::span<const FieldRow> FieldsOfRxe() { return kRxe; }
std::span<const FieldRow> FieldsOfRxd() { return kRxd; }
std::span<const FieldRow> FieldsOfRxg() { return kRxg; }
std::span<const FieldRow> FieldsOfRxa() { return kRxa; }
std::span<const FieldRow> FieldsOfRxr() { return kRxr; }
std::span<const FieldRow> FieldsOfBpo() { return kBpo; }
std::span<const FieldRow> FieldsOfRqd() { return kRqd; }
std::span<const FieldRow> FieldsOfIpc() { return kIpc; }

}  // namespace milecastle::acute
