#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <future>

#include "audit/export.h"
#include "audit/log.h"
#include "base/uuid.h"
#include "console.h"
#include "kit/clock.h"
#include "kit/folder.h"

namespace milecastle::command {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

// A log with a few entries, closed again, and an export of it.
class AuditCommand : public testing::Test {
 protected:
  AuditCommand() {
    auto key = audit::SigningKey::Generate(home_.path() / "log.key", "milecastle.example/audit");
    vkey_ = key->verifier().ToString();
    auto log = audit::Log::Open({.folder = log_folder()}, std::move(*key), clock_);
    for (int i = 0; i < 5; ++i) Append(**log, "payload " + std::to_string(i));
    EXPECT_TRUE(audit::Export(**log, exported()));
  }

  void Append(audit::Log& log, std::string payload) {
    std::promise<void> durable;
    audit::Entry entry;
    entry.event_id = base::Uuid::New(clock_.Now());
    entry.payload = std::move(payload);
    log.Append(std::move(entry), [&durable](base::Result<audit::Receipt> receipt) {
      EXPECT_TRUE(receipt);
      durable.set_value();
    });
    durable.get_future().get();
  }

  fs::path exported() const { return home_.path() / "export"; }
  fs::path log_folder() const { return home_.path() / "log"; }
  Ran Verify(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"audit", "verify", exported().string(), "--key", vkey_});
    return RunLine(more);
  }
  static void FlipByte(const fs::path& path, std::streamoff at) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    ASSERT_TRUE(file.seekg(at));
    const char byte = static_cast<char>(file.get() ^ 1);
    file.seekp(at);
    file.put(byte);
  }

  kit::TemporaryFolder home_;
  kit::ManualClock clock_{base::Instant(std::chrono::seconds(1'783'593'000))};
  std::string vkey_;
};

TEST_F(AuditCommand, ASoundExportVerifies) {
  const Ran ran = Verify();
  EXPECT_EQ(ran.exit, 0) << ran.out << ran.err;
  EXPECT_THAT(ran.out, testing::StartsWith("VERIFIED\n"));
  EXPECT_THAT(ran.out, HasSubstr("5 leaves from leaf 0 on, 5 payloads"));
}

TEST_F(AuditCommand, AKeyInAFileWillDo) {
  const std::string file = home_.Write("vkey", vkey_ + "\n").string();
  EXPECT_EQ(RunLine({"audit", "verify", exported().string(), "--key", file}).exit, 0);
}

TEST_F(AuditCommand, AChangedPayloadFailsAndTheLeafIsNamed) {
  // The last byte of the bundle is of the payload of leaf 4.
  const fs::path bundle = exported() / "payload/000.p/5";
  FlipByte(bundle, static_cast<std::streamoff>(fs::file_size(bundle)) - 1);
  const Ran ran = Verify();
  EXPECT_EQ(ran.exit, 1);
  EXPECT_THAT(ran.out, testing::StartsWith("NOT VERIFIED\n"));
  EXPECT_THAT(ran.out, HasSubstr("payload/000.p/5, byte "));
  EXPECT_THAT(ran.out, HasSubstr("leaf 4"));
}

TEST_F(AuditCommand, JsonNamesTheFileAndPositionToo) {
  FlipByte(exported() / "tile/entries/000.p/5", 10);
  const Ran ran = Verify({"--json"});
  EXPECT_EQ(ran.exit, 1);
  const auto report = boost::json::parse(ran.out);
  EXPECT_EQ(report.at("verified"), false);
  EXPECT_EQ(report.at("problems").at(0).at("file"), "tile/entries/000.p/5");
  EXPECT_EQ(report.at("problems").at(0).at("leaf"), 0);
}

TEST_F(AuditCommand, AnotherLogsKeyDoesNotVerify) {
  const auto other =
      audit::SigningKey::Generate(home_.path() / "other.key", "milecastle.example/audit");
  const Ran ran =
      RunLine({"audit", "verify", exported().string(), "--key", other->verifier().ToString()});
  EXPECT_EQ(ran.exit, 1);
  EXPECT_THAT(ran.out, HasSubstr("checkpoint"));
}

TEST_F(AuditCommand, WhatIsNoKeyOrNoFolderIsMisuse) {
  const Ran key = RunLine({"audit", "verify", exported().string(), "--key", "nonsense"});
  EXPECT_EQ(key.exit, 2);
  EXPECT_THAT(key.err, HasSubstr("NAME+HASH+BASE64"));
  EXPECT_EQ(RunLine({"audit", "verify", "/nowhere", "--key", vkey_}).exit, 2);
}

TEST_F(AuditCommand, FsckPassesASoundLogAndNamesThePlaceOfDamage) {
  const Ran sound = RunLine({"audit", "fsck", log_folder().string()});
  EXPECT_EQ(sound.exit, 0) << sound.out << sound.err;

  FlipByte(log_folder() / "segment/00000000000000000000", 4096 + 4096 / 2);
  const Ran damaged = RunLine({"audit", "fsck", log_folder().string(), "--key", vkey_});
  EXPECT_EQ(damaged.exit, 1) << damaged.out << damaged.err;
  EXPECT_THAT(damaged.out, HasSubstr("segment/00000000000000000000, byte "));
}

TEST_F(AuditCommand, FsckOfAStorePrintsEachRowThatIsDamaged) {
  Parts parts;
  parts.check_store = [](const fs::path&) -> base::Result<StoreCheck> {
    return StoreCheck{12, {{"entries row 7", "the digest does not fit"}}};
  };
  const std::string store = home_.Write("store.db", "x").string();
  const Ran ran = RunLine({"audit", "fsck", "--store", store}, parts);
  EXPECT_EQ(ran.exit, 1);
  EXPECT_THAT(ran.out, HasSubstr("entries row 7: the digest does not fit"));
  EXPECT_THAT(ran.out, HasSubstr("12 rows"));
  EXPECT_EQ(RunLine({"audit", "fsck"}, parts).exit, 2);
}

}  // namespace
}  // namespace milecastle::command
