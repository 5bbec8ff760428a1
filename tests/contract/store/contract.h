// What every driver of the store has to pass, unchanged. A driver adds a file that names itself:
// INSTANTIATE_TEST_SUITE_P(Sqlite, StoreContract, testing::Values(Driver{…}), NameOfDriver);
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "kit/folder.h"
#include "store/store.h"

namespace milecastle::store {

struct Driver {
  std::string name;
  // A store that keeps what it holds in `folder`, or finds it there again. `queue_limit` works may
  // wait.
  std::function<std::unique_ptr<Store>(const std::filesystem::path& folder,
                                       std::size_t queue_limit)>
      open;
};
void PrintTo(const Driver& driver, std::ostream* out);
std::string NameOfDriver(const testing::TestParamInfo<Driver>& info);

inline constexpr std::size_t kQueueLimit = 8;

base::Instant At(int seconds);  // of a day long ago
record::OdsCode Ods(std::string_view code);
record::NhsNumber Nhs(std::string_view digits);
record::BirthDate Born(std::string_view date);

class StoreContract : public testing::TestWithParam<Driver> {
 protected:
  void SetUp() override { Reopen(); }
  void Reopen();

  Store& store() { return *store_; }
  // Asserts that it was committed.
  void Commit(const Store::Work& work);
  base::Result<void> Try(const Store::Work& work) { return WriteAndWait(*store_, work); }
  std::unique_ptr<Snapshot> Read();

  // A person of this number, known to the hospital RXX; the number may be empty.
  Person SavedPerson(std::string_view nhs_number);
  Identity SavedIdentity(const Person& person, std::string_view source = "RXX");
  // Puts the entry and returns whether anything was written.
  bool Put(const StoredEntry& entry);
  std::shared_ptr<const Segment> SegmentOf(const Person& person);
  record::PatientFacts FactsOf(const Person& person);
  Person Again(const Person& person);

 private:
  kit::TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
};

// Builders: each makes something new and valid; tests change what they are about.
JournalRow Message(std::string_view feed, std::string_view control_id, int second);
Identity IdentityOf(const Person& person, std::string_view source = "RXX");
StoredEntry Entry(const Identity& identity, std::string_view key, std::string_view bytes,
                  record::Section section = record::Section::kProblems);
record::Consent Objection(int second);
record::Evidence Admission(std::string_view organisation, std::string_view visit);
QueueItem Waiting(QueueKind kind, int second);
LinkEvent Move(const Identity& identity, const Person& from, const Person& to,
               std::string_view reason);

// What a source said of a section on a day in January, as it was stored at this second.
inline SourceStatement Said(std::string_view source, record::Section section,
                            record::SectionSaying saying, int second) {
  return {.source = Ods(source),
          .statement = {.section = section,
                        .saying = saying,
                        .when = record::When::ParseIso("2026-01-02"),
                        .by = {{"Dr One", "G1", "GMC", "author", "A81001"}},
                        .text = "as sent"},
          .stored = At(second)};
}

}  // namespace milecastle::store
