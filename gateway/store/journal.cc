#include "store/journal.h"

#include <algorithm>

namespace milecastle::store {

std::size_t GravestOf(std::span<const std::string_view> dispositions) {
  for (const std::string_view grave : {"quarantined", "awaiting_identity", "accepted"}) {
    const auto found = std::find(dispositions.begin(), dispositions.end(), grave);
    if (found != dispositions.end()) {
      return static_cast<std::size_t>(found - dispositions.begin());
    }
  }
  return 0;
}

bool IsOpen(const JournalRow& row) {
  return !row.done && (row.disposition == "rejected" || row.disposition == "quarantined");
}

std::optional<std::string> DispositionOf(const JournalRow& row, std::uint32_t patient) {
  if (patient > row.patients.size() || (patient == 0 && !row.patients.empty())) return std::nullopt;
  return patient == 0 ? row.disposition : row.patients[patient - 1].disposition;
}

}  // namespace milecastle::store
