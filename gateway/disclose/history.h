// The versions of one entry that were taken, for a reader of its person's record.
//
// It goes the way of a view (view.h): details, one snapshot, the decision, the audit entry, the
// release. What it shows is decided so:
//
//   * Every version is decided as what it says would be if it stood, under the labels of all
//     versions: an old one tells of the new one, and the other way round.
//   * Where the last word may not be seen by this reader, no version is: the others are counted, by
//     the reason of the last; where it is hidden, there is nothing.
//   * What is no fact of today is never given as one (safety.md 10): it goes out in another field,
//     under a state that says what became of it.
//
// No live source is asked: what those answer is not kept. An id that is nobody's, another
// person's, or of an entry that is hidden is one answer.
//
// Thread-safety and failure: as view.h.
#pragma once

#include <vector>

#include "audit/appender.h"
#include "base/clock.h"
#include "decide/in_force.h"
#include "disclose/guess_limit.h"
#include "disclose/view.h"
#include "store/store.h"

namespace milecastle::disclose {

struct HistoryRequest {
  ViewRequest of;         // who, of whom and why
  record::EntryId entry;  // of any version
};

class EntryHistories {
 public:
  using Done = PatientViews::Done;

  // `organisations`: the sources, which the decision speaks of besides those that hold something.
  EntryHistories(store::Store& store, audit::Appender& log, const decide::InForce& policy,
                 const base::Clock& clock, std::vector<record::OdsCode> organisations,
                 GuessLimit& guesses)
      : store_(store),
        log_(log),
        policy_(policy),
        clock_(clock),
        organisations_(std::move(organisations)),
        guesses_(guesses) {}

  void Get(const HistoryRequest& request, Done done);

 private:
  struct Loaded;
  base::Result<Loaded> Load(const HistoryRequest& request, const identify::Details& details);

  store::Store& store_;
  audit::Appender& log_;
  const decide::InForce& policy_;
  const base::Clock& clock_;
  std::vector<record::OdsCode> organisations_;
  GuessLimit& guesses_;  // that of the views; outlives it
};

}  // namespace milecastle::disclose
