// ED: data with its media type (HL7 v3 data types R1, "Encapsulated Data").
#include "record/media.h"

#include <utility>

#include "detail/values.h"

namespace milecastle::cda {

record::Document MediaOf(Context& context, const xml::Node& data, std::string title) {
  record::Document out;
  out.title = std::move(title);
  out.truncated = true;  // until its content is here
  TypeOf(data);
  for (const char* name : {"language", "charset"}) data.value(name);
  const bool is_base64 = data.value("representation") == "B64";
  const std::string declared = record::PlainMediaType(data.value("mediaType"));
  out.media_type = declared.empty() ? std::string(record::kUnknownMedia) : declared;
  if (data["reference"]) {
    context.Miss(data["reference"], "a document that stands elsewhere: it is not fetched");
  }
  if (data.attribute("compression")) {
    context.Miss(data, "compressed content is not read; send it as it is");
    return out;
  }
  const std::string_view text = data.peek();
  if (text.empty()) return out;
  auto bytes = is_base64 ? record::BytesOfBase64(text) : std::optional(std::string(text));
  if (!bytes) {
    context.Miss(data, "not in base64 as it says: listed without its content");
    return out;
  }
  data.text();
  const bool is_text = declared.empty() && !is_base64;
  out = record::DocumentOf(is_text ? "text/plain" : declared, std::move(out.title),
                           *std::move(bytes));
  if (const auto why = record::WhyOfOtherType(declared, out)) {
    context.Miss(data.attribute("mediaType"), *why);
  }
  return out;
}

}  // namespace milecastle::cda
