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
void AppendNumber(std::string& to, std::uint32_t number) {
  for (unsigned shift = 0; shift < 32; shift += 8) to += static_cast<char>(number >> shift);
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

const Answer::Trailer& Answer::TrailerOf(const decide::Shown& shown) {
  Trailer& trailer = trailers_.at(shown.entry_class());
  if (trailer.made) return trailer;
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
  return trailer;
}

base::Result<void> Answer::Add(const decide::Shown& shown) {
  if (!decision_.Frees(shown) || shown.position() >= segment_.items.size()) return NotOurs();
  const store::SegmentItem& item = segment_.items[shown.position()];
  if (item.entry_class != shown.entry_class()) return NotOurs();
  freed_.push_back(shown);
  is_freed_[shown.position()] = true;
  return {};
}

std::vector<std::uint64_t> Answer::numbers() const {
  std::vector<std::uint64_t> numbers;
  numbers.reserve(freed_.size());
  for (const decide::Shown& shown : freed_) {
    const std::uint64_t number = segment_.items[shown.position()].number;
    if (number != 0) numbers.push_back(number);  // none: a live source's, which is not stored
  }
  return numbers;
}

std::vector<wire::ShownHeadline> Answer::headlines() const {
  std::vector<wire::ShownHeadline> headlines;
  for (const decide::Shown& shown : freed_) {
    const record::Headline kind = segment_.classes.at(shown.entry_class()).headline;
    if (kind == record::Headline::kNone) continue;
    headlines.push_back({kind, segment_.items[shown.position()].id.uuid.AsBytes()});
  }
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

base::Result<Answer::Kept> Answer::Keep(const decide::Shown& shown) {
  const store::SegmentItem& item = segment_.items[shown.position()];
  const auto stored = std::string_view(segment_.bytes).substr(item.offset, item.size);
  const Trailer& trailer = TrailerOf(shown);
  Kept kept{.changed = !trailer.masked.empty(), .entry = {}, .masked = {}};
  if (!kept.changed) return kept;
  if (!wire::KeepUnmasked(stored, trailer.masked, kept.entry)) return Unreadable();
  if (!trailer.drops_places) return kept;
  const bool leads = segment_.classes.at(shown.entry_class()).headline != record::Headline::kNone;
  wire::Placeless placeless;
  if (!wire::DropPlaces(kept.entry, known_, leads, placeless)) return Unreadable();
  if (!placeless.changed) return kept;
  kept.entry = std::move(placeless.entry);
  kept.masked = std::move(placeless.masked);
  return kept;
}

base::Result<void> Answer::Splice(const decide::Shown& shown, Spliced& into) {
  const store::SegmentItem& item = segment_.items[shown.position()];
  const auto kept = Keep(shown);
  if (!kept) return kept.error();
  const Trailer& trailer = TrailerOf(shown);
  wire::EntryParts parts{.shown = std::string_view(segment_.bytes).substr(item.offset, item.size),
                         .id = item.id.uuid.AsBytes(),
                         .tail = trailer.bytes};
  base::Digest digest = item.digest;
  if (kept->changed) {
    parts.shown = kept->entry;
    digest = base::Sha256(kept->entry, parts.id);
  }
  std::string longer;
  if (item.links > 0 || !kept->masked.empty()) {
    longer = trailer.bytes + kept->masked;
    wire::AppendLinks(longer, LinksOf(item));
    parts.tail = longer;
  }
  wire::AppendEntry(into.entries, parts);
  into.digested += base::AsBytes(digest);
  AppendNumber(into.digested, static_cast<std::uint32_t>(parts.tail.size()));
  into.digested += parts.tail;
  return {};
}

base::Result<void> Answer::MayGiveDocument() const {
  if (freed_.size() != 1 || freed_.front().mask().Has(MaskField::kDocuments)) return NotOurs();
  return {};
}

base::Result<Answer::Spliced> Answer::Splice() {
  constexpr std::size_t kMostOfAReceipt = 256;
  constexpr std::size_t kMostlyATail = 64;
  Spliced spliced;
  spliced.entries.reserve(segment_.bytes.size() + freed_.size() * kMostlyATail + kMostOfAReceipt);
  spliced.digested.reserve(freed_.size() * (sizeof(base::Digest) + kMostlyATail));
  for (const decide::Shown& shown : freed_) {
    if (auto done = Splice(shown, spliced); !done) return done.error();
  }
  return spliced;
}

base::Result<std::vector<std::string>> Answer::SpliceOneByOne() {
  std::vector<std::string> entries;
  entries.reserve(freed_.size());
  for (const decide::Shown& shown : freed_) {
    const store::SegmentItem& item = segment_.items[shown.position()];
    const auto kept = Keep(shown);
    if (!kept) return kept.error();
    const auto stored = std::string_view(segment_.bytes).substr(item.offset, item.size);
    entries.push_back(wire::EncodeShown({.shown = kept->changed ? kept->entry : stored,
                                         .id = item.id.uuid.AsBytes(),
                                         .tail = TrailerOf(shown).bytes + kept->masked}));
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
