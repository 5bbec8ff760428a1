#include <memory>

#include "command/view_text.h"
#include "inside/ask.h"
#include "inside/person.h"
#include "inside/subcommands.h"
#include "inside/words.h"

namespace milecastle::command {
namespace {

std::string EntryText(const v1::EntryPlace& entry) {
  const std::string leaf = "audit leaf " + std::to_string(entry.leaf_index());
  return entry.origin().empty() ? leaf : leaf + " of " + Printable(entry.origin());
}

// What of it is looked at: which choice of whom, or which part of a message.
void PrintLookedAt(const v1::QueueItem& item, std::ostream& out) {
  if (!item.person_id().empty()) out << "    of person " << Printable(item.person_id()) << "\n";
  if (!item.consent_id().empty()) out << "    choice " << Printable(item.consent_id()) << "\n";
  if (!item.control_id().empty()) out << "    control id " << Printable(item.control_id()) << "\n";
  if (item.error().empty()) return;
  out << "    not read: " << Printable(item.error()) << " at " << Printable(item.place()) << ": "
      << Printable(item.advice()) << "\n";
}

void PrintItem(const v1::QueueItem& item, std::ostream& out) {
  out << Printable(item.item_id()) << "  " << Worded(item.kind()) << "\n";
  if (!item.reason().empty()) out << "    because of " << Worded(item.reason()) << "\n";
  if (!item.organisation().empty()) out << "    from " << Printable(item.organisation()) << "\n";
  if (!item.message_id().empty()) {
    out << "    message " << Printable(item.message_id());
    if (item.patient() != 0) out << ", patient " << item.patient() << " of it";
    out << "\n";
  }
  PrintLookedAt(item, out);
  if (!item.identity_id().empty()) out << "    identity " << Printable(item.identity_id()) << "\n";
  for (const std::string& person : item.candidate_person_ids()) {
    out << "    candidate person " << Printable(person) << "\n";
  }
  if (item.has_entry()) out << "    from " << EntryText(item.entry()) << "\n";
  if (!item.caused_by().empty()) out << "    by " << Printable(item.caused_by()) << "\n";
  for (const std::string& cause : item.held_for()) {
    out << "    ! held, for telling may harm: " << Worded(cause) << "\n";
  }
  for (const std::string& caution : item.cautions()) {
    out << "    ! " << WordsOf(caution) << "\n";
  }
  out << "    opened " << LondonTime(item.opened());
  if (item.has_due()) {
    out << (item.overdue() ? ", OVERDUE since " : ", due ") << LondonTime(item.due());
  }
  if (item.has_closed()) {
    out << ", closed " << LondonTime(item.closed()) << ": " << Printable(item.resolution());
  }
  out << "\n";
}

void PrintIdentity(const v1::IdentitySummary& identity, std::ostream& out) {
  out << "  identity " << Printable(identity.identity_id()) << " of "
      << (identity.source().empty() ? "a source whose name is protected"
                                    : "source " + Printable(identity.source()))
      << ", person " << Printable(identity.person_id()) << "\n";
  out << "    NHS number "
      << (identity.nhs_number().empty() ? "none" : Printable(identity.nhs_number())) << " ("
      << Worded(identity.tracing()) << ")" << (identity.shareable() ? "" : ", not shared on")
      << "\n";
  const v1::Demographics& who = identity.demographics();
  for (const v1::PersonName& name : who.names()) {
    out << "    name " << Printable(name.family()) << ", " << Printable(name.given()) << "\n";
  }
  if (!who.birth_date().empty()) out << "    born " << Printable(who.birth_date()) << "\n";
  if (!who.sex().empty()) out << "    sex " << Printable(who.sex()) << "\n";
  for (const std::string& local : identity.local_identifiers()) {
    out << "    local identifier " << Printable(local) << "\n";
  }
}

// How it comes to its score, field by field, so that it can be added up by hand.
void PrintMatch(const v1::Match& match, std::ostream& out) {
  out << "score " << match.score();
  if (!match.verdict().empty()) out << ", " << Printable(match.verdict());
  out << " (configuration " << Printable(match.configuration()) << ")\n";
  for (const v1::FieldVerdict& field : match.fields()) {
    out << "      " << Spaced(field.field()) << ": " << Spaced(field.verdict());
    if (field.points() != 0) out << (field.points() > 0 ? ", +" : ", ") << field.points();
    out << "\n";
  }
}

struct QueueFlags {
  std::vector<std::string> kinds;
  std::int64_t limit = 50;
  std::string page;
  Connection connection;
};

void AddQueue(Command& identify) {
  const auto flags = std::make_shared<QueueFlags>();
  Command command = identify.Subcommand(
      "queue",
      {"List what waits for an identity or a privacy officer, the oldest first.", kClientExits,
       "milecastle identify queue --kind awaiting_identity --cert hq.pem --key hq.key "
       "--ca ca.pem --token officer.jwt"});
  command.Texts(
      "--kind KIND", flags->kinds,
      "awaiting_identity, merge_review, null_review, conflicting_duplicate, choice_review, "
      "unread_patient, protected_identity, break_glass_review (of opened seals and reviewed "
      "purposes too), "
      "self_declared_review, patient_notice, sever_review or match_review; may be given again. "
      "Default: all that "
      "the caller may close, but protected_identity only where it is overdue");
  command.Number("--limit N", flags->limit, {1, 200}, "Items to print, 1 to 200");
  command.Text("--page TOKEN", flags->page, "Go on where an earlier answer ended");
  AddConnectionFlags(command, flags->connection);
  command.Runs([flags](Terminal& terminal) {
    v1::ListQueueRequest request;
    for (const std::string& kind : flags->kinds) request.add_kinds(kind);
    request.set_page_size(static_cast<std::int32_t>(flags->limit));
    request.set_page_token(flags->page);
    return AskAndPrint<v1::ListQueueResponse>(
        flags->connection, Answer<v1::ListQueueRequest>(request), terminal,
        [](const v1::ListQueueResponse& response, std::ostream& out) {
          if (response.items().empty()) out << "Nothing waits.\n";
          for (const v1::QueueItem& item : response.items()) PrintItem(item, out);
          if (!response.next_page_token().empty()) {
            out << "More: --page " << Printable(response.next_page_token()) << "\n";
          }
          PrintReceipt(response.receipt(), out);
        });
  });
}

struct CloseFlags {
  std::string item;
  std::string outcome;
  Connection connection;
};

void AddClose(Command& identify) {
  const auto flags = std::make_shared<CloseFlags>();
  Command command = identify.Subcommand(
      "close",
      {"Close an item that asks for a look: the review of broken glass, of an opened seal or of a "
       "declared relationship, or the notice of it, as a privacy officer and never as the user "
       "whose access it was; a severing, to confirm or undo it as the second person; a merge "
       "review "
       "or any other, as an identity officer. A match review that is closed says that they are two "
       "people, who are not asked about again. A waiting message that is closed is turned away, "
       "and "
       "never applied; it takes a code of its own, such as turned_away. The answer comes when the "
       "closing is in the audit log.",
       "  0  done\n"
       "  1  the item was closed already, or there is none of that id\n"
       "  2  misuse: a flag is wrong, or the policy does not list the outcome; it says which it "
       "does\n"
       "  3  refused by policy\n"
       "  4  the gateway is unavailable or failed",
       "milecastle identify close 019... --outcome justified --cert hq.pem --key hq.key --ca "
       "ca.pem "
       "--token officer.jwt"});
  command.Text("ITEM", flags->item, "The item's id, as 'identify queue' prints it").Required();
  command
      .Text("--outcome CODE", flags->outcome,
            "How it came out, by a code of the policy: justified, not_justified, escalated …")
      .Required();
  AddConnectionFlags(command, flags->connection);
  command.Runs([flags](Terminal& terminal) {
    v1::CloseReviewRequest request;
    request.set_item_id(flags->item);
    request.set_outcome_code(flags->outcome);
    return AskAndPrint<v1::CloseReviewResponse>(
        flags->connection, Answer<v1::CloseReviewRequest>(request), terminal,
        [](const v1::CloseReviewResponse& response, std::ostream& out) {
          out << "Closed.\n";
          PrintReceipt(response.receipt(), out);
        });
  });
}

struct LinkFlags {
  std::string item;
  std::string person;
  bool new_person = false;
  std::string reason;
  Connection connection;
};

Answer<v1::LinkRequest> RequestOf(const LinkFlags& flags) {
  if (flags.person.empty() != flags.new_person) {
    return MisuseOf("--person, --new-person", "there must be one of them",
                    "write --person ID of a candidate, or --new-person where it is none of them");
  }
  v1::LinkRequest request;
  request.set_item_id(flags.item);
  request.set_person_id(flags.person);
  request.set_reason_code(flags.reason);
  return request;
}

void AddLink(Command& identify) {
  const auto flags = std::make_shared<LinkFlags>();
  Command command = identify.Subcommand(
      "link", {"Settle a waiting item: join it to a candidate, or make a new person. The messages "
               "that waited are applied in their order. A match review is joined to a candidate; "
               "where they are two people, close it: milecastle identify close.",
               "  0  done\n"
               "  1  the item was settled already, or there is none of that id\n"
               "  2  misuse: a flag, a file or a field of the request is wrong\n"
               "  3  refused by policy\n"
               "  4  the gateway is unavailable or failed",
               "milecastle identify link 019... --person 019... --reason demographics-agree --cert "
               "hq.pem --key hq.key --ca ca.pem --token officer.jwt"});
  command.Text("ITEM", flags->item, "The item's id, as 'identify queue' prints it").Required();
  command.Text("--person ID", flags->person, "The candidate to join it to");
  command.Switch("--new-person", flags->new_person, "It is none of the candidates");
  command.Text("--reason CODE", flags->reason, "Why, as a code; the audit log keeps it").Required();
  AddConnectionFlags(command, flags->connection);
  command.Runs([flags](Terminal& terminal) {
    return AskAndPrint<v1::LinkResponse>(flags->connection, RequestOf(*flags), terminal,
                                         [](const v1::LinkResponse& response, std::ostream& out) {
                                           out << "Linked to person "
                                               << Printable(response.person_id()) << "; "
                                               << Count(response.messages_applied(), "message")
                                               << " applied.\n";
                                           PrintReceipt(response.receipt(), out);
                                         });
  });
}

struct UnlinkFlags {
  std::string identity;
  std::string reason;
  Connection connection;
};

void AddUnlink(Command& identify) {
  const auto flags = std::make_shared<UnlinkFlags>();
  Command command = identify.Subcommand(
      "unlink",
      {"Take a source's identity out of its person: back to the one from whom it came, who may "
       "have "
       "been severed since, or into one of its own. The tighter consent of "
       "both holds until it is reviewed; 'identify show' then lists who was shown the wrong "
       "record.",
       "  0  done\n"
       "  1  it is not linked any more, or there is none of that id\n"
       "  2  misuse: a flag, a file or a field of the request is wrong\n"
       "  3  refused by policy\n"
       "  4  the gateway is unavailable or failed",
       "milecastle identify unlink 019... --reason wrong-person --cert hq.pem --key hq.key --ca "
       "ca.pem --token officer.jwt"});
  command.Text("IDENTITY", flags->identity, "The identity's id, as 'identify show' prints it")
      .Required();
  command.Text("--reason CODE", flags->reason, "Why, as a code; the audit log keeps it").Required();
  AddConnectionFlags(command, flags->connection);
  command.Runs([flags](Terminal& terminal) {
    v1::UnlinkRequest request;
    request.set_identity_id(flags->identity);
    request.set_reason_code(flags->reason);
    return AskAndPrint<v1::UnlinkResponse>(
        flags->connection, Answer<v1::UnlinkRequest>(request), terminal,
        [](const v1::UnlinkResponse& response, std::ostream& out) {
          out << "Unlinked; it is person " << Printable(response.person_id()) << " now.\n";
          PrintReceipt(response.receipt(), out);
        });
  });
}

struct SeverFlags {
  std::string person;
  std::string reason;
  Connection connection;
};

void AddSever(Command& identify) {
  const auto flags = std::make_shared<SeverFlags>();
  Command command = identify.Subcommand(
      "sever",
      {"Sever a person: from now on they are never linked, suggested or queued together with "
       "another. For a number that was invalidated or superseded for protection (adoption, gender "
       "recognition). What is held under it is shown to nobody from then on, in an emergency "
       "neither. It holds at once, and a second person must confirm it by 'identify close' within "
       "the policy's time; until they do they can undo it so, and after it nobody can. Refused "
       "where "
       "all their identities were merged into another: unlink them first.",
       "  0  done\n"
       "  1  it was done before, or there is none of that id\n"
       "  2  misuse: a flag, a file or a field of the request is wrong\n"
       "  3  refused by policy\n"
       "  4  the gateway is unavailable or failed",
       "milecastle identify sever 019... --reason superseded --cert hq.pem --key hq.key --ca "
       "ca.pem "
       "--token officer.jwt"});
  command.Text("PERSON", flags->person, "The person's id, as 'identify show' prints it").Required();
  command
      .Text("--reason CODE", flags->reason,
            "Why: 1 to 64 letters, digits, dots and dashes, kept in the audit log")
      .Required();
  AddConnectionFlags(command, flags->connection);
  command.Runs([flags](Terminal& terminal) {
    v1::SeverPersonRequest request;
    request.set_person_id(flags->person);
    request.set_reason_code(flags->reason);
    return AskAndPrint<v1::SeverPersonResponse>(
        flags->connection, Answer<v1::SeverPersonRequest>(request), terminal,
        [](const v1::SeverPersonResponse& response, std::ostream& out) {
          out << "Severed from now on. By " << LondonTime(response.due())
              << " somebody else confirms or undoes it: milecastle identify close "
              << Printable(response.item_id()) << " --outcome CODE\n";
          PrintReceipt(response.receipt(), out);
        });
  });
}

struct ShowFlags {
  std::string item;
  std::string person;
  std::string nhs_number;
  Connection connection;
};

void PrintShownItem(const v1::ShowQueueItemResponse& response, std::ostream& out) {
  PrintItem(response.item(), out);
  if (response.has_claim()) {
    out << "The message claims\n";
    PrintIdentity(response.claim(), out);
  }
  out << "Candidates\n";
  if (response.candidates().empty()) out << "  none\n";
  for (const auto& candidate : response.candidates()) PrintIdentity(candidate, out);
  for (const v1::Match& match : response.matches()) {
    out << "  person " << Printable(match.person_id()) << ": ";
    PrintMatch(match, out);
  }
  PrintReceipt(response.receipt(), out);
}

void PrintShownPerson(const v1::ShowPersonResponse& response, std::ostream& out) {
  out << "Person " << Printable(response.person_id()) << "\n";
  for (const auto& identity : response.identities()) PrintIdentity(identity, out);
  for (const v1::LinkEvent& event : response.history()) {
    out << "  " << LondonTime(event.at()) << ": identity " << Printable(event.identity_id())
        << " from person " << Printable(event.from_person_id()) << " to person "
        << Printable(event.to_person_id()) << ", " << Worded(event.reason()) << ", by "
        << Printable(event.by()) << "\n";
    if (!event.has_why()) continue;
    out << "    weighed: ";
    PrintMatch(event.why(), out);
  }
  for (const v1::EntryPlace& entry : response.disclosures_under_other_links()) {
    out << "  ! shown while other links held: " << EntryText(entry) << "\n";
  }
  PrintReceipt(response.receipt(), out);
}

int Show(const ShowFlags& flags, Terminal& terminal) {
  const int given = static_cast<int>(!flags.item.empty()) +
                    static_cast<int>(!flags.person.empty()) +
                    static_cast<int>(!flags.nhs_number.empty());
  if (given != 1) {
    return Report(terminal, MisuseOf("ITEM, --person, --nhs-number", "there must be one of them",
                                     "write a queue item's id, or say which person"));
  }
  if (!flags.item.empty()) {
    v1::ShowQueueItemRequest request;
    request.set_item_id(flags.item);
    return AskAndPrint<v1::ShowQueueItemResponse>(
        flags.connection, Answer<v1::ShowQueueItemRequest>(request), terminal, PrintShownItem);
  }
  v1::ShowPersonRequest request;
  if (flags.person.empty()) {
    if (const auto trouble = CheckNhsNumber(flags.nhs_number)) return Report(terminal, *trouble);
    request.set_nhs_number(flags.nhs_number);
  } else {
    request.set_person_id(flags.person);
  }
  return AskAndPrint<v1::ShowPersonResponse>(
      flags.connection, Answer<v1::ShowPersonRequest>(request), terminal, PrintShownPerson);
}

void AddShow(Command& identify) {
  const auto flags = std::make_shared<ShowFlags>();
  Command command = identify.Subcommand(
      "show",
      {"Show a waiting item with what its message claims and what each candidate is; or a person's "
       "identities, the history of their links, and who was shown the record while other links "
       "held.",
       "  0  done\n"
       "  1  there is none of that id\n"
       "  2  misuse: a flag, a file or a field of the request is wrong\n"
       "  3  refused by policy\n"
       "  4  the gateway is unavailable or failed",
       "milecastle identify show 019... --cert hq.pem --key hq.key --ca ca.pem --token "
       "officer.jwt"});
  command.Text("ITEM", flags->item, "A queue item's id");
  command.Text("--person ID", flags->person, "A person's id");
  command.Text("--nhs-number N", flags->nhs_number, "A person's NHS number, ten digits");
  AddConnectionFlags(command, flags->connection);
  command.Runs([flags](Terminal& terminal) { return Show(*flags, terminal); });
}

}  // namespace

void AddIdentify(Command root) {
  Command identify =
      root.Group("identify", "The queues: reviews, and whose record it is; links made and unmade");
  AddQueue(identify);
  AddClose(identify);
  AddLink(identify);
  AddUnlink(identify);
  AddSever(identify);
  AddShow(identify);
}

}  // namespace milecastle::command
