#include <memory>

#include "command/view_text.h"
#include "inside/ask.h"
#include "inside/person.h"
#include "inside/subcommands.h"

namespace milecastle::command {
namespace {

struct Flags {
  ViewFlags view;
  std::string organisation;
  std::string user;
  std::vector<std::string> roles;
  std::string team;
  Connection connection;
};

Answer<v1::ExplainRequest> RequestOf(const Flags& flags) {
  auto view = ViewRequestOf(flags.view);
  if (auto* trouble = std::get_if<Trouble>(&view)) return std::move(*trouble);
  v1::ExplainRequest request;
  *request.mutable_request() = std::get<0>(std::move(view));
  request.set_case_reference(flags.view.case_reference);
  v1::HypotheticalRequester& requester = *request.mutable_requester();
  requester.set_organisation(flags.organisation);
  requester.set_user(flags.user);
  requester.set_team(flags.team);
  for (const std::string& role : flags.roles) requester.add_roles(role);
  return request;
}

void PrintClass(const v1::ExplainedClass& one, std::ostream& out) {
  out << "  " << one.section() << " from "
      << (one.source().empty() ? "a source whose name is protected" : one.source()) << ": "
      << one.verdict();
  if (!one.reason().empty()) out << ", because: " << one.reason();
  for (const std::string& field : one.masked()) out << ", masked: " << field;
  for (const std::string& label : one.labels()) out << ", label: " << label;
  if (!one.rule().empty()) out << ", rule " << one.rule();
  out << ", " << Count(one.entries(), "entry") << "\n";
}

void Print(const v1::ExplainResponse& response, std::ostream& out) {
  out << "Would be " << response.outcome();
  if (!response.reason().empty()) out << ", because: " << response.reason();
  if (!response.rule().empty()) out << " (rule " << response.rule() << ")";
  out << "\n";
  for (const std::string& line : response.text()) out << "  " << Printable(line) << "\n";
  if (response.text().empty()) {
    for (const std::string& fact : response.facts()) out << "  " << Printable(fact) << "\n";
    for (const v1::ExplainedClass& one : response.classes()) PrintClass(one, out);
    for (const std::string& duty : response.duties()) out << "  duty: " << duty << "\n";
  }
  out << "  policy version: " << response.policy_version() << "\n";
  PrintReceipt(response.receipt(), out);
}

}  // namespace

void AddExplain(Command root) {
  const auto flags = std::make_shared<Flags>();
  Command command = root.Subcommand(
      "explain",
      {"Say what would be decided on a view, for whom, why and by which rules, without disclosing "
       "the record. For information governance roles alone; the question is decided and audited "
       "too. "
       "Without --case, sources that are sensitive by themselves are not named. The --for flags "
       "ask about somebody else than the caller.",
       "  0  explained, whether it would be permitted or refused\n"
       "  2  misuse: a flag, a file or a field of the request is wrong\n"
       "  3  refused by policy: this role may not ask\n"
       "  4  the gateway is unavailable or failed",
       "milecastle explain --nhs-number 9990000018 --birth-date 1948-07-05 --family-name Hadrian "
       "--purpose direct-care --for-organisation RYY --for-role R8000 --cert ig.pem --key ig.key "
       "--ca ca.pem --token ig.jwt"});
  AddViewFlags(command, flags->view);
  command.Text("--for-organisation ODS", flags->organisation,
               "Whose request. Default: the caller's own organisation");
  command.Text("--for-user ID", flags->user, "Which user's request. Default: the caller");
  command.Texts("--for-role ROLE", flags->roles,
                "In which role; may be given again. Default: the caller's own roles");
  command.Text("--for-team TEAM", flags->team, "In which team. Default: the caller's own");
  AddConnectionFlags(command, flags->connection);
  command.Runs([flags](Terminal& terminal) {
    return AskAndPrint<v1::ExplainResponse>(flags->connection, RequestOf(*flags), terminal, Print);
  });
}

}  // namespace milecastle::command
