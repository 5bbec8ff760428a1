#include "acute/adapter.h"

#include <algorithm>
#include <array>
#include <span>

#include "base/text.h"
#include "hl7v2/ack.h"
#include "hl7v2/message.h"
#include "hl7v2/split.h"
#include "inside/events.h"
#include "inside/mappings.h"
#include "inside/nobody.h"
#include "inside/reader.h"

namespace milecastle::acute {
namespace {

using base::Error;
using base::ErrorId;

bool IsReadVersion(std::string_view version) {
  if (version.empty()) return true;  // what is read does not depend on it
  return version.size() >= 3 && version.starts_with("2.") && version[2] >= '1' && version[2] <= '9';
}

base::Result<void> CheckHeader(const hl7v2::Header& header, const port::Feed& feed) {
  if (!IsReadVersion(header.version)) {
    return Error{ErrorId::kMessageUnsupported, "MSH-12", "send HL7 v2.1 to v2.9"};
  }
  if (!feed.live || header.processing_id == "P") return {};
  if (header.processing_id == "T" || header.processing_id == "D") {
    return Error{ErrorId::kTestOnLiveFeed, "MSH-11", "send P, or use a feed that is not live"};
  }
  return Error{ErrorId::kMessageInvalid, "MSH-11", "state P for production"};
}

base::Result<record::Contribution> ReadOne(Reader& reader, const Event& event) {
  if (auto read = ReadPart(reader, event); !read) return read.error();
  auto contribution = reader.Finish(ReasonsOf(event));
  port::ApplyMapping(reader.feed().mapping, contribution);
  return contribution;
}

// Each part for itself, though two of them be of one patient: they are settled one after the other,
// as messages of their own would be. What is of nobody is accounted for once.
std::vector<base::Result<record::Contribution>> ReadParts(const hl7v2::Message& message,
                                                          const port::Feed& feed,
                                                          const Event& event, const Parts& parts) {
  std::vector<base::Result<record::Contribution>> patients;
  bool accounted = false;
  for (const Segments& part : parts.parts) {
    Reader reader(message, feed, parts.heading, part);
    if (!accounted) {
      reader.AccountFor(parts.heading);
      reader.AccountFor(parts.aside);
    }
    auto read = ReadOne(reader, event);
    if (!read && parts.parts.size() > 1) {
      Error placed = read.error();
      placed.place = PlaceAmongSeveral(std::move(placed.place));
      read = std::move(placed);
    }
    accounted = accounted || read;
    patients.push_back(std::move(read));
  }
  return patients;
}

// Each identifier is looked for among all that are known: how many a message of several may name is
// bounded for all of them together, as one patient's are by field.
base::Result<void> CheckIdentifiers(const hl7v2::Message& message, std::size_t limit) {
  constexpr std::array<std::size_t, 4> kOfPid = {2, 3, 4, 19};
  constexpr std::array<std::size_t, 2> kOfMrg = {1, 4};
  std::size_t count = 0;
  for (std::size_t i = 0; i < message.size(); ++i) {
    const auto segment = message.at(i);
    std::span<const std::size_t> fields;
    if (segment.name() == "PID") fields = kOfPid;
    if (segment.name() == "MRG") fields = kOfMrg;
    for (const std::size_t field : fields) {
      if (!segment.field(field).empty()) count += segment.field(field).size();
      if (count <= limit) continue;
      return Error{ErrorId::kMessageTooLarge, PlaceAmongSeveral(segment.place(field)),
                   "send fewer identifiers in one message, or raise the feed's patient_limit"};
    }
  }
  return {};
}

base::Result<void> CheckLimits(const hl7v2::Message& message, const port::Feed& feed) {
  constexpr std::size_t kIdentifiersEach = 10;
  const auto beyond = message.segment("PID", feed.patient_limit);
  if (beyond.exists()) {
    return Error{ErrorId::kMessageTooLarge, beyond.place(),
                 "send fewer patients in one message, or raise the feed's patient_limit"};
  }
  if (!message.segment("PID", 1).exists()) return {};
  return CheckIdentifiers(message, kIdentifiersEach * feed.patient_limit);
}

port::Reading ReadPatients(port::Envelope envelope, const hl7v2::Message& message,
                           const port::Feed& feed, const Event& event) {
  if (event.grouping != Grouping::kOne) {
    if (auto checked = CheckLimits(message, feed); !checked) {
      return port::ReadingOf(std::move(envelope), checked.error());
    }
  }
  const auto parts = PartsOf(message, event.grouping);
  if (!parts) return port::ReadingOf(std::move(envelope), parts.error());
  return {std::move(envelope), ReadParts(message, feed, event, *parts)};
}

// MSH-9.2, else what it was before it had two components: EVN-1, or the only event of its code.
std::string TriggerOf(const hl7v2::Header& header, const hl7v2::Message& message) {
  if (!header.trigger_event.empty()) return header.trigger_event;
  std::string event = Clean(message.segment("EVN").field(1).component(1).text());
  if (!event.empty()) return event;
  return header.message_code == "ORU" ? "R01" : "";
}

port::Envelope EnvelopeOf(const hl7v2::Header& header, const hl7v2::Message* message) {
  port::Envelope envelope;
  envelope.control_id = header.control_id;
  envelope.event = header.message_code;
  if (!header.trigger_event.empty()) envelope.event += "^" + header.trigger_event;
  envelope.sender = header.sending_facility;
  if (message == nullptr) return envelope;
  const auto msh = message->segment("MSH");
  envelope.sender = Clean(msh.field(4).component(1).text());
  envelope.sent = record::When::ParseHl7(msh.field(7).component(1).text());
  return envelope;
}

// What a message without a control id is known by, so that its repetition is told from it.
std::string NumberFor(std::string_view bytes) {
  return "unnumbered-" + base::DigestName(bytes, 20);
}

std::string AckId(const port::Outcome& outcome, base::Instant now) {
  if (!outcome.message) return "MC" + std::to_string(now.time_since_epoch().count());
  std::string id = outcome.message->ToString();
  id.erase(std::remove(id.begin(), id.end(), '-'), id.end());
  return id.substr(id.size() - 20);  // MSH-10 holds 20 characters up to v2.6
}

base::AckCode AckOf(port::Disposition disposition) {
  if (disposition == port::Disposition::kRejected) return base::AckCode::kReject;
  if (disposition == port::Disposition::kFailed) return base::AckCode::kError;
  return base::AckCode::kAccept;
}

// "; patient 2 was not read, at PID[2]-3": what the sender can mend, for an AA asks for nothing to
// be sent again.
std::string UnreadOf(const port::Outcome& outcome) {
  constexpr std::size_t kMost = 5;
  std::string text;
  std::size_t unread = 0;
  for (std::size_t i = 0; i < outcome.patients.size(); ++i) {
    const auto& error = outcome.patients[i].error;
    if (!error || ++unread > kMost) continue;
    text += "; patient " + std::to_string(i + 1) + " was not read, at " + error->place;
  }
  if (unread > kMost) text += "; nor were " + std::to_string(unread - kMost) + " more";
  return text;
}

// "3 patients: 2 accepted, 1 quarantined"; empty for a message about one alone.
std::string CountsOf(const port::Outcome& outcome) {
  if (outcome.patients.empty()) return {};
  std::string text;
  for (const auto disposition : {port::Disposition::kAccepted, port::Disposition::kDuplicate,
                                 port::Disposition::kQuarantined}) {
    const auto count = std::count_if(
        outcome.patients.begin(), outcome.patients.end(),
        [disposition](const auto& patient) { return patient.disposition == disposition; });
    if (count == 0) continue;
    std::string name(port::NameOf(disposition));
    std::replace(name.begin(), name.end(), '_', ' ');
    text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + name;
  }
  return std::to_string(outcome.patients.size()) + " patients: " + text + UnreadOf(outcome);
}

// Who may speak for whom is decided where no format is known; here its place is.
Error InTermsOfHl7(Error error) {
  if (error.id == ErrorId::kSenderNotAllowed) error.place = "MSH-4";
  return error;
}

class AcuteAdapter final : public port::Adapter {
 public:
  std::string_view name() const override { return "acute"; }

  port::Mappable mappable() const override {
    return {.fields = {}, .names = true, .local_segments = true};
  }

  std::vector<std::string> Split(std::string_view file, const port::Feed&) const override {
    const auto messages = hl7v2::SplitMessages(file).messages;
    if (messages.empty() && !file.empty()) return {std::string(file)};
    return {messages.begin(), messages.end()};
  }

  port::Reading Read(std::string_view bytes, const port::Feed& feed) const override {
    hl7v2::ParseOptions options;
    options.limits.message_bytes = feed.message_limit;
    options.undeclared_charset = feed.undeclared_charset;
    const auto message = hl7v2::Parse(bytes, options);
    if (!message) {
      const auto header = hl7v2::ScanHeader(bytes);
      return port::ReadingOf(header ? EnvelopeOf(*header, nullptr) : port::Envelope{},
                             message.error());
    }
    const hl7v2::Header header = hl7v2::ReadHeader(*message);
    port::Envelope envelope = EnvelopeOf(header, &*message);
    if (envelope.control_id.empty()) envelope.control_id = NumberFor(bytes);
    if (auto checked = CheckHeader(header, feed); !checked) {
      return port::ReadingOf(std::move(envelope), checked.error());
    }
    const std::string trigger = TriggerOf(header, *message);
    if (auto nobodys = OfNobody(*message, header.message_code, trigger)) {
      return port::ReadingOf(std::move(envelope), *std::move(nobodys));
    }
    const Event* event = EventOf(header.message_code, trigger);
    if (event == nullptr) {
      std::string advice = AdviceFor(header.message_code, trigger);
      return port::ReadingOf(std::move(envelope),
                             Error{ErrorId::kMessageUnsupported, "MSH-9", std::move(advice)});
    }
    return ReadPatients(std::move(envelope), *message, feed, *event);
  }

  std::string Reply(std::string_view bytes, const port::Feed& feed, const port::Outcome& outcome,
                    base::Instant now) const override {
    const base::AckCode code = AckOf(outcome.disposition);
    const auto placed = outcome.error ? std::optional(InTermsOfHl7(*outcome.error)) : std::nullopt;
    const Error* error = placed ? &*placed : nullptr;
    const hl7v2::AckStamp stamp{now, AckId(outcome, now)};
    auto header = hl7v2::ScanHeader(bytes);
    if (!header) {
      const Error unread{ErrorId::kMessageUnparseable, "MSH",
                         "begin each message with an MSH segment"};
      return hl7v2::BuildAckWithoutHeader(code, error == nullptr ? unread : *error, stamp);
    }
    if (!feed.enhanced_acknowledgement) {
      header->accept_ack.clear();
      header->application_ack.clear();
    }
    if (code == base::AckCode::kAccept)
      error = nullptr;  // what waits for a person is no fault of the sender
    const std::string text = error == nullptr ? CountsOf(outcome) : base::Describe(*error);
    return hl7v2::BuildAck(*header, code, text, error, stamp);
  }
};

}  // namespace

std::unique_ptr<port::Adapter> MakeAdapter() { return std::make_unique<AcuteAdapter>(); }

}  // namespace milecastle::acute
