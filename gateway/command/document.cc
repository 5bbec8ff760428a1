#include <fcntl.h>

#include <cerrno>
#include <memory>

#include "base/crypto.h"
#include "base/unique_fd.h"
#include "base/uuid.h"
#include "command/view_text.h"
#include "inside/client.h"
#include "inside/json.h"
#include "inside/person.h"
#include "inside/subcommands.h"

namespace milecastle::command {
namespace {

struct Flags {
  ViewFlags view;
  std::string entry;
  std::string source;
  std::string id;
  std::string file;
  Connection connection;
};

Answer<v1::GetDocumentRequest> RequestOf(const Flags& flags) {
  auto view = ViewRequestOf(flags.view);
  if (auto* trouble = std::get_if<Trouble>(&view)) return std::move(*trouble);
  v1::GetDocumentRequest request;
  *request.mutable_request() = std::get<0>(std::move(view));
  const bool of_a_source = !flags.source.empty() && !flags.id.empty();
  if (of_a_source && flags.entry.empty()) {
    request.mutable_live()->set_source(flags.source);
    request.mutable_live()->set_document_id(flags.id);
    return request;
  }
  const auto entry = base::Uuid::Parse(flags.entry);
  if (!entry || !flags.source.empty() || !flags.id.empty()) {
    return MisuseOf("--entry", "it does not say which document",
                    "write --entry with an id of a view, or --source and --document of one");
  }
  request.set_entry_id(std::string(entry->AsBytes()));
  return request;
}

// Nothing is written over, and nobody else reads it.
std::optional<Trouble> Write(const std::string& file, std::string_view bytes) {
  base::UniqueFd to(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!to) {
    return Trouble{kUnavailable, "the document could not be kept", "--out",
                   errno == EEXIST ? "there is such a file already" : "no file can be made there",
                   "name a new file; the document was given and audited, and is asked for again"};
  }
  while (!bytes.empty()) {
    const ssize_t written = ::write(to.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      ::unlink(file.c_str());
      return Trouble{kUnavailable, "the document could not be kept", "--out", "the write failed",
                     "make room, and ask for it again"};
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return std::nullopt;
}

void Print(const v1::ShownDocument& shown, const std::string& file, std::ostream& out) {
  const v1::Document& document = shown.document();
  for (const std::string& warning : shown.warnings()) {
    out << "! " << WarningText(warning) << "\n";
  }
  if (document.truncated()) out << "! the document was cut short before it came here\n";
  if (shown.identity_untraced()) {
    out << "! it stands under an NHS number that its source never traced: check whose it is\n";
  }
  out << "Written to " << file << ": " << Count(document.content().size(), "byte") << " of "
      << Printable(document.media_type()) << "\n";
  if (!document.title().empty()) out << "  title: " << Printable(document.title()) << "\n";
  out << "  source: "
      << (shown.source().empty() ? "a source whose name is protected" : Printable(shown.source()))
      << (shown.fetched() ? ", fetched now; the gateway keeps no copy" : ", as it was sent")
      << "\n";
  out << "  SHA-256: " << base::ToHex(shown.sha256()) << "\n";
  for (const v1::Duty& duty : shown.duties()) {
    out << "  duty: " << WarningText(duty.kind()) << "\n";
  }
}

int Document(const Flags& flags, Terminal& terminal) {
  const auto request = RequestOf(flags);
  if (const auto* trouble = std::get_if<Trouble>(&request)) return Report(terminal, *trouble);
  auto answer = Ask(flags.connection, std::get<0>(request));
  if (const auto* trouble = std::get_if<Trouble>(&answer)) return Report(terminal, *trouble);
  auto& response = std::get<0>(answer);
  if (response.has_document()) {
    const auto trouble = Write(flags.file, response.document().document().content());
    if (trouble) return Report(terminal, *trouble);
  }
  if (terminal.json) {
    // Its bytes are in the file.
    if (response.has_document()) response.mutable_document()->mutable_document()->clear_content();
    PrintJson(response, terminal.out);
  } else {
    if (response.has_document()) {
      Print(response.document(), flags.file, terminal.out);
    } else {
      PrintRefusal(response.refusal(), terminal.out);
    }
    PrintReceipt(response.receipt(), terminal.out);
  }
  return response.has_document() ? kDone : kRefused;
}

}  // namespace

void AddDocument(Command root) {
  const auto flags = std::make_shared<Flags>();
  Command command = root.Subcommand(
      "document",
      {"Ask for one document that a view showed, and write it to a new file that its owner alone "
       "can read. Named by --entry, the gateway keeps it; by --source and --document (the entry's "
       "'document id'), its practice does, which is asked for it now, and nobody here keeps a "
       "copy. It is decided and audited as a view is. What is not there and what you may not see "
       "is one answer.",
       kClientExits,
       "milecastle document --nhs-number 9990000018 --birth-date 1948-07-05 --family-name Hadrian "
       "--purpose direct-care --source Z99001 --document 07a6483f --out letter.pdf --cert "
       "ward.pem --key ward.key --ca ca.pem --token nurse.jwt"});
  AddAskingFlags(command, flags->view);
  command.Text("--entry ID", flags->entry, "The entry that holds it, as the view names it");
  command.Text("--source ODS", flags->source, "The practice that keeps it, with --document");
  command.Text("--document ID", flags->id, "What that practice calls it: the entry's document id");
  command.Text("--out FILE", flags->file, "Where it is written; there must be no such file yet")
      .Required();
  AddConnectionFlags(command, flags->connection);
  command.Runs([flags](Terminal& terminal) { return Document(*flags, terminal); });
}

}  // namespace milecastle::command
