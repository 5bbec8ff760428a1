#include "inside/nobody.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace milecastle::acute {
namespace {

using Names = std::span<const std::string_view>;

constexpr auto kOfBeds = std::to_array<std::string_view>({"EVN", "NPU"});
constexpr auto kOfTimes =
    std::to_array<std::string_view>({"SCH", "TQ1", "RGS", "AIS", "AIG", "AIL", "AIP"});
constexpr auto kOfEquipment = std::to_array<std::string_view>(
    {"EQU", "ISD", "ROL", "NDS", "NCK", "NST", "NSC", "ECD", "ECR", "INV", "TCC", "DSC"});
constexpr auto kOfStock =
    std::to_array<std::string_view>({"ORC", "RQD", "RQ1", "TQ1", "TQ2", "BLG"});
// HL7 v2.8.2 chapter 8, and chapter 17 of stock.
constexpr auto kOfMasterFiles = std::to_array<std::string_view>(
    {"MFI", "MFE", "MFA", "MSA", "ERR", "LOC", "LCH", "LRL", "LDP", "LCC", "STF", "PRA",
     "ORG", "AFF", "LAN", "EDU", "CER", "OM1", "OM2", "OM3", "OM4", "OM5", "OM6", "OM7",
     "OMC", "CDM", "PRC", "CM0", "CM1", "CM2", "IIM", "ITM", "STZ", "VND", "PKG", "PCE",
     "IVT", "ILT", "SCP", "SDD", "SCD", "NCK", "DPS", "MCP", "PM1", "DRG", "DMI"});

struct Kind {
  std::string_view code;
  std::string_view trigger;  // empty: any
  Names segments;
  std::string_view why;
};
constexpr std::string_view kMasterFile = "it speaks of no patient: a master file";
constexpr std::string_view kBed = "it speaks of no patient: the state of a bed";
constexpr std::string_view kTimes = "it speaks of no patient: times of a clinic";
constexpr std::string_view kStock = "it speaks of no patient: an order of stock";
constexpr std::string_view kEquipment = "it speaks of no patient: the state of equipment";
// No acknowledgement is among them: to answer one with another may go round for ever.
constexpr auto kKinds = std::to_array<Kind>({
    {"MFN", "", kOfMasterFiles, kMasterFile}, {"ADT", "A20", kOfBeds, kBed},
    {"SIU", "S23", kOfTimes, kTimes},         {"SIU", "S24", kOfTimes, kTimes},
    {"OMS", "O05", kOfStock, kStock},         {"OMN", "O07", kOfStock, kStock},
    {"ORM", "O01", kOfStock, kStock},         {"EAC", "", kOfEquipment, kEquipment},
    {"EAN", "", kOfEquipment, kEquipment},    {"EAR", "", kOfEquipment, kEquipment},
    {"ESR", "", kOfEquipment, kEquipment},    {"ESU", "", kOfEquipment, kEquipment},
    {"INR", "", kOfEquipment, kEquipment},    {"INU", "", kOfEquipment, kEquipment},
    {"LSR", "", kOfEquipment, kEquipment},    {"LSU", "", kOfEquipment, kEquipment},
    {"NMD", "", kOfEquipment, kEquipment},    {"SSR", "", kOfEquipment, kEquipment},
    {"SSU", "", kOfEquipment, kEquipment},    {"TCU", "", kOfEquipment, kEquipment},
});

const Kind* KindOf(std::string_view code, std::string_view trigger) {
  const auto* const found = std::find_if(kKinds.begin(), kKinds.end(), [&](const Kind& kind) {
    return kind.code == code && (kind.trigger.empty() || kind.trigger == trigger);
  });
  return found == kKinds.end() ? nullptr : found;
}

bool Has(Names names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool IsOfAnyMessage(std::string_view name) {
  constexpr std::array<std::string_view, 4> kNames = {"MSH", "SFT", "UAC", "NTE"};
  return Has(kNames, name);
}

// A request for stock is an order without a patient; ORC alone may be anybody's.
bool IsWhole(const Kind& kind, const hl7v2::Message& message) {
  if (kind.why != kStock) return message.size() > 1;
  return message.segment("RQD").exists() || message.segment("RQ1").exists();
}

std::vector<record::NotCarried> LinesOf(const hl7v2::Message& message, std::string_view why) {
  std::vector<std::pair<std::string_view, std::size_t>> counts;
  for (std::size_t i = 0; i < message.size(); ++i) {
    const std::string_view name = message.at(i).name();
    if (name == "MSH") continue;
    const auto known = std::find_if(counts.begin(), counts.end(),
                                    [&](const auto& count) { return count.first == name; });
    if (known == counts.end()) {
      counts.emplace_back(name, 1);
    } else {
      ++known->second;
    }
  }
  std::vector<record::NotCarried> lines;
  for (const auto& [name, count] : counts) {
    lines.push_back({std::string(name), std::string(why)});
    if (count > 1) lines.back().why += " (" + std::to_string(count) + " times)";
  }
  return lines;
}

}  // namespace

std::optional<record::Contribution> OfNobody(const hl7v2::Message& message, std::string_view code,
                                             std::string_view trigger) {
  const Kind* const kind = KindOf(code, trigger);
  if (kind == nullptr || !IsWhole(*kind, message)) return std::nullopt;
  for (std::size_t i = 0; i < message.size(); ++i) {
    const std::string_view name = message.at(i).name();
    if (!IsOfAnyMessage(name) && !Has(kind->segments, name)) return std::nullopt;
  }
  record::Contribution nobodys;
  nobodys.not_carried = LinesOf(message, kind->why);
  return nobodys;
}

}  // namespace milecastle::acute
