// The header: the document as one entry, who made it, and whom it names (CDA R2 section 4.2).
#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "detail/names.h"
#include "detail/parts.h"
#include "detail/people.h"
#include "detail/values.h"
#include "record/refusal.h"

namespace milecastle::cda {
namespace {

using record::Section;

struct Participation {
  std::string_view element;
  std::string_view role;
};
constexpr auto kParticipations = std::to_array<Participation>({
    {"author", "author"},
    {"dataEnterer", "entered by"},
    {"informant", "informant"},
    {"legalAuthenticator", "legal authenticator"},
    {"authenticator", "authenticator"},
    {"custodian", "custodian"},
    {"informationRecipient", "recipient"},
});

// ParticipationType of header participants, as far as UK documents use it.
constexpr auto kTypes = std::to_array<Participation>({
    {"REFT", "referred to"},
    {"REFB", "referred by"},
    {"REF", "referrer"},
    {"CALLBCK", "call back"},
    {"IND", "concerned"},
    {"NOT", "to be notified"},
    {"DIST", "distributor"},
    {"CON", "consultant"},
});

std::string_view RoleOf(std::string_view type) {
  for (const Participation& line : kTypes) {
    if (line.element == type) return line.role;
  }
  return "participant";
}

// RoleClass: people who are the patient's own.
bool IsPersonal(std::string_view role_class) {
  constexpr auto kClasses =
      std::to_array<std::string_view>({"NOK", "ECON", "CAREGIVER", "PRS", "GUARD", "GUAR", "AGNT"});
  for (const std::string_view each : kClasses) {
    if (each == role_class) return true;
  }
  return false;
}

bool Says(const record::Performer& performer) {
  return !performer.name.empty() || !performer.identifier.empty() ||
         !performer.organisation.empty();
}

// When somebody wrote, entered or signed it, where that is not the document's own time.
void AddTime(Context& context, const xml::Node& time, std::string_view role, record::Entry& entry) {
  time.value("nullFlavor");
  auto when = WhenOf(context, time);
  if (!when || when == entry.effective) return;
  entry.details.push_back({.name = std::string(role) + " on", .when = std::move(when)});
}

void AddPerformers(Context& context, record::Entry& entry) {
  for (const Participation& line : kParticipations) {
    for (const xml::Node& each : context.document().All(line.element)) {
      const std::string role = WordsOf(CodedOf(context, each["functionCode"]));
      record::Performer performer = PerformerOf(context, each, line.role);
      AddTime(context, each["time"], line.role, entry);
      each["signatureCode"].value("code");
      if (!role.empty()) performer.role += ", " + role;
      if (Says(performer)) entry.performers.push_back(std::move(performer));
    }
  }
}

void AddServiceEvents(Context& context, record::Entry& entry) {
  for (const xml::Node& documentation : context.document().All("documentationOf")) {
    const xml::Node event = documentation["serviceEvent"];
    AddDetail(entry, "documents", CodedOf(context, event["code"]));
    const Interval time = IntervalOf(context, event["effectiveTime"]);
    if (time.from) entry.details.push_back({.name = "documents from", .when = time.from});
    if (time.to) entry.details.push_back({.name = "documents to", .when = time.to});
    for (const xml::Node& each : event.All("performer")) {
      const std::string function = WordsOf(CodedOf(context, each["functionCode"]));
      record::Performer performer = PerformerOf(context, each, "performer");
      if (!function.empty()) performer.role += ", " + function;
      if (Says(performer)) entry.performers.push_back(std::move(performer));
    }
  }
}

// What another document has to do with this one. Replaced is what the parent's key names, unless
// it is a version of this very document, which the same key replaces of itself.
void ReadRelated(Context& context, record::Entry& entry) {
  auto& out = context.out();
  for (const xml::Node& related : context.document().All("relatedDocument")) {
    const std::string_view type = related.value("typeCode");
    const xml::Node parent = related["parentDocument"];
    parent["versionNumber"].value("value");
    const std::string set = IdOf(parent["setId"]);
    const std::string id = IdOf(parent["id"]);
    for (const std::string& name : {set, id}) {
      const std::string key = "document:" + name;
      if (name.empty() || key == context.key()) continue;
      if (type == "RPLC") {
        out.withdrawn_keys.push_back(key);
        out.replaced_documents.push_back(key);
      } else if (type == "APND" || type == "XFRM") {
        entry.links.push_back({type == "APND" ? "addendum to" : "transformed from", key});
      }
    }
  }
}

constexpr auto kTakenBack =
    std::to_array<std::string_view>({"aborted", "cancelled", "nullified", "suspended", "obsolete"});

template <std::size_t N>
bool IsOneOf(const std::array<std::string_view, N>& codes, std::string_view code) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

bool MayBeRefusal(const record::Entry& consent) {
  if (record::MaySayNo(consent.what.text)) return true;
  return std::any_of(
      consent.what.codings.begin(), consent.what.codings.end(), [&](const record::Coding& coding) {
        return record::IsRefusalCode(coding.code) || record::MaySayNo(coding.display) ||
               (record::IsAgreementCode(coding.code) &&
                IsOneOf(kTakenBack, consent.status_original));
      });
}

// What a document says of consent in its own words is not plain: a refusal is asked about, and
// until then it withholds (receive/preferences.cc). A consent there loosens nothing.
void ReadRefusal(Context& context, const record::Draft& consent) {
  if (!MayBeRefusal(consent.entry)) return;
  context.out().preferences.push_back({.kind = record::PreferenceKind::kShareDetailedRecord,
                                       .answer = record::PreferenceAnswer::kUnclear,
                                       .place = "authorization/consent",
                                       .key = consent.source_key});
}

void ReadConsents(Context& context) {
  for (const xml::Node& authorization : context.document().All("authorization")) {
    const xml::Node consent = authorization["consent"];
    record::Draft draft;
    draft.source_key = context.KeyOf("consent", consent);
    draft.entry.section = Section::kLegalInformation;
    draft.entry.kind = record::Kind::kStatement;
    draft.entry.what = CodedOf(context, consent["code"]);
    draft.entry.status_original = consent["statusCode"].value("code");
    draft.entry.group = context.key();
    const bool says = !WordsOf(draft.entry.what).empty();
    for (const xml::Node& id : consent.All("id")) IdOf(id);
    ReadRefusal(context, draft);
    if (says) context.Add(std::move(draft));
  }
}

void ReadParticipant(Context& context, const xml::Node& participant, std::string_view role) {
  const xml::Node entity = RoleIn(participant);
  const bool personal = IsPersonal(entity.attribute("classCode").peek());
  record::Draft draft;
  draft.source_key = context.KeyOf("contact", entity);
  record::Entry& entry = draft.entry;
  entry.section = personal ? Section::kPersonalContacts : Section::kProfessionalContacts;
  entry.kind = record::Kind::kContact;
  entry.what.text = personal ? "Contact" : "Professional or service";
  entry.group = context.key();
  const Interval time = IntervalOf(context, participant["time"]);
  entry.effective = time.from;
  entry.ended = time.to;
  record::Contact contact = ContactOf(context, entity, role);
  record::Performer performer = PerformerOf(context, participant, role);
  const std::string organisation = Trimmed(OrganisationIn(entity)["name"].text());
  if (contact.name.empty()) contact.name = organisation;
  if (contact.name.empty()) contact.name = performer.organisation;
  const bool says = !contact.name.empty() || !contact.telecoms.empty();
  entry.contacts.push_back(std::move(contact));
  if (!personal && Says(performer)) entry.performers.push_back(std::move(performer));
  if (says) context.Add(std::move(draft));
}

}  // namespace

record::Draft ReadHeader(Context& context) {
  const xml::Node& document = context.document();
  record::Draft draft;
  draft.source_key = context.key();
  record::Entry& entry = draft.entry;
  entry.section = Section::kDocuments;
  entry.kind = record::Kind::kDocument;
  entry.what = CodedOf(context, document["code"]);
  const std::string title = Trimmed(document["title"].text());
  if (entry.what.text.empty()) entry.what.text = title;
  entry.effective = WhenOf(context, document["effectiveTime"]);
  entry.recorded = entry.effective;
  AddDetail(entry, "document number", IdOf(document["id"]));
  AddDetail(entry, "version", document["versionNumber"].value("value"));
  for (const xml::Node& order : document.All("inFulfillmentOf")) {
    AddDetail(entry, "fulfils order", IdOf(order["order"]["id"]));
  }
  AddPerformers(context, entry);
  AddServiceEvents(context, entry);
  ReadRelated(context, entry);
  return draft;
}

void ReadParticipants(Context& context) {
  ReadConsents(context);
  for (const xml::Node& participant : context.document().All("participant")) {
    ReadParticipant(context, participant, RoleOf(participant.value("typeCode")));
  }
  for (const xml::Node& informant : context.document().All("informant")) {
    if (informant["relatedEntity"]) ReadParticipant(context, informant, "informant");
  }
}

}  // namespace milecastle::cda
