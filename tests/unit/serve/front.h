// The services behind an in-process gRPC server, over the house of the disclose tests: one doctor
// of Quayside Hospitals calls, no time passes by itself, and what waits for a moment waits for the
// test to ring it.
#pragma once

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "kit/folder.h"
#include "kit/held_inbound.h"
#include "serve/services.h"
#include "sqlite/directory.h"
#include "unit/disclose/house.h"
#include "workers/pool.h"

namespace milecastle::serve {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr std::chrono::seconds kLong(20);  // reached only where the test fails

class HeldTimer {
 public:
  void At(nanoseconds when, std::function<void()> job) {
    const std::lock_guard lock(mutex_);
    jobs_.emplace(when, std::move(job));
    changed_.notify_all();
  }
  // Waits until a job waits, and tells for when.
  nanoseconds AwaitJob() {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, kLong, [&] { return !jobs_.empty(); }));
    return jobs_.empty() ? nanoseconds(-1) : jobs_.begin()->first;
  }
  void Ring() {
    std::multimap<nanoseconds, std::function<void()>> due;
    {
      const std::lock_guard lock(mutex_);
      due.swap(jobs_);
    }
    for (const auto& [when, job] : due) job();
  }
  std::size_t waiting() {
    const std::lock_guard lock(mutex_);
    return jobs_.size();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::multimap<nanoseconds, std::function<void()>> jobs_;
};

// Takes its time before an entry is durable.
class SlowLog final : public audit::Appender {
 public:
  explicit SlowLog(disclose::House& house) : house_(house) {}
  void Append(audit::Entry entry, OnDurable on_durable) override {
    house_.clock.Advance(takes);
    house_.log().Append(std::move(entry), std::move(on_durable));
  }
  bool Available() const override { return true; }

  milliseconds takes{0};

 private:
  disclose::House& house_;
};

class Front {
 public:
  explicit Front(std::string_view policy = disclose::kPolicy) : house(policy) {
    feeds = {{"gp", {feed, {{disclose::Ods("ZT1"), "epr"}}}}};
  }
  ~Front() {
    if (!server_) return;
    timer.Ring();
    server_->Shutdown(std::chrono::system_clock::now());
    calls_.Drain();
    const std::lock_guard lock(mutex_);  // gRPC orders its calls before this unseen by tsan
  }

  std::shared_ptr<grpc::Channel> Open() {
    const ServiceParts parts{.edge = edge_,
                             .views = views_,
                             .histories = histories_,
                             .documents = documents_,
                             .inbound = inbound,
                             .feeds = feeds,
                             .consents = consents_,
                             .explain = explain_,
                             .identity = identity_,
                             .audit = reading_,
                             .logs = logs_,
                             .govern = parts_,
                             .health = [] { return Health{}; },
                             .directory = directory_};
    services_ = MakeServices(parts);
    grpc::ServerBuilder builder;
    for (const auto& service : services_) builder.RegisterService(service.get());
    server_ = builder.BuildAndStart();
    return server_->InProcessChannel({});
  }

  // How the call that ended last was counted: method and error.
  std::pair<std::string, std::string> AwaitEnded() {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, kLong, [&] { return !ended_.empty(); }));
    return ended_.empty() ? std::pair<std::string, std::string>() : ended_.back();
  }

  disclose::House house;
  HeldTimer timer;
  SlowLog log{house};
  kit::HeldInbound inbound;
  std::shared_ptr<port::Feed> feed = std::make_shared<port::Feed>();
  std::map<std::string, SubmitFeed> feeds;
  bool known = true;  // whether the caller's connection has a certificate

 private:
  EdgeParts MakeEdgeParts() {
    return {.find_peer = [this](std::string_view) -> std::optional<record::PeerCertificate> {
              if (!known) return std::nullopt;
              return record::PeerCertificate{.organisation = disclose::Ods("ZT1"), .system = "epr"};
            },
            .authenticate = [this](const auto&, auto) -> base::Result<record::Requester> {
              return house.request.requester;
            },
            .pool = calls_,
            .run_at = [this](auto when, auto job) { timer.At(when, std::move(job)); },
            .clock = house.clock,
            .observe =
                [this](auto method, auto error, double) {
                  const std::lock_guard lock(mutex_);
                  ended_.emplace_back(method, error);
                  changed_.notify_all();
                }};
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::pair<std::string, std::string>> ended_;
  workers::Pool calls_{{.name = "calls", .threads = 2, .queue = 64}};
  govern::OutboxLoop outbox_{house.store(), log};
  govern::Parts parts_{house.store(), log, house.policy(), house.clock, outbox_};
  disclose::PatientViews views_{house.store(), log, house.policy(), house.clock, {}};
  disclose::EntryHistories histories_{house.store(),    log, house.policy(), house.clock,
                                      views_.guesses(), {}};
  disclose::Documents documents_{house.store(),    log, house.policy(), house.clock,
                                 views_.guesses(), {}};
  govern::Consents consents_{parts_};
  govern::Explain explain_{parts_, {}, views_.guesses()};
  govern::IdentityWork identity_{{.store = house.store(), .clock = house.clock, .prepare = {}}};
  govern::Logs logs_{{&house.log()}};
  govern::TrailLoop trail_{house.store(), {&house.log()}, house.clock};
  govern::AuditReading reading_{parts_, logs_, trail_};
  kit::TemporaryFolder directory_folder_;
  std::unique_ptr<store::ServiceDirectory> kept_services_{
      *store::sqlite::OpenDirectory(directory_folder_.path() / "directory.db")};
  directory::Keeper keeper_{*kept_services_,
                            house.clock,
                            {.page = [](std::string_view) { return record::DirectoryPage{}; }},
                            {{.name = "north", .interval = {}, .limits = {}}}};
  govern::DirectoryDesk directory_{parts_, keeper_, [this](std::function<void()> job) {
                                     return calls_.TryPost(std::move(job));
                                   }};
  Edge edge_{MakeEdgeParts()};
  std::vector<std::unique_ptr<grpc::Service>> services_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace milecastle::serve
