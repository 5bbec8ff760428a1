// What silent, slow and many peers cannot do, and the life of the bytes.

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <future>

#include "fixture.h"

namespace milecastle::ingress {
namespace {

using std::chrono::milliseconds;

// Lowers the number of descriptors that this process may have, for one test.
class DescriptorLimit {
 public:
  explicit DescriptorLimit(rlim_t limit) {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit lower{limit, before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &lower);
  }
  ~DescriptorLimit() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

class Limits : public Door {
 protected:
  std::vector<base::UniqueFd> Silent(int count, const std::string& from) {
    std::vector<base::UniqueFd> sockets;
    for (int i = 0; i < count; ++i) sockets.push_back(Dial(port_, from));
    return sockets;
  }
};

TEST_F(Limits, ManySilentConnectionsOfOneSourceDoNotStopAnother) {
  Open({.name = "test", .max_connections = 64, .max_per_source = 16});
  const auto silent = Silent(300, "127.0.0.2");
  EXPECT_TRUE(LetsIn(authority_.Issue({}), {.from = "127.0.0.3"}));
  EXPECT_EQ(CountOf("refused_source"), 300U - 16U);
}

TEST_F(Limits, AFullListenerTurnsAwayAndRecoversWhenConnectionsEnd) {
  Open({.name = "test", .max_connections = 8, .max_per_source = 8});
  const kit::Issued client = authority_.Issue({});
  {
    const auto silent = Silent(8, "127.0.0.2");
    AwaitCount("accepted", 8);
    EXPECT_FALSE(LetsIn(client));
    EXPECT_EQ(CountOf("refused_too_many"), 1U);
  }
  AwaitCount("handshake_failed", 8);
  EXPECT_TRUE(LetsIn(client));
}

TEST_F(Limits, OneCertificateHoldsNoMoreConnectionsThanItMay) {
  Open({.name = "test", .max_per_certificate = 2});
  const kit::Issued client = authority_.Issue({});
  TlsClient first(port_, &client);
  TlsClient second(port_, &client);
  ASSERT_TRUE(first.Echoes() && second.Echoes());
  EXPECT_FALSE(LetsIn(client));
  EXPECT_TRUE(LetsIn(authority_.Issue({})));
}

TEST_F(Limits, AHandshakeThatTakesTooLongIsEnded) {
  Open({.name = "test", .handshake_timeout = milliseconds(300)});
  const base::UniqueFd silent = Dial(port_);
  char byte = 0;
  EXPECT_LE(::recv(silent.get(), &byte, 1, 0), 0);
  EXPECT_EQ(CountOf("handshake_timeout"), 1U);
}

TEST_F(Limits, APeerThatSaysNothingAfterItsHandshakeCostsTheHandlerNothingAndIsEnded) {
  Open({.name = "test", .first_byte_timeout = milliseconds(300)});
  const kit::Issued client = authority_.Issue({});
  TlsClient silent(port_, &client);
  ASSERT_TRUE(silent.connected());
  EXPECT_TRUE(silent.AwaitEnd());
  EXPECT_EQ(CountOf("first_byte_timeout"), 1U);
  EXPECT_TRUE(echo_.seen().empty());
}

TEST_F(Limits, AnIdleConnectionIsEndedOnlyWhereAskedFor) {
  Open({.name = "test", .idle_timeout = milliseconds(300)});
  const kit::Issued client = authority_.Issue({});
  TlsClient idle(port_, &client);
  ASSERT_TRUE(idle.Echoes());
  EXPECT_TRUE(idle.AwaitEnd());
  EXPECT_EQ(CountOf("idle_timeout"), 1U);
}

TEST_F(Limits, WithoutDescriptorsNewPeersAreTurnedAwayAndServiceReturns) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "the sanitizer's own look at an object's type takes two descriptors";
#endif
  Open({.name = "test", .max_connections = 4096, .max_per_source = 4096});
  const kit::Issued client = authority_.Issue({});
  TlsClient established(port_, &client);
  ASSERT_TRUE(established.Echoes());
  {
    const DescriptorLimit limit(128);
    // Both ends are ours: the limit stops one or the other. Some must reach the accepting side.
    std::vector<base::UniqueFd> sockets;
    for (int i = 0; i < 200; ++i) {
      sockets.push_back(Dial(port_, "127.0.0.2"));
      if (!sockets.back()) break;
    }
    sockets.resize(sockets.size() - 2);  // leaves the queue a peer that cannot be accepted
    const base::UniqueFd one_too_many = Dial(port_, "127.0.0.2");
    AwaitCount("refused_descriptors", 1);
    EXPECT_TRUE(established.Echoes());
  }
  EXPECT_TRUE(LetsIn(client));
}

TEST_F(Limits, BytesArriveWholeBothWaysThroughSlowReaders) {
  Open();
  const kit::Issued client = authority_.Issue({});
  TlsClient peer(port_, &client);
  ASSERT_TRUE(peer.connected());
  std::string sent(std::size_t{8} << 20, '\0');
  for (std::size_t i = 0; i < sent.size(); ++i) sent[i] = static_cast<char>(i * 31 + i / 251);
  // More than all buffers between us hold: the echo must stop reading, and go on.
  auto writing = std::async(std::launch::async, [&] { return peer.Send(sent); });
  const std::string got = peer.Receive(sent.size());
  EXPECT_TRUE(writing.get());
  EXPECT_TRUE(got == sent);
}

TEST_F(Limits, APeerThatFinishedWritingStillGetsItsAnswer) {
  Open();
  const kit::Issued client = authority_.Issue({});
  TlsClient peer(port_, &client);
  ASSERT_TRUE(peer.Send("last words"));
  peer.FinishWriting();
  EXPECT_EQ(peer.Receive(10), "last words");
  EXPECT_TRUE(peer.AwaitEnd());
  AwaitCount("handed_on", 1);
}

TEST_F(Limits, PlainConnectionsAreForLoopbackAlone) {
  Open({.name = "mllp", .mode = TlsMode::kPlainLoopback});
  const base::UniqueFd peer = Dial(port_);
  ASSERT_EQ(::send(peer.get(), "MSH|", 4, 0), 4);
  char answer[4] = {};
  EXPECT_EQ(::recv(peer.get(), answer, 4, MSG_WAITALL), 4);
  ASSERT_EQ(echo_.seen().size(), 1U);
  EXPECT_FALSE(echo_.seen()[0].certificate.has_value());
  EXPECT_FALSE(ingress_->peers().Find(echo_.seen()[0].name).has_value());

  for (const char* address : {"0.0.0.0", "::", "10.0.0.1", "localhost"}) {
    const auto refused = ingress_->Listen(
        {.name = "mllp", .address = address, .mode = TlsMode::kPlainLoopback}, echo_);
    EXPECT_FALSE(refused.has_value()) << address;
  }
}

TEST_F(Limits, MutualTlsWithoutCertificatesIsRefusedAtStart) {
  ingress_ = std::move(Ingress::Start({}, nullptr)).value();
  EXPECT_FALSE(ingress_->Listen({.name = "grpc"}, echo_).has_value());
}

TEST_F(Limits, APortInUseIsRefusedWithItsListenersName) {
  const auto port = Open();
  const auto second = ingress_->Listen({.name = "second", .port = port}, echo_);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().place, "listener second");
}

TEST_F(Limits, StoppingLetsLiveConnectionsEndAndTakesNoNewOnes) {
  Open();
  const kit::Issued client = authority_.Issue({});
  auto peer = std::make_unique<TlsClient>(port_, &client);
  ASSERT_TRUE(peer->Echoes());
  ingress_->StopAccepting();
  EXPECT_FALSE(Dial(port_));
  EXPECT_TRUE(peer->Echoes());
  peer.reset();
  ingress_->Stop(std::chrono::seconds(20));
  EXPECT_EQ(CountOf("open"), 0U);
  ingress_->StopAccepting();  // again, and late: no harm
  ingress_->Stop(milliseconds(0));
}

TEST_F(Limits, StoppingCutsWhatDoesNotEndInTime) {
  Open();
  const kit::Issued client = authority_.Issue({});
  TlsClient peer(port_, &client);
  ASSERT_TRUE(peer.Echoes());
  ingress_->Stop(milliseconds(0));
  EXPECT_TRUE(peer.AwaitEnd());
}

}  // namespace
}  // namespace milecastle::ingress
