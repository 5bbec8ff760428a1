#include "inside/event.h"

#include "audit/entry.h"
#include "audit/payload.h"
#include "base/json_writer.h"

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
  constexpr std::size_t kMostly = 640;
  const port::PatientOutcome& outcome = happened.outcome;
  base::JsonWriter what(kMostly);
  what.Open('{').Key("message").Word(message.id.ToString());
  what.Key("feed").Text(message.feed->name);
  what.Key("event").Text(Plain(message.envelope.event));
  what.Key("control_id").Text(Plain(message.envelope.control_id));
  what.Key("sender").Text(Plain(message.envelope.sender));
  what.Key("received").Time(message.received);
  what.Key("digest").Word(base::ToHex(base::AsBytes(message.digest)));
  what.Key("bytes").Number(message.bytes.size());
  what.Key("disposition").Word(port::NameOf(outcome.disposition));
  if (outcome.error) {
    what.Key("error").Word(base::LineOf(outcome.error->id).name);
    what.Key("error_place").Text(outcome.error->place);
  }
  if (happened.patient != 0) {
    what.Key("patient").Number(happened.patient);
    what.Key("patients").Number(message.patients.size());
  }
  if (happened.whose.identity) what.Key("identity").Word(happened.whose.identity->ToString());
  if (!happened.linked.empty()) what.Key("linked").Text(happened.linked);
  what.Key("entries").Number(outcome.entries);
  what.Key("not_carried").Number(happened.not_carried).Close('}');
  return std::move(what).Take();
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
