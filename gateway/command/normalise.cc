#include <algorithm>
#include <array>
#include <memory>

#include "base/config.h"
#include "inside/files.h"
#include "inside/json.h"
#include "inside/subcommands.h"

namespace milecastle::command {
namespace {

struct NormaliseFlags {
  std::string adapter;
  std::string source;
  bool live = false;
  std::vector<std::string> files;
};

struct Tally {
  std::uint64_t accepted = 0;
  std::uint64_t other = 0;
  bool unreadable = false;
};

boost::json::array EntriesJson(const DryRunMessage& message) {
  boost::json::array entries;
  for (const normalise::Item& item : message.items) {
    boost::json::object entry = EntryJson(item.draft.entry);
    entry["source_key"] = JsonText(item.draft.source_key);
    entry["labels"] = JsonTexts(item.entry_class.labels);
    entries.push_back(std::move(entry));
  }
  return entries;
}

boost::json::array NotCarriedJson(const std::vector<record::NotCarried>& not_carried) {
  boost::json::array list;
  for (const record::NotCarried& one : not_carried) {
    list.push_back({{"place", JsonText(one.place)}, {"why", JsonText(one.why)}});
  }
  return list;
}

boost::json::object LineOf(const std::string& file, std::size_t index,
                           const DryRunMessage& message) {
  boost::json::object line = {{"file", JsonText(file)},
                              {"index", index},
                              {"outcome", message.outcome},
                              {"error", nullptr},
                              {"event", JsonText(message.envelope.event)},
                              {"control_id", JsonText(message.envelope.control_id)},
                              {"sender", JsonText(message.envelope.sender)}};
  if (message.error) {
    line["error"] = JsonText(base::Describe(*message.error));
    line["error_id"] = base::LineOf(message.error->id).name;
  }
  line["patient"] = message.error ? boost::json::value(nullptr)
                                  : boost::json::value(PatientJson(message.contribution.patient));
  if (!message.nhs_number_state.empty()) line["nhs_number_state"] = message.nhs_number_state;
  line["entries"] = EntriesJson(message);
  line["not_carried"] = NotCarriedJson(message.contribution.not_carried);
  AddClaims(message.contribution, line);
  return line;
}

DryRunMessage NothingIn() {
  DryRunMessage message;
  message.outcome = "rejected";
  message.error = base::Error{base::ErrorId::kMessageUnparseable, "file", "the file is empty"};
  return message;
}

class DryRunner {
 public:
  DryRunner(const Parts& parts, const port::Adapter& adapter, port::Feed feed, Terminal& terminal)
      : parts_(parts),
        adapter_(adapter),
        feed_(std::move(feed)),
        terminal_(terminal),
        progress_(terminal, "message") {}

  void File(const std::string& file) {
    const auto bytes = base::ReadFile(file);
    if (!bytes) {
      Report(terminal_, TroubleOf(bytes.error(), "a file could not be read", kMisuse));
      tally_.unreadable = true;
      return;
    }
    std::size_t index = 0;
    for (const std::string_view slice : adapter_.Split(*bytes)) {
      for (const DryRunMessage& message : parts_.dry_run(adapter_, feed_, slice)) {
        Print(file, index++, message);
      }
    }
    if (index == 0) Print(file, 0, NothingIn());
  }

  const Tally& tally() const { return tally_; }

 private:
  void Print(const std::string& file, std::size_t index, const DryRunMessage& message) {
    ++(message.outcome == "accepted" ? tally_.accepted : tally_.other);
    terminal_.out << boost::json::serialize(LineOf(file, index, message)) << "\n";
    progress_.Advance();
  }

  const Parts& parts_;
  const port::Adapter& adapter_;
  port::Feed feed_;
  Terminal& terminal_;
  Progress progress_;
  Tally tally_;
};

int Normalise(const NormaliseFlags& flags, const Parts& parts, Terminal& terminal) {
  const port::Adapter* const adapter = AdapterNamed(parts, flags.adapter);
  if (adapter == nullptr) return Report(terminal, NoSuchAdapter(parts));
  port::Feed feed;
  feed.name = "dry-run";
  feed.adapter = flags.adapter;
  feed.live = flags.live;
  if (!flags.source.empty()) {
    const auto source = record::OdsCode::Parse(flags.source);
    if (!source) {
      return Report(terminal, MisuseOf("--source", "it is no ODS code",
                                       "write 3 to 12 letters and digits, as in RXX"));
    }
    feed.organisations.push_back(*source);
  }
  DryRunner runner(parts, *adapter, std::move(feed), terminal);
  for (const std::string& file : flags.files) runner.File(file);
  const Tally& tally = runner.tally();
  if (terminal.progress) {
    terminal.err << Count(tally.accepted + tally.other, "message") << ": " << tally.accepted
                 << " accepted, " << tally.other << " not\n";
  }
  if (tally.unreadable) return kMisuse;
  return tally.other == 0 ? kDone : kNotAll;
}

}  // namespace

void AddNormalise(Command root, const Parts& parts) {
  const auto flags = std::make_shared<NormaliseFlags>();
  Command command = root.Subcommand(
      "normalise",
      {"Read messages offline as a feed would, and print what would become of them: nothing is "
       "sent and nothing is stored. One JSON object a line and message, with or without --json: "
       "file, index (from 0 in each file), outcome (accepted, rejected or unsupported), error "
       "(null, or what is wrong, where, and what to send instead), patient, entries, not_carried "
       "(each part of the message that the record does not take, with its place and why).",
       "  0  every message was accepted\n"
       "  1  some were rejected or are not supported\n"
       "  2  misuse, or a file could not be read",
       "milecastle normalise --adapter acute --source RXX admission.hl7 | jq .outcome"});
  command.Text("--adapter NAME", flags->adapter, "Which sector's: " + Listed(AdapterNames(parts)))
      .Required();
  command.Text("--source ODS", flags->source,
               "The organisation that the feed speaks for; messages of others are rejected. "
               "Default: any");
  command.Switch("--live", flags->live,
                 "Reject training and debugging messages (MSH-11 T and D), as a live feed does");
  command.Texts("FILE", flags->files, "Files of messages").Required().ExistingFile();
  command.Runs([flags, &parts](Terminal& terminal) { return Normalise(*flags, parts, terminal); });
}

}  // namespace milecastle::command
