// Reads the files of a policy into a Policy, noting every problem before it says no.
//
// The order of life: open every file; read what other tables name (groups of organisations), then
// the rest; run the checks that need the whole; collect what the files noted.
//
// Thread-safety: one thread. Failure: as Policy::Loaded.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/config.h"
#include "decide/policy.h"
#include "fields.h"

namespace milecastle::decide {

class PolicyReader {
 public:
  Policy::Loaded Read(std::span<const PolicyFile> files);

 private:
  using Table = base::ConfigTable;
  using Check = std::function<void()>;

  void Open(const PolicyFile& file);
  void NumberLabels();
  void ReadOpened(const Table& root);
  void ReadSystemFile(const Table& root);
  void ReadLowerFile(const Table& root, LayerKind layer);

  // Who there is: read_organisations.cc.
  void ReadGroups(const Table& root);
  void ReadPlaces(const Table& root);
  void ReadNeighbourhoods(const Table& root);
  void ReadOrganisations(const Table& root);
  void ReadOrganisation(const Table& table);
  void ReadRoleGroups(const Table& root);
  void ReadRights(const Table& root);
  void ReadDutyRoles(const Table& root);
  void ReadWhoRegisters(const Table& table, EvidenceRule& rule);

  // What is granted: read_rules.cc.
  void ReadEvidence(const Table& root);
  void ReadPurposes(const Table& root);
  void ReadPurpose(const Table& table, record::Purpose purpose);
  void ReadReasons(const Table& root);
  void ReadLabels(const Table& root);
  void ReadLabel(const Table& table, const std::string& label);
  void ReadAgreements(const Table& root);
  void ReadAgreement(const Table& table);
  void ReadLocation(const Table& root);
  void ReadReview(const Table& root);
  void ReadReaders(const Table& root);

  // What is restricted: read_lower.cc.
  void ReadWithhold(const Table& table, LayerKind layer, const std::string& at);
  void RefuseWidening(const Table& root, std::string_view layer);

  // Checks that need the whole policy.
  void CheckRoleGroups(const Table& table, std::string_view key, std::vector<std::string> groups);
  void CheckCodes(const Table& table, std::string_view key, std::vector<record::OdsCode> codes);
  void CheckLabels(const Table& table, std::string_view key, std::vector<std::string> labels);
  void CheckWhole();
  void CheckReasons();
  void CheckClosing();
  void CheckSevering();
  // Whether a duty role may do it: one of that scope, or any.
  bool May(Action action, std::optional<Scope> scope = std::nullopt);
  void NeedCode(ReasonUse use, std::string_view advice);
  void NeedOverAll(Action action, std::string_view advice);
  void Missing(std::string_view what, std::string_view advice);

  SystemLayer& system() { return policy_.system_; }

  Policy policy_;
  CodeGroups groups_;
  std::vector<base::ConfigFile> files_;
  std::vector<Check> checks_;
  std::vector<base::Error> problems_;
  std::vector<std::string> seen_once_;  // tables of which a policy has one
};

}  // namespace milecastle::decide
