#include <map>

#include "parts.h"

namespace milecastle::fidelity {
namespace {

// The bytes from `begin` to `end` between two separators.
struct Span {
  std::size_t begin;
  std::size_t end;
};

std::vector<Span> Split(std::string_view text, Span within, std::string_view separators) {
  std::vector<Span> spans;
  std::size_t begin = within.begin;
  for (std::size_t i = within.begin; i <= within.end; ++i) {
    if (i < within.end && separators.find(text[i]) == std::string_view::npos) continue;
    spans.push_back({begin, i});
    begin = i + 1;
  }
  return spans;
}

std::string Replaced(std::string_view text, Span span, std::string_view by) {
  std::string out(text.substr(0, span.begin));
  out += by;
  return out += text.substr(span.end);
}

class Walk {
 public:
  Walk(const std::string& message, const OnPart& on_part) : message_(message), on_part_(on_part) {}

  void Run() {
    for (const Span segment : Split(message_, {0, message_.size()}, "\r\n")) {
      if (segment.end - segment.begin > 3) Segment(segment);
    }
  }

 private:
  void Segment(Span segment) {
    const auto fields = Split(message_, segment, "|");
    const std::string name = message_.substr(segment.begin, 3);
    const int occurrence = ++occurrences_[name];
    const std::string place =
        name + (occurrence == 1 ? "" : "[" + std::to_string(occurrence) + "]");
    const bool is_header = name == "MSH";  // whose first field is the separator itself
    for (std::size_t i = is_header ? 2 : 1; i < fields.size(); ++i) {
      const std::string number = std::to_string(is_header ? i + 1 : i);
      Field(name, number, place, fields[i]);
    }
  }

  void Field(const std::string& segment, const std::string& number, const std::string& place,
             Span field) {
    for (const Span repetition : Split(message_, field, "~")) {
      const auto components = Split(message_, repetition, "^");
      for (std::size_t i = 0; i < components.size(); ++i) {
        const Span component = components[i];
        if (component.begin == component.end) continue;
        Path path = {number};
        if (components.size() > 1) path.push_back(std::to_string(i + 1));
        const std::string value = message_.substr(component.begin, component.end - component.begin);
        on_part_(
            {message_,
             segment,
             path,
             place,
             value,
             {place + "-" + number},
             false,
             [this, component](std::string_view by) { return Replaced(message_, component, by); }});
      }
    }
  }

  const std::string& message_;
  const OnPart& on_part_;
  std::map<std::string, int> occurrences_;
};

}  // namespace

void EachComponent(const std::string& message, const OnPart& on_part) {
  Walk(message, on_part).Run();
}

}  // namespace milecastle::fidelity
