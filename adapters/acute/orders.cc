// Orders and what pharmacies report of them: ORC with OBR, RXO, RXE, RXD, RXG, RXA, ODS, ODT, RQD
// or BPO and what stands behind each (HL7 v2.8.2 chapters 4 and 4A).
//
// An order is what was asked for: ordered, never done, taken or a result. RXD says that a medicine
// was handed out, RXG that it is to be given, RXA that it was given or was not: each is an entry of
// its own beside the order, for none of them is what the order says. In messages of these the order
// is restated; it makes no entry there, or a restatement would make a stopped order active again.
// An order is known by its placer's number (ORC-2, OBR-2), else by its filler's; a test by OBR-4
// besides (order_keys.h).
#include <algorithm>
#include <array>

#include "inside/administration.h"
#include "inside/fields.h"
#include "inside/links.h"
#include "inside/mappings.h"
#include "inside/order_fields.h"
#include "inside/order_keys.h"
#include "inside/order_status.h"
#include "inside/reader.h"

namespace milecastle::acute {
namespace {

using record::ClinicalStatus;
using record::Intent;
using record::Kind;
using record::Section;

bool IsEmpty(const record::Coded& coded) { return coded.text.empty() && coded.codings.empty(); }

class Orders {
 public:
  Orders(Reader& reader, const OrderFamily& family)
      : reader_(reader), family_(family), keys_(reader) {}

  void Read(const Segments& segments) {
    for (const hl7v2::Segment& segment : segments) {
      const auto* const part = std::find_if(kParts.begin(), kParts.end(), [&](const Part& known) {
        return known.name == segment.name();
      });
      if (part != kParts.end()) (this->*part->read)(segment);
    }
    CloseBare();
    keys_.Settle();
    if (early_notes_.empty()) return;
    if (!first_) {
      reader_.out().not_carried.push_back({"NTE", "a note that belongs to no order"});
      return;
    }
    auto& text = reader_.out().drafts[*first_].entry.free_text;
    text.insert(text.begin(), early_notes_.begin(), early_notes_.end());
  }

 private:
  struct Part {
    std::string_view name;
    void (Orders::*read)(const hl7v2::Segment&);
  };
  static const std::array<Part, 21> kParts;

  record::Entry& entry() { return reader_.out().drafts[*order_].entry; }

  void Order(const hl7v2::Segment& orc) {
    CloseBare();
    orc_ = orc;
    order_.reset();
    target_.reset();
    prescribed_.reset();
    is_bare_ = true;
    uses_ = 0;
    timings_.clear();
    restated_.clear();
    around_ = {.section = Section::kExaminationFindings, .key = {"order"}};
    labels_.clear();
    control_ = reader_.Text(orc, 1);
    status_ = reader_.Text(orc, 5);
    standing_ = StandingOfOrder(control_, status_);
    if (const std::string code = reader_.Text(orc, 28); !code.empty()) {
      labels_.push_back("confidentiality:" + code);
      if (specimen_ && !specimens_.empty()) {
        LabelFrom(reader_, *specimen_, specimens_end_, labels_.back());
      }
    }
  }

  // An ORC alone may end or hold an order that was told before. That it does no more than confirm
  // one is not told: it would stand for the order, and say less.
  void CloseBare() {
    if (!is_bare_) return;
    is_bare_ = false;
    const Numbers numbers = NumbersOf({});
    if (!EndsOrHolds(standing_.status) || !numbers.any() || family_.reports) {
      reader_.out().not_carried.push_back(
          {orc_.place(), "it names no service, and ends or holds no order that has a number"});
      return;
    }
    Begin(orc_, {family_.section, family_.kind, "Order"}, {});
    EndTests(numbers);
  }

  void EndTests(const Numbers& numbers) {
    if (!numbers.any() || family_.section != Section::kInvestigationsRequested) return;
    if (EndsOrHolds(entry().status)) keys_.EndTests("order", numbers, entry().status);
  }

  struct Place {
    Section section;
    Kind kind;
    std::string_view heading;  // where nothing says what is ordered
  };

  static constexpr Place kMedicine{Section::kMedications, Kind::kMedicationIssue, "Medicine"};

  Numbers NumbersOf(const hl7v2::Segment& obr) {
    const auto number = [&](std::size_t field) {
      std::string own = obr.exists() ? reader_.WholeText(obr, field) : "";
      // One that differs stays untaken, and is listed.
      const bool outer =
          orc_.exists() && (own.empty() || obr.field(field).raw() == orc_.field(field).raw());
      std::string ours = outer ? reader_.WholeText(orc_, field) : "";
      return own.empty() ? ours : own;
    };
    return {"placer", number(2), "filler", number(3)};
  }

  // A result is not the order that it is sent with, whatever numbers it bears.
  std::string KeyOf(const Numbers& numbers, const record::Coded& test, const record::Entry& entry) {
    const std::string_view prefix = standing_.is_earlier_result ? "earlier" : "order";
    if (numbers.any()) return keys_.OfTest(prefix, numbers, test);
    const std::string code =
        entry.what.codings.empty() ? entry.what.text : entry.what.codings.front().code;
    const auto& when = entry.effective ? entry.effective : entry.recorded;
    return reader_.Key(prefix, {"time", when ? when->original : "", code});
  }

  // The draft that the segment begins, with what its ORC says, and without a key.
  record::Draft DraftOf(const Numbers& numbers, const Place& place, record::Coded what) {
    is_bare_ = false;
    record::Draft draft;
    record::Entry& entry = draft.entry;
    entry.section = place.section;
    entry.kind = place.kind;
    entry.what = std::move(what);
    if (IsEmpty(entry.what)) entry.what.text = place.heading;
    entry.intent = Intent::kOrdered;
    SetStatus(entry, standing_.status);
    entry.status_original = status_;
    AddText(entry, "order control", standing_.words);
    AddText(entry, "placer's number", numbers.first);
    AddText(entry, "filler's number", numbers.second);
    if (orc_.exists() && uses_++ < kMostRepeated) {
      entry.recorded = reader_.Time(orc_, 9);
      ReadFields(reader_, orc_, FieldsOfOrc(), entry);
    }
    for (const auto& tq1 : timings_) ReadTiming(reader_, tq1, entry);
    timings_.clear();
    ReadTimingQuantity(reader_, orc_, 7, entry);  // which TQ1 took the place of
    for (const std::string& specimen : specimens_) entry.links.push_back({"specimen", specimen});
    LinkToParentOrder(entry, orc_.field(8));
    if (contexts_++ < kMostRepeated) AddVisitContext(reader_, entry);
    return draft;
  }

  // Adds an order, and makes it the one that what follows belongs to.
  record::Entry& Begin(const hl7v2::Segment& segment, const Place& place, record::Coded what) {
    const bool is_test = segment.name() == "OBR";
    const Numbers numbers = NumbersOf(is_test ? segment : hl7v2::Segment());
    const record::Coded test = is_test ? what : record::Coded{};
    record::Draft draft = DraftOf(numbers, place, std::move(what));
    draft.source_key = KeyOf(numbers, test, draft.entry);
    if (segment.name() == "OBR") LinkToParentOrder(draft.entry, segment.field(29));
    if (standing_.is_earlier_result) {
      LinkToOrder(draft.entry, "requested by", {.placer = numbers.first, .filler = numbers.second});
    }
    return Give(std::move(draft));
  }

  record::Entry& Give(record::Draft draft) {
    draft.source_labels.insert(draft.source_labels.end(), labels_.begin(), labels_.end());
    around_ = {.section = Section::kExaminationFindings,
               .key = {draft.source_key},
               .group = draft.source_key,
               .when = {},
               .status = {},
               .labels = labels_};
    reader_.out().drafts.push_back(std::move(draft));
    order_ = target_ = reader_.out().drafts.size() - 1;
    if (!first_) first_ = order_;
    return entry();
  }

  void Test(const hl7v2::Segment& obr) {
    reader_.Take(obr.field(1));
    const bool earlier = standing_.is_earlier_result;
    const Place place =
        earlier ? Place{Section::kInvestigationResults, Kind::kReport, "Report"}
                : Place{Section::kInvestigationsRequested, Kind::kRequest, "Investigation"};
    record::Coded test = reader_.Code(obr, 4);
    const bool is_named = IsNamed(test);
    record::Entry& order = Begin(obr, place, std::move(test));
    around_.section = Section::kInvestigationResults;
    around_.status = reader_.Text(obr, 25);
    ReadTimingQuantity(reader_, obr, 27, order);
    ReadFields(reader_, obr, FieldsOfObr(), order);
    order.source_list = TextOf(reader_.Code(obr, 24));
    AddText(order, "result status", around_.status);
    if (earlier) {
      order.intent = Intent::kUnstated;
      order.status = StatusOfResult(around_.status);
      order.effective = reader_.Time(obr, 7);
      around_.when = order.effective;
    } else if (around_.status == "X") {
      SetStatus(order, Tighter(order.status, ClinicalStatus::kCancelled));
    }
    if (!earlier && !is_named) EndTests(NumbersOf(obr));
  }

  // RXO: as prescribed. RXE restates it for the pharmacy, and is the same order.
  void Prescription(const hl7v2::Segment& rxo) {
    if (family_.reports) return Restate(rxo);
    record::Entry& order = BeginMedicine(rxo, reader_.Code(rxo, 1));
    prescribed_from_ = order.details.size();
    ReadFields(reader_, rxo, FieldsOfRxo(), order);
    prescribed_ = order_;
  }

  void Encoded(const hl7v2::Segment& rxe) {
    if (family_.reports) return Restate(rxe);
    record::Coded what = reader_.Code(rxe, 2);
    if (prescribed_ && prescribed_ == order_) {
      record::Entry& order = entry();
      for (std::size_t i = prescribed_from_; i < order.details.size(); ++i) {
        order.details[i].name = "as prescribed, " + order.details[i].name;
      }
      if (!IsEmpty(what)) {
        order.details.push_back(
            {.name = "as prescribed, medicine", .text = "", .coded = order.what});
        order.what = std::move(what);
      }
      target_ = order_;
    } else {
      BeginMedicine(rxe, std::move(what));
    }
    prescribed_.reset();
    ReadTimingQuantity(reader_, rxe, 1, entry());
    ReadFields(reader_, rxe, FieldsOfRxe(), entry());
  }

  record::Entry& BeginMedicine(const hl7v2::Segment& segment, record::Coded what) {
    return Begin(segment, kMedicine, std::move(what));
  }

  // The order that is reported on: its words go with the report.
  void Restate(const hl7v2::Segment& segment) {
    restated_.push_back(segment);
    is_bare_ = false;
  }

  // RXD, RXG and RXA: named by the order and their own number or time.
  record::Entry& BeginReport(const hl7v2::Segment& segment, std::string_view event,
                             record::Coded what, const std::optional<record::When>& when) {
    const Numbers numbers = NumbersOf({});
    const bool placer = !numbers.first.empty();
    const std::string of = placer ? numbers.first : numbers.second;
    record::Draft draft = DraftOf(numbers, kMedicine, std::move(what));
    MoveTimes(draft.entry);
    draft.entry.effective = when;
    const std::string own = segment.name() == "RXA" ? reader_.Text(segment, 2) : "";
    draft.source_key = reader_.Key(event, {of, reader_.Text(segment, 1), own,
                                           when ? when->original : "", TextOf(draft.entry.what)});
    LinkToOrder(draft.entry, "issued under", {.placer = numbers.first, .filler = numbers.second});
    record::Entry& report = Give(std::move(draft));
    for (const auto& order : restated_) {
      const bool prescribed = order.name() == "RXO";
      const std::string prefix = prescribed ? "as prescribed, " : "as ordered, ";
      reader_.Detail(report, prefix + "medicine", order, prescribed ? 1 : 2);
      ReadFields(reader_, order, prescribed ? FieldsOfRxo() : FieldsOfRxe(), report, prefix);
    }
    restated_.clear();
    return report;
  }

  // The times of the order are not those of what was done about it.
  static void MoveTimes(record::Entry& report) {
    if (report.effective) {
      report.details.push_back({.name = "order begins", .text = "", .when = report.effective});
    }
    if (report.ended) {
      report.details.push_back({.name = "order ends", .text = "", .when = report.ended});
    }
    report.ended.reset();
  }

  void Dispensed(const hl7v2::Segment& rxd) {
    auto& report = BeginReport(rxd, "dispense", reader_.Code(rxd, 2), reader_.Time(rxd, 3));
    const bool undone = standing_.status == ClinicalStatus::kCancelled;
    report.status = undone ? ClinicalStatus::kCancelled : ClinicalStatus::kCompleted;
    report.intent = undone ? Intent::kNotDone : Intent::kDone;
    AddText(report, "event", undone ? "not dispensed" : "dispensed");
    ReadFields(reader_, rxd, FieldsOfRxd(), report);
  }

  void ToBeGiven(const hl7v2::Segment& rxg) {
    auto when = TimeIn(reader_, rxg.field(3).component(4));
    auto& report = BeginReport(rxg, "give", reader_.Code(rxg, 4), when);
    if (report.intent != Intent::kNotDone) report.intent = Intent::kPlanned;
    AddText(report, "event", "to be given");
    ReadTimingQuantity(reader_, rxg, 3, report);
    ReadFields(reader_, rxg, FieldsOfRxg(), report);
  }

  // A dose of 0 was not given either. What becomes of the order afterwards does not undo a dose,
  // but of one that was cancelled nothing is taken as given that does not say so.
  void Administration(const hl7v2::Segment& rxa) {
    const std::string amount = Clean(rxa.field(6).component(1).text());
    Given given = GivenOf(reader_, rxa, amount == "0");
    const bool is_silent = rxa.field(20).component(1).empty();
    const bool is_cancelled = standing_.status == ClinicalStatus::kCancelled;
    if (given == Given::kWhole && is_silent && is_cancelled) given = Given::kUntold;
    auto& report = BeginReport(rxa, "given", reader_.Code(rxa, 5), reader_.Time(rxa, 3));
    if (reader_.Text(rxa, 21) == "D") {
      reader_.Take(rxa);
      return Drop();
    }
    report.ended = reader_.Time(rxa, 4);
    report.recorded = reader_.Time(rxa, 22);
    AddText(report, "order status", status_);
    report.status_original = reader_.Text(rxa, 20);
    SetGiven(given, report);
    ReadFields(reader_, rxa, FieldsOfRxa(), report);
    // 999: not known how much.
    if (amount == "999")
      std::erase_if(report.details, [](const auto& d) { return d.name == "dose"; });
  }

  // Deleted: what was told by that name is taken back.
  void Drop() {
    auto& out = reader_.out();
    out.withdrawn_keys.push_back(out.drafts[*order_].source_key);
    if (first_ == order_) first_.reset();
    out.drafts.pop_back();
    order_.reset();
    target_.reset();
  }

  void Diet(const hl7v2::Segment& segment) {
    const bool tray = segment.name() == "ODT";
    if (!order_) Begin(segment, {Section::kPlanAndActions, Kind::kRequest, "Diet"}, {});
    const std::string type = reader_.Text(segment, 1);
    const std::string_view name = tray          ? "tray"
                                  : type == "D" ? "diet"
                                  : type == "S" ? "supplement"
                                  : type == "P" ? "preference"
                                                : "diet item";
    if (tray) reader_.Detail(entry(), name, segment, 1);
    AddText(entry(), std::string(name) + " at", reader_.WholeText(segment, 2));
    if (!tray) reader_.Detail(entry(), name, segment, 3);
    if (std::string text = reader_.WholeText(segment, tray ? 3 : 4); !text.empty()) {
      entry().free_text.push_back(std::move(text));
    }
    target_ = order_;
  }

  void Supply(const hl7v2::Segment& rqd) {
    reader_.Take(rqd.field(1));
    Begin(rqd, {Section::kPlanAndActions, Kind::kRequest, "Supply"}, reader_.Code(rqd, 3));
    ReadFields(reader_, rqd, FieldsOfRqd(), entry());
  }

  void Blood(const hl7v2::Segment& bpo) {
    reader_.Take(bpo.field(1));
    Begin(bpo, {Section::kPlanAndActions, Kind::kRequest, "Blood product"}, reader_.Code(bpo, 2));
    ReadFields(reader_, bpo, FieldsOfBpo(), entry());
  }

  void Imaging(const hl7v2::Segment& ipc) {
    if (order_) ReadFields(reader_, ipc, FieldsOfIpc(), entry());
  }

  void Route(const hl7v2::Segment& rxr) {
    if (order_) ReadFields(reader_, rxr, FieldsOfRxr(), entry());
  }

  void Component(const hl7v2::Segment& rxc) {
    if (!order_) return;
    const std::string type = reader_.Text(rxc, 1);
    const std::string name = type == "B" ? "base" : type == "A" ? "additive" : "component";
    reader_.Detail(entry(), name, rxc, 2);
    const std::array<FieldRow, 2> rows = {
        {{3, "amount", As::kWithUnit}, {5, "strength", As::kWithUnit}}};
    ReadFields(reader_, rxc, rows, entry(), name + " ");
  }

  void Timing(const hl7v2::Segment& tq1) {
    if (order_) {
      ReadTiming(reader_, tq1, entry());
    } else {
      timings_.push_back(tq1);
    }
  }

  void Note(const hl7v2::Segment& nte) {
    std::string text = NoteIn(reader_, nte);
    if (text.empty()) return;
    if (target_) {
      reader_.out().drafts[*target_].entry.free_text.push_back(std::move(text));
    } else if (!first_) {
      early_notes_.push_back(std::move(text));
    } else {
      reader_.out().not_carried.push_back({nte.place(), "a note that belongs to no order"});
    }
  }

  void Observation(const hl7v2::Segment& obx) {
    target_ = ReadObservation(reader_, obx, around_);
    if (!target_) return;
    if (!order_) specimens_end_ = *target_ + 1;
  }

  // Before the orders on it in O33 and O35, behind its order in O21.
  void Specimen(const hl7v2::Segment& spm) {
    Surroundings around = around_;
    around.section = Section::kInvestigationsRequested;
    target_ = ReadSpecimen(reader_, spm, around);
    specimen_ = target_;
    if (order_) return;
    specimens_.assign(1, reader_.out().drafts[*target_].source_key);
    specimens_end_ = *target_ + 1;
  }

  void Container(const hl7v2::Segment& sac) {
    if (specimen_) ReadContainer(reader_, sac, reader_.out().drafts[*specimen_].entry);
  }

  void Contact(const hl7v2::Segment& ctd) {
    if (order_) ReadContactData(reader_, ctd, entry());
  }

  void Participant(const hl7v2::Segment& prt) {
    if (order_) ReadParticipation(reader_, prt, entry());
  }

  Reader& reader_;
  const OrderFamily& family_;
  OrderKeys keys_;
  hl7v2::Segment orc_;
  bool is_bare_ = false;  // nothing has come behind the ORC yet
  std::string control_;
  std::string status_;
  OrderStanding standing_;
  // What one segment says is told with so many orders and no more: a message costs no more than it
  // is long.
  static constexpr std::size_t kMostRepeated = 200;
  std::size_t uses_ = 0;      // of this ORC
  std::size_t contexts_ = 0;  // of PV1
  std::vector<std::string> labels_;
  std::vector<hl7v2::Segment> timings_;   // before what they time
  std::vector<hl7v2::Segment> restated_;  // RXO, RXE before what is reported
  std::vector<std::string> specimens_;
  std::size_t specimens_end_ = 0;  // behind what was found of the specimen that comes first
  std::vector<std::string> early_notes_;
  Surroundings around_{.section = Section::kExaminationFindings, .key = {"order"}};
  std::optional<std::size_t> first_;
  std::optional<std::size_t> order_;
  std::optional<std::size_t> prescribed_;
  std::size_t prescribed_from_ = 0;  // its first detail that RXO gave
  std::optional<std::size_t> specimen_;
  std::optional<std::size_t> target_;  // what a note belongs to
};

const std::array<Orders::Part, 21> Orders::kParts = {
    {{"ORC", &Orders::Order},          {"OBR", &Orders::Test},
     {"RXO", &Orders::Prescription},   {"RXE", &Orders::Encoded},
     {"RXD", &Orders::Dispensed},      {"RXG", &Orders::ToBeGiven},
     {"RXA", &Orders::Administration}, {"ODS", &Orders::Diet},
     {"ODT", &Orders::Diet},           {"RQD", &Orders::Supply},
     {"BPO", &Orders::Blood},          {"IPC", &Orders::Imaging},
     {"RXR", &Orders::Route},          {"RXC", &Orders::Component},
     {"TQ1", &Orders::Timing},         {"NTE", &Orders::Note},
     {"OBX", &Orders::Observation},    {"SPM", &Orders::Specimen},
     {"SAC", &Orders::Container},      {"CTD", &Orders::Contact},
     {"PRT", &Orders::Participant}}};

}  // namespace

void ReadOrders(Reader& reader, std::string_view code, const Segments& segments) {
  Orders(reader, FamilyOf(code)).Read(segments);
}

}  // namespace milecastle::acute
