// Nothing that a sender filled is forgotten: each value of the golden messages is carried or its
// place is listed.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

#include "community/adapter.h"
#include "fhir/document.h"
#include "kit/golden.h"
#include "kit/place.h"
#include "kit/print.h"

namespace milecastle::community {
namespace {

using fhir::Element;

// What is read to find something else, or is said in the record's own words.
constexpr auto kSaidOtherwise = std::to_array<std::string_view>({
    "resourceType",
    "id",
    "reference",
    "url",
    "fullUrl",
    "profile",
    "mode",
    "status",
    "type",
    "use",
    "system",
    "security",
    "search",
    "request",
    "total",
    "link",
    "identifier",
    "div",
    "required",
    "linkId",
    "data",
    "timestamp",
    "confidentiality",
    "lastUpdated",
    "versionId",
    "focus",
    "function",
    "role",
    "doNotPerform",
    "emptyReason",
    "notGiven",
    "issue",
    "deceasedBoolean",
});
// Lists and headings become statements and places, roles words; an ethnic category keeps its code.
struct Spot {
  std::string_view type;
  std::string_view part;
};
constexpr auto kSpots = std::to_array<Spot>({
    {"List", "code"},
    {"List", "title"},
    {"List", "extension.valueCode"},
    {"Composition", "section.code"},
    {"Composition", "section.section.code"},
    {"PractitionerRole", "code"},
    {"Patient", "extension.valueCodeableConcept.coding.display"},
});

struct Account {
  std::string carried;
  std::vector<std::string> places;
  std::set<std::string> repeated;  // paths of lines that stand for more like them
};

Account AccountOf(const port::Reading& reading) {
  Account account;
  for (const auto& patient : reading.patients) {
    if (!patient) continue;
    auto contribution = *patient;
    for (const auto& line : contribution.not_carried) {
      account.places.push_back(line.place);
      if (line.why.find("more like it") != std::string::npos) {
        account.repeated.insert(kit::WithoutPositions(line.place));
      }
    }
    contribution.not_carried.clear();
    account.carried += kit::Print(contribution);
  }
  return account;
}

bool IsListed(const Account& account, const std::string& place) {
  const std::string path = kit::WithoutPositions(place);
  const bool is_like_another =
      std::any_of(account.repeated.begin(), account.repeated.end(),
                  [&](const std::string& one) { return path.starts_with(one); });
  return is_like_another ||
         std::any_of(account.places.begin(), account.places.end(),
                     [&](const std::string& one) { return place.starts_with(one); });
}

bool IsSpot(const Element& element) {
  Element resource = element;
  while (resource && !resource["resourceType"].IsText()) resource = resource.parent();
  const std::string path = kit::WithoutPositions(element.Place());
  const std::size_t above = kit::WithoutPositions(resource.Place()).size();
  const std::string_view inside = std::string_view(path).substr(above == 0 ? 0 : above + 1);
  return std::any_of(kSpots.begin(), kSpots.end(), [&](const Spot& spot) {
    return spot.type == resource["resourceType"].peek() && inside.starts_with(spot.part);
  });
}

bool IsSaidOtherwise(Element element) {
  if (IsSpot(element)) return true;
  for (; element.exists(); element = element.parent()) {
    const bool is_known = std::find(kSaidOtherwise.begin(), kSaidOtherwise.end(), element.name()) !=
                          kSaidOtherwise.end();
    if (is_known) return true;
  }
  return false;
}

void Check(const Element& element, const Account& account) {
  for (const Element& member : element.members()) Check(member, account);
  const std::string value(element.peek());
  if (value.empty() || IsSaidOtherwise(element)) return;
  const bool is_carried = account.carried.find(value) != std::string::npos;
  EXPECT_TRUE(is_carried || IsListed(account, element.Place()))
      << element.Place() << " is neither carried nor listed";
}

TEST(CommunityAccount, EveryValueIsCarriedOrListed) {
  std::size_t checked = 0;
  for (const auto& file : kit::GoldenCases("community", {".json"})) {
    const std::string message = kit::GoldenInput(file);
    const auto reading = MakeAdapter()->Read(message, port::Feed{});
    if (!reading.patients.front()) continue;
    SCOPED_TRACE(file.filename());
    const auto document = fhir::Document::Parse(message);
    Check(document->root(), AccountOf(reading));
    ++checked;
  }
  EXPECT_GE(checked, 8U);
}

// A member that nobody knows, in a resource of each type.
TEST(CommunityAccount, AMemberThatNobodyKnowsIsListedInEveryType) {
  for (const char* type : {"AllergyIntolerance",
                           "Appointment",
                           "CarePlan",
                           "CareTeam",
                           "ClinicalImpression",
                           "Communication",
                           "Composition",
                           "Condition",
                           "Consent",
                           "Device",
                           "DeviceRequest",
                           "DeviceUseStatement",
                           "DiagnosticReport",
                           "DocumentReference",
                           "Encounter",
                           "EpisodeOfCare",
                           "FamilyMemberHistory",
                           "Flag",
                           "Goal",
                           "ImagingStudy",
                           "Immunization",
                           "List",
                           "Media",
                           "MedicationAdministration",
                           "MedicationDispense",
                           "MedicationRequest",
                           "MedicationStatement",
                           "Observation",
                           "Procedure",
                           "QuestionnaireResponse",
                           "RelatedPerson",
                           "ResearchSubject",
                           "RiskAssessment",
                           "ServiceRequest",
                           "Specimen",
                           "Patient"}) {
    const std::string resource =
        std::string(R"({"resourceType":")") + type +
        R"(","status":"active","subject":{"identifier":{"system":"https://fhir.nhs.uk/Id/nhs-number",
           "value":"9990000018"}},"hearsay":{"deep":["HADRIAN"]}})";
    const auto reading = MakeAdapter()->Read(resource, port::Feed{});
    ASSERT_TRUE(reading.patients.front().has_value()) << type;
    const auto& lines = reading.patients.front()->not_carried;
    EXPECT_TRUE(std::any_of(lines.begin(), lines.end(), [](const auto& line) {
      return line.place.starts_with("hearsay");
    })) << type;
    EXPECT_EQ(kit::Print(*reading.patients.front()).find("HADRIAN"), std::string::npos) << type;
  }
}

// A document that the message asks to delete, or only to read, is nobody's record.
TEST(CommunityAccount, TheDocumentOfARequestToDeleteItIsNotTheMessages) {
  const auto drafts = [](std::string_view request) {
    std::string message = R"({"resourceType":"Bundle","type":"message","entry":[
        {"resource":{"resourceType":"MessageHeader"}},{)";
    message.append(request).append(R"("resource":{"resourceType":"Bundle","type":"collection",
        "entry":[{"resource":{"resourceType":"Patient","id":"p","identifier":[{
        "system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"}]}},
        {"resource":{"resourceType":"Condition","id":"c","subject":{"reference":"Patient/p"},
        "code":{"text":"Asthma"}}}]}}]})");
    std::size_t found = 0;
    for (const auto& one : MakeAdapter()->Read(message, port::Feed{}).patients) {
      if (one) found += one->drafts.size();
    }
    return found;
  };
  EXPECT_GT(drafts(""), 0U);
  EXPECT_EQ(drafts(R"("request":{"method":"DELETE","url":"Bundle/b"},)"), 0U);
  EXPECT_EQ(drafts(R"("request":{"method":"GET","url":"Bundle/b"},)"), 0U);
}

}  // namespace
}  // namespace milecastle::community
