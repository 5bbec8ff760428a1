#include "inside/giver.h"

#include <algorithm>
#include <array>
#include <set>
#include <span>
#include <string>

#include "base/text.h"
#include "record/refusal.h"
#include "resources/terms.h"

namespace milecastle::r4 {
namespace {

using fhir::Element;
using resources::Context;

constexpr auto kProfessionals =
    std::to_array<std::string_view>({"Practitioner", "PractitionerRole", "Organization"});
constexpr auto kSelf = std::to_array<std::string_view>(
    {"self", "patient", "themself", "themselves", "herself", "himself"});
// Of a patient's names and numbers, so that many performers cost no more than each its own.
constexpr std::size_t kMostParts = 10;
constexpr std::size_t kMostIdentifiers = 100;
constexpr std::size_t kLongestName = 200;
// Between the words of a name.
constexpr auto kJoining = std::to_array<std::string_view>({"the"});
constexpr auto kKin = std::to_array<std::string_view>({
    "husband",     "wife",       "spouse",        "partner",      "mother",     "father",
    "mum",         "mom",        "mummy",         "dad",          "daddy",      "parent",
    "parents",     "son",        "daughter",      "child",        "brother",    "sister",
    "sibling",     "carer",      "caregiver",     "guardian",     "aunt",       "uncle",
    "niece",       "nephew",     "cousin",        "grandmother",  "nan",        "grandfather",
    "grandparent", "grandson",   "granddaughter", "gran",         "grandma",    "grandad",
    "stepmother",  "stepfather", "stepson",       "stepdaughter", "stepparent", "fiance",
    "fiancee",     "boyfriend",  "girlfriend",    "ex",           "friend",     "neighbour",
    "relative",    "relation",   "family",        "kin",          "nok",        "attorney",
    "deputy",      "proxy",      "widow",         "widower",      "law",        "representative",
});

bool Has(std::span<const std::string_view> words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::set<std::string> WordsOf(std::string_view text) {
  std::set<std::string> words;
  std::string word;
  for (const char c : record::PlainWords(base::Lower(text))) {
    if (c != ' ') {
      word += c;
    } else if (!word.empty()) {
      words.insert(std::move(word));
      word.clear();
    }
  }
  return words;
}

// The words of one of the patient's names.
struct Name {
  std::set<std::string> family;
  std::set<std::string> given;
  std::set<std::string> all;
};

// Of one part of a name; what is no name that somebody has is not looked at.
std::set<std::string> WordsIn(const Element& part) {
  std::set<std::string> words;
  std::size_t count = 0;
  for (const Element& item : part.items()) {
    if (++count > kMostParts) break;
    if (item.peek().size() <= kLongestName) words.merge(WordsOf(item.peek()));
  }
  return words;
}

Name NameOf(const Element& name) {
  Name words;
  words.family = WordsIn(name["family"]);
  words.given = WordsIn(name["given"]);
  words.all = words.family;
  words.all.insert(words.given.begin(), words.given.end());
  words.all.merge(WordsIn(name["prefix"]));
  words.all.merge(WordsIn(name["suffix"]));
  return words;
}

enum class Named { kNobody, kPatient, kOther, kUnplaced };

// What of a display is no part of a name that stands in it whole, family and given.
bool IsName(const std::set<std::string>& said, const Name& name) {
  const auto in = [&](const std::string& word) { return said.contains(word); };
  return !name.family.empty() && std::all_of(name.family.begin(), name.family.end(), in) &&
         std::any_of(name.given.begin(), name.given.end(), in) &&
         std::all_of(said.begin(), said.end(), [&](const std::string& word) {
           return name.all.contains(word) || Has(kSelf, word) || Has(kJoining, word);
         });
}

// The patient's own name and nothing else, "self" or "patient"; a word of kinship that is no part
// of their name is another's.
Named NamedBy(const Element& patient, std::string_view display) {
  if (display.size() > kLongestName) return Named::kUnplaced;
  const std::set<std::string> said = WordsOf(display);
  if (said.empty()) return Named::kNobody;
  std::set<std::string> own;
  std::size_t count = 0;
  for (const Element& name : patient["name"].items()) {
    if (++count > kMostParts) break;
    Name words = NameOf(name);
    if (IsName(said, words)) return Named::kPatient;
    own.merge(words.all);
  }
  if (std::all_of(said.begin(), said.end(), [](const std::string& word) {
        return Has(kSelf, word) || Has(kJoining, word);
      })) {
    return Named::kPatient;
  }
  const bool is_kin = std::any_of(said.begin(), said.end(), [&](const std::string& word) {
    return Has(kKin, word) && !own.contains(word);
  });
  return is_kin ? Named::kOther : Named::kUnplaced;
}

std::string WithoutSpaces(std::string_view text) {
  std::string out(text);
  std::erase(out, ' ');
  return out;
}

bool IsSame(const Element& one, const Element& other) {
  const std::string value = WithoutSpaces(one["value"].peek());
  return !value.empty() && one["system"].peek() == other["system"].peek() &&
         value == WithoutSpaces(other["value"].peek());
}

// Whether an identifier is among the patient's own, or the one that the consent names them by.
bool IsOwn(Context& context, const Element& identifier, const Element& consent) {
  if (IsSame(identifier, consent["patient"]["identifier"])) return true;
  if (!context.patient()) {
    return identifier["system"].peek() == resources::kNhsNumber &&
           WithoutSpaces(identifier["value"].peek()) == context.subject().nhs_number;
  }
  std::size_t count = 0;
  for (const Element& own : context.patient()["identifier"].items()) {
    if (++count > kMostIdentifiers) break;
    if (IsSame(identifier, own)) return true;
  }
  return false;
}

bool IsOf(std::string_view type, const Element& performer, const Element& target) {
  return performer["type"].peek() == type || target["resourceType"].peek() == type ||
         performer["reference"].peek().find(std::string(type) + "/") != std::string_view::npos;
}

// By where the reference leads or whose identifier it holds, words aside; kUnsaid: neither tells.
Giver ByReference(Context& context, const Element& performer, const Element& consent) {
  const std::string_view reference = performer["reference"].peek();
  const Element target = context.Resolve(reference, consent);
  const bool is_same = !reference.empty() && reference == consent["patient"]["reference"].peek();
  if (is_same || (!reference.empty() && context.IsPatient(performer, consent))) {
    return Giver::kPatient;
  }
  const Element identifier = performer["identifier"];
  if (IsOwn(context, identifier, consent)) return Giver::kPatient;
  if (IsOf("RelatedPerson", performer, target)) return Giver::kOther;
  const bool is_professional =
      std::any_of(kProfessionals.begin(), kProfessionals.end(),
                  [&](std::string_view type) { return IsOf(type, performer, target); });
  if (is_professional) return Giver::kProfessional;
  // Another number, or a resource that is not this patient's.
  const bool is_number =
      identifier["system"].peek() == resources::kNhsNumber && !identifier["value"].peek().empty();
  return is_number || target.exists() ? Giver::kOther : Giver::kUnsaid;
}

Giver GiverIn(Context& context, const Element& performer, const Element& consent) {
  const Giver giver = ByReference(context, performer, consent);
  const Named named = NamedBy(context.patient(), performer["display"].peek());
  if (giver == Giver::kPatient) {
    return named == Named::kOther ? Giver::kUnplaced : Giver::kPatient;
  }
  if (giver != Giver::kUnsaid) return giver;
  const bool has_address = !performer["reference"].peek().empty();
  const bool has_identifier = !performer["identifier"]["value"].peek().empty();
  if (named == Named::kOther) return Giver::kOther;
  if (has_address || has_identifier) return Giver::kUnplaced;
  if (named == Named::kPatient) return Giver::kPatient;
  const bool is_type = performer["type"].peek() == "Patient";
  return is_type && named == Named::kNobody ? Giver::kPatient : Giver::kUnplaced;
}

}  // namespace

Giver GiverOf(Context& context, const Element& consent) {
  Giver giver = Giver::kUnsaid;
  for (const Element& performer : consent["performer"].items()) {
    giver = std::max(giver, GiverIn(context, performer, consent));
  }
  return giver;
}

}  // namespace milecastle::r4
