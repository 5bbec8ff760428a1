#include "mllp/client.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>

#include "inside/client_tls.h"
#include "mllp/framer.h"

namespace milecastle::mllp {
namespace {

using base::Error;
using base::ErrorId;
using Clock = std::chrono::steady_clock;

Error Late(std::string_view what) {
  return {ErrorId::kDeadlineExceeded, std::string(what), "the other side did not answer in time"};
}
Error Broken(std::string_view what) {
  return {ErrorId::kFileUnavailable, std::string(what), "the connection is broken"};
}

// Waits until the socket is ready for `events`.
bool Ready(int socket, short events, Clock::time_point until) {
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
    if (left <= 0) return false;
    pollfd polled{socket, events, 0};
    const int count = ::poll(&polled, 1, static_cast<int>(left));
    if (count > 0) return true;
    if (count == 0 || errno != EINTR) return false;
  }
}

using AddressList = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

base::Result<AddressList> Resolve(const Destination& to) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(to.address.c_str(), std::to_string(to.port).c_str(), &hints, &found) != 0) {
    return Error{ErrorId::kArgumentInvalid, "address", "write a host name or numeric address"};
  }
  return AddressList(found, &::freeaddrinfo);
}

bool IsLoopback(const addrinfo& one) {
  if (one.ai_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(one.ai_addr);
    return (ntohl(v4->sin_addr.s_addr) >> 24U) == IN_LOOPBACKNET;
  }
  const auto* v6 = reinterpret_cast<const sockaddr_in6*>(one.ai_addr);
  return one.ai_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
}

base::UniqueFd Dial(const addrinfo& one, Clock::time_point until) {
  base::UniqueFd socket(::socket(one.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (socket.get() < 0) return {};
  if (::connect(socket.get(), one.ai_addr, one.ai_addrlen) != 0 && errno != EINPROGRESS) return {};
  if (!Ready(socket.get(), POLLOUT, until)) return {};
  int fault = 0;
  socklen_t size = sizeof fault;
  if (::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &fault, &size) != 0 || fault != 0) return {};
  return socket;
}

base::Result<base::UniqueFd> DialAny(const addrinfo* list, bool (*wanted)(const addrinfo&),
                                     Clock::time_point until) {
  for (const addrinfo* one = list; one != nullptr; one = one->ai_next) {
    if (!wanted(*one)) continue;
    base::UniqueFd socket = Dial(*one, until);
    if (socket.get() >= 0) return socket;
  }
  return Error{ErrorId::kFileUnavailable, "address", "nobody listens there"};
}

}  // namespace

Client::Client(base::UniqueFd connected) : socket_(std::move(connected)) {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

base::Result<Client> Client::ConnectPlain(const Destination& to, Timeout timeout) {
  const auto list = Resolve(to);
  if (!list) return list.error();
  bool any = false;
  for (const addrinfo* one = list->get(); one != nullptr; one = one->ai_next) {
    any = any || IsLoopback(*one);
  }
  if (!any) {
    return Error{ErrorId::kArgumentInvalid, "address",
                 "plain MLLP is for a loopback address alone: send over TLS"};
  }
  auto socket = DialAny(list->get(), &IsLoopback, Clock::now() + timeout);
  if (!socket) return socket.error();
  return Client(std::move(*socket));
}

base::Result<Client> Client::ConnectTls(const Destination& to, const TlsFiles& files,
                                        Timeout timeout) {
  const auto until = Clock::now() + timeout;
  auto tls = ClientTls::Make(files, to.server_name.empty() ? to.address : to.server_name);
  if (!tls) return tls.error();
  const auto list = Resolve(to);
  if (!list) return list.error();
  auto socket = DialAny(
      list->get(), [](const addrinfo&) { return true; }, until);
  if (!socket) return socket.error();
  Client client(std::move(*socket));
  client.tls_ = std::move(*tls);
  if (auto met = client.Handshake(until); !met) return met.error();
  return client;
}

base::Result<void> Client::Handshake(Moment until) {
  while (true) {
    const auto done = tls_->Handshake();
    if (auto put = Put(tls_->TakeOutgoing(), until); !put && done) return put;  // an alert may fail
    if (!done) return done.error();
    if (*done) return {};
    const auto heard = Take(until);
    if (!heard) return heard.error();
    if (heard->empty()) return Broken("TLS handshake");
    tls_->Feed(*heard);
  }
}

base::Result<void> Client::Put(std::string_view bytes, Moment until) {
  while (!bytes.empty()) {
    const ssize_t sent =
        ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN || errno == EINTR) {
      if (!Ready(socket_.get(), POLLOUT, until)) return Late("send");
    } else {
      return Broken("send");
    }
  }
  return {};
}

base::Result<std::string> Client::Take(Moment until) {
  std::array<char, 16384> chunk{};
  while (true) {
    if (!Ready(socket_.get(), POLLIN, until)) return Late("reply");
    const ssize_t count = ::recv(socket_.get(), chunk.data(), chunk.size(), MSG_DONTWAIT);
    if (count >= 0) return std::string(chunk.data(), static_cast<std::size_t>(count));
    if (errno != EAGAIN && errno != EINTR) return Broken("reply");
  }
}

base::Result<std::string> Client::Receive(Moment until) {
  while (tls_) {
    auto plain = tls_->Decrypt();
    if (!plain) return plain.error();
    if (*plain) return std::move(**plain);
    if (auto put = Put(tls_->TakeOutgoing(), until); !put) return put.error();
    const auto heard = Take(until);
    if (!heard || heard->empty()) return heard;
    tls_->Feed(*heard);
  }
  return Take(until);
}

base::Result<void> Client::SendRaw(std::string_view bytes, Timeout timeout) {
  const auto until = Clock::now() + timeout;
  if (!tls_) return Put(bytes, until);
  if (auto encrypted = tls_->Encrypt(bytes); !encrypted) return encrypted;
  return Put(tls_->TakeOutgoing(), until);
}

base::Result<void> Client::Send(std::string_view message, Timeout timeout) {
  return SendRaw(Frame(message), timeout);
}

base::Result<std::string> Client::Await(Timeout timeout) {
  const auto until = Clock::now() + timeout;
  while (true) {
    const std::size_t end = received_.find("\x1C\r");
    if (end != received_.npos) {
      const std::size_t start = received_.find(kStart);
      if (start > end)
        return Error{ErrorId::kMessageUnparseable, "reply", "a reply must begin with 0x0B"};
      std::string reply = received_.substr(start + 1, end - start - 1);
      received_.erase(0, end + 2);
      return reply;
    }
    const auto heard = Receive(until);
    if (!heard) return heard.error();
    if (heard->empty()) return Broken("reply");
    received_ += *heard;
  }
}

base::Result<std::string> Client::Exchange(std::string_view message, Timeout timeout) {
  if (auto sent = Send(message, timeout); !sent) {
    // A listener that refuses says why before it closes, where it is heard (TLS 1.3).
    const auto heard = tls_ ? Await(timeout) : base::Result<std::string>(sent.error());
    return heard ? sent.error() : heard.error();
  }
  return Await(timeout);
}

void Client::FinishSending() {
  if (tls_) {
    tls_->Finish();
    static_cast<void>(Put(tls_->TakeOutgoing(), Clock::now()));
  }
  ::shutdown(socket_.get(), SHUT_WR);
}

}  // namespace milecastle::mllp
