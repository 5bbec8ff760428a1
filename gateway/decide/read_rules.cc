// What the system layer grants: evidence, purposes, reasons, labels, agreements, protection of
// where somebody is, and what readers may know.
#include <algorithm>
#include <array>
#include <utility>

#include "inside/policy_reader.h"

namespace milecastle::decide {
namespace {

using record::Purpose;

// Purposes that no objection and no lower layer denies (safety.md 1).
bool IsBeyondObjection(Purpose purpose) {
  return purpose == Purpose::kEmergency || purpose == Purpose::kSafeguarding;
}

constexpr std::array<std::pair<ReasonUse, std::string_view>, 10> kUses = {{
    {ReasonUse::kBreakGlass, "break_glass"},
    {ReasonUse::kOpenSeal, "open_seal"},
    {ReasonUse::kSelfDeclare, "self_declare"},
    {ReasonUse::kCloseReview, "close_review"},
    {ReasonUse::kCloseNotice, "close_notice"},
    {ReasonUse::kCloseIdentity, "close_identity"},
    {ReasonUse::kCloseSevering, "close_severing"},
    {ReasonUse::kCloseWaiting, "close_waiting"},
    {ReasonUse::kMendMessage, "mend_message"},
    {ReasonUse::kCloseMatch, "close_match"},
}};

std::optional<ReasonUse> ReasonUseOf(std::string_view text) {
  for (const auto& [use, key] : kUses) {
    if (key == text) return use;
  }
  return std::nullopt;
}

// Purposes that are not care of the one person. The gateway knows neither the national data opt-out
// nor Type 1 opt-outs (safety.md 20): an objection recorded here and an agreement bind always.
void CheckSecondaryUse(const base::ConfigTable& table, const PurposeRule& rule) {
  if (rule.purpose == Purpose::kAudit) {
    table.Refuse("grants",
                 "the audit log is read by [[duty_roles]] with audit.search and audit.show, and "
                 "never as a patient view; remove this purpose");
  }
  if (rule.purpose != Purpose::kPlanning && rule.purpose != Purpose::kResearch) return;
  if (!rule.objections_bind) {
    table.Refuse("objections_bind", "an objection always denies planning and research; write true");
  }
  if (!rule.needs_agreement || !rule.needs_case_reference) {
    table.Refuse("needs_agreement",
                 "planning and research need an agreement, and the reference of what approved "
                 "them; write needs_agreement = true and needs_case_reference = true");
  }
}

// The safety rules that no policy may set aside.
void CheckPurpose(const base::ConfigTable& table, const PurposeRule& rule) {
  const bool beyond = IsBeyondObjection(rule.purpose);
  if (beyond && rule.objections_bind) {
    table.Refuse("objections_bind",
                 "no objection denies emergency or safeguarding access; write false");
  }
  if (!beyond && rule.statute.empty() && !rule.needs_agreement) {
    table.Refuse("needs_agreement",
                 "only emergency, safeguarding and purposes with a `statute` are granted without "
                 "an agreement; write true, or name the statute");
  }
  if (!beyond && rule.statute.empty() && rule.evidence.empty()) {
    table.Refuse("evidence",
                 "only emergency, safeguarding and purposes with a `statute` need no "
                 "relationship; list the kinds of evidence, or name the statute");
  }
  if (rule.shows_untraced && rule.purpose != Purpose::kEmergency) {
    table.Refuse("shows_untraced",
                 "only emergency access may be shown what stands under an untraced NHS number; "
                 "remove it");
  }
  if (rule.purpose >= Purpose::kMedicalExaminer &&
      (rule.statute.empty() || !rule.needs_case_reference)) {
    table.Refuse("statute",
                 "a statutory purpose names its statute and sets needs_case_reference = true");
  }
}

constexpr std::string_view kConfidentiality =
    "write explicit, implied, best_interests, parental or safeguarding";
bool IsConfidentialityBasis(std::string_view text) {
  return text == "explicit" || text == "implied" || text == "best_interests" ||
         text == "parental" || text == "safeguarding";
}

}  // namespace

std::string_view KeyOf(ReasonUse use) { return kUses.at(static_cast<std::size_t>(use) - 1).second; }

void PolicyReader::ReadEvidence(const Table& root) {
  const auto evidence = root.Table("evidence");
  if (!evidence) return;
  for (const std::string& id : evidence->Keys()) {
    const auto table = evidence->Table(id);
    const auto kind = record::EvidenceKindOf(id);
    if (!kind) evidence->Refuse(id, "is not a kind of evidence; write registered_practice …");
    if (!table) continue;
    EvidenceRule rule{.kind = kind.value_or(record::EvidenceKind::kOpenEncounter),
                      .sections = ReadSectionSet(*table),
                      .lead = ReadDuration(*table, "lead").value_or(std::chrono::seconds(0)),
                      .tail = ReadDuration(*table, "tail").value_or(std::chrono::seconds(0)),
                      .longest = ReadDuration(*table, "longest"),
                      .for_acting = table->Flag("for_acting", false),
                      .told_why = table->Flag("told_why", true),
                      .named_kinds = {},
                      .said_by_kinds = {}};
    ReadWhoRegisters(*table, rule);
    RefuseEmpty(*table, "sections", rule.sections.empty());
    const bool from_request = kind == record::EvidenceKind::kAttestedLaunch ||
                              kind == record::EvidenceKind::kSelfDeclared;
    if (from_request && !rule.longest) {
      table->Refuse("longest", "say how long it holds after it was made: \"15m\", \"24h\"");
    }
    if (kind && !system().evidence.emplace(*kind, rule).second) {
      evidence->Refuse(id, "is written twice; keep one");
    }
  }
}

void PolicyReader::ReadPurposes(const Table& root) {
  const auto purposes = root.Table("purposes");
  if (!purposes) return;
  for (const std::string& id : purposes->Keys()) {
    const auto purpose = record::PurposeOf(id);
    if (!purpose) purposes->Refuse(id, "is not a purpose; write direct-care, emergency …");
    const auto table = purposes->Table(id);
    if (table && purpose) ReadPurpose(*table, *purpose);
  }
}

void PolicyReader::ReadPurpose(const Table& table, Purpose purpose) {
  PurposeRule rule{.purpose = purpose,
                   .grants = {},
                   .evidence = ReadWords<record::EvidenceKind>(
                       table, "evidence", record::EvidenceKindOf, "a kind of evidence"),
                   .needs_agreement = table.Flag("needs_agreement", true),
                   .objections_bind = table.Flag("objections_bind", !IsBeyondObjection(purpose)),
                   .needs_case_reference = table.Flag("needs_case_reference", false),
                   .statute = table.String("statute", ""),
                   .reviewed = table.Flag("reviewed", false),
                   .shows_untraced = table.Flag("shows_untraced", false)};
  for (const Table& grant : table.Tables("grants")) {
    rule.grants.push_back({grant.Strings("role_groups"), ReadSectionSet(grant)});
    RefuseEmpty(grant, "role_groups", rule.grants.back().role_groups.empty());
    RefuseEmpty(grant, "sections", rule.grants.back().sections.empty());
    CheckRoleGroups(grant, "role_groups", rule.grants.back().role_groups);
  }
  RefuseEmpty(table, "grants", rule.grants.empty());
  CheckPurpose(table, rule);
  CheckSecondaryUse(table, rule);
  checks_.emplace_back([this, table, kinds = rule.evidence] {
    for (const record::EvidenceKind kind : kinds) {
      if (system().evidence.contains(kind)) continue;
      RefuseUnknown(table, "evidence", record::KeyOf(kind),
                    "covered by a rule; add it to [evidence]");
    }
  });
  if (!system().purposes.emplace(purpose, std::move(rule)).second) {
    table.Refuse("grants", "this purpose is written twice; keep one");
  }
}

void PolicyReader::ReadReasons(const Table& root) {
  for (const Table& table : root.Tables("reasons")) {
    const auto use = ReasonUseOf(table.RequiredString("use"));
    if (!use) {
      table.Refuse("use",
                   "write break_glass, open_seal, self_declare, close_review, close_notice, "
                   "close_identity, close_severing, close_waiting or close_match");
    }
    const CodedReason reason{.use = use.value_or(ReasonUse::kBreakGlass),
                             .code = table.RequiredString("code"),
                             .text = table.RequiredString("text"),
                             .opens_seals = table.Flag("opens_seals", false),
                             .undoes_severing = table.Flag("undoes_severing", false)};
    if (reason.code.empty()) table.Refuse("code", "write a code");
    if (policy_.FindReason(reason.use, reason.code) != nullptr) {
      table.Refuse("code", "is written twice for this use; keep one");
    }
    if (reason.opens_seals && reason.use != ReasonUse::kBreakGlass) {
      table.Refuse("opens_seals", "is for break_glass reasons alone; remove it");
    }
    if (reason.undoes_severing && reason.use != ReasonUse::kCloseSevering) {
      table.Refuse("undoes_severing", "is for close_severing reasons alone; remove it");
    }
    system().reasons.push_back(reason);
  }
}

void PolicyReader::ReadLabels(const Table& root) {
  const auto labels = root.Table("labels");
  if (!labels) return;
  for (const std::string& id : labels->Keys()) {
    if (const auto table = labels->Table(id)) ReadLabel(*table, id);
  }
}

void PolicyReader::ReadLabel(const Table& table, const std::string& label) {
  table.String("name", "");
  LabelRule rule{.label = label,
                 .rule = "label." + label,
                 .derived = table.Flag("derived", true),
                 .statute = table.String("statute", ""),
                 .open = table.Flag("open", false),
                 .role_groups = table.Strings("role_groups"),
                 .purposes = decide::ReadPurposes(table, "purposes"),
                 .by_agreement = table.Flag("by_agreement", true),
                 .hidden_from_person = table.Flag("hidden_from_person", false)};
  const bool names_readers = !rule.role_groups.empty() || !rule.purposes.empty();
  if (!rule.statute.empty() && (names_readers || rule.open)) {
    table.Refuse("statute",
                 "what the law restricts is open to nobody; remove role_groups, "
                 "purposes and open, or the statute");
  }
  if (rule.open && names_readers) {
    table.Refuse("open",
                 "is for labels without readers of their own; remove it, or role_groups "
                 "and purposes");
  }
  if (names_readers) {
    RefuseEmpty(table, "role_groups", rule.role_groups.empty());
    RefuseEmpty(table, "purposes", rule.purposes.empty());
  }
  CheckRoleGroups(table, "role_groups", rule.role_groups);
  if (!system().labels.emplace(label, std::move(rule)).second) {
    table.Refuse("name", "this label is written twice; keep one");
  }
}

void PolicyReader::ReadAgreements(const Table& root) {
  for (const Table& table : root.Tables("agreements")) ReadAgreement(table);
}

void PolicyReader::ReadAgreement(const Table& table) {
  const std::string id = table.RequiredString("id");
  Agreement agreement{.id = id,
                      .rule = "agreement." + id,
                      .title = table.RequiredString("title"),
                      .sources = ReadCodes(table, "sources", groups_),
                      .consumers = ReadCodes(table, "consumers", groups_),
                      .purposes = decide::ReadPurposes(table, "purposes"),
                      .sections = ReadSectionSet(table),
                      .labels = table.Strings("labels"),
                      .entries_from = ReadDate(table, "entries_from"),
                      .gdpr_basis = table.RequiredString("gdpr_basis"),
                      .special_category_basis = table.RequiredString("special_category_basis"),
                      .confidentiality_basis = table.RequiredString("confidentiality_basis"),
                      .statute = table.RequiredString("statute"),
                      .from = ReadDate(table, "from").value_or(base::Instant::max()),
                      .review_by = ReadDate(table, "review_by").value_or(base::Instant::max()),
                      .ended = ReadDate(table, "ended"),
                      .ended_by = table.String("ended_by", "")};
  agreement.on_explicit_consent = agreement.confidentiality_basis == "explicit";
  RefuseEmpty(table, "sources", agreement.sources.empty());
  RefuseEmpty(table, "consumers", agreement.consumers.empty());
  RefuseEmpty(table, "purposes", agreement.purposes.empty());
  RefuseEmpty(table, "sections", agreement.sections.empty());
  if (!table.Has("from")) table.Refuse("from", "is missing; write the date it begins");
  if (!table.Has("review_by")) table.Refuse("review_by", "is missing; write when it is reviewed");
  if (agreement.ended.has_value() == agreement.ended_by.empty()) {
    table.Refuse("ended",
                 "an agreement ends by a decision: write `ended` with `ended_by`, or "
                 "neither");
  }
  if (!IsConfidentialityBasis(agreement.confidentiality_basis)) {
    table.Refuse("confidentiality_basis", kConfidentiality);
  }
  CheckCodes(table, "sources", agreement.sources);
  CheckCodes(table, "consumers", agreement.consumers);
  CheckLabels(table, "labels", agreement.labels);
  for (const Agreement& other : system().agreements) {
    if (other.id == agreement.id) table.Refuse("id", "is written twice; keep one");
  }
  system().agreements.push_back(std::move(agreement));
}

void PolicyReader::ReadLocation(const Table& root) {
  const auto table = root.Table("location_protection");
  if (!table) return;
  seen_once_.emplace_back("location_protection");
  LocationRule rule{.fresh = ReadDuration(*table, "fresh").value_or(std::chrono::seconds(0)),
                    .unchecked = ReadMask(*table, "unchecked"),
                    .also_withhold = {}};
  for (const record::Section section : ReadSections(*table, "also_withhold")) {
    rule.also_withhold.Add(section);
  }
  if (!table->Has("fresh")) {
    table->Refuse("fresh", "is missing; say how long 'not protected' may be relied on: \"30d\"");
  }
  if (!rule.unchecked.Covers({MaskField::kAddresses, MaskField::kContacts, MaskField::kPractice})) {
    table->Refuse("unchecked",
                  "where protection cannot be checked, addresses, contacts and practice are "
                  "masked; write all three, and more if you wish");
  }
  system().location = rule;
}

void PolicyReader::ReadReview(const Table& root) {
  const auto table = root.Table("review");
  if (!table) return;
  seen_once_.emplace_back("review");
  const auto within = ReadDuration(*table, "within");
  if (!within) table->Refuse("within", "say how soon a use is reviewed: \"72h\"");
  system().review_within = within.value_or(std::chrono::seconds(0));
  system().merge_review_within =
      ReadDuration(*table, "merges_within").value_or(system().review_within);
  system().confirm_within =
      ReadDuration(*table, "severings_within").value_or(system().review_within);
  system().launch_leeway = ReadDuration(*table, "clock_leeway").value_or(std::chrono::seconds(0));
}

void PolicyReader::ReadReaders(const Table& root) {
  const auto table = root.Table("readers");
  if (!table) return;
  for (const Reason reason : ReadWords<Reason>(*table, "reasons", ReasonOf, "a reason class")) {
    if (reason == Reason::kSealedAndLocked || reason == Reason::kStatute ||
        reason == Reason::kHiddenByPerson || reason == Reason::kNoSuchPerson ||
        reason == Reason::kDetailsMismatch) {
      table->Refuse("reasons",
                    "`" + std::string(KeyOf(reason)) + "` would betray what is hidden; remove it");
    }
    system().reader_reasons.push_back(reason);
  }
  for (std::string& rule : table->Strings("rules")) {
    system().reader_rules.push_back(std::move(rule));
  }
}

}  // namespace milecastle::decide
