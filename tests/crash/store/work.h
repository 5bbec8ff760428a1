// The work that the crash tests repeat: one message with all that is committed with it, so that a
// half of it would show.
#pragma once

#include <filesystem>
#include <set>
#include <string>

#include "sqlite/store.h"

namespace milecastle::store {

inline base::Instant Then() { return base::Instant(std::chrono::seconds(1'600'000'000)); }

sqlite::Options OptionsFor(const std::filesystem::path& folder);
std::unique_ptr<sqlite::Database> OpenOrDie(sqlite::Options options);

// The person whose record the messages write; the same in every process.
record::PersonId ThePerson();
base::Result<void> SaveThePerson(Store& store);

// Journals the message, puts two entries that name it, and adds its event to the outbox.
Store::Work Ingest(record::MessageId message);

// Every message of the store; fails the test where one is there in part, or a digest is wrong.
std::set<std::string> WholeMessages(sqlite::Database& store);

}  // namespace milecastle::store
