#include "decide/explain.h"

#include <algorithm>

namespace milecastle::decide {
namespace {

std::string Plural(std::size_t count, std::string_view one) {
  return std::to_string(count) + " " + std::string(one) + (count == 1 ? "" : "s");
}

std::string WhoAsks(const Decision& decision) {
  const Request& request = decision.request();
  const auto& organisation = request.requester.organisation;
  std::string line = "A user of " + (organisation ? organisation->text() : "no organisation") +
                     " asked for " + std::string(record::KeyOf(request.purpose));
  if (!request.reason_code.empty()) line += ", with reason " + request.reason_code;
  return line + ".";
}

std::string Outcomes(const Decision& decision) {
  const std::string rule = " Rule: " + decision.rule() + ".";
  if (decision.permitted()) return "Permitted." + rule;
  std::string line = "Refused: " + std::string(PlainEnglishOf(decision.reason())) + rule;
  if (decision.ReasonForReader() != decision.reason()) {
    line += " The reader was told: " + std::string(KeyOf(decision.ReasonForReader())) + ".";
  }
  return line;
}

void AddEvidence(const Decision& decision, std::vector<std::string>& lines) {
  if (decision.evidence().empty()) lines.emplace_back("Evidence of a relationship: none.");
  for (const UsedEvidence& each : decision.evidence()) {
    lines.push_back("Evidence of a relationship: " + std::string(record::KeyOf(each.kind)) +
                    " at " + each.organisation +
                    (each.fact ? "." : ", brought by the request itself."));
  }
}

bool Hides(record::ConsentKind kind) {
  return kind == record::ConsentKind::kSealAndLock || kind == record::ConsentKind::kHide;
}

void AddConsents(const Decision& decision, Tells tells, std::vector<std::string>& lines) {
  const auto& as_of = decision.consents_as_of();
  if (tells == Tells::kAll) {
    lines.push_back("The person's choices were known as of " +
                    (as_of ? base::ToRfc3339(*as_of) : "no known time") + ".");
  }
  for (const ConsentUse& each : decision.consents()) {
    if (tells != Tells::kAll && Hides(each.kind)) continue;
    lines.push_back("Choice: " + std::string(record::KeyOf(each.kind)) +
                    (each.bound ? " bound this request." : " was set aside: " + each.why + "."));
  }
}

void AddLocation(const Decision& decision, std::vector<std::string>& lines) {
  const auto& as_of = decision.location_as_of();
  lines.push_back("Location protection: " + std::string(KeyOf(decision.location())) +
                  (as_of ? ", as of " + base::ToRfc3339(*as_of) : "") + ".");
}

void AddUntraced(const Decision& decision, const SourceNames& names,
                 std::vector<std::string>& lines) {
  for (const record::OdsCode& source : decision.untraced()) {
    const std::string what = !decision.ShowsUntraced(source) ? "withheld until it does"
                             : decision.request().requester.organisation == source
                                 ? "shown with a warning, for it is the reader's own organisation"
                                 : "shown with a warning, for the policy shows it in an emergency";
    lines.push_back("Identity: " + names.Of(source) +
                    " gave no traced NHS number for the person; what it said under it is " + what +
                    ".");
  }
}

std::string VerdictText(const Decision& decision, const Verdict& verdict,
                        const record::OdsCode& source, const SourceNames& names) {
  std::string text(KeyOf(verdict.outcome));
  if (!verdict.shows()) text += ": " + std::string(PlainEnglishOf(verdict.reason));
  if (verdict.not_before) {
    text += ", entries from " + base::ToRfc3339(*verdict.not_before) + " on";
  }
  text += verdict.shows() ? "." : "";
  const std::string& rule = decision.RuleText(verdict);
  return names.TellsRule(source, rule) ? text + " Rule: " + rule + "." : text;
}

std::string LabelsText(const std::vector<std::string>& labels) {
  std::string text;
  for (const std::string& label : labels) text += (text.empty() ? "" : ", ") + label;
  return text.empty() ? "" : " (" + text + ")";
}

void AddClasses(const Decision& decision, Tells tells, const SourceNames& names,
                std::vector<std::string>& lines) {
  for (const auto& each : decision.classes()) {
    if (!IsTold(decision, each.verdict, tells)) continue;
    const record::OdsCode& source = each.entry_class.source;
    lines.push_back("Entries: " + std::string(record::KeyOf(each.entry_class.section)) + " of " +
                    names.Of(source) +
                    (names.TellsLabels() ? LabelsText(each.entry_class.labels) : "") + ": " +
                    VerdictText(decision, each.verdict, source, names));
  }
}

void AddUnspoken(const Decision& decision, const SourceNames& names,
                 std::vector<std::string>& lines) {
  for (const record::OdsCode& source : decision.unspoken()) {
    lines.push_back("The reply left " + names.Of(source) +
                    " out: all that it holds is hidden from this reader.");
  }
}

// Lines of one source that were decided alike are told together.
void AddLines(const Decision& decision, Tells tells, const SourceNames& names,
              std::vector<std::string>& lines) {
  if (tells != Tells::kAll && !decision.permitted()) return;  // a refusal has no manifest
  const auto all = decision.lines();
  const auto told = [&](std::size_t i) -> const Verdict& {
    return tells == Tells::kAll ? all[i].verdict : all[i].if_nothing_hidden;
  };
  for (std::size_t i = 0; i < all.size();) {
    std::size_t next = i + 1;
    while (next < all.size() && all[next].source == all[i].source && told(next) == told(i)) {
      ++next;
    }
    std::string which(record::KeyOf(all[i].section));
    if (next - i > 1) {
      which += " to " + std::string(record::KeyOf(all[next - 1].section)) + " (" +
               Plural(next - i, "section") + ")";
    }
    lines.push_back("Manifest: " + names.Of(all[i].source) + ", " + which + ": " +
                    VerdictText(decision, told(i), all[i].source, names));
    i = next;
  }
  if (tells == Tells::kAll) AddUnspoken(decision, names, lines);
}

void AddDuties(const Decision& decision, Tells tells, std::vector<std::string>& lines) {
  for (const Duty& each : decision.duties()) {
    std::string line = "Duty: " + std::string(KeyOf(each.kind)) + " because of " + each.cause;
    if (each.organisation) line += ", at " + each.organisation->text();
    if (each.by) line += ", by " + base::ToRfc3339(*each.by);
    if (each.held() && tells == Tells::kAll)
      line += ", held for review" + LabelsText(each.held_for);
    lines.push_back(line + ".");
  }
}

}  // namespace

bool IsTold(const Decision& decision, const Verdict& verdict, Tells tells) {
  return tells == Tells::kAll || (decision.permitted() && verdict.outcome != Outcome::kHide);
}

bool SourceNames::Masks(const record::OdsCode& source) const {
  return std::find(masked_.begin(), masked_.end(), source) != masked_.end();
}

bool SourceNames::TellsRule(const record::OdsCode& source, std::string_view rule) const {
  return !Masks(source) && (tells_labels_ || !rule.starts_with("label."));
}

std::string SourceNames::Of(const record::OdsCode& source) const {
  return Masks(source) ? "a source whose name is protected" : source.text();
}

std::vector<std::string> Explain(const Decision& decision, Tells tells, const SourceNames& names) {
  std::vector<std::string> lines = {WhoAsks(decision), Outcomes(decision)};
  AddEvidence(decision, lines);
  AddConsents(decision, tells, lines);
  AddLocation(decision, lines);
  AddUntraced(decision, names, lines);
  AddClasses(decision, tells, names, lines);
  AddLines(decision, tells, names, lines);
  AddDuties(decision, tells, lines);
  lines.push_back("Policy " + decision.policy_version() + ", decided at " +
                  base::ToRfc3339(decision.decided_at()) + ".");
  return lines;
}

}  // namespace milecastle::decide
