#include <memory>

#include "inside/json.h"
#include "inside/subcommands.h"

namespace milecastle::command {
namespace {

struct ServeFlags {
  std::string config;
  bool check = false;
};

// A configuration that is wrong is the operator's to mend; anything else failed here.
Exit ExitOf(base::ErrorId id) {
  switch (id) {
    case base::ErrorId::kArgumentInvalid:
    case base::ErrorId::kArgumentMissing:
    case base::ErrorId::kConfigUnreadable:
    case base::ErrorId::kConfigInvalid:
    case base::ErrorId::kPolicyInvalid:
    case base::ErrorId::kCertificateInvalid:
      return kMisuse;
    default:
      return kUnavailable;
  }
}

void PrintChecked(const ServeReport& report, Terminal& terminal) {
  if (terminal.json) {
    const boost::json::object line = {{"valid", true}, {"warnings", JsonTexts(report.warnings)}};
    terminal.out << boost::json::serialize(line) << "\n";
    return;
  }
  for (const std::string& warning : report.warnings) {
    terminal.err << "warning: " << Printable(warning) << "\n";
  }
  terminal.out << "The configuration is right.\n";
}

int Serve(const ServeFlags& flags, const Parts& parts, Terminal& terminal) {
  const ServeReport report = parts.serve(flags.config, {.check_only = flags.check});
  std::vector<Trouble> troubles;
  for (const base::Error& error : report.problems) {
    troubles.push_back(TroubleOf(error, "the gateway does not serve", ExitOf(error.id)));
  }
  if (!troubles.empty()) return Report(terminal, troubles);
  if (flags.check) PrintChecked(report, terminal);
  return kDone;
}

}  // namespace

void AddServe(Command root, const Parts& parts) {
  const auto flags = std::make_shared<ServeFlags>();
  Command command = root.Subcommand(
      "serve", {"Run the gateway until SIGTERM or SIGINT. SIGHUP reads policy, certificates and "
                "revocation lists again, all or none. Its log is JSON lines on standard error; "
                "nothing is written on standard output.",
                "  0  it was told to stop and stopped cleanly\n"
                "  2  configuration, policy or certificates are wrong: every problem is printed "
                "with file and line\n"
                "  4  a port, the store or the audit log failed",
                "milecastle serve --config config/gateway.toml"});
  command.Text("--config FILE", flags->config, "The gateway's configuration, TOML")
      .Required()
      .ExistingFile();
  command.Switch("--check", flags->check,
                 "Read and check configuration, policy and certificates, and serve nothing; what "
                 "is right and should be looked at all the same is a warning");
  command.Runs([flags, &parts](Terminal& terminal) { return Serve(*flags, parts, terminal); });
}

}  // namespace milecastle::command
