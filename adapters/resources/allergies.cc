#include "resources/allergies.h"

#include <algorithm>

#include "record/denial_words.h"
#include "record/none_known.h"
#include "resources/performers.h"
#include "resources/values.h"

namespace milecastle::resources {

using fhir::Element;
using record::Section;

namespace {

// A reaction may be told in words alone, which are kept with the notes.
bool TellsOfReaction(const Element& resource) {
  const auto reactions = resource["reaction"].items();
  return std::any_of(reactions.begin(), reactions.end(), [](const Element& reaction) {
    return !record::TellsNothing(reaction["description"].peek()) || reaction["note"].first();
  });
}

}  // namespace

void StateNoneKnown(Context& context, const Element& resource, record::Draft* draft) {
  record::Entry& entry = draft->entry;
  const record::Denial denial = record::DenialOf(entry.what, entry.details);
  if (denial == record::Denial::kNothing || TellsOfReaction(resource)) return;
  entry.negated = true;
  record::NameKindOfDenial(entry);
  // A note beside it may say anything: the entry stands with it, and nothing is said of them all.
  const bool holds = denial == record::Denial::kAll && !resource["note"].first() &&
                     entry.subject == record::Subject::kPatient &&
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
