#include "prsb/message.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/text.h"
#include "fhir/document.h"
#include "inside/entries.h"
#include "inside/values.h"
#include "record/refusal.h"

namespace milecastle::prsb {
namespace {

using base::Error;
using base::ErrorId;
using fhir::Element;

constexpr std::size_t kMostPlaces = 200;  // that a message's unread parts are listed by

const Standard* StandardOf(const Element& root, std::span<const Standard> standards) {
  const std::string name = Plain(Member(root, "standard").text());
  for (const Standard& standard : standards) {
    if (Plain(standard.name) == name) return &standard;
  }
  return nullptr;
}

std::string Listed(std::span<const Standard> standards) {
  std::string names;
  for (const Standard& standard : standards) {
    names += (names.empty() ? "\"" : " or \"") + std::string(standard.name) + "\"";
  }
  return names;
}

bool IsKnown(std::string_view name) {
  return HeadingOf(name) != nullptr || ElementOf(name) != nullptr || !TitleOfGroup(name).empty() ||
         Plain(name).ends_with("recordentry") || Plain(name) == "persondemographics" ||
         Plain(name) == "gppractice";
}

// The names of the standard's own; what else somebody wrote where a name stands is shown as "?".
std::string PlaceOf(const Element& element) {
  const Element parent = element.parent();
  if (!parent) return "";
  std::string place = PlaceOf(parent);
  if (parent.IsArray()) {
    std::size_t index = 0;
    for (const Element& item : parent.items()) {
      if (item == element) break;
      ++index;
    }
    return place + "[" + std::to_string(index) + "]";
  }
  if (!place.empty()) place += " / ";
  return place + (IsKnown(element.name()) ? std::string(element.name()) : "?");
}

void Account(const Element& root, record::Contribution& into) {
  const auto unread = root.Unread();
  for (std::size_t i = 0; i < unread.size() && i < kMostPlaces; ++i) {
    const bool others = Plain(unread[i].name()) == "nhsnumber";
    into.not_carried.push_back(
        {PlaceOf(unread[i]), others ? "another person's identifier" : "not read from this format"});
  }
  if (unread.size() <= kMostPlaces) return;
  into.not_carried.push_back(
      {"message", std::to_string(unread.size() - kMostPlaces) + " more parts are not carried"});
}

bool SaysWho(const record::PatientClaim& claim) {
  const auto& names = claim.names.value;
  return (!claim.nhs_number_as_sent.empty() || !claim.local_identifiers.empty()) &&
         claim.birth_date.change == record::Update<record::BirthDate>::Change::kSet &&
         !names.empty() && !names.front().family.empty();
}

void ListMissing(const Element& root, const Standard& standard, record::Contribution& into) {
  for (const std::string_view heading : standard.asked) {
    if (Member(root, Plain(heading))) continue;
    into.not_carried.push_back(
        {std::string(heading),
         "the standard asks for this heading and it was not sent: nothing is "
         "said of it"});
  }
}

bool SaysNo(std::string_view words) {
  const std::string plain = port::Folded(words);
  return plain == "n" || plain == "false" || plain == "0" || record::MaySayNo(words);
}

bool SaysNo(const record::Coding& coding) {
  return record::IsRefusalCode(coding.code) || record::MaySayNo(coding.code) ||
         record::MaySayNo(coding.display);
}

bool SaysYes(const record::Coding& coding) {
  return record::IsAgreementCode(coding.code) || record::SaysYes(coding.display);
}

// A code that is not known for a yes, with no word for one beside it, may be a refusal.
bool IsRefusal(const record::Detail& detail) {
  if (detail.name == "reason that consent was not given") return true;
  if (detail.name != "consent for information sharing") return false;
  if (SaysNo(detail.text) || SaysNo(detail.coded.text)) return true;
  const auto& codings = detail.coded.codings;
  if (std::any_of(codings.begin(), codings.end(),
                  [](const record::Coding& one) { return SaysNo(one); })) {
    return true;
  }
  return !codings.empty() && !record::SaysYes(detail.text) && !record::SaysYes(detail.coded.text) &&
         std::none_of(codings.begin(), codings.end(),
                      [](const record::Coding& one) { return SaysYes(one); });
}

// What was refused under "Consent" is not plain: a person asks, and until then it withholds.
void ReadRefusals(record::Contribution& into) {
  for (const record::Draft& draft : into.drafts) {
    const auto& details = draft.entry.details;
    if (draft.entry.section != record::Section::kLegalInformation ||
        draft.entry.verification == record::Verification::kEnteredInError ||
        std::none_of(details.begin(), details.end(), IsRefusal)) {
      continue;
    }
    into.preferences.push_back({.kind = record::PreferenceKind::kShareDetailedRecord,
                                .answer = record::PreferenceAnswer::kUnclear,
                                .place = "Consent",
                                .said = draft.entry.effective,
                                .key = draft.source_key});
  }
}

bool IsOfConsent(const Element& element) {
  for (Element at = element; at; at = at.parent()) {
    if (Plain(at.name()).find("consent") != std::string::npos) return true;
  }
  return false;
}

bool IsPlainYes(std::string_view words) {
  const std::string plain = port::Folded(words);
  return plain.empty() || plain == "y" || plain == "true" || plain == "1" || record::SaysYes(words);
}

// A date and an identifier of somebody are no answers.
bool IsNoAnswer(const Element& element) {
  const std::string name = Plain(element.name());
  return name.find("date") != std::string::npos || name == "nhsnumber";
}

// Nothing at or below it is read; what it says is looked at and stays so.
bool MayRefuse(const Element& element) {
  if (!element.IsObject() && !element.IsArray()) {
    return IsOfConsent(element) && !IsNoAnswer(element) && !IsPlainYes(element.peek());
  }
  const auto below = element.IsObject() ? element.members() : element.items();
  return std::any_of(below.begin(), below.end(), MayRefuse);
}

// What speaks of consent where the standard has no place for it.
void ReadStrayRefusals(const Element& root, record::Contribution& into) {
  const auto unread = root.Unread();
  if (std::none_of(unread.begin(), unread.end(), MayRefuse)) return;
  into.preferences.push_back({.kind = record::PreferenceKind::kShareDetailedRecord,
                              .answer = record::PreferenceAnswer::kUnclear,
                              .place = "Consent"});
}

record::Contribution ReadContribution(const Element& root, const Standard& standard,
                                      const port::Feed& feed, const Issuer& issuer) {
  record::Contribution contribution;
  ReadDemographics(Member(root, "persondemographics"), feed.mapping, issuer, contribution.patient);
  ReadPractice(Member(root, "gppractice"), contribution.patient);
  for (const Element& member : root.members()) {
    if (const Heading* const heading = HeadingOf(member.name())) {
      ReadHeading(member, *heading, feed.mapping, contribution);
    }
  }
  ReadRefusals(contribution);
  Member(root, "version").text();
  if (contribution.preferences.empty()) ReadStrayRefusals(root, contribution);
  // Two headings may stand for one section: it is empty where both are.
  std::erase_if(contribution.statements, [&](const record::SectionStatement& statement) {
    return std::any_of(contribution.drafts.begin(), contribution.drafts.end(),
                       [&](const auto& draft) { return draft.entry.section == statement.section; });
  });
  ListMissing(root, standard, contribution);
  Account(root, contribution);
  port::ApplyMapping(feed.mapping, contribution);
  return contribution;
}

}  // namespace

bool LooksLikeOne(std::string_view bytes) {
  const std::size_t start = bytes.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  return start != std::string_view::npos && bytes[start] == '{';
}

port::Reading ReadMessage(std::string_view json, const port::Feed& feed,
                          std::span<const Standard> standards) {
  auto document = fhir::Document::Parse(json, {.bytes = feed.message_limit});
  if (!document) return port::ReadingOf({}, document.error());
  const Element root = document->root();
  port::Envelope envelope;
  envelope.control_id = base::NameOfBytes(json);
  const Standard* const standard = StandardOf(root, standards);
  if (standard == nullptr) {
    return port::ReadingOf(std::move(envelope),
                           Error{ErrorId::kMessageUnsupported, "Standard",
                                 "name the standard that is sent: " + Listed(standards)});
  }
  envelope.event = standard->event;
  const Element source = Member(root, Plain(standard->source));
  envelope.sender = port::ValueOf(feed.mapping, standard->source_field,
                                  TextOf(Member(source, "organisationcode")));
  const Element person = Member(root, "persondemographics");
  if (!person.IsObject()) {
    return port::ReadingOf(std::move(envelope),
                           Error{ErrorId::kPatientMissing, "Person demographics",
                                 "say whose information it is: NHS number, date of birth, name"});
  }
  const bool alone = envelope.sender.empty() && feed.organisations.size() == 1;
  const Issuer issuer{alone ? feed.organisations.front().text() : envelope.sender,
                      std::string(standard->identifier_type)};
  auto contribution = ReadContribution(root, *standard, feed, issuer);
  if (standard->needs_name && !SaysWho(contribution.patient)) {
    return port::ReadingOf(std::move(envelope),
                           Error{ErrorId::kPatientMissing, "Person demographics",
                                 "say the person's name and date of birth beside an NHS number or "
                                 "other identifier: a number alone may be somebody else's"});
  }
  return port::ReadingOf(std::move(envelope), std::move(contribution));
}

}  // namespace milecastle::prsb
