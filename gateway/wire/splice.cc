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

void AppendVarint(std::string& out, std::uint32_t value) {
  std::array<std::uint8_t, 8> bytes{};
  const std::uint8_t* end = CodedOutputStream::WriteVarint32ToArray(value, bytes.data());
  out.append(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::size_t>(end - bytes.data()));
}

// The stored fields that no mask drops, as they stand.
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

}  // namespace

std::vector<std::string> GroupSet::Names() const {
  std::vector<std::string> names;
  for (const GroupField& group : kGroups) {
    if (Has(group.group)) names.emplace_back(group.name);
  }
  return names;
}

std::string EncodeTrailer(const ClassTrailer& trailer) {
  v1::Entry entry;
  if (!trailer.source_masked) entry.set_source(trailer.source);
  for (const std::string& name : trailer.masked.Names()) entry.add_masked(name);
  if (trailer.source_masked) entry.add_masked("source");
  entry.set_rule(trailer.rule);
  return Serialise(entry);
}

bool AppendEntry(std::string& view, std::string_view stored, GroupSet masked, std::string_view id,
                 std::string_view trailer) {
  std::string kept;
  if (!masked.empty()) {
    if (!KeepUnmasked(stored, masked, kept)) return false;
    stored = kept;
  }
  constexpr std::size_t kIdFieldSize = 2 + 1 + 16;  // tag of field 50 is two bytes
  if (id.size() != 16) return false;
  AppendVarint(view, LengthTag(v1::PatientView::kEntriesFieldNumber));
  AppendVarint(view, static_cast<std::uint32_t>(stored.size() + kIdFieldSize + trailer.size()));
  view.append(stored);
  AppendVarint(view, LengthTag(v1::Entry::kEntryIdFieldNumber));
  AppendVarint(view, 16);
  view.append(id);
  view.append(trailer);
  return true;
}

}  // namespace milecastle::wire
