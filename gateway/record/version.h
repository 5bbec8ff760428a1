// Which version of a thing a source gives: what an older one, that comes late, is known by.
//
// A document has a number and a time of its making, a FHIR resource the moment at which its server
// last changed it, a result of HL7 v2 that of its report, a bundle or message that of its sending.
// Words of one kind are compared with each other and with nothing else. What else HL7 v2 says has
// none: its feeds keep their order, and a message that is sent again is meant.
//
// Thread-safety: values. Failure: none; what cannot be compared is of unknown order.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "record/when.h"

namespace milecastle::record {

// A moment as exactly as it was told: of a date alone, the whole day.
struct Span {
  base::Instant earliest;
  base::Instant latest;
  static Span Of(const When& when);
  bool operator==(const Span&) const = default;
};

struct Version {
  std::uint64_t number = 0;  // among the versions of one thing; 0: it has none
  std::optional<Span> made;  // CDA effectiveTime, FHIR meta.lastUpdated, HL7 v2 OBR-22
  std::optional<Span> sent;  // of the message around it: FHIR Bundle.timestamp, HL7 v2 MSH-7

  bool IsKnown() const { return number != 0 || made || sent; }
  bool operator==(const Version&) const = default;
};

// "12"; 0 for anything that is no number.
std::uint64_t VersionNumberOf(std::string_view text);

// What a clock says that lies in the future gives no order: it must not hold back what comes later,
// not even what was made before this one was received.
Version NotAfter(Version version, base::Instant received);

enum class Order : std::uint8_t { kUnknown = 1, kOlder, kNewer };
// Of the one that came against the other: by number where both have one and they differ, else by
// their making, else by their sending. Times that overlap say nothing.
Order OrderOf(const Version& came, const Version& other);

}  // namespace milecastle::record
