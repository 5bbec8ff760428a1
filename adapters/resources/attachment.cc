#include "resources/attachment.h"

#include <charconv>
#include <cstdint>
#include <string>
#include <system_error>
#include <utility>

#include "fhir/datatypes.h"
#include "record/document_id.h"
#include "record/media.h"
#include "resources/values.h"

namespace milecastle::resources {

using fhir::Element;

namespace {

// A size that the bytes do not reach says that they were cut, one that is past counting as well.
bool IsCut(std::string_view size, const std::string& bytes) {
  std::uint64_t said = 0;
  const auto [end, failed] = std::from_chars(size.data(), size.data() + size.size(), said);
  return failed == std::errc::result_out_of_range || (failed == std::errc() && said > bytes.size());
}

// `holder` has the bytes, and a type where the attachment says none: itself, or a Binary.
void ReadBytes(Context& context, const Element& attachment, const Element& holder,
               record::Entry* entry) {
  const std::string_view own = attachment["contentType"].text();
  const std::string_view other = holder["contentType"].text();
  const std::string_view title = attachment["title"].text();
  const std::string_view size = attachment["size"].text();
  const Element data = holder["data"] ? holder["data"] : holder["content"];  // of STU3's Binary
  const bool holds = data || holder != attachment;  // a Binary without bytes lacks them
  auto bytes = holds && !entry->document ? record::BytesOfBase64(data.peek()) : std::nullopt;
  if (!bytes) {
    if (holds)
      context.Miss(data, entry->document ? "a document keeps one attachment" : "not base64");
    AddDetail(entry, "media type", own.empty() ? other : own);
    AddDetail(entry, "attachment", title);
    return;
  }
  data.text();
  attachment["hash"].text();
  const bool is_cut = IsCut(size, *bytes);
  entry->document =
      DocumentOf(context, own.empty() ? holder["contentType"] : attachment["contentType"], title,
                 std::move(*bytes));
  entry->document->truncated = entry->document->truncated || is_cut;
}

}  // namespace

void ReadAttachment(Context& context, const Element& attachment, record::Entry* entry) {
  AddDetail(entry, record::kDocumentSize, attachment["size"].text());
  const std::string_view address = attachment["url"].text();
  if (!address.empty()) AddText(entry, "Held at " + std::string(address));
  AddDetail(entry, "attachment created", WhenOf(context, attachment["creation"]));
  ReadBytes(context, attachment, attachment, entry);
}

void ReadBinary(Context& context, const Element& attachment, const Element& binary,
                record::Draft* draft) {
  record::Entry* const entry = &draft->entry;
  for (const Element& label : binary["meta"]["security"].items()) {
    draft->source_labels.push_back(LabelOf(label));
  }
  fhir::TypeOf(binary);
  fhir::IdOf(binary);
  attachment["url"].text();  // it leads here
  AddDetail(entry, record::kDocumentSize, attachment["size"].text());
  AddDetail(entry, "attachment created", WhenOf(context, attachment["creation"]));
  ReadBytes(context, attachment, binary, entry);
}

void ReadHeld(Context& context, const Element& attachment, const Element& within,
              record::Draft* draft) {
  const Element binary = context.Resolve(attachment["url"].peek(), within);
  if (binary["resourceType"].peek() == "Binary") {
    return ReadBinary(context, attachment, binary, draft);
  }
  ReadAttachment(context, attachment, &draft->entry);
}

record::Document DocumentOf(Context& context, const Element& type, std::string_view title,
                            std::string bytes) {
  auto document = record::DocumentOf(type.text(), std::string(title), std::move(bytes));
  if (const auto why = record::WhyOfOtherType(type.peek(), document)) context.Miss(type, *why);
  return document;
}

}  // namespace milecastle::resources
