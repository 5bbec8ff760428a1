#include "resources/attachment.h"

#include <cstdlib>
#include <string>
#include <utility>

#include "record/media.h"
#include "resources/values.h"

namespace milecastle::resources {

using fhir::Element;

void ReadAttachment(Context& context, const Element& attachment, record::Entry* entry) {
  const std::string_view media_type = attachment["contentType"].text();
  const std::string_view title = attachment["title"].text();
  const std::string_view size = attachment["size"].text();
  AddDetail(entry, "size in bytes", size);
  const std::string_view address = attachment["url"].text();
  if (!address.empty()) AddText(entry, "Held at " + std::string(address));
  AddDetail(entry, "attachment created", WhenOf(context, attachment["creation"]));
  const Element data = attachment["data"];
  auto bytes = data && !entry->document ? record::BytesOfBase64(data.peek()) : std::nullopt;
  if (!bytes) {
    if (data)
      context.Miss(data, entry->document ? "a document keeps one attachment" : "not base64");
    AddDetail(entry, "media type", media_type);
    AddDetail(entry, "attachment", title);
    return;
  }
  data.text();
  attachment["hash"].text();
  // A size that the bytes do not reach says that they were cut.
  const bool is_cut = std::strtoull(std::string(size).c_str(), nullptr, 10) > bytes->size();
  entry->document = DocumentOf(context, attachment["contentType"], title, std::move(*bytes));
  entry->document->truncated = entry->document->truncated || is_cut;
}

record::Document DocumentOf(Context& context, const Element& type, std::string_view title,
                            std::string bytes) {
  auto document = record::DocumentOf(type.text(), std::string(title), std::move(bytes));
  if (const auto why = record::WhyOfOtherType(type.peek(), document)) context.Miss(type, *why);
  return document;
}

}  // namespace milecastle::resources
