// The versions of an entry, as a reader is told of them.
#include "disclose/history.h"

#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "audit/payload.h"
#include "house.h"

namespace milecastle::disclose {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

record::Entry Problem(const std::string& text, const std::string& status = "") {
  record::Entry entry = Item(Section::kProblems, text);
  entry.kind = record::Kind::kProblem;
  entry.status_original = status;
  return entry;
}

class Told {
 public:
  explicit Told(base::Result<ViewAnswer> answer) : answer_(std::move(answer)) {
    const bool parsed = answer_ && response_.ParseFromString(Bytes());
    EXPECT_TRUE(parsed);
  }
  const v1::EntryHistory& history() const { return response_.history(); }
  const v1::GetEntryHistoryResponse& response() const { return response_; }
  bool on_grid() const { return answer_->on_grid; }
  std::string Bytes() const { return answer_->response.head + answer_->response.rest; }
  std::string BytesWithoutReceipt() const {
    v1::GetEntryHistoryResponse alone;
    *alone.mutable_receipt() = response_.receipt();
    return Bytes().substr(0, Bytes().size() - alone.SerializeAsString().size());
  }
  // "state text", of an entry that stands "state =text".
  std::vector<std::string> Versions() const {
    std::vector<std::string> told;
    for (const auto& version : history().versions()) {
      const std::string state = v1::VersionState_Name(version.state()).substr(14);
      EXPECT_NE(version.has_entry(), version.has_not_current());
      told.push_back(state + (version.has_entry() ? " =" + version.entry().what().text()
                                                  : " " + version.not_current().what().text()));
    }
    return told;
  }
  std::vector<std::string> Withheld() const {
    std::vector<std::string> told;
    for (const auto& each : history().withheld()) {
      told.push_back(std::to_string(each.count()) + " " + each.reason());
    }
    return told;
  }

 private:
  base::Result<ViewAnswer> answer_;
  v1::GetEntryHistoryResponse response_;
};

class History : public testing::Test {
 protected:
  Told Ask(record::EntryId entry) { return AskOf(house_, entry); }
  static Told AskOf(House& house, record::EntryId entry) { return Told(AnswerOf(house, entry)); }
  base::ErrorId Failure(record::EntryId entry) { return AnswerOf(house_, entry).error().id; }
  static base::Result<ViewAnswer> AnswerOf(House& house, record::EntryId entry) {
    PatientViews views(house.store(), house.log(), house.policy(), house.clock, house.options);
    EntryHistories histories(house.store(), house.log(), house.policy(), house.clock,
                             views.guesses(), {});
    auto answer = std::make_shared<std::promise<base::Result<ViewAnswer>>>();
    histories.Get({.of = house.request, .entry = entry},
                  [answer](base::Result<ViewAnswer> got) { answer->set_value(std::move(got)); });
    return answer->get_future().get();
  }
  record::EntryId Holds(const record::Entry& entry, std::vector<std::string> labels = {}) {
    house_.clock.Advance(minutes(1));
    return house_.Holds("ZT2", entry, std::move(labels), "key");
  }
  // An older version of the same entry.
  void ComesLate(record::EntryId of, const std::string& text) {
    const auto snapshot = house_.store().Read();
    store::StoredEntry late = **(*snapshot)->records().Find(of);
    late.id = record::EntryId::New(house_.clock.Now());
    late.bytes = wire::EncodeEntry(Problem(text));
    late.stored = house_.clock.Now();
    EXPECT_TRUE(
        store::WriteAndWait(house_.store(), [&](store::Transaction& to) -> base::Result<void> {
          EXPECT_TRUE(*to.records().PutOlder(late));
          return {};
        }));
  }
  boost::json::object Leaf() {
    const auto leaf = house_.LastLeaf();
    return boost::json::parse(leaf.body->payload).as_object();
  }
  boost::json::object Said() { return Leaf().at("what").as_object(); }

  House house_;
};

TEST_F(History, TellsOldVersionsApartFromWhatStands) {
  house_.Knows("ZT2").Admitted();
  const auto first = Holds(Problem("asthma"));
  const auto second = Holds(Problem("asthma, mild"));
  for (const auto id : {first, second}) {
    const Told told = Ask(id);
    EXPECT_THAT(told.Versions(), ElementsAre("CURRENT =asthma, mild", "SUPERSEDED asthma"));
    const auto& old = told.history().versions(1);
    EXPECT_EQ(old.taken_over_by(), second.uuid.AsBytes());
    EXPECT_EQ(old.not_current().entry_id(), first.uuid.AsBytes());
    EXPECT_EQ(old.not_current().source(), "ZT2");
    EXPECT_EQ(old.message_id().size(), 16U);
    EXPECT_EQ(old.ended().seconds() - old.came().seconds(), 60);
    EXPECT_FALSE(told.on_grid());
  }
}

TEST_F(History, ACorrectionIsToldWhereTheNewerVersionCallsItselfOne) {
  house_.Knows("ZT2").Admitted();
  Holds(Problem("potassium 9.1", "final"));
  const auto last = Holds(Problem("potassium 4.1", "corrected"));
  EXPECT_THAT(Ask(last).Versions(),
              ElementsAre("CURRENT =potassium 4.1", "CORRECTED potassium 9.1"));
}

TEST_F(History, WhatWasEnteredInErrorIsNeverGivenAsAFact) {
  house_.Knows("ZT2").Admitted();
  record::Entry wrong = Problem("epilepsy");
  Holds(wrong);
  wrong.verification = record::Verification::kEnteredInError;
  const auto last = Holds(wrong);
  EXPECT_THAT(Ask(last).Versions(),
              ElementsAre("ENTERED_IN_ERROR epilepsy", "ENTERED_IN_ERROR epilepsy"));
  Holds(Problem("no epilepsy"));
  EXPECT_THAT(Ask(last).Versions(), ElementsAre("CURRENT =no epilepsy", "ENTERED_IN_ERROR epilepsy",
                                                "ENTERED_IN_ERROR epilepsy"));
}

TEST_F(History, WhatWasTakenBackSaysSo) {
  house_.Knows("ZT2").Admitted();
  const auto only = Holds(Problem("asthma"));
  house_.TakesBack("ZT2", "key");
  EXPECT_THAT(Ask(only).Versions(), ElementsAre("WITHDRAWN asthma"));
  record::Entry refuted = Problem("angina");
  refuted.verification = record::Verification::kRefuted;
  const auto next = Holds(refuted);
  EXPECT_THAT(Ask(next).Versions(), ElementsAre("REFUTED angina", "WITHDRAWN asthma"));
}

TEST_F(History, AnOlderVersionThatCameLateIsToldAsThat) {
  house_.Knows("ZT2").Admitted();
  const auto current = Holds(Problem("not for resuscitation"));
  ComesLate(current, "for resuscitation");
  const Told told = Ask(current);
  EXPECT_THAT(told.Versions(),
              ElementsAre("CAME_LATE for resuscitation", "CURRENT =not for resuscitation"));
  EXPECT_FALSE(told.history().versions(0).has_ended()) << "it never was current";
}

TEST_F(History, ALabelOfAnyVersionWithholdsAllButWhatAViewShows) {
  house_.Knows("ZT2").Admitted();
  Holds(Problem("canary one"));
  Holds(Problem("canary two"), {"sexual_health"});
  const auto last = Holds(Problem("asthma"));
  EXPECT_TRUE(house_.Ask().Holds("asthma"));
  const Told told = Ask(last);
  EXPECT_THAT(told.Versions(), ElementsAre("CURRENT =asthma"));
  EXPECT_THAT(told.Withheld(), ElementsAre("0 withheld")) << "as a manifest says it";
  EXPECT_THAT(told.Bytes(), Not(HasSubstr("canary")));
}

TEST_F(History, WhatTheReaderMayKnowTheReasonOfIsCounted) {
  house_.Knows("ZT2").Admitted().Chose(record::ConsentKind::kRestriction,
                                       {.sections = {Section::kAllergies}});
  Holds(Allergy("canary one"));
  Holds(Allergy("canary two"));
  const auto last = Holds(Problem("asthma"));
  EXPECT_THAT(Ask(last).Withheld(), ElementsAre("2 restriction"));
}

TEST_F(History, AVersionSaysNothingOfALastWordThatIsWithheld) {
  house_.Knows("ZT2").Admitted();
  const auto first = Holds(Problem("canary one"));
  Holds(Problem("canary two"), {"sexual_health"});
  const Told told = Ask(first);
  EXPECT_THAT(told.Versions(), IsEmpty());
  EXPECT_THAT(told.Bytes(), Not(HasSubstr("canary")));
}

TEST_F(History, AVersionInAnotherSectionSaysNothingOfALastWordThatIsHidden) {
  house_.Knows("ZT2").Admitted().Chose(record::ConsentKind::kHide,
                                       {.sections = {Section::kAllergies}});
  const auto first = Holds(Problem("canary one"));
  Holds(Allergy("canary two"));
  const Told told = Ask(first);
  const Told nobodys = Ask(record::EntryId::New(kNoon));
  EXPECT_EQ(told.BytesWithoutReceipt(), nobodys.BytesWithoutReceipt());
  EXPECT_TRUE(told.on_grid());
  EXPECT_EQ(Said().at("history").at("versions").as_array().size(), 0U);
}

TEST_F(History, AHiddenVersionOfBeforeIsNotCounted) {
  house_.Knows("ZT2").Admitted().Chose(record::ConsentKind::kHide,
                                       {.sections = {Section::kAllergies}});
  Holds(Allergy("canary"));
  const auto last = Holds(Problem("asthma"));
  const Told told = Ask(last);
  EXPECT_THAT(told.Versions(), ElementsAre("CURRENT =asthma"));
  EXPECT_THAT(told.Withheld(), IsEmpty());
  EXPECT_THAT(told.Bytes(), Not(HasSubstr("canary")));
}

// The same calls of two houses: in the one what is hidden is a version of the entry, in the other
// it is another entry, or not hidden at all because it never was.
class HiddenVersion : public History {
 protected:
  HiddenVersion() {
    for (House* house : {&house_, &without_}) {
      house->Knows("ZT2").Admitted().Chose(record::ConsentKind::kHide,
                                           {.sections = {Section::kAllergies}});
    }
  }
  record::EntryId Both(const record::Entry& entry) {
    without_.clock.Advance(minutes(1));
    without_.Holds("ZT2", entry, {}, "key");
    return Holds(entry);
  }
  record::EntryId Hidden(const record::Entry& entry, std::vector<std::string> labels = {}) {
    without_.clock.Advance(minutes(1));
    without_.Holds("ZT2", entry, labels, "elsewhere");
    return Holds(entry, std::move(labels));
  }
  Told AskBoth(record::EntryId entry) {
    const Told told = Ask(entry);
    EXPECT_EQ(told.BytesWithoutReceipt(), AskOf(without_, entry).BytesWithoutReceipt());
    EXPECT_THAT(told.Bytes(), Not(HasSubstr("canary")));
    return told;
  }

  House without_;
};

TEST_F(HiddenVersion, LeavesNoTraceBesideWhatAViewShows) {
  Hidden(Problem("canary"), {"hfea"});
  const auto last = Both(Problem("asthma"));
  EXPECT_TRUE(house_.Ask().Holds("asthma"));
  const Told told = AskBoth(last);
  EXPECT_THAT(told.Versions(), ElementsAre("CURRENT =asthma"));
  EXPECT_THAT(told.Withheld(), IsEmpty());
}

TEST_F(HiddenVersion, LeavesNoGapBetweenOthers) {
  const auto first = Both(Problem("asthma"));
  Hidden(Allergy("canary"));
  const auto last = Both(Problem("asthma, mild"));
  const Told told = AskBoth(first);
  EXPECT_THAT(told.Versions(), ElementsAre("CURRENT =asthma, mild", "SUPERSEDED asthma"));
  const auto& old = told.history().versions(1);
  EXPECT_EQ(old.taken_over_by(), last.uuid.AsBytes());
  EXPECT_EQ(old.ended().seconds(), told.history().versions(0).came().seconds());
}

TEST_F(HiddenVersion, IsNobodysById) {
  const auto hidden = Hidden(Allergy("canary"));
  Both(Problem("asthma"));
  const Told told = Ask(hidden);
  EXPECT_THAT(told.Versions(), IsEmpty());
  EXPECT_EQ(told.BytesWithoutReceipt(), Ask(record::EntryId::New(kNoon)).BytesWithoutReceipt());
  EXPECT_TRUE(told.on_grid());
}

TEST_F(HiddenVersion, TakesWithItWhatItAloneSaysWasInError) {
  Both(Problem("asthma"));
  const auto epilepsy = Hidden(Problem("canary epilepsy"), {});
  record::Entry error = Allergy("canary, wrong");
  error.verification = record::Verification::kEnteredInError;
  Hidden(error);
  const auto last = Both(Problem("no epilepsy"));
  const Told told = Ask(last);
  EXPECT_THAT(told.Versions(), ElementsAre("CURRENT =no epilepsy"))
      << "neither as a fact of its time nor as an error that nobody is seen to say";
  EXPECT_THAT(told.Withheld(), IsEmpty());
  EXPECT_THAT(told.Bytes(), Not(HasSubstr("canary")));
  EXPECT_NE(epilepsy, last);
}

TEST_F(HiddenVersion, MakesNoCut) {
  for (int i = 0; i < 101; ++i) Hidden(Problem("canary " + std::to_string(i)), {"hfea"});
  const auto last = Both(Problem("asthma"));
  EXPECT_FALSE(AskBoth(last).history().truncated());
  EXPECT_TRUE(Said().at("history").at("truncated").as_bool()) << "the log says it";
}

TEST_F(History, ACutIsToldAndTheLastWordIsThereHoweverManyCameLate) {
  house_.Knows("ZT2").Admitted();
  const auto current = Holds(Problem("not for resuscitation"));
  EXPECT_FALSE(Ask(current).history().truncated());
  for (int i = 0; i < 100; ++i) ComesLate(current, "for resuscitation " + std::to_string(i));
  const Told told = Ask(current);
  EXPECT_THAT(told.Versions(), SizeIs(100));
  EXPECT_EQ(told.Versions().back(), "CURRENT =not for resuscitation");
  EXPECT_TRUE(told.history().truncated());
  house_.TakesBack("ZT2", "key");
  EXPECT_EQ(Ask(current).Versions().back(), "WITHDRAWN not for resuscitation");
}

TEST_F(History, NoAgreementNoVersions) {
  house_.Knows("ZX1").Admitted();
  const auto entry = house_.Holds("ZX1", Problem("canary"));
  const Told told = Ask(entry);
  EXPECT_THAT(told.Versions(), IsEmpty());
  EXPECT_THAT(told.Withheld(), ElementsAre("1 no_agreement"));
  EXPECT_THAT(told.Bytes(), Not(HasSubstr("canary")));
}

TEST_F(History, ARefusalIsTheViewsByteForByte) {
  house_.Knows("ZT2");
  const auto entry = Holds(Problem("asthma"));
  const Told told = Ask(entry);
  EXPECT_TRUE(told.response().has_refusal());
  EXPECT_EQ(told.BytesWithoutReceipt(), house_.Ask().Bytes());
  EXPECT_TRUE(told.on_grid());
  house_.Admitted();
  house_.request.person.birth_date = "1960-05-18";
  EXPECT_EQ(Ask(entry).BytesWithoutReceipt(), house_.Ask().Bytes());
}

TEST_F(History, ADamagedVersionIsToldToNobodyWhoIsRefused) {
  house_.Knows("ZT2");
  Holds(Problem("asthma, mild"));
  const auto entry = Holds(Problem("asthma"));
  house_.Damage(
      "UPDATE entries SET bytes = CAST(substr(bytes, 2) || 'x' AS BLOB) WHERE standing = 2");
  EXPECT_EQ(Ask(entry).BytesWithoutReceipt(), house_.Ask().Bytes());
  house_.Admitted();
  EXPECT_EQ(Failure(entry), base::ErrorId::kStoreCorrupt);
}

TEST_F(History, MasksWhereSomebodyIs) {
  house_.Knows("ZT2").Admitted().LocationIs(record::LocationProtection::kLocal);
  record::Entry entry = Problem("asthma");
  entry.addresses = {{.lines = {"canary street"}}};
  entry.practice = "canary practice";
  Holds(entry);
  const auto last = Holds(Problem("asthma, mild"));
  const Told told = Ask(last);
  EXPECT_THAT(told.Bytes(), Not(HasSubstr("canary")));
  EXPECT_THAT(told.Bytes(), Not(HasSubstr("ZT2")));
  for (const auto& version : told.history().versions()) EXPECT_EQ(version.message_id(), "");
  EXPECT_THAT(told.history().warnings(), testing::Contains("location_protected"));
}

TEST_F(History, TheLeafNamesWhatWasShownAndTheDigestOfTheAnswer) {
  house_.Knows("ZT2").Admitted();
  const auto first = Holds(Problem("asthma"));
  const auto second = Holds(Problem("asthma, mild"));
  const Told told = Ask(second);
  EXPECT_EQ(house_.LastLeaf().leaf.kind, audit::Kind::kView);
  const auto said = Said();
  EXPECT_EQ(said.at("answer_sha256").as_string(),
            base::ToHex(base::AsBytes(base::Sha256(told.BytesWithoutReceipt()))));
  const auto& history = said.at("history").as_object();
  EXPECT_EQ(history.at("entry").as_string(), second.ToString());
  const auto& versions = history.at("versions").as_array();
  ASSERT_EQ(versions.size(), 2U);
  EXPECT_EQ(versions[1].at("state").as_string(), "superseded");
  EXPECT_EQ(versions[1].at("number").to_number<std::uint64_t>(), house_.NumberOf(first));
  EXPECT_FALSE(said.at("entries").as_string().empty());
  EXPECT_THAT(house_.LastLeaf().body->payload, Not(HasSubstr("asthma")));
}

TEST_F(History, EmergencyAccessMakesItsDutiesHereToo) {
  house_.Knows("ZT2");
  const auto entry = Holds(Problem("asthma"));
  house_.request.purpose = record::Purpose::kEmergency;
  house_.request.reason_code = "LIFE";
  const Told told = Ask(entry);
  EXPECT_THAT(told.Versions(), ElementsAre("CURRENT =asthma"));
  EXPECT_GT(told.history().duties_size(), 0);
  EXPECT_EQ(house_.LastLeaf().leaf.kind, audit::Kind::kEmergency);
}

}  // namespace
}  // namespace milecastle::disclose
