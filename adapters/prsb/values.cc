#include "inside/values.h"

#include "inside/headings.h"

namespace milecastle::prsb {

using fhir::Element;

Element Member(const Element& owner, std::string_view plain) {
  if (!owner.IsObject()) return {};
  for (const Element& member : owner.members()) {
    if (Plain(member.name()) == plain) return member;
  }
  return {};
}

record::Coded CodedOf(const Element& element) {
  if (!element.IsObject()) return {.text = std::string(element.text()), .codings = {}};
  record::Coded coded;
  coded.text = Member(element, "freetext").text();
  const Element value = Member(element, "codedvalue");
  if (value.IsObject()) {
    record::Coding coding{.system = std::string(Member(value, "system").text()),
                          .code = std::string(Member(value, "code").text()),
                          .display = std::string(Member(value, "display").text())};
    if (!coding.code.empty() || !coding.display.empty()) coded.codings.push_back(std::move(coding));
  } else if (const std::string text(value.text()); !text.empty()) {
    if (coded.text.empty()) {
      coded.text = text;  // of no system that is named: the sender's own word
    } else {
      coded.codings.push_back({.system = "", .code = text, .display = ""});
    }
  }
  return coded;
}

std::string TextOf(const Element& element) {
  record::Coded coded = CodedOf(element);
  if (!coded.text.empty() || coded.codings.empty()) return std::move(coded.text);
  const record::Coding& coding = coded.codings.front();
  return coding.display.empty() ? coding.code : coding.display;
}

std::optional<record::When> WhenOf(const Element& element, const port::Mapping& mapping) {
  if (auto when = record::When::ParseIso(element.peek())) {
    element.text();
    return when;
  }
  auto when = port::DateOf(mapping, element.peek());
  if (when) element.text();
  return when;
}

record::Performer PerformerOf(const Element& element, std::string_view role) {
  record::Performer performer;
  performer.name = TextOf(Member(element, "name"));
  performer.identifier = TextOf(Member(element, "professionalidentifier"));
  for (const std::string_view name : {"organisation", "service", "team"}) {
    if (performer.organisation.empty()) performer.organisation = TextOf(Member(element, name));
  }
  const std::string job = TextOf(Member(element, "role"));
  performer.role = std::string(role) + (job.empty() ? "" : ", " + job);
  return performer;
}

record::Address LocationOf(const Element& element) {
  record::Address address;
  address.use = "location";
  if (std::string text = TextOf(element); !text.empty()) address.lines.push_back(std::move(text));
  return address;
}

}  // namespace milecastle::prsb
