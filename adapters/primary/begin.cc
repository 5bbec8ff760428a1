#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <utility>

#include "detail/readers.h"
#include "detail/values.h"
#include "fhir/datatypes.h"

namespace milecastle::primary {
namespace {

using fhir::Element;
using record::ClinicalStatus;
using record::Verification;

// The status words of STU3's resources; the same word means the same in each of them.
constexpr std::array<std::pair<std::string_view, ClinicalStatus>, 27> kStatuses = {{
    {"active", ClinicalStatus::kActive},      {"recurrence", ClinicalStatus::kActive},
    {"in-progress", ClinicalStatus::kActive}, {"arrived", ClinicalStatus::kActive},
    {"triaged", ClinicalStatus::kActive},     {"onleave", ClinicalStatus::kActive},
    {"current", ClinicalStatus::kActive},     {"inactive", ClinicalStatus::kInactive},
    {"remission", ClinicalStatus::kInactive}, {"superseded", ClinicalStatus::kInactive},
    {"resolved", ClinicalStatus::kResolved},  {"completed", ClinicalStatus::kCompleted},
    {"finished", ClinicalStatus::kCompleted}, {"final", ClinicalStatus::kCompleted},
    {"amended", ClinicalStatus::kCompleted},  {"corrected", ClinicalStatus::kCompleted},
    {"appended", ClinicalStatus::kCompleted}, {"stopped", ClinicalStatus::kStopped},
    {"on-hold", ClinicalStatus::kOnHold},     {"suspended", ClinicalStatus::kOnHold},
    {"planned", ClinicalStatus::kPlanned},    {"intended", ClinicalStatus::kPlanned},
    {"draft", ClinicalStatus::kPlanned},      {"cancelled", ClinicalStatus::kCancelled},
    {"rejected", ClinicalStatus::kCancelled}, {"failed", ClinicalStatus::kCancelled},
    {"aborted", ClinicalStatus::kCancelled},
}};

constexpr std::array<std::pair<std::string_view, Verification>, 6> kVerifications = {{
    {"confirmed", Verification::kConfirmed},
    {"provisional", Verification::kSuspected},
    {"differential", Verification::kSuspected},
    {"refuted", Verification::kRefuted},
    {"entered-in-error", Verification::kEnteredInError},
    // GP Connect fixes this word for every allergy, so it tells nothing of this one.
    {"unconfirmed", Verification::kUnstated},
}};

template <class Table>
auto Find(const Table& table, std::string_view word) {
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const auto& line) { return line.first == word; });
  return found == table.end() ? std::optional<typename Table::value_type::second_type>()
                              : found->second;
}

void ReadStatus(const Element& resource, record::Entry* entry) {
  for (const std::string_view name :
       {"status", "clinicalStatus", "verificationStatus", "docStatus"}) {
    const std::string_view word = resource[name].text();
    if (word.empty()) continue;
    if (!entry->status_original.empty()) entry->status_original += ", ";
    entry->status_original += word;
    if (const auto status = Find(kStatuses, word)) entry->status = *status;
    if (const auto verification = Find(kVerifications, word)) entry->verification = *verification;
  }
}

void AddNew(std::vector<std::string>* to, const std::set<std::string>& from) {
  for (const auto& item : from) {
    if (std::find(to->begin(), to->end(), item) == to->end()) to->push_back(item);
  }
}

// A heading says whose history it is; everything below it is of the family.
bool IsFamilyHistory(std::string heading) {
  std::transform(heading.begin(), heading.end(), heading.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return heading == "family history";
}

void Apply(const Placement& placement, record::Draft* draft) {
  record::Entry& entry = draft->entry;
  for (const auto& list : placement.lists) {
    if (!entry.source_list.empty()) entry.source_list += "; ";
    entry.source_list += list;
  }
  for (const auto& heading : placement.headings) AddDetail(&entry, "heading", heading);
  for (const auto& topic : placement.topics) AddText(&entry, "Topic: " + topic);
  for (const auto& problem : placement.problems) {
    entry.links.push_back({.relation = "problem", .key = problem});
  }
  AddNew(&draft->source_labels, placement.labels);
  const bool is_family =
      std::any_of(placement.headings.begin(), placement.headings.end(), IsFamilyHistory);
  if (is_family && entry.kind == record::Kind::kObservation) {
    entry.subject = record::Subject::kFamily;
    entry.section = record::Section::kFamilyHistory;
  }
}

void Place(Context& context, const Element& resource, record::Draft* draft) {
  record::Entry& entry = draft->entry;
  entry.group = context.GroupOf(draft->source_key);

  std::string consultation;
  for (const std::string_view name : {"context", "encounter"}) {
    if (resource[name]) consultation = context.KeyOfReference(resource[name], resource);
    resource[name]["display"].text();
  }
  const Placement* placement = context.FindPlacement(draft->source_key);
  if (placement != nullptr) {
    Apply(*placement, draft);
    if (consultation.empty() && !placement->consultations.empty()) {
      consultation = *placement->consultations.begin();
    }
  }
  if (entry.group.empty()) {
    entry.group = consultation;
  } else if (!consultation.empty()) {
    entry.links.push_back({.relation = "consultation", .key = consultation});
  }
}

}  // namespace

std::optional<record::Draft> Begin(Context& context, const Element& resource,
                                   record::Section section, record::Kind kind) {
  if (const std::string_view why = context.WhyNot(resource); !why.empty()) {
    context.Miss(resource, why);
    return std::nullopt;
  }
  fhir::TypeOf(resource);
  fhir::IdOf(resource);
  record::Draft draft;
  draft.source_key = context.KeyOf(resource);
  draft.entry.section = section;
  draft.entry.kind = kind;
  ReadStatus(resource, &draft.entry);
  for (const Element& label : resource["meta"]["security"].items()) {
    draft.source_labels.push_back(LabelOf(label));
  }
  Place(context, resource, &draft);
  AddNotes(context, resource["note"], resource, &draft.entry);
  return draft;
}

}  // namespace milecastle::primary
