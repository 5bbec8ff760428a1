// PolicyService: the rules, explained to IG roles.
#include <grpcpp/grpcpp.h>

#include "inside/bounded.h"
#include "milecastle/v1/policy.grpc.pb.h"
#include "serve/messages.h"
#include "serve/services.h"

namespace milecastle::serve {
namespace {

// The caller that the question is about: what is not said is the officer's own.
base::Result<record::Requester> HypotheticalOf(const v1::HypotheticalRequester& about,
                                               record::Requester officer) {
  constexpr int kMostRoles = 32;  // as in a token
  auto bounded = CheckTexts({{"requester.user", about.user()}, {"requester.team", about.team()}});
  if (bounded) bounded = CheckCount("requester.roles", about.roles_size(), kMostRoles);
  for (const std::string& role : about.roles()) {
    if (bounded) bounded = CheckTexts({{"requester.roles", role}});
  }
  if (!bounded) return bounded.error();
  if (!about.organisation().empty()) {
    officer.organisation = record::OdsCode::Parse(about.organisation());
    if (!officer.organisation) {
      return base::Error{base::ErrorId::kArgumentInvalid, "requester.organisation",
                         "write an ODS code"};
    }
  }
  if (!about.user().empty()) officer.user = about.user();
  if (about.roles_size() > 0) officer.roles = {about.roles().begin(), about.roles().end()};
  if (!about.team().empty()) officer.team = about.team();
  return officer;
}

void FillExplanation(v1::ExplainResponse& out, const govern::Explanation& explained) {
  out.set_outcome(explained.permitted ? "permitted" : "refused");
  out.set_reason(explained.reason);
  out.set_rule(explained.rule);
  out.set_policy_version(explained.policy_version);
  for (const auto& each : explained.classes) {
    auto& added = *out.add_classes();
    added.set_source(each.source);
    added.set_section(std::string(KeyOf(each.section)));
    for (const auto& label : each.labels) added.add_labels(label);
    added.set_verdict(each.verdict);
    added.set_rule(each.rule);
    added.set_reason(each.reason);
    for (const auto& field : each.masked) added.add_masked(field);
    added.set_entries(each.entries);
  }
  for (const auto& duty : explained.duties) out.add_duties(duty);
  for (const auto& line : explained.text) out.add_text(line);
}

class PolicyService final : public BoundedService<v1::PolicyService::CallbackService> {
 public:
  explicit PolicyService(const ServiceParts& parts) : edge_(parts.edge), explain_(parts.explain) {
    Bound(&PolicyService::Explain);
  }

  grpc::ServerUnaryReactor* Explain(grpc::CallbackServerContext* context,
                                    const v1::ExplainRequest* request,
                                    v1::ExplainResponse* response) override {
    return edge_.ForUser(
        context, "PolicyService.Explain",
        [this, request, response](const record::Requester& officer, const Finish& finish) {
          const auto about = HypotheticalOf(request->requester(), officer);
          if (!about) return finish(about.error());
          const auto asked = ViewRequestOf(request->request(), *about);
          if (!asked) return finish(asked.error());
          const auto bounded = CheckTexts({{"case_reference", request->case_reference()}});
          if (!bounded) return finish(bounded.error());
          explain_.Answer(officer, *asked, request->case_reference(),
                          [response, finish](const auto& explained) {
                            if (!explained) return finish(explained.error());
                            FillExplanation(*response, explained->value());
                            Fill(*response->mutable_receipt(), explained->leaf());
                            finish({});
                          });
        });
  }

 private:
  const Edge& edge_;
  govern::Explain& explain_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakePolicyService(const ServiceParts& parts) {
  return std::make_unique<PolicyService>(parts);
}

}  // namespace milecastle::serve
