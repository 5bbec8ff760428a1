// What a message does to the record of one patient once whose it is is settled: entries,
// statements, facts, reviews.
//
// Everything here is the same when it is done twice: an entry that is the same is not written
// again, evidence is named by its reference, a choice that stands is not recorded again.
//
// Thread-safety: as the transaction. Failure: the store's errors; then nothing may be committed.
#pragma once

#include "identify/identify.h"
#include "message.h"
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
};

// How many entries it gave; fewer than it has where its source said something of them since.
base::Result<std::size_t> Apply(const Effect& effect);

// Its parts, each a file of its own.
base::Result<std::size_t> ApplyEntries(const Effect& effect);
base::Result<void> ApplyEncounter(const Effect& effect);
base::Result<void> ApplyPractice(const Effect& effect);
base::Result<void> ApplyPreferences(const Effect& effect);
base::Result<void> ApplyReviews(const Effect& effect);

}  // namespace milecastle::receive
