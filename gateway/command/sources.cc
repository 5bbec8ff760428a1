#include <map>
#include <memory>

#include "inside/ask.h"
#include "inside/subcommands.h"

namespace milecastle::command {
namespace {

void Print(const v1::ListSourcesResponse& response, std::ostream& out) {
  if (response.sources().empty()) out << "No feed is configured.\n";
  for (const v1::Source& source : response.sources()) {
    out << Printable(source.feed()) << "  " << Printable(source.state()) << ", adapter "
        << Printable(source.adapter()) << "\n";
    for (const std::string& organisation : source.organisations()) {
      out << "    speaks for " << Printable(organisation) << "\n";
    }
    if (source.has_last_received()) {
      out << "    last received " << LondonTime(source.last_received()) << "\n";
    }
    if (source.has_last_accepted()) {
      out << "    last accepted " << LondonTime(source.last_accepted()) << "\n";
    }
    // In an order of its own: a protobuf map has none.
    for (const auto& [outcome, count] :
         std::map<std::string, std::uint64_t>(source.messages().begin(), source.messages().end())) {
      out << "    " << Printable(outcome) << " " << count << "\n";
    }
    if (source.awaiting_identity() != 0) {
      out << "    ! " << Count(source.awaiting_identity(), "message")
          << " waiting for an identity officer\n";
    }
  }
}

}  // namespace

void AddSources(Command root) {
  const auto connection = std::make_shared<Connection>();
  Command command = root.Subcommand(
      "sources", {"List the feeds of a gateway: for whom each speaks, whether it is live, silent "
                  "longer than its interval, or never heard of, and what became of its messages.",
                  kClientExits,
                  "milecastle sources --cert ops.pem --key ops.key --ca ca.pem --token ops.jwt"});
  AddConnectionFlags(command, *connection);
  command.Runs([connection](Terminal& terminal) {
    return AskAndPrint<v1::ListSourcesResponse>(
        *connection, Answer<v1::ListSourcesRequest>(v1::ListSourcesRequest()), terminal, Print);
  });
}

}  // namespace milecastle::command
