// Observations, reports, and the answers to questionnaires.
#include <array>
#include <string>
#include <utility>

#include "fhir/datatypes.h"
#include "inside/readers.h"
#include "inside/start.h"
#include "resources/doses.h"
#include "resources/medicines.h"
#include "resources/observations.h"

namespace milecastle::r4 {
namespace {

using fhir::Element;
using record::Kind;
using record::Section;

struct Category {
  std::string_view code;  // http://terminology.hl7.org/CodeSystem/observation-category
  Section section;
};
constexpr auto kCategories = std::to_array<Category>({
    {"laboratory", Section::kInvestigationResults},
    {"imaging", Section::kInvestigationResults},
    {"394595002", Section::kInvestigationResults},
    {"vital-signs", Section::kExaminationFindings},
    {"exam", Section::kExaminationFindings},
    {"social-history", Section::kSocialContext},
    {"survey", Section::kAssessments},
});

Section SectionOf(Context& context, const Element& resource) {
  if (context.IsInvestigation(context.KeyOf(resource))) return Section::kInvestigationResults;
  for (const Category& category : kCategories) {
    const auto code = std::to_array<std::string_view>({category.code});
    if (HasAnyCode(resource["category"], code)) return category.section;
  }
  return Section::kExaminationFindings;
}

constexpr auto kObservationFields = std::to_array<Field>({
    {"category", "category", As::kCoded},
    {"performer", "performer", As::kPerformer},
    {"bodySite", "body site", As::kCoded},
    {"method", "method", As::kCoded},
    {"specimen", "specimen", As::kLink},
    {"device", "device", As::kLink},
    {"basedOn", "requested by", As::kLink},
    {"partOf", "part of", As::kLink},
    {"hasMember", "has member", As::kLink},
    {"derivedFrom", "derived from", As::kLink},
});
constexpr auto kReportFields = std::to_array<Field>({
    {"category", "category", As::kCoded},
    {"performer", "performer", As::kPerformer},
    {"resultsInterpreter", "interpreter", As::kPerformer},
    {"specimen", "specimen", As::kLink},
    {"basedOn", "requested by", As::kLink},
    {"imagingStudy", "imaging study", As::kLink},
    {"conclusion", "", As::kFreeText},
    {"conclusionCode", "conclusion", As::kCoded},
    {"presentedForm", "", As::kAttachment},
});
constexpr auto kResponseFields = std::to_array<Field>({
    {"questionnaire", "questionnaire"},
    {"authored", "", As::kEffective},
    {"author", "author", As::kPerformer},
    {"source", "source", As::kPerformer},
    {"basedOn", "requested by", As::kLink},
    {"partOf", "part of", As::kLink},
});

// Of whom it is, where it is not the patient: a fetus, a donor, a thing.
void ReadFocus(Context& context, const Element& resource, record::Entry* entry) {
  for (const Element& focus : resource["focus"].items()) {
    if (context.Resolve(focus["reference"].peek(), resource) != context.patient()) {
      entry->subject = record::Subject::kOther;
    }
    AddReference(context, focus, resource, "focus", entry);
  }
}

// Timing and instant, beside what ReadTimes knows.
void ReadMoment(Context& context, const Element& resource, record::Entry* entry) {
  const Element effective = fhir::Choice(resource, "effective");
  if (effective.name() == "effectiveTiming") {
    AddDetail(entry, "effective", resources::TimingText(effective));
    entry->recorded = WhenOf(context, resource["issued"]);
  } else {
    resources::ReadTimes(context, resource, entry);
  }
}

constexpr int kDeepestItem = 16;

struct Question {
  const Element& within;
  const std::string& name;
};

// An answer in words of their own is free text, and is masked as such.
void ReadAnswer(Context& context, const Element& answer, const Question& question,
                record::Entry* entry) {
  if (answer.name() == "valueString") {
    AddText(entry, question.name + ": " + std::string(answer.text()));
  } else {
    AddChoice(context, answer, question.within, question.name, entry);
  }
}

void ReadItems(Context& context, const Element& items, const Element& within, int depth,
               record::Entry* entry) {
  for (const Element& item : items.items()) {
    if (depth > kDeepestItem) {
      context.Miss(item, "questions are nested too deeply");
      continue;
    }
    if (item["subject"] && !context.IsPatient(item["subject"], within)) {  // STU3
      context.Miss(item, "an answer about somebody else");
      continue;
    }
    item["subject"]["reference"].text();
    const std::string_view link = item["linkId"].text();
    const std::string_view text = item["text"].text();
    const std::string name(text.empty() ? link : text);
    item["definition"].text();
    if (!item["answer"].first() && !text.empty() && !item["item"].first()) {
      AddDetail(entry, name, "not answered");
    }
    for (const Element& answer : item["answer"].items()) {
      ReadAnswer(context, fhir::Choice(answer, "value"), {within, name}, entry);
      ReadItems(context, answer["item"], within, depth + 1, entry);
    }
    ReadItems(context, item["item"], within, depth + 1, entry);
  }
}

}  // namespace

void ReadObservation(Context& context, const Element& resource) {
  auto draft =
      Start(context, resource,
            {SectionOf(context, resource), Kind::kObservation, "code", kObservationFields});
  if (!draft) return;
  record::Entry& entry = draft->entry;
  ReadFocus(context, resource, &entry);
  ReadMoment(context, resource, &entry);
  resources::ReadComponents(context, resource, *draft);
  resources::ReadValue(context, resource, &entry);
  context.Add(resource, std::move(*draft));
}

void ReadReport(Context& context, const Element& resource) {
  auto draft = Start(context, resource,
                     {Section::kInvestigationResults, Kind::kReport, "code", kReportFields});
  if (!draft) return;
  record::Entry& entry = draft->entry;
  ReadMoment(context, resource, &entry);
  for (const Element& result : resource["result"].items()) {
    context.KeyOfReference(result, resource);
    result["display"].text();
    if (!context.Resolve(result["reference"].peek(), resource)) {
      context.Miss(result, "it refers to no result in this bundle");
    }
  }
  for (const Element& media : resource["media"].items()) {
    AddDetail(&entry, "image", media["comment"].text());
    AddReference(context, media["link"], resource, "image", &entry);
  }
  context.Add(resource, std::move(*draft));
}

void ReadQuestionnaireResponse(Context& context, const Element& resource) {
  auto draft =
      Start(context, resource, {Section::kAssessments, Kind::kStatement, "", kResponseFields});
  if (!draft) return;
  draft->entry.what.text = "Questionnaire";
  ReadItems(context, resource["item"], resource, 0, &draft->entry);
  context.Add(resource, std::move(*draft));
}

namespace {

// Members of a battery that no report names belong to it, and are results where it is one.
void GroupByBattery(Context& context) {
  if (!context.bundle().root().DocumentMayName("hasMember")) return;
  for (const Element& battery : resources::Sorted(context, "Observation")) {
    const std::string key = context.KeyOf(battery);
    for (const Element& member : resources::Targets(context, battery["hasMember"], battery)) {
      context.SetGroup(context.KeyOf(member), key);
      if (context.IsInvestigation(key)) context.MarkInvestigation(context.KeyOf(member));
    }
  }
}

}  // namespace

void FindGroups(Context& context) {
  resources::GroupByReport(context);
  // Twice: a battery may stand within a battery.
  GroupByBattery(context);
  GroupByBattery(context);
  resources::GroupByCourse(context);
}

}  // namespace milecastle::r4
