#include "fhir_pull/client.h"

#include <utility>

#include "base/log.h"
#include "record/fhir_id.h"

namespace milecastle::fhir_pull {
namespace {

https::Notices LoggedAs(const std::string& name) {
  const auto named = [name] { return base::SafeText::Configured(name); };
  return {.failed =
              [named](std::string_view why) {
                base::Log(base::LogId::kLiveFailed,
                          {{"live", named()}, {"failure", base::SafeText::Catalogued(why)}});
              },
          .broken =
              [named] {
                base::Log(base::LogId::kLiveBroken, {{"live", named()}});
              },
          .restored =
              [named] {
                base::Log(base::LogId::kLiveRestored, {{"live", named()}});
              }};
}

https::ClientParts PartsOf(ClientParts parts) {
  return {.place = {parts.provider.name, parts.provider.host, parts.provider.port},
          .limits = parts.limits,
          .breaker = parts.breaker,
          .tls = std::move(parts.tls),
          .notices = LoggedAs(parts.provider.name)};
}

}  // namespace

Client::Client(ClientParts parts, https::Loop& loop, const base::Clock& clock)
    : provider_(parts.provider), client_(PartsOf(std::move(parts)), loop, clock) {}

void Client::Ask(const Question& question, https::Client::Moment until,
                 https::Client::OnReply done) {
  client_.Ask(
      [this, question](const base::Uuid& trace_id, base::Instant now) {
        return RequestFor(question, provider_, trace_id, now);
      },
      until, std::move(done));
}

void Client::FindPatient(const Question& question, https::Client::Moment until,
                         https::Client::OnReply done) {
  client_.Ask(
      [this, question](const base::Uuid& trace_id, base::Instant now) {
        return PatientSearchFor(question, provider_, trace_id, now);
      },
      until, std::move(done));
}

void Client::ListDocuments(const Question& question, const std::string& patient_id,
                           https::Client::Moment until, https::Client::OnReply done) {
  if (!record::IsFhirId(patient_id)) return done({.failure = https::Failure::kInvalid});
  client_.Ask(
      [this, question, patient_id](const base::Uuid& trace_id, base::Instant now) {
        return DocumentSearchFor(question, patient_id, provider_, trace_id, now);
      },
      until, std::move(done));
}

void Client::ReadBinary(const Question& question, const std::string& binary_id,
                        https::Client::Moment until, https::Client::OnReply done) {
  if (!record::IsFhirId(binary_id)) return done({.failure = https::Failure::kInvalid});
  client_.Ask(
      [this, question, binary_id](const base::Uuid& trace_id, base::Instant now) {
        return BinaryFor(question, binary_id, provider_, trace_id, now);
      },
      until, std::move(done));
}

}  // namespace milecastle::fhir_pull
