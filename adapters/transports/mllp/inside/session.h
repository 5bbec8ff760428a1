// One MLLP connection. Everything runs on the one thread of Sessions::Inside, except the callbacks
// of Inbound, which only post to it.
//
// Thread-safety: that thread alone. Failure: a fault ends the connection.
#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "mllp/framer.h"
#include "mllp/sessions.h"

namespace milecastle::mllp {

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Sessions::Inside& inside, base::UniqueFd socket, std::shared_ptr<const port::Feed> feed);

  void Start();
  void StopReading();  // ends once what was taken is answered
  void Close();        // at once

 private:
  struct Slot {
    bool answered = false;
    bool wants_reply = true;
    std::string reply;
  };

  bool Paused() const;
  void Pump();  // does whatever can be done now, and waits for the rest
  void WaitToRead();
  void OnReadable();
  void Deliver(Arrival arrival);
  void Refuse(Arrival arrival);
  void Offer();  // hands the held message to Inbound, or waits for room
  port::OnReceived Answer(bool wants_reply);
  void OnAnswer(std::uint64_t slot, port::Received received);
  void Write();
  void WaitToWrite();
  void Finish();  // closes once there is nothing left to say
  void Linger();
  void Account();
  void SetFrameTimer();
  void SetIdleTimer();

  Sessions::Inside& inside_;
  boost::asio::posix::stream_descriptor socket_;
  boost::asio::steady_timer frame_timer_;
  boost::asio::steady_timer write_timer_;
  boost::asio::steady_timer idle_timer_;
  std::shared_ptr<const port::Feed> feed_;
  Framer framer_;
  std::string unread_;  // read off the socket, not yet framed
  std::size_t unread_from_ = 0;
  std::deque<Slot> slots_;  // in the order of arrival
  std::uint64_t first_slot_ = 0;
  std::string held_;  // framed, but the queue was full
  port::OnReceived held_answer_;
  std::string out_;
  std::size_t accounted_ = 0;
  std::uint64_t messages_ = 0;
  bool waiting_for_room_ = false;
  bool reading_ = false;
  bool writing_ = false;
  bool frame_timed_ = false;
  bool input_ended_ = false;
  bool ending_ = false;
  bool lingering_ = false;
  bool closed_ = false;
};

struct Sessions::Inside : std::enable_shared_from_this<Sessions::Inside> {
  Inside(port::Inbound& inbound_in, const Options& options_in)
      : inbound(inbound_in), options(options_in), work(io.get_executor()), chunk(64U << 10U) {}

  void Forget(const std::shared_ptr<Session>& session);

  port::Inbound& inbound;
  Options options;
  boost::asio::io_context io{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work;
  std::thread thread;
  std::vector<char> chunk;   // one buffer for all reads: they happen on one thread
  std::size_t buffered = 0;  // bytes of unfinished frames
  std::set<std::shared_ptr<Session>> sessions;
  std::atomic<std::size_t> open{0};
  std::atomic<bool> stopping{false};
  std::mutex mutex;
  std::condition_variable emptied;
};

}  // namespace milecastle::mllp
