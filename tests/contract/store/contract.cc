#include "contract.h"

namespace milecastle::store {

void PrintTo(const Driver& driver, std::ostream* out) { *out << driver.name; }
std::string NameOfDriver(const testing::TestParamInfo<Driver>& info) { return info.param.name; }

base::Instant At(int seconds) {
  return base::Instant(std::chrono::seconds(1'600'000'000 + seconds));
}
record::OdsCode Ods(std::string_view code) { return *record::OdsCode::Parse(code); }
record::NhsNumber Nhs(std::string_view digits) { return *record::NhsNumber::Parse(digits); }
record::BirthDate Born(std::string_view date) { return *record::BirthDate::Parse(date); }

void StoreContract::Reopen() {
  store_.reset();
  store_ = GetParam().open(folder_.path(), kQueueLimit);
  ASSERT_NE(store_, nullptr);
}

void StoreContract::Commit(const Store::Work& work) {
  const auto committed = Try(work);
  ASSERT_TRUE(committed) << base::Describe(committed.error());
}

std::unique_ptr<Snapshot> StoreContract::Read() {
  auto snapshot = store_->Read();
  EXPECT_TRUE(snapshot);
  return *std::move(snapshot);
}

Person StoreContract::SavedPerson(std::string_view nhs_number) {
  Person person{.id = record::PersonId::New(At(0)), .nhs_number = std::nullopt};
  if (!nhs_number.empty()) person.nhs_number = Nhs(nhs_number);
  Commit([&](Transaction& in) { return in.patients().SavePerson(person); });
  return person;
}

Identity StoreContract::SavedIdentity(const Person& person, std::string_view source) {
  const Identity identity = IdentityOf(person, source);
  Commit([&](Transaction& in) { return in.patients().SaveIdentity(identity); });
  return identity;
}

bool StoreContract::Put(const StoredEntry& entry) {
  bool written = false;
  Commit([&](Transaction& in) -> base::Result<void> {
    const auto put = in.records().Put(entry);
    if (!put) return put.error();
    written = put->is_new;
    return {};
  });
  return written;
}

std::shared_ptr<const Segment> StoreContract::SegmentOf(const Person& person) {
  auto segment = Read()->records().SegmentOf(person.id);
  EXPECT_TRUE(segment) << (segment ? "" : base::Describe(segment.error()));
  return *segment;
}

record::PatientFacts StoreContract::FactsOf(const Person& person) {
  auto facts = Read()->facts().FactsOf(person.id);
  EXPECT_TRUE(facts) << (facts ? "" : base::Describe(facts.error()));
  return *facts;
}

Person StoreContract::Again(const Person& person) {
  return **Read()->patients().FindPerson(person.id);
}

JournalRow Message(std::string_view feed, std::string_view control_id, int second) {
  const std::string bytes = "MSH|^~\\&|" + std::string(control_id);
  return {.id = record::MessageId::New(At(second)),
          .feed = std::string(feed),
          .control_id = std::string(control_id),
          .event = "ADT^A01",
          .sender = "RXX",
          .disposition = "accepted",
          .error_name = {},
          .error_place = {},
          .error_advice = {},
          .received = At(second),
          .digest = base::Sha256(bytes),
          .entries = 3,
          .not_carried = {{"ZFU-3", "local segment, not mapped"}},
          .bytes = bytes};
}

Identity IdentityOf(const Person& person, std::string_view source) {
  Identity identity{.id = record::IdentityId::New(At(0)),
                    .person = person.id,
                    .source = Ods(source),
                    .nhs_number_as_sent = {},
                    .nhs_number = person.nhs_number,
                    .tracing = record::Tracing::kVerified,
                    .shareable = true,
                    .local_identifiers = {{"RXX", "MR", "H" + person.id.ToString()}},
                    .demographics = {},
                    .updated = At(0)};
  identity.demographics.names = {{"O'Brien-Smyth", "Siân", "Ms", "", "L"}};
  identity.demographics.birth_date = Born("1961-04-23");
  identity.demographics.addresses = {{{"1 Test Street"}, "ZZ99 9ZZ", "home"}};
  identity.demographics.died = record::When::ParseHl7("20260102");
  return identity;
}

StoredEntry Entry(const Identity& identity, std::string_view key, std::string_view bytes,
                  record::Section section) {
  return {.id = record::EntryId::New(At(1)),
          .identity = identity.id,
          .message = record::MessageId::New(At(1)),
          .source_key = std::string(key),
          .entry_class = {.source = identity.source, .section = section, .labels = {}},
          .effective = At(10),
          .stored = At(20),
          .bytes = std::string(bytes)};
}

record::Consent Objection(int second) {
  return {.id = record::FactId::New(At(second)),
          .scope = {},
          .team = {},
          .reason_code = "asked",
          .recorded_at = Ods("A81001"),
          .recorded_by = "dr-one",
          .recorded = At(second),
          .period = {.from = At(second), .until = std::nullopt},
          .withdrawn = std::nullopt};
}

record::Evidence Admission(std::string_view organisation, std::string_view visit) {
  return {.id = record::FactId::New(At(0)),
          .organisation = Ods(organisation),
          .user = {},
          .reference = std::string(visit),
          .period = {.from = At(0), .until = std::nullopt},
          .said_by = "royal-adt"};
}

QueueItem Waiting(QueueKind kind, int second) {
  return {.id = record::QueueItemId::New(At(second)),
          .kind = kind,
          .message = std::nullopt,
          .identity = std::nullopt,
          .person = std::nullopt,
          .candidates = {record::PersonId::New(At(0)), record::PersonId::New(At(0))},
          .leaf = std::nullopt,
          .organisation = "RXX",
          .reason = "birth_date_differs",
          .opened = At(second),
          .due = At(second + 100),
          .closed = std::nullopt,
          .resolution = {},
          .closed_by = {}};
}

LinkEvent Move(const Identity& identity, const Person& from, const Person& to,
               std::string_view reason) {
  return {.identity = identity.id,
          .from = from.id,
          .to = to.id,
          .reason = std::string(reason),
          .by = "royal-adt",
          .at = At(50)};
}

}  // namespace milecastle::store
