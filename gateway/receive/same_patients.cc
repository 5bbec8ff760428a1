#include "inside/same_patients.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

namespace milecastle::receive {
namespace {

using record::NhsNumber;
using record::PatientClaim;

std::optional<NhsNumber> NumberOf(const PatientClaim& claim) {
  return NhsNumber::Parse(claim.nhs_number_as_sent);
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// A number as it is mostly written: ten digits, or three, three and four with a space or hyphen
// between them. Nothing that is part of a longer run of digits.
std::optional<NhsNumber> NumberAt(std::string_view text) {
  constexpr std::array<std::string_view, 3> kForms = {"dddddddddd", "ddd ddd dddd", "ddd-ddd-dddd"};
  const auto fits = [&](std::string_view form) {
    if (text.size() < form.size()) return false;
    if (text.size() > form.size() && IsDigit(text[form.size()])) return false;
    return std::equal(form.begin(), form.end(), text.begin(),
                      [](char want, char c) { return want == 'd' ? IsDigit(c) : want == c; });
  };
  const auto* const form = std::find_if(kForms.begin(), kForms.end(), fits);
  return form == kForms.end() ? std::nullopt : NhsNumber::Parse(text.substr(0, form->size()));
}

// Whatever in these bytes has the form and the check digit.
std::set<NhsNumber> NumbersIn(std::string_view bytes) {
  std::set<NhsNumber> numbers;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    if (!IsDigit(bytes[at]) || (at > 0 && IsDigit(bytes[at - 1]))) continue;
    if (const auto number = NumberAt(bytes.substr(at))) numbers.insert(*number);
  }
  return numbers;
}

bool ShareLocal(const PatientClaim& left, const PatientClaim& right) {
  const auto& others = right.local_identifiers;
  return std::any_of(left.local_identifiers.begin(), left.local_identifiers.end(),
                     [&](const record::LocalIdentifier& one) {
                       return std::find(others.begin(), others.end(), one) != others.end();
                     });
}

bool IsSame(const PatientClaim& wrong, const PatientClaim& right) {
  const auto before = NumberOf(wrong);
  const auto after = NumberOf(right);
  if (before && after) return *before == *after;
  if (!before && wrong.local_identifiers.empty()) return true;
  return ShareLocal(wrong, right);
}

bool IsRead(const Message& message) {
  return !message.refused &&
         std::none_of(message.patients.begin(), message.patients.end(),
                      [](const Patient& patient) { return patient.refused.has_value(); });
}

}  // namespace

bool SpeakOfTheSame(const Message& wrong, const Message& right) {
  if (IsRead(wrong) && wrong.patients.size() == right.patients.size()) {
    return std::equal(wrong.patients.begin(), wrong.patients.end(), right.patients.begin(),
                      [](const Patient& before, const Patient& after) {
                        return after.refused ||
                               IsSame(before.contribution.patient, after.contribution.patient);
                      });
  }
  const auto known = NumbersIn(wrong.bytes);
  if (known.empty()) return true;
  return std::all_of(right.patients.begin(), right.patients.end(), [&](const Patient& patient) {
    const auto number = NumberOf(patient.contribution.patient);
    return patient.refused || (number && known.contains(*number));
  });
}

}  // namespace milecastle::receive
