// A listening socket: accepts, admits, and delivers what it admitted.
//
// Out of descriptors, it gives up one that it keeps in reserve, takes the next peer with it, turns
// that peer away, and pauses. A listener that only left the peer in the queue would be woken for it
// for ever, and gRPC's own never accepts again.
//
// Thread-safety: lives on one io_context that one thread runs. Failure: Open says what is wrong.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/unique_fd.h"
#include "post.h"
#include "session.h"

namespace milecastle::ingress {

class Listener : public std::enable_shared_from_this<Listener> {
 public:
  using Deliver = std::function<void(Arrival)>;

  static base::Result<std::shared_ptr<Listener>> Open(boost::asio::io_context& io,
                                                      std::shared_ptr<Post> post, Deliver deliver);
  ~Listener();

  std::uint16_t port() const { return port_; }
  void Start();
  void Stop();

 private:
  Listener(boost::asio::io_context& io, std::shared_ptr<Post> post, Deliver deliver);

  base::Result<void> Bind();
  void AwaitPeer();
  void Pause();
  void AcceptSome();
  bool AcceptOne();  // false: no more for now
  void ShedOne();
  void Admit(base::UniqueFd socket, const void* address);

  std::shared_ptr<Post> post_;
  Deliver deliver_;
  boost::asio::posix::stream_descriptor waits_;
  boost::asio::steady_timer pause_;
  base::UniqueFd socket_;
  base::UniqueFd reserve_;
  std::uint16_t port_ = 0;
  bool stopped_ = false;
};

}  // namespace milecastle::ingress
