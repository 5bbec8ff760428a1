#include "inside/headings.h"

#include <algorithm>

namespace milecastle::prsb {
namespace {

using record::Kind;
using record::Section;

constexpr auto kHeadings = std::to_array<Heading>({
    {"aboutme", Section::kAboutMe, Kind::kStatement, "About me", {}},
    {"individualrequirements",
     Section::kIndividualRequirements,
     Kind::kStatement,
     "Individual requirement",
     {"individualrequirement"}},
    {"alerts", Section::kAlerts, Kind::kAlert, "Alert", {"alert"}},
    {"legalinformation", Section::kLegalInformation, Kind::kStatement, "Legal information", {}},
    {"safeguarding",
     Section::kSafeguarding,
     Kind::kStatement,
     "Safeguarding",
     {"safeguardingconcerns"}},
    {"professionalcontacts",
     Section::kProfessionalContacts,
     Kind::kContact,
     "Professional contact",
     {}},
    {"personalcontacts", Section::kPersonalContacts, Kind::kContact, "Personal contact", {}},
    {"referraldetails",
     Section::kReferralDetails,
     Kind::kReferral,
     "Referral",
     {"reasonforreferral", "referraltype"}},
    {"contactswithprofessionals",
     Section::kContactsWithProfessionals,
     Kind::kEncounter,
     "Contact with a professional",
     {"contacttype"}},
    {"socialcontext", Section::kSocialContext, Kind::kStatement, "Social context", {}},
    {"servicesandcare",
     Section::kServicesAndCare,
     Kind::kStatement,
     "Service",
     {"socialcarepackagename", "socialcarepackagetype"}},
    {"primarysupportreason",
     Section::kPrimarySupportReason,
     Kind::kStatement,
     "Primary support reason",
     {"primarysupportreason"}},
    {"assessments",
     Section::kAssessments,
     Kind::kStatement,
     "Assessment",
     {"assessmenttype", "structuredassessmentname"}},
    {"risks", Section::kRisks, Kind::kStatement, "Risk", {"risk", "risks"}},
    {"equipmentandadaptations",
     Section::kEquipment,
     Kind::kStatement,
     "Equipment",
     {"equipmentname"}},
    {"planandrequestedactions",
     Section::kPlanAndActions,
     Kind::kStatement,
     "Planned action",
     {"actionforprofessionals", "action"}},
    {"careandsupportplan",
     Section::kCareAndSupportPlan,
     Kind::kStatement,
     "Care and support plan",
     {}},
});

constexpr auto kElements = std::to_array<ElementName>({
    {"date", Role::kBegan, "date"},
    {"startdate", Role::kBegan, "start date"},
    {"servicestartdate", Role::kBegan, "service start date"},
    {"sectionstartdate", Role::kBegan, "section start date"},
    {"safeguardingconcernsdate", Role::kBegan, "safeguarding concerns date"},
    {"startdateofauthorisation", Role::kBegan, "start date of authorisation"},
    {"enddate", Role::kEnded, "end date"},
    {"serviceenddate", Role::kEnded, "service end date"},
    {"sectionenddate", Role::kEnded, "section end date"},
    {"safeguardingconcernsenddate", Role::kEnded, "safeguarding concerns end date"},
    {"active", Role::kActive, "active"},
    {"comment", Role::kFreeText, "comment"},
    {"comments", Role::kFreeText, "comments"},
    {"assessmentsummary", Role::kFreeText, "assessment summary"},
    {"supportinginformation", Role::kFreeText, "supporting information"},
    {"location", Role::kLocation, "location"},
    {"performingprofessional", Role::kPerformer, "performing professional"},
    {"personcompletingrecord", Role::kPerformer, "person completing record"},
    {"referrerdetails", Role::kPerformer, "referrer"},
    {"referralto", Role::kPerformer, "referral to"},
    {"name", Role::kContactName, "name"},
    {"relationship", Role::kRelationship, "relationship"},
    {"contactdetails", Role::kContactDetails, "contact details"},
    {"nhsnumber", Role::kOthersNumber, "NHS number"},
    // What is kept as a detail, by the standard's name for it.
    {"individualrequirement", Role::kDetail, "individual requirement"},
    {"alert", Role::kDetail, "alert"},
    {"mentalcapacityassessment", Role::kDetail, "mental capacity assessment"},
    {"locationofdocument", Role::kDetail, "location of document"},
    {"lastingpowerofattorneyforpersonalwelfareorcourtappointeddeputyorequivalent", Role::kDetail,
     "lasting power of attorney or deputy"},
    {"nameoflpa", Role::kDetail, "name of LPA"},
    {"applicationdate", Role::kDetail, "application date"},
    {"applicationstatus", Role::kDetail, "application status"},
    {"deprivationoflibertysafeguardsorequivalent", Role::kDetail,
     "deprivation of liberty safeguards or equivalent"},
    {"plannedoractualenddateofauthorisation", Role::kDetail,
     "planned or actual end date of authorisation"},
    {"mentalhealthactorequivalentstatus", Role::kDetail, "mental health act or equivalent status"},
    {"safeguardingconcerns", Role::kDetail, "safeguarding concerns"},
    {"role", Role::kDetail, "role"},
    {"keyworker", Role::kDetail, "key worker"},
    {"speciality", Role::kDetail, "speciality"},
    {"specialty", Role::kDetail, "specialty"},
    {"team", Role::kDetail, "team"},
    {"organisation", Role::kDetail, "organisation"},
    {"relationshiptype", Role::kDetail, "relationship type"},
    {"parentalresponsibility", Role::kDetail, "parental responsibility"},
    {"householdmember", Role::kDetail, "household member"},
    {"referraltype", Role::kDetail, "referral type"},
    {"reasonforreferral", Role::kDetail, "reason for referral"},
    {"contacttype", Role::kDetail, "contact type"},
    {"socialcarepackagename", Role::kDetail, "social care package name"},
    {"socialcarepackagetype", Role::kDetail, "social care package type"},
    {"localauthority", Role::kDetail, "local authority"},
    {"carefundingsource", Role::kDetail, "care funding source"},
    {"primarysupportreason", Role::kDetail, "primary support reason"},
    {"assessmenttype", Role::kDetail, "assessment type"},
    {"structuredassessment", Role::kDetail, "structured assessment"},
    {"structuredassessmentname", Role::kDetail, "structured assessment name"},
    {"assessmentscore", Role::kDetail, "assessment score"},
    {"assessmentvalue", Role::kDetail, "assessment value"},
    {"globalscore", Role::kDetail, "global score"},
    {"subscalescore", Role::kDetail, "subscale score"},
    {"subscalevalue", Role::kDetail, "subscale value"},
    {"equipmentname", Role::kDetail, "equipment name"},
    {"risk", Role::kDetail, "risk"},
    {"risks", Role::kDetail, "risks"},
    {"action", Role::kDetail, "action"},
    {"actionforprofessionals", Role::kDetail, "action for professionals"},
    {"status", Role::kDetail, "status"},
    {"occupationalhistory", Role::kDetail, "occupational history"},
    {"householdcomposition", Role::kDetail, "household composition"},
    {"livesalone", Role::kDetail, "lives alone"},
    {"educationalhistory", Role::kDetail, "educational history"},
    {"mostimportanttome", Role::kDetail, "what is most important to me"},
    {"peopleimportanttome", Role::kDetail, "people who are important to me"},
    {"howicommunicate", Role::kDetail, "how I communicate and how to communicate with me"},
    {"mywellness", Role::kDetail, "my wellness"},
    {"pleasedoandpleasedont", Role::kDetail, "please do and please don't"},
    {"howandwhentosupportme", Role::kDetail, "how and when to support me"},
    {"alsoworthknowing", Role::kDetail, "also worth knowing about me"},
    {"supportedtowritethisby", Role::kDetail, "I was supported to write this by"},
});

struct GroupTitle {
  std::string_view name;
  std::string_view title;
};
constexpr auto kGroupTitles = std::to_array<GroupTitle>({
    {"mentalcapacityassessment", "Mental capacity assessment"},
    {"lastingpowerofattorneyforpersonalwelfareorcourtappointeddeputyorequivalent",
     "Lasting power of attorney for personal welfare or court-appointed deputy"},
    {"deprivationoflibertysafeguardsorequivalent",
     "Deprivation of Liberty Safeguards or equivalent"},
    {"mentalhealthactorequivalentstatus", "Mental Health Act or equivalent status"},
});

template <class Table>
auto Find(const Table& table, std::string_view name) -> decltype(table.data()) {
  const auto found = std::find_if(table.begin(), table.end(),
                                  [name](const auto& line) { return line.name == name; });
  return found == table.end() ? nullptr : &*found;
}

}  // namespace

std::string Plain(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') plain += static_cast<char>(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) plain += c;
  }
  return plain;
}

const Heading* HeadingOf(std::string_view name) { return Find(kHeadings, Plain(name)); }
const ElementName* ElementOf(std::string_view name) { return Find(kElements, Plain(name)); }

std::string_view TitleOfGroup(std::string_view name) {
  const GroupTitle* const found = Find(kGroupTitles, Plain(name));
  return found == nullptr ? std::string_view() : found->title;
}

}  // namespace milecastle::prsb
