#include "disclose/release.h"

#include <algorithm>
#include <array>
#include <utility>

#include "record/labels.h"
#include "wire/placeless.h"

namespace milecastle::disclose {
namespace {

using decide::MaskField;

constexpr std::array<std::pair<MaskField, wire::Group>, 6> kGroups = {{
    {MaskField::kAddresses, wire::Group::kAddresses},
    {MaskField::kContacts, wire::Group::kContacts},
    {MaskField::kPractice, wire::Group::kPractice},
    {MaskField::kPerformers, wire::Group::kPerformers},
    {MaskField::kFreeText, wire::Group::kFreeText},
    {MaskField::kDocuments, wire::Group::kDocument},
}};

base::Error NotOurs() {
  return {base::ErrorId::kInternal, "release",
          "an item was offered that this decision did not free"};
}

base::Error Unreadable() {
  return {base::ErrorId::kStoreCorrupt, "entry", "a stored entry cannot be read; run `audit fsck`"};
}

// Four bytes, the least first.
void PutNumber(base::Room& to, std::size_t number) {
  for (unsigned shift = 0; shift < 32; shift += 8) to.Put(static_cast<char>(number >> shift));
}

}  // namespace

wire::GroupSet GroupsOf(decide::Mask mask) {
  wire::GroupSet groups;
  for (const auto& [field, group] : kGroups) {
    if (mask.Has(field)) groups.Add(group);
  }
  return groups;
}

Answer::Answer(const decide::Decision& decision, const store::Segment& segment,
               record::KnownPlaces known)
    : decision_(decision),
      segment_(segment),
      known_(std::move(known)),
      trailers_(segment.classes.size()),
      is_freed_(segment.items.size()) {
  freed_.reserve(segment.items.size());
}

void Answer::Make(Trailer& trailer, const decide::Shown& shown) const {
  trailer.made = true;
  trailer.masked = GroupsOf(shown.mask());
  trailer.drops_places =
      shown.mask().Has(MaskField::kAddresses) && shown.mask().Has(MaskField::kFreeText);
  const decide::Verdict& verdict = decision_.Of(shown.entry_class());
  const record::EntryClass& entry_class = segment_.classes.at(shown.entry_class());
  trailer.bytes = wire::EncodeTrailer({.source = entry_class.source.text(),
                                       .source_masked = shown.mask().Has(MaskField::kSource),
                                       .masked = trailer.masked,
                                       .rule = decision_.RuleForReader(verdict),
                                       .untraced = record::IsUntraced(entry_class),
                                       .headline = entry_class.headline});
}

base::Result<void> Answer::Add(const decide::Shown& shown) {
  if (!decision_.Frees(shown) || shown.position() >= segment_.items.size()) return NotOurs();
  const store::SegmentItem& item = segment_.items[shown.position()];
  if (item.entry_class != shown.entry_class()) return NotOurs();
  freed_.push_back(shown);
  is_freed_[shown.position()] = true;
  stored_bytes_ += item.size;
  if (item.number != 0) numbers_.push_back(item.number);  // none: a live source's, not stored
  if (item.keys > 0) compared_.push_back(shown.position());
  const record::Headline kind = segment_.classes.at(item.entry_class).headline;
  if (kind != record::Headline::kNone) headlines_.push_back({kind, item.id.uuid.AsBytes()});
  return {};
}

std::vector<wire::ShownHeadline> Answer::headlines() const {
  std::vector<wire::ShownHeadline> headlines = headlines_;
  std::stable_sort(headlines.begin(), headlines.end(),
                   [](const auto& left, const auto& right) { return left.kind < right.kind; });
  return headlines;
}

// A link that led to what this answer does not show would tell that it is there.
std::vector<wire::ShownLink> Answer::LinksOf(const store::SegmentItem& item) const {
  std::vector<wire::ShownLink> links;
  for (std::uint32_t i = item.first_link; i < item.first_link + item.links; ++i) {
    const store::SegmentLink& link = segment_.links.at(i);
    if (!is_freed_.at(link.target)) continue;
    links.push_back({.relation = segment_.relations.at(link.relation),
                     .id = segment_.items[link.target].id.uuid.AsBytes()});
  }
  return links;
}

std::string_view Answer::StoredAt(std::uint32_t position) const {
  const store::SegmentItem& item = segment_.items[position];
  return std::string_view(segment_.bytes).substr(item.offset, item.size);
}

base::Result<Answer::Kept> Answer::Keep(const decide::Shown& shown, const Trailer& trailer) const {
  Kept kept;
  if (!wire::KeepUnmasked(StoredAt(shown.position()), trailer.masked, kept.entry)) {
    return Unreadable();
  }
  if (!trailer.drops_places) return kept;
  const bool leads = segment_.classes.at(shown.entry_class()).headline != record::Headline::kNone;
  wire::Placeless placeless;
  if (!wire::DropPlaces(kept.entry, known_, leads, placeless)) return Unreadable();
  if (!placeless.changed) return kept;
  return Kept{std::move(placeless.entry), std::move(placeless.masked)};
}

std::string Answer::TailOf(const store::SegmentItem& item, const Trailer& trailer,
                           const std::string& masked) const {
  constexpr std::size_t kMostOfALink = 48;
  base::Room tail(trailer.bytes.size() + masked.size() + item.links * kMostOfALink);
  tail.Put(trailer.bytes);
  tail.Put(masked);
  wire::AppendLinks(tail, LinksOf(item));
  return std::move(tail).Take();
}

base::Result<void> Answer::Splice(const decide::Shown& shown, Spliced& into) {
  const store::SegmentItem& item = segment_.items[shown.position()];
  const Trailer& trailer = TrailerOf(shown);
  wire::EntryParts parts{
      .shown = StoredAt(shown.position()), .id = item.id.uuid.AsBytes(), .tail = trailer.bytes};
  const auto append = [&](const base::Digest& digest) {
    wire::AppendEntry(into.entries, parts);
    into.digested.Put(base::AsBytes(digest));
    PutNumber(into.digested, parts.tail.size());
    into.digested.Put(parts.tail);
    return base::Result<void>();
  };
  // As most are: what is stored stands, under the class's own trailer.
  if (trailer.masked.empty() && item.links == 0) return append(item.digest);

  Kept kept;
  base::Digest digest = item.digest;
  if (!trailer.masked.empty()) {
    auto left = Keep(shown, trailer);
    if (!left) return left.error();
    kept = std::move(*left);
    parts.shown = kept.entry;
    digest = base::Sha256(kept.entry, parts.id);
  }
  const std::string tail = TailOf(item, trailer, kept.masked);
  parts.tail = tail;
  return append(digest);
}

base::Result<void> Answer::MayGiveDocument() const {
  if (freed_.size() != 1 || freed_.front().mask().Has(MaskField::kDocuments)) return NotOurs();
  return {};
}

base::Result<Answer::Spliced> Answer::Splice() {
  constexpr std::size_t kMostOfAReceipt = 256;
  constexpr std::size_t kMostlyATail = 64;
  const std::size_t tails = freed_.size() * kMostlyATail;
  Spliced spliced{base::Room(stored_bytes_ + tails + kMostOfAReceipt),
                  base::Room(freed_.size() * sizeof(base::Digest) + tails)};
  for (const decide::Shown& shown : freed_) {
    if (auto done = Splice(shown, spliced); !done) return done.error();
  }
  return spliced;
}

base::Result<std::vector<std::string>> Answer::SpliceOneByOne() {
  std::vector<std::string> entries;
  entries.reserve(freed_.size());
  for (const decide::Shown& shown : freed_) {
    const Trailer& trailer = TrailerOf(shown);
    wire::EntryParts parts{.shown = StoredAt(shown.position()),
                           .id = segment_.items[shown.position()].id.uuid.AsBytes(),
                           .tail = trailer.bytes};
    if (trailer.masked.empty()) {
      entries.push_back(wire::EncodeShown(parts));
      continue;
    }
    const auto kept = Keep(shown, trailer);
    if (!kept) return kept.error();
    const std::string tail = trailer.bytes + kept->masked;
    parts.shown = kept->entry;
    parts.tail = tail;
    entries.push_back(wire::EncodeShown(parts));
  }
  return entries;
}

base::Result<AnswerBytes> Sealed::Free(Sealed answer, audit::Receipt receipt) {
  if (!receipt.Covers(answer.payload_)) {
    return base::Error{base::ErrorId::kInternal, "release",
                       "the receipt is not of this answer's audit entry"};
  }
  wire::AppendReceipt(answer.bytes_.rest, receipt.origin(), receipt.index(), receipt.leaf_hash());
  return std::move(answer.bytes_);
}

}  // namespace milecastle::disclose
