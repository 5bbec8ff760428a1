// Tables of terminology releases that an operator has by licence (TRUD): which codes a reference
// set holds, and which old codes mean a code of SNOMED CT. None is shipped.
//
//   reference sets  RF2 snapshots, tab-separated: `id effectiveTime active moduleId refsetId
//                   referencedComponentId` and more columns. Active members of the one that is
//                   named are taken, and one without any is refused: an empty set protects nobody.
//   code maps       tab-separated. Read v2 (`rcsctmap2`): ReadCode, TermCode, ConceptId, MapStatus.
//                   CTV3 (`ctv3sctmap2`): CTV3_CONCEPTID, SCT_CONCEPTID, MAPSTATUS. Rows whose
//                   status is 1 are taken, assured or not: a label too many withholds, one too few
//                   tells.
// A map serves labels alone: an old code that means a labelled one bears its label. It translates
// nothing that is shown.
//
// Thread-safety: functions without state. Failure: kConfigUnreadable, or kConfigInvalid at
// "file:line" for the first row that is wrong.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "normalise/code_set.h"

namespace milecastle::normalise {

struct ReferenceSet {
  std::filesystem::path file;
  std::string id;  // "999004381000000103"
  std::string label;
};
base::Result<std::vector<CodeLabel>> LoadReferenceSet(const ReferenceSet& from);
base::Result<std::vector<CodeLabel>> ParseReferenceSet(std::string_view tsv,
                                                       const ReferenceSet& from);

enum class OldSystem : std::uint8_t { kReadV2 = 1, kCtv3 };
struct CodeMap {
  std::filesystem::path file;
  OldSystem system = OldSystem::kReadV2;
};
// Adds the old codes that mean one of these labelled codes of SNOMED CT.
base::Result<void> AddMapped(const CodeMap& from, std::vector<CodeLabel>& labels);
base::Result<void> AddMapped(std::string_view tsv, const CodeMap& from,
                             std::vector<CodeLabel>& labels);

}  // namespace milecastle::normalise
