#include "inside/strict.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/utf8.h"
#include "inside/place.h"

namespace milecastle::wire {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

// Bytes of one text, but for those of kLimits.
constexpr std::size_t kLongestText = 65536;

struct Limit {
  std::string_view field;
  std::size_t bytes;
};
constexpr std::array kLimits = {
    Limit{"ContributionHeader.control_id", 128},
    Limit{"ContributionHeader.event", 64},
    Limit{"ContributionHeader.sender", 12},
    Limit{"PatientContribution.withdrawn_keys", 512},
    Limit{"PatientContribution.earlier_keys", 512},
    Limit{"PatientContribution.whole_documents", 512},
    Limit{"Draft.source_key", 512},
    Limit{"Draft.group", 512},
    Limit{"Draft.source_labels", 128},
    Limit{"DraftLink.relation", 64},
    Limit{"DraftLink.source_key", 512},
    Limit{"Draft.document_sha256", 32},
    Limit{"When.original", 64},
    Limit{"Coding.system", 256},
    Limit{"Coding.code", 256},
    Limit{"Coding.display", 1024},
    Limit{"Detail.name", 128},
    Limit{"LocalIdentifier.authority", 128},
    Limit{"LocalIdentifier.type", 64},
    Limit{"LocalIdentifier.value", 256},
    Limit{"PatientClaim.nhs_number", 64},
    Limit{"PatientClaim.birth_date", 10},
    Limit{"MergeClaim.surviving_nhs_number", 64},
    Limit{"MergeClaim.discarded_nhs_number", 64},
    Limit{"NotCarried.place", 128},
    Limit{"NotCarried.why", 256},
    Limit{"PreferenceClaim.place", 128},
    Limit{"PreferenceClaim.key", 512},
    Limit{"ReviewClaim.place", 128},
    // A document is as long as the feed's message limit lets it be.
    Limit{"Document.content", std::size_t{1} << 31},
};

// What must be stated, and not as nothing.
constexpr std::array<std::string_view, 25> kRequired = {
    "Contribution.header",
    "Contribution.patients",
    "ContributionHeader.control_id",
    "ContributionHeader.event",
    "PatientContribution.patient",
    "PatientContribution.withdrawn_keys",
    "PatientContribution.earlier_keys",
    "PatientContribution.whole_documents",
    "Draft.source_key",
    "Draft.entry",
    "Draft.source_labels",
    "DraftLink.relation",
    "DraftLink.source_key",
    "LocalIdentifier.authority",
    "LocalIdentifier.value",
    "NotCarried.place",
    "NotCarried.why",
    "PreferenceClaim.place",
    "ReviewClaim.place",
    "When.original",
    "Value.original",
    "Detail.name",
    "PersonNames.names",
    "Addresses.addresses",
    "Telecoms.telecoms",
};
// Repeated, and may be absent: each that is there must say something.
constexpr std::array<std::string_view, 4> kMayBeAbsent = {
    "PatientContribution.withdrawn_keys", "PatientContribution.earlier_keys",
    "PatientContribution.whole_documents", "Draft.source_labels"};

// Places and reasons, shown to operators: printable ASCII.
constexpr std::array<std::string_view, 6> kPlain = {
    "NotCarried.place",  "NotCarried.why",           "PreferenceClaim.place",
    "ReviewClaim.place", "ContributionHeader.event", "ContributionHeader.control_id"};

// What stands in an Entry from here on is added when it is disclosed.
constexpr int kFirstDisclosed = 50;

// "Draft.source_key": the field's name without the package's.
std::string_view NameOf(const FieldDescriptor& field) {
  std::string_view name = field.full_name();
  name.remove_prefix(field.file()->package().size() + 1);
  return name;
}

template <class Names>
bool Holds(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::size_t LimitOf(std::string_view field) {
  const auto* const found = std::find_if(kLimits.begin(), kLimits.end(),
                                         [&](const auto& one) { return one.field == field; });
  return found == kLimits.end() ? kLongestText : found->bytes;
}

bool IsControl(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < ' ' && c != '\t' && c != '\n' && c != '\r') || byte == 0x7f;
}

bool IsText(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = base::Utf8Length(text);
    if (length == 0 || IsControl(text.front())) return false;
    text.remove_prefix(length);
  }
  return true;
}

bool IsPlain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

// One message of the tree; what it holds is a Walk of its own. The contract's messages are not
// recursive, so no bytes make it deep.
class Walk {
 public:
  Walk(const Descriptor& type, const Place& place, std::optional<base::Error>& fault)
      : type_(type), place_(place), fault_(fault), seen_(type.field_count(), 0) {}

  void Read(std::string_view bytes) {
    CodedInputStream in(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                        static_cast<int>(bytes.size()));
    while (!fault_ && static_cast<std::size_t>(in.CurrentPosition()) < bytes.size()) {
      ReadField(in, bytes);
    }
    if (!fault_) LookForWhatIsMissing();
  }

 private:
  void Refuse(const FieldDescriptor& field, const char* advice) {
    fault_ = {base::ErrorId::kMessageInvalid, PlaceOf(field).ToString(), advice};
  }
  // The bytes are no message.
  void Break() {
    if (fault_) return;
    const std::string place = place_.ToString();
    fault_ = {base::ErrorId::kMessageUnparseable, place.empty() ? "message" : place,
              "it is no milecastle.v1.Contribution: send the bytes that protobuf makes of one"};
  }
  Place PlaceOf(const FieldDescriptor& field) const {
    // The last one that was counted; of what is missing, none was.
    const int index = field.is_repeated() ? seen_[field.index()] - 1 : -1;
    return {&place_, field.name(), index};
  }

  void ReadField(CodedInputStream& in, std::string_view bytes) {
    const std::uint32_t tag = in.ReadTag();
    const auto wire_type = WireFormatLite::GetTagWireType(tag);
    if (tag == 0 || (wire_type != WireFormatLite::WIRETYPE_VARINT &&
                     wire_type != WireFormatLite::WIRETYPE_LENGTH_DELIMITED)) {
      return Break();
    }
    const FieldDescriptor* const field =
        type_.FindFieldByNumber(WireFormatLite::GetTagFieldNumber(tag));
    if (field == nullptr) return RefuseUnknown();
    if (IsDisclosed(*field)) {
      return Refuse(*field, "the gateway fills it when it discloses: leave it out");
    }
    if (wire_type == WireFormatLite::WIRETYPE_VARINT) return ReadNumber(*field, in);
    ReadBytes(*field, in, bytes);
  }

  void RefuseUnknown() {
    const std::string place = place_.ToString();
    fault_ = {base::ErrorId::kMessageInvalid, place.empty() ? "message" : place,
              "it holds a field that is not of this contract: make it from this gateway's proto "
              "files"};
  }

  // Counts one more of it; false where it may not be.
  bool Count(const FieldDescriptor& field) {
    if (++seen_[field.index()] == 1 || field.is_repeated()) return true;
    Refuse(field, "it stands twice: send it once");
    return false;
  }

  void ReadNumber(const FieldDescriptor& field, CodedInputStream& in) {
    std::uint64_t number = 0;
    if (!in.ReadVarint64(&number)) return Break();
    if (Count(field)) CheckNumber(field, number);
  }

  void CheckNumber(const FieldDescriptor& field, std::uint64_t number) {
    switch (field.type()) {
      case FieldDescriptor::TYPE_ENUM:
        if (number == 0 || number > INT32_MAX ||
            field.enum_type()->FindValueByNumber(static_cast<int>(number)) == nullptr) {
          Refuse(field, "its number is none of the contract's: state one of those");
        }
        return;
      case FieldDescriptor::TYPE_BOOL:
        if (number > 1) Refuse(field, "it is neither true nor false");
        return;
      case FieldDescriptor::TYPE_INT32:
      case FieldDescriptor::TYPE_INT64:
      case FieldDescriptor::TYPE_UINT64:
        return;
      default:
        return Break();
    }
  }

  void ReadBytes(const FieldDescriptor& field, CodedInputStream& in, std::string_view bytes) {
    std::uint32_t length = 0;
    if (!in.ReadVarint32(&length)) return Break();
    const auto at = static_cast<std::size_t>(in.CurrentPosition());
    if (length > bytes.size() - at) return Break();
    const std::string_view part = bytes.substr(at, length);
    in.Skip(static_cast<int>(length));
    switch (field.type()) {
      case FieldDescriptor::TYPE_MESSAGE:
        if (!Count(field)) return;
        return Walk(*field.message_type(), PlaceOf(field), fault_).Read(part);
      case FieldDescriptor::TYPE_STRING:
      case FieldDescriptor::TYPE_BYTES:
        if (Count(field)) CheckText(field, part);
        return;
      default:
        return ReadPacked(field, part);
    }
  }

  void ReadPacked(const FieldDescriptor& field, std::string_view part) {
    if (!field.is_packable()) return Break();
    CodedInputStream numbers(reinterpret_cast<const std::uint8_t*>(part.data()),
                             static_cast<int>(part.size()));
    while (!fault_ && static_cast<std::size_t>(numbers.CurrentPosition()) < part.size()) {
      ReadNumber(field, numbers);
    }
  }

  void CheckText(const FieldDescriptor& field, std::string_view text) {
    const std::string_view name = NameOf(field);
    if (text.size() > LimitOf(name)) return Refuse(field, "it is too long");
    if (text.empty() && Holds(kRequired, name)) return Refuse(field, "it is empty: state it");
    if (field.type() == FieldDescriptor::TYPE_BYTES) return;
    if (!IsText(text)) Refuse(field, "it is no UTF-8, or holds control characters");
    if (Holds(kPlain, name) && !IsPlain(text)) {
      Refuse(field, "write a place or a reason in printable ASCII");
    }
  }

  void LookForWhatIsMissing() {
    for (int i = 0; i < type_.field_count() && !fault_; ++i) {
      if (seen_[i] == 0) CheckAbsent(*type_.field(i));
    }
  }

  bool IsDisclosed(const FieldDescriptor& field) const {
    return type_.name() == "Entry" && field.number() >= kFirstDisclosed;
  }

  void CheckAbsent(const FieldDescriptor& field) {
    if (IsDisclosed(field)) return;
    const std::string_view name = NameOf(field);
    const bool unstated = field.type() == FieldDescriptor::TYPE_ENUM && !field.is_repeated() &&
                          !field.has_presence() && type_.name() != "When";
    if (unstated || (Holds(kRequired, name) && !Holds(kMayBeAbsent, name))) {
      fault_ = {base::ErrorId::kMessageInvalid, Place{&place_, field.name()}.ToString(),
                "it is missing: state it, and where the source does not say, say so"};
    }
  }

  const Descriptor& type_;
  // By value: the walk that made it may hand over one of its own stack.
  const Place place_;
  std::optional<base::Error>& fault_;
  std::vector<int> seen_;
};

}  // namespace

std::optional<base::Error> FaultIn(const Descriptor& type, std::string_view bytes) {
  std::optional<base::Error> fault;
  Walk(type, Place{}, fault).Read(bytes);
  return fault;
}

std::optional<std::string_view> FirstPart(std::string_view bytes, int field) {
  CodedInputStream in(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                      static_cast<int>(bytes.size()));
  while (const std::uint32_t tag = in.ReadTag()) {
    std::uint32_t length = 0;
    if (WireFormatLite::GetTagWireType(tag) != WireFormatLite::WIRETYPE_LENGTH_DELIMITED ||
        !in.ReadVarint32(&length)) {
      return std::nullopt;
    }
    const auto at = static_cast<std::size_t>(in.CurrentPosition());
    if (length > bytes.size() - at) return std::nullopt;
    if (WireFormatLite::GetTagFieldNumber(tag) == field) return bytes.substr(at, length);
    in.Skip(static_cast<int>(length));
  }
  return std::nullopt;
}

}  // namespace milecastle::wire
