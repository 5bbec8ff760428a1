// The sender's side of TLS, in memory alone: bytes in, bytes out, no socket. For client.cc.
//
// TLS 1.2 and 1.3 with the suites of the gateway's own listeners; the listener's chain and name are
// verified, and there is no way to do without. Thread-safety: one thread. Failure:
// kCertificateInvalid naming the file that is wrong; kUnauthenticated where the listener is not
// whom it should be.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "mllp/client.h"

namespace milecastle::mllp {

class ClientTls {
 public:
  static base::Result<std::unique_ptr<ClientTls>> Make(const TlsFiles& files,
                                                       const std::string& server_name);

  // True when it is done; false: send what is outgoing, and feed what comes.
  base::Result<bool> Handshake();
  base::Result<void> Encrypt(std::string_view plain);
  // Nothing: feed more. Empty: the other side has finished.
  base::Result<std::optional<std::string>> Decrypt();
  void Finish();  // says so to the other side

  void Feed(std::string_view received);
  std::string TakeOutgoing();

 private:
  template <auto Free>
  struct Freed {
    template <class T>
    void operator()(T* object) const {
      Free(object);
    }
  };
  using Context = std::unique_ptr<SSL_CTX, Freed<&SSL_CTX_free>>;
  using Session = std::unique_ptr<SSL, Freed<&SSL_free>>;

  explicit ClientTls(Session session) : session_(std::move(session)) {}
  static base::Result<Context> ContextOf(const TlsFiles& files);
  base::Error FaultOf() const;

  Session session_;
};

}  // namespace milecastle::mllp
