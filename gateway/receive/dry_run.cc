#include "receive/dry_run.h"

#include <algorithm>
#include <array>
#include <utility>

#include "identify/claim.h"
#include "receive/sender.h"

namespace milecastle::receive {
namespace {

constexpr std::string_view kUnknown = "UNKNOWN";  // who sent what names no sender

DryMessage Refused(DryMessage dry, base::Error why) {
  dry.outcome = why.id == base::ErrorId::kMessageUnsupported ? DryOutcome::kUnsupported
                                                             : DryOutcome::kRejected;
  dry.error = std::move(why);
  return dry;
}

base::Result<record::OdsCode> SourceIn(const port::Envelope& envelope, const port::Feed& feed) {
  if (!feed.organisations.empty()) return SourceOf(envelope.sender, feed);
  if (auto code = record::OdsCode::Parse(envelope.sender)) return *code;
  return *record::OdsCode::Parse(kUnknown);
}

DryPatient DryPatientOf(base::Result<record::Contribution> reading,
                        const normalise::Normaliser& normaliser, const record::OdsCode& source) {
  DryPatient dry;
  if (!reading) {
    dry.error = reading.error();
    return dry;
  }
  dry.contribution = std::move(*reading);
  dry.nhs_number_state = identify::NumberStateOf(dry.contribution.patient);
  dry.items = normaliser.Normalise(std::exchange(dry.contribution.drafts, {}), source);
  return dry;
}

// A message that names no sender is the feed's one organisation's, as in a gateway; where the feed
// names none it is somebody's all the same, and so are the numbers in it.
port::Reading ReadingOf(const port::Adapter& adapter, const port::Feed& feed,
                        std::string_view message) {
  port::Reading reading = adapter.Read(message, feed);
  if (!feed.organisations.empty() || !reading.envelope.sender.empty()) return reading;
  port::Feed of_one = feed;
  of_one.organisations = {*record::OdsCode::Parse(kUnknown)};
  return adapter.Read(message, of_one);
}

DryMessage DryRead(const port::Adapter& adapter, const normalise::Normaliser& normaliser,
                   const port::Feed& feed, std::string_view message) {
  DryMessage dry;
  port::Reading reading = ReadingOf(adapter, feed, message);
  dry.envelope = std::move(reading.envelope);
  const bool any = std::any_of(reading.patients.begin(), reading.patients.end(),
                               [](const auto& patient) { return patient.has_value(); });
  if (!any) return Refused(std::move(dry), reading.patients.front().error());
  const auto source = SourceIn(dry.envelope, feed);
  if (!source) return Refused(std::move(dry), source.error());
  dry.outcome = DryOutcome::kAccepted;
  for (auto& patient : reading.patients) {
    dry.patients.push_back(DryPatientOf(std::move(patient), normaliser, *source));
  }
  return dry;
}

}  // namespace

std::string_view NameOf(DryOutcome outcome) {
  constexpr std::array<std::string_view, 3> kNames = {"accepted", "rejected", "unsupported"};
  return kNames.at(static_cast<std::size_t>(outcome) - 1);
}

std::vector<DryMessage> DryRun(const port::Adapter& adapter,
                               const normalise::Normaliser& normaliser, const port::Feed& feed,
                               std::string_view file) {
  std::vector<DryMessage> messages;
  for (const std::string& message : adapter.Split(file, feed)) {
    messages.push_back(DryRead(adapter, normaliser, feed, message));
    messages.back().index = messages.size() - 1;
  }
  return messages;
}

}  // namespace milecastle::receive
