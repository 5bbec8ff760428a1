#include "detail/statement.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "detail/names.h"
#include "detail/narrative.h"
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
enum class Nested : std::uint8_t { kReaction, kSeverity, kStatus, kCriticality, kComment };
struct NestedCode {
  std::string_view code;
  Nested is;
};
constexpr auto kNested = std::to_array<NestedCode>({{"SEV", Nested::kSeverity},
                                                    {"33999-4", Nested::kStatus},
                                                    {"82606-5", Nested::kCriticality},
                                                    {"48767-8", Nested::kComment}});

std::optional<Nested> NestedOf(const xml::Node& relation, const xml::Node& inner) {
  const std::string_view code = inner["code"].attribute("code").peek();
  for (const NestedCode& line : kNested) {
    if (line.code == code) return line.is;
  }
  if (relation.attribute("typeCode").peek() == "MFST") return Nested::kReaction;
  return std::nullopt;
}

xml::Node InnerOf(const xml::Node& relation) {
  for (const char* name : {"observation", "act"}) {
    if (const xml::Node found = relation[name]) return found;
  }
  return {};
}

// A nested statement on this one, which nobody here knows, may take it back.
bool IsQualified(const xml::Node& node) {
  for (const xml::Node& relation : node.All("entryRelationship")) {
    const bool on_this = relation.attribute("typeCode").peek() == "SUBJ" &&
                         IsTrue(relation.attribute("inversionInd").peek());
    if (on_this && !NestedOf(relation, InnerOf(relation))) return true;
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

void ReadObservation(Context& context, const xml::Node& node, record::Entry& entry) {
  entry.what = CodedOf(context, node["code"]);
  if (IsAssertion(entry.what)) {
    entry.what = OfValue(context, node);
    return;
  }
  entry.value = ValueOf(context, node["value"]);
  if (!entry.value) return;
  entry.value->interpretation = node["interpretationCode"].value("code");
  const xml::Node range = node["referenceRange"]["observationRange"];
  entry.value->reference_range = Trimmed(range["text"].text());
  if (entry.value->reference_range.empty()) {
    entry.value->reference_range = QuantityOf(range["value"]);
  }
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

void AddNested(Context& context, Nested is, const xml::Node& inner, record::Entry& entry) {
  if (is == Nested::kComment) {
    const xml::Node text = inner["text"];
    const xml::Node reference = text["reference"].attribute("value");
    std::string words = reference ? context.Referred(reference) : NarrativeOf(context, text);
    if (!words.empty()) entry.free_text.push_back(std::move(words));
    return;
  }
  record::Coded value = OfValue(context, inner);
  const std::string words =
      Says(value) ? "" : context.Referred(inner["text"]["reference"].attribute("value"));
  if (!words.empty()) value.text = words;
  if (is == Nested::kStatus) SetNestedStatus(value, entry);
  constexpr auto kNames =
      std::to_array<std::string_view>({"reaction", "severity", "status", "criticality"});
  AddDetail(entry, kNames.at(static_cast<std::size_t>(is)), std::move(value));
}

}  // namespace

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
  const bool planned_not = standing.negated && standing.mood != Mood::kEvent;
  standing.certain = readable && !planned_not && !IsQualified(node);
  return standing;
}

void SetStanding(const Standing& standing, record::Entry& entry) {
  entry.status_original = standing.status;
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

bool ReadWhat(Context& context, const xml::Node& node, record::Entry& entry) {
  if (entry.kind == Kind::kMedication || entry.kind == Kind::kVaccination) {
    entry.what = SubstanceOf(context, node, entry);
  } else if (entry.kind == Kind::kProblem) {
    CodedOf(context, node["code"]);  // "Problem", "Diagnosis", "Finding"
    entry.what = OfValue(context, node);
  } else if (entry.kind == Kind::kAllergy) {
    CodedOf(context, node["code"]);
    record::Coded type = OfValue(context, node);
    entry.what = AgentOf(context, node);
    if (Says(entry.what)) {
      AddDetail(entry, "type", std::move(type));
    } else {
      entry.what = std::move(type);
    }
  } else if (node.name() == "observation") {
    ReadObservation(context, node, entry);
    AddWords(context, node, entry.what);
    return HasWords(entry.what);
  } else {
    entry.what = CodedOf(context, node["code"]);
    AddDetail(entry, "site", CodedOf(context, node["targetSiteCode"]));
    AddDetail(entry, "method", CodedOf(context, node["methodCode"]));
  }
  AddDetail(entry, "priority", CodedOf(context, node["priorityCode"]));
  AddWords(context, node, entry.what);
  return Says(entry.what);
}

void ReadNested(Context& context, const xml::Node& node, record::Entry& entry) {
  for (const xml::Node& relation : node.All("entryRelationship")) {
    const xml::Node inner = InnerOf(relation);
    const auto is = NestedOf(relation, inner);
    if (!is) continue;
    const Standing standing = StandingOf(inner);
    if (!standing.certain || standing.negated || standing.mood != Mood::kEvent) continue;
    relation.value("inversionInd");
    CodedOf(context, inner["code"]);
    AddNested(context, *is, inner, entry);
    ReadNested(context, inner, entry);
  }
}

}  // namespace milecastle::cda
