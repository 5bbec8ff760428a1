// What gRPC makes of a connection that ingress hands on: the peer string that PeerDirectory rests
// on, from a gRPC client over mutual TLS to a handler behind gRPC's external connection acceptor.

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <mutex>
#include <set>

#include "fixture.h"

namespace milecastle::ingress {
namespace {

// Refuses every call, and keeps what gRPC said of its peer.
class Service : public grpc::CallbackGenericService {
 public:
  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override {
    {
      const std::lock_guard lock(mutex_);
      peers_.push_back(context->peer());
    }
    struct Reactor : grpc::ServerGenericBidiReactor {
      void OnDone() override { delete this; }
    };
    auto* reactor = new Reactor;
    reactor->Finish(grpc::Status(grpc::StatusCode::UNIMPLEMENTED, ""));
    return reactor;
  }
  std::vector<std::string> peers() {
    const std::lock_guard lock(mutex_);
    return peers_;
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> peers_;
};

class Acceptor final : public ConnectionHandler {
 public:
  explicit Acceptor(grpc::ServerBuilder& builder)
      : acceptor_(builder.experimental().AddExternalConnectionAcceptor(
            grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD,
            grpc::InsecureServerCredentials())) {}
  void Handle(base::UniqueFd socket, const Peer& peer) override {
    {
      const std::lock_guard lock(mutex_);
      names_.push_back(peer.name);
    }
    grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters connection;
    connection.listener_fd = -1;
    connection.fd = socket.Release();
    acceptor_->HandleNewConnection(&connection);
  }
  std::vector<std::string> names() {
    const std::lock_guard lock(mutex_);
    return names_;
  }

 private:
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> acceptor_;
  std::mutex mutex_;
  std::vector<std::string> names_;
};

class Grpc : public Door {
 protected:
  Grpc() {
    grpc::ServerBuilder builder;
    builder.RegisterCallbackGenericService(&service_);
    acceptor_ = std::make_unique<Acceptor>(builder);
    server_ = builder.BuildAndStart();
    ingress_ = std::move(Ingress::Start({}, Material())).value();
    port_ = *ingress_->Listen({.name = "grpc", .alpn = "h2"}, *acceptor_);
  }
  ~Grpc() override {
    ingress_->Stop(std::chrono::milliseconds(0));
    server_->Shutdown(std::chrono::system_clock::now());
  }

  std::shared_ptr<grpc::Channel> Channel(const kit::Issued& client) {
    grpc::SslCredentialsOptions tls;
    tls.pem_root_certs = authority_.Pem();
    tls.pem_private_key = client.KeyPem();
    tls.pem_cert_chain = client.CertificatePem();
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return grpc::CreateCustomChannel("localhost:" + std::to_string(port_),
                                     grpc::SslCredentials(tls), arguments);
  }

  static grpc::StatusCode Call(const std::shared_ptr<grpc::Channel>& channel) {
    grpc::GenericStub stub(channel);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    // What a client says of itself must not matter.
    context.AddMetadata("x-forwarded-client-cert", "O=RYY");
    const grpc::Slice nothing("");
    grpc::ByteBuffer request(&nothing, 1);
    grpc::ByteBuffer reply;
    std::promise<grpc::Status> done;
    stub.UnaryCall(&context, "/milecastle.v1.Any/Thing", {}, &request, &reply,
                   [&](const grpc::Status& status) { done.set_value(status); });
    return done.get_future().get().error_code();
  }

  Service service_;
  std::unique_ptr<Acceptor> acceptor_;
  std::unique_ptr<grpc::Server> server_;
};

TEST_F(Grpc, ThePeerStringOfACallNamesTheCertificateOfItsConnection) {
  const kit::Issued first = authority_.Issue({.organisation = "RXX", .system = "epr"});
  const kit::Issued second = authority_.Issue({.organisation = "A81001", .system = "gp"});
  const auto one = Channel(first);
  const auto two = Channel(second);
  ASSERT_EQ(Call(one), grpc::StatusCode::UNIMPLEMENTED);
  ASSERT_EQ(Call(two), grpc::StatusCode::UNIMPLEMENTED);
  ASSERT_EQ(Call(one), grpc::StatusCode::UNIMPLEMENTED);

  const auto peers = service_.peers();
  ASSERT_EQ(peers.size(), 3U);
  EXPECT_EQ(peers[0], acceptor_->names()[0]);
  EXPECT_EQ(peers[2], peers[0]);
  EXPECT_NE(peers[1], peers[0]);
  EXPECT_TRUE(peers[0].starts_with("unix-abstract:milecastle/")) << peers[0];
  EXPECT_EQ(ingress_->peers().Find(peers[0])->organisation.text(), "RXX");
  EXPECT_EQ(ingress_->peers().Find(peers[1])->organisation.text(), "A81001");
  EXPECT_EQ(ingress_->peers().Find(peers[1])->system, "gp");
}

TEST_F(Grpc, AnEndedConnectionsPeerStringNamesNobodyAndIsNeverUsedAgain) {
  const kit::Issued client = authority_.Issue({});
  std::set<std::string> names;
  for (int i = 0; i < 20; ++i) {
    ASSERT_EQ(Call(Channel(client)), grpc::StatusCode::UNIMPLEMENTED);
    names.insert(service_.peers().back());
  }
  EXPECT_EQ(names.size(), 20U);
  const auto gone = [&] { return ingress_->peers().size() == 0; };
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!gone() && std::chrono::steady_clock::now() < until) std::this_thread::yield();
  for (const std::string& name : names) {
    EXPECT_FALSE(ingress_->peers().Find(name).has_value());
  }
}

TEST_F(Grpc, AStrangersPeerStringNamesNobody) {
  for (const char* name :
       {"", "unix:", "unix-abstract:", "unix-abstract:milecastle/1", "ipv4:127.0.0.1:1234"}) {
    EXPECT_FALSE(ingress_->peers().Find(name).has_value()) << name;
  }
}

TEST_F(Grpc, HundredsOfSilentConnectionsDoNotStopItsCalls) {
  std::vector<base::UniqueFd> silent;
  for (int i = 0; i < 300; ++i) silent.push_back(Dial(port_, "127.0.0.2"));
  EXPECT_EQ(Call(Channel(authority_.Issue({}))), grpc::StatusCode::UNIMPLEMENTED);
}

TEST_F(Grpc, RotationUnderLoadFailsNoCall) {
  const kit::Issued client = authority_.Issue({});
  const auto lasting = Channel(client);
  for (int i = 0; i < 50; ++i) {
    const kit::Issued server = authority_.Issue({.usage = "serverAuth"});
    folder_.Write("server.pem", server.CertificatePem());
    folder_.Write("server.key", server.KeyPem());
    ingress_->Replace(Material());
    ASSERT_EQ(Call(lasting), grpc::StatusCode::UNIMPLEMENTED);
    ASSERT_EQ(Call(Channel(client)), grpc::StatusCode::UNIMPLEMENTED);
  }
}

}  // namespace
}  // namespace milecastle::ingress
