#include <gmock/gmock.h>

#include "contract.h"

namespace milecastle::store {
namespace {

using testing::ElementsAre;
using testing::Pair;

void Journal(Transaction& in, const JournalRow& row) { ASSERT_TRUE(in.journal().Append(row)); }

TEST_P(StoreContract, KeepsAMessageByteForByteWithWhatBecameOfIt) {
  JournalRow row = Message("royal-adt", "42", 5);
  row.bytes = std::string("\0\xFF\r\x1C bytes", 11);
  row.error_name = "message.invalid";
  row.error_place = "PID-7";
  row.error_advice = "a birth date must be YYYYMMDD";
  Commit([&](Transaction& in) { return in.journal().Append(row); });
  Reopen();
  const auto found = Read()->journal().Find(row.id);
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->bytes, row.bytes);
  EXPECT_EQ((*found)->control_id, "42");
  EXPECT_EQ((*found)->error_place, "PID-7");
  EXPECT_EQ((*found)->received, row.received);
  EXPECT_EQ((*found)->digest, row.digest);
  EXPECT_EQ((*found)->not_carried, row.not_carried);
}

TEST_P(StoreContract, KeepsAnEmptyMessage) {
  JournalRow row = Message("royal-adt", "", 5);
  row.bytes.clear();
  Commit([&](Transaction& in) { return in.journal().Append(row); });
  EXPECT_EQ((*Read()->journal().Find(row.id))->bytes, "");
}

TEST_P(StoreContract, FindsTheNewestMessageOfAControlIdWithinTheWindow) {
  const JournalRow older = Message("royal-adt", "42", 5);
  const JournalRow newer = Message("royal-adt", "42", 9);
  Commit([&](Transaction& in) -> base::Result<void> {
    Journal(in, newer);
    Journal(in, older);
    Journal(in, Message("other-adt", "42", 20));
    return {};
  });
  auto snapshot = Read();
  EXPECT_EQ((*snapshot->journal().FindByControlId("royal-adt", "42", At(0)))->id, newer.id);
  EXPECT_EQ((*snapshot->journal().FindByControlId("royal-adt", "42", At(9)))->id, newer.id);
  EXPECT_FALSE(*snapshot->journal().FindByControlId("royal-adt", "42", At(10)));
  EXPECT_FALSE(*snapshot->journal().FindByControlId("royal-adt", "43", At(0)));
}

TEST_P(StoreContract, FindsWhatADuplicateRepeatsNewestFirst) {
  JournalRow first = Message("royal-adt", "42", 5);
  first.disposition = "quarantined";
  JournalRow second = Message("royal-adt", "42", 7);
  JournalRow duplicate = Message("royal-adt", "42", 9);
  duplicate.disposition = "duplicate";
  JournalRow other_bytes = Message("royal-adt", "42", 8);
  JournalRow other_feed = Message("other-adt", "42", 8);
  JournalRow other_id = Message("royal-adt", "43", 8);
  for (JournalRow* row : {&first, &second, &duplicate, &other_feed, &other_id}) {
    row->digest = base::Sha256("the same");
  }
  other_bytes.digest = base::Sha256("others");
  Commit([&](Transaction& in) -> base::Result<void> {
    for (const JournalRow& row : {first, second, duplicate, other_bytes, other_feed, other_id}) {
      Journal(in, row);
    }
    return {};
  });
  const auto found = *Read()->journal().FindRepeated({"royal-adt", "42", base::Sha256("the same")});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].id, second.id);
  EXPECT_EQ(found[1].id, first.id);
  EXPECT_EQ(found[1].disposition, "quarantined");
}

TEST_P(StoreContract, SettledMessageChangesItsOutcomeAlone) {
  JournalRow row = Message("royal-adt", "42", 5);
  row.disposition = "awaiting_identity";
  Commit([&](Transaction& in) { return in.journal().Append(row); });
  Commit([&](Transaction& in) { return in.journal().SetOutcome(row.id, {0, "accepted", 7}); });
  const auto found = Read()->journal().Find(row.id);
  EXPECT_EQ((*found)->disposition, "accepted");
  EXPECT_EQ((*found)->entries, 7U);
  EXPECT_EQ((*found)->bytes, row.bytes);
  EXPECT_EQ((*found)->not_carried, row.not_carried);
}

TEST_P(StoreContract, OutcomeOfAnUnknownMessageIsRefused) {
  const auto set = Try([&](Transaction& in) {
    return in.journal().SetOutcome(record::MessageId::New(At(0)), {0, "accepted", 1});
  });
  ASSERT_FALSE(set);
  EXPECT_EQ(set.error().id, base::ErrorId::kNotFound);
}

JournalRow OfThree(int second) {
  JournalRow row = Message("lims", "7", second);
  row.disposition = "quarantined";
  row.patients = {{"accepted", "", "", "", 4},
                  {"awaiting_identity", "", "", "", 2},
                  {"quarantined", "message.patient_missing", "PID[3]-3", "send a number", 0}};
  row.entries = 6;
  return row;
}

TEST_P(StoreContract, KeepsWhatBecameOfEachPatientOfAMessage) {
  const JournalRow row = OfThree(5);
  Commit([&](Transaction& in) { return in.journal().Append(row); });
  Reopen();
  EXPECT_EQ((*Read()->journal().Find(row.id))->patients, row.patients);
  const JournalRow alone = Message("lims", "8", 6);
  Commit([&](Transaction& in) { return in.journal().Append(alone); });
  EXPECT_TRUE((*Read()->journal().Find(alone.id))->patients.empty());
}

TEST_P(StoreContract, OnePatientOfAMessageIsSettledAndTheOthersStayAsTheyWere) {
  JournalRow row = OfThree(5);
  Commit([&](Transaction& in) { return in.journal().Append(row); });
  Commit([&](Transaction& in) { return in.journal().SetOutcome(row.id, {2, "accepted", 3}); });
  auto found = *Read()->journal().Find(row.id);
  row.patients[1] = {"accepted", "", "", "", 3};
  EXPECT_EQ(found->patients, row.patients);
  EXPECT_EQ(found->disposition, "quarantined") << "one still is";
  EXPECT_EQ(found->entries, 7U);
  Commit([&](Transaction& in) { return in.journal().SetOutcome(row.id, {3, "accepted", 0}); });
  found = *Read()->journal().Find(row.id);
  EXPECT_EQ(found->disposition, "accepted");
  EXPECT_THAT((*Read()->journal().Feeds())[0].by_disposition, ElementsAre(Pair("accepted", 1)));
}

TEST_P(StoreContract, OutcomeOfAPatientWhomTheMessageDoesNotHaveIsRefused) {
  const JournalRow three = OfThree(5);
  const JournalRow alone = Message("lims", "8", 6);
  Commit([&](Transaction& in) -> base::Result<void> {
    Journal(in, three);
    Journal(in, alone);
    return {};
  });
  for (const auto& [id, patient] : {std::pair(three.id, 4U), {three.id, 0U}, {alone.id, 1U}}) {
    const auto set = Try([id = id, patient = patient](Transaction& in) {
      return in.journal().SetOutcome(id, {patient, "accepted", 1});
    });
    ASSERT_FALSE(set);
    EXPECT_EQ(set.error().id, base::ErrorId::kNotFound);
  }
}

TEST_P(StoreContract, FeedsSayWhenTheyWereLastHeardAndWhatCameOfIt) {
  JournalRow waiting = Message("royal-adt", "2", 8);
  waiting.disposition = "awaiting_identity";
  Commit([&](Transaction& in) -> base::Result<void> {
    Journal(in, Message("royal-adt", "1", 5));
    Journal(in, waiting);
    Journal(in, Message("gp", "1", 3));
    return {};
  });
  auto feeds = Read()->journal().Feeds();
  ASSERT_EQ(feeds->size(), 2U);
  EXPECT_EQ((*feeds)[0].feed, "gp");
  EXPECT_EQ((*feeds)[1].last_received, At(8));
  EXPECT_EQ((*feeds)[1].last_accepted, At(5));
  EXPECT_THAT((*feeds)[1].by_disposition,
              ElementsAre(Pair("accepted", 1), Pair("awaiting_identity", 1)));

  Commit([&](Transaction& in) { return in.journal().SetOutcome(waiting.id, {0, "accepted", 1}); });
  feeds = Read()->journal().Feeds();
  EXPECT_EQ((*feeds)[1].last_accepted, At(8));
  EXPECT_THAT((*feeds)[1].by_disposition, ElementsAre(Pair("accepted", 2)));
  EXPECT_EQ(*Read()->journal().Count(), 3U);
}

JournalRow Refused(std::string_view feed, int second, std::string_view error,
                   std::string_view organisation = "RXX") {
  JournalRow row = Message(std::string(feed), std::to_string(second), second);
  row.disposition = "rejected";
  row.error_name = error;
  row.organisation = organisation;
  return row;
}

TEST_P(StoreContract, CountsByOrganisationOutcomeAndReasonAndAfterARestart) {
  Commit([&](Transaction& in) -> base::Result<void> {
    for (int i = 1; i <= 3; ++i) Journal(in, Refused("labs", i, "message.invalid"));
    Journal(in, Refused("labs", 4, "message.invalid", "RYY"));
    Journal(in, Refused("labs", 5, "patient.missing", ""));
    return {};
  });
  Reopen();
  const auto counts = *Read()->journal().Counts();
  ASSERT_EQ(counts.size(), 3U);
  EXPECT_EQ(counts[0].organisation, "");
  EXPECT_EQ(counts[1].organisation, "RXX");
  EXPECT_EQ(counts[1].error, "message.invalid");
  EXPECT_EQ(counts[1].messages, 3U);
  EXPECT_EQ(counts[1].open, 3U);
  EXPECT_EQ(counts[1].last_received, At(3));
  EXPECT_EQ(counts[2].organisation, "RYY");
}

TEST_P(StoreContract, WhatIsReadAgainOrDoneWithIsOpenNoMoreAndCountedAsItIs) {
  JournalRow read = Refused("labs", 1, "message.invalid");
  JournalRow done = Refused("labs", 2, "message.invalid");
  const JournalRow open = Refused("labs", 3, "message.invalid");
  JournalRow accepted = Message("labs", "4", 4);
  Commit([&](Transaction& in) -> base::Result<void> {
    for (const auto& row : {read, done, open, accepted}) Journal(in, row);
    return {};
  });
  const auto all = *Read()->journal().Open(9, {});
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(Read()->journal().Open(9, all[1].id)->front().id, open.id);
  read.disposition = "accepted";
  read.error_name.clear();
  read.entries = 7;
  done.done = At(9);
  Commit([&](Transaction& in) -> base::Result<void> {
    EXPECT_TRUE(in.journal().SetRead(read));
    return in.journal().SetRead(done);
  });
  Reopen();
  const auto left = *Read()->journal().Open(9, {});
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].id, open.id);
  const auto now = **Read()->journal().Find(read.id);
  EXPECT_EQ(now.disposition, "accepted");
  EXPECT_EQ(now.entries, 7U);
  EXPECT_EQ(now.bytes, read.bytes);
  EXPECT_EQ((*Read()->journal().Find(done.id))->done, At(9));
  const auto counts = *Read()->journal().Counts();
  ASSERT_EQ(counts.size(), 3U);
  EXPECT_EQ(counts[0].messages, 1U) << "that which was accepted at once";
  EXPECT_EQ(counts[1].messages, 1U) << "that which was read again";
  EXPECT_EQ(counts[2].messages, 2U);
  EXPECT_EQ(counts[2].open, 1U);
}

TEST_P(StoreContract, KeepsWhoMendedAMessageAndWhatSaysItRight) {
  const JournalRow wrong = Refused("labs", 1, "message.invalid");
  const JournalRow right = Message("labs", "2", 2);
  const Mending mending{wrong.id,          "corrected", "iss user", "SENDER-TOLD-US",
                        "message.invalid", At(5),       right.id};
  Commit([&](Transaction& in) -> base::Result<void> {
    Journal(in, wrong);
    Journal(in, right);
    return in.journal().AddMending(mending);
  });
  Reopen();
  for (const auto& id : {wrong.id, right.id}) {
    const auto found = *Read()->journal().MendingsOf(id);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].by, "iss user");
    EXPECT_EQ(found[0].error, "message.invalid");
    EXPECT_EQ(found[0].at, At(5));
    EXPECT_EQ(found[0].correction, right.id);
  }
}

}  // namespace
}  // namespace milecastle::store
