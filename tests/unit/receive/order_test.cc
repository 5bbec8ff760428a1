// Order and bounds, however many connections and workers there are.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <random>
#include <thread>

#include "kit/small_gateway.h"
#include "wire/entry.h"

namespace milecastle::receive {
namespace {

using kit::Allergy;

const std::vector<std::string> kNumbers = {"9990000018", "9990000026", "9990000034"};

std::string CurrentText(kit::SmallGateway& gateway, const std::string& number) {
  const auto segment = *gateway.Look()->records().SegmentOf(gateway.PersonOf(number)->id);
  if (segment->items.size() != 1) return "not one entry";
  const auto& item = segment->items.front();
  return wire::DecodeEntry(segment->bytes.substr(item.offset, item.size))->what.text;
}

// Runs what it is given in a shuffled order: workers that overtake each other.
class ShufflingPool {
 public:
  explicit ShufflingPool(unsigned seed) : random_(seed) {}
  bool Post(std::function<void()> job) {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
    return true;
  }
  void RunAll() {
    std::vector<std::function<void()>> jobs;
    {
      const std::lock_guard lock(mutex_);
      jobs.swap(jobs_);
    }
    std::shuffle(jobs.begin(), jobs.end(), random_);
    for (const auto& job : jobs) job();
  }

 private:
  std::mutex mutex_;
  std::vector<std::function<void()>> jobs_;
  std::mt19937 random_;
};

TEST(Order, MessagesOfOnePatientAreAppliedInTheOrderOfTheirTakingWhoeverOvertakes) {
  ShufflingPool pool(20260105);
  kit::SmallGateway gateway;
  gateway.post = [&pool](std::function<void()> job) { return pool.Post(std::move(job)); };
  gateway.Restart();
  int said = 0;
  const auto holds = [&](const std::vector<unsigned>& updates) {
    std::vector<std::future<port::Received>> answers;
    std::map<std::string, std::string> oracle;
    for (const unsigned update : updates) {
      const std::string& number = kNumbers[update % kNumbers.size()];
      const std::string text = "version " + std::to_string(++said);
      answers.push_back(gateway.Start(gateway.Script(
          "M" + std::to_string(said),
          kit::About({.nhs_number = number, .local = number}, {Allergy("a", text)}))));
      oracle[number] = text;
    }
    pool.RunAll();
    for (auto& answer : answers) RC_ASSERT(answer.get().reply == "AA");
    for (const auto& [number, text] : oracle) RC_ASSERT(CurrentText(gateway, number) == text);
  };
  EXPECT_TRUE(rc::check("the last taken stands", holds));
}

TEST(Order, HoldsForManyConnectionsAtOnceWithDuplicatesAmongThem) {
  kit::SmallGateway gateway;
  constexpr int kEach = 40;
  std::vector<std::thread> connections;
  for (const std::string& number : kNumbers) {
    connections.emplace_back([&gateway, number] {
      std::vector<std::future<port::Received>> answers;
      for (int i = 0; i < kEach; ++i) {
        const std::string bytes =
            gateway.Script(number + "-" + std::to_string(i),
                           kit::About({.nhs_number = number, .local = number},
                                      {Allergy("a", "version " + std::to_string(i))}));
        answers.push_back(gateway.Start(bytes));
        if (i % 10 == 0) answers.push_back(gateway.Start(bytes));
      }
      for (auto& answer : answers) EXPECT_EQ(answer.get().reply, "AA");
    });
  }
  for (std::thread& connection : connections) connection.join();
  for (const std::string& number : kNumbers) {
    EXPECT_EQ(CurrentText(gateway, number), "version " + std::to_string(kEach - 1));
  }
}

TEST(Bounds, AFullIntakeTakesNothingAndCallsBackWhenThereIsRoom) {
  ShufflingPool pool(1);
  kit::SmallGateway gateway;
  gateway.post = [&pool](std::function<void()> job) { return pool.Post(std::move(job)); };
  gateway.limits.messages = 1;
  gateway.Restart();
  auto first = gateway.Start(gateway.Script("1", kit::About({.nhs_number = kNumbers[0]})));
  std::string second = gateway.Script("2", kit::About({.nhs_number = kNumbers[0]}));
  const std::string kept = second;
  EXPECT_FALSE(gateway.intake().TryReceive(gateway.shared_feed(), second, [](auto&&) {}));
  EXPECT_EQ(second, kept) << "what is not taken stays with its transport";
  std::promise<void> room;
  gateway.intake().WhenRoom([&room] { room.set_value(); });
  pool.RunAll();
  first.wait();
  room.get_future().wait();
  EXPECT_TRUE(gateway.intake().TryReceive(gateway.shared_feed(), second, [](auto&&) {}));
  pool.RunAll();
}

TEST(Bounds, OneMessageBeyondTheWholeBudgetIsTakenAlone) {
  kit::SmallGateway gateway;
  gateway.limits.bytes = 1;
  gateway.Restart();
  EXPECT_EQ(gateway.Say(kit::About({.nhs_number = kNumbers[0]})).reply, "AA");
}

TEST(Bounds, APoolThatTakesNothingLosesNothing) {
  kit::SmallGateway gateway;
  gateway.post = [](const std::function<void()>&) { return false; };
  gateway.Restart();
  EXPECT_EQ(gateway.Say(kit::About({.nhs_number = kNumbers[0]})).reply, "AA");
}

TEST(Bounds, DrainAnswersEverythingThatWasTaken) {
  kit::SmallGateway gateway;
  std::vector<std::future<port::Received>> answers;
  for (int i = 0; i < 20; ++i) {
    answers.push_back(
        gateway.Start(gateway.Script(std::to_string(i), kit::About({.nhs_number = kNumbers[0]}))));
  }
  gateway.intake().Drain();
  for (auto& answer : answers) {
    EXPECT_EQ(answer.wait_for(std::chrono::seconds(0)), std::future_status::ready);
  }
  EXPECT_EQ(gateway.intake().Counts().bytes, 0U);
}

}  // namespace
}  // namespace milecastle::receive
