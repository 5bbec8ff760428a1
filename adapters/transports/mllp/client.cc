#include "mllp/client.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>

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

}  // namespace

base::Result<Client> Client::Connect(const std::string& address, std::uint16_t port,
                                     Timeout timeout) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) {
    return Error{ErrorId::kArgumentInvalid, "address", "write a host name or numeric address"};
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> list(found, &::freeaddrinfo);
  const auto until = Clock::now() + timeout;
  for (const addrinfo* one = list.get(); one != nullptr; one = one->ai_next) {
    base::UniqueFd socket(::socket(one->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (socket.get() < 0) continue;
    if (::connect(socket.get(), one->ai_addr, one->ai_addrlen) != 0 && errno != EINPROGRESS)
      continue;
    if (!Ready(socket.get(), POLLOUT, until)) continue;
    int fault = 0;
    socklen_t size = sizeof fault;
    if (::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &fault, &size) != 0 || fault != 0)
      continue;
    return Client(std::move(socket));
  }
  return Error{ErrorId::kFileUnavailable, "address", "nobody listens there"};
}

base::Result<void> Client::SendRaw(std::string_view bytes, Timeout timeout) {
  const auto until = Clock::now() + timeout;
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

base::Result<void> Client::Send(std::string_view message, Timeout timeout) {
  return SendRaw(Frame(message), timeout);
}

base::Result<std::string> Client::Await(Timeout timeout) {
  const auto until = Clock::now() + timeout;
  std::array<char, 16384> chunk{};
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
    if (!Ready(socket_.get(), POLLIN, until)) return Late("reply");
    const ssize_t count = ::recv(socket_.get(), chunk.data(), chunk.size(), MSG_DONTWAIT);
    if (count > 0) {
      received_.append(chunk.data(), static_cast<std::size_t>(count));
    } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
      return Broken("reply");
    }
  }
}

base::Result<std::string> Client::Exchange(std::string_view message, Timeout timeout) {
  if (auto sent = Send(message, timeout); !sent) return sent.error();
  return Await(timeout);
}

void Client::FinishSending() { ::shutdown(socket_.get(), SHUT_WR); }

}  // namespace milecastle::mllp
