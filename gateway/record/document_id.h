// The name under which a source keeps a document that it did not send: a FHIR id, out of an address
// of a Binary that it wrote, and never the address itself.
//
// A view shows it as an entry's detail; a reader asks for the document by it. It is put below the
// path that is configured, so that it must be one segment and no way out of it.
//
// Thread-safety: functions without state. Failure: empty where there is none.
#pragma once

#include <optional>
#include <string_view>

#include "record/entry.h"

namespace milecastle::record {

inline constexpr std::string_view kDocumentId = "document id";
inline constexpr std::string_view kDocumentSize = "size in bytes";

// Of "…/Binary/ID" alone, with a version behind it or without.
std::string_view DocumentIdOf(std::string_view address);

// As the entry's details say; empty, or nothing: they do not.
std::string_view DocumentIdOf(const Entry& entry);
std::optional<std::uint64_t> DocumentSizeOf(const Entry& entry);

}  // namespace milecastle::record
