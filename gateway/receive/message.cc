#include "inside/message.h"

#include <utility>

#include "receive/sender.h"
#include "record/record_system.h"
#include "wire/entry.h"

namespace milecastle::receive {
namespace {

store::StoredEntry Keep(normalise::Item item, const Message& message, const base::Digest& rules) {
  const record::Entry& entry = item.draft.entry;
  // What it has by its links is found whenever it is read, among all that is stored by then.
  item.entry_class.labels = std::move(item.own);
  store::StoredEntry kept{.id = record::EntryId::New(message.received),
                          .identity = {},
                          .message = message.id,
                          .source_key = std::move(item.draft.source_key),
                          .entry_class = std::move(item.entry_class),
                          .effective = {},
                          .stored = message.received,
                          .encoding_version = wire::kEncodingVersion,
                          .key_id = 0,
                          .bytes = wire::EncodeEntry(entry),
                          .links = wire::LinksOf(entry),
                          .likeness = std::move(item.likeness),
                          .origin = {.said = std::move(item.draft.source_labels), .kept = {}},
                          .labelled_by = rules};
  if (entry.effective) kept.effective = entry.effective->at;
  return kept;
}

std::optional<base::Error> TooLarge(const Message& message) {
  if (message.bytes.size() <= message.feed->message_limit) return std::nullopt;
  return base::Error{base::ErrorId::kMessageTooLarge, "message",
                     "send less in one message, or raise the feed's message limit"};
}

// None of its patients could be read: the message is refused for what is wrong with the first.
std::optional<base::Error> Refusal(const port::Reading& reading) {
  for (const auto& patient : reading.patients) {
    if (patient) return std::nullopt;
  }
  return reading.patients.front().error();
}

// A trace that is its sender's own word is none: it neither makes a number one that may be relied
// on nor takes it from anybody.
void TakeTracing(const port::Feed& feed, record::Contribution& contribution) {
  record::Tracing& tracing = contribution.patient.tracing;
  if (feed.traces_numbers || tracing != record::Tracing::kVerified) return;
  tracing = record::Tracing::kUnstated;
  contribution.not_carried.push_back(
      {"NHS number", "that it was traced: of this feed it is its own word, which is no trace"});
}

Patient Take(base::Result<record::Contribution> reading, const normalise::Normaliser& normaliser,
             const Message& message) {
  Patient patient;
  if (!reading) {
    patient.refused = reading.error();
    return patient;
  }
  patient.contribution = std::move(*reading);
  TakeTracing(*message.feed, patient.contribution);
  record::PutInSystem(port::RecordSystemOf(*message.feed), patient.contribution);
  for (auto& item : normaliser.Normalise(std::exchange(patient.contribution.drafts, {}),
                                         *message.source, message.received)) {
    const record::Version& own = item.draft.version;
    patient.versions.push_back(own.IsKnown() ? own : patient.contribution.version);
    patient.entries.push_back(Keep(std::move(item), message, normaliser.digest()));
  }
  return patient;
}

void TakePatients(std::vector<base::Result<record::Contribution>> readings,
                  const normalise::Normaliser& normaliser, Message& message) {
  for (auto& reading : readings) {
    message.patients.push_back(Take(std::move(reading), normaliser, message));
    if (readings.size() == 1) return;
    message.patients.back().number = static_cast<std::uint32_t>(message.patients.size());
  }
}

}  // namespace

void Read(const port::Adapter* adapter, const normalise::Normaliser& normaliser, Message& message) {
  message.digest = base::Sha256(message.bytes);
  if (!message.refused) message.refused = TooLarge(message);
  if (adapter == nullptr) {
    message.refused = base::Error{base::ErrorId::kMessageUnsupported, "feed",
                                  "configure an adapter that this gateway has"};
    return;
  }
  port::Reading reading = adapter->Read(message.bytes, *message.feed);
  message.envelope = std::move(reading.envelope);
  if (message.refused) return;
  // The sender first: what a feed may not speak for is refused as that, however well it is formed.
  const auto refusal = Refusal(reading);
  if (!message.envelope.sender.empty() || !refusal) {
    const auto source = SourceOf(message.envelope.sender, *message.feed);
    if (!source) {
      message.refused = source.error();
      return;
    }
    message.source = *source;
  }
  message.refused = refusal;
  if (!refusal) TakePatients(std::move(reading.patients), normaliser, message);
}

}  // namespace milecastle::receive
