// What nobody read of a document, with why, one line for all of a kind.
#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>

#include "detail/names.h"
#include "detail/parts.h"

namespace milecastle::cda {
namespace {

// How a document is built, not what it says. Mood, negation and null flavour are read wherever a
// statement is made of an element.
constexpr auto kStructure = std::to_array<std::string_view>({
    "@ID",
    "@assigningAuthorityName",
    "@classCode",
    "@codeSystem",
    "@codeSystemName",
    "@codeSystemVersion",
    "@contextConductionInd",
    "@contextControlCode",
    "@determinerCode",
    "@institutionSpecified",
    "@integrityCheckAlgorithm",
    "@inversionInd",
    "@moodCode",
    "@nullFlavor",
    "@operator",
    "@qualifier",
    "@type",
    "@typeCode",
    "@use",
    "contentId",
    "messageType",
    "realmCode",
    "seperatableInd",
    "separatableInd",
    "templateId",
    "typeId",
});

struct Reason {
  std::string_view name;  // of the element or attribute
  std::string_view why;
};
constexpr auto kReasons = std::to_array<Reason>({
    {"id", "a further identifier: the part is kept under another"},
    {"setId", "a further identifier: the part is kept under another"},
    {"entry", "a coded statement of a kind that is not read: the section's narrative carries it"},
    {"entryRelationship", "a nested statement: the section's narrative carries it"},
    {"observation", "a coded statement that is not read: the section's narrative carries it"},
    {"act", "a coded statement that is not read: the section's narrative carries it"},
    {"supply", "a coded statement that is not read: the section's narrative carries it"},
    {"effectiveTime", "a time of a group: the section's narrative carries it"},
    {"languageCode", "the document's language, or a further one of the patient's"},
    {"languageCommunication", "a further language, or how well it is spoken"},
    {"validTime", "when a name was in use"},
    {"useablePeriod", "when an address is in use"},
    {"raceCode", "a category that is not used in England"},
    {"name", "of an organisation with a code the code alone is kept"},
    {"signatureCode", "that it was signed"},
    {"copyTime", "when it was copied"},
    {"qualifier",
     "a qualifier of a code that is not known here: the narrative carries the statement"},
    {"title", "a title beside the one that is kept"},
});

std::string LastOf(const std::string& place) {
  std::string last = place.substr(place.rfind('/') + 1);  // npos + 1 = 0
  return last.substr(0, last.find('['));
}

std::string WithoutPositions(std::string_view place) {
  std::string path;
  bool inside = false;
  for (const char c : place) {
    if (c == '[') inside = true;
    if (!inside) path += c;
    if (c == ']') inside = false;
  }
  return path;
}

std::string_view WhyOf(const std::string& place, const std::string& last) {
  if (place.find("ClinicalDocument") == std::string::npos) return "how the message was routed";
  for (const Reason& reason : kReasons) {
    if (reason.name == last) return reason.why;
  }
  return "not mapped";
}

}  // namespace

std::vector<record::NotCarried> ExplainUnread(const xml::Node& root) {
  std::vector<record::NotCarried> lines;
  std::map<std::string, std::pair<std::size_t, std::size_t>> seen;  // line, and how many more
  for (const xml::Node& node : root.Unread()) {
    const std::string place = node.Place();
    const std::string last = LastOf(place);
    if (std::find(kStructure.begin(), kStructure.end(), last) != kStructure.end()) continue;
    const auto [found, is_new] = seen.try_emplace(WithoutPositions(place), lines.size(), 0);
    if (is_new) {
      lines.push_back({place, std::string(WhyOf(place, last))});
    } else {
      ++found->second.second;
    }
  }
  for (const auto& [path, line] : seen) {
    if (line.second > 0) {
      lines[line.first].why += ", and " + std::to_string(line.second) + " more like it";
    }
  }
  return lines;
}

}  // namespace milecastle::cda
