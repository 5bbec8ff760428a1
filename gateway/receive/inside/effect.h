// What a message does to the record of one patient once whose it is is settled: entries,
// statements, facts, reviews.
//
// Everything here is the same when it is done twice: an entry that is the same is not written
// again, evidence is named by its reference, a choice that stands is not recorded again.
//
// Thread-safety: as the transaction. Failure: the store's errors; then nothing may be committed.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "identify/identify.h"
#include "message.h"
#include "record/record_system.h"
#include "store/store.h"

namespace milecastle::receive {

struct Effect {
  store::Transaction& transaction;
  const Message& message;
  const Patient& patient;
  const identify::Settled& settled;
  // Its source spoke of this identity since the message came: what it said of the same stands, and
  // nothing of the message opens a relationship or loosens a choice.
  bool overtaken = false;
  // Source keys of entries of the message that are older than what stands: so is whatever else the
  // message makes of them.
  std::span<const std::string> older = {};

  bool IsOlder(const std::string& key) const {
    return std::find(older.begin(), older.end(), key) != older.end();
  }

  // How the keys of the system that speaks begin (record/record_system.h).
  std::string System() const { return record::OfSystem(port::RecordSystemOf(*message.feed)); }
};

struct Given {
  std::size_t entries = 0;  // fewer than it has where its source said something of them since
  std::vector<std::string> older;  // keys of entries, given or ended, older than what stands
};
base::Result<Given> Apply(const Effect& effect);

// Its parts, each a file of its own.
base::Result<Given> ApplyEntries(const Effect& effect);
base::Result<void> ApplyEncounter(const Effect& effect);
base::Result<void> ApplyPractice(const Effect& effect);
base::Result<void> ApplyPreferences(const Effect& effect);
base::Result<void> ApplyReviews(const Effect& effect);

}  // namespace milecastle::receive
