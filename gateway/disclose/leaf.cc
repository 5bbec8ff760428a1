#include "disclose/leaf.h"

#include <algorithm>
#include <utility>

#include "audit/payload.h"
#include "base/json_writer.h"
#include "disclose/ranges.h"

namespace milecastle::disclose {
namespace {

// The declaration of before that a view rests on, which its review is of; none: one was made now.
std::optional<record::FactId> EarlierDeclaration(const decide::Decision& decision) {
  if (OwnWord(decision, true) != nullptr) return std::nullopt;
  const decide::UsedEvidence* earlier = OwnWord(decision, false);
  return earlier == nullptr ? std::nullopt : earlier->fact;
}

// Duties as govern/trail reads them from the payload.
void WriteDuties(base::JsonWriter& what, const decide::Decision& decision) {
  const auto declaration = EarlierDeclaration(decision);
  what.Open('[');
  for (const decide::Duty& duty : decision.duties()) {
    what.Open('{').Key("kind").Word(KeyOf(duty.kind)).Key("cause").Text(duty.cause);
    if (duty.organisation) what.Key("organisation").Word(duty.organisation->text());
    if (duty.by) {
      const auto micros = duty.by->time_since_epoch().count();
      what.Key("by_micros").Number(static_cast<std::uint64_t>(micros));
    }
    what.Key("held_for").Texts(duty.held_for);
    if (declaration && duty.cause == "self_declared") {
      what.Key("declaration").Word(declaration->ToString());
    }
    what.Close('}');
  }
  what.Close(']');
}

// In order, each once.
std::vector<std::string> Distinct(std::vector<std::string_view> texts) {
  std::sort(texts.begin(), texts.end());
  return {texts.begin(), std::unique(texts.begin(), texts.end())};
}

// Of each live source that was asked, what it answered. The bytes are kept nowhere: their digest
// tells whether somebody else's copy is what was seen.
void WriteLive(base::JsonWriter& what, const Live& live) {
  what.Key("live").Open('[');
  for (const gather::Given& given : live.given) {
    what.Open('{').Key("source").Word(given.source.text());
    what.Key("of").Word(given.of_documents ? "documents" : "record");
    what.Key("outcome").Word(gather::KeyOf(given.outcome)).Key("at").Time(given.at);
    what.Key("question").Text(given.question).Key("bundle").Text(given.answer_id);
    what.Key("sha256").Word(given.digest ? base::ToHex(base::AsBytes(*given.digest)) : "");
    what.Key("bytes").Number(given.bytes).Key("entries").Number(given.entries.size());
    what.Key("not_carried").Number(given.not_carried);
    what.Key("retained").Flag(false).Close('}');
  }
  what.Close(']');
}

// Whose data this is a disclosure of: what other organisations' officers may search by. A source
// that leaves no trace in the answer leaves none here; the decision names it.
std::vector<std::string> SourcesOf(const decide::Decision& decision, const Outgoing& outgoing,
                                   bool shows) {
  std::vector<std::string_view> sources;
  if (shows && !outgoing.document.empty()) {
    if (outgoing.document_of) sources.push_back(outgoing.document_of->text());
    return Distinct(std::move(sources));
  }
  for (const auto& decided : decision.classes()) {
    const record::OdsCode& source = decided.entry_class.source;
    if (!shows || decision.SpeaksOf(source)) sources.push_back(source.text());
  }
  return Distinct(std::move(sources));
}

}  // namespace

const decide::UsedEvidence* OwnWord(const decide::Decision& decision, bool brought_along) {
  const auto evidence = decision.evidence();
  const auto found =
      std::find_if(evidence.begin(), evidence.end(), [&](const decide::UsedEvidence& each) {
        return each.kind == record::EvidenceKind::kSelfDeclared && !each.fact == brought_along;
      });
  return found == evidence.end() ? nullptr : &*found;
}

std::string Describe(const ViewRequest& request, const decide::Decision& decision, const Held& held,
                     const Live& live, const Outgoing& outgoing) {
  const bool shows = decision.permitted() && !outgoing.capped;
  audit::Headline headline{
      .organisation = request.requester.organisation->text(),
      .user = request.requester.issuer + " " + request.requester.user,
      .nhs_number = record::NhsNumber::Parse(request.person.nhs_number)->digits(),
      .purpose = std::string(KeyOf(request.purpose)),
      .outcome = shows ? "permitted" : "refused",
      .entails_nothing =
          (outgoing.capped || decision.duties().empty()) && request.declared_relationship.empty()};
  if (held.found.person) headline.person = held.found.person->id.ToString();
  headline.sources = SourcesOf(decision, outgoing, shows);

  constexpr std::size_t kMostly = 1024;  // beside the decision
  base::JsonWriter what(decision.Encode().size() + kMostly);
  what.Open('{').Key("record_version");
  what.Number(held.found.person ? held.found.person->record_version : 0);
  what.Key("user").Text(request.requester.user);
  what.Key("declared_relationship").Text(request.declared_relationship);
  what.Key("duties");
  if (outgoing.capped) {
    what.Open('[').Close(']').Key("capped").Flag(true);
  } else {
    WriteDuties(what, decision);
  }
  what.Key("family_name_as_asked").Text(request.person.family_name);
  what.Key("birth_date_as_asked").Text(request.person.birth_date);
  what.Key("answer_sha256").Word(base::ToHex(base::AsBytes(outgoing.response)));
  what.Key("entries").Word(RangesOf(outgoing.entries));
  if (!outgoing.document.empty()) what.Key("document").Json(outgoing.document);
  if (!outgoing.history.empty()) what.Key("history").Json(outgoing.history);
  if (!live.given.empty()) WriteLive(what, live);
  what.Key("decision").Json(decision.Encode()).Close('}');
  return audit::MakePayload(headline, std::move(what).Take());
}

audit::Kind KindOf(const decide::Decision& decision, bool capped) {
  if (capped || !decision.permitted()) return audit::Kind::kRefusal;
  return decision.request().purpose == record::Purpose::kEmergency ? audit::Kind::kEmergency
                                                                   : audit::Kind::kView;
}

}  // namespace milecastle::disclose
