#include "live.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "primary/answer.h"

namespace milecastle {
namespace {

using fhir_pull::Failure;
using gather::Outcome;

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
    feed_.message_limit = settings.answer_bytes;
  }

  const std::string& name() const override { return settings_.name; }
  const record::OdsCode& organisation() const override { return *settings_.organisation; }
  const std::vector<record::Section>& sections() const override { return settings_.sections; }

  void Ask(const gather::Question& question, std::function<void(gather::Raw)> done) override {
    client_->Ask({question.nhs_number, question.requester, question.sections}, question.until,
                 [done = std::move(done)](fhir_pull::Reply reply) {
                   done({.outcome = OutcomeOf(reply.failure),
                         .question = std::move(reply.trace_id),
                         .status = reply.status,
                         .body = std::move(reply.body)});
                 });
  }

  gather::Reading Read(const gather::Raw& raw) const override {
    port::Reading read;
    if (raw.status == kOk) read = adapter_->Read(raw.body, feed_);
    gather::Reading reading{.answer_id = std::move(read.envelope.control_id)};
    if (read.patients.size() != 1 || !read.patients.front()) {
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

std::shared_ptr<fhir_pull::Client> ClientFor(const settings::LiveSettings& live, const LiveTls& tls,
                                             fhir_pull::Loop& loop, const base::Clock& clock) {
  return std::make_shared<fhir_pull::Client>(
      fhir_pull::Provider{.name = live.name,
                          .host = live.host,
                          .port = live.port,
                          .base = live.base,
                          .from_asid = live.from_asid,
                          .to_asid = live.to_asid,
                          .system = live.system},
      fhir_pull::Limits{.connect = live.connect,
                        .header = live.header,
                        .whole = live.whole,
                        .body_bytes = live.answer_bytes,
                        .outstanding = live.outstanding},
      fhir_pull::Breaker::Options{.failures = live.failures, .pause = live.pause},
      tls.at(live.name), loop, clock);
}

std::string_view WordsOf(fhir_pull::Breaker::State state) {
  constexpr std::array<std::string_view, 3> kWords = {
      "is asked", "failed too often in a row: it is asked nothing for a while",
      "failed too often in a row: one question at a time tries it"};
  return kWords.at(static_cast<std::size_t>(state) - 1);
}

}  // namespace

LiveTls LoadLiveTls(const settings::Settings& settings, std::vector<base::Error>& problems) {
  LiveTls all;
  for (const auto& live : settings.live) {
    auto tls = fhir_pull::Tls::Load({.certificate = live.certificate,
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
    sources_.push_back(std::make_shared<PracticeSource>(live, clients_.back(), adapter));
  }
}

LiveWork::~LiveWork() { loop_.Stop(); }

void LiveWork::Use(const LiveTls& tls) {
  for (const auto& client : clients_) client->Use(tls.at(client->provider().name));
}

void LiveWork::AddSamples(base::Instant now, std::vector<serve::Sample>& samples) const {
  for (const auto& client : clients_) {
    const fhir_pull::Counts counts = client->counts();
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
                       counts.state == fhir_pull::Breaker::State::kClosed ? 0.0 : 1.0,
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
    lines.push_back({"live." + client->provider().name, state == fhir_pull::Breaker::State::kClosed,
                     std::string(WordsOf(state)), fhir_pull::UrlOf(client->provider())});
  }
}

}  // namespace milecastle
