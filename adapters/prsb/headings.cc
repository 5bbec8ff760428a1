#include "inside/headings.h"

#include <algorithm>

#include "base/text.h"
#include "record/headings.h"

namespace milecastle::prsb {
namespace {

using record::Kind;

constexpr auto kHeadings = std::to_array<Heading>({
    {"aboutme", Kind::kStatement, "About me", {}},
    {"individualrequirements",
     Kind::kStatement,
     "Individual requirement",
     {"individualrequirement"}},
    {"alerts", Kind::kAlert, "Alert", {"alert"}},
    {"legalinformation", Kind::kStatement, "Legal information", {}},
    {"safeguarding", Kind::kStatement, "Safeguarding", {"safeguardingconcerns"}},
    {"consent", Kind::kStatement, "Consent for information sharing", {}},
    {"professionalcontacts", Kind::kContact, "Professional contact", {}},
    {"personalcontacts", Kind::kContact, "Personal contact", {}},
    {"referraldetails", Kind::kReferral, "Referral", {"reasonforreferral", "referraltype"}},
    {"contactswithprofessionals", Kind::kEncounter, "Contact with a professional", {"contacttype"}},
    {"presentingcomplaints",
     Kind::kStatement,
     "Presenting complaint or issue",
     {"presentingcomplaintorissue", "presentingcomplaint"}},
    {"problemlist", Kind::kProblem, "Problem", {"problem", "diagnosis"}},
    {"clinicalsummary", Kind::kStatement, "Clinical summary", {}},
    {"signpostdetails", Kind::kStatement, "Signposting", {"signpostedto", "service"}},
    {"pregnancy", Kind::kStatement, "Pregnancy", {"pregnancystatus", ""}},
    {"socialcontext", Kind::kStatement, "Social context", {}},
    {"servicesandcare",
     Kind::kStatement,
     "Service",
     {"socialcarepackagename", "socialcarepackagetype"}},
    {"primarysupportreason", Kind::kStatement, "Primary support reason", {"primarysupportreason"}},
    {"assessments", Kind::kStatement, "Assessment", {"assessmenttype", "structuredassessmentname"}},
    {"risks", Kind::kStatement, "Risk", {"risk", "risks"}},
    {"equipmentandadaptations", Kind::kStatement, "Equipment", {"equipmentname"}},
    {"planandrequestedactions",
     Kind::kStatement,
     "Planned action",
     {"actionforprofessionals", "action"}},
    {"careandsupportplan", Kind::kStatement, "Care and support plan", {}},
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
    {"clinicalsummary", Role::kFreeText, "clinical summary"},
    {"narrative", Role::kFreeText, "narrative"},
    {"risktoworker", Role::kWorkerRisk, "risk to worker"},
    {"riskstoworker", Role::kWorkerRisk, "risk to worker"},
    {"risktostaff", Role::kWorkerRisk, "risk to worker"},
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
    {"risktoself", Role::kDetail, "risk to self"},
    {"risktoothers", Role::kDetail, "risk to others"},
    {"riskfromothers", Role::kDetail, "risk from others"},
    {"consentforinformationsharing", Role::kDetail, "consent for information sharing"},
    {"reasonconsentnotgiven", Role::kDetail, "reason that consent was not given"},
    {"presentingcomplaint", Role::kDetail, "presenting complaint"},
    {"presentingcomplaintorissue", Role::kDetail, "presenting complaint or issue"},
    {"problem", Role::kDetail, "problem"},
    {"diagnosis", Role::kDetail, "diagnosis"},
    {"service", Role::kDetail, "service"},
    {"signpostedto", Role::kDetail, "signposted to"},
    {"pregnancystatus", Role::kDetail, "pregnancy status"},
    {"estimateddateofdelivery", Role::kDetail, "estimated date of delivery"},
    {"outcome", Role::kDetail, "outcome"},
    {"strengths", Role::kDetail, "strengths"},
    {"needs", Role::kDetail, "needs"},
    {"goals", Role::kDetail, "goals"},
    {"actionforperson", Role::kDetail, "action for the person"},
    {"reviewdate", Role::kDetail, "review date"},
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

std::string Plain(std::string_view name) { return base::LettersAndDigits(name); }

const Heading* HeadingOf(std::string_view name) { return Find(kHeadings, Plain(name)); }

record::Section SectionOf(const Heading& heading) {
  return record::SectionOfTitle(heading.name).value();
}

const ElementName* ElementOf(std::string_view name) { return Find(kElements, Plain(name)); }

std::string_view TitleOfGroup(std::string_view name) {
  const GroupTitle* const found = Find(kGroupTitles, Plain(name));
  return found == nullptr ? std::string_view() : found->title;
}

}  // namespace milecastle::prsb
