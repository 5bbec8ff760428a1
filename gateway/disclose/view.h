// The patient view: load, decide, audit, then release.
//
//   1. The form of the details is checked; nothing is looked up for details that are none.
//   2. One snapshot gives the person, the facts, the segment and the statements of one moment.
//   3. The decision is made over the classes of the entries and the lines of the manifest.
//      Where it permits, live sources are asked what this reader may see of them, all at once and
//      within the reader's time; then both steps are done again, over what is stored by then and
//      what was given, together. Nothing that was given is stored.
//   4. What it frees is spliced; the answer is sealed, its digest goes into the audit payload.
//   5. The entry is appended; when it is durable, its receipt opens the seal.
// A refusal goes the same way, and is marked to leave on the grid (safety.md 9) that serve keeps.
//
// Thread-safety: Get may be called from any thread; `done` runs once, on the caller's thread (or,
// where live sources were asked, on gather's) for errors before the append and on the log's
// committing thread otherwise, where it MUST NOT block.
// Failure: an Error means that nothing was decided, or not durably audited, and discloses nothing.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "audit/appender.h"
#include "base/clock.h"
#include "base/result.h"
#include "decide/in_force.h"
#include "disclose/guess_limit.h"
#include "disclose/heard.h"
#include "disclose/live.h"
#include "disclose/release.h"
#include "disclose/sources.h"
#include "identify/lookup.h"
#include "record/requester.h"
#include "store/store.h"

namespace milecastle::disclose {

struct ViewRequest {
  record::Requester requester;
  identify::PersonKey person;
  record::Purpose purpose = record::Purpose::kDirectCare;
  std::string reason_code;
  std::string declared_relationship;      // a reason code; empty: none declared
  std::string case_reference;             // for statutory purposes
  std::vector<record::Section> sections;  // empty: all
  // How long the caller waits, on the monotonic clock; none: they do not say.
  std::optional<std::chrono::nanoseconds> until = {};
};

struct ViewAnswer {
  AnswerBytes response;
  // A refusal or an empty answer: it MUST leave on the time grid, so that its time tells nothing.
  bool on_grid = false;
};

class PatientViews {
 public:
  using Done = std::function<void(base::Result<ViewAnswer>)>;
  struct Options {
    std::vector<ExpectedSource> sources;
    GuessLimit::Options guesses;
    const gather::Gather* live = nullptr;  // outlives the views; null: no live source is configured
    std::chrono::milliseconds live_limit{5000};  // of a view's time for them, whoever waits
  };

  PatientViews(store::Store& store, audit::Appender& log, const decide::InForce& policy,
               const base::Clock& clock, Options options);

  void Get(const ViewRequest& request, Done done);
  GuessLimit& guesses() { return guesses_; }  // one for all that a user may ask

 private:
  struct Loaded;
  base::Result<Loaded> Load(const identify::Details& details, const ViewRequest& request,
                            Live live);
  // Asks, and then loads and decides again.
  base::Result<LivePlan> PlanLive(const ViewRequest& request, const Loaded& loaded) const;
  void AskLive(const ViewRequest& request, const identify::Details& details, Loaded loaded,
               Done done);
  void Send(const ViewRequest& request, const Loaded& loaded, Done done);
  static base::Result<Sealed> Seal(const ViewRequest& request, const Loaded& loaded, Answer answer,
                                   const wire::ViewHead& head, bool capped);

  store::Store& store_;
  audit::Appender& log_;
  const decide::InForce& policy_;
  const base::Clock& clock_;
  Options options_;
  std::vector<record::OdsCode> organisations_;  // of the sources
  Heard heard_;
  GuessLimit guesses_;
};

}  // namespace milecastle::disclose
