#include "serve/edge.h"

#include <grpcpp/grpcpp.h>

#include "base/log.h"

namespace milecastle::serve {
namespace {

std::string_view AuthorizationOf(const grpc::CallbackServerContext& context) {
  const auto& metadata = context.client_metadata();
  const auto found = metadata.find("authorization");
  if (found == metadata.end() || metadata.count("authorization") != 1) return {};
  return {found->second.data(), found->second.size()};
}

}  // namespace

// Where our files are is for the operator, who finds it in the log: Observe wrote it there.
grpc::Status StatusOf(const base::Error& error) {
  const auto code = static_cast<grpc::StatusCode>(LineOf(error.id).rpc);
  const bool of_files =
      error.id == base::ErrorId::kFileUnavailable || error.id == base::ErrorId::kAuditCorrupt;
  if (!of_files) return {code, Describe(error)};
  return {code, base::Describe({error.id, "the gateway's own files",
                                "ask its operator: the gateway's log names the place"})};
}

base::Result<record::PeerCertificate> Edge::PeerOf(
    const grpc::CallbackServerContext& context) const {
  auto peer = parts_.find_peer(context.peer());
  if (peer) return *peer;
  return base::Error{base::ErrorId::kUnauthenticated, "connection",
                     "connect with a client certificate"};
}

base::Result<record::Requester> Edge::RequesterOf(
    const grpc::CallbackServerContext& context) const {
  const auto peer = PeerOf(context);
  if (!peer) return peer.error();
  return parts_.authenticate(*peer, AuthorizationOf(context));
}

void Edge::Observe(std::string_view method, const base::Result<void>& outcome,
                   double seconds) const {
  const std::string_view error = outcome ? std::string_view() : LineOf(outcome.error().id).name;
  parts_.observe(method, error, seconds);
  if (outcome) {
    base::Log(base::LogId::kCallServed, {{"method", base::SafeText::Catalogued(method)}});
  } else {
    base::Log(base::LogId::kCallFailed, {{"method", base::SafeText::Catalogued(method)},
                                         {"error", outcome.error().id},
                                         {"place", base::SafeText::Path(outcome.error().place)}});
  }
}

Finish::Finish(const Edge& edge, grpc::ServerUnaryReactor* reactor, std::string_view method)
    : edge_(&edge), reactor_(reactor), method_(method), began_(edge.parts().clock.Monotonic()) {}

void Finish::operator()(const base::Result<void>& outcome) const {
  const bool tells_nobody = !outcome && (outcome.error().id == base::ErrorId::kNotPermitted ||
                                         outcome.error().id == base::ErrorId::kNotFound);
  if (tells_nobody) return EndOnGrid(outcome);
  End(outcome);
}

void Finish::OnGrid() const { EndOnGrid({}); }

void Finish::EndOnGrid(const base::Result<void>& outcome) const {
  const EdgeParts& parts = edge_->parts();
  if (parts.grid.count() == 0) return End(outcome);
  const auto steps = (parts.clock.Monotonic() - began_) / parts.grid + 1;
  parts.run_at(began_ + steps * parts.grid, [self = *this, outcome] { self.End(outcome); });
}

void Finish::End(const base::Result<void>& outcome) const {
  const auto took = std::chrono::duration<double>(edge_->parts().clock.Monotonic() - began_);
  edge_->Observe(method_, outcome, took.count());
  reactor_->Finish(outcome ? grpc::Status::OK : StatusOf(outcome.error()));
}

void Edge::Post(std::function<void()> job, const Finish& finish) const {
  if (parts_.pool.TryPost(std::move(job))) return;
  base::Log(base::LogId::kQueueFull, {{"queue", base::SafeText::Catalogued("calls")}});
  finish(base::Error{base::ErrorId::kOverloaded, "calls", "try again shortly"});
}

grpc::ServerUnaryReactor* Edge::ForUser(grpc::CallbackServerContext* context,
                                        std::string_view method, UserWork work) const {
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();  // may be had once
  const Finish finish(*this, reactor, method);
  Post(
      [this, context, finish, work = std::move(work)] {
        const auto requester = RequesterOf(*context);
        if (!requester) return finish(requester.error());
        if (context->IsCancelled())
          return finish(base::Error{base::ErrorId::kCancelled, "call", {}});
        work(*requester, finish);
      },
      finish);
  return reactor;
}

grpc::ServerUnaryReactor* Edge::ForPeer(grpc::CallbackServerContext* context,
                                        std::string_view method, PeerWork work) const {
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();  // may be had once
  const Finish finish(*this, reactor, method);
  Post(
      [this, context, finish, work = std::move(work)] {
        const auto peer = PeerOf(*context);
        if (!peer) return finish(peer.error());
        work(*peer, finish);
      },
      finish);
  return reactor;
}

}  // namespace milecastle::serve
