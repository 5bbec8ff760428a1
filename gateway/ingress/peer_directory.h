// From the peer string that gRPC shows a call, to the certificate that ingress verified for the
// connection under it.
//
// gRPC 1.51 reports the peer of a descriptor handed to its external connection acceptor as
// `unix-abstract:` and the abstract name that the other end is bound to (measured;
// tests/unit/ingress/grpc_test.cc asserts it). Ingress binds each end to a name that it never
// reuses, so a string names one connection for ever.
//
// Thread-safety: any thread. Failure: no entry means that the connection has ended or was never
// ours; its calls MUST be refused.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>

#include "record/peer.h"

namespace milecastle::ingress {

class PeerDirectory {
 public:
  std::optional<record::PeerCertificate> Find(std::string_view peer_string) const;
  std::size_t size() const;

  // For the ingress alone: an entry lives from just before the handler sees the connection until
  // the connection ends.
  void Insert(std::string name, record::PeerCertificate certificate);
  void Erase(std::string_view name);

 private:
  mutable std::shared_mutex mutex_;
  std::map<std::string, record::PeerCertificate, std::less<>> peers_;
};

}  // namespace milecastle::ingress
