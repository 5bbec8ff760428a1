// IntakeService.Submit as a sender sees it: one stream, a bounded window, an outcome for each
// message in its order, and an end that says why.
#include <future>

#include "front.h"
#include "milecastle/v1/intake.grpc.pb.h"

namespace milecastle::serve {
namespace {

class Submit : public testing::Test {
 protected:
  // The sender writes bytes, so that it can write what is no message.
  using Stream = grpc::ClientReaderWriter<grpc::ByteBuffer, v1::SubmitResponse>;

  void Begin(std::size_t window = 4) {
    front.feed->window = window;
    channel_ = front.Open();
    context_.set_deadline(std::chrono::system_clock::now() + kLong);
    const grpc::internal::RpcMethod method("/milecastle.v1.IntakeService/Submit",
                                           grpc::internal::RpcMethod::BIDI_STREAMING);
    stream_.reset(
        grpc::internal::ClientReaderWriterFactory<grpc::ByteBuffer, v1::SubmitResponse>::Create(
            channel_.get(), method, &context_));
  }
  bool Send(std::uint64_t sequence, const std::string& message, const char* feed = "gp") {
    v1::SubmitRequest request;
    request.set_feed(feed);
    request.set_sequence(sequence);
    request.set_message(message);
    return SendBytes(request.SerializeAsString());
  }
  bool SendBytes(const std::string& bytes) {
    const grpc::Slice slice(bytes);
    return stream_->Write(grpc::ByteBuffer(&slice, 1));
  }
  // Messages 0 to `count` from a thread of the sender's own: a stream that is not read holds it up.
  std::future<void> SendAll(std::uint64_t count) {
    return std::async(std::launch::async, [this, count] {
      for (std::uint64_t i = 0; i < count && Send(i, "m"); ++i) {
      }
    });
  }
  // The sequence of the next outcome.
  std::uint64_t Outcome() {
    v1::SubmitResponse response;
    EXPECT_TRUE(stream_->Read(&response));
    return response.sequence();
  }
  grpc::Status End() {
    v1::SubmitResponse more;
    EXPECT_FALSE(stream_->Read(&more)) << "an outcome that nobody waited for";
    return stream_->Finish();
  }

  Front front;
  grpc::ClientContext context_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<Stream> stream_;
};

TEST_F(Submit, GoesOnReadingWhenAFullWindowHasRoomAgain) {
  Begin(2);
  auto sending = SendAll(6);
  front.inbound.AwaitReceived(2);
  for (std::uint64_t i = 0; i < 6; ++i) {
    EXPECT_LE(front.inbound.received(), i + 2) << "it read past its window";
    front.inbound.AnswerNext("AA");
    EXPECT_EQ(Outcome(), i);
  }
  sending.get();
  stream_->WritesDone();
  EXPECT_TRUE(End().ok());
}

TEST_F(Submit, OutcomesKeepTheOrderOfTheMessages) {
  Begin();
  auto sending = SendAll(3);
  auto first = front.inbound.Next();
  auto second = front.inbound.Next();
  auto third = front.inbound.Next();
  for (auto* each : {&third, &second, &first}) each->second({{}, "AA"});
  for (std::uint64_t i = 0; i < 3; ++i) EXPECT_EQ(Outcome(), i);
  sending.get();
  stream_->WritesDone();
  EXPECT_TRUE(End().ok());
}

TEST_F(Submit, EachPatientOfAMessageHasAnOutcomeInTheOrderOfTheMessage) {
  Begin();
  ASSERT_TRUE(Send(3, "m"));
  const base::Error unread{base::ErrorId::kPatientMissing, "PID[2]-3", "send a number"};
  port::Outcome outcome{.disposition = port::Disposition::kQuarantined, .error = unread};
  outcome.patients = {{port::Disposition::kAccepted, {}, 4, 4},
                      {port::Disposition::kQuarantined, unread, 0}};
  front.inbound.Next().second({outcome, "AA"});
  v1::SubmitResponse response;
  ASSERT_TRUE(stream_->Read(&response));
  EXPECT_EQ(response.disposition(), v1::DISPOSITION_QUARANTINED);
  ASSERT_EQ(response.patients_size(), 2);
  EXPECT_EQ(response.patients(0).disposition(), v1::DISPOSITION_ACCEPTED);
  EXPECT_EQ(response.patients(0).entries(), 4U);
  EXPECT_EQ(response.patients(0).error(), "");
  EXPECT_EQ(response.patients(1).error(), "message.patient_missing");
  EXPECT_EQ(response.patients(1).place(), "PID[2]-3");
  stream_->WritesDone();
  EXPECT_TRUE(End().ok());
}

TEST_F(Submit, WhatWasSentBeforeAHalfCloseIsAnswered) {
  Begin();
  ASSERT_TRUE(Send(7, "m") && Send(8, "m") && stream_->WritesDone());
  front.inbound.AwaitReceived(2);
  front.inbound.AnswerNext("AA");
  front.inbound.AnswerNext("AA");
  EXPECT_EQ(Outcome(), 7U);
  EXPECT_EQ(Outcome(), 8U);
  EXPECT_TRUE(End().ok());
}

TEST_F(Submit, AMessageThatFindsTheQueueFullIsTakenWhenThereIsRoom) {
  Begin();
  front.inbound.MakeRoom(0);
  ASSERT_TRUE(Send(1, "waits"));
  front.inbound.AwaitTurnedAway();
  // Room is called for after the refusal; it comes in time or at once.
  while (front.timer.waiting() == 0) front.inbound.MakeRoom(1);
  front.timer.Ring();
  auto taken = front.inbound.Next();
  EXPECT_EQ(taken.first, "waits");
  taken.second({{}, "AA"});
  EXPECT_EQ(Outcome(), 1U);
  stream_->WritesDone();
  EXPECT_TRUE(End().ok());
}

TEST_F(Submit, WhatASenderThatVanishedHadSentIsFinishedAndItsStreamEnds) {
  Begin(2);
  auto sending = SendAll(4);
  front.inbound.AwaitReceived(2);
  auto first = front.inbound.Next();
  auto second = front.inbound.Next();
  context_.TryCancel();
  EXPECT_EQ(End().error_code(), grpc::CANCELLED);
  first.second({{}, "AA"});
  second.second({{}, "AA"});
  EXPECT_EQ(front.AwaitEnded().first, "IntakeService.Submit");
}

TEST_F(Submit, WhatIsNoRequestEndsTheStreamByItsIndexAfterAllBeforeIt) {
  Begin();
  ASSERT_TRUE(Send(10, "one") && Send(11, "two"));
  ASSERT_TRUE(SendBytes("\xff\xff\xff\xff not a message of the contract"));
  auto after = std::async(std::launch::async, [this] { Send(12, "after"); });
  front.inbound.AwaitReceived(2);
  front.inbound.AnswerNext("AA");
  front.inbound.AnswerNext("AA");
  EXPECT_EQ(Outcome(), 10U);
  EXPECT_EQ(Outcome(), 11U);
  const grpc::Status status = End();
  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_NE(status.error_message().find("message[2]"), std::string::npos) << status.error_message();
  EXPECT_EQ(status.error_message().find("contract"), std::string::npos) << "no value of a request";
  EXPECT_EQ(front.inbound.received(), 2U) << "nothing after it is taken";
  EXPECT_EQ(front.AwaitEnded().second, "argument.invalid");
}

TEST_F(Submit, AFeedThatIsNotTheCallersEndsTheStream) {
  Begin();
  ASSERT_TRUE(Send(0, "m", "another"));
  EXPECT_EQ(End().error_code(), grpc::PERMISSION_DENIED);
  EXPECT_EQ(front.inbound.received(), 0U);
}

TEST_F(Submit, ACallerWithoutACertificateIsRefused) {
  front.known = false;
  Begin();
  EXPECT_EQ(End().error_code(), grpc::UNAUTHENTICATED);
}

}  // namespace
}  // namespace milecastle::serve
