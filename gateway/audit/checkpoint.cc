#include "audit/checkpoint.h"

#include <charconv>
#include <cstring>
#include <optional>

#include "audit/note.h"
#include "base/crypto.h"

namespace milecastle::audit {
namespace {

// ASCII decimal without leading zeros, or "0".
std::optional<std::uint64_t> ParseSize(std::string_view text) {
  std::uint64_t size = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (!whole || std::to_string(size) != text) return std::nullopt;
  return size;
}

}  // namespace

std::string CheckpointText(std::string_view origin, const Head& head) {
  return std::string(origin) + "\n" + std::to_string(head.size) + "\n" +
         base::ToBase64(base::AsBytes(head.root)) + "\n";
}

base::Result<std::string> SignCheckpoint(const Head& head, const SigningKey& key) {
  return SignNote(CheckpointText(key.name(), head), key);
}

base::Result<Head> VerifyCheckpoint(std::string_view note, const VerifierKey& key) {
  const auto text = VerifyNote(note, key);
  if (!text) return text.error();
  const base::Error wrong{base::ErrorId::kProofInvalid, "checkpoint",
                          "its three lines are not the log's origin, a size and a root"};
  const std::size_t first = text->find('\n');
  const std::size_t second = text->find('\n', first + 1);
  if (second == text->npos) return wrong;
  const auto size = ParseSize(std::string_view(*text).substr(first + 1, second - first - 1));
  const auto root =
      base::FromBase64(std::string_view(*text).substr(second + 1, text->size() - second - 2));
  if (!size || !root || root->size() != sizeof(base::Digest)) return wrong;
  Head head{*size, {}};
  std::memcpy(head.root.data(), root->data(), head.root.size());
  // Written again it must be the same: no other origin, no extension line, no second form.
  if (CheckpointText(key.name(), head) != *text) return wrong;
  if (head.size == 0 && head.root != EmptyRoot()) return wrong;
  return head;
}

}  // namespace milecastle::audit
