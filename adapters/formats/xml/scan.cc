#include "detail/scan.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/utf8.h"

namespace milecastle::xml {
namespace {

using base::Error;
using base::ErrorId;

constexpr std::string_view kBlank = " \t\r\n";

bool IsNameStart(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
         byte == ':' || byte >= 0x80;
}
bool IsNameCharacter(char c) {
  return IsNameStart(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

// XML 1.0 production 2.
bool IsAllowed(std::uint32_t c) {
  if (c < 0x20) return c == '\t' || c == '\n' || c == '\r';
  return c < 0xD800 || (c >= 0xE000 && c != 0xFFFE && c != 0xFFFF && c <= 0x10FFFF);
}

// The first byte of what is no character of XML; npos where all are.
std::size_t FindForbidden(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80) {
      if (!IsAllowed(byte)) return i;
      ++i;
      continue;
    }
    const std::size_t length = base::Utf8Length(text.substr(i));
    const std::string_view sequence = text.substr(i, length);
    if (length == 0 || sequence == "\xEF\xBF\xBE" || sequence == "\xEF\xBF\xBF") return i;
    i += length;
  }
  return std::string_view::npos;
}

class Scanner {
 public:
  Scanner(std::string_view text, const Limits& limits) : text_(text), limits_(limits) {}

  base::Result<Scan> Run() {
    if (!Declaration()) return std::move(*error_);
    while (at_ < text_.size()) {
      if (!Step()) return std::move(*error_);
    }
    if (!open_.empty() || found_.elements.empty()) {
      Fail("the document ends before its root element does; send it whole");
      return std::move(*error_);
    }
    return std::move(found_);
  }

 private:
  bool Fail(std::string advice, ErrorId id = ErrorId::kMessageUnparseable) {
    error_ = Error{id, PlaceAt(text_, at_), std::move(advice)};
    return false;
  }
  bool TooMuch(std::string_view what, std::size_t limit) {
    return Fail("more than " + std::to_string(limit) + " " + std::string(what),
                ErrorId::kMessageTooLarge);
  }
  bool Starts(std::string_view with) const { return text_.substr(at_).starts_with(with); }
  void SkipBlank() { at_ = std::min(text_.find_first_not_of(kBlank, at_), text_.size()); }

  bool Declaration();
  bool Step();
  bool Text();
  bool Comment();
  bool CharacterData();
  bool Instruction();
  bool StartTag();
  bool EndTag();
  bool Attributes();
  bool Attribute();
  bool References(std::size_t begin, std::size_t end);
  bool Reference(std::string_view name);
  std::optional<std::string_view> Name();
  bool Count();

  std::string_view text_;
  const Limits& limits_;
  std::size_t at_ = 0;
  std::vector<std::size_t> open_;  // indices into found_.elements
  std::size_t counted_ = 0;
  Scan found_;
  std::optional<Error> error_;
};

bool Scanner::Declaration() {
  if (text_.size() > limits_.bytes) return TooMuch("bytes", limits_.bytes);
  const std::size_t forbidden = FindForbidden(text_);
  if (forbidden != std::string_view::npos) {
    at_ = forbidden;
    return Fail("a byte that is no UTF-8, or a character that XML does not allow");
  }
  if (!Starts("<?xml") || text_.size() < 6 || kBlank.find(text_[5]) == std::string_view::npos) {
    return true;
  }
  const std::size_t end = text_.find("?>");
  if (end == std::string_view::npos) return Fail("an XML declaration without its end");
  const std::string_view inside = text_.substr(5, end - 5);
  if (inside.find("version=\"1.0\"") == std::string_view::npos &&
      inside.find("version='1.0'") == std::string_view::npos) {
    return Fail("only XML 1.0 is read");
  }
  at_ = end + 2;
  return true;
}

bool Scanner::Step() {
  if (text_[at_] != '<') return Text();
  if (Starts("<!--")) return Comment();
  if (Starts("<![CDATA[")) return CharacterData();
  if (Starts("<?")) return Instruction();
  if (Starts("<!")) {
    return Fail("document types and entity declarations are refused; send the document without");
  }
  return Starts("</") ? EndTag() : StartTag();
}

bool Scanner::Count() {
  return ++counted_ <= limits_.elements || TooMuch("elements and comments", limits_.elements);
}

bool Scanner::Text() {
  const std::size_t end = std::min(text_.find('<', at_), text_.size());
  const std::string_view text = text_.substr(at_, end - at_);
  if (open_.empty() && text.find_first_not_of(kBlank) != std::string_view::npos) {
    return Fail("text outside of the root element");
  }
  if (text.find("]]>") != std::string_view::npos) return Fail("the end of no CDATA section");
  if (!References(at_, end)) return false;
  at_ = end;
  return true;
}

bool Scanner::Comment() {
  const std::size_t end = text_.find("--", at_ + 4);
  if (end == std::string_view::npos || text_.substr(end, 3) != "-->") {
    return Fail("a comment without its end, or with -- inside");
  }
  at_ = end + 3;
  return Count();
}

bool Scanner::CharacterData() {
  if (open_.empty()) return Fail("a CDATA section outside of the root element");
  const std::size_t end = text_.find("]]>", at_);
  if (end == std::string_view::npos) return Fail("a CDATA section without its end");
  at_ = end + 3;
  return Count();
}

bool Scanner::Instruction() {
  if (!open_.empty()) {
    return Fail("processing instructions inside of the document are refused; send it without");
  }
  const std::size_t start = at_;
  at_ += 2;
  const auto target = Name();
  if (!target || *target == "xml") {
    at_ = start;
    return error_ ? false : Fail("an XML declaration that is not at the start, or no target");
  }
  const std::size_t end = text_.find("?>", at_);
  if (end == std::string_view::npos) return Fail("a processing instruction without its end");
  at_ = end + 2;
  ++found_.instructions;
  return Count();
}

std::optional<std::string_view> Scanner::Name() {
  if (at_ >= text_.size() || !IsNameStart(text_[at_])) {
    Fail("a name is missing, or the character < that is not written as &lt;");
    return std::nullopt;
  }
  std::size_t end = at_;
  while (end < text_.size() && IsNameCharacter(text_[end])) ++end;
  if (end - at_ > limits_.name_length) {
    TooMuch("bytes in a name", limits_.name_length);
    return std::nullopt;
  }
  const std::string_view name = text_.substr(at_, end - at_);
  at_ = end;
  return name;
}

bool Scanner::StartTag() {
  if (open_.empty() && !found_.elements.empty()) return Fail("a second root element");
  if (open_.size() >= limits_.depth) return TooMuch("elements within each other", limits_.depth);
  Span span{++at_};
  if (!Count() || !Name() || !Attributes()) return false;
  const bool empty = text_[at_] == '/';
  at_ += empty ? 2 : 1;
  span.inner_begin = span.inner_end = at_;
  if (!empty) open_.push_back(found_.elements.size());
  found_.elements.push_back(span);
  return true;
}

// Up to the start tag's end.
bool Scanner::Attributes() {
  for (std::size_t count = 0;; ++count) {
    const std::size_t before = at_;
    SkipBlank();
    if (Starts("/>") || Starts(">")) return true;
    if (before == at_) return Fail("a start tag without its end");
    if (count >= limits_.attributes)
      return TooMuch("attributes of one element", limits_.attributes);
    if (!Attribute()) return false;
  }
}

bool Scanner::Attribute() {
  if (!Name()) return false;
  SkipBlank();
  if (!Starts("=")) return Fail("an attribute without a value");
  ++at_;
  SkipBlank();
  if (!Starts("\"") && !Starts("'")) return Fail("an attribute's value without quotes");
  const std::size_t end = text_.find(text_[at_], at_ + 1);
  if (end == std::string_view::npos) return Fail("an attribute's value without its end");
  if (end - at_ - 1 > limits_.attribute_length) {
    return TooMuch("bytes in an attribute", limits_.attribute_length);
  }
  if (text_.substr(at_, end - at_).find('<') != std::string_view::npos) {
    return Fail("an attribute's value with the character <; write it as &lt;");
  }
  if (!References(at_, end)) return false;
  at_ = end + 1;
  return true;
}

bool Scanner::EndTag() {
  if (open_.empty()) return Fail("an end tag without its start");
  Span& span = found_.elements[open_.back()];
  const std::size_t start = at_;
  at_ += 2;
  const auto name = Name();
  if (!name) return false;
  const char after = text_[span.name + name->size()];
  if (text_.substr(span.name, name->size()) != *name || IsNameCharacter(after)) {
    at_ = start;
    return Fail("an end tag of another element than the one that is open");
  }
  SkipBlank();
  if (!Starts(">")) return Fail("an end tag without its end");
  ++at_;
  span.inner_end = start;
  open_.pop_back();
  return true;
}

bool Scanner::References(std::size_t begin, std::size_t end) {
  const std::string_view text = text_.substr(0, end);
  for (std::size_t i = text.find('&', begin); i != std::string_view::npos;
       i = text.find('&', i + 1)) {
    const std::size_t semicolon = text.substr(0, i + 16).find(';', i);
    if (semicolon == std::string_view::npos || !Reference(text.substr(i + 1, semicolon - i - 1))) {
      at_ = i;
      return Fail(
          "an entity that is none of XML's own five, or the character & that is not "
          "written as &amp;");
    }
  }
  return true;
}

bool Scanner::Reference(std::string_view name) {
  constexpr auto kOwn = std::to_array<std::string_view>({"amp", "lt", "gt", "quot", "apos"});
  if (!name.starts_with("#")) return std::find(kOwn.begin(), kOwn.end(), name) != kOwn.end();
  name.remove_prefix(1);
  const int base = name.starts_with("x") ? 16 : 10;
  if (base == 16) name.remove_prefix(1);
  std::uint32_t c = 0;
  const auto read = std::from_chars(name.data(), name.data() + name.size(), c, base);
  return read.ec == std::errc() && read.ptr == name.data() + name.size() && !name.empty() &&
         c != 0 && IsAllowed(c);
}

}  // namespace

base::Result<Scan> ScanText(std::string_view text, const Limits& limits) {
  return Scanner(text, limits).Run();
}

std::string PlaceAt(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 = 0
  const auto columns = std::count_if(before.begin() + static_cast<std::ptrdiff_t>(line_start),
                                     before.end(), [](char c) { return (c & 0xC0) != 0x80; });
  return "line " + std::to_string(lines + 1) + ", column " + std::to_string(columns + 1);
}

}  // namespace milecastle::xml
