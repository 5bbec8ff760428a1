// One connection, from the handshake to its end: see ingress.h for its life.
//
// Thread-safety: lives on one io_context that one thread runs; only the constructor may be called
// elsewhere. Failure: whatever goes wrong ends this connection alone.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/unique_fd.h"
#include "descriptors.h"
#include "flow.h"
#include "ingress/frame_guard.h"
#include "ingress/handler.h"
#include "ingress/peer_directory.h"
#include "post.h"
#include "stream.h"

namespace milecastle::ingress {

// What the connections of one ingress share.
struct Front {
  PeerDirectory directory;
  Descriptors descriptors;
  std::string prefix;  // of abstract names: "milecastle/", a random number, "/"
  std::atomic<std::uint64_t> next = 1;
};

// A connection that was accepted and admitted.
struct Arrival {
  base::UniqueFd socket;
  std::string address;
  std::unique_ptr<Admission::Ticket> ticket;
  Descriptors::Share descriptors = {};
};

class Session : public std::enable_shared_from_this<Session> {
 public:
  using Time = std::chrono::steady_clock::time_point;

  Session(boost::asio::io_context& io, std::shared_ptr<Post> post, Front& front,
          std::shared_ptr<const TlsMaterial> material, Arrival arrival);
  ~Session();

  std::uint64_t id() const { return peer_.connection; }
  // `on_end` is called once, when the connection has ended, whatever ended it.
  void Begin(std::function<void()> on_end);
  void EnforceTimes(Time now);
  // Cuts the connection if `material` no longer lets its certificate in.
  void Recheck(const TlsMaterial& material);
  void Cut();

 private:
  enum class Stage { kHandshake, kSilent, kOpen, kEnded };
  using Descriptor = boost::asio::posix::stream_descriptor;
  struct Wait {
    bool wanted = false;
    bool armed = false;
  };

  void Advance();
  bool AdvanceHandshake();
  bool AdmitCertificate();
  void FailHandshake();
  bool HandOn();

  bool AdvanceIn();   // from the peer to the handler; true when it has more to do at once
  bool AdvanceOut();  // from the handler to the peer; likewise
  bool FillIn();
  bool FlushIn();
  bool FillOut();
  bool FlushOut();
  bool Passes(Breach breach);  // false: the connection was cut for it
  void LogFlood(Breach breach) const;
  void Finish();
  void Note(Io io, Flow& flow);

  void Arm();
  void ArmOne(Descriptor& descriptor, Descriptor::wait_type type, Wait Session::*wait);
  void End();

  boost::asio::io_context& io_;
  std::shared_ptr<Post> post_;
  Front& front_;
  Peer peer_;
  std::unique_ptr<Admission::Ticket> ticket_;
  Descriptors::Share descriptors_;
  Stream stream_;
  base::UniqueFd local_;
  Descriptor remote_waits_;
  Descriptor local_waits_;
  std::function<void()> on_end_;

  Stage stage_ = Stage::kHandshake;
  Time stage_since_;
  Time last_bytes_;
  std::optional<Time> finish_by_;
  bool local_drained_ = false;
  std::unique_ptr<Flow> in_;
  std::unique_ptr<Flow> out_;
  std::unique_ptr<FrameGuard> guard_;  // null: what the peer sends is not HTTP/2's business
  Wait remote_read_;
  Wait remote_write_;
  Wait local_read_;
  Wait local_write_;
};

}  // namespace milecastle::ingress
