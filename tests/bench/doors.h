// The two ways in that a server here may have: a plaintext port of loopback, which belongs to the
// bench alone, or the real ingress with mutual TLS in front.
//
// Thread-safety: made and ended by one thread; the handler is called from threads of the door.
// Failure: ends the program.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include "authenticate/authenticator.h"
#include "base/clock.h"
#include "base/unique_fd.h"
#include "ingress/ingress.h"

namespace milecastle::bench {

class PlainDoor {
 public:
  explicit PlainDoor(ingress::ConnectionHandler& handler);
  ~PlainDoor();
  std::uint16_t port() const { return port_; }

 private:
  void Accept(ingress::ConnectionHandler& handler);
  base::UniqueFd listener_;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

// An authority, a server's certificate, a client's with a user's token bound to it: in `folder`,
// where a load finds `client.pem`, `client.key`, `authority.pem` and `token`.
struct Trust {
  Trust(const std::filesystem::path& folder, const base::Clock& clock);
  std::shared_ptr<const ingress::TlsMaterial> material;
  std::unique_ptr<authenticate::Authenticator> authenticator;
};

}  // namespace milecastle::bench
