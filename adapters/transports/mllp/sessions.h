// HL7 over MLLP on sockets that somebody else accepted: bytes in, messages to port::Inbound,
// replies back in order.
//
// It does not listen and knows no TLS: the gateway's ingress accepts, checks and hands on a plain
// connected socket. It knows no HL7 beyond the framing (framer.h).
//
// Life of a message: framed → taken by Inbound (a full queue, or a full window of unanswered
// messages, stops the reading of the socket) → its outcome comes on any thread → its reply is
// written once all earlier ones are. What is badly framed is refused through Inbound, so that it is
// journalled, and answered where the sender waits for an answer.
//
// Thread-safety: every method may be called from any thread. Failure: a fault ends one connection;
// messages that were taken are not forgotten, their replies are then dropped and the sender sends
// again.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>

#include "base/unique_fd.h"
#include "port/feed.h"
#include "port/inbound.h"

namespace milecastle::mllp {

struct Options {
  std::chrono::milliseconds frame_timeout =
      std::chrono::seconds(30);  // from a frame's first byte to its last
  std::chrono::milliseconds write_timeout =
      std::chrono::seconds(30);  // for a peer that does not read its replies
  std::chrono::milliseconds idle_timeout =
      std::chrono::milliseconds(0);       // without any frame; 0: for ever
  std::size_t buffer_limit = 96U << 20U;  // bytes of unfinished frames, of all connections together
};

class Sessions {
 public:
  // `inbound` must outlive the object, and must have run every callback before it ends.
  Sessions(port::Inbound& inbound, const Options& options);
  ~Sessions();  // as Stop with no grace

  // Serves a connected stream socket of any family until either side closes it.
  void Adopt(base::UniqueFd socket, std::shared_ptr<const port::Feed> feed);

  // Reads nothing further; waits at most `grace` for outcomes to come and replies to be written;
  // closes.
  void Stop(std::chrono::milliseconds grace);

  std::size_t open() const;  // connections

  struct Inside;

 private:
  std::shared_ptr<Inside> inside_;
};

}  // namespace milecastle::mllp
