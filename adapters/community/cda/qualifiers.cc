#include "detail/qualifiers.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "detail/values.h"

namespace milecastle::cda {
namespace {

constexpr auto kContexts = std::to_array<std::string_view>({
    "408729009",  // finding context
    "408730004",  // procedure context
    "408732007",  // subject relationship context
    "246103008",  // certainty
});

constexpr std::string_view kLaterality = "272741003";
// In words, for what its sender did not put in any.
struct Side {
  std::string_view code;
  std::string_view words;
};
constexpr auto kSides = std::to_array<Side>(
    {{"7771000", "Left"}, {"24028007", "Right"}, {"51440002", "Right and left"}});

enum class Says : std::uint8_t { kSo, kConfirmed, kDoubtful, kNot, kOfFamily };
struct Line {
  std::string_view context;
  std::string_view value;
  Says says;
};
// SNOMED CT. A value that is not here may say anything ("probably not present").
constexpr auto kLines = std::to_array<Line>({
    {"408729009", "36692007", Says::kSo},          // known
    {"408729009", "410515003", Says::kSo},         // known present
    {"408729009", "410605003", Says::kConfirmed},  // confirmed present
    {"408729009", "415684004", Says::kDoubtful},   // suspected
    {"408729009", "410590009", Says::kDoubtful},   // known possible
    {"408729009", "410592001", Says::kDoubtful},   // probably present
    {"408729009", "410516002", Says::kNot},        // known absent
    {"408730004", "385658003", Says::kSo},         // done
    {"408730004", "385660001", Says::kNot},        // not done
    {"246103008", "17162000", Says::kConfirmed},   // certain
    {"246103008", "255545003", Says::kConfirmed},  // definite
    {"246103008", "2931005", Says::kDoubtful},     // probable
    {"246103008", "60022001", Says::kDoubtful},    // possible
    {"246103008", "64957009", Says::kDoubtful},    // uncertain
    {"408732007", "410604004", Says::kSo},         // subject of record
    {"408732007", "303071001", Says::kOfFamily},   // person in the family
    {"408732007", "444148008", Says::kOfFamily},   // person in family of subject
    {"408732007", "72705000", Says::kOfFamily},    // mother
    {"408732007", "66839005", Says::kOfFamily},    // father
    {"408732007", "27733009", Says::kOfFamily},    // sister
    {"408732007", "70924004", Says::kOfFamily},    // brother
    {"408732007", "375005", Says::kOfFamily},      // sibling
    {"408732007", "67822003", Says::kOfFamily},    // child
    {"408732007", "65616008", Says::kOfFamily},    // son
    {"408732007", "66089001", Says::kOfFamily},    // daughter
});

bool IsContextCode(std::string_view code) {
  return std::find(kContexts.begin(), kContexts.end(), code) != kContexts.end();
}

const Line* LineOf(std::string_view context, std::string_view value) {
  const auto* const found = std::find_if(kLines.begin(), kLines.end(), [&](const Line& line) {
    return line.context == context && line.value == value;
  });
  return found == kLines.end() ? nullptr : found;
}

record::Coded RelativeOf(const xml::Node& value) {
  record::Coded coded;
  coded.codings.push_back({.system = SystemOf(value.value("codeSystem")),
                           .code = std::string(value.value("code")),
                           .display = std::string(value.value("displayName"))});
  return coded;
}

void Apply(const Line* line, const xml::Node& value, Turn& turn) {
  if (line == nullptr) {
    turn.certain = false;
    return;
  }
  turn.negated = turn.negated || line->says == Says::kNot;
  turn.doubtful = turn.doubtful || line->says == Says::kDoubtful;
  turn.confirmed = turn.confirmed || line->says == Says::kConfirmed;
  if (line->says == Says::kOfFamily) turn.relative = RelativeOf(value);
  value.value("code");
  value.value("displayName");
}

bool IsInverted(const xml::Node& node) {
  const std::string_view flag = node.attribute("inverted").peek();
  return !flag.empty() && flag != "false" && flag != "0";
}

// Codes with a grammar of their own ("73211009:408729009=410516002") are not read.
bool IsExpression(std::string_view code) { return code.find_first_of(":=+{") != code.npos; }

void ReadQualifiers(const xml::Node& code, Turn& turn) {
  if (!code) return;
  if (IsExpression(code.attribute("code").peek())) turn.certain = false;
  for (const xml::Node& qualifier : code.All("qualifier")) {
    const xml::Node name = qualifier["name"];
    const xml::Node value = qualifier["value"];
    const Line* const line = LineOf(name.attribute("code").peek(), value.attribute("code").peek());
    if (line != nullptr) {
      name.value("code");
      name.value("displayName");
    }
    const bool is_plain = !IsInverted(name) && !IsInverted(qualifier) && !value["qualifier"];
    Apply(is_plain ? line : nullptr, value, turn);
  }
  for (const xml::Node& translation : code.All("translation")) ReadQualifiers(translation, turn);
}

// A nested context is read where it is a plain observation of one value, and else not known.
void ReadNestedContext(const xml::Node& nested, Turn& turn) {
  const bool is_plain = nested.attribute("moodCode").peek() == "EVN" &&
                        nested.attribute("negationInd").peek() != "true" &&
                        nested.attribute("negationInd").peek() != "1" &&
                        nested.attribute("nullFlavor").peek().empty() &&
                        nested.All("value").size() == 1;
  const xml::Node code = nested["code"];
  const xml::Node value = nested["value"];
  const Line* const line = LineOf(code.attribute("code").peek(), value.attribute("code").peek());
  Apply(is_plain ? line : nullptr, value, turn);
  if (!is_plain || line == nullptr) return;
  for (const char* name : {"code", "displayName"}) code.value(name);
  nested["statusCode"].value("code");
}

}  // namespace

bool IsContext(const xml::Node& nested) {
  return IsContextCode(nested["code"].attribute("code").peek());
}

std::vector<record::Coded> SidesOf(Context& context, const xml::Node& code) {
  std::vector<record::Coded> sides;
  for (const xml::Node& qualifier : code.All("qualifier")) {
    const xml::Node name = qualifier["name"];
    if (name.attribute("code").peek() != kLaterality || IsInverted(name) || IsInverted(qualifier)) {
      continue;
    }
    name.value("code");
    name.value("displayName");
    record::Coded side = CodedOf(context, qualifier["value"]);
    for (const Side& known : kSides) {
      const bool is_it = !side.codings.empty() && side.codings.front().code == known.code;
      if (is_it && WordsOf(side) == known.code) side.text = known.words;
    }
    sides.push_back(std::move(side));
  }
  return sides;
}

Turn TurnOf(const xml::Node& statement) {
  Turn turn;
  ReadQualifiers(statement["code"], turn);
  for (const xml::Node& value : statement.All("value")) ReadQualifiers(value, turn);
  for (const xml::Node& participant : statement.All("participant")) {
    ReadQualifiers(participant["participantRole"]["playingEntity"]["code"], turn);
  }
  const xml::Node product = statement["consumable"]["manufacturedProduct"];
  for (const char* name : {"manufacturedMaterial", "manufacturedLabeledDrug"}) {
    ReadQualifiers(product[name]["code"], turn);
  }
  for (const xml::Node& relation : statement.All("entryRelationship")) {
    for (const xml::Node& nested : relation.All("observation")) {
      if (IsContext(nested)) ReadNestedContext(nested, turn);
    }
  }
  return turn;
}

}  // namespace milecastle::cda
