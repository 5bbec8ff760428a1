// One pass over the bytes: every delimiter opens a slot at its level and at each level below.
#include <algorithm>
#include <array>
#include <optional>

#include "hl7v2/message.h"

namespace milecastle::hl7v2 {

namespace {

using base::Error;
using base::ErrorId;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::size_t kNone = std::string_view::npos;

bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsPunctuation(char c) {
  return c > ' ' && c < '\x7F' && !IsDigit(c) && !IsUpper(c) && !(c >= 'a' && c <= 'z');
}

// "PID|..." or "PID" alone.
bool LooksLikeSegment(std::string_view line, char field) {
  if (line.size() < 3 || !IsUpper(line[0])) return false;
  for (int i = 1; i < 3; ++i) {
    if (!IsUpper(line[i]) && !IsDigit(line[i])) return false;
  }
  return line.size() == 3 || line[3] == field || line[3] == '\r' || line[3] == '\n';
}

std::size_t LineEnd(std::string_view bytes) {
  const std::size_t carriage_return = bytes.find('\r');
  return std::min(carriage_return, bytes.substr(0, carriage_return).find('\n'));
}

std::string_view SkipBlank(std::string_view bytes) {
  if (bytes.starts_with(kByteOrderMark)) bytes.remove_prefix(kByteOrderMark.size());
  const std::size_t first = bytes.find_first_not_of("\r\n \t");
  return first == kNone ? std::string_view{} : bytes.substr(first);
}

Error Unparseable(std::string place, std::string advice) {
  return {ErrorId::kMessageUnparseable, std::move(place), std::move(advice)};
}

Error TooLarge(std::string place, std::string advice) {
  return {ErrorId::kMessageTooLarge, std::move(place), std::move(advice)};
}

// `^~\\\\&` is what a program wrote that escaped the escape character once more: there is no other
// reading of it, for two delimiters may not be the same.
std::string Single(std::string_view encoding) {
  std::string single(encoding);
  if (single.size() == 5 && single.compare(2, 2, "\\\\") == 0) single.erase(2, 1);
  return single;
}

base::Result<Delimiters> ReadDelimiters(std::string_view bytes) {
  if (!bytes.starts_with("MSH")) {
    return Unparseable("MSH", "a message must begin with an MSH segment");
  }
  if (bytes.size() < 5 || !IsPunctuation(bytes[3])) {
    return Unparseable("MSH-1", "the field separator must be one punctuation character");
  }
  Delimiters found{bytes[3], '\0', '\0', '\0', '\0', '\0'};
  const std::array<char*, 5> in_order{&found.component, &found.repetition, &found.escape,
                                      &found.subcomponent, &found.truncation};
  const std::string_view line = bytes.substr(4, LineEnd(bytes) - 4);
  const std::string encoding = Single(line.substr(0, line.find(found.field)));
  if (encoding.empty() || encoding.size() > in_order.size()) {
    return Unparseable("MSH-2", "write the encoding characters, commonly ^~\\&");
  }
  for (std::size_t i = 0; i < encoding.size(); ++i) {
    if (!IsPunctuation(encoding[i]) || encoding[i] == '"' || encoding.find(encoding[i]) != i) {
      return Unparseable("MSH-2",
                         "the encoding characters must be different punctuation characters");
    }
    *in_order[i] = encoding[i];
  }
  return found;
}

// Segment and field of a byte, for errors.
std::string PlaceOf(std::string_view bytes, std::size_t offset, char field) {
  const std::size_t line_end = offset == 0 ? kNone : bytes.find_last_of("\r\n", offset - 1);
  const std::size_t begin = line_end == kNone ? 0 : line_end + 1;
  const std::string_view line = bytes.substr(begin, offset - begin);
  if (!LooksLikeSegment(line, field)) return "MSH";
  const auto number =
      std::count(line.begin(), line.end(), field) + (line.starts_with("MSH") ? 1 : 0);
  return std::string(line.substr(0, 3)) + "-" + std::to_string(number);
}

// MSH-18 before the index exists; its first repetition rules (the others are reached by escapes
// alone).
std::string_view DeclaredCharset(std::string_view bytes, const Delimiters& delimiters) {
  std::string_view line = bytes.substr(0, LineEnd(bytes));
  for (int field = 1; field < 18; ++field) {
    const std::size_t separator = line.find(delimiters.field);
    if (separator == kNone) return {};
    line.remove_prefix(separator + 1);
  }
  line = line.substr(0, line.find(delimiters.field));
  if (delimiters.repetition != '\0') line = line.substr(0, line.find(delimiters.repetition));
  const std::size_t end = line.find_last_not_of(' ');
  return end == kNone ? std::string_view{} : line.substr(0, end + 1);
}

struct Decoded {
  Charset charset;
  std::optional<std::string> utf8;  // only where the bytes had to be converted
  bool assumed = false;
};

base::Result<Decoded> Decode(std::string_view bytes, const Delimiters& delimiters,
                             const ParseOptions& options) {
  if (options.ascii) return Decoded{};
  const std::string& undeclared = options.undeclared_charset;
  const std::string_view declared = DeclaredCharset(bytes, delimiters);
  const auto charset = FindCharset(declared);
  if (!charset) {
    return Error{ErrorId::kCharacterSetUnsupported, "MSH-18",
                 "send UNICODE UTF-8, 8859/1 or another set of table 0211"};
  }
  if (!charset->is_utf8()) {
    auto converted = ToUtf8(bytes, *charset);
    if (converted) return Decoded{*charset, std::move(converted), false};
    return Error{ErrorId::kCharacterSetUnsupported, "MSH-18",
                 "the message holds bytes that are not in the declared character set"};
  }
  const std::size_t invalid = FindInvalidUtf8(bytes);
  const bool open = declared.empty() || declared == "ASCII";
  if (invalid == kNone) {
    const bool high = open && std::any_of(bytes.begin(), bytes.end(), [](char c) { return c < 0; });
    return Decoded{*charset, std::nullopt, high};
  }
  const auto fallback = undeclared.empty() ? std::nullopt : FindCharset(undeclared);
  if (open && fallback) {
    auto converted = ToUtf8(bytes, *fallback);
    if (converted) return Decoded{*fallback, std::move(converted), true};
  }
  return Error{ErrorId::kCharacterSetUnsupported, PlaceOf(bytes, invalid, delimiters.field),
               "the bytes are not in the character set of MSH-18; declare the one that is sent"};
}

enum class Kind : std::uint8_t {
  kText,
  kField,
  kRepetition,
  kComponent,
  kSubcomponent,
  kReturn,
  kLineFeed,
  kForbidden
};

std::array<Kind, 256> KindsOf(const Delimiters& delimiters) {
  std::array<Kind, 256> kinds{};
  const auto set = [&](char c, Kind kind) { kinds[static_cast<unsigned char>(c)] = kind; };
  if (delimiters.subcomponent != '\0') set(delimiters.subcomponent, Kind::kSubcomponent);
  if (delimiters.repetition != '\0') set(delimiters.repetition, Kind::kRepetition);
  if (delimiters.component != '\0') set(delimiters.component, Kind::kComponent);
  set(delimiters.field, Kind::kField);
  set('\r', Kind::kReturn);
  set('\n', Kind::kLineFeed);
  for (const char c : {'\0', '\x0B', '\x1C'}) set(c, Kind::kForbidden);  // NUL and MLLP's own bytes
  return kinds;
}

}  // namespace

class Scanner {
 public:
  Scanner(Message& message, const Limits& limits)
      : message_(message), limits_(limits), bytes_(message.bytes_) {}

  base::Result<void> Run() {
    const std::size_t guess = std::min<std::size_t>(bytes_.size() / 6 + 16, 4096);
    message_.segments_.reserve(std::min<std::size_t>(bytes_.size() / 40 + 4, 512));
    counts_.reserve(16);
    message_.fields_.reserve(guess);
    message_.repetitions_.reserve(guess);
    message_.components_.reserve(guess);
    message_.values_.reserve(guess);
    const std::size_t first = LineEnd(bytes_);
    returns_end_ = first != kNone && bytes_[first] == '\r';
    kinds_ = KindsOf(message_.delimiters_);

    std::size_t at = 0;
    while (at < bytes_.size()) {
      const std::size_t begin = at;
      if (IsLineEnd(bytes_[at])) {
        ++at;
        continue;
      }
      if (auto opened = OpenSegment(begin); !opened) return opened.error();
      const auto end = Line(SkipHeader(begin));
      if (!end) return end.error();
      Close(*end);
      at = *end;
    }
    return {};
  }

 private:
  bool IsLineEnd(char c) const { return c == '\r' || c == '\n'; }

  base::Result<void> OpenSegment(std::size_t begin) {
    const std::string_view line = bytes_.substr(begin);
    if (!LooksLikeSegment(line, message_.delimiters_.field)) {
      return Unparseable("line " + std::to_string(message_.segments_.size() + 1),
                         "every line must begin with a segment's three characters");
    }
    if (begin > 0 && line.starts_with("MSH")) {
      return Unparseable("MSH[2]", "send one message in one frame");
    }
    if (message_.segments_.size() >= limits_.segments) {
      return TooLarge("message", "send at most " + std::to_string(limits_.segments) + " segments");
    }
    const auto occurrence = CountKind(line.substr(0, 3));
    if (!occurrence) return TooLarge("message", "too many kinds of segments for one message");
    message_.segments_.push_back({static_cast<std::uint32_t>(begin), 0,
                                  static_cast<std::uint32_t>(message_.fields_.size()),
                                  *occurrence});
    Open(Kind::kField, begin);
    return {};
  }

  std::optional<std::uint32_t> CountKind(std::string_view name) {
    for (auto& [known, count] : counts_) {
      if (known == name) return ++count;
    }
    if (counts_.size() >= limits_.segment_kinds) return std::nullopt;
    counts_.emplace_back(name, 1);
    return 1;
  }

  // MSH-2 is one value although it is made of delimiters.
  std::size_t SkipHeader(std::size_t begin) {
    if (!bytes_.substr(begin).starts_with("MSH")) return begin;
    Open(Kind::kField, 4);
    std::size_t at = 4;
    while (at < bytes_.size() && bytes_[at] != message_.delimiters_.field &&
           !IsLineEnd(bytes_[at])) {
      ++at;
    }
    return at;
  }

  // Reads to the end of the segment and returns it.
  base::Result<std::size_t> Line(std::size_t at) {
    for (at = EndOfText(at); at < bytes_.size(); at = EndOfText(at + 1)) {
      const Kind kind = kinds_[static_cast<unsigned char>(bytes_[at])];
      if (kind < Kind::kReturn && !MayBeFull(at)) {
        Open(kind, at + 1);
        continue;
      }
      const auto ends = EndsAt(at, kind);
      if (!ends) return ends.error();
      if (*ends) break;
    }
    if (auto room = Room(Kind::kReturn, at); !room) return room.error();
    return at;
  }

  // The next byte that is none of a text.
  std::size_t EndOfText(std::size_t at) const {
    const std::string_view bytes = bytes_;
    while (at < bytes.size() && kinds_[static_cast<unsigned char>(bytes[at])] == Kind::kText) ++at;
    return at;
  }

  // What is rare: a control character, which may end the segment, or a delimiter near a limit.
  base::Result<bool> EndsAt(std::size_t at, Kind kind) {
    const bool control = kind >= Kind::kReturn;
    const auto allowed = control ? ControlAt(at, kind) : Room(kind, at);
    if (!allowed) return allowed.error();
    if (!control) Open(kind, at + 1);
    return control && EndsSegment(kind);
  }

  bool EndsSegment(Kind kind) const { return kind == Kind::kReturn || !returns_end_; }

  base::Result<void> ControlAt(std::size_t at, Kind kind) const {
    if (kind == Kind::kForbidden) {
      return Unparseable(Place(), "NUL and MLLP's framing bytes may not stand in a message");
    }
    // A lone LF among CRs is a line break in a text, unless it hides a segment: that would be lost,
    // or smuggled in.
    if (kind == Kind::kLineFeed && returns_end_ &&
        LooksLikeSegment(bytes_.substr(at + 1), message_.delimiters_.field)) {
      return Unparseable(Place(), "line ends mix CR and LF; end every segment with CR");
    }
    return {};
  }

  // Asked at every delimiter: only where a limit is near is it asked which, and how.
  bool MayBeFull(std::size_t at) const {
    return at - message_.fields_.back().begin > limits_.value_bytes ||
           message_.fields_.size() - message_.segments_.back().first + 1 >= limits_.fields ||
           message_.repetitions_.size() - message_.fields_.back().first >= limits_.repetitions ||
           message_.values_.size() >= limits_.values;
  }

  // Whether another piece of this kind may begin at `at`, and the field that ends there is not too
  // long.
  base::Result<void> Room(Kind kind, std::size_t at) const {
    const bool field_ends = kind == Kind::kField || kind == Kind::kReturn;
    if (field_ends && at - message_.fields_.back().begin > limits_.value_bytes &&
        !HoldsDocument()) {
      return TooLarge(Place(), "the field is longer than this gateway reads");
    }
    if (kind == Kind::kField && FieldNumber() >= limits_.fields) {
      return TooLarge(Place(), "too many fields in one segment");
    }
    if (kind == Kind::kRepetition && !HoldsDocument() &&
        message_.repetitions_.size() - message_.fields_.back().first >= limits_.repetitions) {
      return TooLarge(Place(), "too many repetitions of one field");
    }
    if (message_.values_.size() >= limits_.values) {
      return TooLarge(Place(), "too many values in one message");
    }
    return {};
  }

  std::string_view Name() const { return bytes_.substr(message_.segments_.back().begin, 3); }
  std::size_t FieldNumber() const {
    const std::size_t opened = message_.fields_.size() - 1 - message_.segments_.back().first;
    return Name() == "MSH" ? opened + 1 : opened;
  }
  bool HoldsDocument() const { return FieldNumber() == 5 && Name() == "OBX"; }
  std::string Place() const {
    std::string place(Name());
    const auto occurrence = message_.segments_.back().occurrence;
    if (occurrence > 1) place += "[" + std::to_string(occurrence) + "]";
    return place + "-" + std::to_string(FieldNumber());
  }

  void Open(Kind kind, std::size_t begin) {
    const auto at = static_cast<std::uint32_t>(begin);
    const auto size = [](const auto& slots) { return static_cast<std::uint32_t>(slots.size()); };
    if (kind == Kind::kField) message_.fields_.push_back({at, size(message_.repetitions_)});
    if (kind <= Kind::kRepetition)
      message_.repetitions_.push_back({at, size(message_.components_)});
    if (kind <= Kind::kComponent) message_.components_.push_back({at, size(message_.values_)});
    message_.values_.push_back(at);
  }

  void Close(std::size_t end) {
    message_.segments_.back().end = static_cast<std::uint32_t>(end);
    Open(Kind::kField, end + 1);
  }

  Message& message_;
  const Limits& limits_;
  std::string_view bytes_;
  std::array<Kind, 256> kinds_{};
  std::vector<std::pair<std::string_view, std::uint32_t>> counts_;
  bool returns_end_ = true;

 public:
  static base::Result<Message> Make(std::string_view bytes, const Delimiters& delimiters,
                                    Decoded decoded, const Limits& limits) {
    Message message;
    message.delimiters_ = delimiters;
    message.charset_ = decoded.charset;
    message.charset_assumed_ = decoded.assumed;
    message.bytes_ = bytes;
    if (decoded.utf8) {
      message.converted_ = std::make_unique<const std::string>(*std::move(decoded.utf8));
      message.bytes_ = *message.converted_;
    }
    if (auto scanned = Scanner(message, limits).Run(); !scanned) return scanned.error();
    return message;
  }
};

base::Result<Message> Parse(std::string_view bytes, const ParseOptions& options) {
  if (bytes.size() > options.limits.message_bytes) {
    return TooLarge("message", "the message is longer than this gateway reads");
  }
  bytes = SkipBlank(bytes);
  const auto delimiters = ReadDelimiters(bytes);
  if (!delimiters) return delimiters.error();
  auto decoded = Decode(bytes, *delimiters, options);
  if (!decoded) return decoded.error();
  return Scanner::Make(bytes, *delimiters, *std::move(decoded), options.limits);
}

}  // namespace milecastle::hl7v2
