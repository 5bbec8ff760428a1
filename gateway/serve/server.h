// The gRPC server behind the ingress: it never listens, it is handed connections that the ingress
// verified.
//
// Thread-safety: Handle may be called from any thread. Lifetime: the services outlive the server.
// Failure: Start says why; a connection that cannot be taken is closed.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <vector>

#include "base/result.h"
#include "ingress/handler.h"

namespace grpc {
class Service;
}

namespace milecastle::serve {

struct ServerOptions {
  std::size_t message_limit = std::size_t{16} << 20;  // bytes of one received message
  int streams_per_connection = 128;
  std::chrono::seconds keepalive{60};
  // A connection is asked to renew after half of it, and cut with what still runs after the rest:
  // a caller that reads or writes nothing holds nothing for longer.
  std::chrono::seconds longest_call{3600};
};

class Server final : public ingress::ConnectionHandler {
 public:
  static base::Result<std::unique_ptr<Server>> Start(
      const ServerOptions& options, const std::vector<std::unique_ptr<grpc::Service>>& services);
  ~Server() override;

  void Handle(base::UniqueFd socket, const ingress::Peer& peer) override;

  void SetServing(bool serving);  // as grpc.health.v1 tells it
  // Takes no new calls; lets those that run end for `grace`, then cancels them.
  void Stop(std::chrono::milliseconds grace);

 private:
  class Inside;
  explicit Server(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

}  // namespace milecastle::serve
