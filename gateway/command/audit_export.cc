#include <filesystem>
#include <fstream>
#include <memory>
#include <set>

#include "command/view_text.h"
#include "inside/client.h"
#include "inside/json.h"
#include "inside/subcommands.h"

namespace milecastle::command {
namespace {

namespace fs = std::filesystem;

struct ExportFlags {
  std::string folder;
  std::string origin;
  bool without_payloads = false;
  std::string case_reference;
  Connection connection;
};

Trouble CannotWrite(const fs::path& file) {
  return {kUnavailable, "the export is incomplete and does not verify", file.string(),
          "the file could not be written", "make room, remove the folder, and export again"};
}

// A path of FORMAT.md, "Export": names of letters, digits, dots, between slashes. Nothing else may
// be written, whatever the other end says.
bool IsExportPath(std::string_view path) {
  if (path.empty() || path.front() == '/' || path.find("..") != std::string_view::npos)
    return false;
  return path.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789./") == std::string_view::npos;
}

// Writes the parts of an export into an empty folder that its owner alone can read.
class ExportWriter {
 public:
  explicit ExportWriter(fs::path folder) : folder_(std::move(folder)) {}

  std::optional<Trouble> Begin() {
    std::error_code error;
    if (fs::exists(folder_, error) &&
        (!fs::is_directory(folder_, error) || !fs::is_empty(folder_, error))) {
      return MisuseOf("FOLDER", "it is there already and not empty", "name a new folder");
    }
    fs::create_directories(folder_, error);
    if (error) return CannotWrite(folder_);
    fs::permissions(folder_, fs::perms::owner_all, error);
    if (error) return CannotWrite(folder_);
    return std::nullopt;
  }

  std::optional<Trouble> Take(const v1::ExportLogResponse& part) {
    if (part.has_receipt()) receipt_ = part.receipt();
    if (part.path().empty()) return std::nullopt;
    if (part.path() != path_) {
      if (auto trouble = Open(part.path())) return trouble;
    }
    file_.write(part.content().data(), static_cast<std::streamsize>(part.content().size()));
    if (!part.more()) Close();
    if (!file_) return CannotWrite(folder_ / part.path());
    return std::nullopt;
  }

  std::optional<Trouble> End() {
    if (path_.empty() && receipt_) return std::nullopt;
    return Trouble{kUnavailable, "the export is incomplete and does not verify", folder_.string(),
                   "the stream ended before its last file", "remove the folder, and export again"};
  }

  std::uint64_t files() const { return written_.size(); }
  const std::optional<v1::AuditReceipt>& receipt() const { return receipt_; }

 private:
  std::optional<Trouble> Open(const std::string& path) {
    const bool whole = path_.empty();
    if (!whole || !IsExportPath(path) || !written_.insert(path).second) {
      return Trouble{kUnavailable, "the export is incomplete and does not verify", folder_.string(),
                     "the gateway sent a file that no export has, or one twice",
                     "check that --connect is the gateway you mean, and tell its operator"};
    }
    const fs::path file = folder_ / path;
    std::error_code error;
    fs::create_directories(file.parent_path(), error);
    file_ = std::ofstream(file, std::ios::binary | std::ios::trunc);
    if (error || !file_) return CannotWrite(file);
    path_ = path;
    return std::nullopt;
  }
  void Close() {
    file_.flush();
    path_.clear();
  }

  fs::path folder_;
  std::string path_;  // of the file that is open
  std::ofstream file_;
  std::set<std::string> written_;
  std::optional<v1::AuditReceipt> receipt_;
};

void PrintDone(const ExportFlags& flags, const ExportWriter& writer, Terminal& terminal) {
  if (terminal.json) {
    const boost::json::object line = {{"folder", JsonText(flags.folder)},
                                      {"files", writer.files()},
                                      {"leaf_index", writer.receipt()->leaf_index()},
                                      {"origin", JsonText(writer.receipt()->origin())}};
    terminal.out << boost::json::serialize(line) << "\n";
    return;
  }
  terminal.out << "Exported " << Count(writer.files(), "file") << " to " << Printable(flags.folder)
               << ".\nVerify it with: milecastle audit verify " << Printable(flags.folder)
               << " --key VKEY, with the log's public key from another source than the export.\n";
  PrintReceipt(*writer.receipt(), terminal.out);
}

int Export(const ExportFlags& flags, Terminal& terminal) {
  const auto client = Client::Connect(flags.connection);
  if (const auto* trouble = std::get_if<Trouble>(&client)) return Report(terminal, *trouble);
  ExportWriter writer(flags.folder);
  if (const auto trouble = writer.Begin()) return Report(terminal, *trouble);
  v1::ExportLogRequest request;
  request.set_origin(flags.origin);
  request.set_payloads(!flags.without_payloads);
  request.set_case_reference(flags.case_reference);
  Progress progress(terminal, "part");
  auto trouble = std::get<0>(client)->Export(request, [&](const v1::ExportLogResponse& part) {
    progress.Advance();
    return writer.Take(part);
  });
  if (!trouble) trouble = writer.End();
  if (trouble) return Report(terminal, *trouble);
  PrintDone(flags, writer, terminal);
  return kDone;
}

}  // namespace

void AddAuditExport(Command& audit) {
  const auto flags = std::make_shared<ExportFlags>();
  Command command = audit.Subcommand(
      "export",
      {"Take the audit log away into a folder that 'audit verify', or any tool for "
       "c2sp.org/tlog-tiles, can check offline. Payloads hold patient data: the folder is made "
       "readable by its owner alone. The export is itself decided and audited.",
       "  0  done\n"
       "  2  misuse: a flag is wrong, or the folder is not empty\n"
       "  3  refused by policy: the system's audit role alone may\n"
       "  4  the gateway is unavailable or failed, or the disk is full; the folder does not verify",
       "milecastle audit export ./log-2026-11 --case IG-2026-17 --cert ig.pem --key ig.key --ca "
       "ca.pem --token ig.jwt"});
  command.Text("FOLDER", flags->folder, "A new or empty folder").Required();
  command.Text("--origin NAME", flags->origin, "Which log, as on a receipt. Default: the first");
  command.Switch("--without-payloads", flags->without_payloads,
                 "Leaves and tree alone: provable, and free of personal data");
  command.Text("--case REFERENCE", flags->case_reference, "The case that this is for");
  AddConnectionFlags(command, flags->connection);
  command.Runs([flags](Terminal& terminal) { return Export(*flags, terminal); });
}

}  // namespace milecastle::command
