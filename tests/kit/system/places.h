// Who takes part in the made-up system: 18 health and social care organisations, 135 practices and
// five voluntary ones, as many as in Berkshire West and Frimley together, and the feeds by which
// they send. Names and codes are invented: of ODS's form, and none of them given out.
//
// Thread-safety: read-only. Failure: none.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace milecastle::kit {

struct Organisation {
  std::string code;
  std::string name;
  std::string kind;  // as the policy has it
  int place = 0;
};

// All of them: the 18, the practices, the voluntary ones.
const std::vector<Organisation>& Organisations();
std::string PracticeCode(int practice);  // "Z80001"
std::string_view PlaceId(int place);     // "riverside"
std::string_view TrustOf(int place);     // the acute trust of a place
std::string_view CouncilOf(int place, bool second);

struct FeedOf {
  std::string name;
  std::string adapter;
  std::string transport;  // grpc, mllp, folder
  std::vector<std::string> organisations;
  int days = 1;  // within which something is expected
  // Whose numbers are relied on though the format cannot say that they were traced.
  bool share_untraced = false;
};
const std::vector<FeedOf>& Feeds();
const std::string& FeedFor(std::string_view organisation);  // its name
// Whose certificate sends by gRPC: "ZC1/loader". Practices send through their suppliers' extract.
std::string SenderOn(const FeedOf& feed);

}  // namespace milecastle::kit
