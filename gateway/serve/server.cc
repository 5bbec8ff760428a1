#include "serve/server.h"

#include <google/protobuf/stubs/logging.h>
#include <grpc/support/log.h>
#include <grpcpp/ext/health_check_service_server_builder_option.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>

#include <atomic>
#include <chrono>
#include <mutex>

#include "base/log.h"

namespace milecastle::serve {

class Server::Inside {
 public:
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> acceptor;
  std::unique_ptr<grpc::Server> server;
  std::mutex mutex;
  bool stopped = false;
};

namespace {

// gRPC's own lines quote what a caller sent ("invalid value key=te value=…"), and a caller can make
// any number of them: of each second's first the place is kept, and nothing else.
void LogPlace(gpr_log_func_args* line) {
  static std::atomic<std::int64_t> last_second{0};
  if (line->severity < GPR_LOG_SEVERITY_ERROR) return;
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  const std::int64_t second = std::chrono::duration_cast<std::chrono::seconds>(now).count();
  if (last_second.exchange(second) == second) return;
  std::string_view file(line->file);
  file.remove_prefix(file.rfind('/') + 1);  // npos + 1 is 0
  base::Log(base::LogId::kGrpcFault,
            {{"file", base::SafeText::Catalogued(file)}, {"line", line->line}});
}

void Limit(grpc::ServerBuilder& builder, const ServerOptions& options) {
  builder.SetMaxReceiveMessageSize(static_cast<int>(options.message_limit));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, options.streams_per_connection);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, 16 * 1024);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS,
                             static_cast<int>(options.keepalive.count() * 1000));
  const int half_of_longest = static_cast<int>(options.longest_call.count() * 500);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, half_of_longest);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, half_of_longest);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10'000);
  builder.AddChannelArgument(GRPC_ARG_ENABLE_CHANNELZ, 0);
  // An answer is encrypted once by the ingress; compressing before encrypting invites guessing.
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
}

}  // namespace

Server::Server(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
Server::~Server() { Stop(std::chrono::milliseconds(0)); }

base::Result<std::unique_ptr<Server>> Server::Start(
    const ServerOptions& options, const std::vector<std::unique_ptr<grpc::Service>>& services) {
  grpc::EnableDefaultHealthCheckService(true);
  // What cannot be read is answered as an error; the libraries' own words are no lines of our log.
  google::protobuf::SetLogHandler(nullptr);
  gpr_set_log_function(&LogPlace);
  auto inside = std::make_unique<Inside>();
  grpc::ServerBuilder builder;
  Limit(builder, options);
  for (const auto& service : services) builder.RegisterService(service.get());
  inside->acceptor = builder.experimental().AddExternalConnectionAcceptor(
      grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD,
      grpc::InsecureServerCredentials());
  inside->server = builder.BuildAndStart();
  if (!inside->server) {
    return base::Error{base::ErrorId::kInternal, "grpc",
                       "the server did not start; see standard error"};
  }
  return std::unique_ptr<Server>(new Server(std::move(inside)));
}

void Server::Handle(base::UniqueFd socket, const ingress::Peer&) {
  const std::lock_guard lock(inside_->mutex);
  if (inside_->stopped) return;
  grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters parameters;
  parameters.fd = socket.Release();
  inside_->acceptor->HandleNewConnection(&parameters);
}

void Server::SetServing(bool serving) {
  inside_->server->GetHealthCheckService()->SetServingStatus(serving);
}

void Server::Stop(std::chrono::milliseconds grace) {
  {
    const std::lock_guard lock(inside_->mutex);
    if (inside_->stopped) return;
    inside_->stopped = true;
  }
  inside_->server->Shutdown(std::chrono::system_clock::now() + grace);
  inside_->server->Wait();
}

}  // namespace milecastle::serve
