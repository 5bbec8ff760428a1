// One message a person of voluntary organisations: PRSB Social Prescribing as JSON, and
// contributions that an adapter outside the process made.
#include <boost/json.hpp>
#include <utility>

#include "kit/system/sectors.h"
#include "milecastle/v1/contribution.pb.h"

namespace milecastle::kit {
namespace {

namespace json = boost::json;

constexpr Shares kPrescribed = {0, 12, 25};
constexpr Shares kVisited = {0, 1, 20};
constexpr std::string_view kPrescriber = "LOCALHEATH", kFriends = "LOCALFRIENDS";

void FillClaim(const Seen& seen, v1::PatientClaim& claim) {
  claim.set_nhs_number(seen.number);
  if (!seen.number.empty()) {
    claim.set_tracing(seen.join == Join::kUntraced ? v1::NHS_NUMBER_TRACING_NOT_TRACED
                                                   : v1::NHS_NUMBER_TRACING_VERIFIED);
  }
  v1::LocalIdentifier& local = *claim.add_local_identifiers();
  local.set_authority(std::string(kFriends));
  local.set_type("MEMBER");
  local.set_value(seen.local);
  v1::PersonName& name = *claim.mutable_names()->add_names();
  name.set_family(seen.family);
  name.set_given(seen.given);
  claim.set_birth_date(Dashed(seen.born));
  claim.set_sex(seen.sex == 'F' ? "female" : "male");
}

}  // namespace

void TellPrescriber(Life& life) {
  Invented random = life.town.ChanceOf(life.person, kPrescriber);
  if (life.person.place != 2 || !Happens(random, life.person, kPrescribed)) return;
  Seen seen = life.town.SeenBy(random, life.person, kPrescriber);
  if (seen.join == Join::kUntraced) seen.join = Join::kJoined;  // the standard cannot say so
  json::object who{{"Person name", json::object{{"Person first name", Words(seen.given).front()},
                                                {"Person family name", seen.family}}},
                   {"Date of birth", Dashed(seen.born)},
                   {"Gender", seen.sex == 'F' ? "2" : "1"},
                   {"Other identifier", json::array{seen.local}}};
  if (!seen.number.empty()) who["NHS number"] = seen.number;
  const std::string word = life.Word(seen.join, Stands::kInEntry);
  const std::string bytes = json::serialize(json::object{
      {"Standard", "Social prescribing"},
      {"Version", "1.1"},
      {"Organisation", json::object{{"Organisation code", kPrescriber}}},
      {"Person demographics", std::move(who)},
      {"GP practice",
       json::object{{"GP practice identifier",
                     life.person.practice < 0 ? "" : PracticeCode(life.person.practice)}}},
      {"Referral details",
       json::object{
           {"Referral details record entry",
            json::array{json::object{{"Date", "2026-11-02"}, {"Reason for referral", "Lonely"}}}}}},
      {"Problem list",
       json::object{
           {"Problem list record entry",
            json::array{json::object{{"Problem", json::object{{"Free text", "Loneliness " + word}}},
                                     {"Start date", "2024-01-01"},
                                     {"Active", true}}}}}},
      {"Risks", json::object{}}});
  life.outbox.Send(kPrescriber, "json", bytes, FateOf(seen.join));
}

void TellFriends(Life& life) {
  Invented random = life.town.ChanceOf(life.person, kFriends);
  if (!Happens(random, life.person, kVisited)) return;
  const Seen seen = life.town.SeenBy(random, life.person, kFriends);
  v1::Contribution made;
  made.mutable_header()->set_control_id("VISIT-" + std::to_string(life.person.index));
  made.mutable_header()->set_event("befriending-visit");
  made.mutable_header()->set_sender(std::string(kFriends));
  v1::PatientContribution& patient = *made.add_patients();
  FillClaim(seen, *patient.mutable_patient());
  v1::Draft& draft = *patient.add_drafts();
  draft.set_source_key("visit:1");
  v1::Entry& entry = *draft.mutable_entry();
  entry.set_section(v1::SECTION_CONTACTS_WITH_PROFESSIONALS);
  entry.set_kind(v1::ENTRY_KIND_ENCOUNTER);
  entry.set_status(v1::CLINICAL_STATUS_COMPLETED);
  entry.set_verification(v1::VERIFICATION_UNSTATED);
  entry.set_subject(v1::ENTRY_SUBJECT_PATIENT);
  entry.set_intent(v1::INTENT_DONE);
  entry.mutable_what()->set_text("Befriending visit " + life.Word(seen.join, Stands::kInEntry));
  entry.mutable_effective()->set_original(Dashed(DaysBefore(kToday, 1 + random.Below(100))));
  life.outbox.Send(kFriends, "pb", made.SerializeAsString(), FateOf(seen.join));
}

}  // namespace milecastle::kit
