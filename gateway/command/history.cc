#include <memory>

#include "base/crypto.h"
#include "base/uuid.h"
#include "command/view_text.h"
#include "inside/client.h"
#include "inside/entry_text.h"
#include "inside/json.h"
#include "inside/person.h"
#include "inside/subcommands.h"

namespace milecastle::command {
namespace {

struct Flags {
  ViewFlags view;
  std::string entry;
  Connection connection;
};

// As --ids prints it, or as --json writes its 16 bytes.
std::optional<base::Uuid> EntryIdOf(const std::string& text) {
  if (const auto id = base::Uuid::Parse(text)) return id;
  const auto bytes = base::FromBase64(text);
  return bytes ? base::Uuid::FromBytes(*bytes) : std::nullopt;
}

Answer<v1::GetEntryHistoryRequest> RequestOf(const Flags& flags) {
  auto view = ViewRequestOf(flags.view);
  if (auto* trouble = std::get_if<Trouble>(&view)) return std::move(*trouble);
  const auto id = EntryIdOf(flags.entry);
  if (!id) {
    return MisuseOf("--entry", "it is no entry's id",
                    "take it from `milecastle view --ids`, or entry_id from `view --json`");
  }
  v1::GetEntryHistoryRequest request;
  *request.mutable_request() = std::get<0>(std::move(view));
  request.set_entry_id(std::string(id->AsBytes()));
  return request;
}

std::string StateText(v1::VersionState state) {
  switch (state) {
    case v1::VERSION_STATE_CURRENT:
      return "CURRENT: its source's last word";
    case v1::VERSION_STATE_SUPERSEDED:
      return "NOT CURRENT: a newer version took its place";
    case v1::VERSION_STATE_CORRECTED:
      return "NOT CURRENT: it was corrected";
    case v1::VERSION_STATE_ENTERED_IN_ERROR:
      return "ENTERED IN ERROR: it never was a fact";
    case v1::VERSION_STATE_REFUTED:
      return "REFUTED: it says that it is not so";
    case v1::VERSION_STATE_WITHDRAWN:
      return "WITHDRAWN: its source took it back, as wrong or deleted";
    case v1::VERSION_STATE_NO_LONGER_SENT:
      return "NOT CURRENT: a newer document or list came without it";
    case v1::VERSION_STATE_CAME_LATE:
      return "NEVER CURRENT: an older version, which came after a newer one";
    default:
      return "NOT KNOWN TO BE CURRENT: a state unknown to this command line";
  }
}

std::string IdText(const std::string& bytes) {
  const auto id = base::Uuid::FromBytes(bytes);
  return id ? id->ToString() : std::string();
}

void PrintVersion(const v1::EntryVersion& version, std::ostream& out) {
  out << "\n" << StateText(version.state()) << "\n  came " << LondonTime(version.came());
  if (version.has_ended()) out << ", current until " << LondonTime(version.ended());
  const std::string message = IdText(version.message_id());
  if (!message.empty()) out << ", in message " << message;
  const std::string next = IdText(version.taken_over_by());
  if (!next.empty()) out << ", taken over by " << next;
  out << "\n";
  const v1::Entry& entry = version.has_entry() ? version.entry() : version.not_current();
  PrintEntry(entry, out);
  PrintId(entry, out);
}

void PrintHistory(const v1::EntryHistory& history, std::ostream& out) {
  for (const std::string& warning : history.warnings()) {
    out << "! Warning: " << WarningText(warning) << "\n";
  }
  if (history.versions().empty()) out << "No version that you may know of.\n";
  for (const v1::WithheldVersions& withheld : history.withheld()) {
    const bool is_counted = withheld.count() != 0;
    out << "! " << (is_counted ? Count(withheld.count(), "version") : "Versions")
        << " withheld, because: " << Printable(withheld.reason()) << "\n";
  }
  if (history.truncated()) out << "! Older versions are kept, and not shown here.\n";
  for (const v1::EntryVersion& version : history.versions()) PrintVersion(version, out);
  out << "\n" << Printable(history.statement()) << "\n";
  for (const v1::Duty& duty : history.duties()) {
    out << "duty: " << WarningText(duty.kind());
    if (!duty.organisation().empty()) out << ", " << Printable(duty.organisation());
    if (duty.has_due()) out << ", by " << LondonTime(duty.due());
    out << "\n";
  }
}

int History(const Flags& flags, Terminal& terminal) {
  const auto request = RequestOf(flags);
  if (const auto* trouble = std::get_if<Trouble>(&request)) return Report(terminal, *trouble);
  const auto answer = Ask(flags.connection, std::get<0>(request));
  if (const auto* trouble = std::get_if<Trouble>(&answer)) return Report(terminal, *trouble);
  const auto& response = std::get<0>(answer);
  if (terminal.json) {
    PrintJson(response, terminal.out);
  } else if (response.has_history()) {
    PrintHistory(response.history(), terminal.out);
  } else {
    PrintRefusal(response.refusal(), terminal.out);
  }
  if (!terminal.json) PrintReceipt(response.receipt(), terminal.out);
  return response.has_history() ? kDone : kRefused;
}

}  // namespace

void AddHistory(Command root) {
  const auto flags = std::make_shared<Flags>();
  Command command = root.Subcommand(
      "history",
      {"Ask for the versions of one entry that the gateway took, the last that came first: when "
       "each came, in which message, what became of it, and what it says. Only what stands under "
       "CURRENT is a fact of today. It is decided, refused and audited as a view is, and shows no "
       "version of an entry whose last one you may not see.",
       kClientExits,
       "milecastle history --entry 019b1e2f-5a7c-7d3e-8f10-2a3b4c5d6e7f --nhs-number 9990000018 "
       "--birth-date 1948-07-05 --family-name Hadrian --purpose direct-care --cert ward.pem --key "
       "ward.key --ca ca.pem --token nurse.jwt"});
  command
      .Text("--entry ID", flags->entry,
            "Of the entry, as `milecastle view --ids` prints it; of whichever version")
      .Required();
  AddViewFlags(command, flags->view);
  AddConnectionFlags(command, flags->connection);
  command.Runs([flags](Terminal& terminal) { return History(*flags, terminal); });
}

}  // namespace milecastle::command
