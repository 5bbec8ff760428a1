// What a verification found, for an offline export (verify.h) and for a log's own folder (fsck.h).
//
// Thread-safety: values. Failure: none; a Report without problems is the proof, one with them names
// each place.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "audit/proof.h"

namespace milecastle::audit {

struct Problem {
  std::string file;  // below the folder
  std::uint64_t offset = 0;
  std::uint64_t length = 0;            // bytes that are in doubt; 0: the whole file
  std::optional<std::uint64_t> index;  // of the leaf, where one is concerned
  std::string what;                    // never a value
};

inline constexpr std::size_t kMaxProblems = 1000;

struct Report {
  std::string origin;
  Head head;                     // as signed (verify) or as recomputed (fsck)
  std::uint64_t first_leaf = 0;  // the leaves that were there: from first_leaf on
  std::uint64_t leaves_checked = 0;
  std::uint64_t payloads_checked = 0;
  std::uint64_t payloads_absent = 0;  // left out, or outside the exported range
  std::uint64_t payloads_disposed = 0;
  std::vector<Problem> problems;  // the first kMaxProblems of them

  bool Clean() const { return problems.empty(); }
  void Add(Problem problem) {
    if (problems.size() < kMaxProblems) problems.push_back(std::move(problem));
  }
};

}  // namespace milecastle::audit
