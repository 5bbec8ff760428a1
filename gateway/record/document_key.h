// The keys of a document and of what stands in it: a part's key is the document's, a stroke, and
// the part's own name. A part that its source knows by a name of its own, whatever documents it
// stands in, says so by a link.
//
// Thread-safety: pure. Failure: none.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>

#include "record/entry.h"

namespace milecastle::record {

// How the keys of a document's parts begin; and the name of the document with all of them.
inline std::string BelowDocument(std::string_view document) {
  return std::string(document).append("/");
}

// Of the document itself, or of a part of it.
inline bool IsOfDocument(std::string_view key, std::string_view document) {
  return key.starts_with(document) &&
         (key.size() == document.size() || key[document.size()] == '/');
}

// The relation of a link from a part with a name of its own to its document.
inline constexpr std::string_view kInDocument = "document";

inline bool IsIn(std::string_view document, std::span<const Link> links) {
  return std::any_of(links.begin(), links.end(), [document](const Link& link) {
    return link.relation == kInDocument && link.key == document;
  });
}

}  // namespace milecastle::record
