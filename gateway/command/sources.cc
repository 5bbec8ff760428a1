#include <map>
#include <memory>

#include "inside/ask.h"
#include "inside/subcommands.h"

namespace milecastle::command {
namespace {

void PrintBacklog(const v1::Source& source, std::ostream& out) {
  if (source.under_way() != 0) {
    out << "    " << Count(source.under_way(), "message") << " taken and not yet committed\n";
  }
  if (source.awaiting_identity() != 0) {
    out << "    ! " << Count(source.awaiting_identity(), "message")
        << " waiting for an identity officer\n";
  }
  const std::uint64_t open = source.quarantined_open() + source.rejected_open();
  if (open == 0) return;
  out << "    ! " << Count(open, "message")
      << " refused or quarantined, and nobody is done with: milecastle quarantine list\n";
}

// What a line of counts is of: the organisation is said where the feed speaks for several.
std::string LineOf(const v1::Source& source, const v1::OutcomeCount& count) {
  std::string line = Printable(count.outcome());
  if (!count.error().empty()) line += ", " + Printable(count.error());
  if (source.organisations_size() > 1) {
    line = (count.organisation().empty() ? "nobody known" : Printable(count.organisation())) +
           ": " + line;
  }
  return line;
}

// Rows of one line are added up; those of one organisation stand together.
void PrintCounts(const v1::Source& source, std::ostream& out) {
  std::map<std::string, std::uint64_t> lines;
  for (const v1::OutcomeCount& count : source.counts()) {
    lines[LineOf(source, count)] += count.messages();
  }
  for (const auto& [line, messages] : lines) out << "    " << line << " " << messages << "\n";
}

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
    PrintBacklog(source, out);
    PrintCounts(source, out);
  }
}

void PrintDirectory(const v1::DirectorySource& directory, std::ostream& out) {
  out << Printable(directory.source()) << "  " << Printable(directory.state())
      << ", directory of services\n";
  if (directory.has_read()) {
    out << "    " << Count(directory.services(), "service") << " as of "
        << LondonTime(directory.read()) << ", " << directory.gone() << " gone\n";
  }
  if (directory.refused() != 0) {
    out << "    ! " << Count(directory.refused(), "part") << " of it could not be read\n";
  }
  if (directory.error().empty()) return;
  out << "    ! the last try"
      << (directory.has_tried() ? " at " + LondonTime(directory.tried()) : "")
      << " left it as it was: " << Printable(directory.error());
  if (!directory.place().empty()) out << " at " << Printable(directory.place());
  if (!directory.advice().empty()) out << ": " << Printable(directory.advice());
  out << "\n";
}

void PrintAll(const v1::ListSourcesResponse& response, std::ostream& out) {
  Print(response, out);
  for (const v1::DirectorySource& directory : response.directories()) {
    PrintDirectory(directory, out);
  }
}

}  // namespace

void AddSources(Command root) {
  const auto connection = std::make_shared<Connection>();
  Command command = root.Subcommand(
      "sources",
      {"List the feeds of a gateway: for whom each speaks, whether it is live, silent "
       "longer than its interval, or never heard of; what it has under way, waiting and in "
       "quarantine; and what became of its messages, by organisation where it speaks for "
       "several, and by reason. Then the directories of services: how old each is, and what kept "
       "it "
       "from being newer.",
       kClientExits,
       "milecastle sources --cert ops.pem --key ops.key --ca ca.pem --token ops.jwt"});
  AddConnectionFlags(command, *connection);
  command.Runs([connection](Terminal& terminal) {
    return AskAndPrint<v1::ListSourcesResponse>(
        *connection, Answer<v1::ListSourcesRequest>(v1::ListSourcesRequest()), terminal, PrintAll);
  });
}

}  // namespace milecastle::command
