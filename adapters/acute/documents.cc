// MDM^T01 to T11: documents, with content or as a notice of them (HL7 v2.8.2 sections 9.6 and 9.7).
//
// A notice (T01, T03, T05, T07, T09) brings no content: it is an entry of its own beside the
// document, so that what was sent of it stays, until the document itself comes. One that says that
// the document is cancelled, obsolete or not for care takes the document back. What replaces
// another (T09, T10) ends it.
//
// Without TXA nobody knows which document it is, nor what it changes or ends: T02 alone is read
// then, as a document of a kind and standing that are not told, known by what is in it; or, where
// it brings no content, as the order that it holds.
#include <algorithm>
#include <array>

#include "inside/fields.h"
#include "inside/links.h"
#include "inside/mappings.h"
#include "inside/order_keys.h"
#include "inside/reader.h"

namespace milecastle::acute {
namespace {

using record::Section;

void AddPerformers(Reader& reader, const hl7v2::Segment& txa, record::Entry& entry) {
  for (const auto& [field, role] :
       {std::pair{5U, "primary provider"}, std::pair{9U, "originator"},
        std::pair{10U, "assigned authenticator"}, std::pair{11U, "transcriptionist"},
        std::pair{22U, "authenticator"}, std::pair{23U, "copy to"}}) {
    for (auto& performer : reader.Performers(txa, field, role)) {
      entry.performers.push_back(std::move(performer));
    }
  }
}

struct Happening {
  std::string_view trigger;
  std::string_view words;
};
constexpr auto kHappenings = std::to_array<Happening>({
    {"T01", "notice of the document, without its content"},
    {"T03", "notice of a change of status, without its content"},
    {"T04", "change of status"},
    {"T05", "notice of an addendum, without its content"},
    {"T06", "addendum"},
    {"T07", "notice of an edit, without its content"},
    {"T08", "edited"},
    {"T09", "notice of a replacement, without its content"},
    {"T10", "replacement"},
});

std::string NameOf(Reader& reader, const hl7v2::Segment& txa, std::size_t field) {
  std::string name = reader.Text(txa, field);
  reader.Take(txa.field(field));
  return name;
}

std::string KeyOfNumber(const std::string& number) {
  return Reader::FirstKey("document", {"number", number});
}

// Of a document all that was sent, its parts too.
void TakeBack(Reader& reader, const std::string& key) {
  reader.out().withdrawn_keys.push_back(key);
  reader.out().replaced_documents.push_back(key);
}

constexpr std::size_t kMostOrders = 100;  // links are looked through for each

// The header, without content.
record::Draft ReadHeader(Reader& reader, const hl7v2::Segment& txa) {
  record::Draft draft;
  record::Entry& entry = draft.entry;
  reader.Take(txa.field(1));
  entry.section = Section::kDocuments;
  entry.kind = record::Kind::kDocument;
  entry.what = reader.Code(txa, 2);
  entry.effective = reader.Time(txa, 4);
  entry.recorded = reader.Time(txa, 6);
  reader.Detail(entry, "presentation", txa, 3);
  reader.DetailTime(entry, "transcribed", txa, 7);
  reader.DetailTime(entry, "edited", txa, 8);
  const std::string number = NameOf(reader, txa, 12);
  if (!number.empty()) entry.details.push_back({.name = "document number", .text = number});
  const std::string parent = NameOf(reader, txa, 13);
  if (!parent.empty()) entry.details.push_back({.name = "parent document", .text = parent});
  const std::string file = reader.WholeText(txa, 16);
  if (!file.empty()) entry.details.push_back({.name = "file name", .text = file});
  reader.Detail(entry, "storage status", txa, 20);
  reader.Detail(entry, "reason for change", txa, 21);
  reader.Detail(entry, "requested service", reader.segment("OBR"), 4);
  AddPerformers(reader, txa, entry);
  AddVisitContext(reader, entry);
  reader.Take(reader.segment("OBR").field(1));
  entry.status_original = reader.Text(txa, 17);  // table 0271
  const bool complete = entry.status_original == "AU" || entry.status_original == "LA" ||
                        entry.status_original == "DO";
  if (complete) entry.status = record::ClinicalStatus::kCompleted;
  if (const std::string available = reader.Text(txa, 19); available != "AV") {
    reader.Detail(entry, "availability", txa, 19);
  }
  if (reader.Text(txa, 19) == "OB") entry.status = record::ClinicalStatus::kInactive;  // obsolete
  const std::string when = entry.effective ? entry.effective->original : "";
  draft.source_key =
      reader.Key("document", number.empty() ? std::vector<std::string>{TextOf(entry.what), when}
                                            : std::vector<std::string>{"number", number});
  return draft;
}

// TXA-14 and 15, ORC and OBR: what the document reports on was ordered by these numbers.
void LinkToOrders(Reader& reader, const hl7v2::Segment& txa, record::Entry& entry) {
  const OrderNumbers own{.placer = reader.WholeText(txa, 14), .filler = reader.WholeText(txa, 15)};
  AddText(entry, "order (placer)", own.placer);
  AddText(entry, "order (filler)", own.filler);
  LinkToAllOrdered(entry, "requested by", own);
  for (const std::string_view name : {"ORC", "OBR"}) {
    for (const auto& segment : reader.all(name)) {
      if (entry.links.size() >= kMostOrders) return;
      LinkToAllOrdered(entry, "requested by",
                       {.placer = Reader::WholeOf(segment.field(2)),
                        .filler = Reader::WholeOf(segment.field(3))});
    }
  }
}

// TXA-18, ORC-28. UC is "usual control".
void AddLabels(Reader& reader, const hl7v2::Segment& txa, record::Draft& draft) {
  for (const std::string& code : {reader.Text(txa, 18), reader.Text(reader.segment("ORC"), 28)}) {
    if (!code.empty() && code != "UC" && code != "U") {
      draft.source_labels.push_back("confidentiality:" + code);
    }
  }
}

class Content {
 public:
  Content(Reader& reader, const record::Draft& header) : reader_(reader), header_(header) {}

  void Read(const hl7v2::Segment& obx) {
    if (HoldsDocument(obx)) {
      reader_.Take(obx.field(1));
      documents_.push_back(ReadDocument(reader_, obx));
      documents_.back().title = TextOf(reader_.Code(obx, 3));
      TakeStatus(obx);
    } else if (IsNarrative(obx) || obx.field(2).raw() == "ST") {
      reader_.Take(obx.field(1));
      reader_.Take(obx.field(2));
      reader_.Take(obx.field(4));
      const std::string heading = TextOf(reader_.Code(obx, 3));
      if (heading_.empty()) heading_ = heading;
      text_ += reader_.WholeText(obx, 5) + "\n";
      TakeStatus(obx);
    } else {
      Surroundings around;
      around.section = Section::kExaminationFindings;
      around.key = {header_.source_key};
      around.group = header_.source_key;
      around.when = header_.entry.effective;
      around.labels = header_.source_labels;
      auto& out = reader_.out();
      const auto at = ReadObservation(reader_, obx, around);
      std::string& key = at ? out.drafts[*at].source_key : out.withdrawn_keys.back();
      key = header_.source_key + "/" + key;  // it goes with the document
    }
  }

  // The header with the first content, and one draft for each further one.
  std::vector<record::Draft> Drafts(const std::string& title) {
    if (!text_.empty()) {
      documents_.insert(documents_.begin(),
                        {.media_type = "text/plain", .title = heading_, .bytes = std::move(text_)});
    }
    std::vector<record::Draft> drafts{header_};
    for (std::size_t i = 0; i < documents_.size(); ++i) {
      if (i > 0) {
        drafts.push_back(header_);
        drafts.back().source_key += "/part" + std::to_string(i + 1);
        drafts.back().entry.group = header_.source_key;
      }
      if (!title.empty()) documents_[i].title = title;
      drafts.back().entry.document = std::move(documents_[i]);
    }
    return drafts;
  }

 private:
  // The status and time of a line of a document are those of the document.
  void TakeStatus(const hl7v2::Segment& obx) {
    for (const std::size_t field : {11U, 14U}) reader_.Take(obx.field(field));
  }

  Reader& reader_;
  const record::Draft& header_;
  std::vector<record::Document> documents_;
  std::string text_;
  std::string heading_;
};

// TXA-19 (table 0273): cancelled, or not for the care of patients. Obsolete is what TXA says of a
// document whose content it does not bring.
bool IsTakenBack(Reader& reader, const hl7v2::Segment& txa, std::string_view trigger) {
  const std::string availability = Clean(txa.field(19).component(1).text());
  const bool without_content = !reader.segment("OBX").exists();
  return trigger == "T11" || availability == "CA" || availability == "UN" ||
         (availability == "OB" && without_content);
}

bool IsNotice(std::string_view trigger) {
  return trigger == "T01" || trigger == "T03" || trigger == "T05" || trigger == "T07" ||
         trigger == "T09";
}

// What the event has to do with the document that TXA-13 names.
void Relate(Reader& reader, std::string_view trigger, const std::string& parent,
            record::Draft& header) {
  const auto* const happening =
      std::find_if(kHappenings.begin(), kHappenings.end(),
                   [&](const Happening& known) { return known.trigger == trigger; });
  if (happening != kHappenings.end()) {
    header.entry.details.push_back({.name = "event", .text = std::string(happening->words)});
  }
  if (parent.empty() || KeyOfNumber(parent) == header.source_key) return;
  const std::string key = KeyOfNumber(parent);
  if (trigger == "T09" || trigger == "T10") TakeBack(reader, key);
  if (trigger == "T05" || trigger == "T06") header.entry.links.push_back({"addendum to", key});
}

std::string NoticeOf(const std::string& document) { return document + "/notice"; }

void AddNotes(Reader& reader, record::Entry& entry) {
  for (const auto& nte : reader.all("NTE")) {
    std::string text = reader.WholeText(nte, 3);
    if (!text.empty()) entry.free_text.push_back(std::move(text));
  }
}

void AddNotice(Reader& reader, record::Draft header) {
  AddNotes(reader, header.entry);
  header.entry.links.push_back({"about", header.source_key});
  header.source_key = NoticeOf(header.source_key);
  reader.out().drafts.push_back(std::move(header));
}

// With it whatever was sent of the document before is no longer told.
void AddContent(Reader& reader, record::Draft& header, const std::string& title) {
  Content content(reader, header);
  reader.out().replaced_documents.push_back(header.source_key);
  for (const auto& obx : reader.all("OBX")) content.Read(obx);
  AddNotes(reader, header.entry);
  for (auto& draft : content.Drafts(title)) reader.out().drafts.push_back(std::move(draft));
}

base::Error WithoutHeader() {
  return {base::ErrorId::kMessageInvalid, "TXA", "send a TXA segment with the document"};
}

// Deleted, wrong or not obtained: of which document is not told.
bool IsWithdrawn(const hl7v2::Segment& obx) {
  const std::string status = Clean(obx.field(11).component(1).text());
  return status == "D" || status == "W" || status == "X";
}

Numbers NumbersOf(Reader& reader) {
  const auto number = [&](std::size_t field) {
    const std::string own = reader.WholeText(reader.segment("OBR"), field);
    const std::string ours = reader.WholeText(reader.segment("ORC"), field);
    return own.empty() ? ours : own;
  };
  return {"placer", number(2), "filler", number(3)};
}

record::Draft HeaderOfUntold(Reader& reader) {
  record::Draft draft;
  record::Entry& entry = draft.entry;
  entry.section = Section::kDocuments;
  entry.kind = record::Kind::kDocument;
  entry.what.text = "Document";
  entry.details.push_back({.name = "kind", .text = "not told: it came without TXA"});
  entry.details.push_back({.name = "document status", .text = "not told: it came without TXA"});
  const auto& lines = reader.all("OBX");
  entry.effective = reader.Time(lines.front(), 14);
  entry.recorded = reader.Time(reader.segment("EVN"), 2);
  entry.status_original = reader.Text(lines.front(), 11);
  reader.Take(reader.segment("OBR").field(1));
  reader.Detail(entry, "requested service", reader.segment("OBR"), 4);
  const Numbers numbers = NumbersOf(reader);
  if (numbers.any()) {
    const record::Coded service = reader.Code(reader.segment("OBR"), 4);
    entry.links.push_back({"requested by", KeyOfRequest(numbers, service)});
  }
  AddText(entry, "placer's number", numbers.first);
  AddText(entry, "filler's number", numbers.second);
  AddVisitContext(reader, entry);
  std::vector<std::string> content = {"untold", numbers.first, numbers.second};
  for (const auto& obx : lines) {
    for (const std::size_t field : {3U, 4U, 5U}) content.emplace_back(obx.field(field).raw());
  }
  draft.source_key = reader.Key("document", content);
  return draft;
}

base::Result<void> ReadUntold(Reader& reader, std::string_view trigger) {
  const auto& lines = reader.all("OBX");
  if (trigger != "T02" || std::any_of(lines.begin(), lines.end(), IsWithdrawn)) {
    return WithoutHeader();
  }
  ReadVisitLabels(reader);
  if (lines.empty()) {
    ReadOrders(reader, "ORM", reader.segments());
    return reader.out().drafts.empty() ? base::Result<void>(WithoutHeader()) : base::Result<void>();
  }
  record::Draft header = HeaderOfUntold(reader);
  AddLabels(reader, reader.segment("TXA"), header);
  Content content(reader, header);
  for (const auto& obx : lines) content.Read(obx);
  AddNotes(reader, header.entry);
  for (auto& draft : content.Drafts("")) reader.out().drafts.push_back(std::move(draft));
  return {};
}

}  // namespace

base::Result<void> ReadDocuments(Reader& reader, std::string_view trigger) {
  const auto txa = reader.segment("TXA");
  if (!txa.exists()) return ReadUntold(reader, trigger);
  if (reader.segment("TXA", 1).exists()) {
    return base::Error{base::ErrorId::kMessageUnsupported, "TXA[2]",
                       "send one document in one message"};
  }
  ReadVisitLabels(reader);
  record::Draft header = ReadHeader(reader, txa);
  AddLabels(reader, txa, header);
  LinkToOrders(reader, txa, header.entry);
  const std::string title = reader.WholeText(txa, 25);
  if (header.entry.what.text.empty() && header.entry.what.codings.empty()) {
    header.entry.what.text = title.empty() ? "Document" : title;
  }
  Relate(reader, trigger, Clean(txa.field(13).component(1).text()), header);
  if (IsTakenBack(reader, txa, trigger)) {
    for (const auto& obx : reader.all("OBX")) reader.Take(obx);
    TakeBack(reader, header.source_key);
    return {};
  }
  if (IsNotice(trigger)) {
    if (!title.empty()) header.entry.details.push_back({.name = "title", .text = title});
    AddNotice(reader, std::move(header));
    return {};
  }
  AddContent(reader, header, title);
  return {};
}

}  // namespace milecastle::acute
