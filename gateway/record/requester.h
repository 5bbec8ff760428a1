// Who asks: made by authenticate/ from a verified certificate and a signed token, read by every
// later step.
//
// Thread-safety: values. Failure: none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "record/identifiers.h"

namespace milecastle::record {

// Why a record is asked for. The first twelve words are the command line's and the policy's:
// "direct-care" …
enum class Purpose : std::uint8_t {
  kDirectCare = 1,
  kEmergency,  // break glass, always with a coded reason (FHIR v3-ActReason ETREAT, BTG)
  kReferral,
  kMeeting,
  kSafeguarding,
  kPatientAccess,  // the person's own access, or a proxy's
  kAudit,
  kPlanning,
  kResearch,
  kMedicalExaminer,  // or coroner
  kCourtOrder,
  kPolice,    // or regulator
  kAdvocate,  // statutory advocate
  kSafetyInvestigation,
};
std::string_view KeyOf(Purpose purpose);
std::optional<Purpose> PurposeOf(std::string_view key);

// A launch from an open local record, attested by a certified system inside the user's token.
struct AttestedLaunch {
  std::string nhs_number;  // whose record was open
  base::Instant at;
  bool operator==(const AttestedLaunch&) const = default;
};

struct Requester {
  std::optional<OdsCode> organisation;  // always present on an authenticated requester
  std::string system;                   // the certificate's system name
  std::string user;                     // the issuer's stable id for the user
  std::string issuer;                   // who vouches for the user
  std::vector<std::string> roles;       // SDS job role codes: R8000, B0083 …
  std::string team;
  std::uint8_t assurance = 0;  // identity assurance: 0 none … 3 smartcard or equal
  std::string token_id;        // jti
  std::optional<AttestedLaunch> launch;
  bool operator==(const Requester&) const = default;
};

}  // namespace milecastle::record
