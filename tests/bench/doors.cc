#include "doors.h"

#include <grpcpp/grpcpp.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <chrono>
#include <fstream>
#include <iterator>

#include "authenticate/issue.h"
#include "kit/authority.h"
#include "report.h"
#include "serve/server.h"

namespace milecastle::bench {
namespace {

constexpr const char* kIssuer = "https://idp.zt1.example";
constexpr const char* kAudience = "milecastle.bench";
constexpr auto kDay = std::chrono::hours(24);

// For the owner alone, as the gateway demands of a key.
void Put(const std::filesystem::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary);
  std::filesystem::permissions(
      file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  out << text;
}

std::string Content(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string PublicPem(const kit::Key& key) {
  BIO* out = BIO_new(BIO_s_mem());
  PEM_write_bio_PUBKEY(out, key.get());
  return kit::Issued::Taken(out);
}

template <class T>
T Need(base::Result<T> result) {
  if (!result) Fail(base::Describe(result.error()));
  return std::move(*result);
}

void WriteFiles(const std::filesystem::path& folder, const base::Clock& clock) {
  const kit::Authority authority;
  const kit::Issued server = authority.Issue(
      {.organisation = "ZI1", .system = "gateway", .usage = "serverAuth", .until = 60L * 86400});
  const kit::Issued client = authority.Issue({.organisation = "ZT1", .system = "quayside-epr"});
  const kit::Issued issuer = authority.Issue({});
  Put(folder / "authority.pem", authority.Pem());
  Put(folder / "revoked.pem", authority.List({}));
  Put(folder / "server.pem", server.CertificatePem());
  Put(folder / "server.key", server.KeyPem());
  Put(folder / "client.pem", client.CertificatePem());
  Put(folder / "client.key", client.KeyPem());
  Put(folder / "issuer.pem", PublicPem(issuer.key));
  Put(folder / "token",
      Need(authenticate::IssueTrialToken(
          issuer.KeyPem(),
          {.issuer = kIssuer,
           .key_id = "k1",
           .audience = kAudience,
           .user = "user-1",
           .name = "",
           .organisation = "ZT1",
           .roles = {"R8000"},
           .team = "",
           .assurance = 3,
           .certificate = Need(authenticate::ThumbprintOfPem(client.CertificatePem())),
           .launch = {},
           .issued = clock.Now()})));
}

}  // namespace

PlainDoor::PlainDoor(ingress::ConnectionHandler& handler)
    : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* any = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_.get(), any, size) != 0 || ::listen(listener_.get(), 128) != 0 ||
      ::getsockname(listener_.get(), any, &size) != 0) {
    Fail("no port on loopback");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this, &handler] { Accept(handler); });
}

PlainDoor::~PlainDoor() {
  stopping_ = true;
  ::shutdown(listener_.get(), SHUT_RDWR);
  thread_.join();
}

void PlainDoor::Accept(ingress::ConnectionHandler& handler) {
  while (!stopping_) {
    base::UniqueFd socket(
        ::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!socket) continue;
    const int yes = 1;
    ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    handler.Handle(std::move(socket), {});
  }
}

GrpcDoor::GrpcDoor(const std::vector<std::unique_ptr<grpc::Service>>& services,
                   const std::filesystem::path& folder) {
  grpc::SslServerCredentialsOptions tls(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  tls.pem_root_certs = Content(folder / "authority.pem");
  tls.pem_key_cert_pairs = {{Content(folder / "server.key"), Content(folder / "server.pem")}};
  grpc::EnableDefaultHealthCheckService(true);
  const serve::ServerOptions options;
  grpc::ServerBuilder builder;
  builder.SetMaxReceiveMessageSize(static_cast<int>(options.message_limit));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, options.streams_per_connection);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, 16 * 1024);
  builder.AddChannelArgument(GRPC_ARG_ENABLE_CHANNELZ, 0);
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
  for (const auto& service : services) builder.RegisterService(service.get());
  builder.AddListeningPort("127.0.0.1:0", grpc::SslServerCredentials(tls), &port_);
  server_ = builder.BuildAndStart();
  if (!server_ || port_ == 0) Fail("gRPC does not listen");
}

GrpcDoor::~GrpcDoor() {
  server_->Shutdown(std::chrono::system_clock::now());
  server_->Wait();
}

Trust::Trust(const std::filesystem::path& folder, const base::Clock& clock)
    : client{*record::OdsCode::Parse("ZT1"), "quayside-epr", {}, "01", clock.Now() + kDay} {
  WriteFiles(folder, clock);
  client.thumbprint = Need(authenticate::ThumbprintOfPem(Content(folder / "client.pem")));
  material = Need(ingress::TlsMaterial::Load({.certificate = folder / "server.pem",
                                              .key = folder / "server.key",
                                              .client_authorities = {folder / "authority.pem"},
                                              .revocation_lists = {folder / "revoked.pem"}},
                                             clock));
  authenticator = Need(authenticate::Authenticator::Load(
      {.audience = kAudience,
       .issuers = {{.name = kIssuer,
                    .keys = {{"k1", folder / "issuer.pem"}},
                    .organisations = {*record::OdsCode::Parse("ZT1")},
                    .systems = {}}},
       .revocations = {}},
      clock));
}

}  // namespace milecastle::bench
