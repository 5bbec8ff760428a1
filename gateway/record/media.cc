#include "record/media.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "base/crypto.h"
#include "base/text.h"

namespace milecastle::record {
namespace {

struct Signature {
  std::string_view starts;
  std::string_view media_type;
};
constexpr auto kSignatures = std::to_array<Signature>({
    {"%PDF-", "application/pdf"},
    {"\xFF\xD8\xFF", "image/jpeg"},
    {"\x89PNG\r\n", "image/png"},
    {"GIF8", "image/gif"},
    {"II*", "image/tiff"},
    {std::string_view("MM\0*", 4), "image/tiff"},
    {"{\\rtf", "application/rtf"},
    {"PK\x03\x04", "application/zip"},
});

std::string_view SniffedOf(std::string_view bytes) {
  for (const Signature& each : kSignatures) {
    if (bytes.starts_with(each.starts)) return each.media_type;
  }
  return {};
}

// Types that are one: office formats are zip files, and a picture may be declared in three
// spellings.
bool Agrees(std::string_view declared, std::string_view sniffed) {
  if (declared == sniffed) return true;
  if (sniffed == "application/zip") {
    return declared.find("openxml") != std::string_view::npos ||
           declared.find("opendocument") != std::string_view::npos;
  }
  return (declared == "text/rtf" && sniffed == "application/rtf") ||
         (declared == "image/jpg" && sniffed == "image/jpeg") ||
         (declared == "image/tif" && sniffed == "image/tiff");
}

bool HasSignature(std::string_view declared) {
  return std::any_of(kSignatures.begin(), kSignatures.end(), [&](const Signature& each) {
    return each.media_type == declared && declared != "application/zip";
  });
}

bool CanRun(std::string_view media_type) {
  constexpr auto kActive = std::to_array<std::string_view>(
      {"html", "/xml", "+xml", "javascript", "ecmascript", "/x-sh", "multipart/"});
  return std::any_of(kActive.begin(), kActive.end(), [&](std::string_view part) {
    return media_type.find(part) != std::string_view::npos;
  });
}

}  // namespace

std::string PlainMediaType(std::string_view declared) {
  std::string plain;
  for (const char c : declared.substr(0, declared.find(';'))) {
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') continue;
    plain += base::Lower(c);
  }
  return plain;
}

std::string MediaTypeOf(std::string_view declared, std::string_view bytes) {
  const std::string said = PlainMediaType(declared);
  const std::string_view sniffed = SniffedOf(bytes);
  if (!sniffed.empty()) return Agrees(said, sniffed) ? said : std::string(sniffed);
  if (said.empty() || HasSignature(said) || CanRun(said)) return std::string(kUnknownMedia);
  return said;
}

bool IsCutShort(std::string_view media_type, std::string_view bytes) {
  if (media_type != "application/pdf") return false;
  const std::size_t tail = std::min<std::size_t>(bytes.size(), 2048);
  return bytes.substr(bytes.size() - tail).find("%%EOF") == std::string_view::npos;
}

Document DocumentOf(std::string_view declared, std::string title, std::string bytes) {
  std::string media_type = bytes.empty() ? PlainMediaType(declared) : MediaTypeOf(declared, bytes);
  if (media_type.empty()) media_type = kUnknownMedia;
  Document document{
      .media_type = std::move(media_type), .title = std::move(title), .bytes = std::move(bytes)};
  document.truncated = document.bytes.empty() || IsCutShort(document.media_type, document.bytes);
  return document;
}

std::optional<std::string> WhyOfOtherType(std::string_view declared, const Document& document) {
  const std::string plain = PlainMediaType(declared);
  if (plain.empty() || plain == document.media_type) return std::nullopt;
  return "the content is of another type than it says, or of one that can run: it is kept as bytes";
}

std::optional<std::string> BytesOfBase64(std::string_view text) {
  std::string compact;
  compact.reserve(text.size());
  std::copy_if(text.begin(), text.end(), std::back_inserter(compact),
               [](char c) { return c != ' ' && c != '\n' && c != '\r' && c != '\t'; });
  while (compact.size() % 4 > 1) compact += '=';
  return base::FromBase64(compact);
}

}  // namespace milecastle::record
