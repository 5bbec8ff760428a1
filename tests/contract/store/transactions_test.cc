#include <gmock/gmock.h>

#include <future>
#include <thread>

#include "contract.h"

namespace milecastle::store {
namespace {

using testing::ElementsAre;

base::Error No() { return {base::ErrorId::kConflict, "here", "no"}; }

// Holds the writer inside a work until it is let go.
class Gate {
 public:
  Store::Work Work() {
    return [this](Transaction&) -> base::Result<void> {
      entered_.set_value();
      go_.get_future().wait();
      return {};
    };
  }
  void AwaitEntered() { entered_.get_future().wait(); }
  void LetGo() { go_.set_value(); }

 private:
  std::promise<void> entered_;
  std::promise<void> go_;
};

TEST_P(StoreContract, WorkThatFailsIsUndoneAloneAmongThoseCommittedWithIt) {
  Gate gate;
  ASSERT_TRUE(store().TryWrite(gate.Work(), [](auto) {}));
  gate.AwaitEntered();
  std::vector<std::promise<base::Result<void>>> outcomes(3);
  std::vector<JournalRow> rows = {Message("f", "1", 1), Message("f", "2", 2), Message("f", "3", 3)};
  for (std::size_t i = 0; i < 3; ++i) {
    ASSERT_TRUE(store().TryWrite(
        [&, i](Transaction& in) -> base::Result<void> {
          EXPECT_TRUE(in.journal().Append(rows[i]));
          return i == 1 ? base::Result<void>(No()) : base::Result<void>();
        },
        [&, i](base::Result<void> said) { outcomes[i].set_value(std::move(said)); }));
  }
  gate.LetGo();
  EXPECT_TRUE(outcomes[0].get_future().get());
  const auto failed = outcomes[1].get_future().get();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error(), No());
  EXPECT_TRUE(outcomes[2].get_future().get());
  EXPECT_TRUE(*Read()->journal().Find(rows[0].id));
  EXPECT_FALSE(*Read()->journal().Find(rows[1].id));
  EXPECT_TRUE(*Read()->journal().Find(rows[2].id));
}

// One row for each, in one commit: those that may be repeated by TryRepeatable, and those that fail
// at their end.
TEST_P(StoreContract, RepeatableWorkThatFailsIsUndoneAloneAndNoOtherWorkRunsTwice) {
  Gate gate;
  ASSERT_TRUE(store().TryWrite(gate.Work(), [](auto) {}));
  gate.AwaitEntered();
  std::vector<std::promise<base::Result<void>>> outcomes(5);
  std::vector<JournalRow> rows;
  int runs_of_once = 0;
  for (int i = 0; i < 5; ++i) {
    rows.push_back(Message("f", std::to_string(i), i));
    const auto work = [&, i](Transaction& in) -> base::Result<void> {
      EXPECT_TRUE(in.journal().Append(rows[i]));
      if (i == 2) ++runs_of_once;
      return i == 1 || i == 3 ? base::Result<void>(No()) : base::Result<void>();
    };
    const auto done = [&, i](base::Result<void> said) { outcomes[i].set_value(std::move(said)); };
    ASSERT_TRUE(i == 2 ? store().TryWrite(work, done) : store().TryRepeatable(work, done));
  }
  gate.LetGo();
  std::vector<bool> kept;
  for (auto& outcome : outcomes) kept.push_back(outcome.get_future().get().has_value());
  EXPECT_THAT(kept, ElementsAre(true, false, true, false, true));
  EXPECT_EQ(runs_of_once, 1);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(Read()->journal().Find(rows[i].id)->has_value(), kept[i]);
  EXPECT_EQ(*Read()->journal().Count(), 3U);
}

TEST_P(StoreContract, WorkReadsHowManyMessagesItAndThoseBeforeItJournalled) {
  ASSERT_TRUE(WriteRepeatableAndWait(store(), [](Transaction& in) -> base::Result<void> {
    EXPECT_TRUE(in.journal().Append(Message("f", "1", 1)));
    EXPECT_EQ(*in.journal().Count(), 1U);
    EXPECT_TRUE(in.journal().Append(Message("f", "2", 2)));
    EXPECT_EQ(*in.journal().Count(), 2U);
    return {};
  }));
  EXPECT_EQ(*Read()->journal().Count(), 2U);
}

TEST_P(StoreContract, WorksRunInTheOrderOfTheirSubmission) {
  std::vector<int> order;
  std::vector<int> reported;
  Gate gate;
  ASSERT_TRUE(store().TryWrite(gate.Work(), [](auto) {}));
  gate.AwaitEntered();
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(store().TryWrite(
        [&order, i](Transaction&) -> base::Result<void> {
          order.push_back(i);
          return {};
        },
        [&reported, i](auto) { reported.push_back(i); }));
  }
  gate.LetGo();
  Commit([](Transaction&) { return base::Result<void>(); });
  EXPECT_THAT(order, ElementsAre(0, 1, 2, 3, 4));
  EXPECT_THAT(reported, ElementsAre(0, 1, 2, 3, 4));
}

TEST_P(StoreContract, FullQueueTakesNothingAndSaysWhenThereIsRoom) {
  Gate gate;
  ASSERT_TRUE(store().TryWrite(gate.Work(), [](auto) {}));
  gate.AwaitEntered();
  const auto nothing = [](Transaction&) { return base::Result<void>(); };
  for (std::size_t i = 0; i < kQueueLimit; ++i) {
    ASSERT_TRUE(store().TryWrite(nothing, [](auto) {}));
  }
  bool called = false;
  EXPECT_FALSE(store().TryWrite(nothing, [&](auto) { called = true; }));
  std::promise<void> room;
  store().WhenRoom([&] { room.set_value(); });
  gate.LetGo();
  room.get_future().wait();
  Commit(nothing);
  EXPECT_FALSE(called);
}

TEST_P(StoreContract, WhenThereIsRoomItSaysSoAtOnce) {
  bool called = false;
  store().WhenRoom([&] { called = true; });
  EXPECT_TRUE(called);
}

TEST_P(StoreContract, SnapshotSeesOneMomentForAsLongAsItLives) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  EXPECT_TRUE(Put(Entry(identity, "p1", "before")));
  const auto before = Read();
  const auto version = (*before->patients().FindPerson(person.id))->record_version;
  EXPECT_TRUE(Put(Entry(identity, "p1", "after")));
  EXPECT_EQ((*before->patients().FindPerson(person.id))->record_version, version);
  EXPECT_EQ((*before->records().SegmentOf(person.id))->bytes, "before");
  EXPECT_EQ(SegmentOf(person)->bytes, "after");
  EXPECT_EQ((*before->records().SegmentOf(person.id))->bytes, "before");
}

TEST_P(StoreContract, SnapshotIsOfTheMomentItWasTakenNotOfItsFirstQuestion) {
  const auto snapshot = Read();
  Commit([](Transaction& in) { return in.journal().Append(Message("f", "1", 1)); });
  EXPECT_EQ(*snapshot->journal().Count(), 0U);
}

TEST_P(StoreContract, WorkReadsWhatItWroteAndNobodyElseDoesBeforeTheCommit) {
  const JournalRow row = Message("f", "1", 1);
  Commit([&](Transaction& in) -> base::Result<void> {
    EXPECT_TRUE(in.journal().Append(row));
    EXPECT_TRUE(*in.journal().Find(row.id));
    EXPECT_FALSE(*Read()->journal().Find(row.id));
    return {};
  });
}

TEST_P(StoreContract, WorkReadsPersonsAndIdentitiesAsItLastLeftThem) {
  const Person person = SavedPerson("9990000018");
  const Person other = SavedPerson("9990000026");
  const Identity identity = SavedIdentity(person);
  Commit([&](Transaction& in) -> base::Result<void> {
    auto& patients = in.patients();
    const auto before = **patients.FindPerson(other.id);
    Identity renamed = **patients.FindIdentity(identity.id);
    renamed.demographics.language = "cy";
    EXPECT_TRUE(patients.SaveIdentity(renamed));
    EXPECT_EQ(**patients.FindIdentity(identity.id), renamed);
    EXPECT_TRUE(patients.Link(Move(identity, person, other, "merge:A40")));
    EXPECT_EQ((*patients.FindIdentity(identity.id))->person, other.id);
    EXPECT_EQ((*patients.FindPerson(other.id))->record_version, before.record_version + 1);
    Person reviewed = **patients.FindPerson(person.id);
    reviewed.under_merge_review = true;
    EXPECT_TRUE(patients.SavePerson(reviewed));
    EXPECT_TRUE((*patients.FindPerson(person.id))->under_merge_review);
    return {};
  });
  EXPECT_EQ((*Read()->patients().FindIdentity(identity.id))->person, other.id);
}

TEST_P(StoreContract, WorkThatFailedLeavesNothingForTheNextToRead) {
  const Person person = SavedPerson("9990000018");
  static_cast<void>(WriteAndWait(store(), [&](Transaction& in) -> base::Result<void> {
    Person reviewed = **in.patients().FindPerson(person.id);
    reviewed.under_merge_review = true;
    EXPECT_TRUE(in.patients().SavePerson(reviewed));
    EXPECT_TRUE(in.patients().AdvanceVersion(person.id));
    EXPECT_TRUE((*in.patients().FindPerson(person.id))->under_merge_review);
    return base::Error{base::ErrorId::kConflict, "the test", "undone"};
  }));
  Commit([&](Transaction& in) -> base::Result<void> {
    EXPECT_FALSE((*in.patients().FindPerson(person.id))->under_merge_review);
    return {};
  });
}

TEST_P(StoreContract, IdentityThatAFailedWorkChangedIsFoundAsItWas) {
  const Identity identity = SavedIdentity(SavedPerson("9990000018"));
  const record::LocalIdentifier& name = identity.local_identifiers.front();
  static_cast<void>(WriteRepeatableAndWait(store(), [&](Transaction& in) -> base::Result<void> {
    Identity renamed = **in.patients().FindByLocal(identity.source, name);
    renamed.demographics.language = "cy";
    EXPECT_TRUE(in.patients().SaveIdentity(renamed));
    return No();
  }));
  Commit([&](Transaction& in) -> base::Result<void> {
    EXPECT_EQ((*in.patients().FindByLocal(identity.source, name))->demographics.language,
              identity.demographics.language);
    return {};
  });
}

TEST_P(StoreContract, NameThatIsGivenToAnotherIdentityIsFoundThereByTheNextWork) {
  const Person person = SavedPerson("9990000018");
  Identity before = SavedIdentity(person);
  const record::LocalIdentifier name = before.local_identifiers.front();
  const auto named = [&](Transaction& in) {
    return (**in.patients().FindByLocal(before.source, name)).id;
  };
  Identity after = IdentityOf(person);
  after.local_identifiers = {name};
  Commit([&](Transaction& in) -> base::Result<void> {
    EXPECT_EQ(named(in), before.id);
    EXPECT_TRUE(in.patients().SaveIdentity(after));
    EXPECT_EQ(named(in), before.id) << "whose it was first";
    return {};
  });
  Commit([&](Transaction& in) -> base::Result<void> {
    before.local_identifiers.clear();
    EXPECT_TRUE(in.patients().SaveIdentity(before));
    EXPECT_EQ(named(in), after.id);
    return {};
  });
  Commit([&](Transaction& in) -> base::Result<void> {
    EXPECT_EQ(named(in), after.id);
    return {};
  });
}

TEST_P(StoreContract, WhatWasTakenIsCommittedBeforeTheStoreCloses) {
  std::atomic<int> done = 0;
  for (int i = 0; i < 8; ++i) {
    ASSERT_TRUE(store().TryWrite(
        [i](Transaction& in) { return in.journal().Append(Message("f", std::to_string(i), i)); },
        [&](base::Result<void> said) { done += said ? 1 : 0; }));
  }
  Reopen();
  EXPECT_EQ(done, 8);
  EXPECT_EQ(*Read()->journal().Count(), 8U);
}

TEST_P(StoreContract, ManyReadersAndWritersAtOnceLoseNothing) {
  constexpr int kThreads = 4;
  constexpr int kEach = 50;
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        const std::string key = std::to_string(t) + "-" + std::to_string(i);
        EXPECT_TRUE(Put(Entry(identity, key, key)));
        const auto segment = SegmentOf(person);
        EXPECT_NE(segment->bytes.find(key), std::string::npos) << "a read after the commit sees it";
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(SegmentOf(person)->items.size(), kThreads * kEach);
}

}  // namespace
}  // namespace milecastle::store
