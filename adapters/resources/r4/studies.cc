// What was pictured, and devices that were asked for.
#include <array>
#include <string>
#include <utility>

#include "fhir/datatypes.h"
#include "inside/readers.h"
#include "inside/start.h"
#include "resources/medicines.h"

namespace milecastle::r4 {
namespace {

using fhir::Element;
using record::Intent;
using record::Kind;
using record::Section;

constexpr auto kStudyFields = std::to_array<Field>({
    {"modality", "modality", As::kCoded},
    {"started", "", As::kEffective},
    {"basedOn", "requested by", As::kLink},
    {"referrer", "referrer", As::kPerformer},
    {"interpreter", "interpreter", As::kPerformer},
    {"procedureReference", "procedure", As::kLink},
    {"location", "location", As::kPerformer},
    {"numberOfSeries", "number of series"},
    {"numberOfInstances", "number of images"},
    {"description", "", As::kFreeText},
});
constexpr auto kSeriesFields = std::to_array<Field>({
    {"modality", "modality", As::kCoded},
    {"bodySite", "body site", As::kCoded},
    {"laterality", "laterality", As::kCoded},
    {"started", "started", As::kWhen},
    {"specimen", "specimen", As::kLink},
    {"numberOfInstances", "number of images"},
    {"description", "", As::kFreeText},
});
constexpr auto kDeviceRequestFields = std::to_array<Field>({
    {"intent", "intent"},
    {"priority", "priority"},
    {"occurrence", "occurrence", As::kEffectiveChoice},
    {"authoredOn", "", As::kRecorded},
    {"requester", "requester", As::kPerformer},
    {"performerType", "performer type", As::kCoded},
    {"performer", "performer", As::kPerformer},
    {"supportingInfo", "supporting information", As::kLink},
    {"basedOn", "based on", As::kLink},
    {"priorRequest", "replaces", As::kLink},
    {"relevantHistory", "history", As::kLink},
});
constexpr auto kParameterFields = std::to_array<Field>({
    {"code", "parameter", As::kCoded},
    {"value", "parameter value", As::kChoice},
});

// "series 2, laterality": of several, which side belongs to which stays said.
void ReadSeries(Context& context, const Element& study, record::Draft* draft) {
  std::size_t number = 0;
  for (const Element& series : study["series"].items()) {
    const std::string name = "series " + std::to_string(++number) + ", ";
    auto& details = draft->entry.details;
    const std::size_t before = details.size();
    ReadFields(context, series, study, kSeriesFields, draft);
    for (std::size_t i = before; i < details.size(); ++i) details[i].name.insert(0, name);
  }
}

}  // namespace

void ReadImagingStudy(Context& context, const Element& resource) {
  auto draft = Start(context, resource,
                     {Section::kInvestigationResults, Kind::kStatement, "", kStudyFields});
  if (!draft) return;
  record::Entry& entry = draft->entry;
  for (const Element& code : resource["procedureCode"].items()) {
    if (IsEmpty(entry.what)) {
      entry.what = CodedOf(code);
    } else {
      AddDetail(&entry, "procedure", CodedOf(code));
    }
  }
  if (IsEmpty(entry.what)) entry.what.text = "Imaging study";
  resources::ReadReasons(context, resource, &entry);
  ReadSeries(context, resource, &*draft);
  context.Add(resource, std::move(*draft));
}

void ReadDeviceRequest(Context& context, const Element& resource) {
  auto draft =
      Start(context, resource, {Section::kEquipment, Kind::kRequest, "", kDeviceRequestFields});
  if (!draft) return;
  record::Entry& entry = draft->entry;
  const Element code = fhir::Choice(resource, "code");
  if (code.name() == "codeReference") {
    AddReference(context, code, resource, "device", &entry);
  } else {
    entry.what = CodedOf(code);
  }
  if (IsEmpty(entry.what)) entry.what.text = "Device";
  if (entry.intent == Intent::kUnstated) entry.intent = IntentOf(resource["intent"].peek());
  resources::ReadReasons(context, resource, &entry);
  for (const Element& parameter : resource["parameter"].items()) {
    ReadFields(context, parameter, resource, kParameterFields, &*draft);
  }
  context.Add(resource, std::move(*draft));
}

}  // namespace milecastle::r4
