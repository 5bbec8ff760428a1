#include "hl7v2/split.h"

namespace milecastle::hl7v2 {
namespace {

constexpr std::string_view kEnds = "\r\n\x0B\x1C";
constexpr std::size_t kNone = std::string_view::npos;

bool IsWordCharacter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool IsSegment(std::string_view line, std::string_view name) {
  return line.starts_with(name) && (line.size() == 3 || !IsWordCharacter(line[3]));
}

bool IsEnvelope(std::string_view line) {
  for (const std::string_view name : {"FHS", "BHS", "BTS", "FTS"}) {
    if (IsSegment(line, name)) return true;
  }
  return false;
}

bool IsBlank(std::string_view line) { return line.find_first_not_of(" \t\r") == kNone; }

bool IsComment(std::string_view line) { return line.starts_with('#') || line.starts_with("//"); }

// The length of what people write above messages: lines of `#` and `//`, and what stands between
// `/*` and `*/`. 0 where there is none, or where segments stand in it.
std::size_t PreambleOf(std::string_view file) {
  std::size_t length = 0;
  bool within = false;
  for (std::size_t at = 0; at < file.size();) {
    const std::size_t end = std::min(file.find_first_of(kEnds, at), file.size());
    const std::string_view line = file.substr(at, end - at);
    within = within || line.starts_with("/*");
    const bool comment = within || IsComment(line);
    if (!comment && !IsBlank(line)) break;
    if (within && line.size() > 3 && line[3] == '|') return 0;
    if (within && line.find("*/") != kNone) within = false;
    at = end + 1;
    if (comment) length = std::min(at, file.size());
  }
  return within ? 0 : length;
}

// The message without the comments behind it. Where segments end in CR alone a line that begins so
// may be one of a text, and stays.
std::string_view WithoutComments(std::string_view message) {
  const std::size_t first = message.find('\r');
  if (first != kNone && message.substr(first + 1, 1) != "\n") return message;
  std::size_t length = message.size();
  for (std::size_t end = length; end > 0;) {
    const std::size_t before = message.rfind('\n', end - 1);
    if (before == kNone) break;
    const std::string_view line = message.substr(before + 1, end - before - 1);
    if (!IsComment(line) && !IsBlank(line)) break;
    if (IsComment(line)) length = before;
    end = before;
  }
  return message.substr(0, length);
}

class Splitter {
 public:
  explicit Splitter(std::string_view file) : file_(file) {}

  SplitFile Run() {
    std::size_t at = file_.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    at += PreambleOf(file_.substr(at));
    while (at < file_.size()) {
      const std::size_t end = std::min(file_.find_first_of(kEnds, at), file_.size());
      Line(at, end);
      if (end < file_.size() && (file_[end] == '\x0B' || file_[end] == '\x1C')) Flush();
      at = end + 1;
    }
    Flush();
    return std::move(found_);
  }

 private:
  void Line(std::size_t begin, std::size_t end) {
    const std::string_view line = file_.substr(begin, end - begin);
    if (line.find_first_not_of(" \t") == kNone) return;
    if (IsEnvelope(line)) {
      Flush();
      ++found_.envelopes;
      return;
    }
    if (IsSegment(line, "MSH")) Flush();
    if (begin_ == kNone) begin_ = begin;
    end_ = end;
  }

  void Flush() {
    if (begin_ != kNone) {
      const auto message = WithoutComments(file_.substr(begin_, end_ - begin_));
      if (!message.empty()) found_.messages.push_back(message);
    }
    begin_ = kNone;
  }

  std::string_view file_;
  SplitFile found_;
  std::size_t begin_ = kNone;
  std::size_t end_ = 0;
};

}  // namespace

SplitFile SplitMessages(std::string_view file) { return Splitter(file).Run(); }

}  // namespace milecastle::hl7v2
