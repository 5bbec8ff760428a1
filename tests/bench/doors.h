// The ways in that a server here may have beside the real ingress: a plaintext port of loopback, or
// one where gRPC itself ends mutual TLS. Both belong to the bench alone.
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
#include <vector>

#include "authenticate/authenticator.h"
#include "base/clock.h"
#include "base/unique_fd.h"
#include "ingress/ingress.h"

namespace grpc {
class Server;
class Service;
}  // namespace grpc

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

// gRPC's own listener, with the certificates that Trust left in `folder` and what serve/server.cc
// sets that a call may feel.
class GrpcDoor {
 public:
  GrpcDoor(const std::vector<std::unique_ptr<grpc::Service>>& services,
           const std::filesystem::path& folder);
  ~GrpcDoor();
  int port() const { return port_; }

 private:
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

// An authority, a server's certificate, a client's with a user's token bound to it: in `folder`,
// where a load finds `client.pem`, `client.key`, `authority.pem` and `token`.
struct Trust {
  Trust(const std::filesystem::path& folder, const base::Clock& clock);
  std::shared_ptr<const ingress::TlsMaterial> material;
  std::unique_ptr<authenticate::Authenticator> authenticator;
  record::PeerCertificate client;  // as the ingress reads it
};

}  // namespace milecastle::bench
