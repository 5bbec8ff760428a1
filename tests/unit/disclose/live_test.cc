// What live sources give a view, and what they cannot.
#include "disclose/live.h"

#include <boost/json.hpp>

#include "audit/payload.h"
#include "disclose/history.h"
#include "house.h"

namespace milecastle::disclose {
namespace {

using gather::Outcome;

record::Contribution Answered(const std::string& allergy) {
  record::Contribution said;
  said.patient.nhs_number_as_sent = "9990000018";
  said.patient.tracing = record::Tracing::kVerified;
  said.patient.birth_date =
      record::Update<record::BirthDate>::Set(*record::BirthDate::Parse("1960-05-17"));
  said.patient.names =
      record::Update<std::vector<record::PersonName>>::Set({{.family = "Example"}});
  said.snapshot_of = {Section::kAllergies};
  said.drafts = {{.source_key = "AllergyIntolerance/1", .entry = Allergy(allergy)}};
  return said;
}

// What of `said` stands in the sections.
record::Contribution Of(record::Contribution said, const std::vector<Section>& sections) {
  std::erase_if(said.drafts, [&](const record::Draft& draft) {
    return std::find(sections.begin(), sections.end(), draft.entry.section) == sections.end();
  });
  return said;
}

class Practice final : public gather::LiveSource {
 public:
  explicit Practice(std::string_view code) : name_(code), code_(Ods(code)) {}
  const std::string& name() const override { return name_; }
  const record::OdsCode& organisation() const override { return code_; }
  const std::vector<Section>& sections() const override { return covers; }
  void Ask(const gather::Question& question, std::function<void(gather::Raw)> done) override {
    asked.push_back(question.sections);
    done({.outcome = outcome, .question = "question-1", .status = 200, .body = "the answer"});
  }
  gather::Reading Read(const gather::Raw&) const override {
    return {.outcome = read_as,
            .answer_id = "bundle-1",
            .contribution = says_only_what_is_asked ? Of(said, asked.back()) : said};
  }
  void Judge(bool) override {}

  Outcome outcome = Outcome::kReturned;
  Outcome read_as = Outcome::kReturned;
  record::Contribution said = Answered("Live latex");
  bool says_only_what_is_asked = false;
  std::vector<std::vector<Section>> asked;
  std::vector<Section> covers = {Section::kAllergies, Section::kProblems};

 private:
  std::string name_;
  record::OdsCode code_;
};

// A clinic's problem and, linked to it, an item of another section that says nothing by itself.
void AddLabelled(Practice& practice, Section section, const std::string& text) {
  record::Entry given = Item(section, text);
  given.links.push_back({.relation = "reason", .key = "Condition/2"});
  practice.says_only_what_is_asked = true;
  practice.said.drafts.push_back({.source_key = "Condition/2",
                                  .entry = Item(Section::kProblems, "Live infection"),
                                  .source_labels = {"CLINIC"}});
  practice.said.drafts.push_back({.source_key = "Item/1", .entry = std::move(given)});
}

// The house of the other tests, and Z99001 to be asked; jobs run at once.
struct LiveHouse : House {
  explicit LiveHouse(std::string_view code = "Z99001", std::string_view policy = kPolicy)
      : House(policy), practice(std::make_shared<Practice>(code)) {
    gathering = std::make_unique<gather::Gather>(gather::GatherParts{
        .sources = {practice},
        .normaliser =
            [made = std::make_shared<const normalise::Normaliser>(*normalise::Normaliser::Create(
                 {.source_labels = {{"CLINIC", "sexual_health"}}}))] { return made; },
        .post =
            [](const std::function<void()>& job) {
              job();
              return true;
            },
        .run_at = [](auto, const auto&) {},
        .clock = clock});
    options.live = gathering.get();
  }
  boost::json::object Leaf() const {
    return boost::json::parse(LastLeaf().body->payload).at("what").as_object();
  }

  std::shared_ptr<Practice> practice;
  std::unique_ptr<gather::Gather> gathering;
};

std::vector<std::string> ReasonsOf(const Seen& seen, std::string_view source) {
  std::vector<std::string> reasons;
  for (const auto& line : seen.view().manifest().lines()) {
    if (line.source() == source && line.section() == v1::SECTION_UNSPECIFIED &&
        !line.reason().empty()) {
      reasons.push_back(line.reason());
    }
  }
  return reasons;
}

TEST(LiveView, ShowsWhatIsGivenInPlaceOfWhatWasSentBefore) {
  LiveHouse house;
  house.Knows("Z99001").Admitted();
  house.Holds("Z99001", Allergy("Stored penicillin"));
  house.Holds("Z99001", Item(Section::kProblems, "Stored asthma"));
  house.Knows("ZT2").Holds("ZT2", Allergy("Another's nuts"));
  const Seen seen = house.Ask();
  EXPECT_TRUE(seen.Holds("Live latex"));
  EXPECT_FALSE(seen.Holds("Stored penicillin")) << "of a section that the answer covers";
  EXPECT_TRUE(seen.Holds("Stored asthma")) << "of one that it does not";
  EXPECT_TRUE(seen.Holds("Another's nuts"));
  EXPECT_EQ(ReasonsOf(seen, "Z99001"), std::vector<std::string>{"live"});
}

TEST(LiveView, WhatIsGivenIsDecidedLikeWhatIsStored) {
  LiveHouse house;
  house.Knows("Z99001").Admitted().Chose(record::ConsentKind::kRestriction,
                                         {.sections = {Section::kProblems}});
  house.practice->said.drafts.push_back(
      {.source_key = "Condition/1", .entry = Item(Section::kProblems, "Live asthma")});
  const Seen seen = house.Ask();
  EXPECT_TRUE(seen.Holds("Live latex"));
  EXPECT_FALSE(seen.Holds("Live asthma"));
  EXPECT_EQ(house.practice->asked, std::vector<std::vector<Section>>{{Section::kAllergies}})
      << "nor is it asked for";
}

TEST(LiveView, WhoWantsOneSectionSeesNoMoreOfItThanWhoWantsAll) {
  LiveHouse house;
  house.Knows("Z99001").Admitted();
  house.practice->said.snapshot_of = {Section::kPlanAndActions};
  house.practice->covers = {Section::kPlanAndActions, Section::kProblems};
  AddLabelled(*house.practice, Section::kPlanAndActions, "Live follow-up");
  EXPECT_FALSE(house.Ask().Holds("Live follow-up")) << "what it is linked to labels it";
  house.request.sections = {Section::kPlanAndActions};
  EXPECT_FALSE(house.Ask().Holds("Live follow-up"));
  EXPECT_EQ(house.practice->asked[1], house.practice->asked[0]);
}

TEST(LiveView, WhatTheReaderDoesNotWantIsAskedForAndNotShown) {
  LiveHouse house;
  house.Knows("Z99001").Admitted();
  house.practice->said.drafts.push_back(
      {.source_key = "Condition/1", .entry = Item(Section::kProblems, "Live asthma")});
  house.request.sections = {Section::kAllergies};
  const Seen seen = house.Ask();
  EXPECT_TRUE(seen.Holds("Live latex"));
  EXPECT_FALSE(seen.Holds("Live asthma"));
  EXPECT_EQ(house.practice->asked,
            (std::vector<std::vector<Section>>{{Section::kAllergies, Section::kProblems}}));
}

TEST(LiveView, WhatThePersonRestrictedIsNotAskedForBesideWhatIsWanted) {
  LiveHouse house;
  house.Knows("Z99001").Admitted().Chose(record::ConsentKind::kRestriction,
                                         {.sections = {Section::kProblems}});
  house.request.sections = {Section::kAllergies};
  EXPECT_TRUE(house.Ask().Holds("Live latex"));
  EXPECT_EQ(house.practice->asked, std::vector<std::vector<Section>>{{Section::kAllergies}});
}

TEST(LiveView, WhoWantsNothingThatASourceIsAskedForAsksNobody) {
  LiveHouse house;
  house.Knows("Z99001").Admitted();
  house.request.sections = {Section::kMedications};
  house.Ask();
  EXPECT_TRUE(house.practice->asked.empty());
}

TEST(LiveView, ARefusalAsksNobody) {
  LiveHouse house;
  house.Knows("Z99001");
  EXPECT_TRUE(house.Ask().response().has_refusal());
  house.Admitted();
  house.request.person.birth_date = "1960-05-18";
  EXPECT_TRUE(house.Ask().response().has_refusal());
  EXPECT_TRUE(house.practice->asked.empty());
}

TEST(LiveView, ASourceOfNoAgreementIsNotAskedAndSaysWhy) {
  LiveHouse house("ZX1");
  house.Knows("ZX1").Admitted();
  const Seen seen = house.Ask();
  EXPECT_TRUE(house.practice->asked.empty());
  ASSERT_EQ(seen.Lines(ManifestState::kNotAsked, {}, "ZX1").size(), 1U);
  EXPECT_EQ(seen.Lines(ManifestState::kNotAsked, {}, "ZX1")[0].reason(), "no_agreement");
}

TEST(LiveView, AnEmergencyAsksWhereNoAgreementIs) {
  LiveHouse house("ZX1");
  house.Knows("ZX1");
  EXPECT_TRUE(house.AskInAnEmergency().Holds("Live latex"));
}

TEST(LiveView, NobodyIsAskedForAPurposeThatIsNotCare) {
  std::string policy(kPolicy);
  policy.insert(policy.find("[[reasons]]"),
                "[purposes.police]\nneeds_agreement = false\nneeds_case_reference = true\n"
                "statute = \"Data Protection Act 2018\"\n"
                "[[purposes.police.grants]]\nrole_groups = [\"clinician\"]\nsections = [\"*\"]\n");
  LiveHouse house("Z99001", policy);
  house.Knows("Z99001").Holds("Z99001", Allergy("Stored penicillin"));
  house.request.purpose = record::Purpose::kPolice;
  house.request.case_reference = "CASE-1";
  const Seen seen = house.Ask();
  EXPECT_TRUE(seen.Holds("Stored penicillin"));
  EXPECT_TRUE(house.practice->asked.empty());
  EXPECT_EQ(ReasonsOf(seen, "Z99001"), std::vector<std::string>{"not_for_purpose"});
}

TEST(LiveView, ASourceThatIsHiddenReadsAsIfItHadNeverKnownThePerson) {
  LiveHouse hidden;
  hidden.Knows("ZT1").Admitted().Knows("Z99001").Chose(record::ConsentKind::kHide,
                                                       {.sources = {Ods("Z99001")}});
  const Seen with = hidden.Ask();
  LiveHouse never;
  never.Knows("ZT1").Admitted();
  const Seen without = never.Ask();
  EXPECT_TRUE(hidden.practice->asked.empty());
  EXPECT_EQ(with.Bytes(), without.Bytes());
  EXPECT_EQ(with.Lines(ManifestState::kNotAsked).size(), 1U);
}

TEST(LiveView, NoFailureOfASourceIsNoneHeld) {
  struct Case {
    Outcome outcome;
    ManifestState state;
    const char* reason;
  };
  for (const Case& each :
       {Case{Outcome::kNotFound, ManifestState::kUnavailable, "not_found_at_source"},
        Case{Outcome::kRefused, ManifestState::kUnavailable, "refused_by_source"},
        Case{Outcome::kUnavailable, ManifestState::kUnavailable, "source_not_available"},
        Case{Outcome::kTimedOut, ManifestState::kTimedOut, "no_answer_in_time"},
        Case{Outcome::kInvalidAnswer, ManifestState::kUnavailable, "answer_not_usable"},
        Case{Outcome::kWrongPatient, ManifestState::kUnavailable, "answer_not_usable"},
        Case{Outcome::kBusy, ManifestState::kNotAsked, "busy"},
        Case{Outcome::kCircuitOpen, ManifestState::kNotAsked, "source_failing"}}) {
    LiveHouse house;
    house.Expects("Z99001", "bridge-gp").Hears("Z99001");
    house.Knows("Z99001").Admitted().Holds("Z99001", Allergy("Stored penicillin"));
    house.practice->outcome = each.outcome;
    const Seen seen = house.Ask();
    EXPECT_EQ(seen.Lines(each.state, {}, "Z99001").size(), 1U) << each.reason;
    EXPECT_EQ(ReasonsOf(seen, "Z99001"),
              each.state > ManifestState::kStale
                  ? (std::vector<std::string>{"stored_copy_shown", each.reason})
                  : (std::vector<std::string>{each.reason, "stored_copy_shown"}));
    EXPECT_TRUE(seen.Holds("Stored penicillin"));
    EXPECT_TRUE(seen.Lines(ManifestState::kNoneHeld, {}, "Z99001").empty()) << each.reason;
  }
}

TEST(LiveView, ADissentWithholdsWhatTheSourceSentBeforeTooAndNobodyElses) {
  LiveHouse house;
  house.Knows("Z99001").Admitted().Holds("Z99001", Allergy("Stored penicillin"));
  house.Knows("ZT2").Holds("ZT2", Allergy("Another's nuts"));
  house.practice->outcome = Outcome::kDissent;
  const Seen seen = house.Ask();
  EXPECT_FALSE(seen.Holds("Stored penicillin"));
  EXPECT_TRUE(seen.Holds("Another's nuts"));
  EXPECT_EQ(ReasonsOf(seen, "Z99001"), std::vector<std::string>{"withheld_by_source"});
  const auto lines = seen.Lines(ManifestState::kWithheld, Section::kAllergies, "Z99001");
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].reason(), "objection");
  EXPECT_TRUE(seen.Lines(ManifestState::kNothingRecorded, {}, "Z99001").empty());
  house.practice->outcome = Outcome::kTimedOut;
  EXPECT_TRUE(house.Ask().Holds("Stored penicillin")) << "nothing was sent: it is of one view";
}

TEST(LiveView, ADissentWithholdsNothingThatWasSentBeforeInAnEmergency) {
  LiveHouse house;
  house.Knows("Z99001").Holds("Z99001", Allergy("Stored penicillin"));
  house.practice->outcome = Outcome::kDissent;
  const Seen seen = house.AskInAnEmergency();
  EXPECT_TRUE(seen.Holds("Stored penicillin"));
  EXPECT_EQ(ReasonsOf(seen, "Z99001"),
            (std::vector<std::string>{"withheld_by_source", "stored_copy_shown"}));
}

TEST(LiveView, TheLeafHoldsWhatCameByItsDigestAndSaysThatItIsNotKept) {
  LiveHouse house;
  house.Knows("Z99001").Admitted();
  const auto stored = house.Holds("Z99001", Item(Section::kProblems, "Stored asthma"));
  house.Ask();
  const auto what = house.Leaf();
  const auto& live = what.at("live").at(0).as_object();
  EXPECT_EQ(live.at("source").as_string(), "Z99001");
  EXPECT_EQ(live.at("outcome").as_string(), "returned");
  EXPECT_EQ(live.at("bundle").as_string(), "bundle-1");
  EXPECT_EQ(live.at("question").as_string(), "question-1");
  EXPECT_EQ(live.at("sha256").as_string(), base::ToHex(base::AsBytes(base::Sha256("the answer"))));
  EXPECT_EQ(live.at("entries").as_int64(), 1);
  EXPECT_FALSE(live.at("retained").as_bool());
  EXPECT_EQ(what.at("entries").as_string(), std::to_string(house.NumberOf(stored)))
      << "the stored ones alone";
}

TEST(LiveView, WithoutALiveSourceTheLeafSaysNothingOfAny) {
  House house;
  house.Knows("Z99001").Admitted().Ask();
  EXPECT_EQ(house.LastLeaf().body->payload.find("\"live\""), std::string::npos);
}

TEST(LiveView, AChoiceThatIsRecordedWhileTheSourceIsAskedBinds) {
  LiveHouse house;
  house.Knows("Z99001").Admitted();
  // Recorded by the source's reading: after the first decision, before the second.
  struct Meanwhile final : gather::LiveSource {
    Meanwhile(LiveHouse& house, Practice& practice) : house(house), practice(practice) {}
    const std::string& name() const override { return practice.name(); }
    const record::OdsCode& organisation() const override { return practice.organisation(); }
    const std::vector<Section>& sections() const override { return practice.sections(); }
    void Ask(const gather::Question& question, std::function<void(gather::Raw)> done) override {
      house.Chose(record::ConsentKind::kObjection);
      practice.Ask(question, std::move(done));
    }
    gather::Reading Read(const gather::Raw& raw) const override { return practice.Read(raw); }
    void Judge(bool) override {}
    LiveHouse& house;
    Practice& practice;
  };
  gather::Gather gathering(
      gather::GatherParts{.sources = {std::make_shared<Meanwhile>(house, *house.practice)},
                          .normaliser = [made = std::make_shared<const normalise::Normaliser>(
                                             *normalise::Normaliser::Create({}))] { return made; },
                          .post =
                              [](const std::function<void()>& job) {
                                job();
                                return true;
                              },
                          .run_at = [](auto, const auto&) {},
                          .clock = house.clock});
  house.options.live = &gathering;
  const Seen seen = house.Ask();
  EXPECT_EQ(house.practice->asked.size(), 1U);
  EXPECT_TRUE(seen.response().has_refusal());
  EXPECT_FALSE(seen.Holds("Live latex"));
}

TEST(LiveView, ACallerWithoutTimeIsAnsweredAtOnceAndToldSo) {
  LiveHouse house;
  house.Knows("Z99001").Admitted();
  house.request.until = house.clock.Monotonic() + std::chrono::milliseconds(50);
  const Seen seen = house.Ask();
  EXPECT_TRUE(house.practice->asked.empty());
  EXPECT_EQ(ReasonsOf(seen, "Z99001"),
            (std::vector<std::string>{"stored_copy_shown", "too_little_time"}));
}

TEST(LiveView, ProtectionThatTheAnswerTellsOfMasksAtOnce) {
  LiveHouse house;
  house.Knows("Z99001").Admitted();
  house.practice->said.location_protection = record::LocationProtection::kNational;
  house.practice->said.drafts[0].entry.practice = "Bridge Street 1";
  const Seen seen = house.Ask();
  EXPECT_TRUE(seen.Warns("location_protected"));
  EXPECT_FALSE(seen.Holds("Bridge Street 1"));
  EXPECT_FALSE(seen.Holds("Z99001"));
}

TEST(LiveView, LinksLeadFromEntryToEntryOfTheSameAnswer) {
  LiveHouse house;
  house.Knows("Z99001").Admitted();
  record::Entry report = Item(Section::kAllergies, "Live report");
  record::Entry part = Item(Section::kAllergies, "Live part");
  part.group = "Report/1";
  house.practice->said.drafts = {{.source_key = "Part/1", .entry = part},
                                 {.source_key = "Report/1", .entry = report}};
  const Seen seen = house.Ask();
  int links = 0;
  for (const auto& entry : seen.view().entries()) links += entry.links_size();
  EXPECT_EQ(links, 1);
}

// History of one entry, of a house whose practice is asked.
v1::EntryHistory HistoryOf(LiveHouse& house, record::EntryId entry) {
  PatientViews views(house.store(), house.log(), house.policy(), house.clock, house.options);
  EntryHistories histories(house.store(), house.log(), house.policy(), house.clock, views.guesses(),
                           {.organisations = {}, .live = house.options.live});
  std::promise<base::Result<ViewAnswer>> answer;
  auto got = answer.get_future();
  histories.Get({.of = house.request, .entry = entry},
                [&](base::Result<ViewAnswer> done) { answer.set_value(std::move(done)); });
  const auto seen = got.get();
  v1::GetEntryHistoryResponse response;
  EXPECT_TRUE(seen && response.ParseFromString(seen->response.head + seen->response.rest));
  return response.history();
}
bool Warns(const v1::EntryHistory& history, const std::string& of) {
  return std::find(history.warnings().begin(), history.warnings().end(), of) !=
         history.warnings().end();
}

TEST(LiveHistory, ShowsNothingOfASourceThatSaysThatThePersonDissents) {
  LiveHouse house;
  house.Knows("Z99001").Admitted();
  const auto id = house.Holds("Z99001", Allergy("Stored penicillin"));
  const auto outside = house.Holds("Z99001", Item(Section::kVaccinations, "Stored vaccine"));
  house.practice->outcome = Outcome::kDissent;
  for (const auto& entry : {id, outside}) {
    const auto history = HistoryOf(house, entry);
    EXPECT_EQ(history.versions_size(), 0);
    ASSERT_EQ(history.withheld_size(), 1);
    EXPECT_EQ(history.withheld(0).reason(), "objection");
  }
  EXPECT_EQ(house.Leaf().at("live").as_array().at(0).at("outcome").as_string(), "dissent");
  EXPECT_EQ(house.practice->asked.size(), 2U);
}

TEST(LiveHistory, ShowsNoVersionThatALiveAnswerStandsInPlaceOf) {
  LiveHouse house;
  house.Knows("Z99001").Admitted();
  const auto id = house.Holds("Z99001", Allergy("Stored penicillin"));
  const auto outside = house.Holds("Z99001", Item(Section::kVaccinations, "Stored vaccine"));
  const auto replaced = HistoryOf(house, id);
  EXPECT_EQ(replaced.versions_size() + replaced.withheld_size(), 0);
  EXPECT_TRUE(Warns(replaced, "live_answer_stands"));
  const auto stands = HistoryOf(house, outside);
  ASSERT_EQ(stands.versions_size(), 1) << "of a section that the answer does not cover";
  EXPECT_FALSE(Warns(stands, "live_answer_stands"));
  EXPECT_FALSE(Warns(stands, "stored_copy_shown"));
}

TEST(LiveHistory, ShowsWhatAViewShowsWhereTheSourceCannotBeAsked) {
  LiveHouse house;
  house.Knows("Z99001").Admitted();
  const auto id = house.Holds("Z99001", Allergy("Stored penicillin"));
  house.practice->outcome = Outcome::kTimedOut;
  const auto history = HistoryOf(house, id);
  EXPECT_EQ(history.versions_size(), 1);
  EXPECT_TRUE(Warns(history, "stored_copy_shown"));
}

TEST(LiveHistory, AsksNobodyOfWhatIsNotToBeShownOrIsAnothers) {
  LiveHouse house;
  house.Knows("Z99001").Knows("ZT2").Admitted();
  HistoryOf(house, record::EntryId::New(kNoon));
  HistoryOf(house, house.Holds("Z99001", Item(Section::kProcedures, "Transfer"), {"hfea"}));
  HistoryOf(house, house.Holds("ZT2", Allergy("Nuts")));
  EXPECT_TRUE(house.practice->asked.empty());
}

}  // namespace
}  // namespace milecastle::disclose
