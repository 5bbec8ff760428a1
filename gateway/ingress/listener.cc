#include "inside/listener.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

namespace milecastle::ingress {
namespace {

constexpr int kBacklog = 1024;
constexpr int kAcceptsPerTurn = 64;
constexpr auto kPause = std::chrono::milliseconds(100);

using Address = boost::asio::ip::address;

base::UniqueFd Reserve() { return base::UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC)); }

base::Error Refused(const ListenerOptions& options, std::string advice) {
  return {base::ErrorId::kConfigInvalid, "listener " + options.name, std::move(advice)};
}

void Set(int socket, int level, int option, int value) {
  ::setsockopt(socket, level, option, &value, sizeof(value));
}

Address AddressOf(const sockaddr_storage& from) {
  if (from.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(from);
    return boost::asio::ip::address_v4(ntohl(v4.sin_addr.s_addr));
  }
  const auto& v6 = reinterpret_cast<const sockaddr_in6&>(from);
  boost::asio::ip::address_v6::bytes_type bytes{};
  std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
  const boost::asio::ip::address_v6 address(bytes);
  if (!address.is_v4_mapped()) return address;
  return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address);
}

// Whose connections count together: an IPv6 host has a whole /64 to come from.
std::string SourceOf(const Address& address) {
  if (address.is_v4()) return address.to_string();
  auto bytes = address.to_v6().to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), 0);
  return boost::asio::ip::address_v6(bytes).to_string();
}

bool OutOfResources(int fault) {
  return fault == EMFILE || fault == ENFILE || fault == ENOBUFS || fault == ENOMEM;
}

}  // namespace

Listener::Listener(boost::asio::io_context& io, std::shared_ptr<Post> post, Deliver deliver)
    : post_(std::move(post)),
      deliver_(std::move(deliver)),
      waits_(io),
      pause_(io),
      reserve_(Reserve()) {}

Listener::~Listener() {
  if (waits_.is_open()) waits_.release();
}

base::Result<std::shared_ptr<Listener>> Listener::Open(boost::asio::io_context& io,
                                                       std::shared_ptr<Post> post,
                                                       Deliver deliver) {
  std::shared_ptr<Listener> listener(new Listener(io, std::move(post), std::move(deliver)));
  if (auto bound = listener->Bind(); !bound) return bound.error();
  return listener;
}

base::Result<void> Listener::Bind() {
  const ListenerOptions& options = post_->options;
  boost::system::error_code fault;
  const Address address = boost::asio::ip::make_address(options.address, fault);
  if (fault) return Refused(options, "write a numeric IPv4 or IPv6 address");
  if (options.mode == TlsMode::kPlainLoopback && !address.is_loopback()) {
    return Refused(options, "plain connections are for loopback alone: use mutual TLS here");
  }
  const boost::asio::ip::tcp::endpoint endpoint(address, options.port);
  socket_ = base::UniqueFd(
      ::socket(endpoint.protocol().family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket_ || !reserve_) return Refused(options, "no descriptors left: raise LimitNOFILE");
  Set(socket_.get(), SOL_SOCKET, SO_REUSEADDR, 1);
  if (::bind(socket_.get(), endpoint.data(), static_cast<socklen_t>(endpoint.size())) != 0 ||
      ::listen(socket_.get(), kBacklog) != 0) {
    return Refused(options, "this address and port cannot be taken: free it, or choose another");
  }
  boost::asio::ip::tcp::endpoint bound;
  auto size = static_cast<socklen_t>(bound.capacity());
  if (::getsockname(socket_.get(), bound.data(), &size) == 0) bound.resize(size);
  port_ = bound.port();
  waits_.assign(socket_.get(), fault);
  if (fault) return Refused(options, "cannot be watched: raise the limits of this process");
  return {};
}

void Listener::Start() { AwaitPeer(); }

void Listener::Stop() {
  stopped_ = true;
  pause_.cancel();
  if (waits_.is_open()) waits_.release();
  socket_.Close();
}

void Listener::AwaitPeer() {
  if (stopped_) return;
  waits_.async_wait(waits_.wait_read, [self = shared_from_this()](boost::system::error_code fault) {
    if (!fault && !self->stopped_) self->AcceptSome();
  });
}

void Listener::Pause() {
  pause_.expires_after(kPause);
  pause_.async_wait([self = shared_from_this()](boost::system::error_code) { self->AwaitPeer(); });
}

void Listener::AcceptSome() {
  for (int i = 0; i < kAcceptsPerTurn; ++i) {
    if (AcceptOne()) continue;
    if (!OutOfResources(errno)) break;
    ShedOne();
    return Pause();
  }
  AwaitPeer();
}

bool Listener::AcceptOne() {
  sockaddr_storage from{};
  socklen_t size = sizeof(from);
  base::UniqueFd socket(::accept4(socket_.get(), reinterpret_cast<sockaddr*>(&from), &size,
                                  SOCK_NONBLOCK | SOCK_CLOEXEC));
  // A peer that left while it waited (ECONNABORTED and the like) says nothing about the next one.
  if (!socket) return errno != EAGAIN && !OutOfResources(errno) && errno != EBADF;
  Admit(std::move(socket), &from);
  return true;
}

void Listener::ShedOne() {
  reserve_.Close();
  const base::UniqueFd turned_away(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  post_->Add(Count::kRefusedDescriptors);
  post_->LogRefusal("no descriptors left");
  reserve_ = Reserve();
}

void Listener::Admit(base::UniqueFd socket, const void* from) {
  const Address address = AddressOf(*static_cast<const sockaddr_storage*>(from));
  auto ticket = std::make_unique<Admission::Ticket>();
  switch (post_->admission.Admit(SourceOf(address), *ticket)) {
    case Admission::Verdict::kTooMany:
      post_->Add(Count::kRefusedTooMany);
      return post_->LogRefusal("too many connections");
    case Admission::Verdict::kTooManyFromSource:
      post_->Add(Count::kRefusedSource);
      return post_->LogRefusal("too many connections from one source");
    default:
      break;
  }
  post_->Add(Count::kAccepted);
  Set(socket.get(), IPPROTO_TCP, TCP_NODELAY, 1);
  // A peer that vanished without a word is found in about two minutes.
  Set(socket.get(), SOL_SOCKET, SO_KEEPALIVE, 1);
  Set(socket.get(), IPPROTO_TCP, TCP_KEEPIDLE, 60);
  Set(socket.get(), IPPROTO_TCP, TCP_KEEPINTVL, 15);
  Set(socket.get(), IPPROTO_TCP, TCP_KEEPCNT, 4);
  deliver_({std::move(socket), address.to_string(), std::move(ticket)});
}

}  // namespace milecastle::ingress
