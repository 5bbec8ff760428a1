// The identifiers of the field, each a type of its own.
//
// Thread-safety: values. Failure: Parse returns nothing (or a fault) for what is not one; no
// identifier is ever half right.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/uuid.h"

namespace milecastle::record {

using EntryId = base::Id<struct EntryKind>;
using PersonId = base::Id<struct PersonKind>;      // a set of linked source identities
using IdentityId = base::Id<struct IdentityKind>;  // one source's identity for one patient
using MessageId = base::Id<struct MessageKind>;    // one message in the journal
using FactId = base::Id<struct FactKind>;
using QueueItemId = base::Id<struct QueueItemKind>;
using EventId = base::Id<struct EventKind>;  // one audited event

// An NHS number (ten digits, modulus 11). Holding one means that its check digit is right and that
// it is no placeholder.
class NhsNumber {
 public:
  enum class Fault : std::uint8_t { kNone, kForm, kCheckDigit, kPlaceholder };

  // Spaces and hyphens between digits are passed over. Letters, other lengths: kForm.
  static std::optional<NhsNumber> Parse(std::string_view text);
  static Fault FaultOf(std::string_view text);

  const std::string& digits() const { return digits_; }
  auto operator<=>(const NhsNumber&) const = default;

 private:
  explicit NhsNumber(std::string digits) : digits_(std::move(digits)) {}
  std::string digits_;
};

// An Organisation Data Service code: 3 to 12 capital letters and digits. `RXX`, `5E1`, `A81001`.
// Local organisations without a code (safety.md 25) are configured as `LOCAL` and letters and
// digits of their own.
class OdsCode {
 public:
  static std::optional<OdsCode> Parse(
      std::string_view text);  // letters are raised; spaces around are dropped
  const std::string& text() const { return text_; }
  auto operator<=>(const OdsCode&) const = default;

 private:
  explicit OdsCode(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace milecastle::record
