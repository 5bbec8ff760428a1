#include "inside/units.h"

#include <algorithm>
#include <array>
#include <string>

namespace milecastle::command {
namespace {

struct Unit {
  std::string_view word;  // in lower case, without blanks
  std::string_view ucum;
};
// Words whose code is beyond doubt, in the units that are taken for each other.
constexpr auto kUnits = std::to_array<Unit>({
    {"kg", "kg"},
    {"kilogram", "kg"},
    {"kilograms", "kg"},
    {"g", "g"},
    {"gram", "g"},
    {"grams", "g"},
    {"mg", "mg"},
    {"milligram", "mg"},
    {"milligrams", "mg"},
    {"ug", "ug"},
    {"mcg", "ug"},
    {"microgram", "ug"},
    {"micrograms", "ug"},
    {"ng", "ng"},
    {"nanogram", "ng"},
    {"nanograms", "ng"},
    {"st", "[stone_av]"},
    {"stone", "[stone_av]"},
    {"lb", "[lb_av]"},
    {"lbs", "[lb_av]"},
    {"pound", "[lb_av]"},
    {"pounds", "[lb_av]"},
    {"ml", "mL"},
    {"millilitre", "mL"},
    {"millilitres", "mL"},
    {"l", "L"},
    {"litre", "L"},
    {"litres", "L"},
    {"mm", "mm"},
    {"cm", "cm"},
    {"centimetre", "cm"},
    {"centimetres", "cm"},
    {"m", "m"},
    {"metre", "m"},
    {"metres", "m"},
    {"in", "[in_i]"},
    {"inch", "[in_i]"},
    {"inches", "[in_i]"},
    {"ft", "[ft_i]"},
    {"feet", "[ft_i]"},
    {"mmol/l", "mmol/L"},
    {"umol/l", "umol/L"},
    {"micromol/l", "umol/L"},
    {"nmol/l", "nmol/L"},
    {"pmol/l", "pmol/L"},
    {"mmol/mol", "mmol/mol"},
    {"mg/dl", "mg/dL"},
    {"g/dl", "g/dL"},
    {"g/l", "g/L"},
    {"mg/l", "mg/L"},
    {"ug/l", "ug/L"},
    {"%", "%"},
    {"mmhg", "mm[Hg]"},
    {"kpa", "kPa"},
    {"celsius", "Cel"},
    {"fahrenheit", "[degF]"},
});

std::string Folded(std::string_view word) {
  std::string folded;
  for (const char c : word) {
    if (c != ' ') folded += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  }
  return folded;
}

// UCUM's code for a word; empty where it is not known.
std::string_view UcumOf(std::string_view word) {
  const std::string folded = Folded(word);
  const auto* const found = std::find_if(kUnits.begin(), kUnits.end(),
                                         [&](const Unit& unit) { return unit.word == folded; });
  return found == kUnits.end() ? std::string_view() : found->ucum;
}

// "l" and "L" are one; a code may also be sent as a word.
std::string CodeOf(std::string_view ucum) {
  for (const Unit& unit : kUnits) {
    if (unit.ucum == ucum) return std::string(ucum);
  }
  const std::string_view meant = UcumOf(ucum);
  return std::string(meant.empty() ? ucum : meant);
}

}  // namespace

bool UnitsDisagree(std::string_view word, std::string_view ucum) {
  const std::string_view expected = UcumOf(word);
  return !expected.empty() && !ucum.empty() && CodeOf(ucum) != expected;
}

}  // namespace milecastle::command
