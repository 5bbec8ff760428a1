// What would be decided, for whom and why: the same decision as a view's, without its record.
//
// Without a case, sources with labels of their own are named to no officer but their own (safety.md
// 21, 26).
//
// Thread-safety: any thread. Failure: as disclose/view.h, and kNotPermitted for whoever has no IG
// role.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "decide/explain.h"
#include "disclose/facts_for.h"
#include "disclose/view.h"
#include "govern/act.h"

namespace milecastle::govern {

struct Explanation {
  struct Class {
    std::string source;  // empty where its name is protected; labels and rule would tell it too
    record::Section section = record::Section::kDocuments;
    std::vector<std::string> labels;
    std::string verdict;
    std::string rule;
    std::string reason;
    std::vector<std::string> masked;
    std::uint32_t entries = 0;
  };
  bool permitted = false;
  std::string reason;
  std::string rule;
  std::string policy_version;
  std::vector<Class> classes;
  std::vector<std::string> duties;
  std::vector<std::string> text;  // the whole in plain English
};

class Explain {
 public:
  using Done = std::function<void(base::Result<Audited<Explanation>>)>;

  Explain(Parts parts, std::vector<record::OdsCode> manifest_sources)
      : parts_(parts), manifest_sources_(std::move(manifest_sources)) {}

  // `asked.requester` is the one the question is about; `officer` asks it, for a case or for none.
  void Answer(const record::Requester& officer, const disclose::ViewRequest& asked,
              const std::string& case_reference, Done done);

 private:
  base::Result<Explanation> Decide(const disclose::Held& held, const disclose::ViewRequest& asked,
                                   const decide::ActionVerdict& verdict) const;

  Parts parts_;
  std::vector<record::OdsCode> manifest_sources_;
};

}  // namespace milecastle::govern
