#include "audit/note.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "audit/bytes.h"
#include "base/crypto.h"
#include "base/utf8.h"

namespace milecastle::audit {
namespace {

constexpr std::string_view kDash = "\xE2\x80\x94 ";  // em dash, space
constexpr std::size_t kMaxSignatures = 100;
constexpr std::size_t kMaxNoteBytes = std::size_t{1} << 20;

base::Error NotANote(std::string_view advice) {
  return {base::ErrorId::kProofInvalid, "signed note", std::string(advice)};
}

bool HasControlCharacter(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; });
}

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = base::Utf8Length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::optional<NoteSignature> ParseSignature(std::string_view line) {
  if (!line.starts_with(kDash)) return std::nullopt;
  line.remove_prefix(kDash.size());
  const std::size_t space = line.find(' ');
  if (space == line.npos || space == 0 || line.substr(0, space).find('+') != line.npos) {
    return std::nullopt;
  }
  const auto bytes = base::FromBase64(line.substr(space + 1));
  if (!bytes || bytes->size() < 5) return std::nullopt;
  return NoteSignature{std::string(line.substr(0, space)), Reader(*bytes).Get<std::uint32_t>(),
                       bytes->substr(4)};
}

}  // namespace

base::Result<std::string> SignNote(std::string_view text, const SigningKey& key) {
  if (!text.ends_with('\n') || HasControlCharacter(text) || !IsUtf8(text)) {
    return base::Error{base::ErrorId::kArgumentInvalid, "text of a signed note",
                       "give UTF-8 without control characters that ends in a newline"};
  }
  std::string signature;
  PutInteger(signature, key.verifier().id());
  signature += base::AsBytes(key.Sign(text));
  std::string note(text);
  note += "\n";
  note += kDash;
  note += key.name() + " " + base::ToBase64(signature) + "\n";
  return note;
}

base::Result<Note> ParseNote(std::string_view bytes) {
  if (bytes.size() > kMaxNoteBytes || HasControlCharacter(bytes) || !IsUtf8(bytes)) {
    return NotANote("it is too large, not UTF-8, or holds a control character");
  }
  const std::size_t split = bytes.rfind("\n\n");
  if (split == bytes.npos || !bytes.ends_with('\n')) return NotANote("it has no signature lines");
  Note note;
  note.text = bytes.substr(0, split + 1);
  bytes.remove_prefix(split + 2);
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    auto signature = ParseSignature(bytes.substr(0, end));
    if (!signature || note.signatures.size() == kMaxSignatures) {
      return NotANote("a signature line is malformed, or there are too many");
    }
    note.signatures.push_back(*std::move(signature));
    bytes.remove_prefix(end + 1);
  }
  if (note.signatures.empty()) return NotANote("it has no signature lines");
  return note;
}

base::Result<std::string> VerifyNote(std::string_view bytes, const VerifierKey& key) {
  auto note = ParseNote(bytes);
  if (!note) return note.error();
  bool verified = false;
  for (const NoteSignature& signature : note->signatures) {
    if (signature.name != key.name() || signature.key_id != key.id()) continue;
    if (!key.Verify(note->text, signature.signature)) {
      return NotANote("a signature of the expected key does not verify");
    }
    verified = true;
  }
  if (!verified) return NotANote("it is not signed by the expected key");
  return std::move(note->text);
}

}  // namespace milecastle::audit
