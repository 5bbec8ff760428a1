// The front door: accepts connections, ends mutual TLS, limits them, and hands each on as a plain
// local socket together with its verified certificate.
//
// It stands in front of gRPC because Debian's gRPC stops accepting for ever once descriptors run
// out, and neither reloads revocation lists nor fails closed on them.
//
// Life of a connection: accepted → admitted (limits) → handshake within its time → certificate
// verified and not revoked → first byte within its time → handed to the handler, and listed in
// peers() → bytes pumped both ways through fixed buffers, past the frame guard where there is one,
// half-closes carried across → ended by either side, by a limit, by the guard, or because its
// certificate ended or was revoked.
//
// Thread-safety: any thread. Failure: Start and Listen say what to change; afterwards a fault costs
// one connection. Without descriptors, new peers are turned away and accepting pauses for a moment;
// connections never take the last 128 that the process may have (half, where those are fewer).
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ingress/frame_guard.h"
#include "ingress/handler.h"
#include "ingress/peer_directory.h"
#include "ingress/tls_material.h"

namespace milecastle::ingress {

enum class TlsMode { kMutualTls, kPlainLoopback };

struct ListenerOptions {
  std::string name;                    // for logs, metrics and Peer::listener
  std::string address = "127.0.0.1";   // a numeric address
  std::uint16_t port = 0;              // 0: any free one
  TlsMode mode = TlsMode::kMutualTls;  // plain is refused off loopback
  std::string alpn;                    // "h2" for gRPC; empty: not negotiated
  std::size_t max_connections = 1024;
  std::size_t max_per_source = 64;  // a source is an IPv4 address or an IPv6 /64
  std::size_t max_per_certificate = 32;
  std::chrono::milliseconds handshake_timeout = std::chrono::seconds(5);
  // From the handshake. 0: none, as MLLP needs it: a feed may connect long before it has a message.
  std::chrono::milliseconds first_byte_timeout = std::chrono::seconds(10);
  std::chrono::milliseconds idle_timeout = std::chrono::milliseconds(0);  // 0: none
  // For a listener of HTTP/2: cuts a connection whose frames break these limits.
  std::optional<FrameLimits> frame_guard;
};

struct IngressOptions {
  std::size_t threads = 2;
  std::chrono::seconds recheck = std::chrono::seconds(30);  // of live connections' certificates
};

// One line of a counter for metrics: listener "grpc", name "handshake_failed".
struct ListenerCount {
  std::string listener;
  std::string_view name;
  std::uint64_t value = 0;
};

class Ingress {
 public:
  // `material` may be null where every listener is plain.
  static base::Result<std::unique_ptr<Ingress>> Start(const IngressOptions& options,
                                                      std::shared_ptr<const TlsMaterial> material);
  ~Ingress();

  // Returns the port. `handler` must outlive the ingress.
  base::Result<std::uint16_t> Listen(const ListenerOptions& options, ConnectionHandler& handler);

  // New connections use `material` at once; live ones are verified against it again, and those that
  // it no longer admits are cut. The others live on.
  void Replace(std::shared_ptr<const TlsMaterial> material);

  const PeerDirectory& peers() const;
  std::vector<ListenerCount> Counts() const;
  // Connections that the frame guard cut, by listener and by the name of the Breach.
  std::vector<ListenerCount> Breaches() const;

  void StopAccepting();
  // Lets live connections end by themselves for `grace`, then cuts the rest. Ends the threads.
  void Stop(std::chrono::milliseconds grace);

  class Inside;

 private:
  explicit Ingress(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

}  // namespace milecastle::ingress
