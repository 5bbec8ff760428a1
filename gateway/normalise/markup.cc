#include "inside/markup.h"

#include <unicode/uchar.h>
#include <unicode/utf16.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

#include "base/text.h"
#include "inside/encodings.h"

namespace milecastle::normalise {
namespace {

constexpr std::size_t kLongestName = 32;
constexpr auto kNone = std::string_view::npos;

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

template <std::size_t N>
bool IsOneOf(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Of HTML and of CDA's narrative.
constexpr auto kWithinALine = std::to_array<std::string_view>(
    {"a",    "abbr", "acronym", "b",    "bdi",   "bdo",  "big",     "cite",    "code",
     "data", "del",  "dfn",     "em",   "font",  "i",    "ins",     "kbd",     "mark",
     "nobr", "q",    "s",       "samp", "small", "span", "strike",  "strong",  "sub",
     "sup",  "time", "tt",      "u",    "var",   "wbr",  "content", "linkhtml"});
constexpr auto kOwnLine =
    std::to_array<std::string_view>({"p",        "div",        "br",
                                     "td",       "th",         "tr",
                                     "table",    "thead",      "tbody",
                                     "tfoot",    "caption",    "li",
                                     "ul",       "ol",         "dl",
                                     "dt",       "dd",         "h1",
                                     "h2",       "h3",         "h4",
                                     "h5",       "h6",         "hr",
                                     "pre",      "body",       "head",
                                     "html",     "title",      "section",
                                     "article",  "header",     "footer",
                                     "nav",      "aside",      "main",
                                     "form",     "option",     "select",
                                     "fieldset", "address",    "list",
                                     "item",     "paragraph",  "text",
                                     "img",      "blockquote", "tab",
                                     "text:s",   "text:tab",   "text:line-break"});
constexpr auto kForMachines = std::to_array<std::string_view>({"script", "style"});

// Words of entities; those of letters with accents are not among them.
constexpr auto kEntities =
    std::to_array<std::pair<std::string_view, std::string_view>>({{"amp", "&"},
                                                                  {"lt", "<"},
                                                                  {"gt", ">"},
                                                                  {"quot", "\""},
                                                                  {"apos", "'"},
                                                                  {"nbsp", " "},
                                                                  {"shy", ""},
                                                                  {"zwj", ""},
                                                                  {"zwnj", ""},
                                                                  {"lrm", ""},
                                                                  {"rlm", ""},
                                                                  {"NoBreak", ""},
                                                                  {"ZeroWidthSpace", ""},
                                                                  {"InvisibleComma", ""},
                                                                  {"InvisibleTimes", ""},
                                                                  {"ApplyFunction", ""},
                                                                  {"aelig", "ae"},
                                                                  {"AElig", "AE"},
                                                                  {"oelig", "oe"},
                                                                  {"OElig", "OE"},
                                                                  {"szlig", "ss"},
                                                                  {"eth", "d"},
                                                                  {"ETH", "D"},
                                                                  {"filig", "fi"},
                                                                  {"fllig", "fl"},
                                                                  {"fflig", "ff"},
                                                                  {"ffilig", "ffi"},
                                                                  {"ffllig", "ffl"}});
constexpr std::size_t kWithoutEnd = 7;  // of these, how many browsers read without a semicolon
constexpr auto kAccents = std::to_array<std::string_view>(
    {"acute", "grave", "circ", "tilde", "uml", "ring", "cedil", "caron", "slash", "strok", "macr",
     "breve", "ogon", "dblac", "dot"});

// The letter of `eacute`, whose accent would be folded away, and how long the word is.
std::optional<std::size_t> LengthOfAccented(std::string_view text) {
  if (text.empty() || !IsLetter(text[0])) return std::nullopt;
  for (const std::string_view accent : kAccents) {
    if (text.substr(1).starts_with(accent)) return 1 + accent.size();
  }
  return std::nullopt;
}

// Of a name that ends with a semicolon, or that browsers read without one.
const std::pair<std::string_view, std::string_view>* EntityOf(std::string_view text,
                                                              std::size_t size, bool ends) {
  const auto* const end = kEntities.begin() + (ends ? kEntities.size() : kWithoutEnd);
  const auto* const found = std::find_if(kEntities.begin(), end, [&](const auto& entity) {
    return ends ? text.substr(0, size) == entity.first : text.starts_with(entity.first);
  });
  return found == end ? nullptr : found;
}

// What a number stands for in a page; a blank where that is no character.
UChar32 CharacterOf(UChar32 number) {
  if (number >= 0x80 && number < 0xA0) return OfWindows1252(static_cast<unsigned char>(number));
  const bool is_none = number == 0 || number > 0x10FFFF || U_IS_SURROGATE(number);
  return is_none ? UChar32{' '} : number;
}

class Reader {
 public:
  Reader(std::string_view page, UnknownTags unknown) : page_(page), unknown_(unknown) {
    out_.text.reserve(page.size());
  }

  MarkupText Read() {
    while (at_ < page_.size()) {
      const char c = page_[at_];
      if (c == '<' && ReadTag()) continue;
      if (c == '&') {
        ReadEntity();
      } else {
        out_.text += c;
        ++at_;
      }
    }
    return std::move(out_);
  }

 private:
  std::string_view Rest() const { return page_.substr(at_); }

  // False: it is a sign.
  bool ReadTag() {
    if (Rest().starts_with("<!--")) return SkipRemark();
    if (Rest().starts_with("<![CDATA[")) return TakeCharacters();
    const char next = at_ + 1 < page_.size() ? page_[at_ + 1] : ' ';
    if (next == '!' || next == '?') return SkipTo(NextSign());
    if (next != '/' && !IsLetter(next)) return false;
    return ReadElement(next == '/');
  }

  // Where nothing ends it, it is looked for no more.
  bool SkipTo(std::size_t end) {
    if (end == kNone) return false;
    at_ = end + 1;
    return true;
  }

  bool SkipRemark() {
    if (!remarks_end_) return false;
    // `<!-->` is one.
    for (std::size_t at = page_.find("--", at_ + 2); at != kNone; at = page_.find("--", at + 1)) {
      const std::string_view end = page_.substr(at + 2, 2);
      if (end.starts_with('>')) return SkipTo(at + 2);
      if (end == "!>") return SkipTo(at + 3);
    }
    return remarks_end_ = false;
  }

  // CDATA: characters that stand for themselves.
  bool TakeCharacters() {
    constexpr std::string_view kEnd = "]]>";
    const std::size_t end = characters_end_ ? page_.find(kEnd, at_) : kNone;
    if (end == kNone) return characters_end_ = false;
    const std::size_t from = at_ + std::string_view("<![CDATA[").size();
    out_.text += page_.substr(from, end - from);
    at_ = end + kEnd.size();
    return true;
  }

  bool ReadElement(bool closes) {
    const std::size_t end = EndOfTag();
    if (end == kNone) return false;
    const std::string name = NameOf(page_.substr(at_ + (closes ? 2 : 1), kLongestName));
    const bool is_empty = page_[end - 1] == '/';
    at_ = end + 1;
    const auto* const machines = std::find(kForMachines.begin(), kForMachines.end(), name);
    if (machines != kForMachines.end() && !closes && !is_empty) {
      SkipContent(static_cast<std::size_t>(machines - kForMachines.begin()));
      return true;
    }
    if (Parts(name)) out_.text += ' ';
    return true;
  }

  // A quoted value may hold a `>`. Once a tag did not end for its quotes, none counts any more.
  std::size_t EndOfTag() {
    bool is_value = false;
    for (std::size_t i = at_ + 1; quotes_count_ && i < page_.size(); ++i) {
      const char c = page_[i];
      if (c == '>') return i;
      if ((c == '"' || c == '\'') && is_value) {
        i = page_.find(c, i + 1);
        if (i == kNone) break;
      }
      if (!IsSpace(c)) is_value = c == '=';
    }
    quotes_count_ = false;
    return NextSign();
  }
  std::size_t NextSign() {
    const std::size_t end = tags_end_ ? page_.find('>', at_) : kNone;
    tags_end_ = end != kNone;
    return end;
  }

  // In lower case; without its namespace, but for those that kOwnLine names.
  static std::string NameOf(std::string_view text) {
    std::string name;
    for (const char c : text) {
      if (!IsLetter(c) && !IsDigit(c) && c != ':' && c != '-' && c != '_' && c != '.') break;
      name += base::Lower(c);
    }
    const std::size_t prefix = name.rfind(':');
    return prefix == kNone || IsOneOf(kOwnLine, name) ? name : name.substr(prefix + 1);
  }

  bool Parts(std::string_view name) {
    if (IsOneOf(kWithinALine, name)) return false;
    if (IsOneOf(kOwnLine, name) || IsOneOf(kForMachines, name)) return true;
    out_.has_unknown_tags = true;
    return unknown_ == UnknownTags::kPart;
  }

  void SkipContent(std::size_t machines) {
    const std::string_view name = kForMachines.at(machines);
    std::size_t end = content_ends_.at(machines) ? page_.find("</", at_) : kNone;
    while (end != kNone && !IsNamed(page_.substr(end + 2), name)) end = page_.find("</", end + 2);
    content_ends_.at(machines) = end != kNone;
    if (end != kNone) at_ = end;
  }
  static bool IsNamed(std::string_view text, std::string_view name) {
    const std::string_view head = text.substr(0, name.size());
    return head.size() == name.size() &&
           std::equal(head.begin(), head.end(), name.begin(),
                      [](char left, char right) { return base::Lower(left) == right; });
  }

  void ReadEntity() {
    const std::string_view rest = page_.substr(at_ + 1);
    const std::size_t read = rest.starts_with('#') ? ReadNumbered(rest) : ReadNamed(rest);
    if (read == 0) out_.text += ' ';
    at_ += 1 + read;
  }

  // `#115;`, `#x73;`, with any zeros before and without its end; the number of bytes, 0: none.
  std::size_t ReadNumbered(std::string_view text) {
    const bool hex = text.size() > 1 && (text[1] == 'x' || text[1] == 'X');
    const std::int32_t base = hex ? 16 : 10;
    const std::size_t from = hex ? 2 : 1;
    std::size_t at = from;
    UChar32 c = 0;
    for (; at < text.size(); ++at) {
      const std::int32_t digit = u_digit(static_cast<unsigned char>(text[at]), base);
      if (digit < 0) break;
      c = std::min<UChar32>(c * base + digit, 0x110000);
    }
    if (at == from) return 0;
    AppendUtf8(CharacterOf(c), out_.text);
    return at < text.size() && text[at] == ';' ? at + 1 : at;
  }

  std::size_t ReadNamed(std::string_view text) {
    std::size_t size = 0;
    while (size < text.size() && size < kLongestName &&
           (IsLetter(text[size]) || IsDigit(text[size])))
      ++size;
    const bool ends = size > 0 && size < text.size() && text[size] == ';';
    if (const auto* const entity = EntityOf(text, size, ends)) {
      out_.text += entity->second;
      return ends ? size + 1 : entity->first.size();
    }
    if (const auto accented = LengthOfAccented(text)) {
      out_.text += text[0];
      return *accented + (text.substr(*accented).starts_with(';') ? 1 : 0);
    }
    if (!ends) return 0;
    out_.text += ' ';
    return size + 1;
  }

  std::string_view page_;
  UnknownTags unknown_;
  std::size_t at_ = 0;
  MarkupText out_;
  // What nothing ends any more is not looked for again.
  bool remarks_end_ = true;
  bool characters_end_ = true;
  bool tags_end_ = true;
  bool quotes_count_ = true;
  std::array<bool, kForMachines.size()> content_ends_ = {true, true};
};

}  // namespace

MarkupText TextOfMarkup(std::string_view page, UnknownTags unknown) {
  return Reader(page, unknown).Read();
}

bool MayBeMarkup(std::string_view text) { return text.find_first_of("<&") != kNone; }

}  // namespace milecastle::normalise
