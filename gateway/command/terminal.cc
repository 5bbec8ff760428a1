#include "inside/terminal.h"

#include <date/tz.h>

#include <boost/json.hpp>

#include "base/utf8.h"
#include "record/when.h"

namespace milecastle::command {
namespace {

void PrintPart(std::ostream& err, std::string_view name, std::string_view text) {
  if (!text.empty()) err << "  " << name << Printable(text) << "\n";
}

void PrintTrouble(Terminal& terminal, const Trouble& trouble) {
  if (terminal.json) {
    const boost::json::object error = {{"what", ValidUtf8(trouble.what)},
                                       {"where", ValidUtf8(trouble.where)},
                                       {"why", ValidUtf8(trouble.why)},
                                       {"advice", ValidUtf8(trouble.advice)},
                                       {"exit", static_cast<int>(trouble.exit)}};
    terminal.err << boost::json::serialize(error) << "\n";
    return;
  }
  terminal.err << "milecastle" << (terminal.command.empty() ? "" : " ") << terminal.command << ": "
               << Printable(trouble.what) << "\n";
  PrintPart(terminal.err, "where:      ", trouble.where);
  PrintPart(terminal.err, "why:        ", trouble.why);
  PrintPart(terminal.err, "what to do: ", trouble.advice);
}

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// C0 and C1 controls, DEL, and the marks that turn the direction of writing: U+202A–E, U+2066–9.
bool IsControl(std::string_view sequence) {
  if (sequence.size() == 1) {
    const auto byte = static_cast<unsigned char>(sequence[0]);
    return byte < 0x20 || byte == 0x7F;
  }
  if (sequence.size() == 2) return sequence[0] == '\xC2' && sequence < "\xC2\xA0";
  return (sequence >= "\xE2\x80\xAA" && sequence <= "\xE2\x80\xAE") ||
         (sequence >= "\xE2\x81\xA6" && sequence <= "\xE2\x81\xA9");
}

}  // namespace

Trouble MisuseOf(std::string where, std::string why, std::string advice) {
  return {kMisuse, "the command was not understood", std::move(where), std::move(why),
          std::move(advice)};
}

Trouble TroubleOf(const base::Error& error, std::string what, Exit exit) {
  const base::ErrorLine& line = base::LineOf(error.id);
  return {exit, std::move(what), error.place,
          std::string(line.meaning) + " (" + std::string(line.name) + ")", error.advice};
}

int Report(Terminal& terminal, const Trouble& trouble) {
  PrintTrouble(terminal, trouble);
  return trouble.exit;
}

int Report(Terminal& terminal, const std::vector<Trouble>& troubles) {
  for (const Trouble& trouble : troubles) PrintTrouble(terminal, trouble);
  return troubles.empty() ? kDone : troubles.front().exit;
}

std::string ValidUtf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = base::Utf8Length(text);
    out += length == 0 ? kReplacement : text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

std::string Printable(std::string_view text) {
  const std::string valid = ValidUtf8(text);
  std::string out;
  out.reserve(valid.size());
  std::string_view rest = valid;
  while (!rest.empty()) {
    const std::string_view one = rest.substr(0, base::Utf8Length(rest));
    rest.remove_prefix(one.size());
    if (one == "\n" || one == "\t") {
      out += ' ';
    } else if (one == "\r") {
      if (!rest.starts_with('\n')) out += ' ';
    } else {
      out += IsControl(one) ? kReplacement : one;
    }
  }
  return out;
}

std::string LondonTime(const google::protobuf::Timestamp& at) {
  static const date::time_zone* const london = date::locate_zone("Europe/London");
  const date::sys_seconds when{std::chrono::seconds(at.seconds())};
  return date::format("%F %T %Z", date::zoned_time(london, when));
}

std::string UtcTime(const google::protobuf::Timestamp& at) {
  return date::format("%F %T", date::sys_seconds{std::chrono::seconds(at.seconds())});
}

std::optional<google::protobuf::Timestamp> TimestampOf(std::string_view text) {
  const auto when = record::When::ParseIso(text);
  if (!when || when->precision < record::Precision::kDay) return std::nullopt;
  const auto micros = when->at.time_since_epoch().count();
  google::protobuf::Timestamp at;
  at.set_seconds(micros / 1'000'000);
  at.set_nanos(static_cast<std::int32_t>(micros % 1'000'000 * 1000));
  if (at.nanos() < 0) {
    at.set_nanos(at.nanos() + 1'000'000'000);
    at.set_seconds(at.seconds() - 1);
  }
  return at;
}

std::string Listed(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string Count(std::uint64_t number, std::string_view thing) {
  std::string text = std::to_string(number) + " " + std::string(thing);
  if (number == 1) return text;
  if (text.ends_with('y')) return text.substr(0, text.size() - 1) + "ies";
  return text + "s";
}

std::string HowFarText(const HowFar& far) {
  const std::int64_t took = far.took.count();
  if (far.whole == 0 || far.bytes == 0 || took <= 0) return "";
  const std::uint64_t bytes = std::min(far.bytes, far.whole);
  const auto rate = far.done * 1000 / static_cast<std::uint64_t>(took);
  const double part = static_cast<double>(bytes) / static_cast<double>(far.whole);
  const auto left =
      static_cast<std::uint64_t>(static_cast<double>(took) * (1 - part) / part / 1000 + 0.5);
  const std::string seconds = std::to_string(left % 60);
  return ", " + std::to_string(static_cast<int>(part * 100)) + " %, " + std::to_string(rate) +
         "/s, " + std::to_string(left / 60) + ":" + (seconds.size() < 2 ? "0" : "") + seconds +
         " left";
}

Progress::Progress(Terminal& terminal, std::string thing, Whole whole)
    : terminal_(terminal),
      thing_(std::move(thing)),
      whole_(whole),
      began_(std::chrono::steady_clock::now()),
      shown_(began_) {}

Progress::~Progress() {
  if (visible_) terminal_.err << "\r\x1b[K" << std::flush;
}

void Progress::Advance(std::uint64_t bytes) {
  ++done_;
  bytes_ += bytes;
  if (!terminal_.progress) return;
  const auto now = std::chrono::steady_clock::now();
  // Not before a second has passed, so that what is short stays silent.
  if (now - shown_ < (visible_ ? std::chrono::milliseconds(200) : std::chrono::seconds(1))) return;
  shown_ = now;
  visible_ = true;
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(now - began_);
  terminal_.err << "\r" << Count(done_, thing_) << HowFarText({done_, bytes_, whole_.bytes, took})
                << "\x1b[K" << std::flush;
}

}  // namespace milecastle::command
