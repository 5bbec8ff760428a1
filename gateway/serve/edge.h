// What every gRPC method does before and after its use case: who calls, is there room, and how an
// error is said.
//
// The caller is the verified certificate of its connection and the signed token of its call, never
// another header. Work runs on a bounded pool; nothing blocks a gRPC thread. This is the one place
// that turns an Error into a gRPC status, and the one place that keeps the time grid of safety.md
// 9: what refuses a caller, or tells that there is nobody, leaves at the next step after its
// arrival.
//
// Thread-safety: any thread. Lifetime: the parts outlive the edge, and the edge every call.
// Failure: kUnauthenticated, kOverloaded, kShuttingDown, as a status; nothing of the request is
// echoed.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "record/peer.h"
#include "record/requester.h"
#include "workers/pool.h"

namespace grpc {
class CallbackServerContext;
class ServerUnaryReactor;
class Status;
}  // namespace grpc

namespace milecastle::serve {

// From a connection's peer string to its verified certificate.
using FindPeer = std::function<std::optional<record::PeerCertificate>(std::string_view)>;
// From a certificate and an `authorization` header to who is calling.
using Authenticate = std::function<base::Result<record::Requester>(const record::PeerCertificate&,
                                                                   std::string_view)>;
// Told of every call that ended: method, error name ("" for none), seconds.
using Observe =
    std::function<void(std::string_view method, std::string_view error, double seconds)>;
// Runs a job at a moment of the clock's monotonic time, never on the caller's stack.
using RunAt = std::function<void(std::chrono::nanoseconds when, std::function<void()> job)>;

struct EdgeParts {
  FindPeer find_peer;
  Authenticate authenticate;
  workers::Pool& pool;
  RunAt run_at;
  const base::Clock& clock;
  Observe observe;
  std::chrono::milliseconds grid{50};  // 0: off
};

class Edge;

// Ends a call, once. The response was filled in before.
//
// Errors that refuse the caller (kNotPermitted) or find nobody (kNotFound) wait for the grid; so
// does, by OnGrid, an answer that is a refusal, or empty. All else leaves at once.
class Finish {
 public:
  void operator()(const base::Result<void>& outcome) const;
  void OnGrid() const;

 private:
  friend class Edge;
  Finish(const Edge& edge, grpc::ServerUnaryReactor* reactor, std::string_view method);
  void End(const base::Result<void>& outcome) const;
  void EndOnGrid(const base::Result<void>& outcome) const;

  const Edge* edge_;
  grpc::ServerUnaryReactor* reactor_;
  std::string_view method_;
  std::chrono::nanoseconds began_;
};

class Edge {
 public:
  explicit Edge(EdgeParts parts) : parts_(std::move(parts)) {}

  // For callers with a user's token.
  using UserWork = std::function<void(const record::Requester&, Finish)>;
  grpc::ServerUnaryReactor* ForUser(grpc::CallbackServerContext* context, std::string_view method,
                                    UserWork work) const;

  // For any certified caller.
  using PeerWork = std::function<void(const record::PeerCertificate&, Finish)>;
  grpc::ServerUnaryReactor* ForPeer(grpc::CallbackServerContext* context, std::string_view method,
                                    PeerWork work) const;

  base::Result<record::PeerCertificate> PeerOf(const grpc::CallbackServerContext& context) const;
  base::Result<record::Requester> RequesterOf(const grpc::CallbackServerContext& context) const;
  void Observe(std::string_view method, const base::Result<void>& outcome, double seconds) const;

  const EdgeParts& parts() const { return parts_; }

 private:
  void Post(std::function<void()> job, const Finish& finish) const;

  EdgeParts parts_;
};

grpc::Status StatusOf(const base::Error& error);

}  // namespace milecastle::serve
