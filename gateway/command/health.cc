#include <memory>

#include "inside/ask.h"
#include "inside/subcommands.h"

namespace milecastle::command {
namespace {

void Print(const v1::GetHealthResponse& response, std::ostream& out) {
  out << (response.healthy() ? "HEALTHY" : "NOT HEALTHY") << "\n";
  for (const v1::HealthLine& line : response.lines()) {
    out << (line.healthy() ? "  " : "  ! ") << Printable(line.component()) << ": "
        << Printable(line.text()) << "\n";
    if (!line.place().empty()) out << "      at " << Printable(line.place()) << "\n";
  }
  out << "  version " << Printable(response.version()) << ", policy "
      << Printable(response.policy_version()) << "\n";
  if (response.has_started()) out << "  started " << LondonTime(response.started()) << "\n";
}

}  // namespace

void AddHealth(Command root) {
  const auto connection = std::make_shared<Connection>();
  Command command = root.Subcommand(
      "health",
      {"Say how a gateway is doing: store, audit logs, outbox, certificates and revocation "
       "lists, and what to do where something is not right. With the token of a user whose role "
       "looks at operations, it names the files to look at too.",
       "  0  healthy\n"
       "  1  not healthy: what is wrong is printed\n"
       "  2  misuse: a flag or a file is wrong\n"
       "  3  refused by policy\n"
       "  4  the gateway is unavailable or failed",
       "milecastle health --cert ops.pem --key ops.key --ca ca.pem"});
  AddConnectionFlags(command, *connection);
  command.Runs([connection](Terminal& terminal) {
    bool healthy = true;
    const auto answer = Ask(*connection, v1::GetHealthRequest());
    if (const auto* trouble = std::get_if<Trouble>(&answer)) return Report(terminal, *trouble);
    const v1::GetHealthResponse& response = std::get<0>(answer);
    healthy = response.healthy();
    if (terminal.json) {
      PrintJson(response, terminal.out);
    } else {
      Print(response, terminal.out);
    }
    return static_cast<int>(healthy ? kDone : kNotAll);
  });
}

}  // namespace milecastle::command
