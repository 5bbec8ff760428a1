#include "detail/statement.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "detail/names.h"
#include "detail/narrative.h"
#include "detail/qualifiers.h"
#include "detail/timing.h"
#include "detail/values.h"

namespace milecastle::cda {
namespace {

using record::ClinicalStatus;
using record::Kind;

std::optional<Mood> MoodOf(std::string_view code) {
  struct Line {
    std::string_view code;
    Mood mood;
  };
  constexpr auto kMoods = std::to_array<Line>({{"EVN", Mood::kEvent},
                                               {"INT", Mood::kPlanned},
                                               {"PRMS", Mood::kPlanned},
                                               {"PRP", Mood::kPlanned},
                                               {"APT", Mood::kPlanned},
                                               {"ARQ", Mood::kPlanned},
                                               {"RQO", Mood::kOrdered}});
  for (const Line& line : kMoods) {
    if (line.code == code) return line.mood;
  }
  return std::nullopt;
}

// What a nested statement is for, by its own code.
enum class Nested : std::uint8_t {
  kReaction,
  kSeverity,
  kStatus,
  kCriticality,
  kAgeAtOnset,
  kAge,
  kHealth,
  kSource,
  kPrognosis,
  kPreference,
  kComment,
  kInstruction,
};
struct NestedCode {
  std::string_view code;
  Nested is;
};
constexpr auto kNested = std::to_array<NestedCode>({{"SEV", Nested::kSeverity},
                                                    {"33999-4", Nested::kStatus},
                                                    {"82606-5", Nested::kCriticality},
                                                    {"445518008", Nested::kAgeAtOnset},
                                                    {"397659008", Nested::kAge},
                                                    {"11323-3", Nested::kHealth},
                                                    {"48766-0", Nested::kSource},
                                                    {"75328-5", Nested::kPrognosis},
                                                    {"225773000", Nested::kPreference},
                                                    {"48767-8", Nested::kComment}});
// Of acts alone: what the patient or the pharmacy is told beside a medicine or a vaccine. It is in
// the mood of an intent, and takes nothing back.
constexpr auto kInstructions = std::to_array<std::string_view>(
    {"PINSTRUCT", "FINSTRUCT", "409073007", "423564006", "171044003", "394835006", "967006"});

std::optional<Nested> NestedOf(const xml::Node& relation, const xml::Node& inner) {
  const std::string_view code = inner["code"].attribute("code").peek();
  for (const NestedCode& line : kNested) {
    if (line.code == code) return line.is;
  }
  const auto* const instruction = std::find(kInstructions.begin(), kInstructions.end(), code);
  if (inner.name() == "act" && instruction != kInstructions.end()) return Nested::kInstruction;
  if (relation.attribute("typeCode").peek() == "MFST") return Nested::kReaction;
  return std::nullopt;
}

xml::Node InnerOf(const xml::Node& relation) {
  for (const char* name : {"observation", "act"}) {
    if (const xml::Node found = relation[name]) return found;
  }
  return {};
}

// A nested statement on this one, which nobody here knows, may take it back. What an act refers to
// beside what it holds is not on it.
bool IsQualified(const xml::Node& node) {
  for (const xml::Node& relation : node.All("entryRelationship")) {
    const xml::Node inner = InnerOf(relation);
    if (NestedOf(relation, inner) || IsContext(inner) || IsOfConcern(inner)) continue;
    const std::string_view type = relation.attribute("typeCode").peek();
    const bool on_this = type == "SUBJ" && IsTrue(relation.attribute("inversionInd").peek());
    const bool beside =
        (type == "REFR" || type.empty()) && node.name() != "act" && inner.name() == "observation";
    if (on_this || beside) return true;
  }
  return false;
}

bool IsNegation(const xml::Node& attribute) {
  const std::string_view name = attribute.name();
  return name == "negationInd" || name == "valueNegationInd" || name == "actionNegationInd";
}

struct StatusLine {
  std::string_view code;
  ClinicalStatus status;
};
constexpr auto kStatuses = std::to_array<StatusLine>({{"active", ClinicalStatus::kActive},
                                                      {"completed", ClinicalStatus::kCompleted},
                                                      {"aborted", ClinicalStatus::kStopped},
                                                      {"suspended", ClinicalStatus::kOnHold},
                                                      {"held", ClinicalStatus::kOnHold},
                                                      {"cancelled", ClinicalStatus::kCancelled},
                                                      {"obsolete", ClinicalStatus::kInactive}});

ClinicalStatus StatusOf(std::string_view code) {
  for (const StatusLine& line : kStatuses) {
    if (line.code == code) return line.status;
  }
  return ClinicalStatus::kUnstated;
}

// What is planned is never done: its status says how far the plan is.
ClinicalStatus StatusOfPlan(std::string_view code) {
  if (code.empty() || code == "active" || code == "new") return ClinicalStatus::kPlanned;
  if (code == "cancelled" || code == "aborted") return ClinicalStatus::kCancelled;
  return code == "completed" ? ClinicalStatus::kUnstated : StatusOf(code);
}

bool Says(const record::Coded& coded) { return !WordsOf(coded).empty(); }

// A finding whose name is a code without words could be read as anything.
bool HasWords(const record::Coded& what) {
  return !what.text.empty() ||
         std::any_of(what.codings.begin(), what.codings.end(),
                     [](const record::Coding& coding) { return !coding.display.empty(); });
}

// The words of the narrative that the statement points to, where its own say nothing.
void AddWords(Context& context, const xml::Node& node, record::Coded& what) {
  std::string words = context.Referred(node["text"]["reference"].attribute("value"));
  if (!HasWords(what)) what.text = std::move(words);
}

// Problem and allergy stand in the value, and the code only says that they do.
record::Coded OfValue(Context& context, const xml::Node& node) {
  const xml::Node value = node["value"];
  const std::string type = TypeOf(value);
  if (type == "ST" || type == "ED") {
    record::Coded coded;
    if (auto read = ValueOf(context, value)) coded.text = read->original;
    return coded;
  }
  return CodedOf(context, value);
}

record::Coded AgentOf(Context& context, const xml::Node& node) {
  for (const xml::Node& participant : node.All("participant")) {
    if (participant.attribute("typeCode").peek() != "CSM") continue;
    const xml::Node entity = participant["participantRole"]["playingEntity"];
    record::Coded agent = CodedOf(context, entity["code"]);
    const std::string name = Trimmed(entity["name"].text());
    if (agent.text.empty()) agent.text = name;
    if (Says(agent)) return agent;
  }
  return {};
}

void ReadDose(Context& context, const xml::Node& node, record::Entry& entry) {
  for (const auto& [element, name] :
       {std::pair{"doseQuantity", "dose"}, {"rateQuantity", "rate"}}) {
    AddDetail(entry, name, QuantityOf(node[element]));
  }
  AddDetail(entry, "timing", TimingOf(node));
  AddDetail(entry, "maximum dose", MostOf(node));
  for (const auto& [element, name] : {std::pair{"routeCode", "route"},
                                      {"approachSiteCode", "site"},
                                      {"administrationUnitCode", "form"}}) {
    AddDetail(entry, name, CodedOf(context, node[element]));
  }
  const xml::Node condition = node["precondition"]["criterion"];
  AddDetail(entry, "only if", Trimmed(condition["text"].text()));
  AddDetail(entry, "only if", OfValue(context, condition));
}

record::Coded SubstanceOf(Context& context, const xml::Node& node, record::Entry& entry) {
  const xml::Node product = node["consumable"]["manufacturedProduct"];
  const xml::Node material = product["manufacturedMaterial"] ? product["manufacturedMaterial"]
                                                             : product["manufacturedLabeledDrug"];
  record::Coded substance = CodedOf(context, material["code"]);
  const std::string name = Trimmed(material["name"].text());
  if (substance.text.empty()) substance.text = name;
  AddDetail(entry, "batch", Trimmed(material["lotNumberText"].text()));
  AddDetail(entry, "manufacturer", Trimmed(product["manufacturerOrganization"]["name"].text()));
  ReadDose(context, node, entry);
  return substance;
}

bool IsAssertion(const record::Coded& code) {
  return !code.codings.empty() && code.codings.front().code == "ASSERTION";
}

// "3.5 - 5.1", or of several "Normal: 3.5 - 5.1; Critical: < 2.5": each with what it is of.
std::string RangesOf(Context& context, const xml::Node& observation) {
  const auto ranges = observation.All("referenceRange");
  std::string all;
  for (const xml::Node& each : ranges) {
    const xml::Node range = each["observationRange"];
    std::string words = Trimmed(range["text"].text());
    if (words.empty()) words = QuantityOf(range["value"]);
    if (words.empty()) continue;
    if (ranges.size() > 1) {
      const std::string of = WordsOf(CodedOf(context, range["interpretationCode"]));
      if (!of.empty()) words.insert(0, of + ": ");
    }
    all += (all.empty() ? "" : "; ") + words;
  }
  return all;
}

void ReadObservation(Context& context, const xml::Node& node, record::Entry& entry) {
  entry.what = CodedOf(context, node["code"]);
  if (IsAssertion(entry.what)) {
    entry.what = OfValue(context, node);
    return;
  }
  entry.value = ValueOf(context, node["value"]);
  if (!entry.value) return;
  entry.value->interpretation = node["interpretationCode"].value("code");
  entry.value->reference_range = RangesOf(context, node);
}

void SetNestedStatus(const record::Coded& status, record::Entry& entry) {
  struct Line {
    std::string_view code;
    ClinicalStatus status;
  };
  constexpr auto kCodes = std::to_array<Line>({{"55561003", ClinicalStatus::kActive},
                                               {"73425007", ClinicalStatus::kInactive},
                                               {"413322009", ClinicalStatus::kResolved}});
  for (const record::Coding& coding : status.codings) {
    for (const Line& line : kCodes) {
      // An end that is stated outweighs a status that was not brought up to date.
      if (line.code == coding.code && entry.status != ClinicalStatus::kResolved) {
        entry.status = line.status;
      }
    }
  }
}

// What a comment or an instruction says: of an instruction without text its name.
void AddRemark(Context& context, Nested is, const xml::Node& inner, record::Entry& entry) {
  const xml::Node text = inner["text"];
  const xml::Node reference = text["reference"].attribute("value");
  std::string words = reference ? context.Referred(reference) : NarrativeOf(context, text);
  const std::string name = WordsOf(CodedOf(context, inner["code"]));
  if (words.empty() && is == Nested::kInstruction) words = name;
  if (!words.empty()) entry.free_text.push_back(std::move(words));
}

// A nested value in its own words: coded, measured ("57 a"), or those that it points to.
record::Coded NestedValueOf(Context& context, const xml::Node& inner) {
  record::Coded value = OfValue(context, inner);
  if (Says(value)) return value;
  if (const auto measured = ValueOf(context, inner["value"])) value.text = measured->original;
  const xml::Node reference = inner["text"]["reference"].attribute("value");
  if (value.text.empty()) value.text = context.Referred(reference);
  return value;
}

void AddNested(Context& context, Nested is, const xml::Node& inner, record::Entry& entry) {
  if (is >= Nested::kComment) return AddRemark(context, is, inner, entry);
  record::Coded value = NestedValueOf(context, inner);
  if (is == Nested::kStatus) SetNestedStatus(value, entry);
  constexpr auto kNames = std::to_array<std::string_view>(
      {"reaction", "severity", "status", "criticality", "age at onset", "age", "health status",
       "information source", "prognosis", "preference"});
  AddDetail(entry, kNames.at(static_cast<std::size_t>(is)), std::move(value));
}

// An instruction is an intent; anything else that is planned says nothing of what is.
bool MayBeAdded(Nested is, const Standing& standing) {
  if (is != Nested::kInstruction) return IsPlain(standing);
  return standing.certain && !standing.negated && !IsOfFamily(standing);
}

}  // namespace

bool HasTemplate(const xml::Node& node, std::span<const std::string_view> roots) {
  const auto templates = node.All("templateId");
  return std::any_of(templates.begin(), templates.end(), [&](const xml::Node& one) {
    return std::find(roots.begin(), roots.end(), one.attribute("root").peek()) != roots.end();
  });
}

bool IsOfConcern(const xml::Node& nested) {
  static constexpr auto kTemplates = std::to_array<std::string_view>(
      {"2.16.840.1.113883.10.20.22.4.4", "2.16.840.1.113883.10.20.22.4.7"});
  return nested.name() == "observation" && HasTemplate(nested, kTemplates);
}

Standing StandingOf(const xml::Node& node) {
  Standing standing;
  const auto mood = MoodOf(node.value("moodCode"));
  standing.mood = mood.value_or(Mood::kPlanned);
  standing.status = node["statusCode"].value("code");
  standing.doubtful = node["uncertaintyCode"].exists();
  node["uncertaintyCode"].Take();
  bool readable = mood.has_value() && node.attribute("nullFlavor").peek().empty();
  for (const xml::Node& attribute : node.attributes()) {
    if (!IsNegation(attribute)) continue;
    const std::string_view flag = attribute.text();
    standing.negated = standing.negated || IsTrue(flag);
    readable = readable && (IsTrue(flag) || flag == "false" || flag == "0");
  }
  const Turn turn = TurnOf(node);
  const bool twice = turn.negated && (standing.negated || turn.doubtful || turn.confirmed);
  standing.negated = standing.negated || turn.negated;
  standing.doubtful = standing.doubtful || turn.doubtful;
  standing.confirmed = turn.confirmed && !standing.doubtful;
  standing.relative = turn.relative;
  const bool planned_not = standing.negated && standing.mood != Mood::kEvent;
  standing.certain = readable && turn.certain && !twice && !planned_not && !IsQualified(node);
  return standing;
}

bool IsPlain(const Standing& standing) {
  return standing.certain && standing.mood == Mood::kEvent && !standing.negated &&
         !IsOfFamily(standing);
}

bool IsOfFamily(const Standing& standing) { return !standing.relative.codings.empty(); }

void SetStanding(const Standing& standing, record::Entry& entry) {
  entry.status_original = standing.status;
  if (standing.confirmed) entry.verification = record::Verification::kConfirmed;
  if (standing.doubtful) entry.verification = record::Verification::kSuspected;
  if (standing.mood == Mood::kEvent) {
    entry.status = StatusOf(standing.status);
    const bool is_done = entry.kind == Kind::kProcedure || entry.kind == Kind::kVaccination ||
                         entry.kind == Kind::kEncounter;
    if (is_done && standing.status == "completed") entry.intent = record::Intent::kDone;
    if (standing.status == "cancelled") entry.intent = record::Intent::kNotDone;
    return;
  }
  entry.status = StatusOfPlan(standing.status);
  entry.intent =
      standing.mood == Mood::kOrdered ? record::Intent::kOrdered : record::Intent::kPlanned;
}

// What kind of statement the value is: "Diagnosis", "Finding". That it is one at all says nothing.
void AddCategory(Context& context, const xml::Node& code, record::Entry& entry) {
  const bool is_bare = code.attribute("code").peek() == "ASSERTION";
  record::Coded category = CodedOf(context, code);
  if (!is_bare) AddDetail(entry, "category", std::move(category));
}

// Where in or on the body, and on which side.
void AddSite(Context& context, const xml::Node& node, record::Entry& entry) {
  for (const xml::Node& site : node.All("targetSiteCode")) {
    AddDetail(entry, "site", CodedOf(context, site));
    for (record::Coded& side : SidesOf(context, site)) AddDetail(entry, "side", std::move(side));
  }
}

bool ReadWhat(Context& context, const xml::Node& node, record::Entry& entry) {
  if (entry.kind == Kind::kMedication || entry.kind == Kind::kVaccination) {
    entry.what = SubstanceOf(context, node, entry);
  } else if (entry.kind == Kind::kProblem) {
    AddCategory(context, node["code"], entry);
    entry.what = OfValue(context, node);
  } else if (entry.kind == Kind::kAllergy) {
    AddCategory(context, node["code"], entry);
    record::Coded type = OfValue(context, node);
    entry.what = AgentOf(context, node);
    if (Says(entry.what)) {
      AddDetail(entry, "type", std::move(type));
    } else {
      entry.what = std::move(type);
    }
  } else if (node.name() == "observation") {
    ReadObservation(context, node, entry);
    AddSite(context, node, entry);
    AddWords(context, node, entry.what);
    return HasWords(entry.what);
  } else {
    entry.what = CodedOf(context, node["code"]);
    AddDetail(entry, "method", CodedOf(context, node["methodCode"]));
  }
  AddDetail(entry, "priority", CodedOf(context, node["priorityCode"]));
  AddSite(context, node, entry);
  AddWords(context, node, entry.what);
  return Says(entry.what);
}

void ReadNested(Context& context, const xml::Node& node, record::Entry& entry) {
  for (const xml::Node& relation : node.All("entryRelationship")) {
    const xml::Node inner = InnerOf(relation);
    const auto is = NestedOf(relation, inner);
    if (!is) continue;
    if (!MayBeAdded(*is, StandingOf(inner))) continue;
    relation.value("inversionInd");
    CodedOf(context, inner["code"]);
    AddNested(context, *is, inner, entry);
    ReadNested(context, inner, entry);
  }
}

}  // namespace milecastle::cda
