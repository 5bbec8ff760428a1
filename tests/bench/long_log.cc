#include "long_log.h"

#include <condition_variable>
#include <mutex>
#include <string>

#include "audit/payload.h"
#include "report.h"

namespace milecastle::bench {
namespace {

constexpr std::size_t kUnderWay = 16'384;  // the log takes no more than 64 Ki

// Counts what is under way, and waits for room.
class Room {
 public:
  void Take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return taken_ < kUnderWay; });
    ++taken_;
  }
  void Give() {
    const std::lock_guard lock(mutex_);
    --taken_;
    if (taken_ == 0 || taken_ == kUnderWay / 2) changed_.notify_one();
  }
  void AwaitNone() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return taken_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t taken_ = 0;
};

}  // namespace

audit::Entry LoggedView(const base::Clock& clock) {
  static const std::string kPayload = audit::MakePayload({.organisation = "RXX",
                                                          .user = "https://idp.example user-1",
                                                          .nhs_number = "9990000000",
                                                          .purpose = "direct-care",
                                                          .outcome = "permitted",
                                                          .person = {},
                                                          .sources = {"RXX"},
                                                          .entails_nothing = true},
                                                         R"({"text":"of the bench"})");
  return {
      .event_id = base::Uuid::New(clock.Now()), .kind = audit::Kind::kView, .payload = kPayload};
}

void Lengthen(audit::Log& log, const base::Clock& clock, std::size_t entries) {
  Room room;
  for (std::size_t i = 0; i < entries; ++i) {
    room.Take();
    log.Append(LoggedView(clock), [&room](const base::Result<audit::Receipt>& receipt) {
      if (!receipt) Fail("the log refused an entry");
      room.Give();
    });
  }
  room.AwaitNone();
}

}  // namespace milecastle::bench
