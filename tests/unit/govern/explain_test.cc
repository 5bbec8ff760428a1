// What an officer of one organisation learns by asking for explanations (safety.md 9, 21).
#include "govern/explain.h"

#include <gmock/gmock.h>

#include "office.h"

namespace milecastle::govern {
namespace {

using base::ErrorId;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kAnnasNumber = "9990000018";
constexpr const char* kNobodysNumber = "9990000026";

class Explanations : public Office {
 protected:
  Explanations() { gateway_.Say(kit::About({.nhs_number = kAnnasNumber, .local = "1"})); }

  base::Result<Audited<Explanation>> Ask(const record::Requester& officer, const char* number,
                                         const char* born = "1970-01-02",
                                         const std::string& case_reference = "") {
    disclose::ViewRequest asked;
    asked.requester = officer;
    asked.requester.roles = {"R8000", "R0001"};
    asked.person = {number, born, "Example"};
    asked.purpose = purpose_;
    if (purpose_ == record::Purpose::kEmergency) asked.reason_code = "LIFE";
    return Await<Audited<Explanation>>(
        [&](const auto& done) { explain_.Answer(officer, asked, case_reference, done); });
  }
  // Somebody of RYY asked for Anna.
  void Asked(audit::Kind kind) {
    Append(*first_, EntryOf(kind,
                            {.organisation = "RYY",
                             .user = "doctor",
                             .nhs_number = kAnnasNumber,
                             .outcome = kind == audit::Kind::kView ? "permitted" : "refused"},
                            {}));
    trail_->CatchUp();
  }

  record::Purpose purpose_ = record::Purpose::kEmergency;
  disclose::GuessLimit guesses_{{.user_refusals = 3, .organisation_refusals = 0}, gateway_.clock()};
  Explain explain_{{gateway_.store(), *gate_, *policy_, gateway_.clock(), *outbox_},
                   {*record::OdsCode::Parse("RZZ")},
                   guesses_};
};

TEST_F(Explanations, OfSomebodyWithWhomAnOrganisationHasNothingToDoReadAsOfNobody) {
  const auto theirs = Ask(Officer("RYY"), kAnnasNumber);
  ASSERT_FALSE(theirs);
  EXPECT_EQ(theirs.error().id, ErrorId::kNotFound);
  EXPECT_EQ(theirs.error(), Ask(Officer("RYY"), kNobodysNumber).error());
  EXPECT_EQ(theirs.error(), Ask(Officer("RXX"), kAnnasNumber, "1971-01-02").error());
  const auto entries = EntriesOf(audit::Kind::kExplain);
  EXPECT_THAT(entries, testing::SizeIs(3));
  EXPECT_THAT(entries, Each(Field(&audit::Headline::outcome, "not_found")));
}

TEST_F(Explanations, ReachThoseOfWhomTheOrganisationHoldsSomethingOrWhomItWasShown) {
  EXPECT_TRUE(Ask(Officer("RXX"), kAnnasNumber));
  Asked(audit::Kind::kRefusal);
  EXPECT_FALSE(Ask(Officer("RYY"), kAnnasNumber)) << "that one was refused tells nobody anything";
  Asked(audit::Kind::kView);
  EXPECT_TRUE(Ask(Officer("RYY"), kAnnasNumber));
  EXPECT_TRUE(Ask(SystemOfficer(), kNobodysNumber)) << "the system's officer may know";
}

TEST_F(Explanations, StopWhoGoesOnGuessingAndNobodyElse) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(Ask(Officer("RYY"), kAnnasNumber).error().id, ErrorId::kNotFound);
  }
  const auto stopped = Ask(Officer("RYY"), kAnnasNumber);
  EXPECT_EQ(stopped.error().id, ErrorId::kNotPermitted);
  EXPECT_EQ(stopped.error(), Ask(Officer("RYY"), kNobodysNumber).error());
  EXPECT_TRUE(guesses_.IsSpent(Officer("RYY"))) << "for views too";
  EXPECT_TRUE(Ask(Officer("RXX"), kAnnasNumber));
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(Ask(SystemOfficer(), kNobodysNumber));
}

TEST_F(Explanations, NameASensitiveSourceForACaseAlone) {
  const auto text = [&](const record::Requester& officer, const char* case_reference) {
    std::string all;
    const auto explained = Ask(officer, kAnnasNumber, "1970-01-02", case_reference);
    for (const std::string& line : explained->value().text) all += line + "\n";
    return all;
  };
  for (const auto& officer : {Officer("RXX"), SystemOfficer()}) {
    EXPECT_THAT(text(officer, ""), Not(HasSubstr("RZZ")));
    EXPECT_THAT(text(officer, ""), HasSubstr("a source whose name is protected"));
    EXPECT_THAT(text(officer, "CASE-1"), HasSubstr("RZZ"));
  }
}

class HiddenThings : public Explanations {
 protected:
  HiddenThings() { gateway_.Say(kit::About(kAnna, {kit::Allergy("a", "Nuts")})); }

  void Chose(record::ConsentKind kind, const std::function<void(record::Consent&)>& more) {
    record::Consent consent;
    consent.id = record::FactId::New(gateway_.clock().Now());
    consent.kind = kind;
    consent.recorded = consent.period.from = gateway_.clock().Now();
    more(consent);
    const auto anna = gateway_.PersonOf(kAnnasNumber)->id;
    ASSERT_TRUE(store::WriteAndWait(gateway_.store(), [&](store::Transaction& transaction) {
      return transaction.facts().AddConsent(anna, consent);
    }));
  }
  // All that the answer says, but for the moment of the decision.
  static std::string AllOf(const Explanation& explained) {
    std::string all;
    for (const auto& each : explained.classes) {
      all += each.source + " " + std::string(KeyOf(each.section)) + " " +
             std::to_string(each.entries) + " " + each.verdict + " " + each.rule + "\n";
      for (const std::string& label : each.labels) all += "label " + label + "\n";
    }
    for (const std::string& duty : explained.duties) all += duty + "\n";
    for (std::size_t i = 0; i + 1 < explained.text.size(); ++i) all += explained.text[i] + "\n";
    return all;
  }
  std::string Told(const record::Requester& officer, const std::string& case_reference = "") {
    const auto explained = Ask(officer, kAnnasNumber, "1970-01-02", case_reference);
    return explained ? AllOf(explained->value()) : base::Describe(explained.error());
  }

  static inline const kit::Who kAnna{.nhs_number = kAnnasNumber, .local = "1"};
};

TEST_F(HiddenThings, AreNotToldToAnOrganisationsOfficerWhoAsksAboutAnEmergency) {
  ASSERT_THAT(Told(Officer("RXX")), HasSubstr("Entries: allergies of RXX"));
  Chose(record::ConsentKind::kHide, [](record::Consent& hide) {
    hide.scope.sections = {record::Section::kAllergies};
    hide.scope.purposes = {record::Purpose::kDirectCare};
  });
  EXPECT_THAT(Told(Officer("RXX")), Not(HasSubstr("Entries:")));
  EXPECT_THAT(Told(Officer("RXX", "R0001"), "CASE-1"), Not(HasSubstr("Entries:")));
  EXPECT_THAT(Told(SystemOfficer()), HasSubstr("Entries: allergies of RXX"));
}

TEST_F(HiddenThings, ThatWereLockedAreNotToldToWhoAsksAsOneOfTheTeam) {
  Chose(record::ConsentKind::kSealAndLock, [](record::Consent& lock) {
    lock.scope.sections = {record::Section::kAllergies};
    lock.team = "RXX";
  });
  EXPECT_THAT(Told(Officer("RXX")), Not(HasSubstr("Entries:")));
}

TEST_F(HiddenThings, OfASourceThatIsHiddenWholeReadAsIfItHadNeverKnownThem) {
  Chose(record::ConsentKind::kSeal, [](record::Consent& seal) {
    seal.scope.sections = {record::Section::kAllergies};
    seal.team = "RYY";
  });
  EXPECT_THAT(Told(Officer("RXX")), HasSubstr("Manifest: RXX"));
  EXPECT_THAT(Told(Officer("RXX")), HasSubstr("seal_opened"));
  Chose(record::ConsentKind::kHide,
        [](record::Consent& hide) { hide.scope.sources = {*record::OdsCode::Parse("RXX")}; });
  EXPECT_THAT(Told(Officer("RXX")), Not(HasSubstr("Manifest: RXX")));
  EXPECT_THAT(Told(Officer("RXX")), Not(HasSubstr("seal_opened")));
  EXPECT_THAT(Told(SystemOfficer()), HasSubstr("seal_opened"));
}

TEST_F(HiddenThings, AreNotWhatAProxysHideRuleWithholdsWithALine) {
  const record::Evidence admitted{.id = record::FactId::New(kit::kMorning),
                                  .kind = record::EvidenceKind::kOpenEncounter,
                                  .organisation = *record::OdsCode::Parse("RXX"),
                                  .user = "",
                                  .reference = "V1",
                                  .period = {kit::kMorning, {}},
                                  .said_by = "test"};
  const auto anna = gateway_.PersonOf(kAnnasNumber)->id;
  ASSERT_TRUE(store::WriteAndWait(gateway_.store(), [&](store::Transaction& to) {
    return to.facts().PutEvidence(anna, admitted);
  }));
  Chose(record::ConsentKind::kHide, [](record::Consent& hide) {
    hide.by = record::ConsentBy::kProxy;
    hide.scope.sections = {record::Section::kAllergies};
  });
  purpose_ = record::Purpose::kDirectCare;
  EXPECT_THAT(Told(Officer("RXX")), HasSubstr("allergies 1 withhold"));
}

TEST_F(HiddenThings, ALabelIsToldForACaseAlone) {
  auto labelled = kit::Allergy("b", "Milk");
  labelled.source_labels = {"confidentiality:R"};
  gateway_.Say(kit::About(kAnna, {labelled}));
  EXPECT_THAT(Told(Officer("RXX")), Not(HasSubstr("confidential")));
  EXPECT_THAT(Told(Officer("RXX"), "CASE-1"), HasSubstr("label source:confidential"));
}

}  // namespace
}  // namespace milecastle::govern
