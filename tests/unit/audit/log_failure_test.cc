// What happens to an append when the disk fails, and what the next start makes of it.
#include <thread>

#include "audit/segment.h"
#include "audit/two_logs.h"
#include "log_fixture.h"

namespace milecastle::audit {
namespace {

using Fault = FailingDisk::Fault;
using AuditLog = LogTest;

struct FailureCase {
  const char* name;
  Fault fault;
  bool persisted;  // the entry that got an error is in the log after the next start
};

// Every row: no receipt, sealed, nothing retried; the next start opens, keeps what was
// acknowledged, and keeps the entry in doubt only where it is whole.
class AppendFails : public LogTest,
                    public testing::WithParamInterface<std::tuple<FailureCase, bool>> {};

TEST_P(AppendFails, GivesNoReceiptSealsAndOpensAgain) {
  const auto& [failure, at_once] = GetParam();
  if (at_once) how_ = &Appender::AppendAtOnce;
  Open();
  AppendMany(3);
  const Head acknowledged = log_->DurableHead();
  const Entry in_doubt = Event(std::string(6000, 'd'));
  disk_.Break(failure.fault);
  EXPECT_EQ(Append(in_doubt).error().id, base::ErrorId::kAuditUnavailable);
  disk_.Break(Fault::kNone);
  EXPECT_FALSE(log_->Available());
  EXPECT_EQ(Append(Event("later")).error().id, base::ErrorId::kAuditUnavailable);
  EXPECT_EQ(Append(in_doubt).error().id, base::ErrorId::kAuditUnavailable);
  EXPECT_EQ(log_->DurableHead(), acknowledged);
  EXPECT_EQ(disk_.writes_after_fault(), 0);
  EXPECT_TRUE(log_->Read(2));

  Reopen();
  EXPECT_TRUE(log_->Available());
  EXPECT_EQ(log_->DurableHead().size, failure.persisted ? 4U : 3U);
  EXPECT_TRUE(VerifyConsistency(acknowledged, log_->DurableHead(),
                                *log_->ProveConsistency(3, log_->DurableHead().size)));
  const auto again = Append(in_doubt);
  ASSERT_TRUE(again) << base::Describe(again.error());
  EXPECT_EQ(again->index(), 3U);
  EXPECT_EQ(log_->DurableHead().size, 4U);
}

INSTANTIATE_TEST_SUITE_P(
    EveryWay, AppendFails,
    testing::Combine(
        testing::Values(FailureCase{"WriteFails", Fault::kWriteFails, false},
                        FailureCase{"WriteIsCut", Fault::kWriteCutsHalf, false},
                        FailureCase{"WriteFailsButPersisted", Fault::kWriteFailsAfterAll, true},
                        FailureCase{"SyncFails", Fault::kSyncFails, true},
                        FailureCase{"SyncFailsButPersisted", Fault::kSyncFailsButSynced, true}),
        testing::Bool()),
    [](const auto& row) {
      return std::string(std::get<0>(row.param).name) + (std::get<1>(row.param) ? "AtOnce" : "");
    });

TEST_F(AuditLog, SealsWhenItCannotWriteWhatIsDerived) {
  Open();
  AppendMany(1);
  disk_.Break(Fault::kWriteFails, "/tree/");
  while (log_->Available()) (void)Append(Event("until it is noticed"));
  EXPECT_EQ(Append(Event("later")).error().id, base::ErrorId::kAuditUnavailable);
  disk_.Break(Fault::kNone);
  const Head durable = log_->DurableHead();
  Reopen();
  EXPECT_EQ(log_->DurableHead(), durable);
}

// What is written to a file that was deleted is gone at the next start, whatever fsync said.
TEST_F(AuditLog, GivesNoReceiptOnceItsFilesWereDeleted) {
  Open();
  AppendMany(2);
  std::filesystem::remove(segment());
  EXPECT_EQ(Append(Event("into nothing")).error().id, base::ErrorId::kAuditUnavailable);
  EXPECT_FALSE(log_->Available());
}

// What another hand does to the file of a log that is open.
struct LiveDamage {
  const char* name;
  void (*strike)(const std::filesystem::path& segment);
};

class AuditLogUnderAnotherHand : public LogTest, public testing::WithParamInterface<LiveDamage> {};

TEST_P(AuditLogUnderAnotherHand, GivesNoReceiptAndWritesNoMore) {
  Open();
  AppendMany(3);
  GetParam().strike(segment());
  const std::string struck = ReadFile(segment());
  EXPECT_EQ(Append(Event("after it")).error().id, base::ErrorId::kAuditUnavailable);
  EXPECT_FALSE(log_->Available());
  EXPECT_EQ(ReadFile(segment()), struck) << "what is left stays as it is";
}

TEST_P(AuditLogUnderAnotherHand, IsSealedThoughNobodyAppends) {
  look_period_ = std::chrono::milliseconds(1);
  Open();
  AppendMany(3);
  GetParam().strike(segment());
  while (log_->Available()) std::this_thread::yield();
}

INSTANTIATE_TEST_SUITE_P(
    EveryWay, AuditLogUnderAnotherHand,
    testing::Values(
        LiveDamage{"Cut", [](const auto& path) { std::filesystem::resize_file(path, 8192); }},
        LiveDamage{"CutAndMadeAsLongAgain",
                   [](const auto& path) {
                     const auto length = std::filesystem::file_size(path);
                     std::filesystem::resize_file(path, 8192);
                     std::filesystem::resize_file(path, length);
                   }},
        LiveDamage{"Emptied", [](const auto& path) { std::filesystem::resize_file(path, 0); }}),
    [](const auto& damage) { return std::string(damage.param.name); });

TEST_F(AuditLog, IsSealedWhenItsFileIsDeletedThoughNobodyAppends) {
  look_period_ = std::chrono::milliseconds(1);
  Open();
  AppendMany(2);
  std::filesystem::remove(segment());
  while (log_->Available()) std::this_thread::yield();
}

// Cut, and its own checkpoint put back to an older one: as a backup of the folder would be.
TEST_F(AuditLog, AFolderThatWasPutBackWithItsCheckpointIsRefusedByTheWitness) {
  witness_ = home_.path() / "witness";
  Open();
  AppendMany(3);
  Close();
  std::filesystem::copy(folder(), home_.path() / "older", std::filesystem::copy_options::recursive);
  Open();
  AppendMany(3);
  Close();
  std::filesystem::remove_all(folder());
  std::filesystem::rename(home_.path() / "older", folder());
  const auto opened = TryOpen();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().id, base::ErrorId::kAuditCorrupt);
  EXPECT_NE(opened.error().place.find("witness"), std::string::npos) << opened.error().place;
  witness_.clear();
  EXPECT_TRUE(TryOpen()) << "its own folder shows nothing";
}

TEST_F(AuditLog, AWitnessOfAnotherKeySpeaksOfAnotherLog) {
  witness_ = home_.path() / "witness";
  Open();
  AppendMany(5);
  Close();
  std::filesystem::remove_all(folder());
  std::filesystem::remove(home_.path() / "audit.pem");
  Open();
  AppendMany(1);
}

TEST_F(AuditLog, GoesOnWhereItsWitnessCannotBeWritten) {
  witness_ = home_.path() / "no such folder" / "witness";
  Open();
  AppendMany(3);
  Reopen();
  EXPECT_TRUE(log_->Available());
  AppendMany(1);
  EXPECT_EQ(log_->DurableHead().size, 4U);
}

TEST_F(AuditLog, KnowsTheHeadsThatItGoesOnFrom) {
  Open();
  AppendMany(3);
  const Head three = log_->DurableHead();
  AppendMany(2);
  const Head five = log_->DurableHead();
  EXPECT_TRUE(*log_->GoesOnFrom(three));
  EXPECT_TRUE(*log_->GoesOnFrom(five));
  EXPECT_FALSE(*log_->GoesOnFrom({3, five.root})) << "as long, and another";
  EXPECT_FALSE(*log_->GoesOnFrom({6, five.root})) << "longer than it is";
}

TEST_F(AuditLog, TornTailIsDroppedWhenNobodyWasAnswered) {
  Open();
  AppendMany(3, 5000);
  const Head three = log_->DurableHead();
  const std::string whole = ReadFile(segment());
  AppendMany(1, 20000);
  Close();
  std::filesystem::remove(folder() / "checkpoint");  // as if it had not been written yet
  const std::string longer = ReadFile(segment());
  std::size_t begin = 0;
  while (whole[begin] == longer[begin]) ++begin;
  // A crash may leave any of the group's blocks unwritten.
  for (std::uint64_t block = begin / kBlockBytes; block < begin / kBlockBytes + 5; ++block) {
    std::string torn = longer;
    torn.replace(block * kBlockBytes, kBlockBytes, std::string(kBlockBytes, '\0'));
    WriteFile(segment(), torn);
    Open();
    EXPECT_EQ(log_->DurableHead(), three);
    Close();
    EXPECT_EQ(ReadFile(segment()), whole);
    std::filesystem::remove(folder() / "checkpoint");
  }
}

TEST_F(AuditLog, TruncatedTailIsDetected) {
  Open();
  AppendMany(4);
  Close();  // signs a checkpoint: all four are acknowledged
  const std::string whole = ReadFile(segment());
  std::string cut = whole;
  cut.replace(kBlockBytes * 4, kBlockBytes, std::string(kBlockBytes, '\0'));
  WriteFile(segment(), cut);
  const auto opened = TryOpen();
  EXPECT_EQ(opened.error().id, base::ErrorId::kAuditCorrupt);
  EXPECT_EQ(ReadFile(segment()), cut) << "nothing may be written to a log that is refused";
}

TEST_F(AuditLog, DamageBeforeTheLastGroupIsNeverTakenForATornTail) {
  Open();
  AppendMany(6);
  Close();
  std::filesystem::remove(folder() / "checkpoint");
  const std::string whole = ReadFile(segment());
  for (std::uint64_t group = 1; group <= 5; ++group) {
    std::string damaged = whole;
    damaged[group * kBlockBytes + 100] ^= 1;
    WriteFile(segment(), damaged);
    const auto opened = TryOpen();
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().id, base::ErrorId::kAuditCorrupt);
    EXPECT_NE(opened.error().place.find("offset " + std::to_string(group * kBlockBytes)),
              std::string::npos)
        << opened.error().place;
  }
}

TEST_F(AuditLog, RestoredOlderCopyIsRefused) {
  Open();
  AppendMany(3);
  Close();
  const std::string older = ReadFile(segment());
  Open();
  AppendMany(3);
  Close();
  WriteFile(segment(), older);
  EXPECT_EQ(TryOpen().error().id, base::ErrorId::kAuditCorrupt);
}

TEST_F(AuditLog, AnotherHistoryThanTheSignedOneIsRefused) {
  Open();
  AppendMany(3);
  Close();
  const std::string signed_checkpoint = ReadFile(folder() / "checkpoint");
  std::filesystem::remove_all(folder());
  Open();
  AppendMany(4);
  Close();
  WriteFile(folder() / "checkpoint", signed_checkpoint);
  EXPECT_EQ(TryOpen().error().id, base::ErrorId::kAuditCorrupt);
}

TEST_F(AuditLog, MissingSegmentIsDetected) {
  Open();
  AppendMany(60);
  Close();
  std::vector<std::filesystem::path> segments;
  for (const auto& entry : std::filesystem::directory_iterator(folder() / "segment")) {
    if (entry.path().filename().string().size() == 20) segments.push_back(entry.path());
  }
  ASSERT_GE(segments.size(), 3U);
  for (const auto& path : segments) {
    const auto aside = home_.path() / "aside";
    std::filesystem::rename(path, aside);
    EXPECT_EQ(TryOpen().error().id, base::ErrorId::kAuditCorrupt) << path;
    std::filesystem::rename(aside, path);
  }
  Open();
}

TEST_F(AuditLog, MakesDerivedFilesAgainWhenTheyAreGone) {
  Open();
  AppendMany(60);
  const Head head = log_->DurableHead();
  Close();
  for (const auto& entry : std::filesystem::directory_iterator(folder() / "segment")) {
    if (entry.path().extension() == ".idx") std::filesystem::remove(entry.path());
  }
  std::filesystem::remove_all(folder() / "tree");
  Open();
  EXPECT_EQ(log_->DurableHead(), head);
  for (std::uint64_t i = 0; i < 60; ++i) {
    EXPECT_TRUE(VerifyInclusion(log_->Read(i)->leaf_hash, i, head, *log_->ProveInclusion(i, 60)));
  }
}

TEST_F(AuditLog, FinishesADisposalThatACrashCut) {
  Open();
  AppendMany(1);
  ASSERT_TRUE(Append(Event("to be forgotten")));
  AppendMany(1);
  Close();
  const std::string before = ReadFile(segment());
  Open();
  ASSERT_TRUE(log_->Dispose(1, "order"));
  Close();
  WriteFile(segment(), before);  // the tombstone was durable, the erasure was not
  Open();
  EXPECT_FALSE(log_->Read(1)->body);
  Close();
  EXPECT_EQ(ReadFile(segment()).find("to be forgotten"), std::string::npos);
}

TEST_F(AuditLog, RefusesATombstoneThatItsKeyDidNotSign) {
  Open();
  AppendMany(2);
  ASSERT_TRUE(log_->Dispose(0, "order"));
  Close();
  std::filesystem::rename(folder() / "tombstone/00000000000000000000",
                          folder() / "tombstone/00000000000000000001");
  EXPECT_EQ(TryOpen().error().id, base::ErrorId::kAuditCorrupt);
}

class TwoAuditLogs : public LogTest {
 protected:
  ~TwoAuditLogs() override {
    log_.reset();
    second_.reset();
  }
  void OpenBoth() {
    Open();
    auto key = SigningKey::LoadOrGenerate(home_.path() / "second.pem", "milecastle.example/second");
    auto second = Log::Open(
        {.folder = home_.path() / "second", .segment_bytes = segment_bytes_, .witness = {}},
        *std::move(key), clock_, second_disk_);
    ASSERT_TRUE(second);
    second_ = *std::move(second);
    both_ = std::make_unique<TwoLogs>(log_.get(), *second_, [this] { ++fatal_; });
  }
  base::Result<Receipt> AppendToBoth(Entry entry) {
    std::promise<base::Result<Receipt>> answer;
    both_->Append(std::move(entry),
                  [&](base::Result<Receipt> receipt) { answer.set_value(std::move(receipt)); });
    return answer.get_future().get();
  }

  FailingDisk second_disk_;
  std::atomic<int> fatal_ = 0;
  std::unique_ptr<TwoLogs> both_;
  std::unique_ptr<Log> second_;
};

TEST_F(TwoAuditLogs, UseTheFirstWhileItWorks) {
  OpenBoth();
  EXPECT_EQ(AppendToBoth(Event("a"))->origin(), kOrigin);
  EXPECT_EQ(second_->DurableHead().size, 0U);
}

TEST_F(TwoAuditLogs, GoToTheSecondWhenTheFirstFailsAndStayThere) {
  OpenBoth();
  ASSERT_TRUE(AppendToBoth(Event("a")));
  disk_.Break(Fault::kSyncFails);
  const auto receipt = AppendToBoth(Event("b"));
  ASSERT_TRUE(receipt) << base::Describe(receipt.error());
  EXPECT_EQ(receipt->origin(), "milecastle.example/second");
  EXPECT_TRUE(receipt->Covers("b"));
  disk_.Break(Fault::kNone);
  EXPECT_EQ(AppendToBoth(Event("c"))->origin(), "milecastle.example/second");
  EXPECT_TRUE(both_->Available());
  EXPECT_EQ(fatal_, 0);
}

TEST_F(TwoAuditLogs, LoseNoAppendThatWasInFlight) {
  OpenBoth();
  std::atomic<int> first = 0;
  std::atomic<int> second = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 50; ++i) {
          const auto receipt = AppendToBoth(Event("x"));
          ASSERT_TRUE(receipt);
          ++(receipt->origin() == kOrigin ? first : second);
          if (first == 100) disk_.Break(Fault::kWriteCutsHalf);
        }
      });
    }
  }
  EXPECT_EQ(first + second, 400);
  EXPECT_GT(second, 0);
  EXPECT_EQ(log_->DurableHead().size, static_cast<std::uint64_t>(first));
  EXPECT_EQ(second_->DurableHead().size, static_cast<std::uint64_t>(second));
}

TEST_F(TwoAuditLogs, StopTheProcessOnlyWhenBothFail) {
  OpenBoth();
  disk_.Break(Fault::kWriteFails);
  ASSERT_TRUE(AppendToBoth(Event("a")));
  second_disk_.Break(Fault::kWriteFails);
  EXPECT_EQ(AppendToBoth(Event("b")).error().id, base::ErrorId::kAuditUnavailable);
  EXPECT_EQ(AppendToBoth(Event("c")).error().id, base::ErrorId::kAuditUnavailable);
  log_.reset();
  second_.reset();
  EXPECT_EQ(fatal_, 1);
}

TEST_F(TwoAuditLogs, StartWithoutTheFirst) {
  OpenBoth();
  TwoLogs without_first(nullptr, *second_, [] {});
  std::promise<bool> answered;
  without_first.Append(
      Event("a"), [&](base::Result<Receipt> receipt) { answered.set_value(receipt.has_value()); });
  EXPECT_TRUE(answered.get_future().get());
}

TEST_F(TwoAuditLogs, HandOnARefusalThatIsNoFailure) {
  OpenBoth();
  const Entry event = Event("a");
  ASSERT_TRUE(AppendToBoth(event));
  Entry other = event;
  other.payload = "b";
  EXPECT_EQ(AppendToBoth(other).error().id, base::ErrorId::kConflict);
  EXPECT_TRUE(log_->Available());
  EXPECT_EQ(second_->DurableHead().size, 0U);
}

}  // namespace
}  // namespace milecastle::audit
