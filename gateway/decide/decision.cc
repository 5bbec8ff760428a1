#include "decide/decision.h"

#include <algorithm>
#include <array>
#include <atomic>

#include "inside/encode.h"

namespace milecastle::decide {
namespace {

// About the request alone: whoever asks may know.
bool IsAboutRequest(Reason reason) {
  return reason >= Reason::kUnknownOrganisation && reason <= Reason::kCaseReferenceMissing;
}

}  // namespace

bool NamesACase(std::string_view reference) {
  constexpr std::ptrdiff_t kLeast = 3;
  return std::count_if(reference.begin(), reference.end(), [](unsigned char c) {
           return ('0' <= c && c <= '9') || ('A' <= c && c <= 'Z') || ('a' <= c && c <= 'z');
         }) >= kLeast;
}

std::string_view KeyOf(Match match) {
  constexpr std::array<std::string_view, 4> kNames = {"no_such_person", "details_mismatch",
                                                      "matched", "matched_name_differs"};
  return kNames.at(static_cast<std::size_t>(match) - 1);
}

std::string_view KeyOf(DutyKind kind) {
  constexpr std::array<std::string_view, 3> kNames = {"tell_privacy_officer", "tell_patient",
                                                      "review"};
  return kNames.at(static_cast<std::size_t>(kind) - 1);
}

std::string_view KeyOf(LocationState state) {
  constexpr std::array<std::string_view, 3> kNames = {"unchecked", "clear", "protected"};
  return kNames.at(static_cast<std::size_t>(state) - 1);
}

Verdict Decision::Of(record::ClassIndex index, std::optional<base::Instant> effective) const {
  const Verdict& verdict = Of(index);
  if (!verdict.shows() || IsWithin(verdict, effective)) return verdict;
  Verdict outside = verdict;
  outside.outcome = Outcome::kWithhold;
  outside.reason = Reason::kOutsidePeriod;
  return outside;
}

const Decision::LineGroup& Decision::SourceLines::Of(record::Section section) const {
  static constexpr LineGroup kNone{};
  const auto found = std::find_if(groups.begin(), groups.end(), [section](const LineGroup& group) {
    return group.sections.Has(section);
  });
  return found == groups.end() ? kNone : *found;
}

std::vector<Decision::Line> Decision::lines() const {
  std::vector<Line> lines;
  lines.reserve(lines_.size() * record::Sections().size());
  for (const SourceLines& of_source : lines_) {
    for (const auto& name : record::Sections()) {
      const LineGroup& group = of_source.Of(name.section);
      lines.push_back({of_source.source, name.section, group.verdict, group.if_nothing_hidden});
    }
  }
  return lines;
}

const Decision::LineGroup* Decision::FindLine(const record::OdsCode& source,
                                              record::Section section) const {
  const auto before = [](const SourceLines& lines, const record::OdsCode& code) {
    return lines.source < code;
  };
  const auto found = std::lower_bound(lines_.begin(), lines_.end(), source, before);
  return found == lines_.end() || found->source != source ? nullptr : &found->Of(section);
}

const Verdict& Decision::LineOf(const record::OdsCode& source, record::Section section) const {
  const LineGroup* line = FindLine(source, section);
  return line == nullptr ? kUnseen : line->verdict;
}

const Verdict& Decision::LineIfNothingHidden(const record::OdsCode& source,
                                             record::Section section) const {
  const LineGroup* line = FindLine(source, section);
  return line == nullptr ? kUnseen : line->if_nothing_hidden;
}

bool Decision::SpeaksOf(const record::OdsCode& source) const {
  return permitted() && !std::binary_search(unspoken_.begin(), unspoken_.end(), source);
}

bool Decision::NamesSource(const record::OdsCode& source) const {
  return !masks_sources_ && !std::binary_search(unnamed_.begin(), unnamed_.end(), source);
}

bool Decision::ShowsUntraced(const record::OdsCode& source) const {
  return SpeaksOf(source) && (shows_untraced_ || request_.requester.organisation == source);
}

bool Decision::PermitsAsking(const record::OdsCode& source) const {
  if (!SpeaksOf(source)) return false;
  return std::any_of(lines_.begin(), lines_.end(), [&source](const SourceLines& lines) {
    return lines.source == source &&
           std::any_of(lines.groups.begin(), lines.groups.end(),
                       [](const LineGroup& group) { return group.verdict.shows(); });
  });
}

bool Decision::uniform_refusal() const {
  return !permitted() && ReasonForReader() == Reason::kNoRelationship;
}

Reason Decision::ReasonForReader() const {
  if (permitted() || IsAboutRequest(reason_)) return reason_;
  if (reason_ == Reason::kNoSuchPerson || reason_ == Reason::kDetailsMismatch) {
    return Reason::kNoRelationship;
  }
  const bool may_know = ((reader_reasons_ >> static_cast<unsigned>(reason_)) & 1U) != 0;
  return has_relationship_ && may_know ? reason_ : Reason::kNoRelationship;
}

Reason Decision::ReasonForReader(const Verdict& verdict) const {
  if (!permitted()) return ReasonForReader();
  if (verdict.shows() || verdict.reason == Reason::kNotAsked) return verdict.reason;
  const bool may_know = ((reader_reasons_ >> static_cast<unsigned>(verdict.reason)) & 1U) != 0;
  return may_know ? verdict.reason : Reason::kWithheld;
}

std::string_view Decision::RuleForReader(const Verdict& verdict) const {
  if (verdict.outcome == Outcome::kHide || ReasonForReader(verdict) != verdict.reason) return {};
  // The id of an agreement or layer names the source that the mask takes away.
  if (verdict.mask.Has(MaskField::kSource)) return {};
  return reader_rules_[verdict.rule] ? std::string_view(RuleText(verdict)) : std::string_view();
}

std::vector<std::string> Decision::RulesForReader() const {
  std::vector<bool> told(rules_.size());
  for (const DecidedClass& each : classes_) {
    if (!told[each.verdict.rule]) told[each.verdict.rule] = !RuleForReader(each.verdict).empty();
  }
  std::vector<std::string> rules;
  for (std::size_t i = 0; i < told.size(); ++i) {
    if (told[i]) rules.push_back(rules_[i]);
  }
  std::sort(rules.begin(), rules.end());
  return rules;
}

void Decision::Seal() {
  static std::atomic<std::uint64_t> made = 0;
  encoded_ = EncodeDecision(*this);
  tag_ = ++made;
}

}  // namespace milecastle::decide
