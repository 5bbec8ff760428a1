// MRG of A34 and A40: two identities are one person; the one in PID survives (HL7 v2.8.2
// sections 3.3.40 and 3.4.9; HL7 UK A.3 chapter 3).
#include <set>

#include "inside/mappings.h"
#include "inside/reader.h"

namespace milecastle::acute {
namespace {

using base::Error;
using base::ErrorId;

constexpr std::size_t kMostIdentifiers = 100;

bool IsNhs(const Identifier& id) {
  const std::string type = Folded(id.type);
  return type == "NH" || type == "NHS" || type == "NHSNMBR" ||
         (type.empty() && id.authority == "NHS");
}

std::vector<Identifier> Ids(Reader& reader, const hl7v2::Segment& segment, std::size_t field) {
  std::vector<Identifier> found;
  const std::string sender = reader.OwnAuthority();
  for (std::size_t i = 0; i < segment.field(field).size(); ++i) {
    Identifier id = reader.Id(segment, field, i);
    if (id.value.empty()) continue;
    if (id.authority.empty() && !IsNhs(id)) id.authority = sender;  // the sender's own number
    found.push_back(std::move(id));
  }
  return found;
}

record::LocalIdentifier Local(const Identifier& id) { return {id.authority, id.type, id.value}; }

// Entries pair by type, authority and position (A.3). Where PID and MRG hold one identifier each,
// as in A34, they are the pair whatever the type.
class Pairing {
 public:
  Pairing(std::vector<Identifier> surviving, std::vector<Identifier> discarded)
      : surviving_(std::move(surviving)), discarded_(std::move(discarded)) {}

  std::optional<std::size_t> PartnerOf(const Identifier& id) {
    for (std::size_t i = 0; i < surviving_.size(); ++i) {
      const Identifier& other = surviving_[i];
      if (used_.contains(i) || IsNhs(other) != IsNhs(id)) continue;
      // An untyped identifier, as v2.2 and v2.3 senders write it, pairs by authority alone.
      const bool same_type = id.type.empty() || Folded(other.type) == Folded(id.type);
      if (!IsNhs(id) && (!same_type || other.authority != id.authority)) continue;
      used_.insert(i);
      return i;
    }
    const bool alone = surviving_.size() == 1 && discarded_.size() == 1;
    return alone ? std::optional<std::size_t>(0) : std::nullopt;
  }

  const std::vector<Identifier>& surviving() const { return surviving_; }
  const std::vector<Identifier>& discarded() const { return discarded_; }

 private:
  std::vector<Identifier> surviving_;
  std::vector<Identifier> discarded_;
  std::set<std::size_t> used_;
};

std::string NhsNumberIn(const std::vector<Identifier>& ids) {
  for (const Identifier& id : ids) {
    if (IsNhs(id)) return id.value;
  }
  return {};
}

record::MergeClaim ClaimOf(Reader& reader, const hl7v2::Segment& mrg, Pairing& pairing) {
  record::MergeClaim merge;
  for (const Identifier& id : pairing.discarded()) {
    const auto partner = pairing.PartnerOf(id);
    if (!partner) {
      reader.out().not_carried.push_back(
          {mrg.place(1), "no identifier of PID-3 has its type and authority"});
      continue;
    }
    const Identifier& survivor = pairing.surviving()[*partner];
    if (survivor.value == id.value && survivor.authority == id.authority) continue;
    if (IsNhs(id)) {
      merge.discarded_nhs_number_as_sent = id.value;
      merge.surviving_nhs_number_as_sent = survivor.value;
      continue;
    }
    merge.surviving.push_back(Local(survivor));
    merge.discarded.push_back(Local(id));
    if (id.type.empty()) merge.discarded.back().type = survivor.type;
  }
  if (merge.surviving_nhs_number_as_sent.empty()) {
    merge.surviving_nhs_number_as_sent = NhsNumberIn(pairing.surviving());
  }
  return merge;
}

}  // namespace

base::Result<void> ReadMerge(Reader& reader) {
  const auto mrg = reader.segment("MRG");
  if (!mrg.exists())
    return Error{ErrorId::kMessageInvalid, "MRG", "send the MRG segment of the merge"};
  if (const auto second = reader.segment("MRG", 1); second.exists()) {
    return Error{ErrorId::kMessageUnsupported, second.place(), "send one MRG behind each PID"};
  }
  const auto pid = reader.segment("PID");
  if (mrg.field(1).size() > kMostIdentifiers) {
    return Error{ErrorId::kMessageInvalid, mrg.place(1), "send fewer identifiers"};
  }
  auto discarded = Ids(reader, mrg, 1);
  if (discarded.empty())
    discarded = Ids(reader, mrg, 4);  // v2.2 kept the internal number there as well
  if (discarded.empty()) {
    return Error{ErrorId::kMessageInvalid, mrg.place(1), "name the identifier that is discarded"};
  }
  Pairing pairing(Ids(reader, pid, 3), std::move(discarded));

  record::MergeClaim merge = ClaimOf(reader, mrg, pairing);
  if (merge.discarded.empty() && merge.discarded_nhs_number_as_sent.empty()) {
    return Error{ErrorId::kMessageInvalid, mrg.place(1),
                 "discard an identifier of the same type and authority as one in PID-3, and "
                 "another than it"};
  }
  reader.out().merge = std::move(merge);
  return {};
}

}  // namespace milecastle::acute
