#include "live.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "primary/answer.h"
#include "primary/documents.h"

namespace milecastle {
namespace {

using gather::Outcome;
using https::Failure;

constexpr int kOk = 200;

struct Became {
  Failure failure;
  Outcome outcome;
};
constexpr std::array kBecame = {
    Became{Failure::kNone, Outcome::kReturned},
    Became{Failure::kBusy, Outcome::kBusy},
    Became{Failure::kCircuitOpen, Outcome::kCircuitOpen},
    Became{Failure::kTimedOut, Outcome::kTimedOut},
    Became{Failure::kUnreachable, Outcome::kUnavailable},
    Became{Failure::kNotTrusted, Outcome::kUnavailable},
    Became{Failure::kInvalid, Outcome::kInvalidAnswer},
    Became{Failure::kStopping, Outcome::kUnavailable},
};

Outcome OutcomeOf(Failure failure) {
  return std::find_if(kBecame.begin(), kBecame.end(),
                      [&](const Became& each) { return each.failure == failure; })
      ->outcome;
}

gather::Raw RawOf(https::Reply reply, const std::string& person_id = "") {
  return {.outcome = OutcomeOf(reply.failure),
          .question = std::move(reply.trace_id),
          .status = reply.status,
          .body = std::move(reply.body),
          .person_id = person_id};
}

fhir_pull::Question QuestionOf(const gather::Question& question) {
  return {question.nhs_number, question.requester, question.sections};
}

// Ids are compared as GUIDs are: in any case of letters.
bool SameId(std::string_view left, std::string_view right) {
  return std::equal(
      left.begin(), left.end(), right.begin(), right.end(),
      [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

class PracticeSource final : public gather::LiveSource {
 public:
  PracticeSource(const settings::LiveSettings& settings, std::shared_ptr<fhir_pull::Client> client,
                 std::shared_ptr<const port::Adapter> adapter)
      : settings_(settings), client_(std::move(client)), adapter_(std::move(adapter)) {
    feed_.name = settings.name;
    feed_.adapter = adapter_->name();
    feed_.organisations = {*settings.organisation};
    feed_.record_system = settings.record_system;
    feed_.message_limit = settings.answer_bytes;
  }

  const std::string& name() const override { return settings_.name; }
  std::string record_system() const override { return port::RecordSystemOf(feed_); }
  const record::OdsCode& organisation() const override { return *settings_.organisation; }
  const std::vector<record::Section>& sections() const override { return settings_.sections; }

  void Ask(const gather::Question& question, std::function<void(gather::Raw)> done) override {
    client_->Ask(QuestionOf(question), question.until,
                 [done = std::move(done)](https::Reply reply) { done(RawOf(std::move(reply))); });
  }

  gather::Reading Read(const gather::Raw& raw) const override {
    port::Reading read;
    if (raw.status == kOk) read = adapter_->Read(raw.body, feed_);
    gather::Reading reading{.answer_id = std::move(read.envelope.control_id)};
    const bool is_record = read.envelope.event == primary::kStructuredRecord ||
                           read.envelope.event == primary::kOutcome;
    if (!is_record || read.patients.size() != 1 || !read.patients.front()) {
      const std::string code = primary::ErrorCodeOf(raw.body, settings_.answer_bytes);
      reading.outcome = gather::OutcomeOf(raw.status, code);
      return reading;
    }
    const std::string& sender = read.envelope.sender;
    const bool speaks_for_another =
        !sender.empty() && record::OdsCode::Parse(sender) != organisation();
    reading.is_to_our_question = !speaks_for_another && (!settings_.match_answer_id ||
                                                         SameId(reading.answer_id, raw.question));
    reading.outcome = Outcome::kReturned;
    reading.contribution = std::move(*read.patients.front());
    return reading;
  }

  void Judge(bool usable) override { client_->Judge(usable); }

 private:
  const settings::LiveSettings settings_;
  const std::shared_ptr<fhir_pull::Client> client_;
  const std::shared_ptr<const port::Adapter> adapter_;
  port::Feed feed_;
};

// What a practice has on paper: who the person is there, then which documents it has of them; and
// one of these at a time.
class DocumentSource final : public gather::LiveSource {
 public:
  DocumentSource(const settings::LiveSettings& settings, std::shared_ptr<fhir_pull::Client> client,
                 std::shared_ptr<const port::Adapter> adapter)
      : settings_(settings), client_(std::move(client)), adapter_(std::move(adapter)) {
    feed_.name = settings.name;
    feed_.adapter = adapter_->name();
    feed_.organisations = {*settings.organisation};
    feed_.record_system = settings.record_system;
    feed_.message_limit = settings.answer_bytes;
  }

  const std::string& name() const override { return settings_.name; }
  std::string record_system() const override { return port::RecordSystemOf(feed_); }
  const record::OdsCode& organisation() const override { return *settings_.organisation; }
  const std::vector<record::Section>& sections() const override { return settings_.sections; }
  bool gives_documents() const override { return true; }

  void Ask(const gather::Question& question, std::function<void(gather::Raw)> done) override {
    auto came = [done = std::move(done), id = question.person_id](https::Reply reply) {
      done(RawOf(std::move(reply), id));
    };
    if (question.person_id.empty()) {
      return client_->FindPatient(QuestionOf(question), question.until, std::move(came));
    }
    client_->ListDocuments(QuestionOf(question), question.person_id, question.until,
                           std::move(came));
  }

  gather::Reading Read(const gather::Raw& raw) const override {
    const auto found =
        raw.status == kOk ? primary::SearchsetIn(raw.body, settings_.answer_bytes) : std::nullopt;
    if (!found) return {.outcome = ErrorOf(raw)};
    return raw.person_id.empty() ? ReadPerson(raw, *found) : ReadList(raw, *found);
  }

  void Judge(bool usable) override { client_->Judge(usable); }

  void Fetch(const gather::Question& question, const std::string& id,
             std::function<void(gather::Raw)> done) override {
    client_->ReadBinary(
        QuestionOf(question), id, question.until,
        [done = std::move(done)](https::Reply reply) { done(RawOf(std::move(reply))); });
  }

  gather::DocumentReading ReadDocument(const gather::Raw& raw,
                                       const std::string& id) const override {
    auto document =
        raw.status == kOk ? primary::BinaryIn(raw.body, id, settings_.answer_bytes) : std::nullopt;
    if (!document) return {.outcome = ErrorOf(raw)};
    return {.outcome = Outcome::kReturned, .document = std::move(*document)};
  }

 private:
  Outcome ErrorOf(const gather::Raw& raw) const {
    return gather::OutcomeOf(raw.status, primary::ErrorCodeOf(raw.body, settings_.answer_bytes));
  }

  // A search that finds nobody is an answer with nothing in it, and no error; one that holds an
  // error and no more is no answer.
  gather::Reading ReadPerson(const gather::Raw& raw, const primary::Searchset& found) const {
    if (found.resources == 0) return {.outcome = Outcome::kNotFound};
    gather::Reading reading = ReadOne(raw);
    reading.ask_again_by = found.patient_id;
    if (found.patient_id.empty()) reading.outcome = Outcome::kInvalidAnswer;
    return reading;
  }

  // The Patient whom the list is of comes with it; no other does.
  gather::Reading ReadList(const gather::Raw& raw, const primary::Searchset& found) const {
    if (found.resources == 0) {
      return {.outcome = Outcome::kReturned, .holds_nothing = true};
    }
    gather::Reading reading = ReadOne(raw);
    if (found.patient_id != raw.person_id) reading.outcome = Outcome::kInvalidAnswer;
    if (reading.outcome != Outcome::kReturned) return reading;
    record::Contribution& said = *reading.contribution;
    // Nothing else was asked for.
    std::erase_if(said.drafts, [](const record::Draft& draft) {
      return draft.entry.section != record::Section::kDocuments;
    });
    said.snapshot_of.clear();
    said.statements.clear();
    if (found.has_next) {
      said.statements.push_back({.section = record::Section::kDocuments,
                                 .saying = record::SectionSaying::kUnavailable,
                                 .text = "the practice has more documents than it listed"});
    }
    return reading;
  }

  gather::Reading ReadOne(const gather::Raw& raw) const {
    port::Reading read = adapter_->Read(raw.body, feed_);
    gather::Reading reading{.answer_id = std::move(read.envelope.control_id)};
    if (read.patients.size() != 1 || !read.patients.front()) return reading;
    const std::string& sender = read.envelope.sender;
    reading.is_to_our_question = sender.empty() || record::OdsCode::Parse(sender) == organisation();
    reading.outcome = Outcome::kReturned;
    reading.contribution = std::move(*read.patients.front());
    return reading;
  }

  const settings::LiveSettings settings_;
  const std::shared_ptr<fhir_pull::Client> client_;
  const std::shared_ptr<const port::Adapter> adapter_;
  port::Feed feed_;
};

std::shared_ptr<fhir_pull::Client> ClientFor(const settings::LiveSettings& live, const LiveTls& tls,
                                             https::Loop& loop, const base::Clock& clock) {
  return std::make_shared<fhir_pull::Client>(
      fhir_pull::ClientParts{.provider = {.name = live.name,
                                          .host = live.host,
                                          .port = live.port,
                                          .base = live.base,
                                          .from_asid = live.from_asid,
                                          .to_asid = live.to_asid,
                                          .system = live.system},
                             .limits = {.connect = live.connect,
                                        .header = live.header,
                                        .whole = live.whole,
                                        .body_bytes = live.answer_bytes,
                                        .outstanding = live.outstanding},
                             .breaker = {.failures = live.failures, .pause = live.pause},
                             .tls = tls.at(live.name)},
      loop, clock);
}

std::string_view WordsOf(https::Breaker::State state) {
  constexpr std::array<std::string_view, 3> kWords = {
      "is asked", "failed too often in a row: it is asked nothing for a while",
      "failed too often in a row: one question at a time tries it"};
  return kWords.at(static_cast<std::size_t>(state) - 1);
}

}  // namespace

LiveTls LoadLiveTls(const settings::Settings& settings, std::vector<base::Error>& problems) {
  LiveTls all;
  for (const auto& live : settings.live) {
    auto tls = https::Tls::Load({.certificate = live.certificate,
                                 .key = live.key,
                                 .authority = live.authority,
                                 .revocation_lists = live.revocation_lists});
    if (tls) {
      all.emplace(live.name, std::move(*tls));
    } else {
      problems.push_back(tls.error());
    }
  }
  return all;
}

LiveWork::LiveWork(const settings::Settings& settings, const LiveTls& tls,
                   std::shared_ptr<const port::Adapter> adapter, const base::Clock& clock)
    : loop_(settings.live_outstanding) {
  for (const auto& live : settings.live) {
    clients_.push_back(ClientFor(live, tls, loop_, clock));
    if (live.gives_documents) {
      sources_.push_back(std::make_shared<DocumentSource>(live, clients_.back(), adapter));
    } else {
      sources_.push_back(std::make_shared<PracticeSource>(live, clients_.back(), adapter));
    }
  }
}

LiveWork::~LiveWork() { loop_.Stop(); }

void LiveWork::Use(const LiveTls& tls) {
  for (const auto& client : clients_) client->Use(tls.at(client->provider().name));
}

void LiveWork::AddSamples(base::Instant now, std::vector<serve::Sample>& samples) const {
  for (const auto& client : clients_) {
    const https::Counts counts = client->counts();
    const std::string& name = client->provider().name;
    const auto add = [&](const char* outcome, std::uint64_t times) {
      samples.push_back({"milecastle_live_questions_total",
                         "Questions put to a live source, by what became of them.",
                         {{"live", name}, {"outcome", outcome}},
                         static_cast<double>(times),
                         true});
    };
    add("answered", counts.answered);
    add("timed_out", counts.timed_out);
    add("failed", counts.failed);
    add("not_sent", counts.not_sent);
    add("unusable", counts.unusable);
    samples.push_back({"milecastle_live_outstanding",
                       "Questions under way to a live source.",
                       {{"live", name}},
                       static_cast<double>(counts.outstanding),
                       false});
    samples.push_back({"milecastle_live_broken",
                       "1: this live source failed too often in a row, and is given time.",
                       {{"live", name}},
                       counts.state == https::Breaker::State::kClosed ? 0.0 : 1.0,
                       false});
    samples.push_back({"milecastle_live_broken_total",
                       "How often a live source failed too often in a row.",
                       {{"live", name}},
                       static_cast<double>(counts.opened),
                       true});
    using Days = std::chrono::duration<double, std::chrono::days::period>;
    samples.push_back({"milecastle_certificate_days",
                       "Days until the first certificate of the file ends; below 0: it has.",
                       {{"use", "live"}, {"file", name}},
                       Days(client->tls()->ends() - now).count(),
                       false});
  }
}

void LiveWork::AddHealth(std::vector<serve::HealthLine>& lines) const {
  for (const auto& client : clients_) {
    const auto state = client->counts().state;
    lines.push_back({"live." + client->provider().name, state == https::Breaker::State::kClosed,
                     std::string(WordsOf(state)), fhir_pull::UrlOf(client->provider())});
  }
}

}  // namespace milecastle
