#include "https/client.h"

#include <array>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <set>
#include <thread>
#include <utility>

#include "base/crypto.h"
#include "inside/exchange.h"

namespace milecastle::https {
namespace {

double Random() {
  std::array<std::uint8_t, 2> bytes{};
  base::RandomBytes(bytes);
  constexpr double kOf = 65536.0;
  return static_cast<double>(bytes[0] * 256 + bytes[1]) / kOf;
}

template <class Notice, class... What>
void Tell(const Notice& notice, const What&... what) {
  if (notice) notice(what...);
}

}  // namespace

struct Loop::Inside {
  explicit Inside(std::size_t most) : most(most), work(io.get_executor()) {}

  const std::size_t most;
  std::atomic<std::size_t> outstanding = 0;
  boost::asio::io_context io{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work;
  std::set<std::shared_ptr<Exchange>> exchanges;  // of the loop's thread
  bool stopping = false;                          // likewise
  std::mutex entering;  // guards `closed`: what was posted before it runs, and nothing is after it
  bool closed = false;
  std::thread thread;
};

Loop::Loop(std::size_t outstanding) : inside_(std::make_unique<Inside>(outstanding)) {
  inside_->thread = std::thread([this] { inside_->io.run(); });
}

void Loop::Stop() {
  if (!inside_->thread.joinable()) return;
  {
    const std::lock_guard lock(inside_->entering);
    inside_->closed = true;
  }
  boost::asio::post(inside_->io, [this] {
    inside_->stopping = true;
    const auto all = inside_->exchanges;  // each takes itself out
    for (const auto& exchange : all) exchange->Stop();
    inside_->work.reset();
  });
  inside_->thread.join();
}

Loop::~Loop() { Stop(); }

std::string_view NameOf(Failure failure) {
  constexpr std::array<std::string_view, 8> kNames = {"none",      "busy",        "circuit_open",
                                                      "timed_out", "unreachable", "not_trusted",
                                                      "invalid",   "stopping"};
  return kNames.at(static_cast<std::size_t>(failure));
}

// One question, over its tries.
struct Client::Asked {
  MakeRequest make;
  Moment began;
  Moment until;
  OnReply done;
  int tries = 0;
};

Client::Client(ClientParts parts, Loop& loop, const base::Clock& clock)
    : place_(std::move(parts.place)),
      limits_(parts.limits),
      notices_(std::move(parts.notices)),
      loop_(loop),
      clock_(clock),
      breaker_(parts.breaker, &Random),
      tls_(std::move(parts.tls)) {}

bool Client::TakePlace() {
  const std::lock_guard lock(mutex_);
  if (counts_.outstanding >= limits_.outstanding) return false;
  auto& all = loop_.inside().outstanding;
  if (all.fetch_add(1) >= loop_.inside().most) {
    --all;
    return false;
  }
  ++counts_.outstanding;
  ++counts_.asked;
  return true;
}

void Client::Ask(MakeRequest make, Moment until, OnReply done) {
  const auto not_sent = [&](Failure failure) {
    {
      const std::lock_guard lock(mutex_);
      ++counts_.not_sent;
    }
    done({.failure = failure});
  };
  // A place first: who is let in by the breaker is sent.
  if (!TakePlace()) return not_sent(Failure::kBusy);
  const Moment now = clock_.Monotonic();
  if (!breaker_.TryEnter(now)) {
    {
      const std::lock_guard lock(mutex_);
      --counts_.outstanding;
      --counts_.asked;
    }
    --loop_.inside().outstanding;
    return not_sent(Failure::kCircuitOpen);
  }
  auto asked = std::make_shared<Asked>(
      Asked{std::move(make), now, std::min(until, now + limits_.whole), std::move(done)});
  Enter(asked);
}

// A second question may follow an answer that came just before the stop.
void Client::Enter(const std::shared_ptr<Asked>& asked) {
  {
    const std::lock_guard lock(loop_.inside().entering);
    if (!loop_.inside().closed) {
      boost::asio::post(loop_.inside().io, [this, asked] { Try(asked); });
      return;
    }
  }
  Tried(asked, {.failure = Failure::kStopping}, false);
}

// On the loop's thread, as all that follows; or on the asker's, where the loop has stopped.
void Client::Try(const std::shared_ptr<Asked>& asked) {
  if (loop_.inside().stopping) return Tried(asked, {.failure = Failure::kStopping}, false);
  ++asked->tries;
  const base::Instant now = clock_.Now();
  const base::Uuid trace_id = base::Uuid::New(now);
  Attempt attempt{.host = place_.host,
                  .port = place_.port,
                  .request = asked->make(trace_id, now),
                  .trace_id = trace_id.ToString(),
                  .limits = limits_,
                  .until = std::chrono::steady_clock::now() + (asked->until - clock_.Monotonic())};
  auto& exchanges = loop_.inside().exchanges;
  const auto place = std::make_shared<std::shared_ptr<Exchange>>();
  *place = std::make_shared<Exchange>(loop_.inside().io, tls(), std::move(attempt),
                                      [this, asked, place, &exchanges](Reply reply, bool heard) {
                                        exchanges.erase(std::exchange(*place, nullptr));
                                        Tried(asked, std::move(reply), !heard);
                                      });
  const auto exchange = *place;
  exchanges.insert(exchange);
  exchange->Begin();
}

void Client::Tried(const std::shared_ptr<Asked>& asked, Reply reply, bool may_repeat) {
  // What was not trusted will not be, and who hung once has had the time.
  const bool broke = reply.failure == Failure::kUnreachable;
  if (broke && may_repeat && asked->tries < 2 && clock_.Monotonic() < asked->until) {
    return Try(asked);
  }
  End(*asked, std::move(reply));
}

void Client::End(const Asked& asked, Reply reply) {
  // A reader who has less time than the source is given does not prove the source broken.
  const bool cut_short =
      asked.until < asked.began + limits_.whole && clock_.Monotonic() >= asked.until;
  Count(reply, cut_short);
  --loop_.inside().outstanding;
  asked.done(std::move(reply));
}

void Client::Count(const Reply& reply, bool cut_short) {
  {
    const std::lock_guard lock(mutex_);
    --counts_.outstanding;
    if (reply.failure == Failure::kNone) {
      ++counts_.answered;
    } else if (reply.failure == Failure::kTimedOut) {
      ++counts_.timed_out;
    } else {
      ++counts_.failed;
    }
  }
  if (reply.failure == Failure::kNone) return;
  const bool early = reply.failure == Failure::kTimedOut && cut_short;
  if (early || reply.failure == Failure::kStopping) return breaker_.Left();
  Failed(NameOf(reply.failure));
}

void Client::Failed(std::string_view why) {
  Tell(notices_.failed, why);
  if (breaker_.Failed(clock_.Monotonic())) Tell(notices_.broken);
}

void Client::Judge(bool usable) {
  if (usable) {
    if (breaker_.Succeeded()) Tell(notices_.restored);
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    ++counts_.unusable;
  }
  Failed("unusable");
}

void Client::Use(std::shared_ptr<const Tls> tls) {
  const std::lock_guard lock(mutex_);
  tls_ = std::move(tls);
}

std::shared_ptr<const Tls> Client::tls() const {
  const std::lock_guard lock(mutex_);
  return tls_;
}

Counts Client::counts() const {
  const std::lock_guard lock(mutex_);
  Counts counts = counts_;
  counts.opened = breaker_.times_opened();
  counts.state = breaker_.state();
  return counts;
}

}  // namespace milecastle::https
