#include <algorithm>
#include <array>
#include <iterator>
#include <memory>
#include <optional>

#include "base/config.h"
#include "inside/files.h"
#include "inside/json.h"
#include "inside/subcommands.h"
#include "record/label_flow.h"

namespace milecastle::command {
namespace {

struct NormaliseFlags {
  std::string adapter;
  std::string source;
  bool live = false;
  std::string mapping;
  std::vector<std::string> label_rules;
  std::vector<std::string> code_sets;
  std::vector<std::string> files;
};
using LabelRules = std::shared_ptr<const normalise::LabelRules>;

struct Tally {
  std::uint64_t accepted = 0;
  std::uint64_t other = 0;
  bool unreadable = false;
};

// Why it has its labels, as far as words and links gave them.
void AddReasons(const normalise::Item& item, const LabelRules& rules, boost::json::object& into) {
  boost::json::array by_words;
  for (const normalise::Finding& finding : rules && !record::IsWarning(item.entry_class)
                                               ? rules->FindIn(item.draft.entry)
                                               : std::vector<normalise::Finding>()) {
    by_words.push_back({{"label", JsonText(finding.label)},
                        {"rule", JsonText(finding.rule)},
                        {"place", JsonText(finding.place)}});
  }
  if (!by_words.empty()) into["labels_by_words"] = std::move(by_words);
  std::vector<std::string> by_links;
  const auto& labels = item.entry_class.labels;
  std::set_difference(labels.begin(), labels.end(), item.own.begin(), item.own.end(),
                      std::back_inserter(by_links));
  if (!by_links.empty()) into["labels_by_links"] = JsonTexts(by_links);
}

boost::json::array EntriesJson(const DryRunPatient& patient, const LabelRules& rules) {
  boost::json::array entries;
  for (const normalise::Item& item : patient.items) {
    boost::json::object entry = EntryJson(item.draft.entry);
    entry["source_key"] = JsonText(item.draft.source_key);
    entry["labels"] = JsonTexts(item.entry_class.labels);
    AddReasons(item, rules, entry);
    if (item.entry_class.headline != record::Headline::kNone) {
      entry["headline"] = KeyOf(item.entry_class.headline);
    }
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

void AddError(const std::optional<base::Error>& error, boost::json::object& into) {
  into["error"] = nullptr;
  if (!error) return;
  into["error"] = JsonText(base::Describe(*error));
  into["error_id"] = base::LineOf(error->id).name;
}

// The fields of a line that speak of one patient.
void AddPatient(const DryRunPatient& patient, const LabelRules& rules, boost::json::object& into) {
  into["patient"] = patient.error ? boost::json::value(nullptr)
                                  : boost::json::value(PatientJson(patient.contribution.patient));
  if (!patient.nhs_number_state.empty()) into["nhs_number_state"] = patient.nhs_number_state;
  into["entries"] = EntriesJson(patient, rules);
  into["not_carried"] = NotCarriedJson(patient.contribution.not_carried);
  AddClaims(patient.contribution, into);
}

// Of several: each as an object of its own, and all their entries and parts together.
void AddPatients(const std::vector<DryRunPatient>& patients, const LabelRules& rules,
                 boost::json::object& into) {
  boost::json::array list;
  boost::json::array entries;
  boost::json::array not_carried;
  const auto append = [](boost::json::array& to, const boost::json::value& from) {
    const auto& more = from.as_array();
    to.insert(to.end(), more.begin(), more.end());
  };
  for (const DryRunPatient& patient : patients) {
    boost::json::object one;
    AddError(patient.error, one);
    AddPatient(patient, rules, one);
    append(entries, one["entries"]);
    append(not_carried, one["not_carried"]);
    list.push_back(std::move(one));
  }
  into["patient"] = nullptr;
  into["entries"] = std::move(entries);
  into["not_carried"] = std::move(not_carried);
  into["patients"] = std::move(list);
}

boost::json::object LineOf(const std::string& file, std::size_t index, const DryRunMessage& message,
                           const LabelRules& rules) {
  boost::json::object line = {
      {"file", JsonText(file)}, {"index", index}, {"outcome", message.outcome}};
  AddError(message.error, line);
  line["event"] = JsonText(message.envelope.event);
  line["control_id"] = JsonText(message.envelope.control_id);
  line["sender"] = JsonText(message.envelope.sender);
  if (message.patients.size() > 1) {
    AddPatients(message.patients, rules, line);
  } else {
    const DryRunPatient nobody{.error = message.error};
    AddPatient(message.patients.empty() ? nobody : message.patients.front(), rules, line);
  }
  return line;
}

bool IsTaken(const DryRunMessage& message) {
  return message.outcome == "accepted" &&
         std::none_of(message.patients.begin(), message.patients.end(),
                      [](const DryRunPatient& patient) { return patient.error.has_value(); });
}

DryRunMessage NothingIn() {
  DryRunMessage message;
  message.outcome = "rejected";
  message.error = base::Error{base::ErrorId::kMessageUnparseable, "file", "the file is empty"};
  return message;
}

class DryRunner {
 public:
  DryRunner(const Parts& parts, const DryRunReader& reader, LabelRules rules, Terminal& terminal)
      : parts_(parts),
        reader_(reader),
        rules_(std::move(rules)),
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
    for (const std::string& slice : reader_.adapter.Split(*bytes, reader_.feed)) {
      for (const DryRunMessage& message : parts_.dry_run(reader_, slice)) {
        Print(file, index++, message);
      }
    }
    if (index == 0) Print(file, 0, NothingIn());
  }

  const Tally& tally() const { return tally_; }

 private:
  void Print(const std::string& file, std::size_t index, const DryRunMessage& message) {
    ++(IsTaken(message) ? tally_.accepted : tally_.other);
    terminal_.out << boost::json::serialize(LineOf(file, index, message, rules_)) << "\n";
    progress_.Advance();
  }

  const Parts& parts_;
  DryRunReader reader_;
  LabelRules rules_;
  Terminal& terminal_;
  Progress progress_;
  Tally tally_;
};

// False: it was said why not.
bool ReadMapping(const NormaliseFlags& flags, const Parts& parts, const port::Adapter& adapter,
                 port::Feed& feed, Terminal& terminal) {
  if (flags.mapping.empty()) return true;
  auto mapping = parts.load_mapping(flags.mapping, adapter);
  for (const base::Error& problem : mapping.problems) {
    Report(terminal, TroubleOf(problem, "the mapping is not right", kMisuse));
  }
  if (mapping.mapping) feed.mapping = std::move(*mapping.mapping);
  return mapping.problems.empty();
}

// The code sets and rules that are named; nothing: it was said why not.
std::optional<normalise::Normaliser> ReadRules(const NormaliseFlags& flags, LabelRules& rules,
                                               Terminal& terminal) {
  std::vector<base::Error> problems;
  normalise::NormaliserOptions options;
  for (const std::string& file : flags.code_sets) {
    auto codes = normalise::LoadCodeSet(file);
    if (!codes) {
      problems.push_back(codes.error());
      continue;
    }
    options.code_labels.insert(options.code_labels.end(), codes->begin(), codes->end());
  }
  if (!flags.label_rules.empty()) {
    const std::vector<std::filesystem::path> paths(flags.label_rules.begin(),
                                                   flags.label_rules.end());
    auto loaded = normalise::LabelRules::Load(paths);
    problems.insert(problems.end(), loaded.problems.begin(), loaded.problems.end());
    rules = options.label_rules = std::move(loaded.rules);
  }
  auto made = normalise::Normaliser::Create(options);
  if (!made) problems.push_back(made.error());
  for (const base::Error& problem : problems) {
    Report(terminal, TroubleOf(problem, "the label rules are not right", kMisuse));
  }
  if (!problems.empty()) return std::nullopt;
  return *std::move(made);
}

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
  if (!ReadMapping(flags, parts, *adapter, feed, terminal)) return kMisuse;
  LabelRules rules;
  const auto normaliser = ReadRules(flags, rules, terminal);
  if (!normaliser) return kMisuse;
  DryRunner runner(parts, {*adapter, feed, *normaliser}, rules, terminal);
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
       "(each part of the message that the record does not take, with its place and why). Of a "
       "message that speaks of several patients, patient is null, entries and not_carried are "
       "those of all, and patients holds an object for each PID, in order (two for a patient who "
       "stands there twice), with its own error, patient, entries and not_carried; outcome is "
       "accepted where any of them could be read, for the others are kept for a person to look "
       "at. Each entry says its labels, and of those which came by words (the rule, and where in "
       "the entry the words stand) and which by links within the message.",
       "  0  every message was accepted, with all its patients\n"
       "  1  some were rejected or are not supported, or a patient of theirs could not be read\n"
       "  2  misuse, or a file could not be read",
       "milecastle normalise --adapter acute --source RXX admission.hl7 | jq .outcome"});
  command.Text("--adapter NAME", flags->adapter, "Which sector's: " + Listed(AdapterNames(parts)))
      .Required();
  command.Text("--source ODS", flags->source,
               "The organisation that the feed speaks for; messages of others are rejected. "
               "Default: any");
  if (parts.load_mapping) {
    command
        .Text("--mapping FILE", flags->mapping,
              "What the sender calls things, as the feed's `mapping` does (config/mappings)")
        .ExistingFile();
  }
  command
      .Texts("--label-rules PATH", flags->label_rules,
             "Files and folders of label rules (config/label-rules): which words label an entry")
      .Existing();
  command
      .Texts("--code-set FILE", flags->code_sets,
             "Files of code sets (config/code-sets): which codes label an entry")
      .ExistingFile();
  command.Switch("--live", flags->live,
                 "Reject training and debugging messages (MSH-11 T and D), as a live feed does");
  command.Texts("FILE", flags->files, "Files of messages").Required().ExistingFile();
  command.Runs([flags, &parts](Terminal& terminal) { return Normalise(*flags, parts, terminal); });
}

}  // namespace milecastle::command
