#include "hl7v2/escape.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/crypto.h"

namespace milecastle::hl7v2 {
namespace {

constexpr int kMostLines = 5;  // what a text may grow to is bounded
constexpr int kMostSpaces = 40;

int Count(std::string_view digits, int most) {
  int count = 1;
  if (!digits.empty() && digits.front() == '+') digits.remove_prefix(1);
  std::from_chars(digits.data(), digits.data() + digits.size(), count);
  return std::clamp(count, 1, most);
}

// Formatting commands (section 2.7.6).
std::optional<std::string> Formatting(std::string_view command) {
  const std::string_view name = command.substr(0, 3);
  const std::string_view rest = command.substr(std::min<std::size_t>(3, command.size()));
  if (name == ".br" || name == ".ce") return "\n";
  if (name == ".sp") return std::string(static_cast<std::size_t>(Count(rest, kMostLines)), '\n');
  if (name == ".sk") return std::string(static_cast<std::size_t>(Count(rest, kMostSpaces)), ' ');
  if (name == ".in" || name == ".ti" || name == ".fi" || name == ".nf") return "";
  return std::nullopt;
}

std::optional<std::string> One(char c) {
  return c == '\0' ? std::nullopt : std::optional<std::string>(std::string(1, c));
}

// What stands between two escape characters.
std::optional<std::string> Meaning(std::string_view code, const Delimiters& delimiters,
                                   const Charset& charset) {
  if (code.empty()) return std::nullopt;
  if (code.front() == 'X' && code.size() > 1) {
    const auto bytes = base::FromHex(code.substr(1));
    return bytes ? ToUtf8(*bytes, charset) : std::nullopt;
  }
  if (code.front() == '.') return Formatting(code);
  if (code.size() != 1) return std::nullopt;
  switch (code.front()) {
    case 'F':
      return One(delimiters.field);
    case 'S':
      return One(delimiters.component);
    case 'T':
      return One(delimiters.subcomponent);
    case 'R':
      return One(delimiters.repetition);
    case 'E':
      return One(delimiters.escape);
    case 'P':
      return One(delimiters.truncation);
    case 'H':
    case 'N':
      return "";
    default:
      return std::nullopt;
  }
}

void AppendHex(std::string& out, char c, char escape) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  out += {escape, 'X', kDigits[byte >> 4U], kDigits[byte & 0xFU], escape};
}

char CodeOf(char c, const Delimiters& delimiters) {
  if (c == '\0') return '\0';
  if (c == delimiters.escape) return 'E';
  if (c == delimiters.field) return 'F';
  if (c == delimiters.component) return 'S';
  if (c == delimiters.subcomponent) return 'T';
  if (c == delimiters.repetition) return 'R';
  if (c == delimiters.truncation) return 'P';
  return '\0';
}

}  // namespace

std::string Unescape(std::string_view raw, const Delimiters& delimiters, const Charset& charset,
                     bool* understood) {
  const char escape = delimiters.escape;
  std::size_t next = escape == '\0' ? std::string_view::npos : raw.find(escape);
  if (next == std::string_view::npos) return std::string(raw);
  std::string out;
  std::size_t done = 0;
  while (next != std::string_view::npos) {
    out.append(raw, done, next - done);
    done = next;
    const std::size_t close = raw.find(escape, next + 1);
    if (close == std::string_view::npos) break;
    const auto meaning = Meaning(raw.substr(next + 1, close - next - 1), delimiters, charset);
    if (meaning) {
      out += *meaning;
      done = close + 1;
      next = raw.find(escape, done);
    } else {  // the closing character may open the next escape
      if (understood != nullptr) *understood = false;
      out.append(raw, done, close - done);
      done = next = close;
    }
  }
  if (next != std::string_view::npos && understood != nullptr) *understood = false;
  out.append(raw, done);
  return out;
}

std::string Escape(std::string_view text, const Delimiters& delimiters) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const char code = CodeOf(c, delimiters);
    const bool control = static_cast<unsigned char>(c) < 0x20;
    if (code == '\0' && !control) {
      out += c;
    } else if (delimiters.escape == '\0') {
      out += ' ';
    } else if (code != '\0') {
      out += {delimiters.escape, code, delimiters.escape};
    } else {
      AppendHex(out, c, delimiters.escape);
    }
  }
  return out;
}

}  // namespace milecastle::hl7v2
