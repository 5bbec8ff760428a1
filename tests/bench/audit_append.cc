// The audit log with so many who wait for it: each appends its next entry when the last one is
// durable, and every group is followed by a signed checkpoint.
//
// Thread-safety: the waiters are the log's own callbacks. Failure: ends where the log refuses.

#include <atomic>
#include <future>

#include "audit/log.h"
#include "audit/payload.h"
#include "base/clock.h"
#include "kit/folder.h"
#include "stopwatch.h"

namespace milecastle::bench {
namespace {

class Waiters {
 public:
  Waiters(audit::Log& log, const base::Clock& clock, std::size_t count)
      : log_(log),
        clock_(clock),
        payload_(audit::MakePayload({.organisation = "RXX", .user = "hospital"},
                                    "{\"text\":\"" + std::string(220, 'x') + "\"}")),
        waiting_(count) {}

  // Returns when `until` has passed and each has its answer.
  void Run(std::chrono::nanoseconds until) {
    until_ = until;
    const std::size_t all = waiting_;
    for (std::size_t i = 0; i < all; ++i) Append();
    finished_.get_future().wait();
  }
  std::uint64_t done() const { return done_; }

 private:
  void Append() {
    log_.Append({.event_id = base::Uuid::New(clock_.Now()),
                 .kind = audit::Kind::kView,
                 .payload = payload_},
                [this](const base::Result<audit::Receipt>& receipt) {
                  if (!receipt) Fail("the log refused an entry");
                  ++done_;
                  if (Monotonic() < until_) return Append();
                  if (--waiting_ == 0) finished_.set_value();
                });
  }

  audit::Log& log_;
  const base::Clock& clock_;
  const std::string payload_;
  std::chrono::nanoseconds until_;
  std::atomic<std::size_t> waiting_;
  std::atomic<std::uint64_t> done_ = 0;
  std::promise<void> finished_;
};

void Run(const Options& options) {
  const kit::TemporaryFolder folder;
  const base::SystemClock clock;
  auto key = audit::SigningKey::Generate(folder.path() / "key", "bench.example/audit");
  if (!key) Fail("the audit key cannot be made");
  auto log = audit::Log::Open(
      {.folder = folder.path() / "log", .checkpoint_period = std::chrono::milliseconds(0)},
      std::move(*key), clock);
  if (!log) Fail("the audit log cannot be opened");
  Waiters(**log, clock, options.Count("waiters", 64))
      .Run(Monotonic());  // the first segment is made
  Waiters waiters(**log, clock, options.Count("waiters", 64));
  const Stopwatch watch;
  waiters.Run(Monotonic() + options.Seconds());
  Report(watch.Read(static_cast<double>(waiters.done()), waiters.done()));
}

}  // namespace
}  // namespace milecastle::bench

int main(int argc, char** argv) { milecastle::bench::Run(milecastle::bench::Options(argc, argv)); }
