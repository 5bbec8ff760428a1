#include "inside/message.h"

#include <utility>

#include "receive/sender.h"
#include "wire/entry.h"

namespace milecastle::receive {
namespace {

store::StoredEntry Keep(normalise::Item item, const Message& message) {
  const record::Entry& entry = item.draft.entry;
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
                          .links = wire::LinksOf(entry)};
  if (entry.effective) kept.effective = entry.effective->at;
  return kept;
}

std::optional<base::Error> TooLarge(const Message& message) {
  if (message.bytes.size() <= message.feed->message_limit) return std::nullopt;
  return base::Error{base::ErrorId::kMessageTooLarge, "message",
                     "send less in one message, or raise the feed's message limit"};
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
  if (!message.envelope.sender.empty() || reading.contribution) {
    const auto source = SourceOf(message.envelope.sender, *message.feed);
    if (!source) {
      message.refused = source.error();
      return;
    }
    message.source = *source;
  }
  if (!reading.contribution) {
    message.refused = reading.contribution.error();
    return;
  }
  message.contribution = std::move(*reading.contribution);
  for (auto& item :
       normaliser.Normalise(std::exchange(message.contribution.drafts, {}), *message.source)) {
    message.entries.push_back(Keep(std::move(item), message));
  }
}

}  // namespace milecastle::receive
