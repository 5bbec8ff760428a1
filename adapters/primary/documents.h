// What a practice answers of its documents (GP Connect Access Document), beside the entries that
// the adapter makes of them: by which id it knows the person, that it lists none, and a document's
// bytes.
//
// A Binary says nothing of whose it is. It is the person's because the practice listed its id for
// them; here it is held to be the one that was asked for, and nothing else.
//
// Thread-safety: pure. Failure: nothing, where the answer is not what was asked for.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "record/entry.h"

namespace milecastle::primary {

// A searchset (Bundle), and what it is of. `limit`: bytes.
struct Searchset {
  std::size_t resources = 0;
  std::size_t patients = 0;  // of them
  std::string patient_id;    // of the one Patient; empty: there is not one, or its id is none
  bool has_next = false;     // it is a page, and there are more
};
std::optional<Searchset> SearchsetIn(std::string_view answer, std::size_t limit);

// The Binary of that id. Its type is what its bytes are (record/media.h).
std::optional<record::Document> BinaryIn(std::string_view answer, std::string_view id,
                                         std::size_t limit);

}  // namespace milecastle::primary
