#include "inside/reader.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "base/text.h"
#include "base/text_map.h"

namespace milecastle::acute {
namespace {

constexpr std::size_t kMostComponents = 30;
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// Why the fields that real feeds fill most often have no place in the record.
struct Reason {
  std::string_view place;
  std::string_view why;
};
constexpr auto kReasons = std::to_array<Reason>({
    {"PID-6", "mother's maiden name: used as a secret, kept in the journal alone"},
    {"PID-10", "race: UK feeds state the ethnic group in PID-22"},
    {"PID-16", "marital status: not part of a shared record"},
    {"PID-17", "religion: no section holds it yet"},
    {"PID-18", "account number: belongs to billing"},
    {"MRG-3", "prior account number: belongs to billing"},
    {"PID-33", "time of the sender's last update: the message's own time is kept"},
    {"ZU8-1", "sexual orientation: special category, kept in the journal alone"},
});

std::string_view ReasonFor(std::string_view place) {
  for (const Reason& reason : kReasons) {
    if (reason.place == place) return reason.why;
  }
  return place.find('-') == place.npos ? "segment not read for this event"
                                       : "no place in the record";
}

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n'; }
bool IsControl(char c) {
  return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == '\x7F';
}

std::string WithoutControls(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r') {
      out += '\n';
      if (i + 1 < text.size() && text[i + 1] == '\n') ++i;
    } else if (IsControl(text[i])) {
      out += kReplacement;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string_view SegmentOf(std::string_view place) { return place.substr(0, 3); }

}  // namespace

// Counts by place, in order of first appearance.
struct Reader::Tally {
  std::vector<std::pair<std::string, int>> places;
  base::TextMap<std::string, std::size_t> index;
  void Add(const std::string& place) {
    const auto [known, added] = index.try_emplace(place, places.size());
    if (added) places.emplace_back(place, 0);
    ++places[known->second].second;
  }
};

std::string Clean(std::string text) {
  if (std::any_of(text.begin(), text.end(), IsControl)) text = WithoutControls(text);
  std::size_t end = text.size();
  while (end > 0 && IsBlank(text[end - 1])) --end;
  std::size_t first = 0;
  while (first < end && IsBlank(text[first])) ++first;
  text.erase(end);
  text.erase(0, first);
  return text;
}

std::string Folded(std::string_view text) {
  std::string folded;
  for (const char c : text) {
    if (c >= 'a' && c <= 'z') {
      folded += static_cast<char>(c - 'a' + 'A');
    } else if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c < 0) {
      folded += c;
    }
  }
  return folded;
}

Reader::Reader(const hl7v2::Message& message, const port::Feed& feed, const Segments& heading,
               const Segments& part)
    : feed_(feed), seen_(heading), account_(part), taken_(message.components()) {
  seen_.insert(seen_.end(), part.begin(), part.end());
  for (const hl7v2::Segment& segment : seen_) {
    const auto found = std::find_if(by_name_.begin(), by_name_.end(),
                                    [&](const auto& of) { return of.first == segment.name(); });
    if (found != by_name_.end()) {
      found->second.push_back(segment);
    } else {
      by_name_.emplace_back(segment.name(), Segments{segment});
    }
  }
}

void Reader::AccountFor(const Segments& further) {
  account_.insert(account_.end(), further.begin(), further.end());
}

hl7v2::Segment Reader::segment(std::string_view name, std::size_t index) const {
  const Segments& found = all(name);
  return index < found.size() ? found[index] : hl7v2::Segment();
}

const Segments& Reader::all(std::string_view name) const {
  static const Segments none;
  for (const auto& [of, segments] : by_name_) {
    if (of == name) return segments;
  }
  return none;
}

void Reader::Take(const hl7v2::Component& component) {
  if (!component.empty()) taken_[component.index()] = true;
}

void Reader::Take(const hl7v2::Field& field) {
  for (std::size_t r = 0; r < field.size(); ++r) {
    const auto repetition = field.repetition(r);
    for (std::size_t c = 1; c <= repetition.size(); ++c) Take(repetition.component(c));
  }
}

void Reader::Take(const hl7v2::Segment& segment) {
  for (std::size_t f = 1; f <= segment.fields(); ++f) Take(segment.field(f));
}

void Reader::Leave(const hl7v2::Segment& segment, std::size_t field, std::string why) {
  if (segment.field(field).empty()) return;
  Take(segment.field(field));
  out_.not_carried.push_back({segment.place(field), std::move(why)});
}

std::string Reader::Text(const hl7v2::Component& component) {
  if (component.empty()) return {};
  Take(component);
  return component.is_null() ? std::string() : Clean(component.text());
}

std::string Reader::Text(const hl7v2::Segment& segment, std::size_t field) {
  return Text(segment.field(field).component(1));
}

std::string Reader::WholeText(const hl7v2::Segment& segment, std::size_t field) {
  const auto all = segment.field(field);
  Take(all);
  return WholeOf(all);
}

std::string Reader::WholeOf(const hl7v2::Field& all) {
  std::string text;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all.repetition(i).is_null()) continue;
    if (!text.empty()) text += '\n';
    text += all.repetition(i).text();
  }
  return Clean(text);
}

std::string Reader::FirstKey(std::string_view prefix, const std::vector<std::string>& parts) {
  std::vector<std::string> folded;
  for (const std::string& part : parts) folded.push_back(Folded(part));
  return std::string(prefix) + ":" + base::NameOfParts(folded, 20);
}

std::string Reader::Key(std::string_view prefix, const std::vector<std::string>& parts) {
  const std::string key = FirstKey(prefix, parts);
  const int number = ++keys_[key];
  return number == 1 ? key : key + ":" + std::to_string(number);
}

std::string Reader::OwnAuthority() {
  std::string sender = Text(segment("MSH"), 4);
  if (!feed_.assigning_authority.empty()) return feed_.assigning_authority;
  if (sender.empty() && feed_.organisations.size() == 1)
    sender = feed_.organisations.front().text();
  return sender;
}

std::optional<base::Instant> Reader::End() const {
  const auto sent = record::When::ParseHl7(segment("MSH").field(7).component(1).text());
  if (!sent || sent->precision < record::Precision::kDay) return std::nullopt;
  const bool whole_day = sent->precision < record::Precision::kMinute;
  return sent->at + std::chrono::hours(whole_day ? 24 : 0);
}

bool Reader::IsAhead(const record::When& when) const {
  const auto end = End();
  return end && when.at > *end;
}

bool Reader::IsPast(const record::When& when) const {
  const auto end = End();
  return end && when.at <= *end;
}

void Reader::Detail(record::Entry& entry, std::string_view name, const hl7v2::Segment& segment,
                    std::size_t field) {
  record::Coded coded = Code(segment, field);
  if (coded.text.empty() && coded.codings.empty()) return;
  entry.details.push_back({.name = std::string(name), .text = "", .coded = std::move(coded)});
}

void Reader::DetailTime(record::Entry& entry, std::string_view name, const hl7v2::Segment& segment,
                        std::size_t field) {
  auto when = Time(segment, field);
  if (when)
    entry.details.push_back({.name = std::string(name), .text = "", .when = std::move(when)});
}

void Reader::LabelAll(std::string_view kind, const std::string& code) {
  if (!code.empty()) labels_.push_back(std::string(kind) + ":" + code);
}

// The numbers of those that nobody took, each once and in order.
Reader::Left Reader::LeftOf(const hl7v2::Field& field) const {
  Left left;
  for (std::size_t r = 0; r < field.size(); ++r) {
    const auto repetition = field.repetition(r);
    for (std::size_t c = 1; c <= repetition.size(); ++c) {
      const auto component = repetition.component(c);
      if (component.empty()) continue;
      if (Taken(component)) {
        left.some_taken = true;
      } else {
        left.components.push_back(c);
      }
    }
  }
  auto& all = left.components;
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return left;
}

void Reader::TallyLeft(const Left& left, const std::string& place, Tally& tally) {
  if (!left.some_taken) return tally.Add(place);
  for (const std::size_t component : left.components) {
    // No data type has more components; what is beyond is one line.
    if (component > kMostComponents) return tally.Add(place);
    tally.Add(place + "." + std::to_string(component));
  }
}

void Reader::Account(const hl7v2::Segment& segment, Tally& tally) const {
  Tally own;
  bool any = false;
  for (std::size_t f = 1; f <= segment.fields(); ++f) {
    const auto field = segment.field(f);
    if (field.empty()) continue;
    const Left left = LeftOf(field);
    if (!left.components.empty()) {
      TallyLeft(left, std::string(segment.name()) + "-" + std::to_string(f), own);
      continue;
    }
    // Only a set id or nothing at all was taken: the segment as a whole was not read. A local
    // segment's first field may be anything.
    const bool may_be_set_id =
        f == 1 && !segment.name().starts_with('Z') && segment.name() != "MRG";
    any = any || !may_be_set_id;
  }
  if (own.places.empty()) return;
  if (!any) return tally.Add(std::string(segment.name()));
  for (const auto& [place, count] : own.places) tally.Add(place);
}

record::Contribution Reader::Finish(
    const std::map<std::string, std::string, std::less<>>& why_not) {
  Tally tally;
  for (const hl7v2::Segment& segment : account_) Account(segment, tally);
  for (const auto& [place, count] : tally.places) {
    const auto given = why_not.find(SegmentOf(place));
    std::string why(given != why_not.end() ? std::string_view(given->second)
                    : place.starts_with('Z') && place.find('-') == place.npos
                        ? "local segment: kept in the journal, not mapped"
                        : ReasonFor(place));
    if (count > 1) why += " (" + std::to_string(count) + " times)";
    out_.not_carried.push_back({place, std::move(why)});
  }
  for (auto& draft : out_.drafts) {
    draft.source_labels.insert(draft.source_labels.end(), labels_.begin(), labels_.end());
  }
  return std::move(out_);
}

}  // namespace milecastle::acute
