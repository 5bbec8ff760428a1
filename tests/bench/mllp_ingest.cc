// The way in, over MLLP on loopback: each connection sends its next message when the last one is
// acknowledged, which is after the durable commit of the message, its three entries and its audit
// entry.
//
// Every patient is known before the clock starts: what is measured is a running system, not the
// making of its people.
//
// Thread-safety: the load runs on the main thread; its CPU is taken off. Failure: ends where an
// acknowledgement is none.

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "base/unique_fd.h"
#include "gateway_path.h"
#include "messages.h"
#include "mllp/framer.h"
#include "mllp/sessions.h"
#include "stopwatch.h"

namespace milecastle::bench {
namespace {

// Two ends of one TCP connection over loopback.
struct Ends {
  base::UniqueFd ours;
  base::UniqueFd gateways;
};

class Loopback {
 public:
  Loopback() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address_;
    auto* const address = reinterpret_cast<sockaddr*>(&address_);
    if (::bind(listener_.get(), address, size) != 0 || ::listen(listener_.get(), 1024) != 0 ||
        ::getsockname(listener_.get(), address, &size) != 0) {
      Fail("no loopback address can be listened on");
    }
  }

  Ends Connect() {
    Ends ends{base::UniqueFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), {}};
    if (::connect(ends.ours.get(), reinterpret_cast<sockaddr*>(&address_), sizeof address_) != 0) {
      Fail("loopback refuses the connection");
    }
    ends.gateways =
        base::UniqueFd(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    const int on = 1;
    for (const int socket : {ends.ours.get(), ends.gateways.get()}) {
      ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    return ends;
  }

 private:
  base::UniqueFd listener_;
  sockaddr_in address_{};
};

class Load {
 public:
  Load(mllp::Sessions& sessions, const std::shared_ptr<const port::Feed>& feed,
       std::size_t connections, std::size_t patients)
      : admissions_(patients), events_(::epoll_create1(EPOLL_CLOEXEC)), connections_(connections) {
    for (std::size_t i = 0; i < connections; ++i) {
      Ends ends = loopback_.Connect();
      sessions.Adopt(std::move(ends.gateways), feed);
      epoll_event event{.events = EPOLLIN, .data = {.u64 = i}};
      ::epoll_ctl(events_.get(), EPOLL_CTL_ADD, ends.ours.get(), &event);
      connections_[i].socket = std::move(ends.ours);
    }
  }

  // Sends messages until `last` says so, and returns when each is answered.
  template <class Last>
  void Run(Last last, Durations* latencies) {
    std::size_t waiting = 0;
    for (Connection& connection : connections_) {
      if (last()) break;
      Send(connection);
      ++waiting;
    }
    std::array<epoll_event, 64> ready;
    while (waiting > 0) {
      const int count = ::epoll_wait(events_.get(), ready.data(), ready.size(), 30'000);
      if (count <= 0) Fail("no acknowledgement came for half a minute");
      for (int i = 0; i < count; ++i) {
        Connection& connection = connections_[ready[static_cast<std::size_t>(i)].data.u64];
        if (!Receive(connection)) continue;
        if (latencies != nullptr) latencies->Add(Monotonic() - connection.sent);
        --waiting;
        if (last()) continue;
        Send(connection);
        ++waiting;
      }
    }
  }

 private:
  struct Connection {
    base::UniqueFd socket;
    std::string received;
    std::string control_id;
    std::chrono::nanoseconds sent;
  };

  void Send(Connection& connection) {
    const std::string frame = mllp::Frame(admissions_.Message(sent_));
    connection.control_id = Admissions::ControlId(sent_++);
    connection.sent = Monotonic();
    const auto count = ::send(connection.socket.get(), frame.data(), frame.size(), MSG_NOSIGNAL);
    if (count != static_cast<ssize_t>(frame.size())) Fail("a message could not be sent");
  }

  // True when the whole acknowledgement is there.
  static bool Receive(Connection& connection) {
    std::array<char, 4096> chunk;
    const auto count = ::recv(connection.socket.get(), chunk.data(), chunk.size(), 0);
    if (count <= 0) Fail("the gateway closed a connection");
    connection.received.append(chunk.data(), static_cast<std::size_t>(count));
    if (!connection.received.ends_with("\x1C\r")) return false;
    if (connection.received.find("MSA|AA|" + connection.control_id) == std::string::npos) {
      Fail("a message was not accepted");
    }
    connection.received.clear();
    return true;
  }

  Loopback loopback_;
  const Admissions admissions_;
  base::UniqueFd events_;
  std::vector<Connection> connections_;
  std::size_t sent_ = 0;
};

void Run(const Options& options) {
  GatewayPath path;
  mllp::Sessions sessions(path.intake(), {});
  const std::size_t patients = options.Count("patients", 2000);
  Load load(sessions, path.hospital(), options.Count("connections", 64), patients);
  std::size_t left = patients;
  load.Run([&left] { return left == 0 || left-- == 0; }, nullptr);
  Durations latencies;
  const Stopwatch watch(Stopwatch::CpuOf::kProcessWithoutThisThread);
  load.Run([&] { return watch.took() >= options.Seconds(); }, &latencies);
  Figures figures = watch.Read(static_cast<double>(latencies.count()), latencies.count());
  AddPercentiles(figures, latencies);
  Report(figures);
  sessions.Stop(std::chrono::seconds(1));
}

}  // namespace
}  // namespace milecastle::bench

int main(int argc, char** argv) { milecastle::bench::Run(milecastle::bench::Options(argc, argv)); }
