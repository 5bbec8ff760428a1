// A contribution's drafts to canonical items: code systems by their URIs, and the labels on which
// policy decides.
//
// An item's labels come from
//   1. the configured code sets, over every coding of the entry, values and details included;
//   2. what the source said (`NOPAT`, confidentiality, VIP, protection);
//   3. its section, where one is configured (safeguarding);
//   4. what it belongs to: the items of a labelled report carry its labels, and a report those of
//      its items, since its title tells what they are. Labels that were derived so never reach an
//      allergy or an alert (safety.md 6).
// A label `headline:…` is none: it makes the item lead every view that shows it (record::Headline),
// as its section may, if the item stands and speaks of the patient.
// Rules 1–3 are a list of LabelRule, and a rule of another kind (of text, say) is one more in it.
// When labels are computed again for what is stored, the tighter of old and new holds until all is
// done; that is the work of whoever recomputes, not of this class.
//
// A label that a source gave and no configuration knows becomes `source:unmapped`: its words could
// be anything, and a class must not carry them.
//
// Thread-safety: read-only after construction. Failure: Create refuses options of wrong form.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "normalise/code_set.h"
#include "normalise/systems.h"
#include "record/contribution.h"
#include "record/facts.h"
#include "record/likeness.h"

namespace milecastle::normalise {

struct NormaliserOptions {
  std::map<std::string, std::string> systems;  // a source's name → URI, beside the built-in ones
  // What a source says → label, beside the built-in ones and winning over them. A key that ends in
  // `*` stands for all that begin so. An empty label: known, and means nothing.
  std::map<std::string, std::string> source_labels;
  std::map<record::Section, std::string> section_labels = {
      {record::Section::kSafeguarding, "safeguarding"}};
  std::vector<CodeLabel> code_labels;
};

struct Item {
  record::Draft draft;
  record::EntryClass entry_class;
  record::Likeness likeness;
  bool operator==(const Item&) const = default;
};

// Adds labels to what it is given. Sees the entry after its systems became canonical.
using LabelRule = std::function<void(const record::Draft&, std::vector<std::string>& labels)>;

class Normaliser {
 public:
  static base::Result<Normaliser> Create(const NormaliserOptions& options);

  // In the order of the drafts. `source` is the organisation that the message speaks for.
  std::vector<Item> Normalise(std::vector<record::Draft> drafts,
                              const record::OdsCode& source) const;

  // One more rule, after the configured ones.
  void Add(LabelRule rule) { rules_.push_back(std::move(rule)); }

 private:
  explicit Normaliser(const NormaliserOptions& options);

  Systems systems_;
  std::vector<LabelRule> rules_;
};

}  // namespace milecastle::normalise
