#include "decide/policy.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/config.h"
#include "base/config_files.h"
#include "base/crypto.h"
#include "inside/policy_reader.h"

namespace milecastle::decide {
namespace {

constexpr std::array<std::pair<Action, std::string_view>, 20> kActions = {{
    {Action::kExplain, "explain"},
    {Action::kAuditSearch, "audit.search"},
    {Action::kAuditShow, "audit.show"},
    {Action::kAuditProof, "audit.proof"},
    {Action::kConsentRecord, "consent.record"},
    {Action::kConsentWithdraw, "consent.withdraw"},
    {Action::kConsentList, "consent.list"},
    {Action::kIdentityQueue, "identity.queue"},
    {Action::kIdentityShow, "identity.show"},
    {Action::kIdentityLink, "identity.link"},
    {Action::kIdentityUnlink, "identity.unlink"},
    {Action::kIdentitySever, "identity.sever"},
    {Action::kIdentityConfirm, "identity.confirm"},
    {Action::kReviewClose, "review.close"},
    {Action::kOperations, "operations"},
    {Action::kQuarantineWork, "quarantine.work"},
    {Action::kQuarantineShow, "quarantine.show"},
    {Action::kQuarantineCorrect, "quarantine.correct"},
    {Action::kDirectoryRead, "directory.read"},
    {Action::kDirectoryImport, "directory.import"},
}};

bool HoldsAny(const record::Requester& requester, std::span<const std::string> roles) {
  return std::any_of(roles.begin(), roles.end(), [&requester](const std::string& role) {
    return std::find(requester.roles.begin(), requester.roles.end(), role) != requester.roles.end();
  });
}

base::Error Unreadable(const std::filesystem::path& path, const char* advice) {
  return {base::ErrorId::kConfigUnreadable, path.string(), advice};
}

}  // namespace

std::string_view KeyOf(Action action) {
  return kActions.at(static_cast<std::size_t>(action) - 1).second;
}

std::optional<Action> ActionOf(std::string_view key) {
  for (const auto& [action, name] : kActions) {
    if (name == key) return action;
  }
  return std::nullopt;
}

Policy::Loaded Policy::Load(std::span<const std::filesystem::path> paths) {
  std::vector<PolicyFile> files;
  Loaded unreadable;
  for (const auto& path : base::TomlFiles(paths, "the policy's", unreadable.problems)) {
    auto text = base::ReadFile(path);
    if (text) {
      files.push_back({path.string(), *std::move(text)});
    } else {
      unreadable.problems.push_back(Unreadable(
          path, "check that the policy's file or folder exists and that the gateway may read it"));
    }
  }
  if (!unreadable.problems.empty()) return unreadable;
  return Parse(files);
}

Policy::Loaded Policy::Parse(std::span<const PolicyFile> files) {
  return PolicyReader().Read(files);
}

const Organisation* Policy::Find(const record::OdsCode& code) const {
  const auto found = system_.organisations.find(code);
  return found == system_.organisations.end() ? nullptr : &found->second;
}

const CodedReason* Policy::FindReason(ReasonUse use, std::string_view code) const {
  for (const CodedReason& reason : system_.reasons) {
    if (reason.use == use && reason.code == code) return &reason;
  }
  return nullptr;
}

std::vector<std::string> Policy::CodesOf(ReasonUse use) const {
  std::vector<std::string> codes;
  for (const CodedReason& reason : system_.reasons) {
    if (reason.use == use) codes.push_back(reason.code);
  }
  return codes;
}

const LabelRule* Policy::FindLabel(std::string_view label) const {
  auto found = system_.labels.find(label);
  if (found == system_.labels.end() && label.starts_with("source:")) {
    found = system_.labels.find("source:*");
  }
  return found == system_.labels.end() ? nullptr : &found->second;
}

std::vector<std::string> Policy::GroupsOf(const record::Requester& requester) const {
  std::vector<std::string> groups;
  const Organisation* organisation =
      requester.organisation ? Find(*requester.organisation) : nullptr;
  if (organisation == nullptr) return groups;
  for (const auto& [id, group] : system_.role_groups) {
    const bool of_kind = group.kinds.empty() || std::find(group.kinds.begin(), group.kinds.end(),
                                                          organisation->kind) != group.kinds.end();
    if (of_kind && requester.assurance >= group.least_assurance &&
        HoldsAny(requester, group.roles)) {
      groups.push_back(id);
    }
  }
  return groups;
}

std::vector<std::string> Policy::Warnings(base::Instant now) const {
  std::vector<std::string> warnings;
  const auto in_force = [](const Agreement& agreement) { return !agreement.ended; };
  if (std::none_of(system_.agreements.begin(), system_.agreements.end(), in_force)) {
    warnings.emplace_back(
        "agreement.*: none is in force, so nobody sees what another organisation holds but by the "
        "system layer's own grants; add [[agreements]] to the policy");
  }
  for (const Agreement& agreement : system_.agreements) {
    if (!agreement.ended && agreement.review_by <= now) {
      warnings.push_back(agreement.rule + ": its review is due; it holds until a decision ends it");
    }
  }
  return warnings;
}

}  // namespace milecastle::decide
