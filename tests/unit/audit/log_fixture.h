// A log in a temporary folder, with the verbs of its tests, on a disk that can be made to fail.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "audit/log.h"
#include "kit/clock.h"
#include "kit/folder.h"

namespace milecastle::audit {

// Does what the real disk does until it is told to fail.
class FailingDisk final : public Disk {
 public:
  enum class Fault {
    kNone,
    kWriteFails,          // nothing reaches the disk
    kWriteCutsHalf,       // half of it does, and the write fails: a torn group
    kWriteFailsAfterAll,  // all of it does, and the write fails: failed, but persisted
    kSyncFails,           // written, not synced
    kSyncFailsButSynced,  // synced, and the answer is lost: failed, but persisted
  };
  // From now on, for files whose path holds `part`.
  void Break(Fault fault, std::string part = "/segment/") {
    const std::lock_guard lock(mutex_);
    part_ = std::move(part);
    fault_ = fault;
  }
  int writes_after_fault() const { return writes_after_fault_; }
  std::uint64_t bytes_read() const { return bytes_read_; }

  base::Result<std::unique_ptr<File>> Open(const std::filesystem::path& path,
                                           OpenMode mode) override {
    auto file = PosixDisk().Open(path, mode);
    if (!file) return file;
    return std::unique_ptr<File>(
        std::make_unique<FailingFile>(*this, path.string(), *std::move(file)));
  }
  base::Result<void> Replace(const std::filesystem::path& path, std::string_view bytes,
                             Durability durability) override {
    if (FaultFor(path.string()) != Fault::kNone) return Error();
    return PosixDisk().Replace(path, bytes, durability);
  }
  base::Result<void> Rename(const std::filesystem::path& from,
                            const std::filesystem::path& to) override {
    return PosixDisk().Rename(from, to);
  }

 private:
  class FailingFile final : public File {
   public:
    FailingFile(FailingDisk& disk, std::string path, std::unique_ptr<File> file)
        : disk_(disk), path_(std::move(path)), file_(std::move(file)) {}
    base::Result<void> WriteAt(std::uint64_t offset, std::string_view bytes) override {
      // The spare segment is made in the background at any time: not the subject.
      const Fault fault = path_.ends_with("/next") && offset == 0 && bytes.size() > 4096
                              ? Fault::kNone
                              : disk_.FaultFor(path_);
      if (fault != Fault::kNone && disk_.failed_.exchange(true)) ++disk_.writes_after_fault_;
      if (fault == Fault::kWriteFails) return Error();
      if (fault == Fault::kWriteCutsHalf) bytes = bytes.substr(0, bytes.size() / 2);
      auto written = file_->WriteAt(offset, bytes);
      const bool fails = fault == Fault::kWriteCutsHalf || fault == Fault::kWriteFailsAfterAll;
      return fails ? Error() : written;
    }
    base::Result<void> Sync() override {
      const Fault fault = disk_.FaultFor(path_);
      if (fault == Fault::kSyncFails) return Error();
      auto synced = file_->Sync();
      return fault == Fault::kSyncFailsButSynced ? Error() : synced;
    }
    base::Result<std::string> ReadAt(std::uint64_t offset, std::size_t length) const override {
      auto bytes = file_->ReadAt(offset, length);
      if (bytes) disk_.bytes_read_ += bytes->size();
      return bytes;
    }
    base::Result<std::uint64_t> Size() const override { return file_->Size(); }

   private:
    FailingDisk& disk_;
    std::string path_;
    std::unique_ptr<File> file_;
  };

  static base::Result<void> Error() {
    return base::Error{base::ErrorId::kFileUnavailable, "disk", "broken by the test"};
  }
  Fault FaultFor(const std::string& path) const {
    const std::lock_guard lock(mutex_);
    return path.find(part_) != path.npos ? fault_ : Fault::kNone;
  }

  mutable std::mutex mutex_;
  std::string part_;
  Fault fault_ = Fault::kNone;
  std::atomic<bool> failed_ = false;
  std::atomic<int> writes_after_fault_ = 0;
  std::atomic<std::uint64_t> bytes_read_ = 0;
};

class LogTest : public testing::Test {
 protected:
  static constexpr std::string_view kOrigin = "milecastle.example/audit";

  std::filesystem::path folder() const { return home_.path() / "log"; }
  std::filesystem::path segment(std::uint64_t first = 0) const {
    const std::string digits = std::to_string(first);
    return folder() / "segment" / (std::string(20 - digits.size(), '0') + digits);
  }
  SigningKey Key(std::string_view name = kOrigin) {
    return *SigningKey::LoadOrGenerate(home_.path() / "audit.pem", name);
  }
  VerifierKey Vkey() { return Key().verifier(); }

  base::Result<std::unique_ptr<Log>> TryOpen() {
    return Log::Open({.folder = folder(),
                      .segment_bytes = segment_bytes_,
                      .checkpoint_period = checkpoint_period_,
                      .max_waiting_entries = max_waiting_entries_,
                      .witness = witness_,
                      .look_period = look_period_},
                     Key(), clock_, disk_);
  }
  void Open() {
    auto log = TryOpen();
    ASSERT_TRUE(log) << base::Describe(log.error());
    log_ = *std::move(log);
  }
  void Close() { log_.reset(); }
  void Reopen() {
    Close();
    Open();
  }

  Entry Event(std::string payload, Kind kind = Kind::kView) {
    return {base::Uuid::New(clock_.Now()), kind, std::move(payload)};
  }
  using How = void (Appender::*)(Entry, Appender::OnDurable);
  // Waits for the answer.
  base::Result<Receipt> Append(Entry entry) { return Append(std::move(entry), how_); }
  base::Result<Receipt> Append(Entry entry, How how) {
    std::promise<base::Result<Receipt>> answer;
    ((*log_).*how)(std::move(entry),
                   [&](base::Result<Receipt> receipt) { answer.set_value(std::move(receipt)); });
    return answer.get_future().get();
  }
  // Appends one by one, so that each is a group of its own.
  void AppendMany(int count, std::size_t payload_bytes = 100) {
    for (int i = 0; i < count; ++i) {
      std::string payload = "payload " + std::to_string(i) + " ";
      payload.resize(payload_bytes, '.');
      const auto receipt = Append(Event(payload));
      ASSERT_TRUE(receipt) << base::Describe(receipt.error());
    }
  }

  static std::string ReadFile(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static void WriteFile(const std::filesystem::path& path, std::string_view bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
  }
  static void FlipBit(const std::filesystem::path& path, std::uint64_t bit) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(bit / 8));
    const int byte = file.get();
    file.seekp(static_cast<std::streamoff>(bit / 8));
    file.put(static_cast<char>(byte ^ (1 << (bit % 8))));
  }

  kit::TemporaryFolder home_;
  kit::ManualClock clock_{base::Instant(std::chrono::seconds(1'760'000'000))};
  FailingDisk disk_;
  std::uint64_t segment_bytes_ = 64 * 1024;
  std::chrono::milliseconds checkpoint_period_{0};
  std::size_t max_waiting_entries_ = 65536;
  std::filesystem::path witness_;
  std::chrono::milliseconds look_period_{3'600'000};  // only before each group, as a rule
  How how_ = &Appender::Append;
  std::unique_ptr<Log> log_;
};

}  // namespace milecastle::audit
