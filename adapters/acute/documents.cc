// MDM^T02: a document and its content (HL7 v2.8.2 sections 9.6.3 and 9.7.1).
#include "inside/mappings.h"
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
  const std::string number = reader.Text(txa, 12);
  reader.Take(txa.field(12));
  if (!number.empty()) entry.details.push_back({.name = "document number", .text = number});
  const std::string parent = reader.Text(txa, 13);
  reader.Take(txa.field(13));
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
  if (reader.Text(txa, 19) == "OB") entry.status = record::ClinicalStatus::kInactive;  // obsolete
  const std::string when = entry.effective ? entry.effective->original : "";
  draft.source_key =
      reader.Key("document", number.empty() ? std::vector<std::string>{TextOf(entry.what), when}
                                            : std::vector<std::string>{"number", number});
  return draft;
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
      ReadObservation(reader_, obx, around);
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
        drafts.back().source_key += ":part" + std::to_string(i + 1);
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

}  // namespace

base::Result<void> ReadDocuments(Reader& reader) {
  const auto txa = reader.segment("TXA");
  if (!txa.exists()) {
    return base::Error{base::ErrorId::kMessageInvalid, "TXA",
                       "send a TXA segment with the document"};
  }
  if (reader.segment("TXA", 1).exists()) {
    return base::Error{base::ErrorId::kMessageUnsupported, "TXA[2]",
                       "send one document in one message"};
  }
  ReadVisitLabels(reader);
  record::Draft header = ReadHeader(reader, txa);
  AddLabels(reader, txa, header);
  const std::string title = reader.WholeText(txa, 25);
  if (header.entry.what.text.empty() && header.entry.what.codings.empty()) {
    header.entry.what.text = title.empty() ? "Document" : title;
  }
  if (reader.Text(txa, 19) == "CA") {  // cancelled
    for (const auto& obx : reader.all("OBX")) reader.Take(obx);
    reader.out().withdrawn_keys.push_back(header.source_key);
    return {};
  }
  Content content(reader, header);
  for (const auto& obx : reader.all("OBX")) content.Read(obx);
  for (const auto& nte : reader.all("NTE")) {
    std::string text = reader.WholeText(nte, 3);
    if (!text.empty()) header.entry.free_text.push_back(std::move(text));
  }
  for (auto& draft : content.Drafts(title)) reader.out().drafts.push_back(std::move(draft));
  return {};
}

}  // namespace milecastle::acute
