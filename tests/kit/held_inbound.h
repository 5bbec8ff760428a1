// A gateway's way in whose queue and answers the test holds in its hands.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "port/inbound.h"

namespace milecastle::kit {

class HeldInbound final : public port::Inbound {
 public:
  bool TryReceive(std::shared_ptr<const port::Feed>, std::string& message,
                  port::OnReceived done) override {
    const std::lock_guard lock(mutex_);
    if (taken_.size() >= capacity_) {
      ++turned_away_;
      changed_.notify_all();
      return false;
    }
    taken_.push_back({std::move(message), std::move(done)});
    ++received_;
    changed_.notify_all();
    return true;
  }
  void WhenRoom(std::function<void()> again) override {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(again));
  }
  void Refuse(std::shared_ptr<const port::Feed>, std::string head, base::Error why,
              port::OnReceived done) override {
    {
      const std::lock_guard lock(mutex_);
      refused_.push_back({std::move(head), why.id});
      changed_.notify_all();
    }
    std::thread([done = std::move(done)] { done({{}, "NAK"}); }).detach();
  }

  // Waits for the next message and takes it off the queue.
  std::pair<std::string, port::OnReceived> Next() {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, kLong, [&] { return !taken_.empty(); }));
    auto next = std::move(taken_.front());
    taken_.pop_front();
    return next;
  }
  void AnswerNext(const std::string& reply) { Next().second({{}, reply}); }
  void MakeRoom(std::size_t capacity) {
    std::vector<std::function<void()>> waiting;
    {
      const std::lock_guard lock(mutex_);
      capacity_ = capacity;
      waiting.swap(waiting_);
    }
    for (const auto& again : waiting) again();
  }
  void AwaitTurnedAway() {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, kLong, [&] { return turned_away_ > 0; }));
  }
  std::vector<std::pair<std::string, base::ErrorId>> AwaitRefused(std::size_t count) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, kLong, [&] { return refused_.size() >= count; }));
    return refused_;
  }
  std::size_t received() {
    const std::lock_guard lock(mutex_);
    return received_;
  }

  void AwaitReceived(std::size_t count) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, kLong, [&] { return received_ >= count; }));
  }

 private:
  static constexpr std::chrono::seconds kLong{20};  // reached only where the test fails

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::pair<std::string, port::OnReceived>> taken_;
  std::vector<std::function<void()>> waiting_;
  std::vector<std::pair<std::string, base::ErrorId>> refused_;
  std::size_t capacity_ = 100;
  std::size_t received_ = 0;
  std::size_t turned_away_ = 0;
};

}  // namespace milecastle::kit
