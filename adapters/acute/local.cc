// Local (Z) segments, where the feed's mapping says what they are about: each becomes a statement
// under the mapping's heading, with a detail for each field that the mapping names. Fields that it
// does not name are listed as not carried, like all of a segment that is not mapped.
#include "inside/mappings.h"
#include "inside/reader.h"

namespace milecastle::acute {
namespace {

void ReadLocal(Reader& reader, const hl7v2::Segment& segment, const port::LocalSegment& mapped,
               const Visit& visit) {
  record::Draft draft;
  record::Entry& entry = draft.entry;
  entry.section = mapped.section;
  entry.kind = record::Kind::kStatement;
  entry.what.text = mapped.heading;
  for (const auto& [field, name] : mapped.details) {
    std::string text = reader.WholeText(segment, field);
    if (!text.empty()) entry.details.push_back({name, std::move(text), {}, std::nullopt});
  }
  if (entry.details.empty()) return;
  draft.source_key = reader.Key("local", {mapped.segment, mapped.heading, visit.number});
  reader.out().drafts.push_back(std::move(draft));
}

}  // namespace

void ReadLocalSegments(Reader& reader, const Visit& visit) {
  for (const port::LocalSegment& mapped : reader.feed().mapping.local_segments) {
    for (const hl7v2::Segment& segment : reader.all(mapped.segment)) {
      ReadLocal(reader, segment, mapped, visit);
    }
  }
}

}  // namespace milecastle::acute
