// PatientViewService: raw bytes in and out, so that what disclose/ spliced is never parsed or
// written again.
#include <grpcpp/grpcpp.h>

#include <array>
#include <chrono>
#include <optional>

#include "inside/bounded.h"
#include "milecastle/v1/view.grpc.pb.h"
#include "serve/messages.h"
#include "serve/services.h"

namespace milecastle::serve {
namespace {

using Views =
    v1::PatientViewService::WithRawCallbackMethod_GetPatientView<v1::PatientViewService::Service>;
using Histories = v1::PatientViewService::WithRawCallbackMethod_GetEntryHistory<Views>;
using Base = v1::PatientViewService::WithRawCallbackMethod_GetDocument<Histories>;

// What is asked is kept in the audit log for good: nobody fills it with long names.
constexpr std::size_t kMostOfAView = std::size_t{16} << 10;

grpc::Slice SliceOf(std::string bytes) {
  auto* kept = new std::string(std::move(bytes));
  return {kept->data(), kept->size(), [](void* text) { delete static_cast<std::string*>(text); },
          kept};
}

grpc::ByteBuffer BufferOf(disclose::AnswerBytes bytes) {
  const std::array<grpc::Slice, 2> pieces = {SliceOf(std::move(bytes.head)),
                                             SliceOf(std::move(bytes.rest))};
  return {pieces.data(), pieces.size()};
}

// The caller's deadline on our monotonic clock; none where they wait for as long as it takes.
std::optional<std::chrono::nanoseconds> UntilOf(const grpc::CallbackServerContext& context,
                                                const base::Clock& clock) {
  constexpr std::chrono::hours kForEver{24};
  const auto left = context.deadline() - std::chrono::system_clock::now();
  if (left > kForEver) return std::nullopt;
  return clock.Monotonic() + left;
}

class PatientViewService final : public Base {
 public:
  explicit PatientViewService(const ServiceParts& parts)
      : edge_(parts.edge),
        views_(parts.views),
        histories_(parts.histories),
        documents_(parts.documents) {}

  grpc::ServerUnaryReactor* GetPatientView(grpc::CallbackServerContext* context,
                                           const grpc::ByteBuffer* request,
                                           grpc::ByteBuffer* response) override {
    return edge_.ForUser(context, "PatientViewService.GetPatientView",
                         [this, context, request, response](const record::Requester& requester,
                                                            const Finish& finish) {
                           v1::GetPatientViewRequest parsed;
                           const auto read = ReadAsked(*request, parsed, kMostOfAView);
                           if (!read) return finish(read.error());
                           auto asked = ViewRequestOf(parsed, requester);
                           if (!asked) return finish(asked.error());
                           asked->until = UntilOf(*context, edge_.parts().clock);
                           views_.Get(*asked, AnswerTo(response, finish));
                         });
  }

  grpc::ServerUnaryReactor* GetDocument(grpc::CallbackServerContext* context,
                                        const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* response) override {
    return edge_.ForUser(context, "PatientViewService.GetDocument",
                         [this, context, request, response](const record::Requester& requester,
                                                            const Finish& finish) {
                           v1::GetDocumentRequest parsed;
                           const auto read = ReadAsked(*request, parsed, kMostOfAView);
                           if (!read) return finish(read.error());
                           auto asked = DocumentRequestOf(parsed, requester);
                           if (!asked) return finish(asked.error());
                           asked->view.until = UntilOf(*context, edge_.parts().clock);
                           documents_.Get(*asked, AnswerTo(response, finish));
                         });
  }

  grpc::ServerUnaryReactor* GetEntryHistory(grpc::CallbackServerContext* context,
                                            const grpc::ByteBuffer* request,
                                            grpc::ByteBuffer* response) override {
    return edge_.ForUser(
        context, "PatientViewService.GetEntryHistory",
        [this, request, response](const record::Requester& requester, const Finish& finish) {
          v1::GetEntryHistoryRequest parsed;
          const auto read = ReadAsked(*request, parsed, kMostOfAView);
          if (!read) return finish(read.error());
          const auto asked = HistoryRequestOf(parsed, requester);
          if (!asked) return finish(asked.error());
          histories_.Get(*asked, AnswerTo(response, finish));
        });
  }

 private:
  static disclose::PatientViews::Done AnswerTo(grpc::ByteBuffer* response, const Finish& finish) {
    return [response, finish](base::Result<disclose::ViewAnswer> answer) {
      if (!answer) return finish(answer.error());
      *response = BufferOf(std::move(answer->response));
      if (answer->on_grid) return finish.OnGrid();
      finish({});
    };
  }

  const Edge& edge_;
  disclose::PatientViews& views_;
  disclose::EntryHistories& histories_;
  disclose::Documents& documents_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakePatientViewService(const ServiceParts& parts) {
  return std::make_unique<PatientViewService>(parts);
}

}  // namespace milecastle::serve
