#include "inside/readings.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "inside/encodings.h"
#include "inside/markup.h"
#include "inside/rtf.h"
#include "record/media.h"

namespace milecastle::normalise {
namespace {

constexpr auto kNone = std::string_view::npos;
constexpr int kMostWrapped = 3;  // markup whose text is markup: a page in an XML document

void EachReadingOfMarkup(std::string_view page, const ReadingTaker& take) {
  std::string held;
  for (int wrapped = 0; wrapped < kMostWrapped && MayBeMarkup(page); ++wrapped) {
    MarkupText shown = TextOfMarkup(page, UnknownTags::kPart);
    take(shown.text);
    if (shown.has_unknown_tags) take(TextOfMarkup(page, UnknownTags::kJoin).text);
    if (shown.text == page) return;
    held = std::move(shown.text);
    page = held;
  }
}

// True: it is RTF from one end to the other, and nothing else is to be read in it.
bool EachReadingOfRtf(std::string_view rtf, const ReadingTaker& take) {
  const RtfText text = TextOfRtf(rtf, LineEnds::kNothing);
  take(text.shown);
  take(text.beside);
  take(TextOfRtf(rtf, LineEnds::kBlanks).shown);
  return text.whole;
}

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool IsSmallLetter(char c) { return c >= 'a' && c <= 'z'; }

// Of a hyphen at a line's end, where the next line goes on with a small letter: that letter's
// place; 0: it is none.
std::size_t EndOfHyphen(std::string_view text, std::size_t at) {
  std::size_t next = at + 1;
  bool is_line_end = false;
  for (; next < text.size() && IsBlank(text[next]); ++next) {
    is_line_end = is_line_end || text[next] == '\n' || text[next] == '\r';
  }
  const bool is_one = is_line_end && at > 0 && IsSmallLetter(text[at - 1]) && next < text.size() &&
                      IsSmallLetter(text[next]);
  return is_one ? next : 0;
}

// With the words whole that were cut at the end of a line; nothing where there are none.
std::optional<std::string> WithoutHyphens(std::string_view text) {
  std::optional<std::string> whole;
  std::size_t done = 0;
  for (std::size_t at = text.find('-'); at != kNone; at = text.find('-', at + 1)) {
    const std::size_t next = EndOfHyphen(text, at);
    if (next == 0) continue;
    if (!whole) whole.emplace();
    whole->append(text, done, at - done);
    done = next;
  }
  if (whole) whole->append(text, done);
  return whole;
}

// The character of the four digits behind `\u`, as many as there are; a blank: it is none alone.
UChar32 EscapedInJson(std::string_view json, std::size_t& at) {
  UChar32 c = 0;
  std::size_t digits = 0;
  for (; digits < 4 && at + 1 < json.size(); ++digits) {
    const std::int32_t digit = u_digit(static_cast<unsigned char>(json[at + 1]), 16);
    if (digit < 0) break;
    c = c * 16 + digit;
    ++at;
  }
  return digits < 4 || c == 0 || U_IS_SURROGATE(c) ? UChar32{' '} : c;
}

// JSON's strings as they are meant (RFC 8259 section 7), the rest as it stands.
std::string WithoutJsonEscapes(std::string_view json) {
  std::string text;
  text.reserve(json.size());
  for (std::size_t at = 0; at < json.size(); ++at) {
    if (json[at] != '\\' || at + 1 == json.size()) {
      text += json[at];
      continue;
    }
    const char escaped = json[++at];
    if (escaped == 'u') {
      AppendUtf8(EscapedInJson(json, at), text);
    } else {
      text += std::string_view("nrtbf").find(escaped) == kNone ? escaped : ' ';
    }
  }
  return text;
}

bool LooksLikeText(std::string_view text) {
  const std::string_view head = text.substr(0, 1024);
  return std::none_of(head.begin(), head.end(), [](char c) { return c >= 0 && c < '\t'; });
}

bool Has(std::string_view type, std::string_view part) { return type.find(part) != kNone; }

// Where its type says neither, by its bytes: a page that is called a word processor's file is one
// still, and what can run was given the type of no text (record/media.h).
bool IsText(std::string_view type, std::string_view bytes, std::string_view text) {
  if (bytes.starts_with("PK\x03\x04") || bytes.starts_with("%PDF-")) return false;
  if (type.empty() || type.starts_with("text/")) return true;
  for (const std::string_view part : {"html", "xml", "rtf", "json", "sgml"}) {
    if (Has(type, part)) return true;
  }
  for (const std::string_view part : {"image/", "audio/", "video/", "application/pdf"}) {
    if (type.starts_with(part)) return false;
  }
  return LooksLikeText(text);
}

}  // namespace

void EachReading(std::string_view text, const ReadingTaker& take) {
  if (text.empty()) return;
  take(text);
  if (const auto whole = WithoutHyphens(text)) take(*whole);
  EachReadingOfMarkup(text, take);
  if (const std::size_t rtf = text.find(kRtfBegins); rtf != kNone) {
    EachReadingOfRtf(text.substr(rtf), take);
  }
}

void EachReadingOf(const record::Document& document, const ReadingTaker& take) {
  const std::string type = record::PlainMediaType(document.media_type);
  const std::string text = Utf8Of(document.bytes);
  if (!IsText(type, document.bytes, text)) return;
  const std::size_t first = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  if (std::string_view(text).substr(first).starts_with(kRtfBegins)) {
    if (!EachReadingOfRtf(text, take)) take(text);
    return;
  }
  EachReading(text, take);
  if (Has(type, "json") || (first < text.size() && (text[first] == '{' || text[first] == '['))) {
    EachReading(WithoutJsonEscapes(text), take);
  }
}

}  // namespace milecastle::normalise
