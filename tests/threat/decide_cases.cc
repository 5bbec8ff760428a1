// Puts cases to the shipped engine: one JSON object a line in, what was decided a line out. It
// knows nothing of what is right; policy_oracle.py does, and says what it is written from.
//
//   decide_cases POLICY... < cases > answers
//
// A case with "action" is put to DecideAction, any other to Decider::Decide. Times are seconds
// since 1970. Exit 2: the policy or a case cannot be read.
#include <boost/json.hpp>
#include <filesystem>
#include <iostream>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "decide/action.h"
#include "decide/consents.h"
#include "decide/decider.h"

namespace milecastle {
namespace {

namespace json = boost::json;
using decide::Match;
using record::LocationProtection;
using record::Standing;
using record::Verification;

base::Instant At(const json::value& seconds) {
  return base::Instant(std::chrono::seconds(seconds.to_number<std::int64_t>()));
}

std::string Text(const json::object& from, std::string_view name) {
  const json::value* const found = from.if_contains(name);
  return found && found->is_string() ? std::string(found->get_string()) : std::string();
}

std::optional<base::Instant> MaybeAt(const json::object& from, std::string_view name) {
  const json::value* const found = from.if_contains(name);
  if (!found || found->is_null()) return std::nullopt;
  return At(*found);
}

bool Flag(const json::object& from, std::string_view name) {
  const json::value* const found = from.if_contains(name);
  return found && found->is_bool() && found->get_bool();
}

std::vector<std::string> Texts(const json::object& from, std::string_view name) {
  std::vector<std::string> texts;
  if (const json::value* const found = from.if_contains(name)) {
    for (const json::value& text : found->as_array()) texts.emplace_back(text.as_string());
  }
  return texts;
}

// Every word of a case is one that the generator took from the documentation: another is an error.
template <class Parse>
auto Read(const std::string& text, Parse parse) {
  auto parsed = parse(text);
  if (!parsed) throw std::runtime_error("not a word of the documentation: " + text);
  return *parsed;
}

template <class Parse>
auto ReadAll(const json::object& from, std::string_view name, Parse parse) {
  std::vector<decltype(Read({}, parse))> all;
  for (const std::string& text : Texts(from, name)) all.push_back(Read(text, parse));
  return all;
}

template <class Value, std::size_t Size>
Value Word(const std::pair<std::string_view, Value> (&words)[Size], const std::string& text) {
  for (const auto& [word, value] : words) {
    if (word == text) return value;
  }
  throw std::runtime_error("not a word of the documentation: " + text);
}

record::Kind KindOf(const std::string& text) {
  static constexpr std::pair<std::string_view, record::Kind> kWords[] = {
      {"allergy", record::Kind::kAllergy},     {"problem", record::Kind::kProblem},
      {"document", record::Kind::kDocument},   {"alert", record::Kind::kAlert},
      {"statement", record::Kind::kStatement}, {"observation", record::Kind::kObservation}};
  return Word(kWords, text);
}

Standing StandingOf(const std::string& text) {
  static constexpr std::pair<std::string_view, Standing> kWords[] = {
      {"current", Standing::kCurrent},
      {"superseded", Standing::kSuperseded},
      {"withdrawn", Standing::kWithdrawn},
      {"no_longer_sent", Standing::kNoLongerSent}};
  return Word(kWords, text);
}

Verification VerificationOf(const std::string& text) {
  static constexpr std::pair<std::string_view, Verification> kWords[] = {
      {"unstated", Verification::kUnstated},
      {"confirmed", Verification::kConfirmed},
      {"suspected", Verification::kSuspected},
      {"refuted", Verification::kRefuted},
      {"entered_in_error", Verification::kEnteredInError}};
  return Word(kWords, text);
}

LocationProtection LevelOf(const std::string& text) {
  static constexpr std::pair<std::string_view, LocationProtection> kWords[] = {
      {"none", LocationProtection::kNone},
      {"local", LocationProtection::kLocal},
      {"national", LocationProtection::kNational}};
  return Word(kWords, text);
}

Match MatchOf(const std::string& text) {
  static constexpr std::pair<std::string_view, Match> kWords[] = {
      {"no_such_person", Match::kNoSuchPerson},
      {"details_mismatch", Match::kDetailsMismatch},
      {"matched", Match::kMatched},
      {"matched_name_differs", Match::kMatchedNameDiffers}};
  return Word(kWords, text);
}

record::Requester RequesterOf(const json::object& from) {
  record::Requester requester;
  requester.organisation = record::OdsCode::Parse(Text(from, "organisation"));
  requester.system = Text(from, "system");
  requester.user = Text(from, "user");
  requester.issuer = "https://idp.example";
  requester.roles = Texts(from, "roles");
  requester.team = Text(from, "team");
  requester.assurance = from.at("assurance").to_number<std::uint8_t>();
  if (const json::object* const launch = from.at("launch").if_object()) {
    requester.launch = record::AttestedLaunch{Text(*launch, "nhs_number"), At(launch->at("at"))};
  }
  return requester;
}

record::Evidence EvidenceOf(const json::object& from) {
  return {.id = record::FactId::New(base::Instant{}),
          .kind = Read(Text(from, "kind"), record::EvidenceKindOf),
          .organisation = Read(Text(from, "organisation"), record::OdsCode::Parse),
          .user = Text(from, "user"),
          .reference = Text(from, "reference"),
          .period = {At(from.at("from")), MaybeAt(from, "until")}};
}

record::Consent ConsentOf(const json::object& from) {
  record::Consent consent;
  consent.id = record::FactId::New(base::Instant{});
  consent.kind = Read(Text(from, "kind"), record::ConsentKindOf);
  consent.by = Read(Text(from, "by"), record::ConsentByOf);
  consent.scope = {.sections = ReadAll(from, "sections", record::SectionOf),
                   .sources = ReadAll(from, "sources", record::OdsCode::Parse),
                   .consumers = ReadAll(from, "consumers", record::OdsCode::Parse),
                   .purposes = ReadAll(from, "purposes", record::PurposeOf),
                   .labels = Texts(from, "labels")};
  consent.team = Text(from, "team");
  consent.period = {At(from.at("from")), MaybeAt(from, "until")};
  consent.withdrawn = MaybeAt(from, "withdrawn");
  consent.informed = Flag(from, "informed");
  return consent;
}

record::PatientFacts FactsOf(const json::object& from) {
  record::PatientFacts facts;
  for (const json::value& item : from.at("evidence").as_array()) {
    facts.evidence.push_back(EvidenceOf(item.as_object()));
  }
  for (const json::value& item : from.at("consents").as_array()) {
    facts.consents.push_back(ConsentOf(item.as_object()));
  }
  for (const json::value& item : from.at("flags").as_array()) {
    const json::object& flag = item.as_object();
    facts.location_flags.push_back(
        {LevelOf(Text(flag, "level")), Text(flag, "by"), At(flag.at("as_of"))});
  }
  facts.active = Flag(from, "active");
  facts.untraced_sources = ReadAll(from, "untraced_sources", record::OdsCode::Parse);
  facts.under_merge_review = Flag(from, "merge_review");
  return facts;
}

record::EntryClass ClassOf(const json::object& from) {
  return {.source = Read(Text(from, "source"), record::OdsCode::Parse),
          .section = Read(Text(from, "section"), record::SectionOf),
          .kind = KindOf(Text(from, "kind")),
          .standing = StandingOf(Text(from, "standing")),
          .verification = VerificationOf(Text(from, "verification")),
          .labels = Texts(from, "labels")};
}

decide::Request RequestOf(const json::object& from) {
  decide::Request request;
  request.requester = RequesterOf(from.at("requester").as_object());
  request.purpose = Read(Text(from, "purpose"), record::PurposeOf);
  request.reason_code = Text(from, "reason_code");
  request.case_reference = Text(from, "case_reference");
  if (from.at("declared").is_string()) {
    request.self_declaration = decide::SelfDeclaration{Text(from, "declared")};
  }
  request.sections = ReadAll(from, "sections", record::SectionOf);
  request.match = MatchOf(Text(from, "match"));
  request.nhs_number = record::NhsNumber::Parse(Text(from, "nhs_number"));
  request.birth_date = record::BirthDate::Parse(Text(from, "birth_date"));
  return request;
}

json::array MaskOf(const decide::Mask& mask) {
  json::array fields;
  for (unsigned at = 1; at <= static_cast<unsigned>(decide::MaskField::kSource); ++at) {
    const auto field = static_cast<decide::MaskField>(at);
    if (mask.Has(field)) fields.emplace_back(decide::KeyOf(field));
  }
  return fields;
}

json::object VerdictOf(const decide::Decision& decision, const decide::Verdict& verdict) {
  return {{"outcome", decide::KeyOf(verdict.outcome)},
          {"reason", decide::KeyOf(verdict.reason)},
          {"told", decide::KeyOf(decision.ReasonForReader(verdict))},
          {"mask", MaskOf(verdict.mask)}};
}

json::array DutiesOf(const decide::Decision& decision) {
  json::array duties;
  for (const decide::Duty& duty : decision.duties()) {
    duties.push_back(json::array{decide::KeyOf(duty.kind), duty.cause, duty.held()});
  }
  return duties;
}

json::object AnswerOf(const decide::Decision& decision, const json::object& from) {
  json::array classes;
  for (const json::value& item : from.at("classes").as_array()) {
    const auto at = static_cast<record::ClassIndex>(classes.size());
    classes.push_back(VerdictOf(decision, decision.Of(at, MaybeAt(item.as_object(), "effective"))));
  }
  json::array unspoken;
  for (const record::OdsCode& source : decision.unspoken()) unspoken.emplace_back(source.text());
  json::object answer{{"reason", decide::KeyOf(decision.reason())},
                      {"told", decide::KeyOf(decision.ReasonForReader())},
                      {"uniform", decision.uniform_refusal()},
                      {"classes", std::move(classes)},
                      {"unspoken", std::move(unspoken)},
                      {"duties", DutiesOf(decision)}};
  if (!Flag(from, "with_lines")) return answer;
  json::array lines;
  for (const auto& line : decision.lines()) {
    json::object told = VerdictOf(decision, line.verdict);
    told["source"] = line.source.text();
    told["section"] = record::KeyOf(line.section);
    lines.push_back(std::move(told));
  }
  answer["lines"] = std::move(lines);
  return answer;
}

// Whether each choice could have been recorded by somebody; what a feed or an older policy left in
// the store is decided on all the same.
json::array RecordableOf(const decide::Policy& policy, const record::PatientFacts& facts) {
  json::array recordable;
  for (const record::Consent& consent : facts.consents) {
    recordable.push_back(decide::ValidateConsent(policy, consent).empty());
  }
  return recordable;
}

json::object PutView(const decide::Decider& decider, const json::object& from) {
  const record::PatientFacts facts = FactsOf(from.at("facts").as_object());
  std::vector<record::EntryClass> classes;
  for (const json::value& item : from.at("classes").as_array()) {
    classes.push_back(ClassOf(item.as_object()));
  }
  const auto sources = ReadAll(from, "sources", record::OdsCode::Parse);
  const auto decision =
      decider.Decide(RequestOf(from), {&facts, classes, sources}, At(from.at("now")));
  if (!decision) return {{"error", true}};
  json::object answer = AnswerOf(decision.value(), from);
  answer["recordable"] = RecordableOf(decider.policy(), facts);
  return answer;
}

std::optional<decide::DoneBy> DoneByOf(std::string_view key) {
  if (key == "another") return decide::DoneBy::kAnother;
  if (key == "requester") return decide::DoneBy::kRequester;
  return decide::DoneBy::kUnknown;
}

json::object PutAction(const decide::Policy& policy, const json::object& from) {
  const record::PatientFacts facts = FactsOf(from.at("facts").as_object());
  decide::ActionRequest request{.requester = RequesterOf(from.at("requester").as_object()),
                                .action = Read(Text(from, "action"), decide::ActionOf),
                                .case_reference = Text(from, "case_reference"),
                                .nhs_number = record::NhsNumber::Parse(Text(from, "nhs_number")),
                                .facts = &facts,
                                .done_by = Read(Text(from, "done_by"), DoneByOf)};
  if (from.contains("consent") && !facts.consents.empty()) {
    request.consent = &facts.consents.front();
  }
  const decide::ActionVerdict verdict = decide::DecideAction(policy, request, At(from.at("now")));
  json::object answer{{"reason", decide::KeyOf(verdict.reason)}};
  if (!verdict.permitted()) return answer;
  answer["scope"] = verdict.scope == decide::Scope::kAll ? "all" : "own";
  answer["masks"] = verdict.masks_sensitive_names;
  const auto other = record::OdsCode::Parse("ZT9");
  const auto own = request.requester.organisation;
  answer["reaches_own_request"] = verdict.Reaches(*own, std::vector{*other});
  answer["reaches_own_data"] = verdict.Reaches(*other, std::vector{*own});
  answer["reaches_others"] = verdict.Reaches(*other, std::vector{*other});
  return answer;
}

int Run(std::span<const std::filesystem::path> paths) {
  decide::Policy::Loaded loaded = decide::Policy::Load(paths);
  if (!loaded.policy) return 2;
  const decide::Decider decider(std::move(*loaded.policy));
  std::string line;
  while (std::getline(std::cin, line)) {
    const json::value parsed = json::parse(line);
    const json::object& from = parsed.as_object();
    std::cout << (from.contains("action") ? PutAction(decider.policy(), from)
                                          : PutView(decider, from))
              << '\n';
  }
  return 0;
}

}  // namespace
}  // namespace milecastle

int main(int count, char** arguments) {
  try {
    const std::vector<std::filesystem::path> paths(arguments + 1, arguments + count);
    return milecastle::Run(paths);
  } catch (const std::exception& wrong) {
    std::cerr << wrong.what() << '\n';
    return 2;
  }
}
