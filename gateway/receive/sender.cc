#include "receive/sender.h"

#include <algorithm>

namespace milecastle::receive {
namespace {

constexpr std::size_t kTrustLength = 3;
constexpr std::size_t kSiteLength = 5;

bool MayBeSiteOf(const record::OdsCode& code, const record::OdsCode& trust) {
  return code.text().size() == kSiteLength && trust.text().size() == kTrustLength &&
         code.text().starts_with(trust.text());
}

}  // namespace

base::Result<record::OdsCode> SourceOf(std::string_view sender, const port::Feed& feed) {
  const auto& allowed = feed.organisations;
  if (sender.empty() && allowed.size() == 1) return allowed.front();
  if (const auto code = record::OdsCode::Parse(sender)) {
    if (std::find(allowed.begin(), allowed.end(), *code) != allowed.end()) return *code;
    const auto trust = std::find_if(allowed.begin(), allowed.end(),
                                    [&](const auto& one) { return MayBeSiteOf(*code, one); });
    if (trust != allowed.end()) return *trust;
  }
  return base::Error{base::ErrorId::kSenderNotAllowed, "sending organisation",
                     "the feed is not configured to speak for it"};
}

}  // namespace milecastle::receive
