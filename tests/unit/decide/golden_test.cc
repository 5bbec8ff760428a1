// Every tests/golden/decide/*.toml is a case: who asks, what is known, what is held. The file of
// the same name and .txt beside it is what the shipped policy makes of it (kit/golden.h).
#include "kit/golden.h"

#include "base/config.h"
#include "record/when.h"
#include "world.h"

namespace milecastle::decide {
namespace {

using base::ConfigTable;

base::Instant InstantOf(const ConfigTable& table, std::string_view key) {
  const auto when = record::When::ParseIso(table.RequiredString(key));
  if (!when) table.Refuse(key, "write a date or time");
  return when ? when->at : base::Instant();
}

std::optional<base::Instant> MaybeInstantOf(const ConfigTable& table, std::string_view key) {
  return table.Has(key) ? std::optional(InstantOf(table, key)) : std::nullopt;
}

record::Period PeriodOf(const ConfigTable& table) {
  return {InstantOf(table, "from"), MaybeInstantOf(table, "until")};
}

std::vector<OdsCode> CodesOf(const ConfigTable& table, std::string_view key) {
  std::vector<OdsCode> codes;
  for (const std::string& text : table.Strings(key)) codes.push_back(Ods(text));
  return codes;
}

std::vector<Section> SectionsOf(const ConfigTable& table) {
  std::vector<Section> sections;
  for (const std::string& text : table.Strings("sections")) {
    sections.push_back(*record::SectionOf(text));
  }
  return sections;
}

void ReadRequest(const ConfigTable& table, World& world) {
  Request& request = world.request;
  request.requester.organisation = Ods(table.RequiredString("organisation"));
  request.requester.roles = table.Strings("roles");
  request.requester.team = table.String("team", "");
  request.requester.system = table.String("system", "");
  request.requester.assurance = static_cast<std::uint8_t>(table.Int("assurance", 3, {0, 3}));
  request.purpose = *record::PurposeOf(table.RequiredString("purpose"));
  request.reason_code = table.String("reason", "");
  request.case_reference = table.String("case", "");
  request.sections = SectionsOf(table);
  if (table.Has("declared")) request.self_declaration = {table.String("declared", "")};
  const std::string match = table.String("match", "matched");
  request.match = match == "no_such_person"     ? Match::kNoSuchPerson
                  : match == "details_mismatch" ? Match::kDetailsMismatch
                                                : Match::kMatched;
}

void ReadConsent(const ConfigTable& table, World& world) {
  Consent& consent = world.Chose(*record::ConsentKindOf(table.RequiredString("kind")),
                                 *record::ConsentByOf(table.String("by", "person")));
  consent.period = PeriodOf(table);
  consent.withdrawn = MaybeInstantOf(table, "withdrawn");
  consent.informed = table.Flag("informed", false);
  consent.team = table.String("team", "");
  consent.scope.sections = SectionsOf(table);
  consent.scope.sources = CodesOf(table, "sources");
  consent.scope.consumers = CodesOf(table, "consumers");
  consent.scope.labels = table.Strings("labels");
}

void ReadFacts(const ConfigTable& root, World& world) {
  for (const ConfigTable& table : root.Tables("evidence")) {
    auto& evidence = world.Evidence(*record::EvidenceKindOf(table.RequiredString("kind")),
                                    table.RequiredString("organisation"));
    evidence.period = PeriodOf(table);
  }
  for (const ConfigTable& table : root.Tables("consents")) ReadConsent(table, world);
  world.NothingSaidOfLocation();
  for (const ConfigTable& table : root.Tables("location")) {
    const std::string level = table.RequiredString("level");
    world.facts.location_flags.push_back({level == "national"
                                              ? record::LocationProtection::kNational
                                          : level == "local" ? record::LocationProtection::kLocal
                                                             : record::LocationProtection::kNone,
                                          table.RequiredString("by"), InstantOf(table, "as_of")});
  }
}

void ReadHeld(const ConfigTable& root, World& world) {
  for (const ConfigTable& table : root.Tables("held")) {
    world.Holds(table.RequiredString("source"), *record::SectionOf(table.RequiredString("section")),
                table.Strings("labels"));
    auto& held = world.classes.back();
    if (table.Flag("document", false)) held.kind = record::Kind::kDocument;
    if (table.Flag("superseded", false)) held.standing = record::Standing::kSuperseded;
    if (table.Flag("in_error", false)) held.verification = record::Verification::kEnteredInError;
  }
  for (const OdsCode& source : CodesOf(root, "untraced")) world.Untraced(source.text());
}

std::string ForTheReader(const Decision& decision) {
  if (!decision.permitted()) {
    return "refused: " + std::string(KeyOf(decision.ReasonForReader())) + "\n";
  }
  std::string text = "permitted\n";
  for (const auto& each : decision.classes()) {
    if (each.verdict.outcome == Outcome::kHide) continue;
    text += std::string(record::KeyOf(each.entry_class.section)) + " of " +
            each.entry_class.source.text() + ": " + std::string(KeyOf(each.verdict.outcome));
    if (!each.verdict.shows()) {
      text += ", " + std::string(KeyOf(decision.ReasonForReader(each.verdict)));
    }
    const std::string_view rule = decision.RuleForReader(each.verdict);
    if (!rule.empty()) text += ", " + std::string(rule);
    text += "\n";
  }
  return text;
}

// As it stands in the log but for the policy's version, which changes with every change of it.
std::string InTheLog(const Decision& decision) {
  std::string text = decision.Encode();
  const std::string& version = decision.policy_version();
  const std::size_t at = text.find(version);
  return at == std::string::npos ? text : text.erase(at, version.size());
}

std::string Told(const Decision& decision) {
  std::string text = "What an officer is told\n\n";
  for (const std::string& line : Explain(decision)) {
    // The version changes with every change of the policy.
    const bool version = line.starts_with("Policy ");
    text += (version ? "Policy, " + line.substr(line.find("decided at")) : line) + "\n";
  }
  return text + "\nWhat the reader is told\n\n" + ForTheReader(decision) +
         "\nWhat the log holds\n\n" + InTheLog(decision) + "\n";
}

TEST(GoldenDecisions, AreWhatTheFileBesideEachCaseSays) {
  const auto cases = kit::GoldenCases("decide", {".toml"});
  EXPECT_GE(cases.size(), 8U);
  for (const auto& path : cases) {
    SCOPED_TRACE(path.filename());
    const auto file = base::ConfigFile::Load(path);
    ASSERT_TRUE(file) << base::Describe(file.error());
    const ConfigTable root = file->Root();
    World world;
    root.String("about", "");
    world.now = InstantOf(root, "now");
    world.facts.active = root.Flag("active", true);
    world.facts.consents_as_of = MaybeInstantOf(root, "consents_as_of");
    ReadRequest(*root.Table("request"), world);
    ReadFacts(root, world);
    ReadHeld(root, world);
    for (const base::Error& problem : file->Finish()) ADD_FAILURE() << base::Describe(problem);

    kit::ExpectBeside(path, ".txt", Told(world.Decide()));
  }
}

}  // namespace
}  // namespace milecastle::decide
