// What would be decided, for whom and why: the same decision as a view's, without its record.
//
// An officer of one organisation asks about its own people's requests (safety.md 21), for those of
// whom it holds something or whom its people were shown. That there is anybody else is not told: no
// such person, another birth date and not theirs are one answer, and who goes on asking is stopped
// as those who ask for views are (disclose/guess_limit.h).
//
// What any purpose hides from the organisation is explained to its officer for no purpose: asking
// about an emergency would else tell what the person hid (safety.md 2, 6).
//
// Without a case, sources with labels of their own are named to no officer but their own, and no
// label is told (safety.md 21, 26).
//
// Thread-safety: any thread. Failure: as disclose/view.h; kNotPermitted for whoever has no IG role,
// or asked too often; kNotFound.
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
    std::vector<std::string> labels;  // for a case alone
    std::string verdict;
    std::string rule;  // for a case alone, where it names a label
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

  Explain(Parts parts, std::vector<record::OdsCode> manifest_sources, disclose::GuessLimit& guesses)
      : parts_(parts), manifest_sources_(std::move(manifest_sources)), guesses_(guesses) {}

  // `asked.requester` is the one the question is about; `officer` asks it, for a case or for none.
  void Answer(const record::Requester& officer, const disclose::ViewRequest& asked,
              const std::string& case_reference, Done done);

 private:
  base::Result<Explanation> Decide(const disclose::Held& held, const disclose::ViewRequest& asked,
                                   const decide::ActionVerdict& verdict) const;

  Parts parts_;
  std::vector<record::OdsCode> manifest_sources_;
  disclose::GuessLimit& guesses_;  // outlives it
};

}  // namespace milecastle::govern
