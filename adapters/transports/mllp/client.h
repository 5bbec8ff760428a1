// A sender of HL7 over MLLP, for the command line and for tests: blocking, one connection; in plain
// on loopback alone, elsewhere over TLS.
//
// Thread-safety: one thread. Failure: base::Error with the time limit or the system's reason;
// kArgumentInvalid for plain off loopback; kCertificateInvalid for a file that is wrong;
// kUnauthenticated where the listener is not whom it should be, or refuses. The connection is of no
// use after one.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/unique_fd.h"

namespace milecastle::mllp {

class ClientTls;

struct TlsFiles {                     // PEM
  std::filesystem::path certificate;  // the sender's, then its issuers
  std::filesystem::path key;
  std::filesystem::path authority;  // of the listener
};

struct Destination {
  std::string address;  // a host name or numeric address
  std::uint16_t port = 0;
  std::string server_name;  // expected in the listener's certificate; empty: the address
};

class Client {
 public:
  using Timeout = std::chrono::milliseconds;

  static base::Result<Client> ConnectPlain(const Destination& to, Timeout timeout);
  static base::Result<Client> ConnectTls(const Destination& to, const TlsFiles& files,
                                         Timeout timeout);
  explicit Client(base::UniqueFd connected);
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  ~Client();

  // One message and its reply.
  base::Result<std::string> Exchange(std::string_view message, Timeout timeout);

  // The two halves, for several messages on the way at once.
  base::Result<void> Send(std::string_view message, Timeout timeout);
  base::Result<void> SendRaw(std::string_view bytes, Timeout timeout);  // without framing
  base::Result<std::string> Await(Timeout timeout);                     // the next reply

  void FinishSending();  // tells the other side that nothing more comes

 private:
  using Moment = std::chrono::steady_clock::time_point;

  base::Result<void> Handshake(Moment until);
  base::Result<void> Put(std::string_view bytes, Moment until);  // on the socket
  base::Result<std::string> Take(Moment until);                  // off the socket; empty: its end
  base::Result<std::string> Receive(Moment until);               // in the clear; empty: its end

  base::UniqueFd socket_;
  std::unique_ptr<ClientTls> tls_;  // null: in plain
  std::string received_;
};

}  // namespace milecastle::mllp
