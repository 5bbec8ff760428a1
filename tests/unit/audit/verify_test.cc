// Offline verification of an export, and fsck of a log's folder: sound ones pass, every change is
// found.
#include "audit/verify.h"

#include <random>

#include "audit/checkpoint.h"
#include "audit/export.h"
#include "audit/fsck.h"
#include "audit/merkle.h"
#include "audit/payload_bundle.h"
#include "audit/recovery.h"
#include "audit/tile.h"
#include "kit/count.h"
#include "log_fixture.h"

namespace milecastle::audit {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> FilesBelow(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && entry.file_size() > 0) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string Describe(const Report& report) {
  std::string text;
  for (const Problem& problem : report.problems) {
    text += problem.file + " " + std::to_string(problem.offset) + "+" +
            std::to_string(problem.length) + ": " + problem.what + "\n";
  }
  return text;
}

class AuditExport : public LogTest {
 protected:
  fs::path out() const { return home_.path() / "export"; }
  void Fill(int count) {
    std::atomic<int> left = count;
    std::promise<void> all;
    for (int i = 0; i < count; ++i) {
      log_->Append(Event("payload " + std::to_string(i)), [&](base::Result<Receipt>) {
        if (--left == 0) all.set_value();
      });
    }
    all.get_future().get();
  }
  Report Verify() { return VerifyExport(out(), Vkey()); }
};

TEST_F(AuditExport, VerifiesWithThePublicKeyAlone) {
  Open();
  Fill(700);
  ASSERT_TRUE(Export(*log_, out()));
  const Head head = log_->DurableHead();
  Close();
  fs::remove_all(folder());
  const Report report = VerifyExport(out(), *VerifierKey::Parse(Vkey().ToString()));
  EXPECT_TRUE(report.Clean()) << Describe(report);
  EXPECT_EQ(report.head, head);
  EXPECT_EQ(report.leaves_checked, 700U);
  EXPECT_EQ(report.payloads_checked, 700U);
  EXPECT_EQ(report.payloads_absent, 0U);
}

TEST_F(AuditExport, OfAnEmptyLogVerifies) {
  Open();
  ASSERT_TRUE(Export(*log_, out()));
  EXPECT_TRUE(Verify().Clean());
}

TEST_F(AuditExport, HasTheTilesThatItsSizeDemands) {
  Open();
  Fill(600);
  ASSERT_TRUE(Export(*log_, out()));
  for (const char* name : {"tile/0/000", "tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2",
                           "tile/entries/000", "tile/entries/002.p/88", "payload/001"}) {
    EXPECT_TRUE(fs::exists(out() / name)) << name;
  }
  EXPECT_EQ(fs::file_size(out() / "tile/0/000"), 8192U);
  EXPECT_EQ(fs::file_size(out() / "tile/1/000.p/2"), 64U);
}

TEST_F(AuditExport, OfARangeCountsWhatItLeavesOut) {
  Open();
  Fill(700);
  ASSERT_TRUE(
      Export(*log_, out(), {300, 400, [](const Record& record) { return record.index % 2 == 0; }}));
  const Report report = Verify();
  EXPECT_TRUE(report.Clean()) << Describe(report);
  EXPECT_EQ(report.first_leaf, 256U);
  EXPECT_EQ(report.leaves_checked, 256U);
  EXPECT_EQ(report.payloads_checked, 50U);
  EXPECT_EQ(report.payloads_absent, 206U);
}

TEST_F(AuditExport, ShowsADisposedPayloadByItsTombstone) {
  Open();
  Fill(5);
  ASSERT_TRUE(log_->Dispose(2, "order 9"));
  ASSERT_TRUE(Export(*log_, out()));
  const Report report = Verify();
  EXPECT_TRUE(report.Clean()) << Describe(report);
  EXPECT_EQ(report.payloads_checked, 4U);
  EXPECT_EQ(report.payloads_disposed, 1U);
}

TEST_F(AuditExport, IsRefusedUnderAnotherKey) {
  Open();
  Fill(5);
  ASSERT_TRUE(Export(*log_, out()));
  const auto other = SigningKey::Generate(home_.path() / "other.pem", kOrigin);
  EXPECT_FALSE(VerifyExport(out(), other->verifier()).Clean());
}

TEST_F(AuditExport, IsWrittenToAnEmptyFolderOnly) {
  Open();
  Fill(5);
  ASSERT_TRUE(Export(*log_, out()));
  EXPECT_EQ(Export(*log_, out()).error().id, base::ErrorId::kArgumentInvalid);
  EXPECT_EQ(Export(*log_, home_.path() / "x", {6, 7}).error().id, base::ErrorId::kArgumentInvalid);
}

TEST_F(AuditExport, ShowsEveryFlippedBit) {
  Open();
  Fill(300);
  ASSERT_TRUE(log_->Dispose(7, "order"));
  ASSERT_TRUE(Export(*log_, out()));
  std::mt19937_64 random(3);
  std::vector<fs::path> files = FilesBelow(out());
  std::erase(files, out() / "vkey");  // for convenience; never read
  const int flips = kit::Count(400);
  int found = 0;
  for (int i = 0; i < flips; ++i) {
    const fs::path& file = files[random() % files.size()];
    const std::uint64_t bit = random() % (fs::file_size(file) * 8);
    FlipBit(file, bit);
    EXPECT_FALSE(Verify().Clean()) << file << " bit " << bit;
    ++found;
    FlipBit(file, bit);
  }
  EXPECT_TRUE(Verify().Clean());
  std::printf("T38: export: %d of %d flipped bits found\n", found, flips);
}

TEST_F(AuditExport, ShowsEveryMissingFile) {
  Open();
  Fill(800);
  ASSERT_TRUE(Export(*log_, out()));
  for (const fs::path& file : FilesBelow(out())) {
    // Bundles at either end may be left out: the report says which leaves were there.
    const std::string name = fs::relative(file, out()).string();
    if (name == "vkey" || name == "tile/entries/000" || name.starts_with("tile/entries/003"))
      continue;
    fs::rename(file, home_.path() / "aside");
    EXPECT_FALSE(Verify().Clean()) << file;
    fs::rename(home_.path() / "aside", file);
  }
  fs::remove(out() / "tile/entries/000");
  EXPECT_EQ(Verify().first_leaf, 256U);
}

TEST_F(AuditExport, ShowsAPayloadSwappedForAnother) {
  Open();
  ASSERT_TRUE(Append(Event("AAAA")));
  ASSERT_TRUE(Append(Event("BBBB")));
  ASSERT_TRUE(Export(*log_, out()));
  const fs::path file = out() / "payload/000.p/2";
  const std::string bundle = ReadFile(file);
  const std::size_t half = bundle.size() / 2;
  WriteFile(file, bundle.substr(half) + bundle.substr(0, half));
  const Report report = Verify();
  ASSERT_EQ(report.problems.size(), 2U);
  EXPECT_EQ(report.problems[0].index, 0U);
  EXPECT_EQ(report.problems[1].index, 1U);
}

// Signed by the right key, and yet not a log that a gateway writes.
TEST_F(AuditExport, ShowsAnEventThatIsInItTwice) {
  const Leaf leaf{base::Uuid::New(clock_.Now()), Kind::kView};
  Frontier tree;
  std::string hashes;
  std::string leaves;
  std::string payloads;
  for (int i = 0; i < 2; ++i) {
    tree.Push(HashLeaf(EncodeLeaf(leaf)));
    hashes += base::AsBytes(HashLeaf(EncodeLeaf(leaf)));
    AddToBundle(leaves, EncodeLeaf(leaf));
    AddLeftOut(payloads);
  }
  for (const char* name : {"tile/0/000.p", "tile/entries/000.p", "payload/000.p"}) {
    fs::create_directories(out() / name);
  }
  WriteFile(out() / "tile/0/000.p/2", hashes);
  WriteFile(out() / "tile/entries/000.p/2", leaves);
  WriteFile(out() / "payload/000.p/2", payloads);
  WriteFile(out() / "checkpoint", *SignCheckpoint({2, tree.Root()}, Key()));
  const Report report = Verify();
  ASSERT_EQ(report.problems.size(), 1U) << Describe(report);
  EXPECT_EQ(report.problems.front().index, 1U);
}

class AuditFsck : public LogTest {
 protected:
  void Prepare() {
    Open();
    AppendMany(40, 300);
    AppendMany(3, 9000);
    std::promise<void> all;
    std::atomic<int> left = 300;
    for (int i = 0; i < 300; ++i) {
      log_->Append(Event("grouped " + std::to_string(i)), [&](base::Result<Receipt>) {
        if (--left == 0) all.set_value();
      });
    }
    all.get_future().get();
    ASSERT_TRUE(log_->Dispose(5, "order 1"));
    ASSERT_TRUE(log_->Dispose(100, "order 2"));
    Close();
  }
  Report Check() {
    auto report = Fsck(folder(), Vkey());
    EXPECT_TRUE(report);
    return *std::move(report);
  }
};

TEST_F(AuditFsck, FindsNothingInASoundLog) {
  Prepare();
  const Report report = Check();
  EXPECT_TRUE(report.Clean()) << Describe(report);
  EXPECT_EQ(report.head.size, 343U);
  EXPECT_EQ(report.leaves_checked, 343U);
  EXPECT_EQ(report.payloads_checked, 341U);
  EXPECT_EQ(report.payloads_disposed, 2U);
}

TEST_F(AuditFsck, NamesThePlaceOfEveryFlippedBit) {
  Prepare();
  std::vector<fs::path> files = FilesBelow(folder());
  std::erase(files, folder() / "segment/next");  // holds nothing yet
  std::uint64_t bits = 0;
  for (const fs::path& file : files) bits += fs::file_size(file) * 8;
  std::mt19937_64 random(4);
  const int flips = kit::Count(900);
  int found = 0;
  int placed = 0;
  for (int i = 0; i < flips; ++i) {
    // Half of them anywhere by size, half with every file as likely.
    std::uint64_t bit = random() % bits;
    std::size_t f = 0;
    while (i % 2 == 0 && bit >= fs::file_size(files[f]) * 8) bit -= fs::file_size(files[f++]) * 8;
    if (i % 2 == 1) {
      f = random() % files.size();
      bit = random() % (fs::file_size(files[f]) * 8);
    }
    FlipBit(files[f], bit);
    const Report report = Check();
    const std::string name = fs::relative(files[f], folder()).string();
    found += report.Clean() ? 0 : 1;
    const bool named =
        std::any_of(report.problems.begin(), report.problems.end(), [&](const Problem& problem) {
          return problem.file == name && bit / 8 >= problem.offset &&
                 bit / 8 < problem.offset + problem.length;
        });
    EXPECT_TRUE(named) << name << " byte " << bit / 8 << "\n" << Describe(report);
    EXPECT_LE(report.problems.size(), 4U) << name << " byte " << bit / 8 << "\n"
                                          << Describe(report);
    placed += named ? 1 : 0;
    FlipBit(files[f], bit);
  }
  EXPECT_TRUE(Check().Clean());
  std::printf("T38: fsck: %d of %d flipped bits found, %d at their place\n", found, flips, placed);
}

TEST_F(AuditFsck, FindsASegmentThatWasCut) {
  Prepare();
  fs::resize_file(segment(), fs::file_size(segment()) - 20000);
  EXPECT_FALSE(Check().Clean());
}

// As a kill leaves them: the next start writes what is missing from the segment.
TEST_F(AuditFsck, TakesNoOffenceAtHashesThatAreBehindTheLastSegment) {
  Prepare();
  const std::uint64_t sure = ListSegments(folder()).back();
  ASSERT_LT(sure, 343U);
  fs::resize_file(folder() / "tree/0", sure * 32 + 5);
  fs::resize_file(folder() / "tree/1", sure / 256 * 32);
  const Report report = Check();
  EXPECT_TRUE(report.Clean()) << Describe(report);
  EXPECT_EQ(report.head.size, 343U);
}

TEST_F(AuditFsck, FindsHashesMissingThatAnIndexSaysAreDurable) {
  Prepare();
  const std::uint64_t sure = ListSegments(folder()).back();
  ASSERT_GT(sure, 0U);
  fs::resize_file(folder() / "tree/0", sure * 32 - 1);
  const Report report = Check();
  ASSERT_EQ(report.problems.size(), 1U) << Describe(report);
  EXPECT_EQ(report.problems.front().file, "tree/0");
}

TEST_F(AuditFsck, FindsARemovedTombstone) {
  Prepare();
  fs::remove(folder() / "tombstone/00000000000000000005");
  const Report report = Check();
  ASSERT_FALSE(report.Clean());
  EXPECT_EQ(report.problems.front().index, 5U);
}

TEST_F(AuditFsck, LeavesALogAloneThatIsOpen) {
  Open();
  EXPECT_EQ(Fsck(folder(), Vkey()).error().id, base::ErrorId::kConflict);
  EXPECT_EQ(Fsck(home_.path() / "nowhere", Vkey()).error().id, base::ErrorId::kFileUnavailable);
}

}  // namespace
}  // namespace milecastle::audit
