#include "prsb/message.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/crypto.h"
#include "fhir/document.h"
#include "inside/entries.h"
#include "inside/values.h"

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
         Plain(name).ends_with("recordentry") || Plain(name) == "persondemographics";
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

record::Contribution ReadContribution(const Element& root, const Element& person,
                                      const port::Feed& feed, const Issuer& issuer) {
  record::Contribution contribution;
  ReadDemographics(person, feed.mapping, issuer, contribution.patient);
  for (const Element& member : root.members()) {
    if (const Heading* const heading = HeadingOf(member.name())) {
      ReadHeading(member, *heading, feed.mapping, contribution);
    }
  }
  Member(root, "version").text();
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
  envelope.control_id = "sha256:" + base::ToHex(base::AsBytes(base::Sha256(json)));
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
  auto contribution = ReadContribution(root, person, feed, issuer);
  return port::ReadingOf(std::move(envelope), std::move(contribution));
}

}  // namespace milecastle::prsb
