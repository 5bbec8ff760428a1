#include "mllp/sessions.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <thread>
#include <vector>

#include "kit/held_inbound.h"
#include "mllp/client.h"
#include "mllp/framer.h"

namespace milecastle::mllp {
namespace {

using kit::HeldInbound;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kLong(20);  // reached only where the test fails

class MllpSessions : public testing::Test {
 protected:
  Client Connect(port::Feed feed = {}) {
    int ends[2] = {-1, -1};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    feed.name = "test";
    sessions().Adopt(base::UniqueFd(ends[0]), std::make_shared<const port::Feed>(std::move(feed)));
    return Client(base::UniqueFd(ends[1]));
  }
  Sessions& sessions() {
    if (!sessions_) sessions_ = std::make_unique<Sessions>(inbound_, options_);
    return *sessions_;
  }
  static std::string Reply(Client& client) {
    const auto reply = client.Await(kLong);
    return reply ? *reply : "(" + reply.error().advice + ")";
  }
  static constexpr std::string_view kBroken = "(the connection is broken)";

  Options options_;
  HeldInbound inbound_;
  std::unique_ptr<Sessions> sessions_;
};

TEST_F(MllpSessions, AMessageIsAnsweredOnceItsOutcomeIsThere) {
  Client client = Connect();
  ASSERT_TRUE(client.Send("MSH|1", kLong));
  auto [message, done] = inbound_.Next();
  EXPECT_EQ(message, "MSH|1");
  EXPECT_FALSE(client.Await(milliseconds(20)));  // nothing is acknowledged before its outcome
  done({{}, "ACK 1"});
  EXPECT_EQ(Reply(client), "ACK 1");
}

TEST_F(MllpSessions, RepliesKeepTheOrderOfTheMessages) {
  Client client = Connect();
  for (const char* text : {"1", "2", "3"}) ASSERT_TRUE(client.Send(text, kLong));
  auto first = inbound_.Next();
  auto second = inbound_.Next();
  auto third = inbound_.Next();
  third.second({{}, "ACK 3"});
  second.second({{}, "ACK 2"});
  EXPECT_FALSE(client.Await(milliseconds(20)));
  first.second({{}, "ACK 1"});
  EXPECT_EQ(Reply(client), "ACK 1");
  EXPECT_EQ(Reply(client), "ACK 2");
  EXPECT_EQ(Reply(client), "ACK 3");
}

TEST_F(MllpSessions, AnEmptyReplyIsNotSentAndHoldsUpNothing) {
  Client client = Connect();
  ASSERT_TRUE(client.Send("wants none", kLong));
  ASSERT_TRUE(client.Send("wants one", kLong));
  inbound_.AnswerNext("");
  inbound_.AnswerNext("ACK");
  EXPECT_EQ(Reply(client), "ACK");
}

TEST_F(MllpSessions, AMessageThatComesByteByByteIsWhole) {
  Client client = Connect();
  for (const char c : Frame("MSH|^~\\&|slow")) {
    ASSERT_TRUE(client.SendRaw(std::string(1, c), kLong));
  }
  EXPECT_EQ(inbound_.Next().first, "MSH|^~\\&|slow");
}

TEST_F(MllpSessions, TheWindowBoundsWhatIsOutstanding) {
  port::Feed feed;
  feed.window = 2;
  Client client = Connect(feed);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(client.Send(std::to_string(i), kLong));
  auto first = inbound_.Next();
  auto second = inbound_.Next();
  EXPECT_EQ(inbound_.received(), 2U);
  first.second({{}, "ACK 0"});
  EXPECT_EQ(Reply(client), "ACK 0");
  EXPECT_EQ(inbound_.Next().first, "2");  // room for exactly one more
  EXPECT_EQ(inbound_.received(), 3U);
}

TEST_F(MllpSessions, AFullQueueStopsTheReadingAndLosesNothing) {
  inbound_.MakeRoom(1);
  Client client = Connect();
  for (const char* text : {"1", "2", "3"}) ASSERT_TRUE(client.Send(text, kLong));
  inbound_.AwaitTurnedAway();
  EXPECT_EQ(inbound_.received(), 1U);
  inbound_.AnswerNext("ACK 1");
  EXPECT_EQ(Reply(client), "ACK 1");
  inbound_.MakeRoom(10);
  inbound_.AnswerNext("ACK 2");
  inbound_.AnswerNext("ACK 3");
  EXPECT_EQ(Reply(client), "ACK 2");
  EXPECT_EQ(Reply(client), "ACK 3");
}

TEST_F(MllpSessions, AnOversizeMessageIsRefusedAnsweredAndTheConnectionEnds) {
  port::Feed feed;
  feed.message_limit = 1000;
  Client client = Connect(feed);
  ASSERT_TRUE(client.SendRaw("\x0B" + std::string(5000, 'x'), kLong));
  EXPECT_EQ(inbound_.AwaitRefused(1)[0].second, base::ErrorId::kMessageTooLarge);
  EXPECT_EQ(Reply(client), "NAK");
  EXPECT_EQ(Reply(client), kBroken);
  EXPECT_EQ(inbound_.received(), 0U);
}

TEST_F(MllpSessions, WhatIsNotFramedIsRefusedAndNeverAcknowledged) {
  Client client = Connect();
  ASSERT_TRUE(client.SendRaw("MSH|no start\r\x1C\r", kLong));
  EXPECT_EQ(Reply(client), "NAK");
  EXPECT_EQ(inbound_.AwaitRefused(1)[0].first, "MSH|no start\r");
  ASSERT_TRUE(client.Send("good", kLong));
  inbound_.AnswerNext("ACK");
  EXPECT_EQ(Reply(client), "ACK");  // the next message is unaffected
}

TEST_F(MllpSessions, AMessageCutByTheEndOfTheConnectionIsRefused) {
  Client client = Connect();
  ASSERT_TRUE(client.SendRaw("\x0BMSH|half", kLong));
  client.FinishSending();
  EXPECT_EQ(inbound_.AwaitRefused(1)[0].first, "MSH|half");
  EXPECT_EQ(Reply(client), kBroken);
  EXPECT_EQ(inbound_.received(), 0U);
}

TEST_F(MllpSessions, ASenderThatHasFinishedSendingStillGetsItsReplies) {
  Client client = Connect();
  ASSERT_TRUE(client.Send("last", kLong));
  client.FinishSending();
  inbound_.AnswerNext("ACK");
  EXPECT_EQ(Reply(client), "ACK");
  EXPECT_EQ(Reply(client), kBroken);
}

TEST_F(MllpSessions, ASenderThatStopsInsideAFrameIsToldAndCut) {
  options_.frame_timeout = milliseconds(50);
  Client client = Connect();
  ASSERT_TRUE(client.SendRaw("\x0BMSH|unfinished", kLong));
  EXPECT_EQ(inbound_.AwaitRefused(1)[0].second, base::ErrorId::kDeadlineExceeded);
  EXPECT_EQ(Reply(client), "NAK");
  EXPECT_EQ(Reply(client), kBroken);
}

TEST_F(MllpSessions, ASilentConnectionEndsAfterItsTime) {
  options_.idle_timeout = milliseconds(30);
  Client client = Connect();
  EXPECT_EQ(Reply(client), kBroken);
}

TEST_F(MllpSessions, UnfinishedFramesOfAllConnectionsShareOneBound) {
  options_.buffer_limit = 100'000;
  Client patient = Connect();
  ASSERT_TRUE(patient.SendRaw("\x0B" + std::string(60'000, 'x'), kLong));
  Client greedy = Connect();
  ASSERT_TRUE(greedy.SendRaw("\x0B" + std::string(60'000, 'y'), kLong));
  EXPECT_EQ(inbound_.AwaitRefused(1)[0].second, base::ErrorId::kOverloaded);
}

TEST_F(MllpSessions, APeerThatReadsNoRepliesIsCut) {
  options_.write_timeout = milliseconds(50);
  port::Feed feed;
  feed.window = 1000;
  Client client = Connect(feed);
  const std::string reply(100'000, 'r');
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(client.Send("m", kLong));
  // All are taken before the first is answered: the cut, once it comes, ends the reading too.
  std::vector<decltype(inbound_.Next())> taken;
  for (int i = 0; i < 20; ++i) taken.push_back(inbound_.Next());
  for (auto& each : taken) each.second({{}, reply});
  while (sessions().open() != 0) std::this_thread::yield();
  SUCCEED();
}

TEST_F(MllpSessions, StoppingWaitsForTheRepliesOfWhatWasTaken) {
  Client client = Connect();
  ASSERT_TRUE(client.Send("taken", kLong));
  auto taken = inbound_.Next();
  std::thread stopper([&] { sessions().Stop(kLong); });
  taken.second({{}, "ACK"});
  EXPECT_EQ(Reply(client), "ACK");
  EXPECT_EQ(Reply(client), kBroken);
  client = Connect();  // closes our end: nothing lingers
  stopper.join();
  EXPECT_EQ(sessions().open(), 0U);
}

TEST_F(MllpSessions, AnOutcomeAfterTheEndOfEverythingDoesNoHarm) {
  Client client = Connect();
  ASSERT_TRUE(client.Send("taken", kLong));
  auto taken = inbound_.Next();
  sessions_.reset();
  taken.second({{}, "ACK"});
  EXPECT_EQ(Reply(client), kBroken);
}

TEST_F(MllpSessions, ManyConnectionsAreServedAtOnce) {
  inbound_.MakeRoom(1000);
  std::vector<Client> clients;
  for (int i = 0; i < 200; ++i) clients.push_back(Connect());
  for (auto& client : clients) ASSERT_TRUE(client.Send("m", kLong));
  for (int i = 0; i < 200; ++i) inbound_.AnswerNext("ACK");
  for (auto& client : clients) EXPECT_EQ(Reply(client), "ACK");
}

TEST(MllpClient, SendsInPlainToLoopbackAlone) {
  for (const char* address : {"192.0.2.1", "2001:db8::1", "0.0.0.0"}) {
    const auto client = Client::ConnectPlain({address, 2575, ""}, milliseconds(500));
    ASSERT_FALSE(client) << address;
    EXPECT_EQ(client.error().id, base::ErrorId::kArgumentInvalid);
    EXPECT_NE(client.error().advice.find("TLS"), std::string::npos);
  }
}

TEST(MllpClient, NamesTheFileThatIsNoCertificate) {
  const auto client = Client::ConnectTls({"127.0.0.1", 1, ""},
                                         {"none.pem", "none.key", "no-ca.pem"}, milliseconds(500));
  ASSERT_FALSE(client);
  EXPECT_EQ(client.error().id, base::ErrorId::kCertificateInvalid);
  EXPECT_EQ(client.error().place, "no-ca.pem");
}

TEST(MllpClient, SaysWhenNobodyListens) {
  const auto client = Client::ConnectPlain({"127.0.0.1", 1, ""}, milliseconds(500));
  ASSERT_FALSE(client);
  EXPECT_EQ(client.error().place, "address");
}

}  // namespace
}  // namespace milecastle::mllp
