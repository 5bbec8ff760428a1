#include "resources/statements.h"

#include "fhir/datatypes.h"
#include "resources/performers.h"
#include "resources/values.h"

namespace milecastle::resources {
namespace {

using fhir::Element;
using record::Section;
using record::SectionSaying;

std::optional<SectionSaying> SayingOfWarning(std::string_view code) {
  if (code == "confidential-items") return SectionSaying::kConfidentialItems;
  if (code == "data-in-transit") return SectionSaying::kDataInTransit;
  if (code == "data-awaiting-filing") return SectionSaying::kDataAwaitingFiling;
  return std::nullopt;
}

}  // namespace

std::optional<SectionSaying> SayingOfEmptyReason(const Element& reason) {
  for (const auto& coding : fhir::Codings(reason)) {
    if (coding.code == "no-content-recorded") return SectionSaying::kNothingRecorded;
    if (coding.code == "nilknown") return SectionSaying::kNoneKnown;
    if (coding.code == "withheld") return SectionSaying::kConfidentialItems;
    for (const std::string_view unknown : {"unavailable", "notasked", "notstarted", "closed"}) {
      if (coding.code == unknown) return SectionSaying::kUnavailable;
    }
  }
  return std::nullopt;
}

std::set<std::string> LabelsOf(const Element& list) {
  std::set<std::string> labels;
  for (const Element& label : list["meta"]["security"].items()) labels.insert(LabelOf(label));
  return labels;
}

Statements::Statements(Context& context, const Element& list, Section section)
    : context_(context), list_(list), section_(section) {
  for (const Element& note : list["note"].items()) {
    if (!text_.empty()) text_ += " ";
    text_ += note["text"].peek();
  }
}

void Statements::ReadWarnings() {
  for (const Element& warning : fhir::Extensions(list_, context_.release().list_warning)) {
    const Element code = fhir::Choice(warning, "value");
    const auto saying = SayingOfWarning(code.text());
    if (!saying) {
      context_.Miss(code, "a warning of no known code");
      continue;
    }
    is_confidential_ |= *saying == SectionSaying::kConfidentialItems;
    Say(*saying);
  }
}

std::optional<SectionSaying> Statements::ReadEmptiness() {
  const auto saying = SayingOfEmptyReason(list_["emptyReason"]);
  list_["emptyReason"]["text"].text();
  if (saying && !is_confidential_ && !list_["entry"].first()) Say(*saying);
  return saying;
}

void Statements::Say(SectionSaying saying) {
  record::SectionStatement statement{section_, saying, WhenOf(context_, list_["date"]), {}, text_};
  if (list_["source"]) statement.by.push_back(PerformerOf(context_, list_["source"], list_, ""));
  context_.out().statements.push_back(std::move(statement));
  for (const Element& note : list_["note"].items()) note["text"].text();
}

}  // namespace milecastle::resources
