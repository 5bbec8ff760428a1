#include "inside/rtf.h"

#include <unicode/uchar.h>
#include <unicode/utf16.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>
#include <vector>

#include "inside/encodings.h"

namespace milecastle::normalise {
namespace {

constexpr std::size_t kDeepest = 4096;    // groups; in deeper ones all is text
constexpr std::size_t kLongestWord = 32;  // letters of a control word (section "Syntax")
constexpr std::int64_t kMostFallback = 16;
constexpr std::int64_t kLargest = 1'000'000'000;  // parameter

constexpr auto kBlanks = std::to_array<std::string_view>(
    {"par",     "line",      "tab",       "cell",     "row",     "sect",     "page",
     "column",  "nestcell",  "nestrow",   "softpage", "softcol", "softline", "trowd",
     "emspace", "enspace",   "qmspace",   "emdash",   "endash",  "bullet",   "lquote",
     "rquote",  "ldblquote", "rdblquote", "lbr"});
constexpr auto kBeside = std::to_array<std::string_view>(
    {"info",     "header",  "headerl",  "headerr",      "headerf",    "footer",   "footerl",
     "footerr",  "footerf", "footnote", "annotation",   "xe",         "tc",       "tcn",
     "fldinst",  "sn",      "sv",       "nonesttables", "nonshppict", "txe",      "rxe",
     "title",    "subject", "author",   "manager",      "company",    "operator", "category",
     "keywords", "comment", "doccomm",  "hlinkbase",    "template"});
constexpr auto kDropped = std::to_array<std::string_view>(
    {"fonttbl", "colortbl", "stylesheet", "listtable", "listoverridetable", "pict", "objdata",
     "themedata", "colorschememapping", "datastore", "latentstyles", "generator", "rsidtbl",
     "xmlnstbl", "datafield", "filetbl", "blipuid", "panose", "fontemb"});

template <std::size_t N>
bool IsOneOf(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

class Reader {
 public:
  Reader(std::string_view text, LineEnds line_ends) : text_(text), line_ends_(line_ends) {
    streams_.front().reserve(text.size() / 2);
  }

  RtfText Read() {
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c == '{') {
        Open();
      } else if (c == '}') {
        Close();
      } else if (c == '\\') {
        Control();
      } else if (c != '\r' && c != '\n') {
        Put(c);
      } else if (line_ends_ == LineEnds::kBlanks) {
        Part();
      }
    }
    const bool whole = groups_.empty() && too_deep_ == 0 && !closes_too_often_;
    for (; streams_.size() > 1; streams_.pop_back()) Keep(streams_.back());
    Keep(hidden_);
    return {.shown = std::move(streams_.front()), .beside = std::move(beside_), .whole = whole};
  }

 private:
  struct Group {
    bool hidden = false;        // \v
    bool dropped = false;       // nobody's words
    bool is_beside = false;     // its text is a stream of its own
    std::uint8_t fallback = 1;  // \uc: characters behind each \u
  };

  void Open() {
    skip_ = 0;
    begins_ = true;
    if (groups_.size() >= kDeepest) {
      ++too_deep_;
      return;
    }
    groups_.push_back(now_);
    now_.is_beside = false;
  }

  void Close() {
    skip_ = 0;
    begins_ = starred_ = false;
    if (too_deep_ > 0) {
      --too_deep_;
    } else if (groups_.empty()) {
      closes_too_often_ = true;
    } else {
      if (now_.is_beside) {
        Keep(streams_.back());
        streams_.pop_back();
      }
      now_ = groups_.back();
      groups_.pop_back();
      if (groups_.empty()) Part();
    }
  }

  // What was read beside the text, apart from what stands beside it elsewhere.
  void Keep(const std::string& stream) {
    beside_ += stream;
    beside_ += ' ';
  }

  void Put(char c) {
    if (skip_ > 0) {
      --skip_;
      return;
    }
    begins_ = false;
    if (!now_.dropped) To() += c;
  }
  void Part() {
    if (!now_.dropped) To() += ' ';
  }
  std::string& To() { return now_.hidden ? hidden_ : streams_.back(); }

  void Control() {
    if (at_ == text_.size()) return;
    if (IsLetter(text_[at_])) return ControlWord();
    const char symbol = text_[at_++];
    if (symbol == '*') {
      starred_ = true;
    } else if (symbol == '\'') {
      Byte();
    } else if (symbol == '\\' || symbol == '{' || symbol == '}') {
      Put(symbol);
    } else if (symbol != '-' && symbol != '|') {
      Put(' ');  // \~ \_ \: and the paragraph that a line end is here
    }
  }

  // \'hh
  void Byte() {
    int byte = 0;
    for (int i = 0; i < 2; ++i) {
      const int digit =
          at_ < text_.size() ? u_digit(static_cast<unsigned char>(text_[at_]), 16) : -1;
      if (digit < 0) return;
      byte = byte * 16 + digit;
      ++at_;
    }
    Put(static_cast<char>(byte));
  }

  void ControlWord() {
    const std::size_t from = at_;
    while (at_ < text_.size() && at_ - from < kLongestWord && IsLetter(text_[at_])) ++at_;
    const std::string_view name = text_.substr(from, at_ - from);
    const bool is_negative = at_ + 1 < text_.size() && text_[at_] == '-' && IsDigit(text_[at_ + 1]);
    if (is_negative) ++at_;
    std::int64_t number = -1;
    for (; at_ < text_.size() && IsDigit(text_[at_]); ++at_) {
      number = std::min(std::max<std::int64_t>(number, 0) * 10 + (text_[at_] - '0'), kLargest);
    }
    if (at_ < text_.size() && text_[at_] == ' ') ++at_;
    if (is_negative) number = -number;
    const bool begins = std::exchange(begins_, false);
    const bool starred = std::exchange(starred_, false);
    if (name == "u") return Unicode(number);
    skip_ = 0;
    if (begins && (starred || IsOneOf(kBeside, name) || IsOneOf(kDropped, name))) {
      return Destination(name);
    }
    Apply(name, number);
  }

  void Destination(std::string_view name) {
    if (too_deep_ > 0 || groups_.empty()) return;
    if (IsOneOf(kDropped, name)) now_.dropped = true;
    if (now_.dropped || now_.is_beside) return;
    now_.is_beside = true;
    streams_.emplace_back();
  }

  // `number` -1: none was written.
  void Apply(std::string_view name, std::int64_t number) {
    if (name == "v") {
      now_.hidden = number != 0;
      if (now_.hidden) hidden_ += ' ';
    } else if (name == "plain") {
      now_.hidden = false;
    } else if (name == "uc") {
      now_.fallback = static_cast<std::uint8_t>(std::clamp<std::int64_t>(number, 0, kMostFallback));
    } else if (name == "bin") {
      at_ +=
          std::min(text_.size() - at_, static_cast<std::size_t>(std::max<std::int64_t>(number, 0)));
    } else if (IsOneOf(kBlanks, name)) {
      Part();
    }
  }

  // \uN, of which those from 0x8000 on are written as negative, and wide ones as two.
  void Unicode(std::int64_t number) {
    if (number < 0) number += 0x10000;
    auto c = static_cast<UChar32>(std::clamp<std::int64_t>(number, 0, 0x110000));
    if (U16_IS_TRAIL(c) && lead_ != 0) c = U16_GET_SUPPLEMENTARY(lead_, c);
    lead_ = U16_IS_LEAD(c) ? c : 0;
    const bool is_none = c <= 0 || c > 0x10FFFF || U_IS_SURROGATE(c);
    if (!is_none && !now_.dropped) AppendUtf8(c, To());
    skip_ = now_.fallback;
  }

  std::string_view text_;
  LineEnds line_ends_;
  std::size_t at_ = 0;
  Group now_;
  std::vector<Group> groups_;  // around this one
  std::size_t too_deep_ = 0;   // groups that are not in it
  bool closes_too_often_ = false;
  bool begins_ = false;                      // nothing was read in this group yet
  bool starred_ = false;                     // \* was read
  std::size_t skip_ = 0;                     // characters that stand for a \u before them
  UChar32 lead_ = 0;                         // of a wide character
  std::vector<std::string> streams_ = {""};  // the text, and what stands beside it and is not ended
  std::string hidden_;
  std::string beside_;
};

}  // namespace

RtfText TextOfRtf(std::string_view rtf, LineEnds line_ends) {
  return Reader(rtf, line_ends).Read();
}

}  // namespace milecastle::normalise
