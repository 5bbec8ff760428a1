#include <memory>

#include "base/config.h"
#include "command/view_text.h"
#include "inside/ask.h"
#include "inside/subcommands.h"

namespace milecastle::command {
namespace {

constexpr const char* kMendExits =
    "  0  done\n"
    "  1  there is none of that id, somebody is done with it, or it is refused again\n"
    "  2  misuse: a flag or a file is wrong, or the policy does not list the reason; it says which "
    "it "
    "does\n"
    "  3  refused by policy\n"
    "  4  the gateway is unavailable or failed";

// "rejected, message.invalid at PID-7: write …"
template <class Told>
void PrintFault(const Told& told, std::ostream& out) {
  out << Printable(told.outcome());
  if (!told.error().empty()) out << ", " << Printable(told.error());
  if (!told.place().empty()) out << " at " << Printable(told.place());
  if (!told.advice().empty()) out << ": " << Printable(told.advice());
  out << "\n";
}

void PrintHeld(const v1::HeldMessage& held, std::ostream& out) {
  out << Printable(held.message_id()) << "  " << Printable(held.feed());
  if (!held.organisation().empty()) out << " for " << Printable(held.organisation());
  out << ", received " << LondonTime(held.received());
  if (held.bytes() != 0) out << ", " << held.bytes() << " bytes";
  out << "\n    ";
  PrintFault(held, out);
  if (!held.control_id().empty()) out << "    control id " << Printable(held.control_id()) << "\n";
  for (const v1::HeldPatient& patient : held.patients()) {
    out << "    patient " << patient.number() << ": ";
    PrintFault(patient, out);
  }
  if (held.has_done()) out << "    done with " << LondonTime(held.done()) << "\n";
}

void PrintMending(const v1::Mending& mending, std::ostream& out) {
  out << "    " << Printable(mending.act()) << " " << LondonTime(mending.at()) << " by "
      << Printable(mending.by()) << ", " << Printable(mending.reason_code());
  if (!mending.error().empty()) out << "; it was " << Printable(mending.error());
  if (!mending.correction_message_id().empty()) {
    out << "; " << Printable(mending.correction_message_id()) << " stands for "
        << Printable(mending.message_id());
  }
  out << "\n";
}

void PrintMended(const v1::MendedMessage& mended, std::ostream& out) {
  out << Printable(mended.message_id()) << ": ";
  PrintFault(mended, out);
  if (!mended.changed()) out << "    it was done before: nothing changed\n";
  if (mended.entries() != 0) out << "    " << Count(mended.entries(), "entry") << "\n";
  if (mended.held_back() != 0) {
    out << "    " << Count(mended.held_back(), "entry")
        << " held back: the source said something of the same since\n";
  }
}

struct ListFlags {
  std::string feed;
  std::string after;
  Connection connection;
};

void AddList(Command& quarantine) {
  const auto flags = std::make_shared<ListFlags>();
  Command command = quarantine.Subcommand(
      "list", {"List the messages that were refused or quarantined and with which nobody is done, "
               "oldest first: reason and place, no values.",
               kClientExits,
               "milecastle quarantine list --cert hq.pem --key hq.key --ca ca.pem --token "
               "officer.jwt"});
  command.Text("--feed NAME", flags->feed, "Of this feed alone");
  command.Text("--after ID", flags->after, "Go on behind the last one that was listed");
  AddConnectionFlags(command, flags->connection);
  command.Runs([flags](Terminal& terminal) {
    v1::ListMessagesRequest request;
    request.set_feed(flags->feed);
    request.set_page_token(flags->after);
    return AskAndPrint<v1::ListMessagesResponse>(
        flags->connection, Answer<v1::ListMessagesRequest>(request), terminal,
        [](const v1::ListMessagesResponse& response, std::ostream& out) {
          if (response.messages().empty()) out << "Nothing waits in quarantine.\n";
          for (const v1::HeldMessage& held : response.messages()) PrintHeld(held, out);
          if (!response.next_page_token().empty()) {
            out << "More: --after " << Printable(response.next_page_token()) << "\n";
          }
          PrintReceipt(response.receipt(), out);
        });
  });
}

struct MendFlags {
  std::string message;
  std::string file;
  std::string reason;
  Connection connection;
};

void AddShow(Command& quarantine) {
  const auto flags = std::make_shared<MendFlags>();
  Command command = quarantine.Subcommand(
      "show",
      {"Show one of them, or what became of it, with its bytes and who did what about it. A "
       "disclosure, which the audit log keeps.",
       kClientExits,
       "milecastle quarantine show 019... --cert hq.pem --key hq.key --ca ca.pem --token "
       "officer.jwt"});
  command.Text("MESSAGE", flags->message, "The message's id, as 'quarantine list' prints it")
      .Required();
  AddConnectionFlags(command, flags->connection);
  command.Runs([flags](Terminal& terminal) {
    v1::ShowMessageRequest request;
    request.set_message_id(flags->message);
    return AskAndPrint<v1::ShowMessageResponse>(
        flags->connection, Answer<v1::ShowMessageRequest>(request), terminal,
        [](const v1::ShowMessageResponse& response, std::ostream& out) {
          PrintHeld(response.message(), out);
          for (const v1::Mending& mending : response.mendings()) PrintMending(mending, out);
          out << Printable(response.content()) << "\n";
          PrintReceipt(response.receipt(), out);
        });
  });
}

void AddReason(Command& command, MendFlags& flags) {
  command.Text("MESSAGE", flags.message, "The message's id, as 'quarantine list' prints it")
      .Required();
  command
      .Text("--reason CODE", flags.reason,
            "Why, by a code of the policy: gateway_mended, sender_confirmed, sent_anew …")
      .Required();
  AddConnectionFlags(command, flags.connection);
}

template <class Response>
void PrintMendedResponse(const Response& response, std::ostream& out) {
  PrintMended(response.message(), out);
  PrintReceipt(response.receipt(), out);
}

void AddReplay(Command& quarantine) {
  const auto flags = std::make_shared<MendFlags>();
  Command command = quarantine.Subcommand(
      "replay",
      {"Read one of them again, by today's adapter, mappings and feed. It takes effect as of when "
       "it "
       "came: what its source said since of the same entry stands. Doing it twice changes nothing.",
       kMendExits,
       "milecastle quarantine replay 019... --reason gateway_mended --cert hq.pem --key hq.key "
       "--ca "
       "ca.pem --token officer.jwt"});
  AddReason(command, *flags);
  command.Runs([flags](Terminal& terminal) {
    v1::ReplayMessageRequest request;
    request.set_message_id(flags->message);
    request.set_reason_code(flags->reason);
    return AskAndPrint<v1::ReplayMessageResponse>(
        flags->connection, Answer<v1::ReplayMessageRequest>(request), terminal,
        PrintMendedResponse<v1::ReplayMessageResponse>);
  });
}

Answer<v1::CorrectMessageRequest> CorrectionOf(const MendFlags& flags) {
  auto content = base::ReadFile(flags.file);
  if (!content) return TroubleOf(content.error(), "the file could not be read", kMisuse);
  v1::CorrectMessageRequest request;
  request.set_message_id(flags.message);
  request.set_reason_code(flags.reason);
  request.set_content(std::move(*content));
  return request;
}

void AddCorrect(Command& quarantine) {
  const auto flags = std::make_shared<MendFlags>();
  Command command = quarantine.Subcommand(
      "correct",
      {"Put a corrected message in the place of one of them. The journal keeps both, with who "
       "corrected it and why; it takes effect as of when the first one came, by the rules of the "
       "same "
       "feed. A message that speaks of several patients speaks of as many again, and those alone "
       "are "
       "taken who were not.",
       kMendExits,
       "milecastle quarantine correct 019... mended.hl7 --reason sender_confirmed --cert hq.pem "
       "--key "
       "hq.key --ca ca.pem --token officer.jwt"});
  AddReason(command, *flags);
  command.Text("FILE", flags->file, "The corrected message").Required().ExistingFile();
  command.Runs([flags](Terminal& terminal) {
    return AskAndPrint<v1::CorrectMessageResponse>(flags->connection, CorrectionOf(*flags),
                                                   terminal,
                                                   PrintMendedResponse<v1::CorrectMessageResponse>);
  });
}

void AddClose(Command& quarantine) {
  const auto flags = std::make_shared<MendFlags>();
  Command command = quarantine.Subcommand(
      "close", {"Say that nothing more is to be done about one of them.", kMendExits,
                "milecastle quarantine close 019... --reason sent_anew --cert hq.pem --key hq.key "
                "--ca ca.pem --token officer.jwt"});
  AddReason(command, *flags);
  command.Runs([flags](Terminal& terminal) {
    v1::CloseMessageRequest request;
    request.set_message_id(flags->message);
    request.set_reason_code(flags->reason);
    return AskAndPrint<v1::CloseMessageResponse>(
        flags->connection, Answer<v1::CloseMessageRequest>(request), terminal,
        [](const v1::CloseMessageResponse& response, std::ostream& out) {
          out << "Closed.\n";
          PrintReceipt(response.receipt(), out);
        });
  });
}

}  // namespace

void AddQuarantine(Command root) {
  Command quarantine =
      root.Group("quarantine", "Work the messages that were refused or quarantined");
  AddList(quarantine);
  AddShow(quarantine);
  AddReplay(quarantine);
  AddCorrect(quarantine);
  AddClose(quarantine);
}

}  // namespace milecastle::command
