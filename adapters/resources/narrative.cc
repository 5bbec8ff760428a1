#include "resources/narrative.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

#include "base/scripts.h"
#include "resources/values.h"

namespace milecastle::resources {
namespace {

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

template <std::size_t N>
bool IsOneOf(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

constexpr std::array<std::string_view, 22> kOwnLine = {
    "p",  "div", "br", "tr", "li", "ul", "ol",  "h1",    "h2",    "h3",    "h4",
    "h5", "h6",  "dl", "dt", "dd", "hr", "pre", "table", "thead", "tbody", "caption"};
constexpr std::array<std::string_view, 2> kCell = {"td", "th"};
constexpr std::array<std::string_view, 2> kUnseen = {"script", "style"};
constexpr std::array<std::string_view, 3> kStruck = {"del", "s", "strike"};

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kEntities = {
    {{"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"}, {"nbsp", " "}}};

void AppendUtf8(std::uint32_t code, std::string* out) {
  if (code < 0x80) {
    *out += static_cast<char>(code);
  } else if (code < 0x800) {
    *out += static_cast<char>(0xC0U | code >> 6U);
    *out += static_cast<char>(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    *out += static_cast<char>(0xE0U | code >> 12U);
    *out += static_cast<char>(0x80U | (code >> 6U & 0x3FU));
    *out += static_cast<char>(0x80U | (code & 0x3FU));
  } else {
    *out += static_cast<char>(0xF0U | code >> 18U);
    *out += static_cast<char>(0x80U | (code >> 12U & 0x3FU));
    *out += static_cast<char>(0x80U | (code >> 6U & 0x3FU));
    *out += static_cast<char>(0x80U | (code & 0x3FU));
  }
}

bool IsCharacter(std::uint32_t code) {
  const bool is_surrogate = code >= 0xD800 && code < 0xE000;
  const bool is_control = code < 0x20 && code != '\t' && code != '\n' && code != '\r';
  return code <= 0x10FFFF && !is_surrogate && !is_control;
}

// The code point of "#233" or "#xE9"; 0 for what is none, or is a control character.
std::uint32_t CodePointOf(std::string_view name) {
  constexpr std::size_t kMostDigits = 7;
  const bool is_hex = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
  const std::string_view digits = name.substr(is_hex ? 2 : 1);
  if (digits.size() > kMostDigits) return 0;
  std::uint32_t code = 0;
  const char* const end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, code, is_hex ? 16 : 10);
  return read.ec == std::errc() && read.ptr == end && IsCharacter(code) ? code : 0;
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) { out_.reserve(text.size() / 2); }

  std::string Read() {
    while (at_ < text_.size()) {
      if (text_[at_] == '<' && ReadTag()) continue;
      if (text_[at_] == '&' && ReadEntity()) continue;
      Put(text_.substr(at_++, 1));
    }
    while (!out_.empty() && IsSpace(out_.back())) out_.pop_back();
    return std::move(out_);
  }

 private:
  void Put(std::string_view text) {
    if (!unseen_.empty()) return;
    for (const char c : text) {
      if (IsSpace(c)) {
        space_ = space_ == '\n' ? '\n' : ' ';
        continue;
      }
      if (space_ != 0 && !out_.empty()) out_ += space_;
      if (space_ == 0 && is_behind_script_ && base::RunsOn(Last(), c)) out_ += ' ';
      space_ = 0;
      is_behind_script_ = false;
      out_ += c;
    }
  }
  char Last() const { return out_.empty() ? '\0' : out_.back(); }
  void Script(std::string_view name, bool closes) {
    if (space_ == 0 && !closes) Put(base::SignBefore(name, Last()));
    is_behind_script_ = closes;
  }
  void Break() { space_ = '\n'; }

  // False: the text stands for itself.
  bool ReadEntity() {
    constexpr std::size_t kLongest = 10;
    const std::size_t end = text_.substr(at_, kLongest + 1).find(';');
    if (end == std::string_view::npos) return false;
    const std::string_view name = text_.substr(at_ + 1, end - 1);
    std::string value;
    if (name.starts_with('#')) {
      if (const std::uint32_t code = CodePointOf(name)) AppendUtf8(code, &value);
    }
    for (const auto& [known, text] : kEntities) {
      if (known == name) value = text;
    }
    if (value.empty()) return false;
    at_ += end + 1;
    Put(value);
    return true;
  }

  bool SkipTo(std::string_view end) {
    const std::size_t found = text_.find(end, at_);
    if (found == std::string_view::npos) return false;
    at_ = found + end.size();
    return true;
  }

  // The end of a tag that starts at at_; a quoted value may hold a '>'.
  std::size_t EndOfTag() const {
    char quote = 0;
    for (std::size_t i = at_ + 1; i < text_.size(); ++i) {
      const char c = text_[i];
      if (quote != 0) {
        if (c == quote) quote = 0;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '>') {
        return i;
      }
    }
    return std::string_view::npos;
  }

  bool ReadTag() {
    if (is_broken_) return false;  // an open tag never ends: looked for once
    if (text_.substr(at_).starts_with("<!--")) return SkipTo("-->") || Break(false);
    const std::size_t name_at = at_ + (text_.substr(at_).starts_with("</") ? 2 : 1);
    if (name_at >= text_.size() ||
        !(IsLetter(text_[name_at]) || text_[name_at] == '!' || text_[name_at] == '?')) {
      return false;
    }
    const std::size_t end = EndOfTag();
    if (end == std::string_view::npos) return Break(false);
    const bool closes = name_at == at_ + 2;
    const bool is_empty = text_[end - 1] == '/';
    std::string name;
    for (std::size_t i = name_at; i < end && !IsSpace(text_[i]) && text_[i] != '/'; ++i) {
      name += static_cast<char>(IsLetter(text_[i]) ? text_[i] | 0x20 : text_[i]);
    }
    at_ = end + 1;
    Apply(name, closes, is_empty);
    return true;
  }
  bool Break(bool answer) {
    is_broken_ = true;
    return answer;
  }

  void Apply(const std::string& name, bool closes, bool is_empty) {
    if (!unseen_.empty()) {
      if (closes && name == unseen_) unseen_.clear();
      return;
    }
    if (!IsOneOf(kUnseen, name)) return Write(name, closes, is_empty);
    if (!closes && !is_empty) unseen_ = name;
  }

  // What stands in a text for the tag of an element.
  void Write(const std::string& name, bool closes, bool is_empty) {
    if (IsOneOf(kOwnLine, name)) return WriteLine(name, closes);
    if (closes && IsOneOf(kCell, name)) return Put(" | ");
    if (is_empty) return;
    if (IsOneOf(kStruck, name)) return Put(closes ? "]" : "[struck out: ");
    if (base::IsScript(name)) Script(name, closes);
  }

  void WriteLine(const std::string& name, bool closes) {
    Break();
    if (name == "li" && !closes) Put("- ");
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string out_;
  char space_ = 0;      // between what stands and what comes
  std::string unseen_;  // the element whose content is left out
  bool is_behind_script_ = false;
  bool is_broken_ = false;
};

}  // namespace

std::string PlainText(std::string_view xhtml) { return Reader(xhtml).Read(); }

void ReadNarrative(const fhir::Element& resource, record::Entry* entry) {
  const fhir::Element text = resource["text"];
  if (text["status"].peek() != "additional") return;
  text["status"].text();
  AddText(entry, PlainText(text["div"].text()));
}

}  // namespace milecastle::resources
