#include "serve/server.h"

#include <google/protobuf/stubs/logging.h>
#include <grpcpp/ext/health_check_service_server_builder_option.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>

#include <mutex>

namespace milecastle::serve {

class Server::Inside {
 public:
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> acceptor;
  std::unique_ptr<grpc::Server> server;
  std::mutex mutex;
  bool stopped = false;
};

namespace {

void Limit(grpc::ServerBuilder& builder, const ServerOptions& options) {
  builder.SetMaxReceiveMessageSize(static_cast<int>(options.message_limit));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, options.streams_per_connection);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, 16 * 1024);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS,
                             static_cast<int>(options.keepalive.count() * 1000));
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
  // What cannot be read is answered as an error; the library's own words are no line of our log.
  google::protobuf::SetLogHandler(nullptr);
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
