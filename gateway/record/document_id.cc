#include "record/document_id.h"

#include <algorithm>
#include <charconv>

#include "record/fhir_id.h"

namespace milecastle::record {
namespace {

constexpr std::string_view kBinary = "Binary/";

std::string_view DetailOf(const Entry& entry, std::string_view name) {
  const auto found = std::find_if(entry.details.begin(), entry.details.end(),
                                  [&](const Detail& each) { return each.name == name; });
  return found == entry.details.end() ? std::string_view() : std::string_view(found->text);
}

}  // namespace

std::string_view DocumentIdOf(std::string_view address) {
  const std::size_t at = address.rfind(kBinary);
  if (at == std::string_view::npos || (at > 0 && address[at - 1] != '/')) return {};
  std::string_view id = address.substr(at + kBinary.size());
  const std::size_t version = id.find("/_history/");
  if (version != std::string_view::npos) id = id.substr(0, version);
  return IsFhirId(id) ? id : std::string_view();
}

std::string_view DocumentIdOf(const Entry& entry) { return DetailOf(entry, kDocumentId); }

std::optional<std::uint64_t> DocumentSizeOf(const Entry& entry) {
  const std::string_view text = DetailOf(entry, kDocumentSize);
  std::uint64_t size = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), size);
  if (failed != std::errc() || end != text.data() + text.size() || text.empty()) {
    return std::nullopt;
  }
  return size;
}

}  // namespace milecastle::record
