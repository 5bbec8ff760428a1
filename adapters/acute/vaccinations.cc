// VXU^V04: vaccinations, and what was observed about them (HL7 v2.8.2 sections 4A.4 and 4A.7.6).
//
// Whether it was given is read as of medicines (administration.h), but that what says nothing of it
// is left unstated: refused and not administered are no vaccinations. RXA-5 998 of CVX is no
// vaccine: what is observed there (vaccines that are due, diseases that somebody had) is kept as a
// statement.
#include <algorithm>
#include <array>

#include "inside/administration.h"
#include "inside/fields.h"
#include "inside/links.h"
#include "inside/mappings.h"
#include "inside/reader.h"

namespace milecastle::acute {
namespace {

using record::ClinicalStatus;
using record::Intent;

struct Completion {
  Given given;
  Intent intent;
  ClinicalStatus status;
};
constexpr auto kCompletions = std::to_array<Completion>({
    {Given::kWhole, Intent::kDone, ClinicalStatus::kCompleted},
    {Given::kInPart, Intent::kDone, ClinicalStatus::kStopped},
    {Given::kNotGiven, Intent::kNotDone, ClinicalStatus::kCancelled},
    {Given::kToCome, Intent::kPlanned, ClinicalStatus::kUnstated},
    {Given::kUntold, Intent::kUnstated, ClinicalStatus::kUnstated},
});

// Table 0322.
std::string_view WordsOf(std::string_view completion) {
  if (completion == "CP") return "complete";
  if (completion == "PA") return "partially administered";
  if (completion == "RE") return "refused";
  return completion == "NA" ? "not administered" : "";
}

struct Item {
  std::size_t field;
  std::string_view name;
  bool time = false;
};
constexpr auto kOfRxa = std::to_array<Item>({{8, "dosage form"},
                                             {9, "source of information"},
                                             {12, "dose rate"},
                                             {15, "batch"},
                                             {16, "expiry", true},
                                             {17, "manufacturer"},
                                             {18, "reason for refusal"},
                                             {19, "indication"}});
constexpr auto kOfRxr =
    std::to_array<Item>({{1, "route"}, {2, "site"}, {3, "device"}, {4, "method"}});

bool IsNoVaccine(const record::Coded& what) {
  return std::any_of(what.codings.begin(), what.codings.end(), [](const record::Coding& coding) {
    return coding.code == "998" && Folded(coding.system).find("CVX") != std::string::npos;
  });
}

class Vaccinations {
 public:
  explicit Vaccinations(Reader& reader) : reader_(reader) {}

  void Read() {
    for (const hl7v2::Segment& segment : reader_.segments()) {
      const std::string_view name = segment.name();
      if (name == "ORC") Order(segment);
      if (name == "RXA") Administration(segment);
      if (name == "RXR" && target_) Details(segment, kOfRxr);
      if (name == "OBX") Observation(segment);
      if (name == "NTE" && target_) Note(segment);
    }
  }

 private:
  void Order(const hl7v2::Segment& orc) {
    order_ = orc;
    target_.reset();
    within_ = true;
    for (const std::size_t field : {2U, 3U}) reader_.Take(orc.field(field));
  }

  // The filler's number names it from its first sending to its deletion; 9999 is written where
  // there is none. A code is part of the name: one number may stand for all that was given at once.
  std::vector<std::string> Naming(const record::Draft& draft, const hl7v2::Segment& rxa) {
    const record::Coded& what = draft.entry.what;
    const std::string code = what.codings.empty() ? what.text : what.codings.front().code;
    const std::string number = reader_.Id(order_, 3, 0).value;
    if (!number.empty() && number != "9999") return {"filler", reader_.WholeText(order_, 3), code};
    return {"time", std::string(rxa.field(3).component(1).raw()), code};
  }

  // 9999 is a number that many things have.
  static std::string OrderNumber(const hl7v2::Field& number) {
    return Clean(number.component(1).text()) == "9999" ? std::string() : Reader::WholeOf(number);
  }

  void Administration(const hl7v2::Segment& rxa) {
    record::Draft draft;
    record::Entry& entry = draft.entry;
    within_ = true;
    target_.reset();
    for (const std::size_t field : {1U, 2U}) reader_.Take(rxa.field(field));
    entry.section = record::Section::kVaccinations;
    entry.kind = record::Kind::kVaccination;
    entry.what = reader_.Code(rxa, 5);
    draft.source_key = reader_.Key("vaccination", Naming(draft, rxa));
    const std::string action = reader_.Text(rxa, 21);  // table 0206
    if (action == "D") {
      reader_.Take(rxa);
      reader_.out().withdrawn_keys.push_back(std::move(draft.source_key));
    } else {
      if (entry.what.text.empty() && entry.what.codings.empty()) entry.what.text = "Vaccination";
      Describe(rxa, draft);
      LinkToOrder(draft.entry, "issued under",
                  {.placer = OrderNumber(order_.field(2)), .filler = OrderNumber(order_.field(3))});
      reader_.out().drafts.push_back(std::move(draft));
      target_ = reader_.out().drafts.size() - 1;
      Details(rxa, kOfRxa);
    }
    order_ = {};
  }

  void Describe(const hl7v2::Segment& rxa, record::Draft& draft) {
    record::Entry& entry = draft.entry;
    SetCompletion(rxa, entry);
    entry.effective = reader_.Time(rxa, 3);
    const auto ended = reader_.Time(rxa, 4);
    if (ended && entry.effective && ended->at != entry.effective->at) entry.ended = ended;
    entry.recorded = reader_.Time(rxa, 22);
    SetDose(rxa, entry);
    reader_.Detail(entry, "order control", order_, 1);
    reader_.DetailTime(entry, "ordered", order_, 9);
    for (auto& performer : reader_.Performers(rxa, 10, "given by")) {
      entry.performers.push_back(std::move(performer));
    }
    for (const auto& [field, role] : {std::pair{10U, "entered by"}, std::pair{12U, "requester"}}) {
      for (auto& performer : reader_.Performers(order_, field, role)) {
        entry.performers.push_back(std::move(performer));
      }
    }
    for (const std::size_t field : {27U, 11U}) {  // where it was given: PL since v2.6, LA2 before
      std::string where = reader_.Location(rxa, field);
      if (!where.empty()) entry.addresses.push_back({{std::move(where)}, "", "location"});
    }
    if (const std::string code = reader_.Text(order_, 28); !code.empty()) {
      draft.source_labels.push_back("confidentiality:" + code);
    }
  }

  void SetCompletion(const hl7v2::Segment& rxa, record::Entry& entry) {
    entry.status_original = reader_.Text(rxa, 20);
    if (IsNoVaccine(entry.what)) {
      entry.kind = record::Kind::kStatement;
      entry.what.text = "No vaccine given: what is said of vaccinations";
      return;
    }
    Given given = GivenOf(reader_, rxa, IsCancelled());
    // Somebody is protected by what was said to be complete, and by nothing less.
    const bool is_silent = rxa.field(20).component(1).empty();
    if (given == Given::kWhole && is_silent) given = Given::kUntold;
    const auto* const completion =
        std::find_if(kCompletions.begin(), kCompletions.end(),
                     [&](const Completion& known) { return known.given == given; });
    entry.intent = completion->intent;
    entry.status = completion->status;
    if (given != Given::kUntold) {
      AddText(entry, "completion", std::string(WordsOf(entry.status_original)));
    }
  }

  bool IsCancelled() const {  // table 0119
    constexpr std::array<std::string_view, 5> kControls = {"CA", "OC", "CR", "DC", "OD"};
    const std::string_view control = order_.field(1).raw();
    return std::find(kControls.begin(), kControls.end(), control) != kControls.end();
  }

  void SetDose(const hl7v2::Segment& rxa, record::Entry& entry) {
    const std::string amount = reader_.Text(rxa, 6);
    if (amount == "999") {
      reader_.Leave(rxa, 6, "999: the amount is not known");
      return;
    }
    if (amount.empty()) return;
    const std::string unit = TextOf(reader_.Code(rxa, 7));
    const std::string dose = unit.empty() ? amount : amount + " " + unit;
    entry.details.push_back({.name = "dose", .text = dose});
  }

  template <std::size_t N>
  void Details(const hl7v2::Segment& segment, const std::array<Item, N>& items) {
    record::Entry& entry = reader_.out().drafts[*target_].entry;
    for (const Item& item : items) {
      if (item.time) {
        reader_.DetailTime(entry, item.name, segment, item.field);
      } else {
        reader_.Detail(entry, item.name, segment, item.field);
      }
    }
  }

  // Of the patient before the first order, then of the vaccination before it.
  void Observation(const hl7v2::Segment& obx) {
    if (!within_) {
      Surroundings around;
      around.section = record::Section::kExaminationFindings;
      around.key = {"vaccination", std::string(obx.field(14).raw())};
      ReadObservation(reader_, obx, around);
      return;
    }
    if (!target_) return;  // of what was withdrawn
    reader_.Take(obx.field(1));
    reader_.Take(obx.field(4));  // which OBX belong together
    const std::string status = reader_.Text(obx, 11);
    if (status == "D" || status == "W" || status == "X") {
      for (const std::size_t field : {2U, 3U, 14U}) reader_.Take(obx.field(field));
      reader_.Leave(obx, 5, "withdrawn or not obtained, says OBX-11");
      return;
    }
    if (HoldsDocument(obx)) {
      reader_.Leave(obx, 5, "a document within a vaccination: send it as MDM");
      return;
    }
    record::Detail detail{.name = TextOf(reader_.Code(obx, 3)), .text = ""};
    const auto value = ReadValue(reader_, obx);
    if (!value) return;
    SetValue(*value, detail);
    if (!status.empty() && status != "F" && status != "C")
      detail.text += " (status " + status + ")";
    detail.when = reader_.Time(obx, 14);
    if (detail.name.empty()) detail.name = "observation";
    reader_.out().drafts[*target_].entry.details.push_back(std::move(detail));
  }

  static void SetValue(const record::Value& value, record::Detail& detail) {
    detail.coded = value.coded;
    if (detail.coded.codings.empty()) detail.text = value.original;
    if (!value.unit.empty()) detail.text += " " + value.unit;
    if (!value.reference_range.empty()) detail.text += " (range " + value.reference_range + ")";
    if (!value.interpretation.empty()) detail.text += " [" + value.interpretation + "]";
  }

  void Note(const hl7v2::Segment& nte) {
    reader_.Take(nte.field(2));
    std::string text = reader_.WholeText(nte, 3);
    if (!text.empty()) {
      reader_.out().drafts[*target_].entry.free_text.push_back(std::move(text));
    }
  }

  Reader& reader_;
  hl7v2::Segment order_;
  bool within_ = false;                // an order or a vaccination was seen
  std::optional<std::size_t> target_;  // the draft of the vaccination
};

}  // namespace

void ReadVaccinations(Reader& reader) { Vaccinations(reader).Read(); }

}  // namespace milecastle::acute
