#include "inside/worker.h"

#include <utility>
#include <vector>

namespace milecastle::ingress {
namespace {

constexpr auto kTick = std::chrono::milliseconds(250);

}  // namespace

Worker::Worker(std::function<void(Worker&)> tick)
    : tick_(std::move(tick)), work_(io_.get_executor()), timer_(io_) {}

void Worker::Run() {
  AwaitTick();
  thread_ = std::thread([this] { io_.run(); });
}

void Worker::Join() {
  if (!thread_.joinable()) return;
  Do([](Worker& self) { self.timer_.cancel(); });
  work_.reset();
  thread_.join();
}

void Worker::Do(std::function<void(Worker&)> what) {
  boost::asio::post(io_, [this, work = std::move(what)] { work(*this); });
}

void Worker::AwaitTick() {
  timer_.expires_after(kTick);
  timer_.async_wait([this](boost::system::error_code cancelled) {
    if (cancelled) return;
    tick_(*this);
    AwaitTick();
  });
}

void Worker::Adopt(const std::shared_ptr<Session>& session) {
  sessions_.emplace(session->id(), session);
  session->Begin([this, id = session->id()] { sessions_.erase(id); });
}

void Worker::ForEach(const std::function<void(Session&)>& what) {
  // A copy: a session that ends takes itself out of the map.
  std::vector<std::shared_ptr<Session>> all;
  all.reserve(sessions_.size());
  for (const auto& [id, session] : sessions_) all.push_back(session);
  for (const auto& session : all) what(*session);
}

void Worker::EnforceTimes() {
  ForEach([now = std::chrono::steady_clock::now()](Session& one) { one.EnforceTimes(now); });
}

void Worker::Recheck(const TlsMaterial& material) {
  ForEach([&](Session& one) { one.Recheck(material); });
}

void Worker::CutAll() {
  ForEach([](Session& one) { one.Cut(); });
}

}  // namespace milecastle::ingress
