// Several files as one text: each begins with a line "== NAME".
//
// Thread-safety: pure. Failure: none; what stands before the first such line is left out.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

#include "record/directory.h"

namespace milecastle::kit {

// They live as long as the text.
inline std::vector<record::DirectoryTable> TablesOf(std::string_view text) {
  constexpr std::string_view kMark = "== ";
  std::vector<record::DirectoryTable> files;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    const std::string_view line = text.substr(0, end);
    if (line.starts_with(kMark)) {
      const std::size_t stop = std::min(line.find_last_not_of("\r\n") + 1, line.size());
      const std::size_t begin = std::min(kMark.size(), stop);
      files.push_back({line.substr(begin, stop - begin), text.substr(end, 0)});
    } else if (!files.empty()) {
      std::string_view& bytes = files.back().bytes;
      bytes = {bytes.data(), bytes.size() + end};
    }
    text.remove_prefix(end);
  }
  return files;
}

}  // namespace milecastle::kit
