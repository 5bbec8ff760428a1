// A file of HL7 v2 messages into messages.
//
// Thread-safety: may be called from any thread. Failure: none; bytes that begin no message become
// an element of their own, which Parse refuses, so that every byte of a file has an outcome.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace milecastle::hl7v2 {

struct SplitFile {
  std::vector<std::string_view> messages;  // views into the file's bytes
  std::size_t envelopes = 0;               // FHS, BHS, BTS and FTS segments, which carry no record
};

// Messages begin with an MSH line, in MLLP frames or not, with blank lines between them or not.
// Comments above the first and, where segments end in LF or CRLF, behind each are left out: lines
// of
// `#` and `//`, and above the first what stands between `/*` and `*/`.
SplitFile SplitMessages(std::string_view file);

}  // namespace milecastle::hl7v2
