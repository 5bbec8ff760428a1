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

class Splitter {
 public:
  explicit Splitter(std::string_view file) : file_(file) {}

  SplitFile Run() {
    std::size_t at = file_.starts_with("\xEF\xBB\xBF") ? 3 : 0;
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
    if (begin_ != kNone) found_.messages.push_back(file_.substr(begin_, end_ - begin_));
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
