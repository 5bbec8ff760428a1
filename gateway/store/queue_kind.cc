#include <algorithm>
#include <array>
#include <utility>

#include "store/queues.h"

namespace milecastle::store {
namespace {

constexpr std::array<std::pair<QueueKind, std::string_view>, 12> kKinds = {{
    {QueueKind::kAwaitingIdentity, "awaiting_identity"},
    {QueueKind::kMergeReview, "merge_review"},
    {QueueKind::kProtectedIdentity, "protected_identity"},
    {QueueKind::kNullReview, "null_review"},
    {QueueKind::kConflictingDuplicate, "conflicting_duplicate"},
    {QueueKind::kBreakGlassReview, "break_glass_review"},
    {QueueKind::kSelfDeclaredReview, "self_declared_review"},
    {QueueKind::kPatientNotice, "patient_notice"},
    {QueueKind::kChoiceReview, "choice_review"},
    {QueueKind::kUnreadPatient, "unread_patient"},
    {QueueKind::kSeverReview, "sever_review"},
    {QueueKind::kMatchReview, "match_review"},
}};

}  // namespace

std::string_view KeyOf(QueueKind kind) {
  return kKinds.at(static_cast<std::size_t>(kind) - 1).second;
}

std::optional<QueueKind> QueueKindOf(std::string_view key) {
  const auto* const line = std::find_if(kKinds.begin(), kKinds.end(),
                                        [key](const auto& kind) { return kind.second == key; });
  if (line == kKinds.end()) return std::nullopt;
  return line->first;
}

bool NamesProtected(const std::vector<QueueItem>& items_of_message) {
  return std::any_of(items_of_message.begin(), items_of_message.end(), [](const QueueItem& item) {
    return item.kind == QueueKind::kProtectedIdentity;
  });
}

}  // namespace milecastle::store
