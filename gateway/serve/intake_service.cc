// IntakeService: a stream of messages in, an outcome per message back, in order, after it is
// durable. Raw bytes in, so that what is no SubmitRequest is told from the end of the stream.
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <deque>
#include <mutex>

#include "milecastle/v1/intake.grpc.pb.h"
#include "port/told.h"
#include "serve/messages.h"
#include "serve/services.h"

namespace milecastle::serve {
namespace {

using Base = v1::IntakeService::WithRawCallbackMethod_Submit<v1::IntakeService::Service>;

// To the response, or to one patient of it.
template <class Filled>
void Fill(Filled& out, const base::Error& error) {
  out.set_error(std::string(LineOf(error.id).name));
  out.set_place(error.place);
  out.set_advice(error.advice);
}

v1::SubmitResponse ResponseOf(std::uint64_t sequence, const port::Received& received) {
  const port::Outcome told = port::AsTold(received.outcome);
  v1::SubmitResponse response;
  response.set_sequence(sequence);
  response.set_disposition(static_cast<v1::Disposition>(told.disposition));
  if (told.error) Fill(response, *told.error);
  if (told.message) response.set_message_id(told.message->ToString());
  response.set_entries(static_cast<std::uint32_t>(told.entries));
  for (const auto& not_carried : told.not_carried) {
    auto& added = *response.add_not_carried();
    added.set_place(not_carried.place);
    added.set_why(not_carried.why);
  }
  response.set_reply(received.reply);
  for (const port::PatientOutcome& patient : told.patients) {
    auto& added = *response.add_patients();
    added.set_disposition(static_cast<v1::Disposition>(patient.disposition));
    if (patient.error) Fill(added, *patient.error);
    added.set_entries(static_cast<std::uint32_t>(patient.entries));
  }
  return response;
}

grpc::ByteBuffer BufferOf(const v1::SubmitResponse& response) {
  grpc::ByteBuffer buffer;
  bool own = false;
  grpc::SerializationTraits<v1::SubmitResponse>::Serialize(response, &buffer, &own);
  return buffer;
}

// One stream. It reads no further than its window of messages that have no outcome yet; outcomes
// wait in a queue of their own so that they leave in the order of the messages. A fault ends it
// after the outcome of everything that came before. It lives until gRPC is done with it and no
// message is out.
class SubmitStream final : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
                           public std::enable_shared_from_this<SubmitStream> {
 public:
  SubmitStream(const Edge& edge, port::Inbound& inbound,
               const std::map<std::string, SubmitFeed>& feeds)
      : edge_(edge), inbound_(inbound), feeds_(feeds), began_(edge.parts().clock.Monotonic()) {}

  void Begin(grpc::CallbackServerContext& context) {
    self_ = shared_from_this();
    auto peer = edge_.PeerOf(context);
    if (!peer) {
      const std::lock_guard lock(mutex_);
      failure_ = peer.error();
      return FinishIfDone();
    }
    peer_ = std::move(*peer);
    StartRead(&bytes_);
  }

  void OnReadDone(bool read) override {
    const auto alive = shared_from_this();  // to the end of this call, whatever Finish sets off
    const std::lock_guard lock(mutex_);
    if (!read || failure_) {
      reading_ended_ = true;
      return FinishIfDone();
    }
    if (!Parse()) return Fail(NoRequest());
    ++index_;
    Take();
  }

  void OnWriteDone(bool written) override {
    const auto alive = shared_from_this();
    const std::lock_guard lock(mutex_);
    writing_ = false;
    if (!written) gone_ = true;
    waiting_.pop_front();
    WriteNext();
    ReadOn();
    FinishIfDone();
  }

  void OnDone() override {
    const std::shared_ptr<SubmitStream> last =
        std::move(self_);  // messages still out keep it alive
  }

 private:
  struct Waiting {
    std::uint64_t sequence = 0;
    std::optional<grpc::ByteBuffer> response;
  };

  bool Parse() {
    request_.Clear();
    return grpc::SerializationTraits<v1::SubmitRequest>::Deserialize(&bytes_, &request_).ok();
  }
  base::Error NoRequest() const {
    return {base::ErrorId::kArgumentInvalid, "message[" + std::to_string(index_) + "]",
            "it is no SubmitRequest; what came before it on this stream was taken and answered"};
  }

  // Nothing more is read; the stream ends when all that was taken has its outcome.
  void Fail(base::Error why) {
    failure_ = std::move(why);
    reading_ended_ = true;
    FinishIfDone();
  }

  base::Result<std::shared_ptr<const port::Feed>> FeedOf(const std::string& name) const {
    const auto found = feeds_.find(name);
    const auto may = [this](const auto& caller) {
      return caller.first == peer_->organisation && caller.second == peer_->system;
    };
    if (found != feeds_.end() &&
        std::any_of(found->second.callers.begin(), found->second.callers.end(), may)) {
      return found->second.feed;
    }
    return base::Error{base::ErrorId::kNotPermitted, "feed",
                       "this certificate may not submit to a feed of that name"};
  }

  // Hands the read message on. Called with the lock held.
  void Take() {
    const auto feed = FeedOf(request_.feed());
    if (!feed) return Fail(feed.error());
    window_ = (*feed)->window;
    auto place = waiting_.insert(waiting_.end(), Waiting{request_.sequence(), std::nullopt});
    Waiting* slot = &*place;
    std::string message = std::move(*request_.mutable_message());
    auto self = shared_from_this();
    auto done = [self, slot](const port::Received& received) { self->Settled(*slot, received); };
    if (!inbound_.TryReceive(*feed, message, done)) {
      waiting_.pop_back();
      request_.set_message(std::move(message));
      inbound_.WhenRoom([self] { self->TakeLater(); });
      return;
    }
    idle_ = true;
    ReadOn();
  }

  // The intake may say at once that there is room: never on this stack, and not in a tight loop
  // where a large message finds room for a small one alone.
  void TakeLater() {
    constexpr std::chrono::milliseconds kPause{5};
    const auto& parts = edge_.parts();
    parts.run_at(parts.clock.Monotonic() + kPause, [self = shared_from_this()] {
      const std::lock_guard lock(self->mutex_);
      self->Take();
    });
  }

  // Runs on a thread of the gateway, never inside TryReceive.
  void Settled(Waiting& slot, const port::Received& received) {
    const std::lock_guard lock(mutex_);
    slot.response = BufferOf(ResponseOf(slot.sequence, received));
    WriteNext();
    ReadOn();  // where the peer is gone no write will end that would read on
    FinishIfDone();
  }

  void ReadOn() {
    if (!idle_ || reading_ended_ || failure_ || waiting_.size() >= window_) return;
    idle_ = false;
    StartRead(&bytes_);
  }

  void WriteNext() {
    while (gone_ && !waiting_.empty() && waiting_.front().response) waiting_.pop_front();
    if (gone_ || writing_ || waiting_.empty() || !waiting_.front().response) return;
    writing_ = true;
    StartWrite(&*waiting_.front().response);
  }

  void FinishIfDone() {
    if (finished_ || !waiting_.empty() || (!reading_ended_ && !failure_)) return;
    finished_ = true;
    const base::Result<void> outcome =
        failure_ ? base::Result<void>(*failure_) : base::Result<void>();
    const auto took = std::chrono::duration<double>(edge_.parts().clock.Monotonic() - began_);
    edge_.Observe("IntakeService.Submit", outcome, took.count());
    Finish(failure_ ? StatusOf(*failure_) : grpc::Status::OK);
  }

  const Edge& edge_;
  port::Inbound& inbound_;
  const std::map<std::string, SubmitFeed>& feeds_;
  std::chrono::nanoseconds began_;
  std::shared_ptr<SubmitStream> self_;
  std::optional<record::PeerCertificate> peer_;
  grpc::ByteBuffer bytes_;     // as read
  v1::SubmitRequest request_;  // and understood

  std::mutex mutex_;
  std::deque<Waiting>
      waiting_;  // in the order of the messages; a deque keeps its elements in place
  std::size_t window_ = 1;
  std::optional<base::Error> failure_;
  bool idle_ = false;  // no read is out
  bool writing_ = false;
  bool gone_ = false;  // the peer takes no more outcomes; what it sent is finished all the same
  std::uint64_t index_ = 0;  // of the message that is read next, counted from 0
  bool reading_ended_ = false;
  bool finished_ = false;
};

class IntakeService final : public Base {
 public:
  explicit IntakeService(const ServiceParts& parts)
      : edge_(parts.edge), inbound_(parts.inbound), feeds_(parts.feeds) {}

  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* Submit(
      grpc::CallbackServerContext* context) override {
    const auto stream = std::make_shared<SubmitStream>(edge_, inbound_, feeds_);
    stream->Begin(*context);
    return stream.get();
  }

 private:
  const Edge& edge_;
  port::Inbound& inbound_;
  const std::map<std::string, SubmitFeed> feeds_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeIntakeService(const ServiceParts& parts) {
  return std::make_unique<IntakeService>(parts);
}

}  // namespace milecastle::serve
