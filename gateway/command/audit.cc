#include <memory>

#include "command/view_text.h"
#include "inside/ask.h"
#include "inside/person.h"
#include "inside/subcommands.h"

namespace milecastle::command {
namespace {

void PrintSummary(const v1::EntrySummary& entry, std::ostream& out) {
  out << "leaf " << entry.leaf_index() << " of " << Printable(entry.origin()) << "  "
      << LondonTime(entry.at()) << "  " << Printable(entry.kind()) << ", "
      << Printable(entry.outcome()) << "\n";
  out << "    by " << Printable(entry.user()) << " of " << Printable(entry.organisation());
  if (!entry.purpose().empty()) out << ", for " << Printable(entry.purpose());
  if (!entry.nhs_number().empty()) out << ", NHS number " << Printable(entry.nhs_number());
  out << "\n";
  for (const std::string& source : entry.sources()) {
    out << "    data of " << Printable(source) << "\n";
  }
}

struct SearchFlags {
  std::string nhs_number;
  std::string user;
  std::string organisation;
  std::string source;
  std::string kind;
  std::string from;
  std::string until;
  std::int64_t limit = 100;
  std::string page;
  std::string case_reference;
  Connection connection;
};

std::optional<Trouble> SetTime(const char* flag, const std::string& text,
                               google::protobuf::Timestamp* into) {
  const auto at = TimestampOf(text);
  if (!at) {
    return MisuseOf(flag, "it is no date or time", "write YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ");
  }
  *into = *at;
  return std::nullopt;
}

Answer<v1::SearchEntriesRequest> RequestOf(const SearchFlags& flags) {
  if (!flags.nhs_number.empty()) {
    if (auto trouble = CheckNhsNumber(flags.nhs_number)) return *trouble;
  }
  v1::SearchEntriesRequest request;
  request.set_nhs_number(flags.nhs_number);
  request.set_user(flags.user);
  request.set_organisation(flags.organisation);
  request.set_source(flags.source);
  request.set_kind(flags.kind);
  request.set_page_size(static_cast<std::int32_t>(flags.limit));
  request.set_page_token(flags.page);
  request.set_case_reference(flags.case_reference);
  if (!flags.from.empty()) {
    if (auto trouble = SetTime("--from", flags.from, request.mutable_from())) return *trouble;
  }
  if (!flags.until.empty()) {
    if (auto trouble = SetTime("--until", flags.until, request.mutable_until())) return *trouble;
  }
  return request;
}

void PrintFound(const v1::SearchEntriesResponse& response, std::ostream& out) {
  if (response.entries().empty()) out << "No entry that you may know of fits.\n";
  for (const v1::EntrySummary& entry : response.entries()) PrintSummary(entry, out);
  for (const std::string& origin : response.unread_origins()) {
    out << "! The log " << Printable(origin)
        << " cannot be read now: what it took since it could is not listed. Ask the operator.\n";
  }
  if (!response.next_page_token().empty()) {
    out << "More: --page " << Printable(response.next_page_token()) << "\n";
  }
  PrintReceipt(response.receipt(), out);
}

struct ShowFlags {
  std::int64_t leaf = 0;
  std::string origin;
  std::string case_reference;
  Connection connection;
};

void PrintShown(const v1::GetEntryResponse& response, std::ostream& out) {
  PrintSummary(response.summary(), out);
  out << Printable(response.payload_json()) << "\n";
  PrintReceipt(response.receipt(), out);
}

constexpr const char* kCaseHelp =
    "The case that this is for; without one, sensitive source and section names stay masked";

}  // namespace

void AddAuditSearch(Command& audit) {
  const auto flags = std::make_shared<SearchFlags>();
  Command command = audit.Subcommand(
      "search",
      {"Search the audit log, newest first, as far as the caller's role may know. The search is "
       "itself decided and audited.",
       kClientExits,
       "milecastle audit search --nhs-number 9990000018 --from 2026-11-01 --case IG-2026-17 --cert "
       "ig.pem --key ig.key --ca ca.pem --token ig.jwt"});
  command.Text("--nhs-number N", flags->nhs_number, "Entries about this person");
  command.Text("--user ID", flags->user, "Entries of this user");
  command.Text("--organisation ODS", flags->organisation, "Requests of this organisation");
  command.Text("--source ODS", flags->source, "Disclosures of this organisation's data");
  command.Text("--kind KIND", flags->kind,
               "view, refusal, emergency, ingest, message_rejected, consent, identity, policy, "
               "explain, audit_read, administration or referral");
  command.Text("--from TIME", flags->from, "YYYY-MM-DD or a time with zone, UTC; inclusive");
  command.Text("--until TIME", flags->until, "As --from; exclusive");
  command.Number("--limit N", flags->limit, {1, 500}, "Entries to print, 1 to 500");
  command.Text("--page TOKEN", flags->page, "Go on where an earlier answer ended");
  command.Text("--case REFERENCE", flags->case_reference, kCaseHelp);
  AddConnectionFlags(command, flags->connection);
  command.Runs([flags](Terminal& terminal) {
    return AskAndPrint<v1::SearchEntriesResponse>(flags->connection, RequestOf(*flags), terminal,
                                                  PrintFound);
  });
}

void AddAuditShow(Command& audit) {
  const auto flags = std::make_shared<ShowFlags>();
  Command command = audit.Subcommand(
      "show",
      {"Show one entry of the audit log whole: who, for which person, why, what was decided "
       "and by which rules. The reading is itself decided and audited.",
       "  0  done\n"
       "  1  there is no such leaf\n"
       "  2  misuse: a flag, a file or a field of the request is wrong\n"
       "  3  refused by policy\n"
       "  4  the gateway is unavailable or failed",
       "milecastle audit show 412 --case IG-2026-17 --cert ig.pem --key ig.key --ca ca.pem "
       "--token ig.jwt"});
  command.Number("LEAF", flags->leaf, {0, INT64_MAX}, "The leaf's index, as on a receipt")
      .Required();
  command.Text("--origin NAME", flags->origin, "Which log, as on a receipt. Default: the first");
  command.Text("--case REFERENCE", flags->case_reference, kCaseHelp);
  AddConnectionFlags(command, flags->connection);
  command.Runs([flags](Terminal& terminal) {
    v1::GetEntryRequest request;
    request.set_leaf_index(static_cast<std::uint64_t>(flags->leaf));
    request.set_origin(flags->origin);
    request.set_case_reference(flags->case_reference);
    return AskAndPrint<v1::GetEntryResponse>(
        flags->connection, Answer<v1::GetEntryRequest>(request), terminal, PrintShown);
  });
}

void AddAudit(Command root, const Parts& parts) {
  Command audit = root.Group("audit", "The audit log: read it, take it away, verify it");
  AddAuditSearch(audit);
  AddAuditShow(audit);
  AddAuditExport(audit);
  AddAuditVerify(audit);
  AddAuditFsck(audit, parts);
}

}  // namespace milecastle::command
