// What is asked for or on paper: diary entries, requests for tests, referrals, documents.
#include <string>
#include <utility>

#include "fhir/datatypes.h"
#include "inside/readers.h"
#include "record/document_id.h"
#include "resources/attachment.h"
#include "resources/medicines.h"
#include "resources/replaced.h"
#include "resources/rules.h"

namespace milecastle::stu3 {
namespace {

using fhir::Element;
using record::Intent;
using record::Kind;
using record::Section;
using resources::LabelOf;

void ReadOccurrence(Context& context, const Element& resource, record::Entry* entry) {
  const Element occurrence = fhir::Choice(resource, "occurrence");
  entry->effective = WhenOf(context, occurrence.IsText() ? occurrence : occurrence["start"]);
  entry->ended = WhenOf(context, occurrence["end"]);
  entry->recorded = WhenOf(context, resource["authoredOn"]);
}

void ReadRequester(Context& context, const Element& resource, record::Entry* entry) {
  AddPerformers(context, resource["requester"]["agent"], resource, "requester", entry);
  AddPerformers(context, resource["requester"]["onBehalfOf"], resource, "requester's organisation",
                entry);
}

void ReadReasonsAndMore(Context& context, const Element& resource, record::Entry* entry) {
  resources::ReadReasons(context, resource, entry);
  for (const Element& info : resource["supportingInfo"].items()) {
    AddLink(context, info, resource, "supporting information", entry);
  }
  for (const Element& request : resource["basedOn"].items()) {
    AddLink(context, request, resource, "based on", entry);
  }
  for (const Element& earlier : resource["replaces"].items()) {
    AddLink(context, earlier, resource, "replaces", entry);
  }
  for (const Element& event : resource["relevantHistory"].items()) {
    AddLink(context, event, resource, "history", entry);
  }
  for (const Element& specimen : resource["specimen"].items()) {
    AddLink(context, specimen, resource, "specimen", entry);
  }
}

// By it a reader may ask for what is not here. One for an entry: of two nobody could say which.
void AddDocumentId(std::string_view address, record::Entry* entry) {
  if (record::DocumentIdOf(*entry).empty()) {
    AddDetail(entry, record::kDocumentId, record::DocumentIdOf(address));
  }
}

}  // namespace

void ReadProcedureRequest(Context& context, const Element& resource) {
  // Diary entries and requested tests share the resource; a plan is a diary entry.
  const std::string_view intent = resource["intent"].text();
  const bool is_plan = !intent.ends_with("order");
  auto draft =
      Start(context, resource,
            is_plan ? Section::kPlanAndActions : Section::kInvestigationsRequested, Kind::kRequest);
  if (!draft) return;
  record::Entry& entry = draft->entry;
  entry.what = CodedOf(resource["code"]);
  if (entry.intent == Intent::kUnstated) {
    entry.intent = is_plan ? Intent::kPlanned : Intent::kOrdered;
  }
  if (resources::SaysNotDone(context.release(), resource)) {
    AddDetail(&entry, "do not perform", resource["doNotPerform"].text());
    resources::Deny(&entry);
  }
  ReadOccurrence(context, resource, &entry);
  AddDetail(&entry, "priority", resource["priority"].text());
  AddDetail(&entry, "body site", CodedOf(resource["bodySite"].first()));
  ReadReasonsAndMore(context, resource, &entry);
  ReadRequester(context, resource, &entry);
  AddPerformers(context, resource["performer"], resource, "performer", &entry);
  context.Add(resource, std::move(*draft));
}

void ReadReferral(Context& context, const Element& resource) {
  auto draft = Start(context, resource, Section::kReferralDetails, Kind::kReferral);
  if (!draft) return;
  record::Entry& entry = draft->entry;
  const std::string_view intent = resource["intent"].text();
  const bool is_plan = intent == "plan" || intent == "proposal";
  if (entry.intent == Intent::kUnstated) {
    entry.intent = is_plan ? Intent::kPlanned : Intent::kOrdered;
  }
  entry.what = CodedOf(resource["serviceRequested"].first());
  if (entry.what.codings.empty() && entry.what.text.empty())
    entry.what = CodedOf(resource["reasonCode"].first());
  AddDetail(&entry, "type", CodedOf(resource["type"]));
  AddDetail(&entry, "specialty", CodedOf(resource["specialty"]));
  AddDetail(&entry, "priority", resource["priority"].text());
  ReadOccurrence(context, resource, &entry);
  ReadReasonsAndMore(context, resource, &entry);
  AddText(&entry, resource["description"].text());
  ReadRequester(context, resource, &entry);
  AddPerformers(context, resource["recipient"], resource, "recipient", &entry);
  context.Add(resource, std::move(*draft));
}

void ReadDocument(Context& context, const Element& resource) {
  auto draft = Start(context, resource, Section::kDocuments, Kind::kDocument);
  if (!draft) return;
  record::Entry& entry = draft->entry;
  entry.what = CodedOf(resource["type"]);
  AddDetail(&entry, "class", CodedOf(resource["class"]));
  AddText(&entry, resource["description"].text());
  entry.effective = WhenOf(context, resource["created"]);
  entry.recorded = WhenOf(context, resource["indexed"]);
  const Element setting = resource["context"];
  AddDetail(&entry, "setting", CodedOf(setting["practiceSetting"]));
  if (setting["encounter"] && entry.group.empty())
    entry.group = context.KeyOfReference(setting["encounter"], resource);
  for (const Element& related : setting["related"].items()) {
    AddLink(context, related["ref"], resource, "related", &entry);
  }
  for (const Element& content : resource["content"].items()) {
    resources::ReadHeld(context, content["attachment"], resource, &*draft);
    AddDocumentId(content["attachment"]["url"].peek(), &entry);
  }
  for (const Element& label : resource["securityLabel"].items()) {
    for (const Element& coding : label["coding"].items())
      draft->source_labels.push_back(LabelOf(coding));
  }
  for (const Element& relation : resource["relatesTo"].items()) {
    resources::EndReplaced(context, relation, resource, draft->source_key);
    AddLink(context, relation["target"], resource, relation["code"].text(), &entry);
  }
  AddPerformers(context, resource["author"], resource, "author", &entry);
  AddPerformers(context, resource["authenticator"], resource, "authenticator", &entry);
  AddPerformers(context, resource["custodian"], resource, "custodian", &entry);
  context.Add(resource, std::move(*draft));
}

}  // namespace milecastle::stu3
