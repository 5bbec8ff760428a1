// How labels follow the links between entries of one source: what is linked to a sensitive entry
// would give it away, as the letter, the appointment or the result of a coded problem does
// (domain.md 7).
//
//   * A label flows along a link both ways, one step from what an entry has of its own.
//   * Within a group ("part of": a report, a consultation, a document) it flows from the head to
//     all that is in it, and from a part to its heads, since a heading tells what stands below it.
//     It does not come down again to the other parts: one sensitive item of a long consultation
//     makes its heading sensitive, not every other item.
//   * A link whose key ends in a stroke leads to all that is below it (document_key.h): the tests
//   of
//     an order, of whoever names the order's number alone.
//   * A document's labels are on all that came in it, by its adapter; from one part with a name of
//     its own they go no further, or one sensitive item would hide a whole discharge letter.
//   * An allergy, an alert, what leads the view as one of them, or a person's contact gives its
//     labels and takes none (safety.md 6).
//
// Thread-safety: pure. Failure: none; links that lead nowhere or in a ring are harmless. The work
// is linear in nodes and links, times the labels that there are.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "record/entry.h"
#include "record/facts.h"

namespace milecastle::record {

// The relation of a link to the head of an entry's group.
inline constexpr std::string_view kPartOf = "part of";

// Allergies and alerts, by section or kind: no label that was worked out may hide them.
bool IsWarning(Section section, Kind kind);
// And what leads every view as an allergy or an alert: one that its source tells as a problem, and
// that a code set or a heading knows (normalise/inside/headlines.h).
bool IsWarning(const EntryClass& entry_class);

struct LabelNode {
  std::string_view scope;                   // the identity: keys of two scopes are never the same
  std::string_view key;                     // source key
  std::span<const Link> links;              // the group among them, as kPartOf
  const EntryClass* entry_class = nullptr;  // with the labels that the entry has of its own
};

// For each node the labels that came to it besides its own, sorted. Empty where none did to any.
std::vector<std::vector<std::string>> LabelsByLinks(std::span<const LabelNode> nodes);

// Adds these to the class's own, and keeps them sorted.
void AddLabels(const std::vector<std::string>& more, EntryClass& entry_class);

}  // namespace milecastle::record
