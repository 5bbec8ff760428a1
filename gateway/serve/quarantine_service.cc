// QuarantineService: what was rejected or quarantined, and what people do about it.
#include <grpcpp/grpcpp.h>

#include <algorithm>

#include "govern/quarantine.h"
#include "inside/bounded.h"
#include "milecastle/v1/quarantine.grpc.pb.h"
#include "serve/messages.h"
#include "serve/services.h"

namespace milecastle::serve {
namespace {

constexpr std::size_t kLargestCorrection = std::size_t{16} << 20;

// Of a row, or of one patient of it.
template <class Out, class Row>
void FillFault(Out& out, const Row& row) {
  out.set_outcome(row.disposition);
  out.set_error(row.error_name);
  out.set_place(row.error_place);
  out.set_advice(row.error_advice);
}

void FillHeld(v1::HeldMessage& out, const store::JournalRow& row) {
  FillFault(out, row);
  out.set_message_id(row.id.ToString());
  out.set_feed(row.feed);
  out.set_organisation(row.organisation);
  out.set_control_id(row.control_id);
  out.set_event(row.event);
  out.set_bytes(row.bytes.size());
  Fill(*out.mutable_received(), row.received);
  if (row.done) Fill(*out.mutable_done(), *row.done);
  for (std::size_t i = 0; i < row.patients.size(); ++i) {
    auto& patient = *out.add_patients();
    patient.set_number(static_cast<std::uint32_t>(i + 1));
    FillFault(patient, row.patients[i]);
  }
}

void FillMended(v1::MendedMessage& out, const govern::MendedMessage& mended) {
  FillFault(out, mended.row);
  out.set_message_id(mended.row.id.ToString());
  out.set_entries(mended.row.entries);
  out.set_held_back(static_cast<std::uint32_t>(mended.held_back));
  out.set_changed(mended.changed);
}

void FillMending(v1::Mending& out, const store::Mending& mending) {
  out.set_act(mending.act);
  out.set_by(mending.by);
  out.set_reason_code(mending.reason);
  out.set_error(mending.error);
  Fill(*out.mutable_at(), mending.at);
  out.set_message_id(mending.message.ToString());
  if (mending.correction) out.set_correction_message_id(mending.correction->ToString());
}

base::Error NoId() { return Invalid("message_id", "write the id that the list shows"); }

base::Result<govern::HeldQuery> QueryOf(const v1::ListMessagesRequest& request) {
  constexpr int kPage = 50;
  constexpr int kLongestPage = 200;
  const auto after = record::MessageId::Parse(request.page_token());
  if (!request.page_token().empty() && !after) {
    return Invalid("page_token", "give it back as it came");
  }
  const int limit = request.page_size() <= 0 ? kPage : std::min(request.page_size(), kLongestPage);
  return govern::HeldQuery{request.feed(), static_cast<std::size_t>(limit), after};
}

// What answers a message that was read again, or corrected.
template <class Response>
auto AnswerMended(Response* response, const Finish& finish) {
  return [response, finish](const base::Result<govern::Audited<govern::MendedMessage>>& mended) {
    if (!mended) return finish(mended.error());
    FillMended(*response->mutable_message(), mended->value());
    Fill(*response->mutable_receipt(), mended->leaf());
    finish({});
  };
}

class QuarantineService final : public BoundedService<v1::QuarantineService::CallbackService> {
 public:
  explicit QuarantineService(const ServiceParts& parts)
      : edge_(parts.edge), desk_(parts.govern, parts.quarantine) {
    Bound(&QuarantineService::ListMessages);
    Bound(&QuarantineService::ShowMessage);
    Bound(&QuarantineService::ReplayMessage);
    Bound(&QuarantineService::CorrectMessage, kLargestCorrection);
    Bound(&QuarantineService::CloseMessage);
  }

  grpc::ServerUnaryReactor* ListMessages(grpc::CallbackServerContext* context,
                                         const v1::ListMessagesRequest* request,
                                         v1::ListMessagesResponse* response) override {
    return edge_.ForUser(
        context, "QuarantineService.ListMessages",
        [this, request, response](const record::Requester& officer, const Finish& finish) {
          const auto query = QueryOf(*request);
          if (!query) return finish(query.error());
          desk_.List(officer, *query, [response, finish, limit = query->limit](const auto& held) {
            if (!held) return finish(held.error());
            for (const auto& row : held->value()) FillHeld(*response->add_messages(), row);
            if (held->value().size() == limit) {
              response->set_next_page_token(held->value().back().id.ToString());
            }
            Fill(*response->mutable_receipt(), held->leaf());
            finish({});
          });
        });
  }

  grpc::ServerUnaryReactor* ShowMessage(grpc::CallbackServerContext* context,
                                        const v1::ShowMessageRequest* request,
                                        v1::ShowMessageResponse* response) override {
    return edge_.ForUser(
        context, "QuarantineService.ShowMessage",
        [this, request, response](const record::Requester& officer, const Finish& finish) {
          const auto id = record::MessageId::Parse(request->message_id());
          if (!id) return finish(NoId());
          desk_.Show(officer, *id, [response, finish](const auto& shown) {
            if (!shown) return finish(shown.error());
            FillHeld(*response->mutable_message(), shown->value().row);
            response->set_content(shown->value().row.bytes);
            for (const auto& mending : shown->value().mendings) {
              FillMending(*response->add_mendings(), mending);
            }
            Fill(*response->mutable_receipt(), shown->leaf());
            finish({});
          });
        });
  }

  grpc::ServerUnaryReactor* ReplayMessage(grpc::CallbackServerContext* context,
                                          const v1::ReplayMessageRequest* request,
                                          v1::ReplayMessageResponse* response) override {
    return edge_.ForUser(
        context, "QuarantineService.ReplayMessage",
        [this, request, response](const record::Requester& officer, const Finish& finish) {
          const auto id = record::MessageId::Parse(request->message_id());
          if (!id) return finish(NoId());
          desk_.Replay(officer, *id, request->reason_code(), AnswerMended(response, finish));
        });
  }

  grpc::ServerUnaryReactor* CorrectMessage(grpc::CallbackServerContext* context,
                                           const v1::CorrectMessageRequest* request,
                                           v1::CorrectMessageResponse* response) override {
    return edge_.ForUser(
        context, "QuarantineService.CorrectMessage",
        [this, request, response](const record::Requester& officer, const Finish& finish) {
          const auto id = record::MessageId::Parse(request->message_id());
          if (!id) return finish(NoId());
          desk_.Correct(officer, *id, {request->content(), request->reason_code()},
                        AnswerMended(response, finish));
        });
  }

  grpc::ServerUnaryReactor* CloseMessage(grpc::CallbackServerContext* context,
                                         const v1::CloseMessageRequest* request,
                                         v1::CloseMessageResponse* response) override {
    return edge_.ForUser(
        context, "QuarantineService.CloseMessage",
        [this, request, response](const record::Requester& officer, const Finish& finish) {
          const auto id = record::MessageId::Parse(request->message_id());
          if (!id) return finish(NoId());
          desk_.Close(officer, *id, request->reason_code(), [response, finish](const auto& closed) {
            if (!closed) return finish(closed.error());
            Fill(*response->mutable_receipt(), closed->leaf());
            finish({});
          });
        });
  }

 private:
  const Edge& edge_;
  govern::QuarantineDesk desk_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeQuarantineService(const ServiceParts& parts) {
  return std::make_unique<QuarantineService>(parts);
}

}  // namespace milecastle::serve
