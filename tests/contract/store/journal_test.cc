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

}  // namespace
}  // namespace milecastle::store
