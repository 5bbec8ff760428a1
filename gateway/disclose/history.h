// The versions of one entry that were taken, for a reader of its person's record.
//
// It goes the way of a view (view.h): details, one snapshot, the decision, the audit entry, the
// release. What it shows is decided so:
//
//   * Every version is decided as what it says would be if it stood. The last word bears the labels
//     that a view gives it, for what a view shows a history that withheld it would betray; every
//     other version those of all, for an old one tells of the new one.
//   * Where the last word may not be seen by this reader, no version is, by the reason of the last;
//     where it is hidden, there is nothing.
//   * What is hidden leaves no gap. The versions that are shown follow one another: each ends with
//     the next of them. One that only an unseen version says was in error shares that one's lot.
//     The id of a hidden version is nobody's, and a cut is told only where what lies beyond it may
//     be. What is withheld has its line, and is counted only where the reader may know why, as in a
//     view's manifest.
//   * What is no fact of today is never given as one (safety.md 10): it goes out in another field,
//     under a state that says what became of it.
//
// Nor does it show what a view at that moment would not. So the live sources of the organisation
// that sent the entry are asked first, as a view asks them: that the person dissents there
// withholds it; what they answer stands in place of what was sent, whose versions are then not
// shown. Where they cannot be asked the versions are shown, and the reader is told, as in a view.
//
// An id that is nobody's, another person's, or of an entry that is hidden is one answer.
//
// Thread-safety and failure: as view.h.
#pragma once

#include <chrono>
#include <vector>

#include "audit/appender.h"
#include "base/clock.h"
#include "decide/in_force.h"
#include "disclose/guess_limit.h"
#include "disclose/live.h"
#include "disclose/view.h"
#include "gather/gather.h"
#include "store/store.h"

namespace milecastle::disclose {

struct HistoryRequest {
  ViewRequest of;         // who, of whom and why
  record::EntryId entry;  // of any version
};

class EntryHistories {
 public:
  using Done = PatientViews::Done;

  struct Options {
    // The sources, which the decision speaks of besides those that hold something.
    std::vector<record::OdsCode> organisations;
    const gather::Gather* live = nullptr;  // as PatientViews'
    std::chrono::milliseconds live_limit{5000};
  };

  // `guesses`: of the views, for they are one user's whatever is asked.
  EntryHistories(store::Store& store, audit::Appender& log, const decide::InForce& policy,
                 const base::Clock& clock, GuessLimit& guesses, Options options)
      : store_(store),
        log_(log),
        policy_(policy),
        clock_(clock),
        guesses_(guesses),
        options_(std::move(options)) {}

  void Get(const HistoryRequest& request, Done done);

 private:
  struct Loaded;
  base::Result<Loaded> Load(const HistoryRequest& request, const identify::Details& details,
                            Live live);
  base::Result<store::EntryHistory> HistoryOf(const decide::Decider& decider,
                                              const HistoryRequest& request, const Held& held,
                                              store::Snapshot& snapshot) const;
  bool MayAsk(const HistoryRequest& request, const Loaded& loaded) const;
  base::Result<LivePlan> PlanLive(const HistoryRequest& request, const Loaded& loaded) const;
  void AskLive(const HistoryRequest& request, const identify::Details& details, Loaded loaded,
               Done done);
  void Send(const HistoryRequest& request, const Loaded& loaded, Done done);

  store::Store& store_;
  audit::Appender& log_;
  const decide::InForce& policy_;
  const base::Clock& clock_;
  GuessLimit& guesses_;  // outlives it
  Options options_;
};

}  // namespace milecastle::disclose
