// ConsentService: the person's choices.
#include <grpcpp/grpcpp.h>

#include "inside/bounded.h"
#include "milecastle/v1/consent.grpc.pb.h"
#include "serve/messages.h"
#include "serve/services.h"

namespace milecastle::serve {
namespace {

base::Result<std::vector<record::OdsCode>> CodesOf(
    const google::protobuf::RepeatedPtrField<std::string>& texts, const char* field) {
  if (auto few = CheckCount(field, texts.size()); !few) return few.error();
  std::vector<record::OdsCode> codes;
  for (const std::string& text : texts) {
    const auto code = record::OdsCode::Parse(text);
    if (!code) return Invalid(field, "write ODS codes");
    codes.push_back(*code);
  }
  return codes;
}

base::Result<record::ConsentScope> ScopeOf(const v1::ConsentScope& scope) {
  record::ConsentScope out;
  auto sections = SectionsOf(scope.sections());
  if (!sections) return sections.error();
  out.sections = std::move(*sections);
  auto sources = CodesOf(scope.sources(), "consent.scope.sources");
  if (!sources) return sources.error();
  out.sources = std::move(*sources);
  auto consumers = CodesOf(scope.consumers(), "consent.scope.consumers");
  if (!consumers) return consumers.error();
  out.consumers = std::move(*consumers);
  if (auto few = CheckCount("consent.scope.purposes", scope.purposes_size()); !few)
    return few.error();
  for (const int number : scope.purposes()) {
    const auto purpose = PurposeOf(static_cast<v1::Purpose>(number));
    if (!purpose) return purpose.error();
    out.purposes.push_back(*purpose);
  }
  if (auto few = CheckCount("consent.scope.labels", scope.labels_size()); !few) return few.error();
  for (const std::string& label : scope.labels()) {
    if (auto bounded = CheckTexts({{"consent.scope.labels", label}}); !bounded)
      return bounded.error();
    out.labels.push_back(label);
  }
  return out;
}

base::Result<record::Consent> ConsentOf(const v1::Consent& consent) {
  if (consent.names_left_out()) {
    return Invalid("consent.names_left_out", "name what the choice is about, and leave this out");
  }
  if (consent.kind() == v1::CONSENT_KIND_UNSPECIFIED || !v1::ConsentKind_IsValid(consent.kind())) {
    return Invalid("consent.kind", "say what kind of choice it is");
  }
  if (consent.by() == v1::CONSENT_BY_UNSPECIFIED || !v1::ConsentBy_IsValid(consent.by())) {
    return Invalid("consent.by", "say on whose word it is recorded");
  }
  if (consent.by() == v1::CONSENT_BY_FEED) {
    return Invalid("consent.by", "a feed's choices come with its messages; say whose word it was");
  }
  const auto bounded = CheckTexts(
      {{"consent.team", consent.team()}, {"consent.reason_code", consent.reason_code()}});
  if (!bounded) return bounded.error();
  if (!IsInstant(consent.from()) || !IsInstant(consent.until()))
    return Invalid("consent.period", "write times of the years 1 to 9999");
  record::Consent out;
  out.kind = static_cast<record::ConsentKind>(consent.kind());
  out.by = static_cast<record::ConsentBy>(consent.by());
  auto scope = ScopeOf(consent.scope());
  if (!scope) return scope.error();
  out.scope = std::move(*scope);
  out.team = consent.team();
  out.reason_code = consent.reason_code();
  out.informed = consent.informed();
  if (consent.has_from()) out.period.from = InstantOf(consent.from());
  if (consent.has_until()) out.period.until = InstantOf(consent.until());
  return out;
}

void FillScope(v1::ConsentScope& out, const record::ConsentScope& scope) {
  for (const auto section : scope.sections) out.add_sections(static_cast<v1::Section>(section));
  for (const auto& source : scope.sources) out.add_sources(source.text());
  for (const auto& consumer : scope.consumers) out.add_consumers(consumer.text());
  for (const auto purpose : scope.purposes) out.add_purposes(static_cast<v1::Purpose>(purpose));
  for (const auto& label : scope.labels) out.add_labels(label);
}

void FillConsent(v1::Consent& out, const record::Consent& consent) {
  out.set_consent_id(consent.id.ToString());
  out.set_kind(static_cast<v1::ConsentKind>(consent.kind));
  out.set_by(static_cast<v1::ConsentBy>(consent.by));
  FillScope(*out.mutable_scope(), consent.scope);
  out.set_team(consent.team);
  out.set_reason_code(consent.reason_code);
  Fill(*out.mutable_from(), consent.period.from);
  if (consent.period.until) Fill(*out.mutable_until(), *consent.period.until);
  out.set_informed(consent.informed);
  if (consent.recorded_at) out.set_recorded_at(consent.recorded_at->text());
  out.set_recorded_by(consent.recorded_by);
  Fill(*out.mutable_recorded(), consent.recorded);
  if (consent.withdrawn) Fill(*out.mutable_withdrawn(), *consent.withdrawn);
}

class ConsentService final : public BoundedService<v1::ConsentService::CallbackService> {
 public:
  explicit ConsentService(const ServiceParts& parts)
      : edge_(parts.edge), consents_(parts.consents) {
    Bound(&ConsentService::RecordConsent);
    Bound(&ConsentService::WithdrawConsent);
    Bound(&ConsentService::ListConsents);
  }

  grpc::ServerUnaryReactor* RecordConsent(grpc::CallbackServerContext* context,
                                          const v1::RecordConsentRequest* request,
                                          v1::RecordConsentResponse* response) override {
    return edge_.ForUser(
        context, "ConsentService.RecordConsent",
        [this, request, response](const record::Requester& requester, const Finish& finish) {
          const auto consent = ConsentOf(request->consent());
          if (!consent) return finish(consent.error());
          consents_.Record(requester, PersonKeyOf(request->person()), *consent,
                           [response, finish](const auto& recorded) {
                             if (!recorded) return finish(recorded.error());
                             response->set_consent_id(recorded->value().ToString());
                             Fill(*response->mutable_receipt(), recorded->leaf());
                             finish({});
                           });
        });
  }

  grpc::ServerUnaryReactor* WithdrawConsent(grpc::CallbackServerContext* context,
                                            const v1::WithdrawConsentRequest* request,
                                            v1::WithdrawConsentResponse* response) override {
    return edge_.ForUser(
        context, "ConsentService.WithdrawConsent",
        [this, request, response](const record::Requester& requester, const Finish& finish) {
          const auto id = record::FactId::Parse(request->consent_id());
          if (!id) return finish(Invalid("consent_id", "write the id that the list shows"));
          consents_.Withdraw(requester, PersonKeyOf(request->person()), *id,
                             [response, finish](const auto& withdrawn) {
                               if (!withdrawn) return finish(withdrawn.error());
                               Fill(*response->mutable_receipt(), withdrawn->leaf());
                               finish({});
                             });
        });
  }

  grpc::ServerUnaryReactor* ListConsents(grpc::CallbackServerContext* context,
                                         const v1::ListConsentsRequest* request,
                                         v1::ListConsentsResponse* response) override {
    return edge_.ForUser(
        context, "ConsentService.ListConsents",
        [this, request, response](const record::Requester& requester, const Finish& finish) {
          consents_.List(requester, PersonKeyOf(request->person()),
                         [response, finish](const auto& listed) {
                           if (!listed) return finish(listed.error());
                           for (const auto& each : listed->value()) {
                             v1::Consent& told = *response->add_consents();
                             FillConsent(told, each.consent);
                             told.set_names_left_out(each.names_left_out);
                           }
                           Fill(*response->mutable_receipt(), listed->leaf());
                           finish({});
                         });
        });
  }

 private:
  const Edge& edge_;
  govern::Consents& consents_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeConsentService(const ServiceParts& parts) {
  return std::make_unique<ConsentService>(parts);
}

}  // namespace milecastle::serve
