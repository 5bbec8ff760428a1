// A contribution's drafts to canonical items: code systems by their URIs, and the labels on which
// policy decides.
//
// An item's labels come from
//   1. the configured code sets, over every coding of the entry, values and details included, and
//      over the identifiers of performers and the ODS codes of their organisations;
//   2. what the source said (`NOPAT`, confidentiality, VIP, protection);
//   3. its section, where one is configured (safeguarding);
//   4. the words that stand in it, by the rules of text (label_rules.h);
//   5. what it is linked to or belongs to (record/label_flow.h): in one message here, and among all
//      that is stored by whoever reads it, which is why `own` keeps apart what an item has without
//      its links.
// Labels by words and by links never reach an allergy or an alert, nor what leads the view as one
// (safety.md 6): of a problem that is an allergy its code tells, or the heading it stands under.
// A label `headline:…` is none: it makes the item lead every view that shows it (record::Headline),
// as its section may, if the item stands and speaks of the patient. What had ended before it was
// received leads nothing.
// Rules 1–3 are a list of LabelRule, and come before 4. What is stored is labelled anew, by the
// same rules, where they change (receive/rulebook.h): of what they read in an entry the store keeps
// all, with what its source said (2).
//
// A label that a source gave and no configuration knows becomes `source:unmapped`: its words could
// be anything, and a class must not carry them.
//
// Thread-safety: read-only after construction. Failure: Create refuses options of wrong form.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/result.h"
#include "base/text_map.h"
#include "normalise/code_set.h"
#include "normalise/label_rules.h"
#include "normalise/systems.h"
#include "record/contribution.h"
#include "record/facts.h"
#include "record/likeness.h"

namespace milecastle::normalise {

// Of what nobody can say what it means: policies withhold it.
inline constexpr std::string_view kUnmapped = "source:unmapped";

struct NormaliserOptions {
  std::map<std::string, std::string> systems;  // a source's name → URI, beside the built-in ones
  // What a source says → label, beside the built-in ones and winning over them. A key that ends in
  // `*` stands for all that begin so. An empty label: known, and means nothing.
  std::map<std::string, std::string> source_labels;
  std::map<record::Section, std::string> section_labels = {
      {record::Section::kSafeguarding, "safeguarding"}};
  std::vector<CodeLabel> code_labels;
  std::shared_ptr<const LabelRules> label_rules = {};  // none: words say nothing
};

struct Item {
  record::Draft draft;
  record::EntryClass entry_class;  // with all its labels
  record::Likeness likeness;
  std::vector<std::string> own;  // of these labels, those that it has without its links
  bool operator==(const Item&) const = default;
};

// The keys of names that were met before (record/likeness.h): a message repeats the same few.
using KnownKeys = base::TextMap<std::string, std::uint64_t>;

// An entry that is stored, as its rules are asked again.
struct Kept {
  record::Draft draft;              // its source's words among it
  std::vector<std::string> labels;  // that it has whatever the rules say
};

// Adds labels to what it is given. Sees the entry after its systems became canonical.
using LabelRule = std::function<void(const record::Draft&, std::vector<std::string>& labels)>;

class Normaliser {
 public:
  static base::Result<Normaliser> Create(const NormaliserOptions& options);

  // In the order of the drafts. `source` is the organisation that the message speaks for.
  // Without `received` no end is weighed.
  std::vector<Item> Normalise(std::vector<record::Draft> drafts, const record::OdsCode& source,
                              std::optional<base::Instant> received = std::nullopt) const;

  // By today's rules; without what comes by links.
  Item Again(Kept kept, const record::OdsCode& source, base::Instant received) const;

  // What the words in it alone give (rule 4); of an entry that is not to be kept.
  std::vector<std::string> LabelsByWords(const record::Entry& entry) const;

  // Whether its section (3) or its words (4) would give a label to an entry of any kind. What a
  // source says of a section bears no label: where this is so, it goes on without its words.
  bool WouldLabel(const record::SectionStatement& statement) const;

  // The same for rules that give the same, whenever they are read. Two versions of the gateway have
  // the same for the same configuration unless what they make of an entry differs.
  const base::Digest& digest() const { return digest_; }

 private:
  explicit Normaliser(const NormaliserOptions& options);
  // Makes it what it is by the rules, of a draft as it came and the labels that it has already.
  void Settle(Item& item, std::optional<base::Instant> received, KnownKeys& known) const;

  Systems systems_;
  base::Digest digest_{};
  std::map<record::Section, std::string> section_labels_;
  std::shared_ptr<const LabelRules> words_;
  std::vector<LabelRule> rules_;
};

}  // namespace milecastle::normalise
