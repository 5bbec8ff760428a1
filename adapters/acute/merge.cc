// MRG of merges and of changes of identifiers: two identities are one person; the one in PID
// survives (HL7 v2.8.2 sections 3.3.40 and 3.4.9; HL7 UK A.3 chapter 3).
#include <algorithm>
#include <array>
#include <set>
#include <span>

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

// Which field of MRG is discarded for which of PID.
struct Fields {
  std::size_t pid;
  std::size_t mrg;
};
// v2.2 kept the internal number in MRG-4 as well.
constexpr auto kOfList = std::to_array<Fields>({{3, 1}, {3, 4}});
constexpr auto kOfAny = std::to_array<Fields>({{3, 1}, {2, 4}, {4, 2}, {3, 4}});

record::MergeClaim ClaimOf(Reader& reader, const hl7v2::Segment& mrg, const Fields& fields,
                           Pairing& pairing) {
  record::MergeClaim merge;
  for (const Identifier& id : pairing.discarded()) {
    const auto partner = pairing.PartnerOf(id);
    if (!partner) {
      reader.out().not_carried.push_back(
          {mrg.place(fields.mrg),
           "no identifier of PID-" + std::to_string(fields.pid) + " has its type and authority"});
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

bool Discards(const record::MergeClaim& merge) {
  return !merge.discarded.empty() || !merge.discarded_nhs_number_as_sent.empty();
}

// The first fields that discard anything; of PID-3 the first that hold anything.
base::Result<record::MergeClaim> FindClaim(Reader& reader, const hl7v2::Segment& mrg, bool any) {
  const std::span<const Fields> all = any ? std::span<const Fields>(kOfAny) : kOfList;
  bool named = false;
  for (const Fields& fields : all) {
    if (mrg.field(fields.mrg).size() > kMostIdentifiers) {
      return Error{ErrorId::kMessageInvalid, mrg.place(fields.mrg), "send fewer identifiers"};
    }
    if (named && !any) break;
    auto discarded = Ids(reader, mrg, fields.mrg);
    if (discarded.empty()) continue;
    named = true;
    Pairing pairing(Ids(reader, reader.segment("PID"), fields.pid), std::move(discarded));
    record::MergeClaim merge = ClaimOf(reader, mrg, fields, pairing);
    if (Discards(merge)) return merge;
  }
  if (!named) {
    return Error{ErrorId::kMessageInvalid, mrg.place(1), "name the identifier that is discarded"};
  }
  return Error{ErrorId::kMessageInvalid, mrg.place(1),
               "discard an identifier of the same type and authority as one in PID-3, and "
               "another than it"};
}

// By what two identifiers are the same: an NHS number is, whoever wrote it.
std::vector<std::string> NamesOf(const Identifier& id) {
  const std::string value = Folded(id.value);
  std::vector<std::string> names = {id.authority + '\x1F' + value};
  if (IsNhs(id)) names.push_back("\x1F" + value);
  return names;
}

bool NamesAnyOf(const std::vector<Identifier>& ids, const std::set<std::string>& held) {
  return std::any_of(ids.begin(), ids.end(), [&](const Identifier& id) {
    const auto names = NamesOf(id);
    return std::any_of(names.begin(), names.end(),
                       [&](const std::string& name) { return held.contains(name); });
  });
}

}  // namespace

std::optional<hl7v2::Segment> FindAnother(Reader& reader, const Segments& mrgs) {
  std::set<std::string> held;
  for (const Identifier& id : Ids(reader, reader.segment("PID"), 3)) {
    for (std::string& name : NamesOf(id)) held.insert(std::move(name));
  }
  for (const auto& mrg : mrgs) {
    if (mrg.field(1).size() > kMostIdentifiers) return mrg;
    const auto prior = Ids(reader, mrg, 1);
    if (!prior.empty() && !NamesAnyOf(prior, held)) return mrg;
  }
  return std::nullopt;
}

base::Result<void> ReadMerge(Reader& reader, bool any_identifier) {
  const auto mrg = reader.segment("MRG");
  if (!mrg.exists())
    return Error{ErrorId::kMessageInvalid, "MRG", "send the MRG segment of the merge"};
  if (const auto second = reader.segment("MRG", 1); second.exists()) {
    return Error{ErrorId::kMessageUnsupported, second.place(), "send one MRG behind each PID"};
  }
  auto merge = FindClaim(reader, mrg, any_identifier);
  if (!merge) return merge.error();
  reader.out().merge = *std::move(merge);
  return {};
}

}  // namespace milecastle::acute
