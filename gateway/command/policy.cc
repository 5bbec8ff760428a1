#include "decide/policy.h"

#include <memory>

#include "base/clock.h"
#include "inside/json.h"
#include "inside/subcommands.h"

namespace milecastle::command {
namespace {

struct CheckFlags {
  std::vector<std::string> files;
};

void PrintJsonLine(const decide::Policy::Loaded& loaded, const std::vector<std::string>& warnings,
                   std::ostream& out) {
  boost::json::array problems;
  for (const base::Error& problem : loaded.problems) {
    problems.push_back({{"place", JsonText(problem.place)},
                        {"error", base::LineOf(problem.id).name},
                        {"advice", JsonText(problem.advice)}});
  }
  const boost::json::object line = {
      {"valid", loaded.policy.has_value()},
      {"version", JsonText(loaded.policy ? loaded.policy->version() : "")},
      {"problems", std::move(problems)},
      {"warnings", JsonTexts(warnings)}};
  out << boost::json::serialize(line) << "\n";
}

void PrintText(const decide::Policy::Loaded& loaded, const std::vector<std::string>& warnings,
               std::ostream& out) {
  for (const base::Error& problem : loaded.problems) {
    const std::string_view advice =
        problem.advice.empty() ? base::LineOf(problem.id).meaning : problem.advice;
    out << Printable(problem.place) << ": " << Printable(advice) << "\n";
  }
  for (const std::string& warning : warnings) out << "warning: " << Printable(warning) << "\n";
  if (loaded.policy) {
    out << "The policy is right. Version " << loaded.policy->version() << "\n";
  } else {
    out << Count(loaded.problems.size(), "problem") << ": a gateway would refuse this policy.\n";
  }
}

int Check(const CheckFlags& flags, Terminal& terminal) {
  const std::vector<std::filesystem::path> paths(flags.files.begin(), flags.files.end());
  const decide::Policy::Loaded loaded = decide::Policy::Load(paths);
  std::vector<std::string> warnings;
  if (loaded.policy) warnings = loaded.policy->Warnings(base::SystemClock().Now());
  (terminal.json ? PrintJsonLine : PrintText)(loaded, warnings, terminal.out);
  return loaded.policy ? kDone : kNotAll;
}

}  // namespace

void AddPolicy(Command root) {
  Command policy = root.Group("policy", "The rules: check them before a gateway reads them");
  const auto flags = std::make_shared<CheckFlags>();
  Command command = policy.Subcommand(
      "check",
      {"Read a policy as the gateway would, offline, and print every problem at once, each with "
       "file, line and what to write instead. A lower layer that tries to widen what a higher one "
       "grants is a problem. That no agreement is in force, and agreements whose review is due, "
       "are warnings.",
       "  0  the policy is right; its version is printed\n"
       "  1  it is not\n"
       "  2  misuse, or there is no such file",
       "milecastle policy check config/policies"});
  command
      .Texts(
          "FILE", flags->files,
          "Policy files, and folders of which every *.toml is read; together they are one policy")
      .Required()
      .Existing();
  command.Runs([flags](Terminal& terminal) { return Check(*flags, terminal); });
}

}  // namespace milecastle::command
