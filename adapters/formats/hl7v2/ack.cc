#include "hl7v2/ack.h"

#include <algorithm>
#include <cctype>

namespace milecastle::hl7v2 {
namespace {

using base::AckCode;
using base::ErrorId;

constexpr char kMllpStart = '\x0B';  // may not stand in a message

std::string Timestamp(base::Instant now) {
  const std::string text = base::ToRfc3339(now);  // 2026-11-22T09:30:00.000000Z
  return text.substr(0, 4) + text.substr(5, 2) + text.substr(8, 2) + text.substr(11, 2) +
         text.substr(14, 2) + text.substr(17, 2) + "+0000";
}

// Table 0357.
struct Condition {
  std::string_view code;
  std::string_view text;
};

Condition ConditionOf(const base::Error& error) {
  switch (error.id) {
    case ErrorId::kMessageUnsupported:
      if (error.place == "MSH-12") return {"203", "Unsupported version id"};
      return {"200", "Unsupported message type"};
    case ErrorId::kTestOnLiveFeed:
      return {"202", "Unsupported processing id"};
    case ErrorId::kPatientMissing:
      return {"100", "Segment sequence error"};
    case ErrorId::kIdentifierInvalid:
      return {"204", "Unknown key identifier"};
    case ErrorId::kMessageInvalid:
    case ErrorId::kCharacterSetUnsupported:
      return {"102", "Data type error"};
    case ErrorId::kMessageUnparseable:
      return {"100", "Segment sequence error"};
    default:
      return {"207", "Application internal error"};
  }
}

// "OBX[2]-5" in the parts of ELD and ERL: segment, its occurrence, field. What is missing, as "MRG
// of PID[2]", has no place of its own.
struct Location {
  std::string segment;
  std::string occurrence;
  std::string field;
};

Location LocationOf(std::string_view place) {
  constexpr std::string_view kOf = " of ";
  if (const auto of = place.find(kOf); of != place.npos) place.remove_prefix(of + kOf.size());
  const auto upper = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
  if (place.size() < 3 || !std::all_of(place.begin(), place.begin() + 3, upper)) return {};
  Location found{std::string(place.substr(0, 3)), "1", ""};
  place.remove_prefix(3);
  if (const std::size_t close = place.find(']'); place.starts_with('[') && close != place.npos) {
    found.occurrence = place.substr(1, close - 1);
    place.remove_prefix(close + 1);
  }
  if (place.starts_with('-')) {
    place.remove_prefix(1);
    found.field = place.substr(0, place.find_first_not_of("0123456789"));
  }
  return found;
}

bool UsesNewErr(std::string_view version) {  // ERR-2 to ERR-8 exist since v2.5
  return version.starts_with("2.5") || version.starts_with("2.6") || version.starts_with("2.7") ||
         version.starts_with("2.8") || version.starts_with("2.9");
}

class Writer {
 public:
  explicit Writer(const Delimiters& delimiters) : delimiters_(delimiters) {}

  Writer& Segment(std::string_view name) {
    if (!out_.empty()) out_ += '\r';
    out_ += name;
    return *this;
  }
  Writer& Field(std::string_view text) {
    out_ += delimiters_.field;
    return Add(text);
  }
  Writer& Component(std::string_view text) {
    if (delimiters_.component == '\0') return *this;
    out_ += delimiters_.component;
    return Add(text);
  }
  Writer& Raw(std::string_view text) {
    out_ += text;
    return *this;
  }
  std::string Take() { return std::move(out_ += '\r'); }

 private:
  Writer& Add(std::string_view text) {
    out_ += Escape(text, delimiters_);
    return *this;
  }

  Delimiters delimiters_;
  std::string out_;
};

std::string EncodingCharacters(const Delimiters& delimiters) {
  std::string characters;
  for (const char c : {delimiters.component, delimiters.repetition, delimiters.escape,
                       delimiters.subcomponent, delimiters.truncation}) {
    if (c != '\0') characters += c;
  }
  return characters;
}

void WriteErr(Writer& writer, const base::Error& error, std::string_view version) {
  const Condition condition = ConditionOf(error);
  const Location at = LocationOf(error.place);
  if (!UsesNewErr(version)) {  // ERR-1, ELD: segment, sequence, field, code
    writer.Segment("ERR").Field(at.segment).Component(at.occurrence).Component(at.field);
    writer.Component(condition.code);
    return;
  }
  writer.Segment("ERR").Field("").Field(at.segment).Component(at.occurrence).Component(at.field);
  writer.Field(condition.code).Component(condition.text).Component("HL70357");
  writer.Field("E").Field("").Field("").Field("").Field(base::Describe(error));
}

std::string_view CodeText(AckMode mode, AckCode code) {
  if (mode != AckMode::kAccept) return base::AckText(code);
  switch (code) {
    case AckCode::kAccept:
      return "CA";
    case AckCode::kError:
      return "CE";
    case AckCode::kReject:
      return "CR";
  }
  return "CE";
}

bool Wanted(std::string_view condition, AckCode code) {
  if (condition == "NE") return false;
  if (condition == "ER") return code != AckCode::kAccept;
  if (condition == "SU") return code == AckCode::kAccept;
  return !condition
              .empty();  // AL, and whatever else: a needless reply harms nobody, a missing one does
}

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0; });
}

// A header that never ends, as of a message without CR, is read as far as this: no field cut short.
std::string WholeFields(std::string_view line) {
  constexpr std::size_t kLongest = 4096;
  if (line.size() > kLongest) line = line.substr(0, line.rfind(line[3], kLongest));
  return std::string(line);
}

std::string Render(const Header& header, std::string_view code, std::string_view text,
                   const base::Error* error, const AckStamp& stamp) {
  const std::string version = header.version.empty() ? "2.4" : header.version;
  Writer writer(header.delimiters);
  writer.Segment("MSH").Field("").Raw(EncodingCharacters(header.delimiters));
  writer.Field(header.receiving_application).Field(header.receiving_facility);
  writer.Field(header.sending_application).Field(header.sending_facility);
  writer.Field(Timestamp(stamp.now)).Field("").Field("ACK");
  if (!header.trigger_event.empty()) writer.Component(header.trigger_event);
  writer.Field(stamp.control_id);
  writer.Field(header.processing_id.empty() ? "P" : header.processing_id).Field(version);
  const bool ascii = IsAscii(header.control_id) && IsAscii(header.sending_application) &&
                     IsAscii(header.sending_facility) && IsAscii(header.receiving_application) &&
                     IsAscii(header.receiving_facility);
  if (!ascii) {  // the reply is UTF-8, whatever the message was
    for (int field = 13; field < 18; ++field) writer.Field("");
    writer.Field("UNICODE UTF-8");
  }
  writer.Segment("MSA").Field(code).Field(header.control_id);
  if (!text.empty()) writer.Field(text);
  if (error != nullptr) WriteErr(writer, *error, version);
  return writer.Take();
}

}  // namespace

Header ReadHeader(const Message& message) {
  const Segment msh = message.segment("MSH");
  const auto whole = [&](std::size_t number) { return msh.field(number).text(); };
  const auto first = [&](std::size_t number) { return msh.field(number).component(1).text(); };
  return {message.delimiters(),
          whole(3),
          whole(4),
          whole(5),
          whole(6),
          first(9),
          msh.field(9).component(2).text(),
          whole(10),
          first(11),
          first(12),
          whole(15),
          whole(16)};
}

std::optional<Header> ScanHeader(std::string_view bytes) {
  const std::size_t begin = bytes.find("MSH");
  if (begin == bytes.npos ||
      bytes.substr(0, begin).find_first_not_of("\xEF\xBB\xBF\r\n \t\x0B") != bytes.npos) {
    return std::nullopt;
  }
  const std::size_t end = bytes.find_first_of("\r\n\x1C", begin);
  std::string line = WholeFields(bytes.substr(begin, end - begin));
  ParseOptions options;
  options.undeclared_charset = "8859/1";
  auto message = Parse(line, options);
  if (!message) {  // the declared set may be what was wrong: read what is ASCII
    for (char& c : line) c = c <= 0 || c == kMllpStart ? '?' : c;
    options.ascii = true;
    message = Parse(line, options);
  }
  if (!message) return std::nullopt;
  return ReadHeader(*message);
}

AckMode ModeOf(const Header& header, AckCode code) {
  if (header.accept_ack.empty() && header.application_ack.empty()) return AckMode::kOriginal;
  if (Wanted(header.accept_ack, code)) return AckMode::kAccept;
  if (Wanted(header.application_ack, code)) return AckMode::kApplication;
  return AckMode::kNone;
}

std::string BuildAck(const Header& header, AckCode code, std::string_view text,
                     const base::Error* error, const AckStamp& stamp) {
  const AckMode mode = ModeOf(header, code);
  if (mode == AckMode::kNone) return {};
  return Render(header, CodeText(mode, code), text, error, stamp);
}

std::string BuildAckWithoutHeader(AckCode code, const base::Error& error, const AckStamp& stamp) {
  return Render(Header{}, base::AckText(code), base::Describe(error), &error, stamp);
}

}  // namespace milecastle::hl7v2
