#include "inside/keep_back.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "base/text.h"

namespace milecastle::open_referral {
namespace {

// As letters alone: "Women's Aid", "WOMENS AID" and "women-s-aid" are one.
constexpr auto kShelters = std::to_array<std::string_view>(
    {"refuge", "safehouse", "safeaccommodation", "safehaven", "placeofsafety", "womensaid",
     "domesticabuse", "domesticviolence", "sexualviolence", "honourbased", "honorbased",
     "forcedmarriage", "fleeing", "modernslavery", "traffick"});
// A charity for them has an address like any other.
constexpr std::string_view kRefugee = "refugee";

// The Latin letters of full width as their own: U+FF01 to U+FF5E are EF BC 81 to EF BD 9E.
std::string Narrow(std::string_view text) {
  std::string narrow;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto at = [&](std::size_t ahead) {
      return i + ahead < text.size() ? static_cast<unsigned char>(text[i + ahead]) : 0U;
    };
    const bool is_wide = at(0) == 0xEF && (at(1) == 0xBC || at(1) == 0xBD) && at(2) >= 0x80;
    if (!is_wide) {
      narrow += text[i];
      continue;
    }
    const unsigned code = 0xF000U | ((at(1) & 0x3FU) << 6U) | (at(2) & 0x3FU);
    if (code >= 0xFF01 && code <= 0xFF5E) narrow += static_cast<char>(code - 0xFF01 + '!');
    i += 2;
  }
  return narrow;
}

bool SaysShelter(std::string_view text) {
  std::string letters = base::LettersAndDigits(Narrow(text));
  for (auto at = letters.find(kRefugee); at != std::string::npos; at = letters.find(kRefugee)) {
    letters.erase(at, kRefugee.size());
  }
  return std::any_of(kShelters.begin(), kShelters.end(), [&](std::string_view word) {
    return letters.find(word) != std::string::npos;
  });
}

// A number in a name may be that of a house.
bool MayTellWhere(const record::DirectoryService& service, std::string_view name) {
  const auto holds = [&](std::string_view part) {
    return !part.empty() &&
           base::LettersAndDigits(name).find(base::LettersAndDigits(part)) != std::string::npos;
  };
  if (std::any_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return true;
  }
  return std::any_of(service.locations.begin(), service.locations.end(), [&](const auto& place) {
    return !place.lines.empty() && holds(place.lines.front());
  });
}

}  // namespace

bool MayShelter(const record::DirectoryService& service) {
  return SaysShelter(service.name) || SaysShelter(service.organisation) ||
         SaysShelter(service.description) ||
         std::any_of(service.terms.begin(), service.terms.end(),
                     [](const record::ServiceTerm& term) { return SaysShelter(term.name); });
}

void KeepBack(record::DirectoryService* service) {
  for (std::string* const name : {&service->name, &service->organisation}) {
    if (MayTellWhere(*service, *name)) *name = "A service that is asked by telephone";
  }
  service->address_kept_back = true;
  service->locations.clear();
  service->schedules.clear();
  service->open.clear();
  service->areas.clear();
  service->costs.clear();
  service->description.clear();
  service->alert.clear();
  service->url.clear();
  service->email.clear();
  service->fees.clear();
}

}  // namespace milecastle::open_referral
