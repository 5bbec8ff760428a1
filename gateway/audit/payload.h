// What every payload says at its top level, so that one index serves events of every kind.
//
// A payload is one JSON object: {"format":1, "organisation":…, "user":…, "nhs_number":…,
// "purpose":…, "outcome":…, "sources":[…], "person":…, "entails_nothing":true, "what":{…}}. `what`
// belongs to the kind of event. Empty members are left out.
//
// Thread-safety: functions without state. Failure: ReadHeadline gives kAuditCorrupt for what is no
// payload.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace milecastle::audit {

struct Headline {
  std::string organisation;  // of the requester, or for whom a feed spoke
  std::string user;          // issuer and user, or the feed
  std::string nhs_number;    // asked for or found
  std::string purpose;
  std::string outcome;               // "permitted", "refused", "accepted" …
  std::string person;                // person id, where one was found
  std::vector<std::string> sources;  // contributing organisations whose data was decided on
  // `what` leaves nobody anything to do, so that whoever follows the log need not read it. Left
  // out, it has to be read.
  bool entails_nothing = false;
  bool operator==(const Headline&) const = default;
};

// `what` is JSON already, and is taken as it is.
std::string MakePayload(const Headline& headline, std::string_view what);
base::Result<Headline> ReadHeadline(std::string_view payload);

}  // namespace milecastle::audit
