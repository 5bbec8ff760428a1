#include "inside/event.h"

#include <boost/json.hpp>

#include "audit/entry.h"
#include "audit/payload.h"

namespace milecastle::receive {
namespace {

// What a sender wrote into a header can be anything: its printable ASCII, cut short.
std::string Plain(std::string_view text) {
  constexpr std::size_t kLongest = 64;
  std::string plain(text.substr(0, kLongest));
  for (char& c : plain) {
    if (c < ' ' || c > '~') c = '?';
  }
  return plain;
}

audit::Kind KindOf(port::Disposition disposition) {
  return disposition == port::Disposition::kRejected ||
                 disposition == port::Disposition::kQuarantined
             ? audit::Kind::kMessageRejected
             : audit::Kind::kIngest;
}

std::string Describe(const Message& message, const Happened& happened) {
  const port::PatientOutcome& outcome = happened.outcome;
  boost::json::monotonic_resource parts;  // given back at once
  boost::json::object what(&parts);
  what["message"] = message.id.ToString();
  what["feed"] = message.feed->name;
  what["event"] = Plain(message.envelope.event);
  what["control_id"] = Plain(message.envelope.control_id);
  what["sender"] = Plain(message.envelope.sender);
  what["received"] = base::ToRfc3339(message.received);
  what["digest"] = base::ToHex(base::AsBytes(message.digest));
  what["bytes"] = message.bytes.size();
  what["disposition"] = port::NameOf(outcome.disposition);
  if (outcome.error) {
    what["error"] = base::LineOf(outcome.error->id).name;
    what["error_place"] = outcome.error->place;
  }
  if (happened.patient != 0) {
    what["patient"] = happened.patient;
    what["patients"] = message.patients.size();
  }
  if (happened.whose.identity) what["identity"] = happened.whose.identity->ToString();
  if (!happened.linked.empty()) what["linked"] = happened.linked;
  what["entries"] = outcome.entries;
  what["not_carried"] = happened.not_carried;
  return boost::json::serialize(what);
}

}  // namespace

store::OutboxRow EventOf(const Message& message, const Happened& happened) {
  const Whose& whose = happened.whose;
  audit::Headline headline;
  headline.user = message.feed->name;
  headline.outcome = std::string(port::NameOf(happened.outcome.disposition));
  if (message.source) {
    headline.organisation = message.source->text();
    headline.sources = {message.source->text()};
  }
  if (whose.person) headline.person = whose.person->ToString();
  if (whose.nhs_number) headline.nhs_number = whose.nhs_number->digits();
  const audit::Entry entry{.event_id = base::Uuid::New(message.received),
                           .kind = KindOf(happened.outcome.disposition),
                           .payload = audit::MakePayload(headline, Describe(message, happened))};
  return {{entry.event_id}, audit::Encode(entry)};
}

}  // namespace milecastle::receive
