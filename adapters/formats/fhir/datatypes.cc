#include "fhir/datatypes.h"

#include <algorithm>

namespace milecastle::fhir {
namespace {

// "Extension-CareConnect-GPC-X" for "Extension-CareConnect-X".
bool IsGpConnectsOf(std::string_view own, std::string_view name) {
  constexpr std::string_view kOwn = "-GPC";
  if (own.size() != name.size() + kOwn.size()) return false;
  const std::size_t at = own.find("-GPC-");
  return at != own.npos && own.substr(0, at) == name.substr(0, at) &&
         own.substr(at + kOwn.size()) == name.substr(at);
}

bool Matches(std::string_view url, std::string_view wanted) {
  if (!wanted.starts_with('*')) return url == wanted;
  wanted.remove_prefix(1);
  url.remove_prefix(url.rfind('/') + 1);
  return url == wanted || IsGpConnectsOf(url, wanted) || IsGpConnectsOf(wanted, url);
}

// Gives each extension of that URL, marked, to `take`.
template <class Take>
void Find(const Element& owner, std::string_view url, const Take& take) {
  for (const Element& extension : owner["extension"].items()) {
    const Element said = extension["url"];
    if (!Matches(said.peek(), url)) continue;
    said.text();
    take(extension);
  }
}

bool IsCapital(char c) { return c >= 'A' && c <= 'Z'; }

Elements CodingElements(const Element& concept_element) {
  const Element codings = concept_element["coding"];
  if (codings) return codings.items();
  return concept_element["code"] ? concept_element.items() : Element().items();
}

}  // namespace

bool NamesProfile(const Element& resource, std::string_view part) {
  const auto profiles = resource["meta"]["profile"].items();
  return std::any_of(profiles.begin(), profiles.end(), [&](const Element& profile) {
    return profile.peek().find(part) != std::string_view::npos;
  });
}

std::vector<Element> Extensions(const Element& owner, std::string_view url) {
  std::vector<Element> found;
  Find(owner, url, [&](const Element& extension) { found.push_back(extension); });
  return found;
}

Element Extension(const Element& owner, std::string_view url) {
  Element first;
  Find(owner, url, [&](const Element& extension) {
    if (!first) first = extension;
  });
  return first;
}

Element Choice(const Element& owner, std::string_view prefix) {
  if (!owner.IsObject()) return {};
  for (const Element& member : owner.members()) {
    const std::string_view name = member.name();
    // Most begin with another letter.
    if (name.size() <= prefix.size() || name.front() != prefix.front()) continue;
    if (name.starts_with(prefix) && IsCapital(name[prefix.size()])) return member;
  }
  return {};
}

std::vector<Coding> Codings(const Element& concept_element) {
  std::vector<Coding> codings;
  for (const Element& coding : CodingElements(concept_element)) {
    codings.push_back({std::string(coding["system"].text()), std::string(coding["code"].text()),
                       std::string(coding["display"].text())});
  }
  return codings;
}

bool HasCode(const Element& concept_element, std::string_view code) {
  const auto codings = CodingElements(concept_element);
  return std::any_of(codings.begin(), codings.end(),
                     [&](const Element& coding) { return coding["code"].peek() == code; });
}

std::string IdentifierOf(const Element& owner, std::string_view system) {
  for (const Element& identifier : owner["identifier"].items()) {
    if (identifier["system"].peek() != system) continue;
    identifier["system"].text();
    return std::string(identifier["value"].text());
  }
  return "";
}

std::string_view TypeOf(const Element& resource) { return resource["resourceType"].text(); }
std::string_view IdOf(const Element& resource) { return resource["id"].text(); }

}  // namespace milecastle::fhir
