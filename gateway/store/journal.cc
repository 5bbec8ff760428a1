#include "store/journal.h"

#include <algorithm>

namespace milecastle::store {

const JournalPatient& GravestOf(const std::vector<JournalPatient>& patients) {
  for (const std::string_view grave : {"quarantined", "awaiting_identity", "accepted"}) {
    const auto found = std::find_if(
        patients.begin(), patients.end(),
        [grave](const JournalPatient& patient) { return patient.disposition == grave; });
    if (found != patients.end()) return *found;
  }
  return patients.front();
}

std::optional<std::string> DispositionOf(const JournalRow& row, std::uint32_t patient) {
  if (patient > row.patients.size() || (patient == 0 && !row.patients.empty())) return std::nullopt;
  return patient == 0 ? row.disposition : row.patients[patient - 1].disposition;
}

}  // namespace milecastle::store
