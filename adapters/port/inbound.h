// Where a transport puts what it carried. The gateway's receive/ implements it.
//
// Thread-safety: every method may be called from any thread; callbacks run on a thread of the
// gateway and must return soon. Failure: inside the outcome. A message handed in is never
// forgotten: its callback runs exactly once.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/error.h"
#include "port/adapter.h"
#include "port/feed.h"

namespace milecastle::port {

struct Received {
  Outcome outcome;    // as the journal has it: a transport that tells it MUST tell AsTold (told.h)
  std::string reply;  // what the protocol answers; empty where it answers nothing
};
using OnReceived = std::function<void(Received)>;

class Inbound {
 public:
  virtual ~Inbound() = default;

  // Takes one whole message. False: the queue is full and nothing was taken; the transport MUST
  // stop reading, keep the message, and try again once WhenRoom calls. Messages of one feed and
  // patient are applied in the order of taking.
  [[nodiscard]] virtual bool TryReceive(std::shared_ptr<const Feed> feed, std::string& message,
                                        OnReceived done) = 0;
  // Calls `again` once, when there may be room; at once if there is some now.
  virtual void WhenRoom(std::function<void()> again) = 0;

  // A message that the transport could not take whole (too large, badly framed): journalled as
  // refused. `head` is what was read of it.
  virtual void Refuse(std::shared_ptr<const Feed> feed, std::string head, base::Error why,
                      OnReceived done) = 0;
};

}  // namespace milecastle::port
