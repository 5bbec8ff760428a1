#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <memory>

#include "base/config.h"
#include "base/unique_fd.h"
#include "inside/json.h"
#include "inside/subcommands.h"

namespace milecastle::command {
namespace {

struct TokenFlags {
  std::string issuer_key;
  std::string certificate;
  TokenRequest request;
  std::int64_t assurance = 3;
  std::int64_t minutes = 30;
  std::string out;
};

// A token is a credential: its file is its owner's alone, from the first byte.
std::optional<Trouble> WritePrivately(const std::string& file, const std::string& text) {
  const base::UniqueFd fd(
      ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR));
  const bool written =
      fd && ::fchmod(fd.get(), S_IRUSR | S_IWUSR) == 0 &&
      ::write(fd.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if (written) return std::nullopt;
  return Trouble{kUnavailable, "the token could not be written", file, "the write failed",
                 "name a file in a folder of your own, on a disk with room"};
}

int Token(const TokenFlags& flags, const Parts& parts, Terminal& terminal) {
  TokenRequest request = flags.request;
  request.assurance = static_cast<int>(flags.assurance);
  request.lifetime = std::chrono::minutes(flags.minutes);
  for (const auto& [file, into] : {std::pair(&flags.issuer_key, &request.issuer_key_pem),
                                   std::pair(&flags.certificate, &request.certificate_pem)}) {
    auto bytes = base::ReadFile(*file);
    if (!bytes) return Report(terminal, TroubleOf(bytes.error(), "a file cannot be read", kMisuse));
    *into = std::move(*bytes);
  }
  const auto token = parts.issue_token(request);
  if (!token) return Report(terminal, TroubleOf(token.error(), "no token was signed", kMisuse));
  if (!flags.out.empty()) {
    const auto trouble = WritePrivately(flags.out, *token + "\n");
    return trouble ? Report(terminal, *trouble) : kDone;
  }
  if (terminal.json) {
    terminal.out << boost::json::serialize(boost::json::object{{"token", *token}}) << "\n";
  } else {
    terminal.out << *token << "\n";
  }
  return kDone;
}

}  // namespace

void AddToken(Command root, const Parts& parts) {
  const auto flags = std::make_shared<TokenFlags>();
  TokenRequest& request = flags->request;
  Command command = root.Subcommand(
      "token",
      {"Sign a user token for trials and tests, offline, in place of an identity provider (ES256, "
       "bound to a client certificate). It is printed, or written to a file that its owner alone "
       "can read. A gateway takes it only if its configuration names this issuer and key.",
       "  0  done\n"
       "  2  misuse: a flag or a key is wrong\n"
       "  4  the file could not be written",
       "milecastle token --key issuer.key --certificate ward.pem --issuer https://trial.example "
       "--key-id trial-1 --audience milecastle --user nurse-7 --organisation RXX --role R8001 "
       "--out nurse.jwt"});
  command.Text("--key FILE", flags->issuer_key, "The issuer's private key, EC P-256, PEM")
      .Required()
      .ExistingFile();
  command
      .Text("--certificate FILE", flags->certificate,
            "The client certificate that the token is bound to, PEM")
      .Required()
      .ExistingFile();
  command.Text("--issuer URL", request.issuer, "Who vouches (iss)").Required();
  command.Text("--key-id ID", request.key_id, "Which of the issuer's keys (kid)").Required();
  command.Text("--audience NAME", request.audience, "For which gateway (aud)").Required();
  command.Text("--user ID", request.user, "The user's stable id (sub)").Required();
  command.Text("--name NAME", request.name, "The user's name. Default: left out");
  command.Text("--organisation ODS", request.organisation, "The user's organisation").Required();
  command.Texts("--role CODE", request.roles, "A role of the user; may be given again");
  command.Text("--team TEAM", request.team, "The user's team. Default: left out");
  command.Number("--assurance LEVEL", flags->assurance, {0, 3},
                 "Identity assurance: 0 none to 3 smartcard or equal");
  command.Number("--lifetime MINUTES", flags->minutes, {1, 1440}, "Until it expires, 1 to 1440");
  command.Text("--launch-nhs-number N", request.launch_nhs_number,
               "Attest a launch, now, from this person's open local record");
  command.Text("--out FILE", flags->out, "Write it here instead of standard output");
  command.Runs([flags, &parts](Terminal& terminal) { return Token(*flags, parts, terminal); });
}

}  // namespace milecastle::command
