#include "fixture.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>

#include <chrono>
#include <csignal>

namespace milecastle::ingress {
namespace {

SSL* Tls(void* tls) { return static_cast<SSL*>(tls); }

}  // namespace

Echo::~Echo() {
  for (auto& thread : threads_) thread.join();
}

void Echo::Handle(base::UniqueFd socket, const Peer& peer) {
  const std::lock_guard lock(mutex_);
  seen_.push_back(peer);
  threads_.emplace_back([fd = std::make_shared<base::UniqueFd>(std::move(socket))] {
    char bytes[65536];
    for (;;) {
      pollfd readable{fd->get(), POLLIN, 0};
      ::poll(&readable, 1, -1);
      const ssize_t got = ::recv(fd->get(), bytes, sizeof(bytes), MSG_DONTWAIT);
      if (got <= 0) return;
      for (ssize_t sent = 0; sent < got;) {
        pollfd writable{fd->get(), POLLOUT, 0};
        ::poll(&writable, 1, -1);
        const ssize_t some = ::send(fd->get(), bytes + sent, static_cast<std::size_t>(got - sent),
                                    MSG_DONTWAIT | MSG_NOSIGNAL);
        if (some <= 0) return;
        sent += some;
      }
    }
  });
}

std::vector<Peer> Echo::seen() const {
  const std::lock_guard lock(mutex_);
  return seen_;
}

base::UniqueFd Dial(std::uint16_t port, const std::string& from) {
  base::UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  ::inet_pton(AF_INET, from.c_str(), &address.sin_addr);
  if (::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) return {};
  ::inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
  address.sin_port = htons(port);
  // A server that does not answer must fail the test, not hang it.
  const timeval patience{20, 0};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  if (::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
    return {};
  }
  return socket;
}

TlsClient::TlsClient(std::uint16_t port, const kit::Issued* own, const Knock& knock)
    : socket_(Dial(port, knock.from)) {
  SSL_CTX* const context = SSL_CTX_new(TLS_client_method());
  context_ = context;
  SSL_CTX_set_security_level(context, 0);  // what is weak, the server must refuse
  SSL_CTX_set_min_proto_version(context, knock.lowest);
  SSL_CTX_set_max_proto_version(context, knock.highest);
  if (!knock.suites.empty()) SSL_CTX_set_cipher_list(context, knock.suites.c_str());
  if (own != nullptr) {
    SSL_CTX_use_certificate(context, own->certificate.get());
    SSL_CTX_use_PrivateKey(context, own->key.get());
  }
  for (const auto& issuer : knock.brought) SSL_CTX_add1_chain_cert(context, issuer.get());
  SSL* const tls = SSL_new(context);
  tls_ = tls;
  SSL_set_fd(tls, socket_.get());
  connected_ = socket_ && SSL_connect(tls) == 1;
  ERR_clear_error();
}

TlsClient::~TlsClient() {
  SSL_free(Tls(tls_));
  SSL_CTX_free(static_cast<SSL_CTX*>(context_));
}

bool TlsClient::Send(std::string_view bytes) {
  return connected_ && SSL_write(Tls(tls_), bytes.data(), static_cast<int>(bytes.size())) ==
                           static_cast<int>(bytes.size());
}

std::string TlsClient::Receive(std::size_t bytes) {
  std::string all;
  char some[16384];
  while (connected_ && all.size() < bytes) {
    const int got =
        SSL_read(Tls(tls_), some, static_cast<int>(std::min(sizeof(some), bytes - all.size())));
    if (got <= 0) break;
    all.append(some, static_cast<std::size_t>(got));
  }
  ERR_clear_error();
  return all;
}

bool TlsClient::Echoes(std::string_view bytes) {
  return Send(bytes) && Receive(bytes.size()) == bytes;
}

bool TlsClient::AwaitEnd() {
  char byte = 0;
  const int got = SSL_read(Tls(tls_), &byte, 1);
  // Not an end: a byte, or that patience ran out.
  const bool ended = got <= 0 && errno != EAGAIN;
  ERR_clear_error();
  return ended;
}

void TlsClient::FinishWriting() { SSL_shutdown(Tls(tls_)); }
std::string TlsClient::Version() const { return SSL_get_version(Tls(tls_)); }
std::string TlsClient::Suite() const { return SSL_get_cipher_name(Tls(tls_)); }

Door::Door() : clock_(base::SystemClock().Now()) {
  std::signal(SIGPIPE, SIG_IGN);  // for the clients: OpenSSL writes their sockets
  folder_.Write("authority.pem", authority_.Pem());
  const kit::Issued server = authority_.Issue({.organisation = "GATEWAY",
                                               .system = "localhost",
                                               .usage = "serverAuth",
                                               .until = 300L * 86400});
  folder_.Write("server.pem", server.CertificatePem());
  folder_.Write("server.key", server.KeyPem());
  std::filesystem::permissions(folder_.path() / "server.key", std::filesystem::perms::owner_all);
  Publish({});
}

TlsOptions Door::Options() const {
  return {.certificate = folder_.path() / "server.pem",
          .key = folder_.path() / "server.key",
          .client_authorities = {folder_.path() / "authority.pem"},
          .revocation_lists = {folder_.path() / "revoked.pem"}};
}

std::shared_ptr<const TlsMaterial> Door::Material() {
  auto material = TlsMaterial::Load(Options(), clock_);
  EXPECT_TRUE(material.has_value()) << (material ? "" : base::Describe(material.error()));
  return material ? *material : nullptr;
}

std::uint16_t Door::Open(const ListenerOptions& options) {
  if (!ingress_) {
    const auto material = options.mode == TlsMode::kMutualTls ? Material() : nullptr;
    ingress_ = std::move(Ingress::Start({.recheck = std::chrono::seconds(1)}, material)).value();
  }
  const auto port = ingress_->Listen(options, echo_);
  EXPECT_TRUE(port.has_value());
  port_ = *port;
  return port_;
}

bool Door::LetsIn(const kit::Issued& client, const Knock& knock) {
  return TlsClient(port_, &client, knock).Echoes();
}

void Door::Publish(const std::vector<kit::Certificate>& revoked, kit::ListTimes times) {
  folder_.Write("revoked.pem", authority_.List(revoked, times));
}

std::uint64_t Door::CountOf(std::string_view name) const {
  for (const ListenerCount& line : ingress_->Counts()) {
    if (line.name == name) return line.value;
  }
  ADD_FAILURE() << "no such count";
  return 0;
}

void Door::AwaitCount(std::string_view name, std::uint64_t least) const {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (CountOf(name) < least) {
    ASSERT_LT(std::chrono::steady_clock::now(), until) << name << " stays at " << CountOf(name);
    std::this_thread::yield();
  }
}

}  // namespace milecastle::ingress
