// Practices' records into the gateway, durable: every bundle is another patient's, so that each of
// its entries is written.
//
// Thread-safety: the intake's callbacks send what comes next. Failure: ends where a bundle is not
// accepted.

#include <future>
#include <mutex>

#include "gateway_path.h"
#include "messages.h"
#include "stopwatch.h"

namespace milecastle::bench {
namespace {

class Senders {
 public:
  Senders(GatewayPath& path, std::size_t bundles) : path_(path), numbers_(NhsNumbers(bundles)) {
    for (std::size_t i = 0; i < bundles; ++i) bundles_.push_back(StructuredBundle(i, numbers_[i]));
  }

  void Run(std::chrono::nanoseconds until, std::size_t senders) {
    until_ = until;
    waiting_ = senders;
    for (std::size_t i = 0; i < senders; ++i) SendNext();
    finished_.get_future().wait();
  }
  std::uint64_t done() const { return done_; }
  std::uint64_t bytes() const { return bytes_; }

 private:
  void SendNext() {
    std::string bundle;
    {
      const std::lock_guard lock(mutex_);
      if (Monotonic() >= until_ || bundles_.empty()) {
        if (--waiting_ == 0) finished_.set_value();
        return;
      }
      bundle = std::move(bundles_.back());
      bundles_.pop_back();
    }
    const std::size_t size = bundle.size();
    const bool taken = path_.intake().TryReceive(
        path_.practice(), bundle, [this, size](const port::Received& received) {
          if (received.outcome.disposition != port::Disposition::kAccepted) {
            Fail("a bundle was not accepted");
          }
          {
            const std::lock_guard lock(mutex_);
            ++done_;
            bytes_ += size;
          }
          SendNext();
        });
    if (!taken) Fail("the intake is full");
  }

  GatewayPath& path_;
  const std::vector<std::string> numbers_;
  std::mutex mutex_;
  std::vector<std::string> bundles_;
  std::chrono::nanoseconds until_;
  std::size_t waiting_ = 0;
  std::uint64_t done_ = 0;
  std::uint64_t bytes_ = 0;
  std::promise<void> finished_;
};

void Run(const Options& options) {
  GatewayPath path;
  Senders senders(path, options.Count("bundles", 300));
  const Stopwatch watch;
  senders.Run(Monotonic() + options.Seconds(), options.Count("senders", 8));
  Report(watch.Read(static_cast<double>(senders.bytes()) / 1e6, senders.done()));
}

}  // namespace
}  // namespace milecastle::bench

int main(int argc, char** argv) { milecastle::bench::Run(milecastle::bench::Options(argc, argv)); }
