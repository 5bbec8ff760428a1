// A message that was refused or quarantined, read again or corrected after others came.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kit/small_gateway.h"
#include "wire/entry.h"

namespace milecastle::receive {
namespace {

using kit::Allergy;
using kit::Who;
using port::Disposition;
using record::EncounterChange;
using store::QueueKind;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

constexpr const char* kOne = "9990000018";
constexpr const char* kTwo = "9990000026";
const Who kAnna{.nhs_number = kOne, .local = "1"};
const Who kBen{.nhs_number = kTwo, .local = "2"};
const base::Error kUnreadable{base::ErrorId::kMessageInvalid, "PID-7", "write YYYYMMDD"};

port::Reading Reading(const std::string& control_id, record::Contribution contribution,
                      const std::string& sender = "RXX") {
  return port::ReadingOf({control_id, "ADT^A08", sender, std::nullopt}, std::move(contribution));
}

class Mending : public testing::Test {
 protected:
  // Refused when it came; it would have said this.
  struct Held {
    record::MessageId id;
    std::string bytes;
  };
  Held Refuse(const std::string& control_id) {
    Held held{.id = {}, .bytes = gateway_.ScriptRefused(control_id, kUnreadable)};
    const auto received = gateway_.Send(held.bytes);
    EXPECT_EQ(received.outcome.disposition, Disposition::kRejected);
    held.id = *received.outcome.message;
    return held;
  }
  void MendAdapter(const Held& held, const std::string& control_id,
                   record::Contribution contribution) {
    gateway_.adapter().Mend(held.bytes, Reading(control_id, std::move(contribution)));
  }

  base::Result<Mended> Run(const Intake::Mend& mend) {
    base::Result<Mended> mended = base::Error{};
    const auto written =
        store::WriteAndWait(gateway_.store(), [&](store::Transaction& in) -> base::Result<void> {
          mended = mend(in, {"issuer officer", gateway_.clock().Now()});
          return mended ? base::Result<void>() : mended.error();
        });
    return written ? mended : written.error();
  }
  base::Result<Mended> Replay(const record::MessageId& id) {
    const auto row = **gateway_.Look()->journal().Find(id);
    return Run(gateway_.intake().PrepareMending(row, gateway_.feed()));
  }
  base::Result<Mended> Correct(const record::MessageId& id, const std::string& bytes) {
    const auto row = **gateway_.Look()->journal().Find(id);
    return Run(gateway_.intake().PrepareCorrection(row, bytes, gateway_.feed()));
  }
  store::JournalRow RowOf(const record::MessageId& id) {
    return **gateway_.Look()->journal().Find(id);
  }

  // What a view would show of allergies.
  std::vector<std::string> Allergies(const char* number = kOne) {
    std::vector<std::string> shown;
    const auto person = gateway_.PersonOf(number);
    if (!person) return shown;
    const auto segment = *gateway_.Look()->records().SegmentOf(person->id);
    for (const auto& item : segment->items) {
      const auto entry =
          wire::DecodeEntry(std::string_view(segment->bytes).substr(item.offset, item.size));
      shown.push_back(entry->what.text);
    }
    return shown;
  }

  kit::SmallGateway gateway_;
};

TEST_F(Mending, AMessageThatIsReadAgainIsTakenAsOfWhenItCame) {
  const Held held = Refuse("M");
  gateway_.Restart();
  MendAdapter(held, "M", kit::About(kAnna, {Allergy("a", "Nuts")}));
  const auto came = RowOf(held.id).received;
  const auto mended = Replay(held.id);
  ASSERT_TRUE(mended);
  EXPECT_TRUE(mended->changed);
  EXPECT_THAT(Allergies(), ElementsAre("Nuts"));
  const auto row = RowOf(held.id);
  EXPECT_EQ(row.disposition, "accepted");
  EXPECT_EQ(row.error_name, "");
  EXPECT_EQ(row.entries, 1U);
  EXPECT_EQ(row.organisation, "RXX");
  EXPECT_EQ(row.received, came);
  EXPECT_THAT(*gateway_.Look()->journal().Open(9, {}), IsEmpty());
}

TEST_F(Mending, ReadingItAgainTwiceChangesNothing) {
  const Held held = Refuse("M");
  MendAdapter(held, "M", kit::About(kAnna, {Allergy("a", "Nuts")}));
  ASSERT_TRUE(Replay(held.id));
  const auto version = gateway_.PersonOf(kOne)->record_version;
  const auto events = gateway_.Outbox().size();
  const auto again = Replay(held.id);
  ASSERT_TRUE(again);
  EXPECT_FALSE(again->changed);
  EXPECT_EQ(again->row.disposition, "accepted");
  EXPECT_EQ(gateway_.PersonOf(kOne)->record_version, version);
  EXPECT_EQ(gateway_.Outbox().size(), events);
}

TEST_F(Mending, WhatIsRefusedAgainStaysAsItWas) {
  const Held held = Refuse("M");
  EXPECT_EQ(Replay(held.id).error(), kUnreadable);
  EXPECT_THAT(*gateway_.Look()->journal().Open(9, {}), SizeIs(1));
}

TEST_F(Mending, WhatItsSourceSaidSinceOfTheSameEntryStands) {
  const Held held = Refuse("M");
  gateway_.Say(kit::About(kAnna, {Allergy("a", "Nuts, severe")}));
  MendAdapter(held, "M", kit::About(kAnna, {Allergy("a", "Nuts, mild"), Allergy("b", "Milk")}));
  const auto mended = Replay(held.id);
  ASSERT_TRUE(mended);
  EXPECT_THAT(Allergies(), UnorderedElementsAre("Nuts, severe", "Milk"));
  EXPECT_EQ(mended->held_back, 1U);
  EXPECT_EQ(mended->row.entries, 1U);
}

TEST_F(Mending, WhatItsSourceSaidAgainWithoutAChangeStandsToo) {
  gateway_.Say(kit::About(kAnna, {Allergy("a", "Nuts")}));
  const Held held = Refuse("M");
  gateway_.Say(kit::About(kAnna, {Allergy("a", "Nuts")}));
  MendAdapter(held, "M", kit::About(kAnna, {Allergy("a", "No nuts")}));
  EXPECT_EQ(Replay(held.id)->held_back, 1U);
  EXPECT_THAT(Allergies(), ElementsAre("Nuts"));
}

TEST_F(Mending, WhatWasWithdrawnSinceStaysSoEvenWhereItNeverCame) {
  const Held held = Refuse("M");
  record::Contribution withdrawal = kit::About(kAnna);
  withdrawal.withdrawn_keys = {"a"};
  gateway_.Say(withdrawal);
  MendAdapter(held, "M", kit::About(kAnna, {Allergy("a", "Nuts")}));
  ASSERT_TRUE(Replay(held.id));
  EXPECT_THAT(Allergies(), IsEmpty());
}

TEST_F(Mending, AWithdrawalThatCameBeforeALaterWordTakesNothingAway) {
  const Held held = Refuse("M");
  gateway_.Say(kit::About(kAnna, {Allergy("a", "Nuts")}));
  record::Contribution withdrawal = kit::About(kAnna);
  withdrawal.withdrawn_keys = {"a"};
  MendAdapter(held, "M", withdrawal);
  ASSERT_TRUE(Replay(held.id));
  EXPECT_THAT(Allergies(), ElementsAre("Nuts"));
}

TEST_F(Mending, ALaterSnapshotSaysAllOfItsSections) {
  const Held held = Refuse("M");
  record::Contribution snapshot = kit::About(kAnna, {Allergy("b", "Milk")});
  snapshot.snapshot_of = {record::Section::kAllergies};
  gateway_.Say(snapshot);
  MendAdapter(held, "M", kit::About(kAnna, {Allergy("a", "Nuts")}));
  EXPECT_EQ(Replay(held.id)->held_back, 1U);
  EXPECT_THAT(Allergies(), ElementsAre("Milk"));
}

TEST_F(Mending, AListIsGivenThoughAnotherSystemSpokeSinceAndEndsNothing) {
  const Held held = Refuse("M");
  const port::Feed own = gateway_.feed();
  port::Feed another = own;
  another.record_system = "another";
  gateway_.Use(another);
  gateway_.Say(kit::About(kAnna, {Allergy("a", "Milk")}));
  gateway_.Use(own);
  gateway_.Say(kit::About(kAnna, {Allergy("c", "Eggs")}));
  record::Contribution list = kit::About(kAnna, {Allergy("a", "Nuts")});
  list.snapshot_of = {record::Section::kAllergies};
  MendAdapter(held, "M", list);
  ASSERT_TRUE(Replay(held.id));
  EXPECT_THAT(Allergies(), testing::UnorderedElementsAre("Milk", "Eggs", "Nuts"));
}

// A document's version: its entries stand below its key.
record::Contribution Version(const std::string& document, std::vector<record::Draft> drafts) {
  record::Contribution said = kit::About(kAnna, std::move(drafts));
  said.replaced_documents = {document};
  return said;
}

TEST_F(Mending, AnOlderDocumentBringsNothingBackThatANewerVersionEnded) {
  const Held held = Refuse("M");
  gateway_.Say(Version("document:a", {Allergy("document:a/2", "Apixaban")}));
  record::Contribution older = Version(
      "document:a", {Allergy("document:a/1", "Warfarin"), Allergy("document:ab/1", "Another's")});
  older.statements = {{.section = record::Section::kAllergies,
                       .saying = record::SectionSaying::kNoneKnown,
                       .by = {},
                       .text = ""}};
  const auto mended = Correct(held.id, gateway_.Script("M", older));
  ASSERT_TRUE(mended);
  EXPECT_THAT(Allergies(), UnorderedElementsAre("Apixaban", "Another's"));
  EXPECT_EQ(mended->held_back, 1U);
  EXPECT_THAT(*gateway_.Look()->records().StatementsOf(gateway_.PersonOf(kOne)->id), IsEmpty());
}

TEST_F(Mending, ADocumentBringsNothingBackThatAnotherTookThePlaceOf) {
  const Held held = Refuse("M");
  record::Contribution other = Version("document:b", {Allergy("document:b/1", "Apixaban")});
  other.replaced_documents.emplace_back("document:a");
  other.withdrawn_keys = {"document:a"};
  gateway_.Say(other);
  MendAdapter(held, "M",
              Version("document:a",
                      {Allergy("document:a", "Letter"), Allergy("document:a/1", "Warfarin")}));
  EXPECT_EQ(Replay(held.id)->held_back, 2U);
  EXPECT_THAT(Allergies(), ElementsAre("Apixaban"));
}

TEST_F(Mending, ADocumentThatNothingCameAfterIsTakenWhole) {
  const Held held = Refuse("M");
  gateway_.Say(Version("document:b", {Allergy("document:b/1", "Apixaban")}));
  MendAdapter(held, "M", Version("document:a", {Allergy("document:a/1", "Warfarin")}));
  EXPECT_EQ(Replay(held.id)->held_back, 0U);
  EXPECT_THAT(Allergies(), UnorderedElementsAre("Apixaban", "Warfarin"));
}

TEST_F(Mending, TwoThatAreReadAgainOutOfOrderEndAsTheyCame) {
  const Held first = Refuse("1");
  const Held second = Refuse("2");
  MendAdapter(first, "1", kit::About(kAnna, {Allergy("a", "Nuts, mild")}));
  MendAdapter(second, "2", kit::About(kAnna, {Allergy("a", "Nuts, severe")}));
  ASSERT_TRUE(Replay(second.id));
  ASSERT_TRUE(Replay(first.id));
  EXPECT_THAT(Allergies(), ElementsAre("Nuts, severe"));
}

TEST_F(Mending, AVisitThatEndedSinceIsNotOpenedAndAPersonNotDescribedAnew) {
  const Held held = Refuse("M");
  record::Contribution discharge = kit::About({.nhs_number = kOne, .local = "1", .given = "Anne"});
  discharge.encounter = record::EncounterClaim{.number = "V", .change = EncounterChange::kClosed};
  gateway_.Say(discharge);
  record::Contribution admission = kit::About(kAnna);
  admission.encounter = record::EncounterClaim{.number = "V", .change = EncounterChange::kOpened};
  MendAdapter(held, "M", admission);
  ASSERT_TRUE(Replay(held.id));
  for (const auto& evidence : gateway_.FactsOf(gateway_.PersonOf(kOne)->id).evidence) {
    EXPECT_NE(evidence.kind, record::EvidenceKind::kOpenEncounter);
  }
  EXPECT_EQ(gateway_.IdentityOf("1")->demographics.names.front().given, "Anne");
}

TEST_F(Mending, AnOvertakenChoiceTightensAndNeverLoosens) {
  const auto choice = [](record::PreferenceAnswer answer) {
    record::Contribution said = kit::About(kAnna);
    said.preferences = {{record::PreferenceKind::kShareDetailedRecord, answer, "ZU8-2"}};
    return said;
  };
  const auto kinds = [&] {
    std::vector<record::ConsentKind> standing;
    for (const auto& consent : gateway_.FactsOf(gateway_.PersonOf(kOne)->id).consents) {
      if (!consent.withdrawn) standing.push_back(consent.kind);
    }
    return standing;
  };
  const Held consent = Refuse("1");
  const Held dissent = Refuse("2");
  gateway_.Say(kit::About(kAnna));
  MendAdapter(consent, "1", choice(record::PreferenceAnswer::kConsent));
  MendAdapter(dissent, "2", choice(record::PreferenceAnswer::kDissent));
  ASSERT_TRUE(Replay(consent.id));
  EXPECT_THAT(kinds(), IsEmpty());
  ASSERT_TRUE(Replay(dissent.id));
  EXPECT_THAT(kinds(), ElementsAre(record::ConsentKind::kObjection));
}

TEST_F(Mending, AMessageThatWasSentAnewUnderItsControlIdIsNotReadAgain) {
  const Held held = Refuse("M");
  gateway_.Send(gateway_.Script("M", kit::About(kAnna, {Allergy("a", "Nuts")})));
  MendAdapter(held, "M", kit::About(kAnna, {Allergy("a", "Nits")}));
  EXPECT_EQ(Replay(held.id).error().id, base::ErrorId::kConflict);
  EXPECT_THAT(Allergies(), ElementsAre("Nuts"));
}

TEST_F(Mending, ACorrectionStandsBesideWhatItCorrectsAndTakesItsPlace) {
  const Held held = Refuse("M");
  gateway_.Say(kit::About(kAnna, {Allergy("a", "Nuts, severe")}));
  const std::string right =
      gateway_.Script("M", kit::About(kAnna, {Allergy("a", "Nuts"), Allergy("b", "Milk")}));
  const auto mended = Correct(held.id, right);
  ASSERT_TRUE(mended);
  EXPECT_NE(mended->row.id, held.id);
  EXPECT_THAT(Allergies(), UnorderedElementsAre("Nuts, severe", "Milk"));
  EXPECT_EQ(RowOf(held.id).bytes, held.bytes);
  EXPECT_EQ(RowOf(held.id).disposition, "rejected");
  const auto row = RowOf(mended->row.id);
  EXPECT_EQ(row.bytes, right);
  EXPECT_EQ(row.received, RowOf(held.id).received);
  EXPECT_EQ(row.disposition, "accepted");
}

TEST_F(Mending, ACorrectionIsHeldToTheRulesOfItsFeed) {
  const Held held = Refuse("M");
  const auto of_another = gateway_.Script("N", kit::About(kAnna, {Allergy("a", "Nuts")}), "RYY");
  EXPECT_EQ(Correct(held.id, of_another).error().id, base::ErrorId::kSenderNotAllowed);
  EXPECT_EQ(Correct(held.id, "nothing").error().id, base::ErrorId::kMessageUnparseable);
  gateway_.Send(gateway_.Script("T", kit::About(kBen)));
  const auto taken = gateway_.Script("T", kit::About(kAnna, {Allergy("a", "Nuts")}));
  EXPECT_EQ(Correct(held.id, taken).error().id, base::ErrorId::kConflict);
  EXPECT_THAT(Allergies(), IsEmpty());
  EXPECT_THAT(*gateway_.Look()->journal().Open(9, {}), SizeIs(1));
}

class CorrectingWhose : public Mending {
 protected:
  // Quarantined: another message had its control id. It said this.
  record::MessageId Conflicting(const Who& who) {
    gateway_.Send(gateway_.Script("C", kit::About(kAnna, {Allergy("z", "Milk")})));
    return *gateway_.Send(gateway_.Script("C", kit::About(who, {Allergy("a", "Nuts")})))
                .outcome.message;
  }
  std::optional<base::ErrorId> CorrectTo(const record::MessageId& id, const Who& who) {
    const auto done =
        Correct(id, gateway_.Script("D", kit::About(who, {Allergy("a", "Nuts of whom")})));
    return done ? std::nullopt : std::optional(done.error().id);
  }
};

TEST_F(CorrectingWhose, ACorrectionMovesAMessageToNobodyElse) {
  const auto id = Conflicting(kAnna);
  for (const Who& other :
       {kBen, Who{.nhs_number = kTwo, .local = "1"}, Who{.nhs_number = "", .local = "2"}}) {
    EXPECT_EQ(CorrectTo(id, other), base::ErrorId::kConflict);
  }
  EXPECT_THAT(Allergies(kTwo), IsEmpty());
  EXPECT_THAT(Allergies(), ElementsAre("Milk"));
  EXPECT_THAT(*gateway_.Look()->journal().Open(9, {}), SizeIs(1)) << "it is still to be mended";
  EXPECT_TRUE(Correct(id, gateway_.Script("D", kit::About(kAnna, {Allergy("a", "Nuts")}))));
  EXPECT_THAT(Allergies(), UnorderedElementsAre("Milk", "Nuts"));
}

TEST_F(CorrectingWhose, ANumberThatCannotBeRightIsPutRightForTheSameLocalPatient) {
  const auto id = Conflicting({.nhs_number = "9990000019", .local = "1"});
  EXPECT_EQ(CorrectTo(id, kBen), base::ErrorId::kConflict);
  EXPECT_EQ(CorrectTo(id, kAnna), std::nullopt);
}

TEST_F(CorrectingWhose, OfWhatCannotBeReadWhateverMayBeANumberIsHeldAgainstIt) {
  for (const char* text : {"999 000 0018|19700101", "PID|9990000018|"}) {
    const Held held = Refuse(text);
    EXPECT_EQ(CorrectTo(held.id, kBen), base::ErrorId::kConflict) << text;
  }
  EXPECT_EQ(CorrectTo(Refuse("19990000018").id, kBen), std::nullopt)
      << "no number: a part of a longer one";
}

TEST_F(Mending, OfSeveralThoseAloneAreTakenWhoWereNot) {
  const std::string bytes =
      gateway_.ScriptAll("S", {kit::About(kAnna, {Allergy("a", "Nuts")}), kUnreadable});
  const auto id = *gateway_.Send(bytes).outcome.message;
  record::Contribution withdrawal = kit::About(kAnna);
  withdrawal.withdrawn_keys = {"a"};
  gateway_.Say(withdrawal);
  gateway_.adapter().Mend(bytes, {{"S", "ORU^R01", "RXX", std::nullopt},
                                  {kit::About(kAnna, {Allergy("a", "Nuts")}),
                                   kit::About(kBen, {Allergy("b", "Milk")})}});
  ASSERT_THAT(gateway_.Queued(QueueKind::kUnreadPatient), SizeIs(1));
  const auto mended = Replay(id);
  ASSERT_TRUE(mended);
  EXPECT_THAT(Allergies(), IsEmpty());
  EXPECT_THAT(Allergies(kTwo), ElementsAre("Milk"));
  EXPECT_THAT(gateway_.Queued(QueueKind::kUnreadPatient), IsEmpty());
  const auto row = RowOf(id);
  EXPECT_EQ(row.disposition, "accepted");
  EXPECT_EQ(row.entries, 2U);
  EXPECT_EQ(row.patients[1].disposition, "accepted");
}

TEST_F(Mending, WhatNamesAProtectedIdentityIsNotMendedHere) {
  gateway_.Say(kit::About(kAnna));
  ASSERT_TRUE(store::WriteAndWait(gateway_.store(), [&](store::Transaction& in) {
    auto person = **in.patients().FindPersonByNhsNumber(*record::NhsNumber::Parse(kOne));
    person.state = store::PersonState::kSevered;
    return in.patients().SavePerson(person);
  }));
  const auto held = gateway_.Send(gateway_.Script(
      "Q", kit::About({.nhs_number = kOne, .local = "9", .birth_date = "1999-09-09"})));
  ASSERT_EQ(held.outcome.disposition, Disposition::kQuarantined);
  EXPECT_EQ(Replay(*held.outcome.message).error().id, base::ErrorId::kNotPermitted);
}

}  // namespace
}  // namespace milecastle::receive
