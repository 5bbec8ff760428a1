#include "canonical/adapter.h"

#include <utility>

#include "wire/contribution.h"

namespace milecastle::canonical {
namespace {

port::Envelope EnvelopeOf(wire::ContributionHeader header) {
  return {.control_id = std::move(header.control_id),
          .event = std::move(header.event),
          .sender = std::move(header.sender),
          .sent = std::move(header.sent)};
}

class Adapter final : public port::Adapter {
 public:
  std::string_view name() const override { return "canonical"; }

  // Protobuf does not say where a message ends: a file is one.
  std::vector<std::string> Split(std::string_view file, const port::Feed&) const override {
    return {std::string(file)};
  }

  port::Reading Read(std::string_view message, const port::Feed& feed) const override {
    wire::Contributions read = wire::ReadContributions(message);
    port::Envelope envelope = EnvelopeOf(std::move(read.header));
    if (read.refused) return port::ReadingOf(std::move(envelope), *read.refused);
    if (read.patients.size() > feed.patient_limit) {
      return port::ReadingOf(
          std::move(envelope),
          base::Error{base::ErrorId::kMessageTooLarge, "patients",
                      "send fewer patients in one message, or raise the feed's patient limit"});
    }
    return {std::move(envelope), std::move(read.patients)};
  }

  // The call's own answer says it all.
  std::string Reply(std::string_view /*message*/, const port::Feed& /*feed*/,
                    const port::Outcome& /*outcome*/, base::Instant /*now*/) const override {
    return {};
  }
};

}  // namespace

std::unique_ptr<port::Adapter> MakeAdapter() { return std::make_unique<Adapter>(); }

}  // namespace milecastle::canonical
