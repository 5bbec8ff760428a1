#include <filesystem>
#include <memory>

#include "audit/fsck.h"
#include "audit/verify.h"
#include "base/config.h"
#include "inside/json.h"
#include "inside/subcommands.h"

namespace milecastle::command {
namespace {

struct VerifyFlags {
  std::string folder;
  std::string key;
};

struct FsckFlags {
  std::string folder;
  std::string key;
  std::string store;
};

// The key itself, or a file that holds it.
Answer<audit::VerifierKey> KeyOf(const std::string& text) {
  std::string vkey = text;
  std::error_code ignored;
  if (std::filesystem::is_regular_file(text, ignored)) {
    auto bytes = base::ReadFile(text);
    if (!bytes) return TroubleOf(bytes.error(), "the key could not be read", kMisuse);
    vkey = std::move(*bytes);
  }
  while (!vkey.empty() && (vkey.back() == '\n' || vkey.back() == '\r')) vkey.pop_back();
  auto key = audit::VerifierKey::Parse(vkey);
  if (key) return std::move(*key);
  return MisuseOf("--key", "it is neither a verifier key nor a file that holds one",
                  "write it as NAME+HASH+BASE64, as the log's operator published it");
}

std::string PlaceOf(const audit::Problem& problem) {
  std::string place = problem.file + ", byte " + std::to_string(problem.offset);
  if (problem.length != 0) place += ", length " + std::to_string(problem.length);
  if (problem.index) place += ", leaf " + std::to_string(*problem.index);
  return place;
}

boost::json::object Json(const audit::Problem& problem) {
  boost::json::object made = {{"file", JsonText(problem.file)},
                              {"offset", problem.offset},
                              {"length", problem.length},
                              {"leaf", nullptr},
                              {"what", JsonText(problem.what)}};
  if (problem.index) made["leaf"] = *problem.index;
  return made;
}

boost::json::object Json(const audit::Report& report) {
  boost::json::array problems;
  for (const audit::Problem& problem : report.problems) problems.push_back(Json(problem));
  return {{"verified", report.Clean()},
          {"origin", JsonText(report.origin)},
          {"size", report.head.size},
          {"root", base::ToBase64(base::AsBytes(report.head.root))},
          {"first_leaf", report.first_leaf},
          {"leaves_checked", report.leaves_checked},
          {"payloads_checked", report.payloads_checked},
          {"payloads_absent", report.payloads_absent},
          {"payloads_disposed", report.payloads_disposed},
          {"problems", std::move(problems)}};
}

void Print(const audit::Report& report, std::ostream& out) {
  out << (report.Clean() ? "VERIFIED" : "NOT VERIFIED") << "\n";
  for (const audit::Problem& problem : report.problems) {
    out << "  ! " << Printable(PlaceOf(problem)) << ": " << Printable(problem.what) << "\n";
  }
  if (report.problems.size() >= audit::kMaxProblems) out << "  ! and maybe more\n";
  out << "  origin: " << Printable(report.origin) << "\n"
      << "  size: " << report.head.size << " leaves"
      << ", root " << base::ToBase64(base::AsBytes(report.head.root)) << "\n"
      << "  checked: " << report.leaves_checked << " leaves"
      << " from leaf " << report.first_leaf << " on, " << Count(report.payloads_checked, "payload")
      << "\n"
      << "  not there: " << Count(report.payloads_absent, "payload") << " left out, "
      << Count(report.payloads_disposed, "payload") << " disposed of\n";
}

int Show(const audit::Report& report, Terminal& terminal) {
  if (terminal.json) {
    terminal.out << boost::json::serialize(Json(report)) << "\n";
  } else {
    Print(report, terminal.out);
  }
  return report.Clean() ? kDone : kNotAll;
}

int Verify(const VerifyFlags& flags, Terminal& terminal) {
  const auto key = KeyOf(flags.key);
  if (const auto* trouble = std::get_if<Trouble>(&key)) return Report(terminal, *trouble);
  return Show(audit::VerifyExport(flags.folder, std::get<0>(key)), terminal);
}

int FsckLog(const FsckFlags& flags, Terminal& terminal) {
  const std::filesystem::path identity = std::filesystem::path(flags.folder) / "identity";
  const auto key = KeyOf(flags.key.empty() ? identity.string() : flags.key);
  if (const auto* trouble = std::get_if<Trouble>(&key)) return Report(terminal, *trouble);
  const auto report = audit::Fsck(flags.folder, std::get<0>(key));
  if (report) return Show(*report, terminal);
  return Report(terminal, TroubleOf(report.error(), "the log could not be checked", kUnavailable));
}

int FsckStore(const FsckFlags& flags, const Parts& parts, Terminal& terminal) {
  const auto check = parts.check_store(flags.store);
  if (!check) {
    return Report(terminal,
                  TroubleOf(check.error(), "the store could not be checked", kUnavailable));
  }
  const bool clean = check->findings.empty();
  if (terminal.json) {
    boost::json::array problems;
    for (const StoreFinding& finding : check->findings) {
      problems.push_back({{"place", JsonText(finding.place)}, {"what", JsonText(finding.what)}});
    }
    const boost::json::object line = {{"verified", clean},
                                      {"store", JsonText(flags.store)},
                                      {"rows_checked", check->rows},
                                      {"problems", std::move(problems)}};
    terminal.out << boost::json::serialize(line) << "\n";
  } else {
    terminal.out << (clean ? "STORE SOUND" : "STORE DAMAGED") << "\n";
    for (const StoreFinding& finding : check->findings) {
      terminal.out << "  ! " << Printable(finding.place) << ": " << Printable(finding.what) << "\n";
    }
    terminal.out << "  checked: " << Count(check->rows, "row") << "\n";
  }
  return clean ? kDone : kNotAll;
}

int Fsck(const FsckFlags& flags, const Parts& parts, Terminal& terminal) {
  if (flags.folder.empty() && flags.store.empty()) {
    return Report(terminal, MisuseOf("LOGFOLDER, --store", "there must be one of them at least",
                                     "name the log's folder, the store's file, or both"));
  }
  int exit = kDone;
  if (!flags.folder.empty()) exit = FsckLog(flags, terminal);
  if (!flags.store.empty()) exit = std::max(exit, FsckStore(flags, parts, terminal));
  return exit;
}

}  // namespace

void AddAuditVerify(Command& audit) {
  const auto flags = std::make_shared<VerifyFlags>();
  Command command = audit.Subcommand(
      "verify",
      {"Verify an export of the audit log, offline, with nothing but the log's public key: the "
       "checkpoint's signature, every tile against the root, every leaf against its tile, every "
       "payload against its leaf. Every problem is printed with its file, byte and leaf. What is "
       "not there is counted, never taken for verified.",
       "  0  verified\n"
       "  1  not verified: what and where is printed\n"
       "  2  misuse: the key is none, or there is no such folder",
       "milecastle audit verify ./log-2026-11 --key milecastle.example/audit+0f2d1c3b+AbC..."});
  command.Text("EXPORT", flags->folder, "The exported folder").Required().ExistingFolder();
  command
      .Text("--key VKEY", flags->key,
            "The log's public key, or a file that holds it; get it from its operator, not from "
            "the export")
      .Required();
  command.Runs([flags](Terminal& terminal) { return Verify(*flags, terminal); });
}

void AddAuditFsck(Command& audit, const Parts& parts) {
  const auto flags = std::make_shared<FsckFlags>();
  Command command = audit.Subcommand(
      "fsck",
      {"Recompute everything in a log's own folder, offline, and name the place of whatever is "
       "damaged; with --store, every row's digest in a record store too. Nothing is changed. No "
       "gateway may be running on the log.",
       "  0  sound\n"
       "  1  damaged: what and where is printed\n"
       "  2  misuse: the key is none, or there is no such folder or file\n"
       "  4  the log is open elsewhere, or cannot be read",
       "milecastle audit fsck /var/lib/milecastle/audit"});
  command.Text("LOGFOLDER", flags->folder, "The log's own folder").ExistingFolder();
  command.Text("--key VKEY", flags->key,
               "The log's public key, or a file that holds it. Default: the folder's own, which "
               "finds damage and no forgery");
  if (parts.check_store) {
    command.Text("--store FILE", flags->store, "Check this record store as well").ExistingFile();
  }
  command.Runs([flags, &parts](Terminal& terminal) { return Fsck(*flags, parts, terminal); });
}

}  // namespace milecastle::command
