// A store, a log and a policy with one person in it, and a doctor who asks: verbs of the domain.
#pragma once

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <functional>
#include <future>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "audit/log.h"
#include "disclose/view.h"
#include "kit/clock.h"
#include "kit/folder.h"
#include "milecastle/v1/view.pb.h"
#include "policy.h"
#include "sqlite/store.h"
#include "wire/entry.h"
#include "wire/view.h"

namespace milecastle::disclose {

using record::Section;
using std::chrono::hours;
using std::chrono::minutes;
using wire::ManifestState;

inline constexpr base::Instant kNoon =
    std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + hours(12);

inline record::OdsCode Ods(std::string_view text) { return *record::OdsCode::Parse(text); }

inline record::Entry Item(Section section, const std::string& text) {
  record::Entry entry;
  entry.section = section;
  entry.what.text = text;
  return entry;
}
inline record::Entry Allergy(const std::string& text) { return Item(Section::kAllergies, text); }

// What the caller got.
class Seen {
 public:
  explicit Seen(base::Result<ViewAnswer> answer) : answer_(std::move(answer)) {
    const bool parsed = answer_ && response_.ParseFromString(AllBytes());
    EXPECT_EQ(parsed, answer_.has_value());
  }
  const base::Result<ViewAnswer>& answer() const { return answer_; }
  bool Failed(base::ErrorId id) const { return !answer_ && answer_.error().id == id; }
  const v1::GetPatientViewResponse& response() const { return response_; }
  const v1::PatientView& view() const { return response_.view(); }
  // Every byte but the receipt, which is another for every leaf.
  std::string Bytes() const {
    const std::string all = AllBytes();
    const auto without = all.size() - ReceiptAlone().size();
    EXPECT_EQ(all.substr(without), ReceiptAlone()) << "the receipt comes last";
    return all.substr(0, without);
  }
  bool Holds(std::string_view text) const { return AllBytes().find(text) != std::string::npos; }
  bool Warns(std::string_view of) const {
    return std::any_of(view().warnings().begin(), view().warnings().end(),
                       [&](const std::string& warning) { return warning == of; });
  }
  // The lines of this state, and of these where they are given.
  std::vector<v1::ManifestLine> Lines(ManifestState state, std::optional<Section> section = {},
                                      std::optional<std::string> source = {}) const {
    std::vector<v1::ManifestLine> lines;
    for (const v1::ManifestLine& line : view().manifest().lines()) {
      if (line.state() == static_cast<v1::ManifestState>(state) &&
          (!section || line.section() == static_cast<v1::Section>(*section)) &&
          (!source || line.source() == *source)) {
        lines.push_back(line);
      }
    }
    return lines;
  }

 private:
  std::string AllBytes() const { return answer_->response.head + answer_->response.rest; }
  std::string ReceiptAlone() const {
    v1::GetPatientViewResponse alone;
    *alone.mutable_receipt() = response_.receipt();
    return alone.SerializeAsString();
  }
  base::Result<ViewAnswer> answer_;
  v1::GetPatientViewResponse response_;
};

inline record::EntryClass ClassOf(std::string_view source, const record::Entry& entry) {
  return {.source = Ods(source),
          .section = entry.section,
          .kind = entry.kind,
          .verification = entry.verification,
          .labels = {}};
}

// By default a doctor of Quayside Hospitals (ZT1) asks for direct care of Anna Example, born on
// 1960-05-17, whom nobody knows yet. Two houses that are told the same answer the same bytes.
class House {
 public:
  explicit House(std::string_view policy = kPolicy) {
    store_ = std::move(*store::sqlite::Open({.path = folder_.path() / "store.db"}));
    log_ = std::move(*audit::Log::Open(
        {.folder = folder_.path() / "log", .segment_bytes = 64 * 1024},
        *audit::SigningKey::Generate(folder_.path() / "audit.pem", "milecastle.example/disclose"),
        clock_));
    const std::vector<decide::PolicyFile> files = {{"system.toml", std::string(policy)}};
    decide::Policy::Loaded loaded = decide::Policy::Parse(files);
    for (const base::Error& problem : loaded.problems) ADD_FAILURE() << base::Describe(problem);
    policy_ = std::make_unique<decide::InForce>(
        std::make_shared<const decide::Decider>(std::move(*loaded.policy)));
    request.requester = {.organisation = Ods("ZT1"),
                         .system = "quayside-epr",
                         .user = "user-1",
                         .issuer = "quayside",
                         .roles = {"R8000"},
                         .team = "",
                         .assurance = 3,
                         .token_id = "token-1",
                         .launch = {}};
    request.person = {"9990000018", "1960-05-17", "Example"};
  }

  // What is held of her. Every source first Knows her.
  House& Knows(std::string_view source,
               const std::function<void(store::Identity&)>& differing = {}) {
    if (!person_) SavePerson();
    store::Identity identity{.id = {NextId()},
                             .person = *person_,
                             .source = Ods(source),
                             .nhs_number_as_sent = "9990000018",
                             .nhs_number = record::NhsNumber::Parse("9990000018"),
                             .tracing = record::Tracing::kVerified,
                             .shareable = true,
                             .local_identifiers = {},
                             .demographics = {},
                             .updated = clock.Now()};
    identity.demographics.names = {{.family = "Example", .given = "Anna"}};
    identity.demographics.birth_date = record::BirthDate::Parse("1960-05-17");
    if (differing) differing(identity);
    Write([&](store::Transaction& to) { return to.patients().SaveIdentity(identity); });
    identities_[std::string(source)] = identity.id;
    return *this;
  }
  record::EntryId Holds(std::string_view source, const record::Entry& entry,
                        std::vector<std::string> labels = {}, std::string source_key = "") {
    record::EntryClass entry_class = ClassOf(source, entry);
    entry_class.labels = std::move(labels);
    return Holds(entry, std::move(entry_class), {}, std::move(source_key));
  }
  record::EntryId Leads(std::string_view source, const record::Entry& entry,
                        record::Headline headline) {
    record::EntryClass entry_class = ClassOf(source, entry);
    entry_class.headline = headline;
    return Holds(entry, std::move(entry_class), {}, "");
  }
  record::EntryId HoldsLike(std::string_view source, const record::Entry& entry,
                            record::Likeness likeness) {
    return Holds(entry, ClassOf(source, entry), std::move(likeness), "");
  }
  record::EntryId Holds(const record::Entry& entry, record::EntryClass entry_class,
                        record::Likeness likeness, std::string source_key) {
    store::StoredEntry stored{.id = {NextId()},
                              .identity = identities_.at(entry_class.source.text()),
                              .message = {NextId()},
                              .source_key = std::move(source_key),
                              .entry_class = std::move(entry_class),
                              .effective = {},
                              .stored = clock.Now(),
                              .bytes = wire::EncodeEntry(entry),
                              .links = wire::LinksOf(entry),
                              .likeness = std::move(likeness)};
    if (stored.source_key.empty()) stored.source_key = stored.id.ToString();
    if (entry.effective) stored.effective = entry.effective->at;
    Write([&](store::Transaction& to) -> base::Result<void> {
      const auto put = to.records().Put(stored);
      return put ? base::Result<void>() : base::Result<void>(put.error());
    });
    return stored.id;
  }
  std::uint64_t NumberOf(record::EntryId entry) {
    const auto snapshot = store_->Read();
    return (*(*snapshot)->records().Find(entry))->number;
  }
  House& TakesBack(std::string_view source, const std::string& source_key) {
    Write([&](store::Transaction& to) -> base::Result<void> {
      const auto gone =
          to.records().Withdraw(identities_.at(std::string(source)), source_key, clock.Now());
      if (!gone) return gone.error();
      EXPECT_TRUE(*gone);
      return {};
    });
    return *this;
  }
  House& Says(std::string_view source, Section section, record::SectionSaying saying,
              const std::string& text = "", const std::optional<record::When>& when = {},
              const std::string& system = "") {
    const store::SourceStatement statement{
        .source = Ods(source),
        .statement = {.section = section, .saying = saying, .when = when, .by = {}, .text = text},
        .stored = clock.Now(),
        .system = system};
    Write([&](store::Transaction& to) {
      return to.records().PutStatement(identities_.at(std::string(source)), statement);
    });
    return *this;
  }

  // What is known around her.
  House& Admitted(std::string_view organisation = "ZT1") {
    record::Evidence evidence{.id = {NextId()},
                              .kind = record::EvidenceKind::kOpenEncounter,
                              .organisation = Ods(organisation),
                              .user = "",
                              .reference = "V1",
                              .period = {clock.Now() - hours(24), {}},
                              .said_by = "test"};
    Write([&](store::Transaction& to) { return to.facts().PutEvidence(*person_, evidence); });
    return *this;
  }
  // The doctor's own word of an earlier view; its id.
  record::FactId Declared() {
    const record::Evidence evidence{.id = {NextId()},
                                    .kind = record::EvidenceKind::kSelfDeclared,
                                    .organisation = Ods("ZT1"),
                                    .user = "user-1",
                                    .reference = "quayside user-1",
                                    .period = {clock.Now() - hours(1), {}},
                                    .said_by = "test"};
    Write([&](store::Transaction& to) { return to.facts().PutEvidence(*person_, evidence); });
    return evidence.id;
  }
  House& LocationIs(record::LocationProtection level, const std::string& by = "PDS") {
    Write([&](store::Transaction& to) {
      return to.facts().PutLocationFlag(*person_, {level, by, clock.Now()});
    });
    return *this;
  }
  // A system of the source on what it holds of her.
  House& LocationIsSaidBy(std::string_view source, record::LocationProtection level) {
    Write([&](store::Transaction& to) {
      return to.facts().PutLocationFlag(identities_.at(std::string(source)),
                                        {level, "a system", clock.Now()});
    });
    return *this;
  }
  // As a feed brought it.
  House& ChoseThere(std::string_view source, record::ConsentKind kind) {
    record::Consent consent;
    consent.id = {NextId()};
    consent.kind = kind;
    consent.by = record::ConsentBy::kFeed;
    consent.recorded_at = Ods(source);
    consent.recorded = clock.Now();
    consent.period.from = consent.recorded;
    Write([&](store::Transaction& to) {
      return to.facts().AddConsent(identities_.at(std::string(source)), consent);
    });
    return *this;
  }
  House& Chose(record::ConsentKind kind, record::ConsentScope scope = {}) {
    record::Consent consent;
    consent.id = {NextId()};
    consent.kind = kind;
    consent.scope = std::move(scope);
    consent.team = "ZT2/team";
    consent.recorded = clock.Now() - hours(48);
    consent.period.from = consent.recorded;
    Write([&](store::Transaction& to) { return to.facts().AddConsent(*person_, consent); });
    return *this;
  }

  // What the gateway expects of its sources, and what came: something of somebody else, or a
  // message that was refused.
  House& Expects(std::string_view source, const std::string& feed, minutes interval = hours(1)) {
    options.sources.push_back({Ods(source), interval, {feed}});
    return *this;
  }
  House& Hears(std::string_view source) {
    const store::Person other{.id = {NextId()}};
    const store::Identity identity{.id = {NextId()},
                                   .person = other.id,
                                   .source = Ods(source),
                                   .local_identifiers = {},
                                   .demographics = {},
                                   .updated = clock.Now()};
    Write([&](store::Transaction& to) -> base::Result<void> {
      if (auto saved = to.patients().SavePerson(other); !saved) return saved;
      return to.patients().SaveIdentity(identity);
    });
    return *this;
  }
  House& Refuses(const std::string& feed) {
    store::JournalRow row;
    row.id = {NextId()};
    row.feed = feed;
    row.control_id = row.id.ToString();
    row.disposition = "rejected";
    row.received = clock.Now();
    Write([&](store::Transaction& to) { return to.journal().Append(row); });
    return *this;
  }

  // A table of the store is gone from now on, or one statement changes it.
  void Lose(const std::string& table) { Damage("ALTER TABLE " + table + " RENAME TO lost"); }
  void Damage(const std::string& sql) {
    sqlite3* raw = nullptr;
    ASSERT_EQ(sqlite3_open((folder_.path() / "store.db").c_str(), &raw), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(raw, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(raw);
    sqlite3_close(raw);
  }

  Seen Ask() { return AskThrough(*log_); }
  Seen AskThrough(audit::Appender& log) {
    PatientViews views(*store_, log, *policy_, clock, options);
    auto answer = std::make_shared<std::promise<base::Result<ViewAnswer>>>();
    views.Get(request,
              [answer](base::Result<ViewAnswer> got) { answer->set_value(std::move(got)); });
    return Seen(answer->get_future().get());
  }
  Seen AskInAnEmergency(std::string_view reason = "LIFE") {
    request.purpose = record::Purpose::kEmergency;
    request.reason_code = reason;
    return Ask();
  }

  audit::Log& log() { return *log_; }
  store::Store& store() { return *store_; }
  const decide::InForce& policy() const { return *policy_; }
  std::uint64_t Leaves() const { return log_->DurableHead().size; }
  audit::Record LastLeaf() const { return *log_->Read(Leaves() - 1); }
  const std::string& PolicyVersion() const { return policy_->Get()->policy().version(); }

 private:
  kit::TemporaryFolder folder_;
  kit::ManualClock clock_{kNoon};

 public:
  kit::ManualClock& clock = clock_;
  ViewRequest request;
  PatientViews::Options options;

 private:
  base::Uuid NextId() {
    base::Uuid id;
    id.bytes[6] = 0x70;
    id.bytes[14] = static_cast<std::uint8_t>(++ids_ >> 8);
    id.bytes[15] = static_cast<std::uint8_t>(ids_);
    return id;
  }
  void SavePerson() {
    person_ = record::PersonId{NextId()};
    Write([&](store::Transaction& to) {
      return to.patients().SavePerson(
          {.id = *person_, .nhs_number = record::NhsNumber::Parse("9990000018")});
    });
    LocationIs(record::LocationProtection::kNone);
  }
  void Write(const store::Store::Work& work) {
    const auto written = store::WriteAndWait(*store_, work);
    EXPECT_TRUE(written) << base::Describe(written.error());
  }

  int ids_ = 0;
  std::optional<record::PersonId> person_;
  std::map<std::string, record::IdentityId, std::less<>> identities_;
  std::unique_ptr<store::sqlite::Database> store_;
  std::unique_ptr<audit::Log> log_;
  std::unique_ptr<decide::InForce> policy_;
};

}  // namespace milecastle::disclose
