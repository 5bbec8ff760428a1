#include "wire/splice.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <array>
#include <cstring>

#include "inside/parts.h"
#include "milecastle/v1/record.pb.h"
#include "milecastle/v1/view.pb.h"

namespace milecastle::wire {
namespace {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;
using google::protobuf::io::CodedOutputStream;

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

std::uint32_t LengthTag(int field) {
  return WireFormatLite::MakeTag(field, WireFormatLite::WIRETYPE_LENGTH_DELIMITED);
}

// A tag and what follows it: a length, or a number that is the field's value.
void AppendHead(std::string& out, std::uint32_t tag, std::size_t number) {
  std::array<std::uint8_t, 10> bytes{};
  std::uint8_t* end = CodedOutputStream::WriteVarint32ToArray(tag, bytes.data());
  end = CodedOutputStream::WriteVarint32ToArray(static_cast<std::uint32_t>(number), end);
  out.append(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::size_t>(end - bytes.data()));
}

constexpr std::size_t kIdSize = 16;

constexpr std::uint32_t kIdTag =
    (static_cast<std::uint32_t>(v1::Entry::kEntryIdFieldNumber) << 3U) | 2U;
constexpr std::size_t kIdFieldSize = 2 + 1 + kIdSize;  // the tag of field 50 is two bytes
static_assert(kIdTag >= 0x80 && kIdTag < 0x4000);

// Links and trailers by hand, since a message built for every entry and class would cost more than
// all else of a view.
void AppendBytes(std::string& out, int field, std::string_view bytes) {
  AppendHead(out, LengthTag(field), bytes.size());
  out.append(bytes);
}

}  // namespace

std::string EncodeTrailer(const ClassTrailer& trailer) {
  constexpr std::size_t kMostly = 16;  // beside source and rule
  std::string out;
  out.reserve(trailer.source.size() + trailer.rule.size() + kMostly);
  const auto append = [&out](int field, std::string_view text) {
    if (!text.empty()) AppendBytes(out, field, text);
  };
  if (!trailer.source_masked) append(v1::Entry::kSourceFieldNumber, trailer.source);
  for (const GroupField& group : kGroups) {
    if (trailer.masked.Has(group.group)) append(v1::Entry::kMaskedFieldNumber, group.name);
  }
  if (trailer.source_masked) append(v1::Entry::kMaskedFieldNumber, "source");
  append(v1::Entry::kRuleFieldNumber, trailer.rule);
  const auto append_number = [&out](int field, std::uint32_t number) {
    if (number == 0) return;
    AppendHead(out, WireFormatLite::MakeTag(field, WireFormatLite::WIRETYPE_VARINT), number);
  };
  append_number(v1::Entry::kIdentityUntracedFieldNumber, trailer.untraced ? 1 : 0);
  append_number(v1::Entry::kHeadlineFieldNumber, static_cast<std::uint32_t>(trailer.headline));
  return out;
}

void AppendLinks(std::string& tail, std::span<const ShownLink> links) {
  std::string link_bytes;
  for (const ShownLink& link : links) {
    link_bytes.clear();
    AppendBytes(link_bytes, v1::EntryLink::kRelationFieldNumber, link.relation);
    AppendBytes(link_bytes, v1::EntryLink::kEntryIdFieldNumber, link.id);
    AppendBytes(tail, v1::Entry::kLinksFieldNumber, link_bytes);
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
  std::string entry;
  entry.reserve(parts.shown.size() + kIdFieldSize + parts.tail.size());
  entry.append(parts.shown);
  AppendBytes(entry, v1::Entry::kEntryIdFieldNumber, parts.id);
  entry.append(parts.tail);
  return entry;
}

void AppendEntry(std::string& view, const EntryParts& parts) {
  const std::size_t size = parts.shown.size() + kIdFieldSize + parts.tail.size();
  // Room is made once for all of an entry: to ask for it piece by piece costs more than the
  // copying.
  const std::size_t begin = view.size();
  constexpr std::uint32_t kTag = (v1::PatientView::kEntriesFieldNumber << 3U) | 2U;
  static_assert(kTag < 0x80);
  view.resize(begin + 1 + CodedOutputStream::VarintSize32(static_cast<std::uint32_t>(size)) + size);
  auto* at = reinterpret_cast<std::uint8_t*>(&view[begin]);
  const auto put = [&at](std::string_view bytes) {
    if (!bytes.empty()) std::memcpy(at, bytes.data(), bytes.size());
    at += bytes.size();
  };
  const auto put_number = [&at](std::size_t number) {
    at = CodedOutputStream::WriteVarint32ToArray(static_cast<std::uint32_t>(number), at);
  };
  put_number(kTag);
  put_number(size);
  put(parts.shown);
  put_number(kIdTag);
  put_number(kIdSize);
  put(parts.id);
  put(parts.tail);
}

}  // namespace milecastle::wire
