// OperationsService: sources and health. No patient data.
#include <grpcpp/grpcpp.h>

#include <algorithm>

#include "inside/bounded.h"
#include "milecastle/v1/operations.grpc.pb.h"
#include "serve/messages.h"
#include "serve/services.h"

namespace milecastle::serve {
namespace {

std::string StateOf(const port::Feed& feed, const store::FeedState* state, base::Instant now) {
  if (state == nullptr) return "never";
  return now - state->last_received > feed.expected_interval ? "silent" : "live";
}

void FillSource(v1::Source& out, const port::Feed& feed,
                const std::vector<store::FeedState>& states, base::Instant now) {
  const auto state = std::find_if(states.begin(), states.end(), [&](const store::FeedState& each) {
    return each.feed == feed.name;
  });
  out.set_feed(feed.name);
  out.set_adapter(feed.adapter);
  for (const auto& organisation : feed.organisations) out.add_organisations(organisation.text());
  out.set_state(StateOf(feed, state == states.end() ? nullptr : &*state, now));
  if (state == states.end()) return;
  Fill(*out.mutable_last_received(), state->last_received);
  if (state->last_accepted) Fill(*out.mutable_last_accepted(), *state->last_accepted);
  for (const auto& [disposition, count] : state->by_disposition) {
    (*out.mutable_messages())[disposition] = count;
    if (disposition == port::NameOf(port::Disposition::kAwaitingIdentity))
      out.set_awaiting_identity(count);
  }
}

void FillCounts(v1::Source& out, const std::vector<store::OutcomeCount>& counts) {
  std::uint64_t quarantined = 0;
  std::uint64_t rejected = 0;
  for (const store::OutcomeCount& count : counts) {
    if (count.feed != out.feed()) continue;
    auto& added = *out.add_counts();
    added.set_organisation(count.organisation);
    added.set_outcome(count.disposition);
    added.set_error(count.error);
    added.set_messages(count.messages);
    added.set_open(count.open);
    Fill(*added.mutable_last_received(), count.last_received);
    if (count.disposition == NameOf(port::Disposition::kQuarantined)) quarantined += count.open;
    if (count.disposition == NameOf(port::Disposition::kRejected)) rejected += count.open;
  }
  out.set_quarantined_open(quarantined);
  out.set_rejected_open(rejected);
}

void FillDirectory(v1::DirectorySource& out, const directory::SourceState& state,
                   base::Instant now) {
  out.set_source(state.name);
  out.set_state(!state.known         ? "unavailable"
                : !state.kept        ? "never"
                : state.IsStale(now) ? "stale"
                                     : "current");
  if (state.tried) Fill(*out.mutable_tried(), *state.tried);
  if (state.failed) {
    out.set_error(std::string(LineOf(state.failed->id).name));
    out.set_place(state.failed->place);
    out.set_advice(state.failed->advice);
  }
  out.set_readings(state.taken);
  out.set_failures(state.failures);
  if (!state.kept) return;
  Fill(*out.mutable_read(), state.kept->began);
  out.set_services(state.kept->services);
  out.set_gone(state.kept->gone);
  out.set_refused(state.kept->refused);
}

class OperationsService final : public BoundedService<v1::OperationsService::CallbackService> {
 public:
  explicit OperationsService(const ServiceParts& parts)
      : edge_(parts.edge),
        govern_(parts.govern),
        feeds_(parts.all_feeds),
        under_way_(parts.under_way),
        health_(parts.health),
        directory_(parts.directory) {
    Bound(&OperationsService::ListSources);
    Bound(&OperationsService::GetHealth);
  }

  grpc::ServerUnaryReactor* ListSources(grpc::CallbackServerContext* context,
                                        const v1::ListSourcesRequest*,
                                        v1::ListSourcesResponse* response) override {
    return edge_.ForUser(
        context, "OperationsService.ListSources",
        [this, response](const record::Requester& requester, const Finish& finish) {
          const govern::Act act(govern_,
                                {.requester = requester, .action = decide::Action::kOperations});
          if (!act.permitted()) return Refuse(act, finish);
          auto snapshot = govern_.store.Read();
          if (!snapshot) return finish(snapshot.error());
          finish(ListInto(*response, **snapshot));
        });
  }

  // Any certified caller may ask whether the gateway is well: a load balancer has no user.
  grpc::ServerUnaryReactor* GetHealth(grpc::CallbackServerContext* context,
                                      const v1::GetHealthRequest*,
                                      v1::GetHealthResponse* response) override {
    return edge_.ForPeer(context, "OperationsService.GetHealth",
                         [=, this](const record::PeerCertificate&, const Finish& finish) {
                           const bool told_places = LooksAtOperations(*context);
                           const Health health = health_();
                           bool healthy = true;
                           for (const HealthLine& line : health.lines) {
                             auto& added = *response->add_lines();
                             added.set_component(line.component);
                             added.set_healthy(line.healthy);
                             added.set_text(line.text);
                             if (told_places) added.set_place(line.place);
                             healthy = healthy && (line.healthy || !line.needed);
                           }
                           response->set_healthy(healthy);
                           response->set_version(health.version);
                           response->set_policy_version(health.policy_version);
                           Fill(*response->mutable_started(), health.started);
                           finish({});
                         });
  }

 private:
  base::Result<void> ListInto(v1::ListSourcesResponse& response, store::Snapshot& snapshot) const {
    const auto states = snapshot.journal().Feeds();
    if (!states) return states.error();
    const auto counts = snapshot.journal().Counts();
    if (!counts) return counts.error();
    for (const auto& feed : feeds_) {
      v1::Source& source = *response.add_sources();
      FillSource(source, *feed, *states, govern_.clock.Now());
      FillCounts(source, *counts);
      if (under_way_) source.set_under_way(under_way_(feed->name));
    }
    for (const auto& state : directory_.States()) {
      FillDirectory(*response.add_directories(), state, govern_.clock.Now());
    }
    return {};
  }

  static void Refuse(const govern::Act& act, const Finish& finish) {
    act.Refuse(std::function<void(base::Result<govern::LeafPlace>)>(
        [finish](const base::Result<govern::LeafPlace>& refused) { finish(refused.error()); }));
  }

  // A caller without a user, or whose user's role does not, is answered too, without places.
  bool LooksAtOperations(const grpc::CallbackServerContext& context) const {
    if (!context.client_metadata().contains("authorization")) return false;
    const auto requester = edge_.RequesterOf(context);
    if (!requester) return false;
    return govern::Act(govern_, {.requester = *requester, .action = decide::Action::kOperations})
        .permitted();
  }

  const Edge& edge_;
  govern::Parts govern_;
  std::vector<std::shared_ptr<const port::Feed>> feeds_;
  std::function<std::size_t(const std::string&)> under_way_;
  std::function<Health()> health_;
  const govern::DirectoryDesk& directory_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeOperationsService(const ServiceParts& parts) {
  return std::make_unique<OperationsService>(parts);
}

}  // namespace milecastle::serve
