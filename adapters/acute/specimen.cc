// SPM and SAC: a specimen and what it is in (HL7 v2.8.2 sections 7.4.3 and 13.4.3).
#include <array>

#include "inside/fields.h"
#include "inside/mappings.h"
#include "inside/reader.h"

namespace milecastle::acute {
namespace {

constexpr auto kContainer = std::to_array<FieldRow>({{1, "external accession number", As::kText},
                                                     {2, "accession number", As::kText},
                                                     {3, "container", As::kText},
                                                     {6, "container's specimen"},
                                                     {7, "container registered", As::kTime},
                                                     {8, "container status"},
                                                     {9, "container type"}});

}  // namespace

std::size_t ReadSpecimen(Reader& reader, const hl7v2::Segment& spm, const Surroundings& around) {
  record::Draft draft;
  record::Entry& entry = draft.entry;
  reader.Take(spm.field(1));
  entry.section = around.section;
  entry.kind = record::Kind::kSpecimen;
  entry.what = reader.Code(spm, 4);
  entry.group = around.group;
  const std::string id = reader.WholeText(spm, 2);
  entry.effective = reader.Time(spm, 17);
  reader.DetailTime(entry, "received", spm, 18);
  reader.Detail(entry, "modifier", spm, 5);
  reader.Detail(entry, "collection method", spm, 7);
  reader.Detail(entry, "site", spm, 8);
  reader.Detail(entry, "site modifier", spm, 9);
  reader.Detail(entry, "reject reason", spm, 21);
  reader.Detail(entry, "condition", spm, 24);
  AddText(entry, "specimen id", id);
  if (std::string text = reader.WholeText(spm, 14); !text.empty()) entry.free_text.push_back(text);
  auto key = around.key;
  key.push_back(id);
  draft.source_key = reader.Key("specimen", key);
  draft.source_labels = around.labels;
  reader.out().drafts.push_back(std::move(draft));
  return reader.out().drafts.size() - 1;
}

void ReadContainer(Reader& reader, const hl7v2::Segment& sac, record::Entry& specimen) {
  ReadFields(reader, sac, kContainer, specimen);
}

}  // namespace milecastle::acute
