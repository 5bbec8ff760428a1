// What stands behind a listener: gRPC's connection acceptor, or a receiver of HL7 over MLLP.
//
// Thread-safety: Handle is called from any of the ingress's threads, and MUST NOT block: it holds
// up other connections. Failure: a handler that cannot take a connection closes the socket.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/unique_fd.h"
#include "record/peer.h"

namespace milecastle::ingress {

struct Peer {
  std::uint64_t connection = 0;  // never reused within this process
  std::string name;  // what gRPC calls the connection; the key of PeerDirectory: "unix-abstract:…"
  std::string listener;  // the listener's configured name
  std::string address;   // the remote address, for operators' eyes; proves nothing
  std::optional<record::PeerCertificate> certificate;  // absent on a plain loopback listener alone
};

class ConnectionHandler {
 public:
  virtual ~ConnectionHandler() = default;
  // `socket` is a connected AF_UNIX stream socket that does not block, and carries the peer's bytes
  // in the clear. Called when the peer's first byte has come: a silent peer costs the handler
  // nothing. The peer may already be gone when the handler looks.
  virtual void Handle(base::UniqueFd socket, const Peer& peer) = 0;
};

}  // namespace milecastle::ingress
