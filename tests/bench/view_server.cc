// Answers GetPatientView, until its standard input ends. Prints {"port": …, "tls": folder} when it
// is ready.
//
//   --kind ours    the gateway's composition: store, decide, audit, disclose, serve, and the loops
//                  that follow the log
//   --kind floor   gRPC's completion queue and the same bytes, made once: nothing is read, decided
//                  or audited
//   --kind typed   what one would write first: a typed message, made anew of typed entries for
//                  every call; no policy, no audit
//   --door plain   a plaintext port of loopback and one fixed caller
//   --door tls     the real ingress with mutual TLS and its frame guard, a user's token;
//                  --guard off leaves the guard away
//   --door grpc    of kind ours: mutual TLS with the same certificates, but ended by gRPC itself on
//                  a port of its own; the same check of the same token
//   --entries N --people N   of the house; --cache BYTES  of the store's segment cache
//   --cold yes     the store is opened once more when it is filled, with nothing of it in memory
//   --log N        entries that the audit log, and with it the store's index of it, holds before
#include <google/protobuf/stubs/logging.h>
#include <grpcpp/grpcpp.h>
#include <unistd.h>

#include <deque>
#include <thread>

#include "base/log.h"
#include "doors.h"
#include "govern/audit_reading.h"
#include "govern/directory.h"
#include "house.h"
#include "long_log.h"
#include "milecastle/v1/view.grpc.pb.h"
#include "normalise/normaliser.h"
#include "receive/intake.h"
#include "report.h"
#include "serve/metrics.h"
#include "serve/server.h"
#include "serve/services.h"
#include "sqlite/directory.h"
#include "workers/pool.h"
#include "workers/timer.h"

namespace milecastle::bench {
namespace {

// The gateway as gateway.cc composes it, but for its settings, and for who may be calling.
class Ours {
 public:
  Ours(House& house, serve::FindPeer find_peer, serve::Authenticate authenticate)
      : house_(house),
        outbox_(house.store(), house.log()),
        trail_(house.store(), {&house.log()}, house.clock()),
        calls_({.name = "calls", .threads = 4, .queue = 256}),
        views_(house.store(), house.log(), house.policy(), house.clock(),
               {.sources = house.sources()}),
        edge_(
            {.find_peer = std::move(find_peer),
             .authenticate = std::move(authenticate),
             .pool = calls_,
             .run_at = [this](auto when, auto job) { timer_.At(when, std::move(job)); },
             .clock = house.clock(),
             .observe = [this](auto method, auto error,
                               double seconds) { metrics_.ObserveCall(method, error, seconds); }}) {
    services_ = serve::MakeServices({.edge = edge_,
                                     .views = views_,
                                     .histories = histories_,
                                     .documents = documents_,
                                     .inbound = intake_,
                                     .feeds = {},
                                     .consents = consents_,
                                     .explain = explain_,
                                     .identity = identity_,
                                     .audit = reading_,
                                     .logs = logs_,
                                     .govern = parts_,
                                     .all_feeds = {},
                                     .health = [] { return serve::Health(); },
                                     .directory = directory_desk_});
    if (!trail_.CatchUp().empty()) Fail("the trail does not follow the log");
  }

  const std::vector<std::unique_ptr<grpc::Service>>& services() const { return services_; }

 private:
  House& house_;
  govern::Logs logs_{{&house_.log()}};
  govern::OutboxLoop outbox_;
  govern::TrailLoop trail_;
  serve::Metrics metrics_;
  workers::Timer timer_;
  workers::Pool calls_;
  receive::Intake intake_{
      {.store = house_.store(),
       .clock = house_.clock(),
       .adapters = {},
       .normaliser = std::make_shared<normalise::Normaliser>(*normalise::Normaliser::Create({})),
       .post = [](const auto&) { return false; },
       .committed = {},
       .limits = {}}};
  disclose::PatientViews views_;
  disclose::EntryHistories histories_{house_.store(), house_.log(),     house_.policy(),
                                      house_.clock(), views_.guesses(), {}};
  disclose::Documents documents_{house_.store(), house_.log(),     house_.policy(),
                                 house_.clock(), views_.guesses(), {}};
  govern::Parts parts_{house_.store(), house_.log(), house_.policy(), house_.clock(), outbox_};
  govern::Consents consents_{parts_};
  govern::Explain explain_{parts_, {}, views_.guesses()};
  govern::IdentityWork identity_{{.store = house_.store(), .clock = house_.clock(), .prepare = {}}};
  govern::AuditReading reading_{parts_, logs_, trail_};
  // None is configured.
  std::unique_ptr<store::ServiceDirectory> services_found_ =
      *store::sqlite::OpenDirectory(house_.folder().path() / "directory.db");
  directory::Keeper directories_{*services_found_, house_.clock(), {}, {}};
  govern::DirectoryDesk directory_desk_{parts_, directories_, [](const auto&) { return false; }};
  serve::Edge edge_;
  std::vector<std::unique_ptr<grpc::Service>> services_;
};

// gRPC as the gateway starts it: its connections are handed to it.
std::unique_ptr<serve::Server> Start(const Ours& ours) {
  auto server = serve::Server::Start({}, ours.services());
  if (!server) Fail("gRPC did not start");
  (*server)->SetServing(true);
  return std::move(*server);
}

// A server of one thread over gRPC's completion queue: the least that it can cost.
template <class Service, class Request, class Response>
class QueueServer final : public ingress::ConnectionHandler {
 public:
  using Answer = std::function<void(Response&)>;

  explicit QueueServer(Answer answer) : answer_(std::move(answer)) {
    grpc::ServerBuilder builder;
    builder.RegisterService(&service_);
    acceptor_ = builder.experimental().AddExternalConnectionAcceptor(
        grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD,
        grpc::InsecureServerCredentials());
    queue_ = builder.AddCompletionQueue();
    server_ = builder.BuildAndStart();
    for (int i = 0; i < 256; ++i) Await(*new Call);
    thread_ = std::thread([this] { Run(); });
  }
  ~QueueServer() override {
    server_->Shutdown(std::chrono::system_clock::now());
    queue_->Shutdown();
    thread_.join();
  }

  void Handle(base::UniqueFd socket, const ingress::Peer&) override {
    grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters connection;
    connection.listener_fd = -1;
    connection.fd = socket.Release();
    acceptor_->HandleNewConnection(&connection);
  }

 private:
  struct Call {
    grpc::ServerContext context;
    Request request;
    Response response;
    grpc::ServerAsyncResponseWriter<Response> writer{&context};
    bool answered = false;
  };

  void Await(Call& call) {
    service_.RequestGetPatientView(&call.context, &call.request, &call.writer, queue_.get(),
                                   queue_.get(), &call);
  }
  void Run() {
    void* tag = nullptr;
    bool good = false;
    while (queue_->Next(&tag, &good)) {
      std::unique_ptr<Call> call(static_cast<Call*>(tag));
      if (!good && !call->answered) continue;  // the server is ending
      if (call->answered) {
        call = std::make_unique<Call>();
        Await(*call.release());
        continue;
      }
      call->answered = true;
      answer_(call->response);
      call->writer.Finish(call->response, grpc::Status::OK, call.get());
      static_cast<void>(call.release());  // comes back when it is sent
    }
  }

  Answer answer_;
  Service service_;
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> acceptor_;
  std::unique_ptr<grpc::ServerCompletionQueue> queue_;
  std::unique_ptr<grpc::Server> server_;
  std::thread thread_;
};

using Floor = QueueServer<
    v1::PatientViewService::WithRawMethod_GetPatientView<v1::PatientViewService::Service>,
    grpc::ByteBuffer, grpc::ByteBuffer>;
using Typed = QueueServer<v1::PatientViewService::AsyncService, v1::GetPatientViewRequest,
                          v1::GetPatientViewResponse>;

std::unique_ptr<ingress::ConnectionHandler> MakeFloor(const std::string& bytes) {
  return std::make_unique<Floor>([answer = grpc::Slice(bytes)](grpc::ByteBuffer& response) {
    response = grpc::ByteBuffer(&answer, 1);
  });
}

std::unique_ptr<ingress::ConnectionHandler> MakeTyped(const std::string& bytes) {
  v1::GetPatientViewResponse held;
  if (!held.ParseFromString(bytes)) Fail("the answer is none");
  return std::make_unique<Typed>([held](v1::GetPatientViewResponse& response) {
    *response.mutable_view()->mutable_manifest() = held.view().manifest();
    *response.mutable_view()->mutable_demographics() = held.view().demographics();
    for (const v1::Entry& entry : held.view().entries()) {
      *response.mutable_view()->add_entries() = entry;
    }
    *response.mutable_receipt() = held.receipt();
  });
}

void AwaitEndOfInput() {
  char byte = 0;
  while (::read(STDIN_FILENO, &byte, 1) > 0) {
  }
}

void Serve(int port, const std::filesystem::path& trust) {
  std::printf("{\"port\": %d, \"tls\": \"%s\"}\n", port, trust.c_str());
  std::fflush(stdout);
  AwaitEndOfInput();
}

void ServePlain(ingress::ConnectionHandler& handler) {
  const PlainDoor door(handler);
  Serve(door.port(), "");
}

void ServeTls(ingress::ConnectionHandler& handler, ingress::Ingress& ingress,
              const ingress::ListenerOptions& listener, const std::filesystem::path& trust) {
  const auto port = ingress.Listen(listener, handler);
  if (!port) Fail("the ingress does not listen");
  Serve(*port, trust);
  ingress.Stop(std::chrono::milliseconds(0));
}

std::unique_ptr<ingress::ConnectionHandler> MakeOther(const std::string& kind,
                                                      const std::string& answer) {
  if (kind == "floor") return MakeFloor(answer);
  if (kind == "typed") return MakeTyped(answer);
  Fail("--kind is ours, floor or typed");
}

void RunPlain(House& house, const std::string& kind) {
  if (kind != "ours") return ServePlain(*MakeOther(kind, house.OneAnswer()));
  const record::PeerCertificate peer{Ods("ZT1"), "quayside-epr", {}, "01", {}};
  const Ours ours(
      house, [peer](std::string_view) { return peer; },
      [doctor = Doctor()](const auto&, std::string_view) { return doctor; });
  ServePlain(*Start(ours));
}

serve::Authenticate CheckToken(const Trust& trust) {
  return [&trust](const auto& peer, std::string_view bearer) {
    return trust.authenticator->Authenticate(peer, bearer);
  };
}

void RunTls(House& house, const std::string& kind, bool guarded) {
  const kit::TemporaryFolder folder;
  const Trust trust(folder.path(), house.clock());
  auto ingress = ingress::Ingress::Start({}, trust.material);
  if (!ingress) Fail("the ingress did not start");
  ingress::ListenerOptions listener{.name = "grpc", .address = "127.0.0.1", .alpn = "h2"};
  if (guarded) listener.frame_guard.emplace();
  if (kind != "ours") {
    return ServeTls(*MakeOther(kind, house.OneAnswer()), **ingress, listener, folder.path());
  }
  const Ours ours(
      house, [&](std::string_view peer) { return (*ingress)->peers().Find(peer); },
      CheckToken(trust));
  ServeTls(*Start(ours), **ingress, listener, folder.path());
}

// The caller's certificate is known beforehand, so that finding it costs this side nothing that the
// other does not pay too.
void RunGrpc(House& house, const std::string& kind) {
  if (kind != "ours") Fail("--door grpc is for --kind ours");
  const kit::TemporaryFolder folder;
  const Trust trust(folder.path(), house.clock());
  const Ours ours(
      house, [&](std::string_view) { return trust.client; }, CheckToken(trust));
  const GrpcDoor door(ours.services(), folder.path());
  Serve(door.port(), folder.path());
}

void Run(const Options& options) {
  google::protobuf::SetLogHandler(nullptr);
  HouseOptions asked;
  asked.entries = options.Count("entries", asked.entries);
  asked.people = options.Count("people", asked.people);
  asked.segment_cache_bytes = options.Count("cache", asked.segment_cache_bytes);
  asked.cold = options.Text("cold", "no") == "yes";
  House house(asked);
  Lengthen(house.log(), house.clock(), options.Count("log", 0));
  const std::string kind = options.Text("kind", "ours");
  const std::string door = options.Text("door", "plain");
  if (door == "tls") return RunTls(house, kind, options.Text("guard", "on") == "on");
  if (door == "grpc") return RunGrpc(house, kind);
  if (door != "plain") Fail("--door is plain, tls or grpc");
  RunPlain(house, kind);
}

}  // namespace
}  // namespace milecastle::bench

int main(int argc, char** argv) { milecastle::bench::Run(milecastle::bench::Options(argc, argv)); }
