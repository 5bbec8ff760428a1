#include "resources/allergies.h"

#include "record/none_known.h"
#include "resources/performers.h"
#include "resources/values.h"

namespace milecastle::resources {

using fhir::Element;
using record::Section;

void StateNoneKnown(Context& context, record::Draft* draft) {
  record::Entry& entry = draft->entry;
  const record::Denial denial = record::DenialOf(entry.what);
  if (denial == record::Denial::kNothing) return;
  entry.negated = true;
  const bool holds = denial == record::Denial::kAll && entry.subject == record::Subject::kPatient &&
                     context.SubjectOf(draft->source_key) == record::Subject::kPatient &&
                     entry.verification != record::Verification::kRefuted &&
                     entry.verification != record::Verification::kEnteredInError &&
                     entry.status != record::ClinicalStatus::kResolved &&
                     entry.status != record::ClinicalStatus::kInactive;
  if (!holds) return;
  context.out().statements.push_back({Section::kAllergies, record::SectionSaying::kNoneKnown,
                                      entry.recorded ? entry.recorded : entry.effective,
                                      entry.performers, WordsOf(entry.what)});
}

void ReadReaction(Context& context, const Element& reaction, record::Entry* entry) {
  for (const Element& manifestation : reaction["manifestation"].items()) {
    AddDetail(entry, "reaction", CodedOf(manifestation));
  }
  AddDetail(entry, "reaction severity", reaction["severity"].text());
  AddDetail(entry, "reaction onset", WhenOf(context, reaction["onset"]));
  AddDetail(entry, "reaction substance", CodedOf(reaction["substance"]));
  AddDetail(entry, "exposure route", CodedOf(reaction["exposureRoute"]));
  AddText(entry, reaction["description"].text());
  AddNotes(context, reaction["note"], reaction, entry);
}

}  // namespace milecastle::resources
