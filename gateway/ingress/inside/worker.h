// One thread of the ingress and the connections that live on it.
//
// Thread-safety: Do and Join from any thread; all else on the worker's own. Failure: none; a worker
// that was run MUST be joined before its end, as Ingress::Inside::Stop does: else the process ends.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <thread>

#include "session.h"

namespace milecastle::ingress {

class Worker {
 public:
  // `tick` is called on this worker's thread four times a second.
  explicit Worker(std::function<void(Worker&)> tick);

  boost::asio::io_context& io() { return io_; }
  void Run();   // starts the thread
  void Join();  // ends it once nothing is left to do; connections MUST have been cut
  void Do(std::function<void(Worker&)> what);

  void Adopt(const std::shared_ptr<Session>& session);
  void EnforceTimes();
  void Recheck(const TlsMaterial& material);
  void CutAll();

 private:
  void AwaitTick();
  void ForEach(const std::function<void(Session&)>& what);

  std::function<void(Worker&)> tick_;
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  boost::asio::steady_timer timer_;
  std::map<std::uint64_t, std::shared_ptr<Session>> sessions_;
  std::thread thread_;
};

}  // namespace milecastle::ingress
