// A sender of HL7 over MLLP, for the command line and for tests: blocking, one connection, no TLS.
//
// Thread-safety: one thread. Failure: base::Error with the time limit or the system's reason; the
// connection is of no use after one.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/unique_fd.h"

namespace milecastle::mllp {

class Client {
 public:
  using Timeout = std::chrono::milliseconds;

  static base::Result<Client> Connect(const std::string& address, std::uint16_t port,
                                      Timeout timeout);
  explicit Client(base::UniqueFd connected) : socket_(std::move(connected)) {}

  // One message and its reply.
  base::Result<std::string> Exchange(std::string_view message, Timeout timeout);

  // The two halves, for several messages on the way at once.
  base::Result<void> Send(std::string_view message, Timeout timeout);
  base::Result<void> SendRaw(std::string_view bytes, Timeout timeout);  // without framing
  base::Result<std::string> Await(Timeout timeout);                     // the next reply

  void FinishSending();  // tells the other side that nothing more comes

 private:
  base::UniqueFd socket_;
  std::string received_;
};

}  // namespace milecastle::mllp
