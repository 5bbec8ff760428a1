// UUIDs: version 7 (RFC 9562) for everything that Milecastle names, so that ids sort by the time of
// their making.
//
// Thread-safety: NewUuid may be called from any thread. Failure: none; without randomness the
// process ends.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace milecastle::base {

struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  auto operator<=>(const Uuid&) const = default;

  static Uuid New(Instant now);                             // version 7
  static std::optional<Uuid> Parse(std::string_view text);  // 8-4-4-4-12 hexadecimal digits
  static std::optional<Uuid> FromBytes(std::string_view sixteen);
  std::string ToString() const;
  std::string_view AsBytes() const;  // 16 bytes; lives as long as the Uuid
};

// A Uuid that names one kind of thing: passing an EntryId for a PersonId does not compile.
template <class Kind>
struct Id {
  Uuid uuid;

  auto operator<=>(const Id&) const = default;
  static Id New(Instant now) { return {Uuid::New(now)}; }
  static std::optional<Id> Parse(std::string_view text) {
    const auto parsed = Uuid::Parse(text);
    return parsed ? std::optional<Id>(Id{*parsed}) : std::nullopt;
  }
  std::string ToString() const { return uuid.ToString(); }
};

}  // namespace milecastle::base

template <>
struct std::hash<milecastle::base::Uuid> {
  std::size_t operator()(const milecastle::base::Uuid& id) const noexcept;
};
template <class Kind>
struct std::hash<milecastle::base::Id<Kind>> {
  std::size_t operator()(const milecastle::base::Id<Kind>& id) const noexcept {
    return std::hash<milecastle::base::Uuid>()(id.uuid);
  }
};
