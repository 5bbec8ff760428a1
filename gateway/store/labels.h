// By which rules the labels of what is stored were given, and what brings it under new ones.
//
// Rules change: a code becomes sensitive. From the moment in which a store follows new rules every
// reader has the labels that they give, beside those that are stored, of each entry that nobody has
// looked at again yet: added labels count at once. What looks at all of it, in small pieces
// (receive/relabelling.h), writes what changed; only then is a label gone that the rules do not
// give any more. What comes meanwhile is labelled by the new rules when it is put, whoever read it.
//
// A label that no rule gave stays: LabelOrigin.
//
// Thread-safety and failure: as journal.h; a Rulebook is used by every thread, and cannot fail.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/result.h"
#include "record/facts.h"
#include "record/identifiers.h"
#include "record/likeness.h"
#include "store/records.h"

namespace milecastle::store {

// All that rules look at. Outlived by what it names.
struct ToLabel {
  std::string_view bytes;
  const record::EntryClass& entry_class;
  base::Instant stored;
  const LabelOrigin& origin;
};
struct Labelled {
  std::vector<std::string> labels;  // sorted; without those that come by links
  record::Headline headline = record::Headline::kNone;
  record::Likeness likeness = {};
  bool operator==(const Labelled&) const = default;
};

class Rulebook {
 public:
  virtual ~Rulebook() = default;
  // The same for the same rules, whenever they are read.
  virtual const base::Digest& digest() const = 0;
  virtual Labelled Label(const ToLabel& entry) const = 0;
  // Whether an entry with these words in this section would have a label that a policy decides on.
  // A statement has none: it is told without its words.
  virtual bool WouldLabel(const record::SectionStatement& statement) const = 0;
};

// How far what is stored was brought under rules.
struct Labelling {
  base::Digest rules{};
  std::uint64_t upto = 0;       // the last entry's number when the store came under them
  std::uint64_t looked_to = 0;  // up to this number the entries were looked at
  std::uint64_t looked_at = 0;  // how many that was
  std::uint64_t gained = 0;     // entries of them that have a label more
  std::uint64_t lost = 0;       // or one less; some have both
  base::Instant began;
  std::optional<base::Instant> ended;

  // What has a higher number came under these rules.
  bool IsDue(std::uint64_t number) const { return number > looked_to && number <= upto; }
  bool operator==(const Labelling&) const = default;
};

// Entries that are due, in the order of their numbers; with them all up to `looked_to` are.
struct DueEntries {
  std::vector<StoredEntry> entries;
  std::uint64_t looked_to = 0;
};
struct DueLimits {
  std::size_t entries = 256;
  std::size_t bytes = 1U << 20;  // the one that passes it is the last
};

class ReadLabels {
 public:
  virtual ~ReadLabels() = default;
  // The newest; nothing: the store never followed any rules.
  virtual base::Result<std::optional<Labelling>> Newest() = 0;
  // Whatever their standing. None, where looked_to is `upto`.
  virtual base::Result<DueEntries> Due(const Labelling& labelling, const DueLimits& limits) = 0;
  // For a trial of rules: people in the order of their numbers, and all of a person's entries that
  // are current, were withdrawn or are no longer sent, as they are stored.
  struct NumberedPerson {
    std::uint64_t number = 0;
    record::PersonId id;
  };
  virtual base::Result<std::vector<NumberedPerson>> PeopleAfter(std::uint64_t number,
                                                                std::size_t limit) = 0;
  virtual base::Result<std::vector<StoredEntry>> EntriesOf(record::PersonId person) = 0;
};

class Labels : public virtual ReadLabels {
 public:
  // All that is stored now is due under these rules; where they are the newest already, it is
  // as far as it was.
  virtual base::Result<Labelling> Begin(const base::Digest& rules, base::Instant now) = 0;
  // The entry has these labels from now on. What its source said of them stays.
  virtual base::Result<void> Relabel(std::uint64_t number, const Labelled& labelled) = 0;
  // How far the newest is. kConflict where another is the newest by now.
  virtual base::Result<void> Note(const Labelling& labelling) = 0;
};

}  // namespace milecastle::store
