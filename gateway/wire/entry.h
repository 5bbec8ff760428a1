// record::Entry to stored bytes and back: the bytes are a milecastle.v1.Entry without the fields
// that disclosure adds. Its group and links are not in them: they name other entries by keys that
// are never disclosed, and the store keeps them beside (LinksOf).
//
// The encoding is deterministic: the same entry gives the same bytes. Stored bytes outlive the
// program that wrote them: kEncodingVersion is kept beside them, and a change that an older reader
// would misread raises it.
//
// Thread-safety: functions without state. Failure: kStoreCorrupt for bytes that are no entry.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "record/entry.h"

namespace milecastle::wire {

constexpr std::uint16_t kEncodingVersion = 1;

std::string EncodeEntry(const record::Entry& entry);
base::Result<record::Entry> DecodeEntry(std::string_view bytes);

// What an entry is part of, as a link "part of", and then its links.
std::vector<record::Link> LinksOf(const record::Entry& entry);

}  // namespace milecastle::wire
