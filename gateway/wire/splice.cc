#include "wire/splice.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <array>

#include "inside/encoder.h"
#include "milecastle/v1/record.pb.h"
#include "milecastle/v1/view.pb.h"

namespace milecastle::wire {
namespace {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

struct GroupField {
  Group group;
  int field;
  std::string_view name;
};
constexpr std::array kGroups = {
    GroupField{Group::kAddresses, v1::Entry::kAddressesFieldNumber, "addresses"},
    GroupField{Group::kContacts, v1::Entry::kContactsFieldNumber, "contacts"},
    GroupField{Group::kPractice, v1::Entry::kPracticeFieldNumber, "practice"},
    GroupField{Group::kPerformers, v1::Entry::kPerformersFieldNumber, "performers"},
    GroupField{Group::kFreeText, v1::Entry::kFreeTextFieldNumber, "free_text"},
    GroupField{Group::kDocument, v1::Entry::kDocumentFieldNumber, "document"},
};

bool IsMasked(int field, GroupSet masked) {
  for (const GroupField& group : kGroups) {
    if (group.field == field) return masked.Has(group.group);
  }
  return false;
}

constexpr std::size_t kIdSize = 16;

constexpr std::uint32_t kIdTag = LengthTag(v1::Entry::kEntryIdFieldNumber);
constexpr std::size_t kIdFieldSize = 2 + 1 + kIdSize;  // the tag of field 50 is two bytes
static_assert(kIdTag >= 0x80 && kIdTag < 0x4000);

char* Write(char* at, std::string_view bytes) { return at + bytes.copy(at, bytes.size()); }

// Stored bytes, the entry's id, and its tail.
char* WriteEntry(char* at, const EntryParts& parts) {
  at = Write(at, parts.shown);
  at = WriteHead(at, kIdTag, kIdSize);
  return Write(Write(at, parts.id), parts.tail);
}

std::size_t SizeOf(const EntryParts& parts) {
  return parts.shown.size() + kIdFieldSize + parts.tail.size();
}

}  // namespace

std::string EncodeTrailer(const ClassTrailer& trailer) {
  using Fields = v1::Entry;
  constexpr std::size_t kMostly = 32;  // beside source and rule
  base::Room room(trailer.source.size() + trailer.rule.size() + kMostly);
  Encoder out(room);
  if (!trailer.source_masked) out.Text(Fields::kSourceFieldNumber, trailer.source);
  for (const GroupField& group : kGroups) {
    if (trailer.masked.Has(group.group)) out.Item(Fields::kMaskedFieldNumber, group.name);
  }
  if (trailer.source_masked) out.Item(Fields::kMaskedFieldNumber, "source");
  out.Text(Fields::kRuleFieldNumber, trailer.rule);
  out.Number(Fields::kIdentityUntracedFieldNumber, trailer.untraced ? 1 : 0);
  out.Number(Fields::kHeadlineFieldNumber, static_cast<std::uint64_t>(trailer.headline));
  return std::move(room).Take();
}

void AppendLinks(base::Room& tail, std::span<const ShownLink> links) {
  Encoder out(tail);
  for (const ShownLink& link : links) {
    out.Message(v1::Entry::kLinksFieldNumber, [&] {
      out.Item(v1::EntryLink::kRelationFieldNumber, link.relation);
      out.Item(v1::EntryLink::kEntryIdFieldNumber, link.id);
    });
  }
}

bool KeepUnmasked(std::string_view stored, GroupSet masked, std::string& kept) {
  CodedInputStream in(reinterpret_cast<const std::uint8_t*>(stored.data()),
                      static_cast<int>(stored.size()));
  int start = 0;
  while (const std::uint32_t tag = in.ReadTag()) {
    if (!WireFormatLite::SkipField(&in, tag)) return false;
    const int end = in.CurrentPosition();
    if (!IsMasked(WireFormatLite::GetTagFieldNumber(tag), masked)) {
      kept.append(
          stored.substr(static_cast<std::size_t>(start), static_cast<std::size_t>(end - start)));
    }
    start = end;
  }
  return start == static_cast<int>(stored.size());
}

std::string EncodeShown(const EntryParts& parts) {
  base::Room entry(SizeOf(parts));
  entry.End(WriteEntry(entry.For(SizeOf(parts)), parts));
  return std::move(entry).Take();
}

void AppendEntry(base::Room& view, const EntryParts& parts) {
  const std::size_t size = SizeOf(parts);
  char* const at = view.For(kMostOfAHead + size);
  constexpr std::uint32_t kTag = LengthTag(v1::PatientView::kEntriesFieldNumber);
  view.End(WriteEntry(WriteHead(at, kTag, size), parts));
}

}  // namespace milecastle::wire
