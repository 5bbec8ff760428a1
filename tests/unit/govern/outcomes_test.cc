// Every outcome has an entry: what is not there, or not for this officer, is no way to search
// unseen.
#include <gmock/gmock.h>

#include "office.h"

namespace milecastle::govern {
namespace {

using audit::Kind;
using base::ErrorId;
using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::SizeIs;
using PersonKey = identify::PersonKey;

constexpr const char* kAnnasNumber = "9990000018";
constexpr const char* kNobodysNumber = "9990000026";
const kit::Who kAnna{.nhs_number = kAnnasNumber, .local = "1"};

auto Outcome(const char* outcome) {
  return AllOf(Field(&audit::Headline::outcome, outcome),
               Field(&audit::Headline::user, "issuer officer-1"));
}

class Outcomes : public Office {
 protected:
  base::Result<Audited<EntryRead>> Get(const record::Requester& officer,
                                       const store::TrailPlace& place) {
    return Await<Audited<EntryRead>>(
        [&](const auto& done) { reading_->Get(officer, place, "CASE-1", done); });
  }
  base::Result<Audited<PersonAtDesk>> Show(const char* number, const char* organisation = "RXX") {
    return Await<Audited<PersonAtDesk>>([&](const auto& done) {
      desk_->ShowPerson(Officer(organisation), *record::NhsNumber::Parse(number), done);
    });
  }
  base::Result<Audited<record::FactId>> Record(const PersonKey& person, record::Consent consent) {
    return Await<Audited<record::FactId>>([&](const auto& done) {
      consents_->Record(Officer("RXX"), person, std::move(consent), done);
    });
  }
  static record::Consent Objection() {
    record::Consent consent;
    consent.kind = record::ConsentKind::kObjection;
    return consent;
  }
};

TEST_F(Outcomes, AnEntryThatIsNotThereOrNotTheirsIsNotFoundAndBothReadingsAreInTheLog) {
  const auto theirs =
      Append(*first_, EntryOf(Kind::kView, {.organisation = "RYY", .outcome = "permitted"}, {}));
  const auto outside = Get(Officer("RXX"), {first_->origin(), theirs});
  const auto missing = Get(Officer("RXX"), {first_->origin(), 999});
  const auto nowhere = Get(Officer("RXX"), {"no.such/log", 0});
  ASSERT_FALSE(outside);
  EXPECT_EQ(outside.error().id, ErrorId::kNotFound);
  EXPECT_EQ(outside.error(), missing.error()) << "one answer for both";
  EXPECT_EQ(nowhere.error().id, ErrorId::kNotFound);
  EXPECT_THAT(EntriesOf(Kind::kAuditRead),
              ElementsAre(Outcome("not_found"), Outcome("not_found"), Outcome("not_found")));
  EXPECT_TRUE(Get(SystemOfficer(), {first_->origin(), theirs}));
}

TEST_F(Outcomes, ASearchByASensitiveSourceNeedsACaseWhateverItWouldFind) {
  const auto search = [&](const record::Requester& officer, const char* source, const char* of) {
    return Await<Audited<EntriesFound>>([&](const auto& done) {
      reading_->Search(officer, {.source = source, .kind = "view"}, of, done);
    });
  };
  Append(*first_,
         EntryOf(Kind::kView,
                 {.organisation = "RXX", .outcome = "permitted", .sources = {"RXX", "RZZ"}}, {}));
  for (const auto& officer : {Officer("RXX"), SystemOfficer(), Officer("RYY")}) {
    EXPECT_EQ(search(officer, "RZZ", "").error().id, ErrorId::kArgumentMissing);
  }
  ASSERT_THAT(search(Officer("RXX"), "RXX", "")->value().rows, SizeIs(1));
  EXPECT_THAT(search(Officer("RXX"), "RXX", "")->value().rows[0].sources,
              ElementsAre("RXX", "masked"));
  EXPECT_THAT(search(Officer("RXX"), "RZZ", "CASE-1")->value().rows, SizeIs(1));
}

// safety.md 9 and 21: to find a refusal by a source is to be told that it holds something.
TEST_F(Outcomes, ARefusalIsFoundByTheOfficersOwnSourceAlone) {
  for (int i = 0; i < 3; ++i) {
    Append(*first_,
           EntryOf(Kind::kRefusal,
                   {.organisation = "RXX", .outcome = "refused", .sources = {"RXX", "RYY"}}, {}));
  }
  Append(*first_, EntryOf(Kind::kView,
                          {.organisation = "RXX", .outcome = "permitted", .sources = {"RYY"}}, {}));
  const auto found = [&](const record::Requester& officer, const char* source) {
    const auto rows = Await<Audited<EntriesFound>>([&](const auto& done) {
      reading_->Search(officer, {.source = source, .limit = 2}, "CASE-1", done);
    });
    return rows->value().rows;
  };
  EXPECT_THAT(found(Officer("RXX"), "RYY"), ElementsAre(Field(&store::TrailRow::kind, "view")));
  EXPECT_THAT(found(Officer("RYY"), "RYY"), SizeIs(2)) << "of its own data";
  EXPECT_THAT(found(SystemOfficer(), "RYY"), SizeIs(2));
}

TEST_F(Outcomes, ChoicesOfNobodyAndOnesThatAreNotThereAreInTheLogWithTheNumberAskedFor) {
  gateway_.Say(kit::About(kAnna));
  const PersonKey nobody{kNobodysNumber, "1970-01-02", "Example"};
  const PersonKey wrongly_born{kAnnasNumber, "1971-01-02", "Example"};
  EXPECT_EQ(Record(nobody, Objection()).error().id, ErrorId::kNotFound);
  const auto listed = Await<Audited<std::vector<Consents::Listed>>>(
      [&](const auto& done) { consents_->List(Officer("RXX"), wrongly_born, done); });
  EXPECT_EQ(listed.error().id, ErrorId::kNotFound);
  const PersonKey anna{kAnnasNumber, "1970-01-02", "Example"};
  const auto withdrawn = Await<Audited<record::FactId>>([&](const auto& done) {
    consents_->Withdraw(Officer("RXX"), anna, record::FactId::New(kit::kMorning), done);
  });
  EXPECT_EQ(withdrawn.error().id, ErrorId::kNotFound);
  const auto entries = EntriesOf(Kind::kConsent);
  EXPECT_THAT(entries,
              ElementsAre(Outcome("not_found"), Outcome("not_found"), Outcome("not_found")));
  EXPECT_THAT(entries, ElementsAre(Field(&audit::Headline::nhs_number, kNobodysNumber),
                                   Field(&audit::Headline::nhs_number, kAnnasNumber),
                                   Field(&audit::Headline::nhs_number, kAnnasNumber)));
}

TEST_F(Outcomes, ChoicesOfSomebodyOfWhomAnOrganisationHoldsNothingAreNotFoundLikeNobodys) {
  gateway_.Say(kit::About(kAnna));
  const auto listed = [&](const record::Requester& officer, const char* number) {
    return Await<Audited<std::vector<Consents::Listed>>>([&](const auto& done) {
      consents_->List(officer, {number, "1970-01-02", "Example"}, done);
    });
  };
  EXPECT_TRUE(listed(Officer("RXX"), kAnnasNumber));
  const auto theirs = listed(Officer("RYY"), kAnnasNumber);
  ASSERT_FALSE(theirs);
  EXPECT_EQ(theirs.error(), listed(Officer("RYY"), kNobodysNumber).error());
}

TEST_F(Outcomes, ARefusedViewsEntryDoesNotTellItsOfficerWhetherThereIsSuchAPerson) {
  const auto of = [&](const std::string& person, int version) {
    const auto place =
        Append(*first_, EntryOf(Kind::kRefusal,
                                {.organisation = "RXX", .outcome = "refused", .person = person},
                                "{\"record_version\":" + std::to_string(version) + "}"));
    const auto read = Get(Officer("RXX"), {first_->origin(), place});
    return read ? read->value().payload : "none";
  };
  EXPECT_EQ(of("", 0), of(record::PersonId::New(kit::kMorning).ToString(), 7));
}

TEST_F(Outcomes, AWaitingItemIsJoinedToACandidateAloneButByTheSystemsOfficer) {
  gateway_.Say(kit::About(kAnna));
  gateway_.Say(kit::About({.nhs_number = kNobodysNumber,
                           .local = "5",
                           .birth_date = "1950-03-04",
                           .family = "Sample"}));
  gateway_.Say(kit::About({.nhs_number = "9990000034", .local = "9"}));
  gateway_.Say(kit::About({.nhs_number = "9990000034", .local = "1"}));
  const auto waiting = gateway_.Queued(store::QueueKind::kAwaitingIdentity);
  ASSERT_THAT(waiting, SizeIs(1));
  const auto stranger = gateway_.PersonOf(kNobodysNumber)->id;
  ASSERT_THAT(waiting.front().candidates, testing::Not(testing::Contains(stranger)));
  const auto link = [&](const record::Requester& officer) {
    return Await<Audited<IdentityChange>>([&](const auto& done) {
      desk_->Link(officer, waiting.front().id, stranger, "papers-seen", done);
    });
  };
  EXPECT_EQ(link(Officer("RXX")).error().id, ErrorId::kNotFound);
  EXPECT_TRUE(link(SystemOfficer()));
}

TEST_F(Outcomes, AChoiceThatCannotBeKeptIsInTheLogAsFailed) {
  gateway_.Say(kit::About(kAnna));
  record::Consent of_nothing;
  of_nothing.kind = record::ConsentKind::kRestriction;
  const PersonKey anna{kAnnasNumber, "1970-01-02", "Example"};
  EXPECT_EQ(Record(anna, of_nothing).error().id, ErrorId::kArgumentInvalid);
  EXPECT_THAT(EntriesOf(Kind::kConsent), ElementsAre(Outcome("failed")));
  ASSERT_TRUE(Record(anna, Objection()));
  EXPECT_THAT(EntriesOf(Kind::kConsent), ElementsAre(Outcome("failed"), Outcome("permitted")));
}

// safety.md 1: it binds nobody, and is not lost.
TEST_F(Outcomes, AnObjectionOnSomebodyElsesWordIsKeptAndOpensAReview) {
  gateway_.Say(kit::About(kAnna));
  const PersonKey anna{kAnnasNumber, "1970-01-02", "Example"};
  ASSERT_TRUE(Record(anna, Objection()));
  EXPECT_THAT(gateway_.Queued(store::QueueKind::kChoiceReview), IsEmpty());
  record::Consent of_another = Objection();
  of_another.by = record::ConsentBy::kSomeoneElse;
  const auto kept = Record(anna, of_another);
  ASSERT_TRUE(kept);
  const auto person = gateway_.PersonOf(kAnnasNumber)->id;
  EXPECT_THAT(gateway_.FactsOf(person).consents, SizeIs(2));
  const auto reviews = gateway_.Queued(store::QueueKind::kChoiceReview);
  ASSERT_THAT(reviews, SizeIs(1));
  EXPECT_EQ(reviews[0].person, person);
  EXPECT_EQ(reviews[0].organisation, "RXX");
  EXPECT_EQ(reviews[0].reason, "objection_by_someone_else");
  EXPECT_EQ(reviews[0].due, reviews[0].opened + std::chrono::hours(72));
  record::Requester officer = PrivacyOfficer("RXX");
  officer.user = "who-asks-the-person";  // and did not record it
  const auto queue = Await<Audited<std::vector<QueuedItem>>>(
      [&](const auto& done) { desk_->Queue(officer, {}, done); });
  ASSERT_TRUE(queue);
  ASSERT_THAT(queue->value(), SizeIs(1)) << "a privacy officer is shown it unasked";
  EXPECT_EQ(queue->value()[0].consent, kept->value()) << "which choice";
  const auto shown = Await<Audited<ItemAtDesk>>(
      [&](const auto& done) { desk_->ShowItem(officer, reviews[0].id, done); });
  ASSERT_TRUE(shown);
  ASSERT_THAT(shown->value().candidates, SizeIs(1)) << "whose it is";
  EXPECT_EQ(shown->value().candidates[0].person, person);
  const auto closed = Await<Audited<IdentityChange>>(
      [&](const auto& done) { desk_->Close(officer, queue->value()[0].item.id, "right", done); });
  EXPECT_TRUE(closed) << base::Describe(closed.error());
  EXPECT_THAT(gateway_.Queued(store::QueueKind::kChoiceReview), IsEmpty());
}

TEST_F(Outcomes, AListOfChoicesDoesNotNameAnotherOrganisationWhoseNameTells) {
  gateway_.Say(kit::About(kAnna));
  const PersonKey anna{kAnnasNumber, "1970-01-02", "Example"};
  const auto list = [&](const record::Requester& who) {
    return Await<Audited<std::vector<Consents::Listed>>>(
        [&](const auto& done) { consents_->List(who, anna, done); });
  };
  record::Consent restriction;
  restriction.kind = record::ConsentKind::kRestriction;
  restriction.scope.sources = {*record::OdsCode::Parse("RYY"), *record::OdsCode::Parse("RZZ")};
  ASSERT_TRUE(Record(anna, restriction));
  const auto listed = list(Officer("RXX"));
  ASSERT_TRUE(listed);
  ASSERT_THAT(listed->value(), SizeIs(1));
  EXPECT_EQ(listed->value()[0].consent.scope.sources, std::vector{*record::OdsCode::Parse("RYY")});
  EXPECT_TRUE(listed->value()[0].names_left_out) << "it does not read as if that were all";
}

// The person asks where they are treated, with the id that they were given.
TEST_F(Outcomes, AHideRuleOfElsewhereIsWithdrawnWithItsIdByWhomOthersVouchFor) {
  gateway_.Say(kit::About(kAnna));
  const auto person = gateway_.PersonOf(kAnnasNumber)->id;
  record::Consent hide;
  hide.id = record::FactId::New(kit::kMorning);
  hide.kind = record::ConsentKind::kHide;
  hide.scope.sections = {record::Section::kProblems};
  record::Consent lock = hide;
  lock.id = record::FactId::New(kit::kMorning);
  lock.kind = record::ConsentKind::kSealAndLock;
  lock.team = "RXX";
  const auto write = [&](const store::Store::Work& work) {
    ASSERT_TRUE(store::WriteAndWait(gateway_.store(), work));
  };
  write([&](store::Transaction& to) { return to.facts().AddConsent(person, hide); });
  write([&](store::Transaction& to) { return to.facts().AddConsent(person, lock); });
  const PersonKey anna{kAnnasNumber, "1970-01-02", "Example"};
  const auto withdraw = [&](const record::Requester& who, record::FactId id) {
    return Await<Audited<record::FactId>>(
        [&](const auto& done) { consents_->Withdraw(who, anna, id, done); });
  };
  const auto ward = Officer("RYY", "R8000");
  EXPECT_EQ(withdraw(ward, hide.id).error().id, ErrorId::kNotPermitted) << "no part in her care";
  const record::Evidence admitted{.id = record::FactId::New(kit::kMorning),
                                  .kind = record::EvidenceKind::kOpenEncounter,
                                  .organisation = *record::OdsCode::Parse("RYY"),
                                  .user = "",
                                  .reference = "V1",
                                  .period = {kit::kMorning, {}},
                                  .said_by = "test"};
  write([&](store::Transaction& to) { return to.facts().PutEvidence(person, admitted); });
  const auto listed = Await<Audited<std::vector<Consents::Listed>>>(
      [&](const auto& done) { consents_->List(ward, anna, done); });
  EXPECT_THAT(listed->value(), IsEmpty()) << "that there is one is not told";
  EXPECT_EQ(withdraw(ward, record::FactId::New(kit::kMorning)).error().id, ErrorId::kNotFound);
  EXPECT_EQ(withdraw(ward, lock.id).error().id, ErrorId::kNotFound) << "of its team alone";
  EXPECT_EQ(withdraw(Officer("RXX"), hide.id).error().id, ErrorId::kNotFound)
      << "a role alone does not know the person";
  EXPECT_TRUE(withdraw(ward, hide.id));
  EXPECT_TRUE(gateway_.FactsOf(person).consents.front().withdrawn);
}

TEST_F(Outcomes, WhatTheIdentityDeskCannotFindIsInTheLog) {
  gateway_.Say(kit::About(kAnna));
  const auto item = record::QueueItemId::New(kit::kMorning);
  const auto officer = Officer("RXX");
  EXPECT_EQ(Show(kNobodysNumber).error().id, ErrorId::kNotFound);
  const auto person = Await<Audited<PersonAtDesk>>([&](const auto& done) {
    desk_->ShowPerson(officer, record::PersonId::New(kit::kMorning), done);
  });
  EXPECT_EQ(person.error().id, ErrorId::kNotFound);
  const auto shown =
      Await<Audited<ItemAtDesk>>([&](const auto& done) { desk_->ShowItem(officer, item, done); });
  EXPECT_EQ(shown.error().id, ErrorId::kNotFound);
  const auto linked = Await<Audited<IdentityChange>>(
      [&](const auto& done) { desk_->Link(officer, item, {}, "papers-seen", done); });
  EXPECT_EQ(linked.error().id, ErrorId::kNotFound);
  const auto unlinked = Await<Audited<IdentityChange>>([&](const auto& done) {
    desk_->Unlink(officer, record::IdentityId::New(kit::kMorning), "papers-seen", done);
  });
  EXPECT_EQ(unlinked.error().id, ErrorId::kNotFound);
  const auto queue = Await<Audited<std::vector<QueuedItem>>>([&](const auto& done) {
    desk_->Queue(officer, {.kinds = {store::QueueKind::kProtectedIdentity}}, done);
  });
  EXPECT_EQ(queue.error().id, ErrorId::kNotFound);
  EXPECT_THAT(EntriesOf(Kind::kIdentity), testing::AllOf(SizeIs(6), Each(Outcome("not_found"))));
}

TEST_F(Outcomes, ASeveringThatFailsIsInTheLog) {
  const auto nobody = record::PersonId::New(kit::kMorning);
  const auto severed = Await<Audited<IdentityChange>>(
      [&](const auto& done) { desk_->Sever(SystemOfficer(), nobody, "superseded", done); });
  EXPECT_EQ(severed.error().id, ErrorId::kNotFound);
  EXPECT_THAT(EntriesOf(Kind::kIdentity), ElementsAre(Outcome("not_found")));
}

TEST_F(Outcomes, AChangeThatFailsOnTheWayIsInTheLogAsFailed) {
  gateway_.Say(kit::About(kAnna));
  gateway_.Say(kit::About({.nhs_number = "9990000034", .local = "9"}));
  gateway_.Say(kit::About({.nhs_number = "9990000034", .local = "1"}));
  const auto waiting = gateway_.Queued(store::QueueKind::kAwaitingIdentity);
  ASSERT_THAT(waiting, SizeIs(1));
  const auto link = [&](record::PersonId person) {
    return Await<Audited<IdentityChange>>([&](const auto& done) {
      desk_->Link(Officer("RXX"), waiting.front().id, person, "papers-seen", done);
    });
  };
  ASSERT_FALSE(link(record::PersonId::New(kit::kMorning)));
  ASSERT_TRUE(link(gateway_.PersonOf("9990000034")->id));
  EXPECT_EQ(link(gateway_.PersonOf("9990000034")->id).error().id, ErrorId::kConflict);
  EXPECT_THAT(EntriesOf(Kind::kIdentity),
              ElementsAre(Outcome("not_found"), Outcome("permitted"), Outcome("failed")));
}

TEST_F(Outcomes, APersonAskedForByNumberIsDecidedAndWrittenOnce) {
  gateway_.Say(kit::About(kAnna));
  ASSERT_TRUE(Show(kAnnasNumber));
  EXPECT_EQ(Show(kAnnasNumber, "RYY").error().id, ErrorId::kNotFound) << "nothing of theirs";
  const auto entries = EntriesOf(Kind::kIdentity);
  EXPECT_THAT(entries, ElementsAre(Outcome("permitted"), Outcome("not_found")));
  EXPECT_THAT(entries, Each(Field(&audit::Headline::nhs_number, kAnnasNumber)));
}

TEST_F(Outcomes, AProtectedItemIsClosedByNobodyButTheSystemsOfficer) {
  gateway_.Say(kit::About(kAnna));
  store::QueueItem item;
  item.id = record::QueueItemId::New(kit::kMorning);
  item.kind = store::QueueKind::kProtectedIdentity;
  item.organisation = "RXX";
  ASSERT_TRUE(store::WriteAndWait(gateway_.store(),
                                  [&](store::Transaction& in) { return in.queues().Add(item); }));
  const auto close = [&](const record::Requester& officer) {
    return Await<Audited<IdentityChange>>(
        [&](const auto& done) { desk_->Close(officer, item.id, "right", done); });
  };
  EXPECT_EQ(close(Officer("RXX")).error().id, ErrorId::kNotFound);
  EXPECT_TRUE(close(SystemOfficer()));
}

TEST_F(Outcomes, NothingIsToldNotEvenThatThereIsNothingWithoutItsEntry) {
  gateway_.Say(kit::About(kAnna));
  gate_->refuses = true;
  EXPECT_EQ(Show(kNobodysNumber).error().id, ErrorId::kAuditUnavailable);
  EXPECT_EQ(Show(kAnnasNumber).error().id, ErrorId::kAuditUnavailable);
  EXPECT_EQ(Get(Officer("RXX"), {first_->origin(), 999}).error().id, ErrorId::kAuditUnavailable);
  EXPECT_EQ(Record({kNobodysNumber, "1970-01-02", "Example"}, Objection()).error().id,
            ErrorId::kAuditUnavailable);
  EXPECT_THAT(EntriesOf(Kind::kIdentity), IsEmpty());
}

}  // namespace
}  // namespace milecastle::govern
