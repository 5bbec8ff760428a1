#include <array>

#include "inside/channel.h"
#include "milecastle/v1/audit.grpc.pb.h"
#include "milecastle/v1/intake.grpc.pb.h"

namespace milecastle::command {
namespace {

using Next = std::function<std::optional<v1::SubmitRequest>()>;
using Take = std::function<void(const v1::SubmitResponse&)>;

enum Event : std::uint8_t { kStarted, kRead, kWritten, kClosed, kFinished };

// A tag is a pointer to the event that it stands for.
void* Tag(Event event) {
  static std::array events = {kStarted, kRead, kWritten, kClosed, kFinished};
  return &events.at(event);
}

// The next event of a queue whose call is given up after so long a silence.
class Events {
 public:
  Events(grpc::ClientContext& context, std::chrono::seconds silence)
      : context_(context), silence_(silence) {}
  ~Events() {
    queue_.Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (queue_.Next(&tag, &ok)) continue;
  }
  Events(const Events&) = delete;
  Events& operator=(const Events&) = delete;

  grpc::CompletionQueue& queue() { return queue_; }
  // A call that was cancelled still gives all of its events.
  Event Next(bool& ok) {
    void* tag = nullptr;
    while (queue_.AsyncNext(&tag, &ok, std::chrono::system_clock::now() + silence_) ==
           grpc::CompletionQueue::TIMEOUT) {
      silent_ = true;
      context_.TryCancel();
    }
    return *static_cast<const Event*>(tag);
  }
  // What the call came to.
  grpc::Status Outcome(const grpc::Status& status) const {
    return silent_ ? grpc::Status(grpc::StatusCode::DEADLINE_EXCEEDED, "") : status;
  }

 private:
  grpc::ClientContext& context_;
  std::chrono::seconds silence_;
  grpc::CompletionQueue queue_;
  bool silent_ = false;
};

// One Submit stream, driven by its completion queue: reading and writing go on beside one another
// without a second thread, so that neither side can wait for the other for ever.
class Submission {
 public:
  Submission(v1::IntakeService::Stub& stub, grpc::ClientContext& context, Events& events,
             const Next& next, const Take& take)
      : events_(events),
        next_(next),
        take_(take),
        stream_(stub.PrepareAsyncSubmit(&context, &events.queue())) {}

  grpc::Status Run() {
    stream_->StartCall(Tag(kStarted));
    for (pending_ = 1; pending_ > 0; --pending_) {
      bool ok = false;
      const Event event = events_.Next(ok);
      Handle(event, ok);
    }
    return events_.Outcome(status_);
  }

 private:
  void Handle(Event event, bool ok) {
    switch (event) {
      case kStarted:
        if (!ok) return Finish();
        Read();
        return Write();
      case kRead:
        if (!ok) return Finish();
        take_(response_);
        return Read();
      case kWritten:
        if (ok) Write();
        return;
      case kClosed:
      case kFinished:
        return;
    }
  }

  void Read() {
    ++pending_;
    stream_->Read(&response_, Tag(kRead));
  }
  void Write() {
    auto request = next_();
    ++pending_;
    if (request) {
      stream_->Write(*request, Tag(kWritten));
    } else {
      stream_->WritesDone(Tag(kClosed));
    }
  }
  void Finish() {
    ++pending_;
    stream_->Finish(&status_, Tag(kFinished));
  }

  Events& events_;
  const Next& next_;
  const Take& take_;
  std::unique_ptr<grpc::ClientAsyncReaderWriter<v1::SubmitRequest, v1::SubmitResponse>> stream_;
  v1::SubmitResponse response_;
  grpc::Status status_;
  int pending_ = 0;
};

}  // namespace

std::optional<Trouble> Client::Submit(const Next& next, const Take& take) {
  grpc::ClientContext context;
  channel_->Authorise(context);
  v1::IntakeService::Stub stub(channel_->channel);
  Events events(context, channel_->timeout);
  const grpc::Status status = Submission(stub, context, events, next, take).Run();
  if (status.ok()) return std::nullopt;
  return TroubleOf(status, channel_->address);
}

std::optional<Trouble> Client::Export(
    const v1::ExportLogRequest& request,
    const std::function<std::optional<Trouble>(const v1::ExportLogResponse&)>& take) {
  grpc::ClientContext context;
  channel_->Authorise(context);
  v1::AuditService::Stub stub(channel_->channel);
  Events events(context, channel_->timeout);
  const auto stream = stub.PrepareAsyncExportLog(&context, request, &events.queue());
  stream->StartCall(Tag(kStarted));
  bool ok = false;
  events.Next(ok);

  std::optional<Trouble> trouble;
  v1::ExportLogResponse part;
  while (ok) {
    stream->Read(&part, Tag(kRead));
    events.Next(ok);
    if (!ok || trouble) continue;
    trouble = take(part);
    if (trouble) context.TryCancel();
  }
  grpc::Status status;
  stream->Finish(&status, Tag(kFinished));
  events.Next(ok);
  status = events.Outcome(status);
  if (trouble || status.ok()) return trouble;
  return TroubleOf(status, channel_->address);
}

}  // namespace milecastle::command
