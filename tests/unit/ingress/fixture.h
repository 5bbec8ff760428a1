// A door to knock at: an ingress with an echoing handler behind it, the authority whose
// certificates it trusts, and clients that knock.
#pragma once

#include <gtest/gtest.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/unique_fd.h"
#include "ingress/ingress.h"
#include "kit/authority.h"
#include "kit/clock.h"
#include "kit/folder.h"

namespace milecastle::ingress {

// Answers with what it hears, until the peer has finished.
class Echo final : public ConnectionHandler {
 public:
  ~Echo() override;
  void Handle(base::UniqueFd socket, const Peer& peer) override;

  std::vector<Peer> seen() const;

 private:
  mutable std::mutex mutex_;
  std::vector<Peer> seen_;
  std::vector<std::thread> threads_;
};

struct Knock {
  std::string from = "127.0.0.1";
  int lowest = 0x0303;  // TLS 1.2
  int highest = 0x0304;
  std::string suites;                     // of TLS 1.2; empty: OpenSSL's
  std::vector<kit::Certificate> brought;  // issuers sent along
};

// A blocking TCP connection to the door.
base::UniqueFd Dial(std::uint16_t port, const std::string& from = "127.0.0.1");

class TlsClient {
 public:
  // `own` may be null: no certificate.
  TlsClient(std::uint16_t port, const kit::Issued* own, const Knock& knock = {});
  ~TlsClient();
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  bool connected() const { return connected_; }
  bool Send(std::string_view bytes);
  std::string Receive(std::size_t bytes);  // fewer: the connection ended
  // Whether what is sent comes back: the only proof that the server let us in (TLS 1.3).
  bool Echoes(std::string_view bytes = "hello");
  bool AwaitEnd();  // true when the server ends the connection, however it does
  void FinishWriting();
  std::string Version() const;
  std::string Suite() const;

 private:
  base::UniqueFd socket_;
  void* context_ = nullptr;
  void* tls_ = nullptr;
  bool connected_ = false;
};

class Door : public ::testing::Test {
 protected:
  Door();

  TlsOptions Options() const;
  std::shared_ptr<const TlsMaterial> Material();
  // Opens an ingress with one listener; returns its port.
  std::uint16_t Open(const ListenerOptions& options = {.name = "test"});
  bool LetsIn(const kit::Issued& client, const Knock& knock = {});
  void Publish(const std::vector<kit::Certificate>& revoked, kit::ListTimes times = {});
  std::uint64_t CountOf(std::string_view name) const;
  void AwaitCount(std::string_view name, std::uint64_t least) const;

  kit::TemporaryFolder folder_;
  kit::Authority authority_;
  kit::ManualClock clock_;
  Echo echo_;
  std::unique_ptr<Ingress> ingress_;
  std::uint16_t port_ = 0;
};

}  // namespace milecastle::ingress
