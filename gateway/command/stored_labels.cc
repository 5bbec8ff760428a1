#include <memory>

#include "inside/json.h"
#include "inside/subcommands.h"

namespace milecastle::command {
namespace {

void PrintJson(const LabelTrial& trial, std::ostream& out) {
  boost::json::array changes;
  for (const LabelChange& change : trial.changes) {
    changes.push_back({{"source", JsonText(change.source)},
                       {"section", JsonText(change.section)},
                       {"label", JsonText(change.label)},
                       {"change", change.gains ? "gains" : "loses"},
                       {"entries", change.entries},
                       {"people", change.people}});
  }
  const boost::json::object line = {
      {"people", trial.people}, {"entries", trial.entries}, {"changes", std::move(changes)}};
  out << boost::json::serialize(line) << "\n";
}

std::string People(std::uint64_t people) {
  return people == 1 ? "1 person" : std::to_string(people) + " people";
}

void PrintText(const LabelTrial& trial, std::ostream& out) {
  for (const LabelChange& change : trial.changes) {
    out << (change.gains ? "gains " : "loses ") << Printable(change.label) << ": "
        << Count(change.entries, "entry") << " of " << People(change.people) << ", "
        << Printable(change.section) << " of " << Printable(change.source) << "\n";
  }
  if (trial.changes.empty()) out << "No label would change.\n";
  out << "Looked at " << Count(trial.entries, "entry") << " of " << People(trial.people) << ".\n";
}

int Try(const std::string& config, const Parts& parts, Terminal& terminal) {
  const TriedLabels tried = parts.try_labels(config);
  if (tried.trial) {
    (terminal.json ? PrintJson : PrintText)(*tried.trial, terminal.out);
    return kDone;
  }
  for (const base::Error& problem : tried.problems) {
    Report(terminal, TroubleOf(problem, "the rules could not be tried", kNotAll));
  }
  return kNotAll;
}

}  // namespace

void AddStoredLabels(Command& policy, const Parts& parts) {
  if (!parts.try_labels) return;
  const auto config = std::make_shared<std::string>();
  Command command = policy.Subcommand(
      "stored-labels",
      {"Read the rules of a configuration as the gateway would, and count what they would change "
       "of "
       "the labels of what its store holds: how many entries of how many people would gain or lose "
       "which label, by source and section, with what follows links. Numbers alone are printed, "
       "and "
       "nothing is changed; the gateway may be running. Do it before you send SIGHUP: from then on "
       "what gains a label is shut to whom that label shuts it.",
       "  0  counted\n"
       "  1  the rules are wrong, or the store could not be read\n"
       "  2  misuse, or there is no such file",
       "milecastle policy stored-labels --config /etc/milecastle/gateway.toml"});
  command.Text("--config FILE", *config, "The gateway's configuration").Required().ExistingFile();
  command.Runs([config, &parts](Terminal& terminal) { return Try(*config, parts, terminal); });
}

}  // namespace milecastle::command
