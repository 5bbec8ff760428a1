#include "decide/policy.h"

#include <memory>
#include <sstream>

#include "base/clock.h"
#include "base/config.h"
#include "inside/json.h"
#include "inside/subcommands.h"
#include "normalise/label_rules.h"

namespace milecastle::command {
namespace {

struct CheckFlags {
  std::vector<std::string> files;
};

boost::json::array ProblemsJson(const std::vector<base::Error>& problems) {
  boost::json::array list;
  for (const base::Error& problem : problems) {
    list.push_back({{"place", JsonText(problem.place)},
                    {"error", base::LineOf(problem.id).name},
                    {"advice", JsonText(problem.advice)}});
  }
  return list;
}

void PrintProblems(const std::vector<base::Error>& problems, std::ostream& out) {
  for (const base::Error& problem : problems) {
    const std::string_view advice =
        problem.advice.empty() ? base::LineOf(problem.id).meaning : problem.advice;
    out << Printable(problem.place) << ": " << Printable(advice) << "\n";
  }
}

void PrintJsonLine(const decide::Policy::Loaded& loaded, const std::vector<std::string>& warnings,
                   std::ostream& out) {
  const boost::json::object line = {
      {"valid", loaded.policy.has_value()},
      {"version", JsonText(loaded.policy ? loaded.policy->version() : "")},
      {"problems", ProblemsJson(loaded.problems)},
      {"warnings", JsonTexts(warnings)}};
  out << boost::json::serialize(line) << "\n";
}

void PrintText(const decide::Policy::Loaded& loaded, const std::vector<std::string>& warnings,
               std::ostream& out) {
  PrintProblems(loaded.problems, out);
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

struct LabelFlags {
  std::vector<std::string> rules;
  std::string text;
};

// Which line of a text is given which label by which rule. The text itself is not said again.
void PrintLine(std::size_t number, const std::vector<normalise::Finding>& found,
               Terminal& terminal) {
  if (terminal.json) {
    boost::json::array labels;
    for (const normalise::Finding& finding : found) {
      labels.push_back({{"label", JsonText(finding.label)}, {"rule", JsonText(finding.rule)}});
    }
    const boost::json::object line = {{"line", number}, {"labels", std::move(labels)}};
    terminal.out << boost::json::serialize(line) << "\n";
    return;
  }
  terminal.out << "line " << number << ":";
  for (const normalise::Finding& finding : found) {
    terminal.out << " " << finding.label << " (" << finding.rule << ")";
  }
  terminal.out << (found.empty() ? " no label\n" : "\n");
}

int TryText(const std::string& file, const normalise::LabelRules& rules, Terminal& terminal) {
  const auto text = base::ReadFile(file);
  if (!text) {
    return Report(terminal, TroubleOf(text.error(), "the text could not be read", kMisuse));
  }
  std::istringstream lines(*text);
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    PrintLine(++number, rules.FindIn(line), terminal);
  }
  return kDone;
}

int Labels(const LabelFlags& flags, Terminal& terminal) {
  const std::vector<std::filesystem::path> paths(flags.rules.begin(), flags.rules.end());
  const auto loaded = normalise::LabelRules::Load(paths);
  if (loaded.rules && !flags.text.empty()) return TryText(flags.text, *loaded.rules, terminal);
  const std::size_t rules = loaded.rules ? loaded.rules->rules() : 0;
  const std::size_t cases = loaded.rules ? loaded.rules->cases() : 0;
  if (terminal.json) {
    const boost::json::object line = {{"valid", loaded.rules != nullptr},
                                      {"rules", rules},
                                      {"cases", cases},
                                      {"problems", ProblemsJson(loaded.problems)}};
    terminal.out << boost::json::serialize(line) << "\n";
  } else if (loaded.rules) {
    terminal.out << "The label rules are right: " << Count(rules, "rule") << ", "
                 << Count(loaded.rules->phrases(), "phrase") << ", and " << Count(cases, "case")
                 << " that hold.\n";
  } else {
    PrintProblems(loaded.problems, terminal.out);
    terminal.out << Count(loaded.problems.size(), "problem")
                 << ": a gateway would refuse these label rules.\n";
  }
  return loaded.rules ? kDone : kNotAll;
}

void AddLabels(Command& policy) {
  const auto flags = std::make_shared<LabelFlags>();
  Command command = policy.Subcommand(
      "labels",
      {"Read label rules as the gateway would, offline: every problem at once, with file and line, "
       "and every case that does not come out as it is written. With --text, say of each line of a "
       "file which label it is given by which rule; the lines are not printed again. `milecastle "
       "normalise --label-rules` does so with messages.",
       "  0  the rules are right, and every case holds\n"
       "  1  they are not\n"
       "  2  misuse, or there is no such file",
       "milecastle policy labels config/label-rules"});
  command.Texts("PATH", flags->rules, "Files of rules, and folders of which every *.toml is read")
      .Required()
      .Existing();
  command.Text("--text FILE", flags->text, "A text to try, line by line").ExistingFile();
  command.Runs([flags](Terminal& terminal) { return Labels(*flags, terminal); });
}

}  // namespace

void AddPolicy(Command root, const Parts& parts) {
  Command policy = root.Group("policy", "The rules: check them before a gateway reads them");
  AddLabels(policy);
  AddStoredLabels(policy, parts);
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
