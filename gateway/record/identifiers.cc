#include "record/identifiers.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace milecastle::record {
namespace {

std::string DigitsOf(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c == ' ' || c == '-') continue;
    digits += c;
  }
  return digits;
}

bool CheckDigitHolds(std::string_view digits) {
  int sum = 0;
  for (int i = 0; i < 9; ++i) sum += (digits[i] - '0') * (10 - i);
  const int remainder = 11 - sum % 11;
  if (remainder == 10) return false;
  return digits[9] - '0' == (remainder == 11 ? 0 : remainder);
}

// Numbers that pass the check digit and stand for "none" in real feeds.
bool IsPlaceholder(std::string_view digits) {
  constexpr std::array<std::string_view, 3> kPlaceholders = {"0000000000", "9999999999",
                                                             "0123456789"};
  return std::find(kPlaceholders.begin(), kPlaceholders.end(), digits) != kPlaceholders.end() ||
         std::all_of(digits.begin(), digits.end(), [&](char c) { return c == digits.front(); });
}

}  // namespace

NhsNumber::Fault NhsNumber::FaultOf(std::string_view text) {
  const std::string digits = DigitsOf(text);
  if (digits.size() != 10) return Fault::kForm;
  if (!std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return Fault::kForm;
  }
  if (IsPlaceholder(digits)) return Fault::kPlaceholder;
  return CheckDigitHolds(digits) ? Fault::kNone : Fault::kCheckDigit;
}

std::optional<NhsNumber> NhsNumber::Parse(std::string_view text) {
  if (FaultOf(text) != Fault::kNone) return std::nullopt;
  return NhsNumber(DigitsOf(text));
}

std::optional<OdsCode> OdsCode::Parse(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  if (text.size() < 3 || text.size() > 12) return std::nullopt;
  std::string code;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) return std::nullopt;
    code += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return OdsCode(std::move(code));
}

}  // namespace milecastle::record
