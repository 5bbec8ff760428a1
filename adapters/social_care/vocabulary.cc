#include "inside/vocabulary.h"

#include <algorithm>
#include <array>
#include <map>

#include "port/mapping.h"

namespace milecastle::social_care {
namespace {

constexpr auto kFields = std::to_array<std::string_view>({
    // Submission
    "LA_Code",
    "Reporting_Period_Start_Date",
    "Reporting_Period_End_Date",
    // Person
    "NHS_Number",
    "LA_Person_Unique_Identifier",
    "GP_Practice_Code",
    "Gender",
    "Ethnicity",
    "Date_of_Birth",
    "Date_of_Death",
    "Client_Type",
    "Primary_Support_Reason",
    "Postcode",
    "Accommodation_Status",
    "Employment_Status",
    "Has_Unpaid_Carer",
    "Autism_Spectrum_Disorder_ASD",
    "Visual_Impairment",
    "Hearing_Impairment",
    "Dementia",
    "Client_Funding_Status",
    // No part of the return, which names nobody: a council may send them beside it, for a record
    // that bears no name waits where the person is known by one.
    "First_Name",
    "Family_Name",
    // Event
    "Event_Type",
    "Event_Reference",
    "Event_Start_Date",
    "Event_End_Date",
    "Event_Description",
    "Event_Outcome",
    "Request_Route_of_Access",
    "Assessment_Type",
    "Eligible_Needs_Identified",
    "Method_of_Assessment",
    // Carers
    "Total_Hrs_Caring_per_week",
    "No_of_adults_being_cared_for",
    "Adult_1_Linked_Person_ID",
    "Adult_2_Linked_Person_ID",
    "Adult_3_Linked_Person_ID",
    // Service
    "Service_Type",
    "Service_Component",
    "Delivery_Mechanism",
    "Provider_CQC_Location_ID",
    // Review
    "Review_Reason",
    "Review_Outcomes_Achieved",
    "Method_of_Review",
    // Cost
    "Unit_Cost",
    "Cost_Frequency_Unit_Type",
    "Planned_units_per_week",
});

// A value of a field as it is sent, without regard to capitals, and what Release 2 calls it.
struct Value {
  std::string_view field;
  std::string_view standard;
  std::string_view release_1 = "";  // where it is another word
};
constexpr auto kValues = std::to_array<Value>({
    {"Event_Type", "Request"},
    {"Event_Type", "Assessment"},
    {"Event_Type", "Service"},
    {"Event_Type", "Review"},
    {"Client_Type", "Service user"},
    {"Client_Type", "Unpaid carer", "Carer"},
    {"Client_Type", "Unpaid carer known by association", "Carer known by association"},
    {"Gender", "Male"},
    {"Gender", "Female"},
    {"Gender", "Other"},
    {"Service_Type", "Long term support: Community"},
    {"Service_Type", "Long term support: Nursing care"},
    {"Service_Type", "Long term support: Residential care"},
    {"Service_Type", "Long term support: Prison"},
    {"Service_Type", "Short term support: ST-Max"},
    {"Service_Type", "Short term support: Ongoing low level"},
    {"Service_Type", "Short term support: Other short term"},
    {"Service_Type", "Unpaid carer support: Direct to unpaid carer",
     "Carer Support: Direct to Carer"},
    {"Service_Type", "Unpaid carer support: Support involving the person cared-for",
     "Carer Support: Support involving the person cared-for"},
    {"Event_Outcome", "Progress to reablement/ST-Max"},
    {"Event_Outcome", "Progress to assessment, review or reassessment"},
    {"Event_Outcome", "Progress to support planning or services"},
    {"Event_Outcome", "Continuation of support or services"},
    {"Event_Outcome", "Admitted to hospital"},
    {"Event_Outcome", "NFA: Deceased"},
    {"Event_Outcome", "NFA: Information and advice or signposting",
     "NFA - Information & Advice / Signposting only"},
    {"Event_Outcome", "NFA: No services offered for other reason"},
    {"Event_Outcome", "NFA: Other"},
    {"Event_Outcome", "NFA: Referral to NHS services or NHS funded social care"},
    {"Event_Outcome", "NFA: Referral to other service within the local authority"},
    {"Event_Outcome", "NFA: Responsibility moved to another local authority"},
    {"Event_Outcome", "NFA: Self-funded client or under 12wk disregard"},
    {"Event_Outcome", "NFA: Support declined"},
    {"Event_Outcome", "NFA: Support ended as planned", "Service Ended As Planned"},
    {"Event_Outcome", "NFA: Support ended for other reason"},
    {"Delivery_Mechanism", "Direct payment"},
    {"Delivery_Mechanism", "CASSR managed personal budget"},
    {"Delivery_Mechanism", "CASSR commissioned support"},
    {"Delivery_Mechanism", "Self-Funder Metering Only"},
    {"Assessment_Type", "Long term assessment"},
    {"Assessment_Type", "Short term assessment"},
    {"Primary_Support_Reason", "Social support: Support to unpaid carer",
     "Social Support: Support to Carer"},
    {"Primary_Support_Reason", "Physical Support: Access & mobility only"},
    {"Primary_Support_Reason", "Physical Support: Personal care support"},
    {"Primary_Support_Reason", "Sensory Support: Support for visual impairment"},
    {"Primary_Support_Reason", "Sensory Support: Support for hearing impairment"},
    {"Primary_Support_Reason", "Sensory Support: Support for dual impairment"},
    {"Primary_Support_Reason", "Support with Memory & Cognition"},
    {"Primary_Support_Reason", "Learning Disability Support"},
    {"Primary_Support_Reason", "Mental Health Support"},
    {"Primary_Support_Reason", "Social Support: Substance misuse support"},
    {"Primary_Support_Reason", "Social Support: Asylum seeker support"},
    {"Primary_Support_Reason", "Social Support: Support for Social Isolation/Other"},
    {"Has_Unpaid_Carer", "Yes"},
    {"Has_Unpaid_Carer", "No"},
});

constexpr auto kNothing = std::to_array<std::string_view>({
    "",
    "unknown",
    "not known",
    "invalid and not mapped",
    "release 1 specification only: not mapped",
});

// A field's words, folded, of either release, and what Release 2 calls them.
using Words = std::map<std::string, std::string_view, std::less<>>;

const std::map<std::string_view, Words>& WordsByField() {
  static const auto words = [] {
    std::map<std::string_view, Words> by_field;
    for (const Value& value : kValues) {
      Words& of_field = by_field[value.field];
      of_field.emplace(port::Folded(value.standard), value.standard);
      if (!value.release_1.empty()) {
        of_field.emplace(port::Folded(value.release_1), value.standard);
      }
    }
    return by_field;
  }();
  return words;
}

}  // namespace

std::span<const std::string_view> FieldNames() { return kFields; }

Term TermOf(std::string_view field, std::string_view sent) {
  const auto words = WordsByField().find(field);
  if (words == WordsByField().end() || sent.empty()) return {std::string(sent), true};
  const auto word = words->second.find(port::Folded(sent));
  if (word == words->second.end()) return {std::string(sent), false};
  return {std::string(word->second), true};
}

bool SaysNothing(std::string_view value) {
  return std::find(kNothing.begin(), kNothing.end(), port::Folded(value)) != kNothing.end();
}

}  // namespace milecastle::social_care
