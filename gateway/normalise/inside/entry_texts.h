// Every text of an entry that somebody could read, by where it stands.
//
// Thread-safety: pure. Failure: none.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "record/entry.h"

namespace milecastle::normalise {

enum class Place : std::uint8_t {
  kWhat,     // what it is: its words and those of its codes, its status as sent, its list
  kValue,    // a measured or stated value
  kDetails,  // service, specialty, ward, reason …
  kFreeText,
  kTitle,       // a document's
  kDocument,    // a document's body
  kPerformers,  // names, roles and organisations
  kContacts,    // people and places, a practice among them
};
inline constexpr std::array<std::string_view, 8> kPlaces = {
    "what", "value", "details", "free_text", "title", "document", "performers", "contacts"};
inline std::string_view NameOf(Place place) { return kPlaces.at(static_cast<std::size_t>(place)); }
std::optional<Place> PlaceOf(std::string_view name);

using TextTaker = std::function<void(Place, std::string_view)>;
void EachText(const record::Entry& entry, const TextTaker& take);

}  // namespace milecastle::normalise
