#include "inside/text.h"

#include <unicode/ucnv.h>

#include <algorithm>
#include <charconv>
#include <memory>

#include "base/utf8.h"

namespace milecastle::csv {
namespace {

using base::Error;
using base::ErrorId;

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";
constexpr std::string_view kLittleEndianMark = "\xFF\xFE";
constexpr std::string_view kBigEndianMark = "\xFE\xFF";
constexpr std::string_view kPartMark = "#part,";

bool IsUtf16(std::string_view bytes) {
  return bytes.starts_with(kLittleEndianMark) || bytes.starts_with(kBigEndianMark);
}

std::size_t LineAt(std::string_view text, std::size_t at) {
  const auto begin = text.begin();
  return 1U +
         static_cast<std::size_t>(std::count(begin, begin + static_cast<std::ptrdiff_t>(at), '\n'));
}

base::Result<void> CheckUtf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '\0') {
      return Error{ErrorId::kMessageUnparseable, PlaceOfLine(LineAt(text, at)),
                   "it holds a NUL character: send text, in UTF-8"};
    }
    const std::size_t length =
        static_cast<unsigned char>(text[at]) < 0x80U ? 1 : base::Utf8Length(text.substr(at));
    if (length == 0) {
      return Error{ErrorId::kCharacterSetUnsupported, PlaceOfLine(LineAt(text, at)),
                   "it is not UTF-8: save the file as UTF-8, or name its charset in the mapping"};
    }
    at += length;
  }
  return {};
}

base::Result<std::string> Converted(std::string_view bytes, const char* charset) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UConverter, decltype(&ucnv_close)> from(ucnv_open(charset, &status),
                                                                &ucnv_close);
  const std::unique_ptr<UConverter, decltype(&ucnv_close)> to(ucnv_open("UTF-8", &status),
                                                              &ucnv_close);
  if (U_FAILURE(status) != 0) return Error{ErrorId::kInternal, "charset", "ICU does not have it"};
  ucnv_setToUCallBack(from.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
  ucnv_setFromUCallBack(to.get(), UCNV_FROM_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
  std::string text(bytes.size() * 3, '\0');  // UTF-8 needs no more, of either
  char* target = text.data();
  const char* source = bytes.data();
  ucnv_convertEx(to.get(), from.get(), &target, text.data() + text.size(), &source,
                 bytes.data() + bytes.size(), nullptr, nullptr, nullptr, nullptr, 1, 1, &status);
  if (U_FAILURE(status) != 0) {
    return Error{ErrorId::kCharacterSetUnsupported, "file",
                 "it is not in the charset that its mapping names"};
  }
  text.resize(static_cast<std::size_t>(target - text.data()));
  return text;
}

base::Result<std::string> FromUtf16(std::string_view bytes) {
  if (!IsUtf16(bytes)) {
    return Error{ErrorId::kCharacterSetUnsupported, "file",
                 "UTF-16 begins with a byte order mark: save the file as UTF-8, or with it"};
  }
  const bool little = bytes.starts_with(kLittleEndianMark);
  return Converted(bytes.substr(2), little ? "UTF-16LE" : "UTF-16BE");
}

// The five bytes that it leaves undefined become C1 controls, which no text holds.
base::Result<std::string> FromWindows1252(std::string_view bytes) {
  auto text = Converted(bytes, "windows-1252");
  if (!text) return text;
  for (std::size_t at = text->find('\xC2'); at != std::string::npos;
       at = text->find('\xC2', at + 1)) {
    if (at + 1 < text->size() && static_cast<unsigned char>((*text)[at + 1]) < 0xA0U) {
      return Error{ErrorId::kCharacterSetUnsupported, PlaceOfLine(LineAt(*text, at)),
                   "it is not Windows-1252: name the file's charset in the mapping"};
    }
  }
  return text;
}

base::Result<std::string> Decoded(std::string_view bytes, Charset charset) {
  if (bytes.starts_with(kUtf8Mark)) return std::string(bytes.substr(kUtf8Mark.size()));
  if (charset == Charset::kUtf16) return FromUtf16(bytes);
  if (IsUtf16(bytes)) {
    return Error{ErrorId::kCharacterSetUnsupported, "file",
                 "it is UTF-16: save the file as UTF-8, or write charset = \"utf-16\" in the "
                 "mapping"};
  }
  return charset == Charset::kWindows1252 ? FromWindows1252(bytes) : std::string(bytes);
}

}  // namespace

Part PartOf(std::string_view bytes) {
  if (!bytes.starts_with(kPartMark)) return {0, bytes};
  const char* const begin = bytes.data() + kPartMark.size();
  const char* const end = bytes.data() + bytes.size();
  std::size_t line = 0;
  const auto [stop, error] = std::from_chars(begin, end, line);
  if (error != std::errc() || stop == end || *stop != '\n' || line == 0) return {0, bytes};
  return {line, bytes.substr(static_cast<std::size_t>(stop + 1 - bytes.data()))};
}

std::string MarkOf(std::size_t first_line) {
  return std::string(kPartMark) + std::to_string(first_line) + "\n";
}

base::Result<std::string> ToUtf8(std::string_view bytes, const Dialect& dialect) {
  const Error too_large{ErrorId::kMessageTooLarge, "file", "send the rows in several files"};
  if (bytes.size() > dialect.limits.bytes) return too_large;
  const bool marked = PartOf(bytes).first_line != 0;
  auto text = Decoded(bytes, marked ? Charset::kUtf8 : dialect.charset);
  if (!text) return text;
  if (text->size() > dialect.limits.bytes) return too_large;
  if (auto checked = CheckUtf8(*text); !checked) return checked.error();
  return text;
}

std::string PlaceOfLine(std::size_t line) { return "line " + std::to_string(line); }

}  // namespace milecastle::csv
