// ED: data with its media type (HL7 v3 data types R1, "Encapsulated Data").
#include <algorithm>
#include <array>

#include "base/crypto.h"
#include "detail/values.h"

namespace milecastle::cda {
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
constexpr std::string_view kUnknown = "application/octet-stream";

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

// What the bytes begin with counts where it contradicts: a viewer that is told otherwise shows
// nothing, or runs what should be shown.
std::string MediaTypeOf(const std::string& declared, std::string_view bytes) {
  const std::string_view sniffed = SniffedOf(bytes);
  if (declared.empty()) return std::string(sniffed.empty() ? kUnknown : sniffed);
  if (!sniffed.empty()) return Agrees(declared, sniffed) ? declared : std::string(sniffed);
  return HasSignature(declared) ? std::string(kUnknown) : declared;
}

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

bool IsCut(std::string_view media_type, std::string_view bytes) {
  if (media_type != "application/pdf") return false;
  const std::size_t tail = std::min<std::size_t>(bytes.size(), 2048);
  return bytes.substr(bytes.size() - tail).find("%%EOF") == std::string_view::npos;
}

std::optional<std::string> FromBase64(std::string_view text) {
  std::string compact;
  compact.reserve(text.size());
  std::copy_if(text.begin(), text.end(), std::back_inserter(compact),
               [](char c) { return c != ' ' && c != '\n' && c != '\r' && c != '\t'; });
  while (compact.size() % 4 > 1) compact += '=';
  return base::FromBase64(compact);
}

}  // namespace

record::Document MediaOf(Context& context, const xml::Node& data, std::string title) {
  record::Document out;
  out.title = std::move(title);
  out.truncated = true;  // until its content is here
  TypeOf(data);
  for (const char* name : {"language", "charset"}) data.value(name);
  const bool is_base64 = data.value("representation") == "B64";
  const std::string declared = Lower(Trimmed(data.value("mediaType")));
  out.media_type = declared.empty() ? std::string(kUnknown) : declared;
  if (data["reference"]) {
    context.Miss(data["reference"], "a document that stands elsewhere: it is not fetched");
  }
  if (data.attribute("compression")) {
    context.Miss(data, "compressed content is not read; send it as it is");
    return out;
  }
  const std::string_view text = data.peek();
  if (text.empty()) return out;
  auto bytes = is_base64 ? FromBase64(text) : std::optional(std::string(text));
  if (!bytes) {
    context.Miss(data, "not in base64 as it says: listed without its content");
    return out;
  }
  data.text();
  out.bytes = *std::move(bytes);
  out.media_type = MediaTypeOf(declared.empty() && !is_base64 ? "text/plain" : declared, out.bytes);
  if (!declared.empty() && out.media_type != declared) {
    context.Miss(data.attribute("mediaType"), "the content is of another type than it says");
  }
  out.truncated = out.bytes.empty() || IsCut(out.media_type, out.bytes);
  return out;
}

}  // namespace milecastle::cda
