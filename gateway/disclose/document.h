// One document that a view showed: decide, audit, then release, as a view does (view.h).
//
//   1. The view's first decision. A refusal is the view's own answer, and asks nobody.
//   2. Of a document that the store keeps: the entry must be current, be shown by the decision, and
//      hold bytes that no mask takes. Of one that a practice keeps: the practice must be one that a
//      view of this reader would ask for documents.
//   3. Whoever answers live for that section of that organisation is asked as a view would ask,
//      and the decision is made again over both. So a practice that answers that the person
//      dissents, or that they are protected, withholds its document too, stored or not.
//   4. A practice's document is looked for, by its name, among those that it has just listed for
//      this person, and must be shown by that decision. Then alone are its bytes fetched, by the
//      same client and within the same time; a Binary does not say whose it is, and nobody may name
//      one that was not listed. With the bytes here, the words in them label the entry that lists
//      them (normalise/label_rules.h), and the decision is made once more.
//   5. The leaf says what was asked for and what became of it, with type, size and SHA-256; its
//      receipt opens the seal. Fetched bytes are stored nowhere (GP Connect: no-store), and the
//      leaf says that they were not retained.
//
// How readers learn of a practice's documents: a view lists them, as entries with a "document id"
// (record/document_id.h). A call of its own that listed them would be one more place that decides,
// masks and words what is missing; in a view the documents stand under the rules, the manifest and
// the leaf that are there. Where a view may not ask, or asks nobody, none is listed.
//
// What is not there, not shown, masked or no document is one answer: "no_such_document". Nobody
// learns by it that something is kept back. It leaves on the grid, as a refusal does.
//
// Thread-safety: as PatientViews::Get. Failure: an Error means that nothing was disclosed.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "audit/appender.h"
#include "base/clock.h"
#include "decide/in_force.h"
#include "disclose/view.h"
#include "gather/gather.h"
#include "identify/lookup.h"
#include "record/identifiers.h"
#include "store/store.h"

namespace milecastle::disclose {

// A document that its source keeps.
struct LiveDocument {
  record::OdsCode source;
  std::string id;  // record::IsFhirId
};

struct DocumentRequest {
  ViewRequest view;  // without sections
  // One of them.
  std::optional<record::EntryId> entry;
  std::optional<LiveDocument> live;
};

class Documents {
 public:
  using Done = PatientViews::Done;
  struct Options {
    std::vector<ExpectedSource> sources;
    const gather::Gather* live = nullptr;  // as PatientViews'
    std::chrono::milliseconds live_limit{5000};
    std::size_t longest = std::size_t{16} << 20;  // bytes; one of more is not given, and not cut
  };

  // `guesses`: of the views, for they are one user's whatever is asked.
  Documents(store::Store& store, audit::Appender& log, const decide::InForce& policy,
            const base::Clock& clock, GuessLimit& guesses, Options options);

  void Get(const DocumentRequest& request, Done done);

 private:
  struct Work;
  struct Loaded;
  struct Ending;
  using WorkPtr = std::shared_ptr<Work>;

  base::Result<Loaded> Load(const Work& work) const;
  void Ask(const WorkPtr& work, const Loaded& loaded, record::Section section);
  void Asked(const WorkPtr& work, std::vector<gather::Given> given);
  void Fetch(const WorkPtr& work, const Loaded& loaded);
  void End(const WorkPtr& work, const Loaded& loaded, std::string_view why_not = "");
  base::Result<Sealed> Seal(const Work& work, const Loaded& loaded, const Ending& ending) const;
  void Give(const WorkPtr& work, const Loaded& loaded, Ending ending);
  std::string_view WhyNot(const Work& work, const Loaded& loaded) const;

  store::Store& store_;
  audit::Appender& log_;
  const decide::InForce& policy_;
  const base::Clock& clock_;
  GuessLimit& guesses_;
  Options options_;
  std::vector<record::OdsCode> organisations_;  // of the sources
};

}  // namespace milecastle::disclose
