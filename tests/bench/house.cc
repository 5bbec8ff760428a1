#include "house.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <future>
#include <map>
#include <utility>

#include "base/unique_fd.h"
#include "report.h"
#include "wire/entry.h"

namespace milecastle::bench {
namespace {

using record::Section;

template <class T>
T Need(base::Result<T> result) {
  if (!result) Fail(base::Describe(result.error()));
  return std::move(*result);
}

constexpr const char* kStoreFile = "store.db";
constexpr std::size_t kEntriesTogether = 20'000;  // in one commit, while the house is made

constexpr std::array<std::string_view, 5> kSources = {"ZT1", "ZT2", "Z99001", "ZC1", "ZS1"};
constexpr std::array kSections = {Section::kInvestigationResults,
                                  Section::kMedications,
                                  Section::kContactsWithProfessionals,
                                  Section::kProblems,
                                  Section::kAllergies,
                                  Section::kExaminationFindings,
                                  Section::kProcedures,
                                  Section::kVaccinations,
                                  Section::kDocuments};
constexpr std::array kKinds = {
    record::Kind::kObservation, record::Kind::kMedication,  record::Kind::kEncounter,
    record::Kind::kProblem,     record::Kind::kAllergy,     record::Kind::kObservation,
    record::Kind::kProcedure,   record::Kind::kVaccination, record::Kind::kDocument};

record::When DayBefore(base::Instant now, std::size_t days) {
  record::When when;
  when.at = now - std::chrono::hours(24 * days);
  return when;
}

// The `number`th entry of a record: what a source says in a line, with a code and a date.
record::Entry EntryOf(std::size_t number, base::Instant now) {
  record::Entry entry;
  entry.section = kSections[number % kSections.size()];
  entry.kind = kKinds[number % kSections.size()];
  entry.what.text = "Synthetic statement " + std::to_string(number);
  entry.what.codings = {{"http://snomed.info/sct", std::to_string(100000000 + number), ""}};
  entry.status = record::ClinicalStatus::kActive;
  entry.effective = DayBefore(now, number);
  if (entry.kind == record::Kind::kObservation) {
    entry.value = record::Value{.original = "4." + std::to_string(number % 10),
                                .number = "4." + std::to_string(number % 10),
                                .comparator = "",
                                .unit = "mmol/L",
                                .unit_code = "",
                                .reference_range = "3.5-5.3",
                                .interpretation = "",
                                .coded = {}};
  }
  return entry;
}

// From where, and with which label.
std::pair<std::string_view, std::vector<std::string>> OriginOf(std::size_t number) {
  if (number % 25 == 7) return {kSources[4], {"sexual_health"}};
  std::vector<std::string> labels;
  if (number % 40 == 3) labels = {"sexual_health"};  // withheld: no agreement covers it there
  if (number % 40 == 5) labels = {"mental_health"};  // shown: one does
  return {kSources[number % 7 < 4 ? 1 + number % 2 : (number % 7) % 4], labels};
}

using Identities = std::map<std::string_view, record::IdentityId>;

store::Identity IdentityOf(const store::Person& person, const record::OdsCode& source,
                           base::Instant now) {
  store::Identity identity{.id = record::IdentityId::New(now),
                           .person = person.id,
                           .source = source,
                           .nhs_number_as_sent = person.nhs_number->digits(),
                           .nhs_number = person.nhs_number,
                           .tracing = record::Tracing::kVerified,
                           .shareable = true,
                           .local_identifiers = {},
                           .demographics = {},
                           .updated = now};
  identity.demographics.names = {{.family = kFamilyName, .given = "Anna"}};
  identity.demographics.birth_date = record::BirthDate::Parse(kBirthDate);
  return identity;
}

store::StoredEntry StoredEntryOf(std::size_t number, const Identities& identities,
                                 base::Instant now) {
  const record::Entry entry = EntryOf(number, now);
  const auto [source, labels] = OriginOf(number);
  return {.id = record::EntryId::New(now),
          .identity = identities.at(source),
          .message = record::MessageId::New(now),
          .source_key = "key-" + std::to_string(number),
          .entry_class = {.source = Ods(source),
                          .section = entry.section,
                          .kind = entry.kind,
                          .verification = entry.verification,
                          .labels = labels},
          .effective = entry.effective->at,
          .stored = now,
          .bytes = wire::EncodeEntry(entry),
          .links = {}};
}

// Admitted where the doctor works, unprotected, and with a restriction of the person's own.
base::Result<void> PutFacts(store::Facts& facts, record::PersonId person, base::Instant now) {
  record::Consent restriction;
  restriction.id = record::FactId::New(now);
  restriction.kind = record::ConsentKind::kRestriction;
  restriction.scope.sections = {Section::kDocuments};
  restriction.recorded = now - std::chrono::hours(48);
  restriction.period.from = restriction.recorded;
  if (auto chosen = facts.AddConsent(person, restriction); !chosen) return chosen;
  const record::Evidence admission{.id = record::FactId::New(now),
                                   .kind = record::EvidenceKind::kOpenEncounter,
                                   .organisation = Ods("ZT1"),
                                   .user = "",
                                   .reference = "V1",
                                   .period = {now - std::chrono::hours(24), {}},
                                   .said_by = "bench"};
  if (auto put = facts.PutEvidence(person, admission); !put) return put;
  return facts.PutLocationFlag(person, {record::LocationProtection::kNone, "bench", now});
}

// Agreements that each cover the doctor's organisation, for one source in turn.
std::string Agreements(std::size_t count) {
  std::string text = "layer = \"system\"\n";
  for (std::size_t i = 0; i < count; ++i) {
    text += "[[agreements]]\nid = \"BENCH-" + std::to_string(i) +
            "\"\ntitle = \"one of many\"\nsources = [\"Z9900" + std::to_string(2 + i % 5) +
            "\"]\nconsumers = [\"ZT1\"]\npurposes = [\"direct-care\"]\nsections = [\"*\"]\n"
            "gdpr_basis = \"6(1)(e)\"\nspecial_category_basis = \"9(2)(h)\"\n"
            "confidentiality_basis = \"implied\"\nstatute = \"s251B\"\n"
            "from = \"2026-04-01\"\nreview_by = \"2027-04-01\"\n";
  }
  return text;
}

decide::Policy LoadPolicy(std::size_t agreements, const std::filesystem::path& more) {
  std::vector<std::filesystem::path> files = {std::filesystem::path(MILECASTLE_SOURCE_DIR) /
                                              "config" / "policies"};
  if (agreements > 0) files.push_back(more);
  auto loaded = decide::Policy::Load(files);
  if (!loaded.policy) Fail("the policy cannot be read");
  return std::move(*loaded.policy);
}

// Of a file that nobody has open: the next reader goes to the disk, where the system obliges.
void DropPages(const std::filesystem::path& path) {
  const base::UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file || ::fdatasync(file.get()) != 0 ||
      ::posix_fadvise(file.get(), 0, 0, POSIX_FADV_DONTNEED) != 0) {
    Fail("the store's file cannot be forgotten");
  }
}

}  // namespace

record::OdsCode Ods(std::string_view code) { return *record::OdsCode::Parse(code); }

std::vector<std::string> NhsNumbers(std::size_t people) {
  std::vector<std::string> numbers;
  for (std::size_t next = 9990000000; numbers.size() < people; ++next) {
    if (record::NhsNumber::Parse(std::to_string(next))) numbers.push_back(std::to_string(next));
  }
  return numbers;
}

record::Requester Doctor() {
  return {.organisation = Ods("ZT1"),
          .system = "quayside-epr",
          .user = "user-1",
          .issuer = "https://idp.zt1.example",
          .roles = {"R8000"},
          .team = "",
          .assurance = 3,
          .token_id = "token-1",
          .launch = {}};
}

disclose::ViewRequest RequestFor(const std::string& nhs_number) {
  disclose::ViewRequest request;
  request.requester = Doctor();
  request.person = {nhs_number, kBirthDate, kFamilyName};
  return request;
}

House::House(const HouseOptions& options) {
  OpenStore(options.segment_cache_bytes);
  log_ = Need(audit::Log::Open(
      {.folder = folder_.path() / "audit"},
      Need(audit::SigningKey::Generate(folder_.path() / "audit.pem", "milecastle.example/bench")),
      clock_));
  rules_ =
      LoadPolicy(options.agreements, folder_.Write("more.toml", Agreements(options.agreements)));
  policy_ = std::make_unique<decide::InForce>(NewDecider());
  for (const auto source : kSources) {
    sources_.push_back({Ods(source), std::chrono::hours(24), {"feed-" + std::string(source)}});
  }
  MakePeople(options);
  if (options.cold) {
    store_.reset();
    DropPages(folder_.path() / kStoreFile);
    OpenStore(options.segment_cache_bytes);
  }
}

void House::OpenStore(std::size_t segment_cache_bytes) {
  store_ =
      Need(store::sqlite::Open({.path = folder_.path() / kStoreFile,
                                .segment_cache_bytes = segment_cache_bytes,
                                .clock = &clock_,
                                .on_fatal = [](const base::Error& error) { Fail(error.place); }}));
}

std::shared_ptr<const decide::Decider> House::NewDecider() const {
  return std::make_shared<const decide::Decider>(*rules_);
}

// Many in one commit: a large house is made in seconds.
void House::MakePeople(const HouseOptions& options) {
  const std::vector<std::string> numbers = NhsNumbers(options.people);
  const std::size_t together = std::max<std::size_t>(1, kEntriesTogether / (options.entries + 1));
  for (std::size_t from = 0; from < numbers.size(); from += together) {
    const std::size_t to = std::min(numbers.size(), from + together);
    const auto written =
        store::WriteAndWait(*store_, [&](store::Transaction& transaction) -> base::Result<void> {
          for (std::size_t i = from; i < to; ++i) {
            auto made = MakePerson(transaction, numbers[i], options.entries);
            if (!made) return made;
          }
          return {};
        });
    if (!written) Fail(base::Describe(written.error()));
  }
}

base::Result<void> House::MakePerson(store::Transaction& to, const std::string& nhs_number,
                                     std::size_t entries) const {
  const auto now = clock_.Now();
  const store::Person person{.id = {NewId()}, .nhs_number = record::NhsNumber::Parse(nhs_number)};
  if (auto saved = to.patients().SavePerson(person); !saved) return saved;
  Identities identities;
  for (const std::string_view source : kSources) {
    const store::Identity identity = IdentityOf(person, Ods(source), now);
    if (auto saved = to.patients().SaveIdentity(identity); !saved) return saved;
    identities[source] = identity.id;
  }
  for (std::size_t i = 0; i < entries; ++i) {
    const auto put = to.records().Put(StoredEntryOf(i, identities, now));
    if (!put) return put.error();
  }
  return PutFacts(to.facts(), person.id, now);
}

std::string House::OneAnswer() {
  disclose::PatientViews views(*store_, *log_, *policy_, clock_, {.sources = sources_});
  std::promise<base::Result<disclose::ViewAnswer>> answer;
  views.Get(RequestFor(NhsNumbers(1).front()),
            [&](base::Result<disclose::ViewAnswer> got) { answer.set_value(std::move(got)); });
  const disclose::AnswerBytes response = Need(answer.get_future().get()).response;
  return response.head + response.rest;
}

}  // namespace milecastle::bench
