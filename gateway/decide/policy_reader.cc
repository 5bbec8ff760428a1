#include "inside/policy_reader.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/crypto.h"

namespace milecastle::decide {
namespace {

// What an operator can compute too: sha256sum of the file, or of the sorted digests of the files.
std::string VersionOf(std::span<const PolicyFile> files) {
  std::vector<std::string> digests;
  for (const PolicyFile& file : files) {
    digests.push_back(base::ToHex(base::AsBytes(base::Sha256(file.text))));
  }
  if (digests.size() == 1) return digests.front();
  std::sort(digests.begin(), digests.end());
  std::string lines;
  for (const std::string& digest : digests) lines += digest + "\n";
  return base::ToHex(base::AsBytes(base::Sha256(lines)));
}

}  // namespace

Policy::Loaded PolicyReader::Read(std::span<const PolicyFile> files) {
  for (const PolicyFile& file : files) Open(file);
  for (const base::ConfigFile& file : files_) {
    if (file.Root().String("layer", "") == "system") ReadGroups(file.Root());
  }
  for (const base::ConfigFile& file : files_) ReadOpened(file.Root());
  CheckWhole();
  for (const Check& check : checks_) check();
  for (const base::ConfigFile& file : files_) {
    for (base::Error& problem : file.Finish()) problems_.push_back(std::move(problem));
  }
  for (base::Error& problem : problems_) problem.id = base::ErrorId::kPolicyInvalid;

  Policy::Loaded loaded;
  loaded.problems = std::move(problems_);
  if (!loaded.problems.empty()) return loaded;
  policy_.version_ = VersionOf(files);
  NumberLabels();
  loaded.policy = std::move(policy_);
  return loaded;
}

// So that a decision compares no names of labels.
void PolicyReader::NumberLabels() {
  auto& labels = system().labels;
  std::size_t next = 0;
  for (auto& [label, rule] : labels) rule.number = next++;
  for (Agreement& agreement : system().agreements) {
    for (const std::string& label : agreement.labels) {
      if (const auto found = labels.find(label); found != labels.end()) {
        agreement.covered.Add(found->second);
      }
    }
  }
}

void PolicyReader::ReadOpened(const Table& root) {
  root.String("version", "");  // for people; the digest is what counts
  const std::string layer = root.RequiredString("layer");
  if (layer == "system") {
    ReadSystemFile(root);
  } else if (layer == "place") {
    ReadLowerFile(root, LayerKind::kPlace);
  } else if (layer == "neighbourhood") {
    ReadLowerFile(root, LayerKind::kNeighbourhood);
  } else if (layer == "organisation") {
    ReadLowerFile(root, LayerKind::kOrganisation);
  } else {
    root.Refuse("layer", "write system, place, neighbourhood or organisation");
  }
}

void PolicyReader::Open(const PolicyFile& file) {
  auto opened = base::ConfigFile::Parse(file.text, file.name);
  if (opened) {
    files_.push_back(*std::move(opened));
  } else {
    problems_.push_back(opened.error());
  }
}

void PolicyReader::ReadSystemFile(const Table& root) {
  ReadPlaces(root);
  ReadOrganisations(root);
  ReadRoleGroups(root);
  ReadRights(root);
  ReadDutyRoles(root);
  ReadEvidence(root);
  ReadPurposes(root);
  ReadReasons(root);
  ReadLabels(root);
  ReadAgreements(root);
  ReadLocation(root);
  ReadReview(root);
  ReadReaders(root);
}

void PolicyReader::CheckRoleGroups(const Table& table, std::string_view key,
                                   std::vector<std::string> groups) {
  checks_.emplace_back([this, table, key = std::string(key), groups = std::move(groups)] {
    for (const std::string& group : groups) {
      if (!system().role_groups.contains(group)) {
        RefuseUnknown(table, key, group, "a role group; add it to [role_groups]");
      }
    }
  });
}

void PolicyReader::CheckCodes(const Table& table, std::string_view key,
                              std::vector<record::OdsCode> codes) {
  checks_.emplace_back([this, table, key = std::string(key), codes = std::move(codes)] {
    for (const record::OdsCode& code : codes) {
      if (!system().organisations.contains(code)) {
        RefuseUnknown(table, key, code.text(), "an organisation here; add it to [[organisations]]");
      }
    }
  });
}

void PolicyReader::CheckLabels(const Table& table, std::string_view key,
                               std::vector<std::string> labels) {
  checks_.emplace_back([this, table, key = std::string(key), labels = std::move(labels)] {
    for (const std::string& label : labels) {
      if (policy_.FindLabel(label) == nullptr) {
        RefuseUnknown(table, key, label, "a label; add it to [labels]");
      }
    }
  });
}

void PolicyReader::Missing(std::string_view what, std::string_view advice) {
  const std::string place = files_.empty() ? "policy" : files_.front().Root().PlaceOf("layer");
  problems_.push_back(
      {base::ErrorId::kPolicyInvalid, place,
       std::string(what) + " is in none of the policy's files; " + std::string(advice)});
}

void PolicyReader::CheckWhole() {
  if (system().organisations.empty()) {
    Missing("[[organisations]]", "without it nobody may ask");
  }
  if (system().role_groups.empty()) Missing("[role_groups]", "without it nobody may ask");
  if (system().purposes.empty()) Missing("[purposes]", "without it nothing may be asked for");
  for (const char* const name : {"location_protection", "review"}) {
    if (std::find(seen_once_.begin(), seen_once_.end(), name) == seen_once_.end()) {
      Missing("[" + std::string(name) + "]", "add it to the system layer");
    }
  }
  CheckReasons();
}

void PolicyReader::CheckReasons() {
  const auto has = [this](ReasonUse use) {
    return std::any_of(system().reasons.begin(), system().reasons.end(),
                       [use](const CodedReason& reason) { return reason.use == use; });
  };
  if (system().purposes.contains(record::Purpose::kEmergency) &&
      (!has(ReasonUse::kBreakGlass) || system().break_glass_right.empty())) {
    Missing("a [[reasons]] with use = \"break_glass\", or [rights] break_glass",
            "emergency access needs a list of coded reasons and a role right");
  }
  // Without one, a seal would deny safeguarding (safety.md 1).
  if (system().purposes.contains(record::Purpose::kSafeguarding) && !has(ReasonUse::kOpenSeal)) {
    Missing("a [[reasons]] with use = \"open_seal\"",
            "safeguarding opens what is sealed on a coded reason");
  }
  CheckClosing();
}

// What is opened is closed by somebody, who says by a code how it came out.
void PolicyReader::CheckClosing() {
  if (May(Action::kReviewClose)) {
    for (const ReasonUse use :
         {ReasonUse::kCloseReview, ReasonUse::kCloseNotice, ReasonUse::kCloseIdentity}) {
      NeedCode(use, "whoever may review.close says by a code how it came out");
    }
  }
  // Broken glass leaves a notice to the person, which one organisation's officer is not shown.
  if (system().purposes.contains(record::Purpose::kEmergency) &&
      (May(Action::kReviewClose) || May(Action::kIdentityQueue))) {
    NeedOverAll(Action::kReviewClose,
                "an emergency leaves a notice to the person, and nobody else may close it");
  }
  if (May(Action::kIdentityLink)) {
    NeedCode(ReasonUse::kCloseIdentity,
             "whoever may identity.link ends by a code what was looked at");
    NeedCode(ReasonUse::kCloseWaiting, "a waiting message is turned away by a code of its own");
    NeedCode(ReasonUse::kCloseMatch, "that two are two people is said by a code of its own");
    NeedOverAll(Action::kIdentityLink, "nobody else may close a protected identity");
  }
  if (May(Action::kIdentitySever)) CheckSevering();
  if (May(Action::kQuarantineWork) || May(Action::kQuarantineCorrect)) {
    NeedCode(ReasonUse::kMendMessage, "whoever mends a message says by a code why");
  }
}

// What one officer severs, a second one confirms or undoes.
void PolicyReader::CheckSevering() {
  NeedOverAll(Action::kIdentityConfirm, "what one officer severs a second one confirms or undoes");
  for (const bool undoes : {false, true}) {
    const auto& reasons = system().reasons;
    const bool has = std::any_of(reasons.begin(), reasons.end(), [&](const CodedReason& reason) {
      return reason.use == ReasonUse::kCloseSevering && reason.undoes_severing == undoes;
    });
    if (has) continue;
    Missing(std::string("a [[reasons]] with use = \"close_severing\" and undoes_severing = ") +
                (undoes ? "true" : "false"),
            undoes ? "without it a severing by mistake cannot be undone"
                   : "without it a severing cannot be confirmed");
  }
}

bool PolicyReader::May(Action action, std::optional<Scope> scope) {
  const auto& roles = system().duty_roles;
  return std::any_of(roles.begin(), roles.end(), [&](const DutyRole& role) {
    return (!scope || role.scope == *scope) &&
           std::find(role.may.begin(), role.may.end(), action) != role.may.end();
  });
}

void PolicyReader::NeedCode(ReasonUse use, std::string_view advice) {
  if (!policy_.CodesOf(use).empty()) return;
  Missing("a [[reasons]] with use = \"" + std::string(KeyOf(use)) + "\"", advice);
}

void PolicyReader::NeedOverAll(Action action, std::string_view advice) {
  if (May(action, Scope::kAll)) return;
  Missing("a [[duty_roles]] that may " + std::string(KeyOf(action)) + ", with scope = \"all\"",
          advice);
}

}  // namespace milecastle::decide
