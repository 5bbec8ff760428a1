// ORU and OUL: reports with their observations, notes and specimens (HL7 v2.8.2 sections 7.3.1,
// 7.3.2 and 7.3.6 to 7.3.9).
#include <algorithm>

#include "base/text_map.h"
#include "inside/fields.h"
#include "inside/links.h"
#include "inside/mappings.h"
#include "inside/order_keys.h"
#include "inside/reader.h"

namespace milecastle::acute {
namespace {

using record::Section;

// A source key without the number of a second of its name (Reader::Key).
std::string NameIn(const std::string& key) {
  const std::size_t prefix = key.find(':');
  return prefix == key.npos ? key : key.substr(0, key.find(':', prefix + 1));
}

// What earlier OBRs of the same patient gave, for a later one may delete it by the same name. Every
// draft is found once by each of its names: a hostile message costs no more than it is long.
class Given {
 public:
  void Add(std::size_t draft) { here_.push_back(draft); }

  // From here on what was added is of an earlier OBR.
  void BeginReport(const std::vector<record::Draft>& drafts) {
    for (const std::size_t i : here_) {
      earlier_[NameIn(drafts[i].source_key)].push_back(i);
      if (const std::string& group = drafts[i].entry.group; !group.empty()) {
        earlier_[NameIn(group)].push_back(i);
      }
    }
    here_.clear();
  }

  // Of a report its observations and specimens as well.
  void Withdraw(const std::string& key, record::Contribution& out) {
    auto found = earlier_.extract(NameIn(key));
    if (found.empty()) return;
    for (const std::size_t i : found.mapped()) {
      out.withdrawn_keys.push_back(out.drafts[i].source_key);
    }
  }

 private:
  std::vector<std::size_t> here_;
  base::TextMap<std::string, std::vector<std::size_t>> earlier_;
};

class Results {
 public:
  Results(Reader& reader, const Segments& segments)
      : reader_(reader),
        segments_(segments),
        is_oul_(Clean(reader.segment("MSH").field(9).component(1).text()) == "OUL"),
        order_follows_(is_oul_ && IsBefore(segments, "OBR", "ORC")),
        specimen_first_(is_oul_ && IsBefore(segments, "SPM", "OBR")) {}

  void Read() {
    for (std::size_t i = 0; i < segments_.size(); ++i) {
      const std::string_view name = segments_[i].name();
      if (name == "OBR") {
        if (order_follows_) OrderBehind(i);
        Report(segments_[i]);
      } else {
        ReadBeside(name, segments_[i]);
      }
      if (name != "NTE" && name != "OBX") line_of_.reset();
    }
    AttachEarlyNotes();
  }

 private:
  void ReadBeside(std::string_view name, const hl7v2::Segment& segment) {
    if (name == "ORC" && !order_follows_) Order(segment);
    if (name == "OBX") Observation(segment);
    if (name == "NTE") Note(segment);
    if (name == "SPM") Specimen(segment);
    if (name == "SAC" && specimen_) {
      ReadContainer(reader_, segment, reader_.out().drafts[*specimen_].entry);
    }
    if (name == "PRT" && target_) {
      ReadParticipation(reader_, segment, reader_.out().drafts[*target_].entry);
    }
  }

  // OUL^R22 to R24 write the ORC behind its OBR, R22 and R23 the specimen before it; the segments
  // themselves say which.
  static bool IsBefore(const Segments& segments, std::string_view one, std::string_view other) {
    const auto at = [&](std::string_view name) {
      return std::find_if(segments.begin(), segments.end(),
                          [&](const hl7v2::Segment& segment) { return segment.name() == name; });
    };
    return at(one) < at(other) && at(other) != segments.end();
  }

  void OrderBehind(std::size_t obr) {
    order_ = {};
    labels_.clear();
    for (std::size_t i = obr + 1; i < segments_.size(); ++i) {
      const std::string_view name = segments_[i].name();
      if (name == "ORC") return Order(segments_[i]);
      if (name != "NTE" && name != "TQ1" && name != "TQ2") return;
    }
  }

  void Order(const hl7v2::Segment& orc) {
    order_ = orc;
    labels_.clear();
    if (const std::string code = reader_.Text(orc, 28); !code.empty()) {
      labels_.push_back("confidentiality:" + code);
    }
  }

  // Whole, with the authority that gave the number.
  Numbers NumbersOf(const hl7v2::Segment& obr) {
    const auto number = [&](std::size_t field) {
      std::string own = reader_.WholeText(obr, field);
      std::string ours = reader_.WholeText(order_, field);
      return own.empty() ? ours : own;
    };
    return {"placer", number(2), "filler", number(3)};
  }

  // What names the report from its first sending to its last: the filler's number, else the
  // placer's, else its time.
  static std::vector<std::string> Naming(const Numbers& numbers, const record::Entry& entry) {
    const std::string code =
        entry.what.codings.empty() ? entry.what.text : entry.what.codings.front().code;
    if (!numbers.second.empty()) return {"filler", numbers.second, code};
    if (!numbers.first.empty()) return {"placer", numbers.first, code};
    return {"time", entry.effective ? entry.effective->original : "", code};
  }

  // Whatever asked for it, by either number; not what else was asked for under it.
  void LinkToOrders(const hl7v2::Segment& obr, const Numbers& numbers, record::Entry& entry) const {
    LinkToOrder(entry, "requested by", {.placer = numbers.first, .filler = numbers.second});
    for (const Numbers& one :
         {Numbers{numbers.first_kind, numbers.first, numbers.second_kind, ""},
          Numbers{numbers.first_kind, "", numbers.second_kind, numbers.second}}) {
      if (!one.any()) continue;
      record::Link link{"requested by", KeyOfRequest(one, entry.what)};
      const auto& all = entry.links;
      if (std::find(all.begin(), all.end(), link) == all.end())
        entry.links.push_back(std::move(link));
    }
    LinkToParentOrder(entry, obr.field(29));
    LinkToParentOrder(entry, order_.field(8));
  }

  void Report(const hl7v2::Segment& obr) {
    given_.BeginReport(reader_.out().drafts);
    record::Draft draft;
    record::Entry& entry = draft.entry;
    reader_.Take(obr.field(1));
    entry.section = Section::kInvestigationResults;
    entry.kind = record::Kind::kReport;
    entry.what = reader_.Code(obr, 4);
    const Numbers numbers = NumbersOf(obr);
    if (numbers.any()) entry.links.push_back({"requested by", KeyOfRequest(numbers, entry.what)});
    if (entry.what.text.empty() && entry.what.codings.empty()) entry.what.text = "Report";
    entry.effective = reader_.Time(obr, 7);
    entry.recorded = reader_.Time(obr, 22);
    entry.status_original = reader_.Text(obr, 25);
    entry.status = StatusOfResult(entry.status_original);
    around_ = {};
    around_.key = Naming(numbers, entry);
    around_.when = entry.effective;
    around_.status = entry.status_original;
    around_.labels = labels_;
    draft.source_key = reader_.Key("report", around_.key);
    around_.group = draft.source_key;
    if (specimen_first_ && specimen_) {
      if (specimen_end_ == 0) specimen_end_ = reader_.out().drafts.size();
      for (const std::string& label : labels_) LabelFrom(reader_, *specimen_, specimen_end_, label);
      entry.links.push_back({"specimen", reader_.out().drafts[*specimen_].source_key});
    }
    draft.source_labels = labels_;
    draft.version = version_ = VersionOf(entry);
    if (entry.status_original == "D" || entry.status_original == "W") {
      reader_.Take(obr);
      reader_.out().withdrawn_keys.push_back(draft.source_key);
      given_.Withdraw(draft.source_key, reader_.out());
      target_.reset();
      return;
    }
    Describe(obr, entry);
    LinkToOrders(obr, numbers, entry);
    target_ = Give(std::move(draft));
    if (!first_report_) first_report_ = target_;
  }

  // By when the laboratory reported it (OBR-22), else by when the message was sent: what is sent
  // again late takes no correction's place. Two of one time stand in the order of their coming.
  record::Version VersionOf(const record::Entry& report) const {
    record::Version version = reader_.out().version;
    if (report.recorded) version.made = record::Span::Of(*report.recorded);
    return version;
  }

  std::size_t Give(record::Draft draft) {
    auto& drafts = reader_.out().drafts;
    drafts.push_back(std::move(draft));
    given_.Add(drafts.size() - 1);
    return drafts.size() - 1;
  }

  void Describe(const hl7v2::Segment& obr, record::Entry& entry) {
    reader_.Detail(entry, "priority", obr, 5);
    reader_.Detail(entry, "specimen", obr, 15);
    reader_.Detail(entry, "reason", obr, 31);
    reader_.Detail(entry, "order status", order_, 5);
    reader_.DetailTime(entry, "requested", obr, 6);
    reader_.DetailTime(entry, "collection ended", obr, 8);
    reader_.DetailTime(entry, "received", obr, 14);
    reader_.DetailTime(entry, "ordered", order_, 9);
    entry.source_list = TextOf(reader_.Code(obr, 24));
    for (const std::size_t field : {13U, 39U}) {  // clinical information, the collector's comment
      std::string text = reader_.WholeText(obr, field);
      if (!text.empty()) entry.free_text.push_back(std::move(text));
    }
    if (std::string text = reader_.WholeText(obr, 27); !text.empty()) {
      entry.details.push_back({.name = "quantity and timing", .text = std::move(text)});
    }
    reader_.Detail(entry, "procedure", obr, 44);
    AddPerformers(obr, entry);
    if (contexts_++ < kMostContexts) AddVisitContext(reader_, entry);
  }

  void AddPerformers(const hl7v2::Segment& obr, record::Entry& entry) {
    const auto add = [&](const hl7v2::Segment& segment, std::size_t field, std::string_view role) {
      for (auto& performer : reader_.Performers(segment, field, role)) {
        // ORC-12 mostly repeats OBR-16.
        const bool twice = std::find(entry.performers.begin(), entry.performers.end(), performer) !=
                           entry.performers.end();
        if (!twice) entry.performers.push_back(std::move(performer));
      }
    };
    add(obr, 16, "requester");
    add(order_, 12, "requester");
    add(obr, 10, "collector");
    add(obr, 28, "copy to");
    // OBR-32 to 35 are NDL: the name and the number stand in its first component.
    const auto add_reporter = [&](std::size_t field, std::string_view role) {
      const auto all = obr.field(field);
      for (std::size_t i = 0; i < all.size(); ++i) {
        auto performer = Reporter(all.repetition(i), role);
        if (!performer.name.empty() || !performer.identifier.empty()) {
          entry.performers.push_back(std::move(performer));
        }
      }
    };
    add_reporter(32, "interpreter");
    add_reporter(33, "assistant interpreter");
    add_reporter(34, "technician");
    add_reporter(35, "transcriptionist");
    const std::string facility = reader_.Text(order_, 21);
    if (!facility.empty()) {
      entry.performers.push_back({.role = "ordering facility", .organisation = facility});
    }
  }

  record::Performer Reporter(const hl7v2::Repetition& ndl, std::string_view role) {
    const auto person = ndl.component(1);
    if (person.size() <= 1) {  // written as XCN, as many senders do
      record::Performer performer{.identifier = reader_.Text(person), .role = std::string(role)};
      const std::string family = reader_.Text(ndl.component(2));
      const std::string given = reader_.Text(ndl.component(3));
      performer.name = given.empty() ? family : given + " " + family;
      return performer;
    }
    reader_.Take(person);
    const std::string family = Clean(person.subcomponent(2).text());
    const std::string given = Clean(person.subcomponent(3).text());
    return {.name = given.empty() ? family : given + " " + family,
            .identifier = Clean(person.subcomponent(1).text()),
            .role = std::string(role)};
  }

  void Observation(const hl7v2::Segment& obx) {
    if (Continues(obx)) {
      auto& value = reader_.out().drafts[*line_of_].entry.value;
      reader_.Take(obx);
      if (!value) value.emplace();
      value->original += "\n" + reader_.WholeText(obx, 5);
      return;
    }
    target_ = ReadObservation(reader_, obx, around_);
    if (target_) {
      reader_.out().drafts[*target_].version = version_;
      given_.Add(*target_);
    } else {
      const std::string key = reader_.out().withdrawn_keys.back();
      given_.Withdraw(key, reader_.out());
    }
    const bool narrative = target_ && IsNarrative(obx);
    line_of_ = narrative ? target_ : std::nullopt;
    last_line_ = obx;
  }

  // Many laboratories send a text report as one OBX a line.
  bool Continues(const hl7v2::Segment& obx) const {
    if (!line_of_ || !IsNarrative(obx)) return false;
    const auto same = [&](std::size_t field) {
      return obx.field(field).raw() == last_line_.field(field).raw();
    };
    return same(2) && same(3) && same(4) && same(6) && same(11);
  }

  void Note(const hl7v2::Segment& nte) {
    reader_.Take(nte.field(1));
    line_of_.reset();
    if (!target_ && (first_report_ || !around_.group.empty()))
      return;  // a note on something withdrawn
    std::string text = reader_.WholeText(nte, 3);
    reader_.Take(nte.field(2));
    if (text.empty()) return;
    if (!target_) {
      early_notes_.push_back(std::move(text));
      return;
    }
    reader_.out().drafts[*target_].entry.free_text.push_back(std::move(text));
  }

  // Notes that stand before the first report are notes on the message: they go with that report.
  void AttachEarlyNotes() {
    if (early_notes_.empty()) return;
    if (!first_report_) {
      reader_.out().not_carried.push_back({"NTE", "a note that belongs to no report"});
      return;
    }
    auto& text = reader_.out().drafts[*first_report_].entry.free_text;
    text.insert(text.begin(), early_notes_.begin(), early_notes_.end());
  }

  // Where specimens come first each begins a group of its own: what the report before it gave is
  // not of it.
  void Specimen(const hl7v2::Segment& spm) {
    if (specimen_first_) {
      around_ = {};
      version_ = {};
      around_.key = {"specimen", reader_.WholeText(spm, 2)};
      labels_.clear();
    }
    around_.labels = labels_;
    specimen_ = ReadSpecimen(reader_, spm, around_);
    specimen_end_ = 0;
    given_.Add(*specimen_);
    target_ = specimen_first_ ? specimen_ : std::nullopt;
  }

  Reader& reader_;
  const Segments& segments_;
  const bool is_oul_;
  const bool order_follows_;
  const bool specimen_first_;
  Given given_;
  hl7v2::Segment order_;
  Surroundings around_;
  record::Version version_;  // of the report, for all that stands in it
  std::vector<std::string> labels_;
  std::vector<std::string> early_notes_;
  // PV1 is told with so many reports and no more: a message costs no more than it is long.
  static constexpr std::size_t kMostContexts = 200;
  std::size_t contexts_ = 0;
  std::optional<std::size_t> first_report_;
  std::optional<std::size_t> specimen_;
  std::size_t specimen_end_ =
      0;  // behind what was found of it before its first report; 0: none yet
  std::optional<std::size_t> target_;   // the draft that a note belongs to
  std::optional<std::size_t> line_of_;  // the draft that a further line of text continues
  hl7v2::Segment last_line_;
};

}  // namespace

void ReadResults(Reader& reader) {
  ReadVisitLabels(reader);
  // Of what it takes back too.
  const auto sent = record::When::ParseHl7(reader.segment("MSH").field(7).component(1).text());
  if (sent) reader.out().version.sent = record::Span::Of(*sent);
  Results(reader, reader.segments()).Read();
}

void ReadResults(Reader& reader, const Segments& segments) { Results(reader, segments).Read(); }

}  // namespace milecastle::acute
