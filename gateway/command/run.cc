#include <unistd.h>

#include <exception>
#include <iostream>

#include "command/command.h"
#include "inside/subcommands.h"

namespace milecastle::command {
namespace {

constexpr const char* kDoes =
    "Milecastle, a shared care record integration gateway: its server, its clients, and what works "
    "offline.\n\n"
    "Exit codes: 0 done; 1 some was not accepted, or a verification failed; 2 misuse; 3 refused by "
    "policy; 4 the gateway is unavailable or failed.\n"
    "Client subcommands take --connect, --cert, --key, --ca and --token, or MILECASTLE_CONNECT, "
    "MILECASTLE_CERT, MILECASTLE_KEY, MILECASTLE_CA and MILECASTLE_TOKEN from the environment.";

void AddAll(const Command& root, const Parts& parts) {
  if (parts.serve) AddServe(root, parts);
  if (parts.dry_run) AddNormalise(root, parts);
  if (parts.read_directory) AddDirectory(root, parts);
  AddSubmit(root, parts);
  AddView(root);
  AddHistory(root);
  AddDocument(root);
  AddExplain(root);
  AddConsent(root);
  AddIdentify(root);
  AddAudit(root, parts);
  AddPolicy(root, parts);
  AddQuarantine(root);
  AddSources(root);
  AddHealth(root);
  if (parts.issue_token) AddToken(root, parts);
}

}  // namespace

int Run(const std::vector<std::string>& arguments, const Parts& parts, const Streams& streams) {
  Terminal terminal{streams.out, streams.err, streams.progress};
  CommandLine line(kDoes, "milecastle " + parts.version);
  AddAll(line.Root(), parts);
  const int exit = line.Run(arguments, terminal);
  streams.out.flush();
  if (streams.out) return exit;
  return Report(terminal, Trouble{kUnavailable, "what was asked for could not be written out",
                                  "standard output", "the write failed",
                                  "check the disk or the program that reads it"});
}

int Run(int argc, char** argv, const Parts& parts) {
  try {
    const std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
    return Run(arguments, parts, {std::cout, std::cerr, ::isatty(STDERR_FILENO) == 1});
  } catch (const std::exception&) {  // out of memory, mostly; its text might hold data
    std::cerr << "milecastle: it ended by a fault of its own\n";
    return kUnavailable;
  }
}

}  // namespace milecastle::command
