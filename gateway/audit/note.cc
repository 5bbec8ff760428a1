#include "audit/note.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "audit/bytes.h"
#include "base/crypto.h"

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

// RFC 3629, section 4: the first byte says how many follow and where the second may lie, which
// keeps out overlong forms, surrogates and what is above U+10FFFF.
struct Utf8Form {
  unsigned char first_from;
  unsigned char first_to;
  std::size_t length;
  unsigned char second_from;
  unsigned char second_to;
};
constexpr std::array kUtf8Forms = {
    Utf8Form{0x00, 0x7F, 1, 0x00, 0x00}, Utf8Form{0xC2, 0xDF, 2, 0x80, 0xBF},
    Utf8Form{0xE0, 0xE0, 3, 0xA0, 0xBF}, Utf8Form{0xE1, 0xEC, 3, 0x80, 0xBF},
    Utf8Form{0xED, 0xED, 3, 0x80, 0x9F}, Utf8Form{0xEE, 0xEF, 3, 0x80, 0xBF},
    Utf8Form{0xF0, 0xF0, 4, 0x90, 0xBF}, Utf8Form{0xF1, 0xF3, 4, 0x80, 0xBF},
    Utf8Form{0xF4, 0xF4, 4, 0x80, 0x8F},
};

bool IsBetween(char c, unsigned char from, unsigned char to) {
  const auto byte = static_cast<unsigned char>(c);
  return from <= byte && byte <= to;
}

bool Begins(std::string_view text, const Utf8Form& form) {
  if (!IsBetween(text[0], form.first_from, form.first_to) || text.size() < form.length)
    return false;
  if (form.length == 1) return true;
  const std::string_view further = text.substr(2, form.length - 2);
  return IsBetween(text[1], form.second_from, form.second_to) &&
         std::all_of(further.begin(), further.end(),
                     [](char c) { return IsBetween(c, 0x80, 0xBF); });
}

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const auto* const form =
        std::find_if(kUtf8Forms.begin(), kUtf8Forms.end(),
                     [text](const Utf8Form& each) { return Begins(text, each); });
    if (form == kUtf8Forms.end()) return false;
    text.remove_prefix(form->length);
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
