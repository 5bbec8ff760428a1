// An audit log that holds so many entries already: what the next ones cost, what a proof costs, and
// what opening it again costs.
//
//   --before N    entries that it holds
//   --appends N   so many more are measured, 64 that wait at a time; its CPU is all that they cost,
//                 tree and indexes and zeroed segments included
//
// Opening is Log::Open and the question whether the log goes on from the head that a store noted:
// what a start of the gateway does. Its bytes are counted, so that a log that is read or hashed
// from its beginning shows, however fast the machine.
//
// Thread-safety: the waiters are the log's own callbacks. Failure: ends where the log refuses.

#include <atomic>
#include <fstream>
#include <future>

#include "kit/folder.h"
#include "long_log.h"
#include "stopwatch.h"

namespace milecastle::bench {
namespace {

constexpr std::size_t kWaiters = 64;
constexpr std::size_t kProofs = 2000;

// Each waits for its entry and appends the next, until so many were begun.
class Waiters {
 public:
  Waiters(audit::Log& log, const base::Clock& clock, std::size_t appends)
      : log_(log), clock_(clock), left_(static_cast<std::int64_t>(appends)) {}

  void Run() {
    for (std::size_t i = 0; i < kWaiters; ++i) Append();
    finished_.get_future().wait();
  }

 private:
  void Append() {
    if (--left_ < 0) {
      if (--waiting_ == 0) finished_.set_value();
      return;
    }
    log_.Append(LoggedView(clock_), [this](const base::Result<audit::Receipt>& receipt) {
      if (!receipt) Fail("the log refused an entry");
      Append();
    });
  }

  audit::Log& log_;
  const base::Clock& clock_;
  std::atomic<std::int64_t> left_;
  std::atomic<std::size_t> waiting_ = kWaiters;
  std::promise<void> finished_;
};

// What this process has read so far, from files and their pages in memory alike.
double BytesRead() {
  std::ifstream counts("/proc/self/io");
  std::string name;
  double value = 0;
  while (counts >> name >> value) {
    if (name == "rchar:") return value;
  }
  Fail("/proc/self/io does not say what was read");
}

double BytesIn(const std::filesystem::path& folder) {
  double bytes = 0;
  for (const auto& each : std::filesystem::recursive_directory_iterator(folder)) {
    if (each.is_regular_file()) bytes += static_cast<double>(each.file_size());
  }
  return bytes;
}

class LongLog {
 public:
  void Open() {
    auto key = audit::SigningKey::LoadOrGenerate(folder_.path() / "key", "bench.example/audit");
    if (!key) Fail("the audit key cannot be made");
    auto log = audit::Log::Open({.folder = folder_.path() / "log"}, std::move(*key), clock_);
    if (!log) Fail(base::Describe(log.error()));
    log_ = std::move(*log);
  }

  // Closed and opened, so that nothing of the filling is left to be done: tree and indexes follow
  // a log by a second.
  void Fill(std::size_t entries) {
    Open();
    Lengthen(*log_, clock_, entries);
    log_.reset();
    Open();
  }

  // All that they cost, and so until the log is closed.
  Figures Append(std::size_t appends) {
    const Stopwatch watch;
    {
      Waiters waiters(*log_, clock_, appends);
      waiters.Run();
    }
    noted_ = log_->DurableHead();
    log_.reset();
    return watch.Read(static_cast<double>(appends), appends);
  }

  void OpenAgain(Figures& figures) {
    figures.emplace_back("log_bytes", BytesIn(folder_.path() / "log"));
    const double before = BytesRead();
    const Stopwatch watch;
    Open();
    const auto goes_on = log_->GoesOnFrom(noted_);
    figures.emplace_back("open_cpu_ms", watch.Read(1, 1)[1].second / 1000);
    figures.emplace_back("open_ms",
                         std::chrono::duration<double, std::milli>(watch.took()).count());
    figures.emplace_back("open_bytes", BytesRead() - before);
    if (!goes_on || !*goes_on) Fail("the log is not what it was");
  }

  // Of leaves all over the log.
  void Prove(Figures& figures) const {
    const std::uint64_t size = log_->DurableHead().size;
    std::size_t longest = 0;
    const Stopwatch watch;
    for (std::uint64_t i = 0; i < kProofs; ++i) {
      const auto proof = log_->ProveInclusion(size * i / kProofs, size);
      if (!proof) Fail(base::Describe(proof.error()));
      longest = std::max(longest, proof->size());
    }
    figures.emplace_back("prove_us", watch.Read(1, kProofs)[1].second);
    figures.emplace_back("proof_hashes", static_cast<double>(longest));
    figures.emplace_back("size", static_cast<double>(size));
  }

 private:
  const kit::TemporaryFolder folder_;
  const base::SystemClock clock_;
  std::unique_ptr<audit::Log> log_;
  audit::Head noted_;
};

void Run(const Options& options) {
  LongLog log;
  log.Fill(options.Count("before", 10'000));
  Figures figures = log.Append(options.Count("appends", 50'000));
  log.OpenAgain(figures);
  log.Prove(figures);
  Report(figures);
}

}  // namespace
}  // namespace milecastle::bench

int main(int argc, char** argv) { milecastle::bench::Run(milecastle::bench::Options(argc, argv)); }
