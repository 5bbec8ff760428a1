// What comes late and is an older version than what its source said of the same.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "kit/small_gateway.h"
#include "record/document_key.h"
#include "wire/entry.h"

namespace milecastle::receive {
namespace {

using kit::Allergy;
using port::Disposition;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

constexpr const char* kOne = "9990000018";
const kit::Who kAnna{.nhs_number = kOne, .local = "1"};

record::Span Hour(int hour) {
  const base::Instant at = kit::kMorning - std::chrono::hours(100) + std::chrono::hours(hour);
  return {at, at};
}
record::Version Made(int hour) { return {.made = Hour(hour)}; }
record::Version Sent(int hour) { return {.sent = Hour(hour)}; }

record::Draft Draft(const std::string& key, const std::string& text, record::Version version) {
  record::Draft draft = Allergy(key, text);
  draft.version = version;
  return draft;
}

class LateVersions : public testing::Test {
 protected:
  port::Received Say(std::vector<record::Draft> drafts) {
    return gateway_.Say(kit::About(kAnna, std::move(drafts)));
  }
  port::Received Withdraw(const std::string& key, record::Version version) {
    record::Contribution contribution = kit::About(kAnna);
    contribution.withdrawn_keys = {key};
    contribution.version = version;
    return gateway_.Say(std::move(contribution));
  }
  // A document with these parts, that replaces what stood of it.
  port::Received Document(const std::string& key, record::Version version,
                          const std::vector<std::string>& parts) {
    record::Contribution contribution = kit::About(kAnna, {Allergy(key, key)});
    for (const std::string& part : parts) {
      contribution.drafts.push_back(Allergy(key + "/" + part, part));
    }
    contribution.replaced_documents = {key};
    contribution.version = version;
    return gateway_.Say(std::move(contribution));
  }

  std::set<std::string> Shown() {
    const auto snapshot = gateway_.Look();
    const auto segment = *snapshot->records().SegmentOf(gateway_.PersonOf(kOne)->id);
    std::set<std::string> shown;
    for (const auto& item : segment->items) {
      const auto entry = wire::DecodeEntry(segment->bytes.substr(item.offset, item.size));
      shown.insert(entry ? entry->what.text : "?");
    }
    return shown;
  }

  // Of the entry that says this: what became of each version, the last that came first.
  std::vector<std::string> HistoryOf(const std::string& text) {
    const auto snapshot = gateway_.Look();
    const auto person = gateway_.PersonOf(kOne)->id;
    const auto segment = *snapshot->records().SegmentOf(person);
    for (const auto& item : segment->items) {
      if (Text(*segment, item) == text) {
        return Told(*snapshot->records().HistoryOf(person, item.id, {}));
      }
    }
    return {"nothing says so"};
  }
  static std::string Text(const store::Segment& segment, const store::SegmentItem& item) {
    const auto entry = wire::DecodeEntry(segment.bytes.substr(item.offset, item.size));
    return entry ? entry->what.text : "?";
  }
  static std::vector<std::string> Told(const store::EntryHistory& history) {
    std::vector<std::string> told;
    for (std::size_t i = 0; i < history.versions.size(); ++i) {
      const auto& version = history.versions[i];
      told.push_back(Text(history.segment, history.segment.items[i]) +
                     (version.came_late                                     ? " late"
                      : version.standing == record::Standing::kCurrent      ? ""
                      : version.standing == record::Standing::kSuperseded   ? " superseded"
                      : version.standing == record::Standing::kNoLongerSent ? " no longer sent"
                                                                            : " withdrawn"));
    }
    return told;
  }
  // As Document, with parts that have names of their own.
  port::Received DocumentOf(const std::string& key, record::Version version,
                            std::vector<record::Draft> parts) {
    record::Contribution contribution = kit::About(kAnna, {Allergy(key, key)});
    for (record::Draft& part : parts) {
      part.entry.links.push_back({std::string(record::kInDocument), key});
      contribution.drafts.push_back(std::move(part));
    }
    contribution.replaced_documents = {key};
    contribution.version = version;
    return gateway_.Say(std::move(contribution));
  }

  kit::SmallGateway gateway_;
};

TEST_F(LateVersions, WhatIsOlderByADoubtfulNumberAloneIsAskedAbout) {
  const auto version = [](std::uint64_t number, int hour) {
    return record::Version{.number = number, .made = Hour(hour)};
  };
  const auto asked = [&] {
    std::vector<std::string> reasons;
    for (const auto& item : gateway_.Queued(store::QueueKind::kNullReview)) {
      reasons.push_back(item.reason);
    }
    return reasons;
  };
  Say({Draft("flag", "not for resuscitation", version(20250101, 5))});
  Say({Draft("flag", "before", version(2, 4))});
  EXPECT_THAT(asked(), IsEmpty()) << "its time says so too";
  Say({Draft("flag", "for resuscitation", version(3, 6))});
  EXPECT_THAT(Shown(), UnorderedElementsAre("not for resuscitation"));
  EXPECT_THAT(asked(), UnorderedElementsAre("version_doubtful"));
  Say({Draft("plan", "one", {.number = ~std::uint64_t{0}})});
  Say({Draft("plan", "two", {.number = 2})});
  EXPECT_THAT(asked(), SizeIs(2)) << "no time at all, and no such number";
}

TEST_F(LateVersions, AnOlderVersionTakesNobodysPlaceAndTheJournalSaysSo) {
  Say({Draft("flag", "not for resuscitation", Made(2))});
  const auto late = Say({Draft("flag", "for resuscitation", Made(1))});
  EXPECT_EQ(late.outcome.disposition, Disposition::kAccepted);
  EXPECT_EQ(late.outcome.entries, 0U);
  const auto lines = gateway_.Journalled(late.outcome).not_carried;
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_NE(lines[0].why.find("older version"), std::string::npos);
  EXPECT_THAT(Shown(), UnorderedElementsAre("not for resuscitation"));
  const auto newer = Say({Draft("flag", "as discussed", Made(3))});
  EXPECT_THAT(gateway_.Journalled(newer.outcome).not_carried, IsEmpty());
  EXPECT_THAT(Shown(), UnorderedElementsAre("as discussed"));
}

TEST_F(LateVersions, WhereOneSaysNothingOfItsVersionTheOrderIsThatOfTheirComing) {
  Say({Draft("a", "one", Made(2))});
  Say({Draft("a", "two", {})});
  EXPECT_THAT(Shown(), UnorderedElementsAre("two"));
  Say({Draft("a", "three", Sent(1))});
  EXPECT_THAT(Shown(), UnorderedElementsAre("three")) << "of another kind: not compared";
}

TEST_F(LateVersions, WhatWasSaidBetweenWithoutAVersionLetsNoOlderOneIn) {
  Say({Draft("a", "one", Made(2))});
  Say({Draft("a", "two", {})});
  Say({Draft("a", "old", Made(1))});
  EXPECT_THAT(Shown(), UnorderedElementsAre("two"));
}

TEST_F(LateVersions, AnOlderMessageDoesNotBringBackWhatWasWithdrawn) {
  Say({Draft("a", "latex", Sent(1))});
  Withdraw("a", Sent(5));
  Say({Draft("a", "latex", Sent(3))});
  EXPECT_THAT(Shown(), IsEmpty());
  Say({Draft("a", "latex", Sent(6))});
  EXPECT_THAT(Shown(), UnorderedElementsAre("latex"));
  EXPECT_THAT(gateway_.Journalled(Withdraw("a", Sent(4)).outcome).not_carried, SizeIs(1));
  EXPECT_THAT(Shown(), UnorderedElementsAre("latex")) << "a late withdrawal ends nothing newer";
}

TEST_F(LateVersions, AWithdrawalThatComesBeforeWhatItWithdrawsHolds) {
  Say({Draft("other", "nuts", Sent(1))});
  Withdraw("a", Sent(5));
  Say({Draft("a", "latex", Sent(3))});
  EXPECT_THAT(Shown(), UnorderedElementsAre("nuts"));
}

TEST_F(LateVersions, AnOlderDocumentBringsNothingBackAndEndsNothing) {
  Document("d", {.number = 2, .made = Hour(2)}, {"section 1", "section 2"});
  const auto late = Document("d", {.number = 1, .made = Hour(1)}, {"section 1", "dropped"});
  EXPECT_EQ(late.outcome.entries, 0U);
  EXPECT_THAT(Shown(), UnorderedElementsAre("d", "section 1", "section 2"));
  Document("d", {.number = 3, .made = Hour(3)}, {"section 3"});
  EXPECT_THAT(Shown(), UnorderedElementsAre("d", "section 3"));
}

TEST_F(LateVersions, ADocumentThatWasReplacedByAnotherDoesNotComeBack) {
  record::Contribution other = kit::About(kAnna, {Allergy("e", "e")});
  other.replaced_documents = {"d", "e"};
  other.withdrawn_keys = {"d"};
  other.version = Made(5);
  gateway_.Say(other);
  Document("d", Made(1), {"section"});
  EXPECT_THAT(Shown(), UnorderedElementsAre("e"));
}

TEST_F(LateVersions, AClockThatRunsAheadBlocksNothingThatComesAfterIt) {
  Say({Draft("a", "from the future", Made(100'000))});
  const base::Instant now = gateway_.clock().Now() + std::chrono::milliseconds(1);
  Say({Draft("a", "right", {.made = record::Span{now, now}})});
  EXPECT_THAT(Shown(), UnorderedElementsAre("right"));
  Say({Draft("a", "old", Made(1))});
  EXPECT_THAT(Shown(), UnorderedElementsAre("right"));
}

TEST_F(LateVersions, AnOlderMessageOpensNoRelationship) {
  Say({Draft("a", "one", Sent(5))});
  record::Contribution late = kit::About(kAnna, {Allergy("a", "old")});
  late.version = Sent(1);
  record::EncounterClaim stay;
  stay.number = "V1";
  stay.change = record::EncounterChange::kOpened;
  stay.patient_class = "I";
  late.encounter = stay;
  gateway_.Say(late);
  EXPECT_THAT(gateway_.FactsOf(gateway_.PersonOf(kOne)->id).evidence, IsEmpty());
}

TEST_F(LateVersions, ASnapshotKeepsWhatItGivesAnOlderVersionOf) {
  Say({Draft("a", "one", Made(5))});
  record::Contribution snapshot = kit::About(kAnna, {Draft("a", "old", Made(1))});
  snapshot.snapshot_of = {record::Section::kAllergies};
  gateway_.Say(snapshot);
  EXPECT_THAT(Shown(), UnorderedElementsAre("one"));
}

TEST_F(LateVersions, AnOlderListOfASectionEndsNothingAndBringsNothingBack) {
  const auto list = [this](int hour, std::vector<record::Draft> drafts) {
    record::Contribution contribution = kit::About(kAnna, std::move(drafts));
    contribution.snapshot_of = {record::Section::kAllergies};
    contribution.version = Sent(hour);
    gateway_.Say(contribution);
  };
  list(1, {Allergy("a", "nuts"), Allergy("b", "eggs")});
  list(5, {Allergy("a", "nuts"), Allergy("c", "milk")});
  EXPECT_THAT(Shown(), UnorderedElementsAre("nuts", "milk"));
  list(3, {Allergy("a", "nuts"), Allergy("b", "eggs")});
  EXPECT_THAT(Shown(), UnorderedElementsAre("nuts", "milk"));
  record::Contribution alone = kit::About(kAnna, {Allergy("d", "latex")});
  alone.version = Sent(9);
  gateway_.Say(alone);
  list(7, {Allergy("a", "nuts")});
  EXPECT_THAT(Shown(), UnorderedElementsAre("nuts", "milk", "latex")) << "none of it is ended";
  list(10, {Allergy("a", "nuts")});
  EXPECT_THAT(Shown(), UnorderedElementsAre("nuts"));
}

TEST_F(LateVersions, WhatCameLateIsKeptAsHistory) {
  Say({Draft("flag", "not for resuscitation", Made(2))});
  Say({Draft("flag", "for resuscitation", Made(1))});
  Say({Draft("flag", "for resuscitation", Made(1))});
  EXPECT_THAT(HistoryOf("not for resuscitation"),
              testing::ElementsAre("for resuscitation late", "not for resuscitation"));
  Say({Draft("flag", "under review", Made(3))});
  EXPECT_THAT(HistoryOf("under review"),
              testing::ElementsAre("under review", "for resuscitation late",
                                   "not for resuscitation superseded"));
}

TEST_F(LateVersions, WhatCameLateHoldsBackNothingThatIsNewer) {
  Say({Draft("a", "two", Made(2))});
  Say({Draft("a", "one", Made(1))});
  Say({Draft("a", "three", Made(3))});
  EXPECT_THAT(Shown(), UnorderedElementsAre("three"));
}

TEST_F(LateVersions, APartWithANameOfItsOwnEndsWithTheVersionThatHadIt) {
  DocumentOf("d", Made(1), {Allergy("Condition/1", "stays"), Allergy("Condition/2", "goes")});
  DocumentOf("d", Made(2), {Allergy("Condition/1", "stays")});
  EXPECT_THAT(Shown(), UnorderedElementsAre("d", "stays"));
  DocumentOf("d", Made(3), {});
  EXPECT_THAT(Shown(), UnorderedElementsAre("d"));
}

TEST_F(LateVersions, APartThatItsSourceGaveOnItsOwnTooStands) {
  Say({Allergy("Condition/1", "asthma")});
  DocumentOf("d", Made(1), {Allergy("Condition/1", "asthma")});
  DocumentOf("d", Made(2), {});
  EXPECT_THAT(Shown(), UnorderedElementsAre("d", "asthma"));
}

TEST_F(LateVersions, AnOlderDocumentBringsBackNoPartWithANameAndAVersionOfItsOwn) {
  DocumentOf("d", Made(5), {});
  const auto late = DocumentOf("d", Made(1), {Draft("Condition/1", "dropped", Made(1))});
  EXPECT_EQ(late.outcome.entries, 0U);
  EXPECT_THAT(Shown(), UnorderedElementsAre("d"));
  Say({Draft("Condition/2", "asthma", Made(1))});
  DocumentOf("d", Made(2), {Draft("Condition/2", "asthma, worse", Made(2))});
  EXPECT_THAT(Shown(), UnorderedElementsAre("d", "asthma, worse")) << "newer than its own last";
}

}  // namespace
}  // namespace milecastle::receive
