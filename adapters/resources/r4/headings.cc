#include "r4/headings.h"

#include <algorithm>
#include <vector>

#include "record/headings.h"

namespace milecastle::r4 {

std::string SlugOf(std::string_view title) {
  constexpr std::size_t kLongest = 80;
  std::string slug;
  for (const char c : title.substr(0, kLongest)) {
    const bool is_capital = c >= 'A' && c <= 'Z';
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || is_capital;
    if (is_plain) {
      slug += is_capital ? static_cast<char>(c | 0x20) : c;
    } else if (c != '\'' && !slug.empty() && slug.back() != '-') {
      slug += '-';
    }
  }
  while (slug.ends_with('-')) slug.pop_back();
  return slug;
}

std::optional<record::Section> SectionOfHeading(const record::Coded& code, std::string_view title) {
  for (const auto& coding : code.codings) {
    if (const auto section = record::SectionOfCode(coding.code)) return section;
    // UK Core's codes are titles.
    if (const auto section = record::SectionOfTitle(coding.code)) return section;
  }
  return record::SectionOfTitle(title.empty() ? std::string_view(code.text) : title);
}

std::optional<record::Section> SectionWholeUnder(const record::Coded& code,
                                                 std::string_view title) {
  std::vector<std::string_view> said = {title.empty() ? std::string_view(code.text) : title};
  for (const auto& coding : code.codings) said.push_back(coding.code);
  const bool is_part = std::any_of(said.begin(), said.end(), [](std::string_view one) {
    const bool is_known = record::SectionOfCode(one) || record::SectionOfTitle(one);
    return is_known && !record::IsWholeSection(one);
  });
  return is_part ? std::nullopt : SectionOfHeading(code, title);
}

}  // namespace milecastle::r4
