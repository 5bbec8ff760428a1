#include <memory>

#include "command/view_text.h"
#include "inside/client.h"
#include "inside/json.h"
#include "inside/person.h"
#include "inside/subcommands.h"

namespace milecastle::command {
namespace {

struct Flags {
  ViewFlags view;
  ViewText text;
  Connection connection;
};

int View(const Flags& flags, Terminal& terminal) {
  const auto request = ViewRequestOf(flags.view);
  if (const auto* trouble = std::get_if<Trouble>(&request)) return Report(terminal, *trouble);
  const auto answer = Ask(flags.connection, std::get<0>(request));
  if (const auto* trouble = std::get_if<Trouble>(&answer)) return Report(terminal, *trouble);
  const auto& response = std::get<0>(answer);
  if (terminal.json) {
    PrintJson(response, terminal.out);
  } else {
    PrintView(response, terminal.out, flags.text);
  }
  return response.has_view() ? kDone : kRefused;
}

}  // namespace

void AddView(Command root) {
  const auto flags = std::make_shared<Flags>();
  Command command = root.Subcommand(
      "view",
      {"Ask for one person's record. What is missing, withheld or doubtful is printed first, then "
       "who it is, allergies, the other sections, the manifest of what was found where, duties and "
       "the audit receipt. Returned never means complete. A refusal is printed with its reason and "
       "what can be done, and never says that there is no record. --purpose emergency breaks the "
       "glass: it needs --reason, and is always told to the privacy officer.",
       kClientExits,
       "milecastle view --nhs-number 9990000018 --birth-date 1948-07-05 --family-name Hadrian "
       "--purpose direct-care --cert ward.pem --key ward.key --ca ca.pem --token nurse.jwt"});
  AddViewFlags(command, flags->view);
  command.Switch("--ids", flags->text.ids, "Print each entry's id, which `history` asks with");
  AddConnectionFlags(command, flags->connection);
  command.Runs([flags](Terminal& terminal) { return View(*flags, terminal); });
}

}  // namespace milecastle::command
