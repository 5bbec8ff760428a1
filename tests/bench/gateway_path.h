// The gateway's way in as gateway.cc puts it together, without its doors: adapters, intake, store,
// both logs, the outbox loop and the trail loop.
//
// Thread-safety: any thread. Failure: ends the program where a part cannot be made.
#pragma once

#include <memory>

#include "audit/log.h"
#include "audit/two_logs.h"
#include "base/clock.h"
#include "govern/outbox.h"
#include "govern/trail.h"
#include "kit/folder.h"
#include "receive/intake.h"
#include "sqlite/store.h"
#include "workers/pool.h"

namespace milecastle::bench {

class GatewayPath {
 public:
  GatewayPath();
  ~GatewayPath();

  receive::Intake& intake() { return *intake_; }
  std::shared_ptr<const port::Feed> hospital() const { return hospital_; }

 private:
  std::unique_ptr<audit::Log> OpenLog(const std::string& name);

  kit::TemporaryFolder folder_;
  base::SystemClock clock_;
  std::shared_ptr<const port::Feed> hospital_;
  std::unique_ptr<store::sqlite::Database> store_;
  std::unique_ptr<audit::Log> first_log_;
  std::unique_ptr<audit::Log> second_log_;
  std::unique_ptr<audit::TwoLogs> log_;
  std::unique_ptr<govern::OutboxLoop> outbox_;
  std::unique_ptr<govern::TrailLoop> trail_;
  std::unique_ptr<workers::Pool> readers_;
  std::unique_ptr<receive::Intake> intake_;
};

}  // namespace milecastle::bench
