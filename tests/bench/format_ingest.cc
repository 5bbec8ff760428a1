// Messages of a format into the gateway, durable: each is of other people, so that each of its
// entries is written.
//
// Thread-safety: the intake's callbacks send what comes next. Failure: ends where a message is not
// accepted.

#include <future>
#include <mutex>

#include "gateway_path.h"
#include "samples.h"
#include "stopwatch.h"

namespace milecastle::bench {
namespace {

class Senders {
 public:
  Senders(GatewayPath& path, const Format& format, std::size_t messages)
      : path_(path), feed_(FeedOf(format)), messages_(MessagesOf(format, messages)) {}

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
    std::string message;
    {
      const std::lock_guard lock(mutex_);
      if (Monotonic() >= until_ || messages_.empty()) {
        if (--waiting_ == 0) finished_.set_value();
        return;
      }
      message = std::move(messages_.back());
      messages_.pop_back();
    }
    const std::size_t size = message.size();
    const bool taken =
        path_.intake().TryReceive(feed_, message, [this, size](const port::Received& received) {
          if (received.outcome.disposition != port::Disposition::kAccepted) {
            Fail("a message was not accepted");
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
  const std::shared_ptr<const port::Feed> feed_;
  std::mutex mutex_;
  std::vector<std::string> messages_;
  std::chrono::nanoseconds until_;
  std::size_t waiting_ = 0;
  std::uint64_t done_ = 0;
  std::uint64_t bytes_ = 0;
  std::promise<void> finished_;
};

void Run(const Options& options) {
  GatewayPath path;
  Senders senders(path, FormatOf(options.Text("format", "stu3")), options.Count("messages", 300));
  const Stopwatch watch;
  senders.Run(Monotonic() + options.Seconds(), options.Count("senders", 8));
  Report(watch.Read(static_cast<double>(senders.bytes()) / 1e6, senders.done()));
}

}  // namespace
}  // namespace milecastle::bench

int main(int argc, char** argv) { milecastle::bench::Run(milecastle::bench::Options(argc, argv)); }
