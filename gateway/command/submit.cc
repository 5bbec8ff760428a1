#include <charconv>
#include <memory>
#include <utility>
#include <variant>

#include "base/text.h"
#include "inside/client.h"
#include "inside/files.h"
#include "inside/hl7_reply.h"
#include "inside/json.h"
#include "inside/load.h"
#include "inside/subcommands.h"

namespace milecastle::command {
namespace {

struct SubmitFlags {
  std::string feed;
  std::string mllp;
  bool tls = false;
  std::string adapter;
  std::vector<std::string> files;  // and folders
  std::string list;
  std::string resume;
  Connection connection;
};

// What became of a message, or of one patient of several whom it speaks of.
struct Fate {
  std::string outcome;  // a disposition's word, or AA, AE, AR, CA, CE, CR
  std::string error;
  std::string place;
  std::string advice;
  std::uint32_t entries = 0;
};

// One message, by either way in.
struct Submitted {
  Fate fate;
  bool accepted = false;
  bool durable = false;  // it has what it will have: it need not be sent again
  std::string message_id;
  std::vector<record::NotCarried> not_carried;
  std::vector<Fate> patients;  // empty where it speaks of one alone
};

// "DISPOSITION_QUARANTINED" → "quarantined".
std::string WordOf(v1::Disposition disposition) {
  constexpr std::string_view kPrefix = "DISPOSITION_";
  std::string word = v1::Disposition_Name(disposition);
  if (!word.starts_with(kPrefix)) return "unknown";
  word.erase(0, kPrefix.size());
  return base::Lower(word);
}

// Of a SubmitResponse, or of a PatientOutcome in it.
template <class Told>
Fate FateOf(const Told& told) {
  return {WordOf(told.disposition()), told.error(), told.place(), told.advice(), told.entries()};
}

Submitted From(const v1::SubmitResponse& response) {
  Submitted made;
  made.fate = FateOf(response);
  made.accepted = response.disposition() == v1::DISPOSITION_ACCEPTED ||
                  response.disposition() == v1::DISPOSITION_DUPLICATE;
  made.durable = response.disposition() != v1::DISPOSITION_FAILED;
  made.message_id = response.message_id();
  for (const v1::NotCarried& one : response.not_carried()) {
    made.not_carried.push_back({one.place(), one.why()});
  }
  for (const v1::PatientOutcome& one : response.patients()) made.patients.push_back(FateOf(one));
  return made;
}

void AddFate(const Fate& fate, boost::json::object& into) {
  into["outcome"] = JsonText(fate.outcome);
  into["error"] = JsonText(fate.error);
  into["place"] = JsonText(fate.place);
  into["advice"] = JsonText(fate.advice);
}

boost::json::array PatientsJson(const std::vector<Fate>& patients) {
  boost::json::array list;
  for (const Fate& fate : patients) {
    boost::json::object one;
    AddFate(fate, one);
    one["entries"] = fate.entries;
    list.push_back(std::move(one));
  }
  return list;
}

void PrintJsonLine(const MessageAt& at, const Submitted& what, std::ostream& out) {
  boost::json::array not_carried;
  for (const record::NotCarried& one : what.not_carried) {
    not_carried.push_back({{"place", JsonText(one.place)}, {"why", JsonText(one.why)}});
  }
  boost::json::object line = {{"file", JsonText(at.file)}, {"index", at.index}};
  AddFate(what.fate, line);
  line["message_id"] = JsonText(what.message_id);
  line["entries"] = what.fate.entries;
  line["not_carried"] = std::move(not_carried);
  if (!what.patients.empty()) line["patients"] = PatientsJson(what.patients);
  out << boost::json::serialize(line) << "\n";
}

// "message.invalid at PID[2]-3: send …", as far as there is any of it.
void PrintFault(const Fate& fate, std::ostream& out) {
  if (!fate.error.empty()) out << ", " << Printable(fate.error);
  if (!fate.place.empty()) out << " at " << Printable(fate.place);
  if (!fate.advice.empty()) out << ": " << Printable(fate.advice);
}

void PrintTextLine(const MessageAt& at, const Submitted& what, std::ostream& out) {
  out << Printable(at.file) << "[" << at.index << "]: " << Printable(what.fate.outcome);
  if (what.fate.entries != 0) out << ", " << Count(what.fate.entries, "entry");
  if (!what.not_carried.empty()) {
    out << ", " << Count(what.not_carried.size(), "part") << " not carried";
  }
  // Of several patients each says its own.
  if (what.patients.empty()) PrintFault(what.fate, out);
  if (!what.message_id.empty()) out << " (journal " << Printable(what.message_id) << ")";
  out << "\n";
  std::size_t number = 0;
  for (const Fate& fate : what.patients) {
    out << "  patient " << ++number << ": " << Printable(fate.outcome);
    if (fate.entries != 0) out << ", " << Count(fate.entries, "entry");
    PrintFault(fate, out);
    out << "\n";
  }
}

// What is sent, and how far it is.
struct Sending {
  Load load;
  std::optional<LoadPosition> position;
};

// Prints each outcome as it comes, notes it in the position, and keeps count.
class Outcomes {
 public:
  Outcomes(Terminal& terminal, Sending& sending)
      : terminal_(terminal),
        sending_(sending),
        progress_(terminal, "message", {sending.load.bytes}) {}

  void Print(const MessageAt& at, const Submitted& what) {
    all_accepted_ = all_accepted_ && what.accepted;
    summary_.Add(what.fate.outcome, what.fate.error);
    (terminal_.json ? PrintJsonLine : PrintTextLine)(at, what, terminal_.out);
    progress_.Advance(at.bytes);
    Note(what.durable);
  }
  std::uint64_t count() const { return summary_.messages(); }
  // With a position nothing is sent behind what has to be sent again.
  bool stopped() const { return stopped_ && sending_.position; }

  // What is to be said at the end.
  int End() {
    if (trouble_) return Report(terminal_, *trouble_);
    if (terminal_.json && sending_.position) summary_.PrintJson(terminal_.out);
    if (!terminal_.json && count() > 1) summary_.Print(terminal_.out);
    return all_accepted_ ? kDone : kNotAll;
  }

 private:
  // Outcomes come in the order of the messages: behind the first that is not durable none counts.
  void Note(bool durable) {
    stopped_ = stopped_ || !durable;
    if (stopped_ || !sending_.position) return;
    trouble_ = sending_.position->Advance();
    stopped_ = trouble_.has_value();
  }

  Terminal& terminal_;
  Sending& sending_;
  Progress progress_;
  Summary summary_;
  std::optional<Trouble> trouble_;
  bool all_accepted_ = true;
  bool stopped_ = false;
};

// The messages of a load, from the one on that has no durable outcome yet.
class LoadWalk {
 public:
  LoadWalk(const Sending& sending, const port::Adapter* adapter)
      : walk_(sending.load.files, adapter),
        skip_(sending.position ? sending.position->answered() : 0) {}

  std::optional<MessageWalk::Message> Next() {
    for (; skip_ > 0; --skip_) {
      if (!walk_.Next()) return std::nullopt;
    }
    return walk_.Next();
  }
  const std::optional<Trouble>& trouble() const { return walk_.trouble(); }

 private:
  MessageWalk walk_;
  std::uint64_t skip_;
};

Trouble Unanswered(std::uint64_t count, const std::string& where) {
  return {kUnavailable, "the gateway ended the stream early", where,
          "it gave no outcome for " + Count(count, "message"),
          "send the same files again: what it has already taken is answered as a duplicate"};
}

int SubmitToFeed(const SubmitFlags& flags, Sending& sending, const port::Adapter* adapter,
                 Terminal& terminal) {
  auto client = Client::Connect(flags.connection);
  if (const auto* trouble = std::get_if<Trouble>(&client)) return Report(terminal, *trouble);
  LoadWalk walk(sending, adapter);
  std::vector<MessageAt> sent;  // by sequence
  Outcomes outcomes(terminal, sending);
  const auto next = [&]() -> std::optional<v1::SubmitRequest> {
    const auto message = outcomes.stopped() ? std::nullopt : walk.Next();
    if (!message) return std::nullopt;
    v1::SubmitRequest request;
    request.set_feed(flags.feed);
    request.set_sequence(sent.size());
    request.set_message(message->bytes.data(), message->bytes.size());
    sent.push_back(message->at);
    return request;
  };
  const auto take = [&](const v1::SubmitResponse& response) {
    if (response.sequence() < sent.size())
      outcomes.Print(sent[response.sequence()], From(response));
  };
  if (const auto trouble = std::get<0>(client)->Submit(next, take)) {
    return Report(terminal, *trouble);
  }
  if (walk.trouble()) return Report(terminal, *walk.trouble());
  if (outcomes.count() < sent.size()) {
    return Report(terminal, Unanswered(sent.size() - outcomes.count(), flags.connection.address));
  }
  return outcomes.End();
}

std::optional<MllpTarget> TargetOf(const SubmitFlags& flags) {
  const std::size_t colon = flags.mllp.rfind(':');
  if (colon == std::string::npos || colon == 0) return std::nullopt;
  MllpTarget target;
  target.host = flags.mllp.substr(0, colon);
  const char* const end = flags.mllp.data() + flags.mllp.size();
  const auto read = std::from_chars(flags.mllp.data() + colon + 1, end, target.port);
  if (read.ec != std::errc() || read.ptr != end || target.port == 0) return std::nullopt;
  if (flags.tls) {
    target.certificate = flags.connection.certificate;
    target.key = flags.connection.key;
    target.authority = flags.connection.authority;
  }
  target.server_name = flags.connection.server_name;
  target.timeout = std::chrono::seconds(flags.connection.timeout);
  return target;
}

int SendAll(const MllpExchange& exchange, Sending& sending, const port::Adapter* adapter,
            Terminal& terminal) {
  LoadWalk walk(sending, adapter);
  Outcomes outcomes(terminal, sending);
  while (!outcomes.stopped()) {
    const auto message = walk.Next();
    if (!message) break;
    const auto reply = exchange(message->bytes);
    if (!reply) {
      return Report(terminal, TroubleOf(reply.error(), "no acknowledgement came", kUnavailable));
    }
    const Hl7Reply read = ReadHl7Reply(*reply);
    Submitted made;
    made.fate.outcome = read.code;
    made.accepted = read.code == "AA" || read.code == "CA";
    made.durable = made.accepted || read.code == "AR" || read.code == "CR";
    made.fate.advice = read.text;
    outcomes.Print(message->at, made);
  }
  return walk.trouble() ? Report(terminal, *walk.trouble()) : outcomes.End();
}

int SubmitByMllp(const SubmitFlags& flags, const Parts& parts, Sending& sending,
                 Terminal& terminal) {
  const auto target = TargetOf(flags);
  if (!target) {
    return Report(terminal, MisuseOf("--mllp", "it is no host and port",
                                     "write HOST:PORT, as in localhost:2575"));
  }
  auto exchange = parts.connect_mllp(*target);
  if (!exchange) {
    const bool misuse = exchange.error().id == base::ErrorId::kArgumentInvalid ||
                        exchange.error().id == base::ErrorId::kCertificateInvalid;
    return Report(terminal, TroubleOf(exchange.error(), "the feed could not be reached",
                                      misuse ? kMisuse : kUnavailable));
  }
  const port::Adapter* const adapter =
      flags.adapter.empty() ? nullptr : AdapterNamed(parts, flags.adapter);
  return SendAll(*exchange, sending, adapter, terminal);
}

std::optional<Trouble> Check(const SubmitFlags& flags) {
  const Connection& connection = flags.connection;
  const bool all =
      !connection.certificate.empty() && !connection.key.empty() && !connection.authority.empty();
  if (flags.feed.empty() == flags.mllp.empty()) {
    return MisuseOf("--feed, --mllp", "there must be one of them",
                    "write --feed NAME for gRPC, or --mllp HOST:PORT");
  }
  if (all || (flags.feed.empty() && !flags.tls)) return std::nullopt;
  return MisuseOf("--cert, --key, --ca", "all three are needed for TLS",
                  "add those that are missing");
}

std::variant<Sending, Trouble> SendingOf(const SubmitFlags& flags) {
  auto load = LoadOf(flags.files, flags.list);
  if (const auto* trouble = std::get_if<Trouble>(&load)) return *trouble;
  Sending sending{std::move(std::get<Load>(load)), std::nullopt};
  if (flags.resume.empty()) return sending;
  const std::string target = flags.mllp.empty() ? flags.feed : flags.mllp;
  auto position =
      LoadPosition::Open(flags.resume, NameOf(sending.load, target + '\0' + flags.adapter));
  if (const auto* trouble = std::get_if<Trouble>(&position)) return *trouble;
  sending.position.emplace(std::move(std::get<LoadPosition>(position)));
  return sending;
}

int Submit(const SubmitFlags& flags, const Parts& parts, Terminal& terminal) {
  if (const auto trouble = Check(flags)) return Report(terminal, *trouble);
  const port::Adapter* adapter = nullptr;
  if (!flags.adapter.empty()) {
    adapter = AdapterNamed(parts, flags.adapter);
    if (adapter == nullptr) return Report(terminal, NoSuchAdapter(parts));
  }
  auto sending = SendingOf(flags);
  if (const auto* trouble = std::get_if<Trouble>(&sending)) return Report(terminal, *trouble);
  auto& ready = std::get<Sending>(sending);
  return flags.mllp.empty() ? SubmitToFeed(flags, ready, adapter, terminal)
                            : SubmitByMllp(flags, parts, ready, terminal);
}

}  // namespace

void AddSubmit(Command root, const Parts& parts) {
  const auto flags = std::make_shared<SubmitFlags>();
  Command command = root.Subcommand(
      "submit",
      {"Send messages to a running gateway and print what became of each, in order: over gRPC "
       "with --feed, over MLLP with --mllp. Over gRPC an outcome is accepted, duplicate, "
       "quarantined, rejected or failed. Accepted is taken for good; whether it waits for somebody "
       "to "
       "say whose it is, the gateway tells its identity officers, and no sender. Of a message that "
       "speaks of several patients it is that of the one who most needs a person, and each has a "
       "line (with --json "
       "an element of patients) of its own. Over MLLP it is the acknowledgement code: AA taken, AE "
       "send again later, AR never send again as it is. At the end they are added up, by outcome "
       "and "
       "reason. A large load is sent with --resume: whatever ends it, the same line goes on behind "
       "the last message that has a durable outcome, and nothing is taken twice.",
       "  0  every message was accepted, now or before (over MLLP: AA)\n"
       "  1  some were not: quarantined, rejected or failed\n"
       "  2  misuse, or a file could not be read\n"
       "  3  refused by policy: this certificate may not feed it\n"
       "  4  the gateway is unavailable or failed",
       "milecastle submit --feed gp-structured --cert gp.pem --key gp.key --ca ca.pem "
       "bundle.json"});
  const Flag feed = command.Text("--feed NAME", flags->feed, "The feed's configured name");
  if (parts.connect_mllp) {
    command
        .Text("--mllp HOST:PORT", flags->mllp,
              "Send HL7 v2 over MLLP instead: in plain to a loopback address, elsewhere with --tls")
        .Excludes(feed);
    command.Switch(
        "--tls", flags->tls,
        "MLLP over TLS 1.2 or 1.3, with --cert, --key and --ca; the listener's certificate "
        "must name HOST, or --server-name");
  }
  command.Text("--adapter NAME", flags->adapter,
               "Split files that hold several messages as this one does: " +
                   Listed(AdapterNames(parts)) + ". Default: one message per file");
  AddConnectionFlags(command, flags->connection, Certificates::kOptional);
  command.Text("--list FILE", flags->list, "Send the files that this one names, one on each line")
      .ExistingFile();
  command.Text(
      "--resume FILE", flags->resume,
      "Keep the position in this file, and go on from it; it is made where it is not there");
  command.Texts("FILE", flags->files, "Files of messages, or folders of such files").Existing();
  command.Runs([flags, &parts](Terminal& terminal) { return Submit(*flags, parts, terminal); });
}

}  // namespace milecastle::command
