// OBX: one finding, result, document or stretch of text (HL7 v2.8.2 section 7.4.2).
#include "inside/mappings.h"
#include "inside/reader.h"

namespace milecastle::acute {
namespace {

// Posted wrongly, or deleted: kept, shown to nobody as fact (table 0085).
bool Withdraws(const std::string& status) { return status == "D" || status == "W"; }

std::string IdentityOf(const record::Coded& coded) {
  if (coded.codings.empty()) return coded.text;
  return coded.codings.front().system + "|" + coded.codings.front().code;
}

void AddPerformers(Reader& reader, const hl7v2::Segment& obx, record::Entry& entry) {
  const std::string laboratory = TextOf(reader.Code(obx, 15));
  const std::string organisation = reader.Text(obx, 23);
  for (const auto& [field, role] :
       {std::pair{16U, "observer"}, std::pair{25U, "medical director"}}) {
    for (auto& performer : reader.Performers(obx, field, role)) {
      entry.performers.push_back(std::move(performer));
    }
  }
  if (!laboratory.empty() || !organisation.empty()) {
    entry.performers.push_back(
        {.role = "laboratory", .organisation = organisation.empty() ? laboratory : organisation});
  }
}

void AddWorth(Reader& reader, const hl7v2::Segment& obx, record::Draft& draft) {
  record::Entry& entry = draft.entry;
  if (HoldsDocument(obx)) {
    entry.kind = record::Kind::kDocument;
    entry.document = ReadDocument(reader, obx);
    entry.document->title = TextOf(entry.what);
  } else {
    entry.value = ReadValue(reader, obx);
  }
}

}  // namespace

record::ClinicalStatus StatusOfResult(const std::string& code) {
  if (code == "F" || code == "C") return record::ClinicalStatus::kCompleted;
  if (code == "X") return record::ClinicalStatus::kCancelled;
  const bool under_way = code == "P" || code == "R" || code == "S" || code == "I" || code == "A";
  return under_way ? record::ClinicalStatus::kActive : record::ClinicalStatus::kUnstated;
}

std::optional<std::size_t> ReadObservation(Reader& reader, const hl7v2::Segment& obx,
                                           const Surroundings& around) {
  record::Draft draft;
  record::Entry& entry = draft.entry;
  reader.Take(obx.field(1));
  entry.section = around.section;
  entry.kind = record::Kind::kObservation;
  entry.group = around.group;
  entry.what = reader.Code(obx, 3);
  const std::string sub_id = reader.WholeText(obx, 4);
  auto key = around.key;
  key.push_back(IdentityOf(entry.what));
  key.push_back(sub_id);
  draft.source_key = around.below + reader.Key("result", key);

  entry.status_original = reader.Text(obx, 11);
  if (Withdraws(entry.status_original) || Withdraws(around.status)) {
    reader.Take(obx);  // what was wrong is withdrawn whole, value and all
    reader.out().withdrawn_keys.push_back(draft.source_key);
    return std::nullopt;
  }
  entry.status = StatusOfResult(entry.status_original);
  // Of a report that is cancelled nothing is final, whatever its lines still say.
  if (around.status == "X") entry.status = record::ClinicalStatus::kCancelled;
  AddWorth(reader, obx, draft);
  if (entry.what.text.empty() && entry.what.codings.empty()) entry.what.text = "Report text";
  entry.effective = reader.Time(obx, 14);
  if (!entry.effective) entry.effective = around.when;
  entry.recorded = reader.Time(obx, 19);
  reader.Detail(entry, "method", obx, 17);
  reader.Detail(entry, "device", obx, 18);
  reader.Detail(entry, "nature of abnormality", obx, 10);
  reader.Detail(entry, "site", obx, 20);
  if (!sub_id.empty()) entry.details.push_back({.name = "sub-id", .text = sub_id});
  AddPerformers(reader, obx, entry);
  draft.source_labels = around.labels;
  const std::string access = reader.Text(obx, 13);  // user-defined access checks
  if (!access.empty()) draft.source_labels.push_back("access:" + access);
  reader.out().drafts.push_back(std::move(draft));
  return reader.out().drafts.size() - 1;
}

void ReadObservations(Reader& reader, const Visit& visit) {
  Surroundings around;
  around.section = record::Section::kExaminationFindings;
  around.key = {"visit", visit.number};
  around.below = KeyWithin(visit, "");
  for (const auto& obx : reader.all("OBX")) {
    Surroundings own = around;
    own.key.emplace_back(obx.field(14).raw());  // another time is another finding
    ReadObservation(reader, obx, own);
  }
}

}  // namespace milecastle::acute
