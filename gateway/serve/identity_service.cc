// IdentityService: the queues that people work, links made and unmade.
#include <grpcpp/grpcpp.h>

#include "govern/identity_desk.h"
#include "inside/bounded.h"
#include "milecastle/v1/identity.grpc.pb.h"
#include "serve/messages.h"
#include "serve/services.h"

namespace milecastle::serve {
namespace {

void FillPlace(v1::EntryPlace& out, const std::string& origin, std::uint64_t leaf) {
  out.set_origin(origin);
  out.set_leaf_index(leaf);
}

void FillItem(v1::QueueItem& out, const govern::QueuedItem& queued) {
  const store::QueueItem& item = queued.item;
  out.set_item_id(item.id.ToString());
  out.set_kind(std::string(KeyOf(item.kind)));
  out.set_reason(item.reason);
  out.set_organisation(item.organisation);
  if (item.message) out.set_message_id(item.message->ToString());
  if (item.identity) out.set_identity_id(item.identity->ToString());
  for (const auto& candidate : item.candidates) out.add_candidate_person_ids(candidate.ToString());
  Fill(*out.mutable_opened(), item.opened);
  if (item.due) Fill(*out.mutable_due(), *item.due);
  if (item.closed) Fill(*out.mutable_closed(), *item.closed);
  out.set_resolution(item.resolution);
  if (item.leaf) FillPlace(*out.mutable_entry(), item.leaf->origin, item.leaf->index);
  for (const std::string& caution : queued.cautions) out.add_cautions(caution);
  out.set_patient(item.patient);
  out.set_caused_by(item.caused_by);
  for (const std::string& cause : item.held_for) out.add_held_for(cause);
  out.set_overdue(queued.overdue);
  if (item.kind == store::QueueKind::kChoiceReview && item.person)
    out.set_person_id(item.person->ToString());
  if (queued.consent) out.set_consent_id(queued.consent->ToString());
  if (!queued.unread) return;
  out.set_control_id(queued.unread->control_id);
  out.set_error(queued.unread->error);
  out.set_place(queued.unread->place);
  out.set_advice(queued.unread->advice);
}

std::string_view NameOf(record::Tracing tracing) {
  constexpr std::array<std::string_view, 9> kNames = {
      "unstated", "verified",    "not_traced",   "trace_required", "no_match",
      "conflict", "in_progress", "not_required", "postponed"};
  return kNames.at(static_cast<std::size_t>(tracing));
}

enum class Source : std::uint8_t { kNamed, kUnnamed };

void FillSummary(v1::IdentitySummary& out, const store::Identity& identity,
                 Source source = Source::kNamed) {
  out.set_identity_id(identity.id.ToString());
  out.set_person_id(identity.person.ToString());
  if (source == Source::kNamed) out.set_source(identity.source.text());
  out.set_nhs_number(identity.nhs_number ? identity.nhs_number->digits()
                                         : identity.nhs_number_as_sent);
  out.set_tracing(std::string(NameOf(identity.tracing)));
  out.set_shareable(identity.shareable);
  for (const auto& local : identity.local_identifiers) {
    out.add_local_identifiers(local.authority + "/" + local.type + "/" + local.value);
  }
  auto& shown = *out.mutable_demographics();
  shown.set_source(out.source());
  for (const auto& name : identity.demographics.names) {
    auto& added = *shown.add_names();
    added.set_family(name.family);
    added.set_given(name.given);
    added.set_prefix(name.prefix);
    added.set_use(name.use);
  }
  if (identity.demographics.birth_date)
    shown.set_birth_date(identity.demographics.birth_date->ToString());
  shown.set_sex(identity.demographics.sex);
}

void FillMatch(v1::Match& out, const store::MatchNote& note) {
  out.set_score(note.score);
  out.set_verdict(note.verdict);
  out.set_configuration(note.configuration);
  for (const store::FieldNote& field : note.fields) {
    auto& added = *out.add_fields();
    added.set_field(field.field);
    added.set_verdict(field.verdict);
    added.set_points(field.points);
  }
}

base::Result<std::vector<store::QueueKind>> KindsOf(
    const google::protobuf::RepeatedPtrField<std::string>& keys) {
  std::vector<store::QueueKind> kinds;
  for (const std::string& key : keys) {
    const auto kind = store::QueueKindOf(key);
    if (!kind)
      return Invalid("kinds",
                     "name kinds of queue: awaiting_identity, merge_review, null_review …");
    kinds.push_back(*kind);
  }
  return kinds;
}

// It is kept for good.
base::Result<void> CheckCode(const char* field, std::string_view code) {
  constexpr std::size_t kLongest = 64;
  constexpr std::string_view kAllowed =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
  const bool is_code = !code.empty() && code.size() <= kLongest &&
                       code.find_first_not_of(kAllowed) == std::string_view::npos;
  if (is_code) return {};
  return Invalid(field, "write a code of 1 to 64 letters, digits, dots, dashes and underscores");
}

base::Result<govern::IdentityWork::QueueQuery> QueryOf(const v1::ListQueueRequest& request) {
  constexpr int kPage = 50;
  constexpr int kLongestPage = 200;
  auto kinds = KindsOf(request.kinds());
  if (!kinds) return kinds.error();
  const auto after = record::QueueItemId::Parse(request.page_token());
  if (!request.page_token().empty() && !after)
    return Invalid("page_token", "give it back as it came");
  const int limit = request.page_size() <= 0 ? kPage : std::min(request.page_size(), kLongestPage);
  return govern::IdentityWork::QueueQuery{.kinds = std::move(*kinds),
                                          .organisation = {},
                                          .everywhere = {},
                                          .limit = static_cast<std::size_t>(limit),
                                          .after = after};
}

void FillQueue(v1::ListQueueResponse& out,
               const govern::Audited<std::vector<govern::QueuedItem>>& queue, std::size_t limit) {
  for (const govern::QueuedItem& item : queue.value()) FillItem(*out.add_items(), item);
  if (queue.value().size() == limit)
    out.set_next_page_token(queue.value().back().item.id.ToString());
  Fill(*out.mutable_receipt(), queue.leaf());
}

void FillToConfirm(v1::SeverPersonResponse& out, const govern::IdentityChange& severed) {
  if (severed.to_confirm) out.set_item_id(severed.to_confirm->ToString());
  if (severed.confirm_by) Fill(*out.mutable_due(), *severed.confirm_by);
}

class IdentityService final : public BoundedService<v1::IdentityService::CallbackService> {
 public:
  explicit IdentityService(const ServiceParts& parts)
      : edge_(parts.edge), desk_(parts.govern, parts.identity) {
    Bound(&IdentityService::ListQueue);
    Bound(&IdentityService::ShowQueueItem);
    Bound(&IdentityService::CloseReview);
    Bound(&IdentityService::Link);
    Bound(&IdentityService::Unlink);
    Bound(&IdentityService::ShowPerson);
    Bound(&IdentityService::SeverPerson);
  }

  grpc::ServerUnaryReactor* ListQueue(grpc::CallbackServerContext* context,
                                      const v1::ListQueueRequest* request,
                                      v1::ListQueueResponse* response) override {
    return edge_.ForUser(
        context, "IdentityService.ListQueue",
        [this, request, response](const record::Requester& officer, const Finish& finish) {
          auto query = QueryOf(*request);
          if (!query) return finish(query.error());
          desk_.Queue(officer, *query, [response, finish, limit = query->limit](const auto& queue) {
            if (!queue) return finish(queue.error());
            FillQueue(*response, *queue, limit);
            finish({});
          });
        });
  }

  grpc::ServerUnaryReactor* ShowQueueItem(grpc::CallbackServerContext* context,
                                          const v1::ShowQueueItemRequest* request,
                                          v1::ShowQueueItemResponse* response) override {
    return edge_.ForUser(
        context, "IdentityService.ShowQueueItem",
        [this, request, response](const record::Requester& officer, const Finish& finish) {
          const auto id = record::QueueItemId::Parse(request->item_id());
          if (!id) return finish(Invalid("item_id", "write the id that the queue shows"));
          desk_.ShowItem(officer, *id, [response, finish](const auto& shown) {
            if (!shown) return finish(shown.error());
            FillShown(*response, shown->value());
            Fill(*response->mutable_receipt(), shown->leaf());
            finish({});
          });
        });
  }

  grpc::ServerUnaryReactor* CloseReview(grpc::CallbackServerContext* context,
                                        const v1::CloseReviewRequest* request,
                                        v1::CloseReviewResponse* response) override {
    return edge_.ForUser(
        context, "IdentityService.CloseReview",
        [this, request, response](const record::Requester& officer, const Finish& finish) {
          const auto item = record::QueueItemId::Parse(request->item_id());
          if (!item) return finish(Invalid("item_id", "write the id that the queue shows"));
          if (auto code = CheckCode("outcome_code", request->outcome_code()); !code)
            return finish(code.error());
          desk_.Close(officer, *item, request->outcome_code(),
                      [response, finish](const auto& closed) {
                        if (!closed) return finish(closed.error());
                        Fill(*response->mutable_receipt(), closed->leaf());
                        finish({});
                      });
        });
  }

  grpc::ServerUnaryReactor* Link(grpc::CallbackServerContext* context,
                                 const v1::LinkRequest* request,
                                 v1::LinkResponse* response) override {
    return edge_.ForUser(
        context, "IdentityService.Link",
        [this, request, response](const record::Requester& officer, const Finish& finish) {
          const auto item = record::QueueItemId::Parse(request->item_id());
          if (!item) return finish(Invalid("item_id", "write the id that the queue shows"));
          const auto person = record::PersonId::Parse(request->person_id());
          if (!request->person_id().empty() && !person) {
            return finish(Invalid("person_id", "write a candidate's id, or none for a new person"));
          }
          if (auto code = CheckCode("reason_code", request->reason_code()); !code)
            return finish(code.error());
          const auto done = [response, finish](const auto& linked) {
            if (!linked) return finish(linked.error());
            response->set_person_id(linked->value().person.ToString());
            response->set_messages_applied(
                static_cast<std::uint32_t>(linked->value().messages_applied));
            Fill(*response->mutable_receipt(), linked->leaf());
            finish({});
          };
          desk_.Link(officer, *item, person, request->reason_code(), done);
        });
  }

  grpc::ServerUnaryReactor* Unlink(grpc::CallbackServerContext* context,
                                   const v1::UnlinkRequest* request,
                                   v1::UnlinkResponse* response) override {
    return edge_.ForUser(
        context, "IdentityService.Unlink",
        [this, request, response](const record::Requester& officer, const Finish& finish) {
          const auto identity = record::IdentityId::Parse(request->identity_id());
          if (!identity)
            return finish(Invalid("identity_id", "write the id that the person shows"));
          if (auto code = CheckCode("reason_code", request->reason_code()); !code)
            return finish(code.error());
          const auto done = [response, finish](const auto& unlinked) {
            if (!unlinked) return finish(unlinked.error());
            response->set_person_id(unlinked->value().person.ToString());
            Fill(*response->mutable_receipt(), unlinked->leaf());
            finish({});
          };
          desk_.Unlink(officer, *identity, request->reason_code(), done);
        });
  }

  grpc::ServerUnaryReactor* SeverPerson(grpc::CallbackServerContext* context,
                                        const v1::SeverPersonRequest* request,
                                        v1::SeverPersonResponse* response) override {
    return edge_.ForUser(
        context, "IdentityService.SeverPerson",
        [this, request, response](const record::Requester& officer, const Finish& finish) {
          const auto person = record::PersonId::Parse(request->person_id());
          if (!person) return finish(Invalid("person_id", "write the id that the queue shows"));
          if (auto code = CheckCode("reason_code", request->reason_code()); !code)
            return finish(code.error());
          desk_.Sever(officer, *person, request->reason_code(),
                      [response, finish](const auto& severed) {
                        if (!severed) return finish(severed.error());
                        FillToConfirm(*response, severed->value());
                        Fill(*response->mutable_receipt(), severed->leaf());
                        finish({});
                      });
        });
  }

  grpc::ServerUnaryReactor* ShowPerson(grpc::CallbackServerContext* context,
                                       const v1::ShowPersonRequest* request,
                                       v1::ShowPersonResponse* response) override {
    return edge_.ForUser(
        context, "IdentityService.ShowPerson",
        [this, request, response](const record::Requester& officer, const Finish& finish) {
          const auto done = [response, finish](const auto& shown) {
            if (!shown) return finish(shown.error());
            FillPerson(*response, shown->value());
            Fill(*response->mutable_receipt(), shown->leaf());
            finish({});
          };
          if (request->has_nhs_number()) {
            const auto number = record::NhsNumber::Parse(request->nhs_number());
            if (!number) return finish(Invalid("nhs_number", "write ten digits that check"));
            return desk_.ShowPerson(officer, *number, done);
          }
          const auto person = record::PersonId::Parse(request->person_id());
          if (!person) return finish(Invalid("person_id", "write a person's id"));
          desk_.ShowPerson(officer, *person, done);
        });
  }

 private:
  static void FillShown(v1::ShowQueueItemResponse& out, const govern::ItemAtDesk& shown) {
    const auto source_of = [&](const store::Identity& identity) {
      const auto& unnamed = shown.unnamed;
      const bool kept = std::find(unnamed.begin(), unnamed.end(), identity.id) != unnamed.end();
      return kept ? Source::kUnnamed : Source::kNamed;
    };
    FillItem(*out.mutable_item(), shown.queued);
    if (shown.claim) FillSummary(*out.mutable_claim(), *shown.claim, source_of(*shown.claim));
    for (const auto& candidate : shown.candidates)
      FillSummary(*out.add_candidates(), candidate, source_of(candidate));
    for (const auto& match : shown.matches) {
      auto& added = *out.add_matches();
      added.set_person_id(match.person.ToString());
      FillMatch(added, match.note);
    }
  }
  static void FillPerson(v1::ShowPersonResponse& out, const govern::PersonAtDesk& shown) {
    out.set_person_id(shown.person.person.id.ToString());
    for (const auto& identity : shown.person.identities)
      FillSummary(*out.add_identities(), identity);
    for (const auto& event : shown.person.history) {
      auto& added = *out.add_history();
      added.set_identity_id(event.identity.ToString());
      added.set_from_person_id(event.from.ToString());
      added.set_to_person_id(event.to.ToString());
      added.set_reason(event.reason);
      added.set_by(event.by);
      Fill(*added.mutable_at(), event.at);
      if (event.why) FillMatch(*added.mutable_why(), *event.why);
    }
    for (const store::TrailPlace& place : shown.disclosures_under_other_links)
      FillPlace(*out.add_disclosures_under_other_links(), place.origin, place.leaf);
  }

  const Edge& edge_;
  govern::IdentityDesk desk_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeIdentityService(const ServiceParts& parts) {
  return std::make_unique<IdentityService>(parts);
}

}  // namespace milecastle::serve
