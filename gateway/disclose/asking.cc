#include "disclose/asking.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>

#include "base/log.h"
#include "disclose/leaf.h"

namespace milecastle::disclose {
namespace {

constexpr const char* kUniformAdvice =
    "cannot answer: check the details, declare a relationship, or use emergency access";
// Emergency access was used: nothing is left but the details.
constexpr const char* kEmergencyAdvice =
    "cannot answer: check the NHS number, birth date and family name; if they are right, care for "
    "the person without this record";

constexpr const char* kCappedAdvice =
    "you were refused too often for people in whose care you have no known part: wait, or ask "
    "without declaring a relationship where another stands; emergency access is answered";

// Every notice to the patient waits for a person's eye. The reader is told so of each: 'only this
// one' would tell of safeguarding that they may not see (safety.md 2, 4).
std::string DutyForReader(decide::DutyKind kind) {
  return std::string(KeyOf(kind)) + (kind == decide::DutyKind::kTellPatient ? "_after_review" : "");
}

}  // namespace

decide::Request RequestOf(const ViewRequest& request) {
  decide::Request asked{.requester = request.requester,
                        .purpose = request.purpose,
                        .reason_code = request.reason_code,
                        .case_reference = request.case_reference,
                        .sections = request.sections};
  if (!request.declared_relationship.empty()) {
    asked.self_declaration = decide::SelfDeclaration{request.declared_relationship};
  }
  return asked;
}

std::vector<record::OdsCode> Organisations(const std::vector<ExpectedSource>& sources,
                                           const gather::Gather* live) {
  std::vector<record::OdsCode> codes;
  codes.reserve(sources.size());
  for (const ExpectedSource& source : sources) codes.push_back(source.organisation);
  if (live == nullptr) return codes;
  for (const auto& source : live->sources()) codes.push_back(source->organisation());
  return codes;
}

bool IsCapped(const ViewRequest& request, const decide::Decision& decision, GuessLimit& guesses) {
  // Neither is ever stopped (safety.md 1, 3).
  const bool open = request.purpose == record::Purpose::kEmergency ||
                    request.purpose == record::Purpose::kSafeguarding;
  if (decision.uniform_refusal()) return !guesses.Spend(request.requester) && !open;
  // A declaration of before tells nothing new of who is here.
  const bool on_own_word = decision.permitted() && OwnWord(decision, true) != nullptr;
  return !open && on_own_word && guesses.IsSpent(request.requester);
}

std::chrono::nanoseconds LiveUntil(const ViewRequest& request, std::chrono::nanoseconds now,
                                   std::chrono::milliseconds limit) {
  constexpr std::chrono::milliseconds kLeast{200};
  const std::chrono::nanoseconds latest = now + limit;
  if (!request.until) return latest;
  const std::chrono::nanoseconds ours =
      std::max<std::chrono::nanoseconds>(kLeast, (*request.until - now) / 10);
  return std::min(latest, *request.until - ours);
}

RefusalWords WordsOf(const ViewRequest& request, const decide::Decision& decision, bool capped) {
  if (capped) return {"too_many_refusals", kCappedAdvice};
  const decide::Reason reason = decision.ReasonForReader();
  if (!decision.uniform_refusal()) {
    return {std::string(KeyOf(reason)), std::string(PlainEnglishOf(reason))};
  }
  const bool emergency = request.purpose == record::Purpose::kEmergency;
  return {"cannot_answer", emergency ? kEmergencyAdvice : kUniformAdvice};
}

base::Result<Sealed> SealRefusal(const ViewRequest& request, const decide::Decision& decision,
                                 const Held& held, const Live& live, const std::string& document) {
  const auto [told, advice] = WordsOf(request, decision, false);
  return Answer(decision, *held.segment)
      .SealRefusal(told, advice, [&](const base::Digest& response) {
        return Describe(request, decision, held, live,
                        {.response = response, .document = document});
      });
}

base::Result<Sealed> SealCapped(const ViewRequest& request, const decide::Decision& decision,
                                const Held& held, const Live& live, const std::string& document) {
  return Answer(decision, *held.segment)
      .SealRefusal("too_many_refusals", kCappedAdvice, [&](const base::Digest& response) {
        return Describe(request, decision, held, live,
                        {.response = response, .capped = true, .document = document});
      });
}

bool NameDiffers(const decide::Decision& decision, const Live& live) {
  return std::any_of(live.given.begin(), live.given.end(), [&](const gather::Given& given) {
    return given.name_differs && decision.SpeaksOf(given.source);
  });
}

void WarnOnce(std::vector<std::string>& warnings, const std::string& of) {
  if (std::find(warnings.begin(), warnings.end(), of) == warnings.end()) warnings.push_back(of);
}

std::vector<wire::ShownDuty> DutiesOf(const decide::Decision& decision) {
  std::vector<wire::ShownDuty> duties;
  for (const decide::Duty& duty : decision.duties()) {
    duties.push_back({.kind = DutyForReader(duty.kind),
                      .organisation = duty.organisation ? duty.organisation->text() : "",
                      .due = duty.by});
  }
  return duties;
}

std::optional<base::Instant> EffectiveOf(const store::SegmentItem& item) {
  if (item.effective_micros == std::numeric_limits<std::int64_t>::min()) return std::nullopt;
  return base::Instant(std::chrono::microseconds(item.effective_micros));
}

void Dispatch(audit::Appender& log, base::Instant now, Outward outward, PatientViews::Done done) {
  auto sealed = std::make_shared<Sealed>(std::move(outward.sealed));
  audit::Entry entry{
      .event_id = base::Uuid::New(now), .kind = outward.kind, .payload = sealed->payload()};
  const bool emergency = outward.kind == audit::Kind::kEmergency;
  log.AppendAtOnce(std::move(entry),
                   [sealed, emergency, on_grid = outward.on_grid,
                    done = std::move(done)](base::Result<audit::Receipt> receipt) {
                     if (!receipt) return done(receipt.error());
                     if (emergency)
                       base::Log(base::LogId::kBreakGlass, {{"leaf", receipt->index()}});
                     auto response = Sealed::Free(std::move(*sealed), std::move(*receipt));
                     if (!response) return done(response.error());
                     done(ViewAnswer{.response = std::move(*response), .on_grid = on_grid});
                   });
}

}  // namespace milecastle::disclose
