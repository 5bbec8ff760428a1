// The narrow gate: bytes of an answer leave only through Free, against the receipt of the very
// audit entry that describes them.
//
// An Answer is built for one Decision. It takes items of type decide::Shown, which that Decision
// alone makes. Its bytes cannot be read; Free gives them out where the receipt covers the payload
// that names their digest. No receipt, no bytes.
//
// Thread-safety: values, moved from step to step. Failure: Add and Free discloses nothing and say
// why.
#pragma once

#include <string>
#include <vector>

#include "audit/receipt.h"
#include "base/crypto.h"
#include "base/result.h"
#include "base/room.h"
#include "decide/decision.h"
#include "disclose/groups.h"
#include "record/places.h"
#include "store/records.h"
#include "wire/splice.h"
#include "wire/view.h"

namespace milecastle::disclose {

// A milecastle.v1.GetPatientViewResponse (or that of another call that discloses) in two pieces, to
// be sent one after the other: what is spliced is not copied once more for the sake of what stands
// before it.
struct AnswerBytes {
  std::string head;  // of a refusal: all of it but the receipt
  std::string rest;  // entries, and the receipt at the end
};

// An answer whose bytes are fixed and whose audit payload is written; it waits for its receipt.
class Sealed {
 public:
  Sealed(Sealed&&) noexcept = default;
  Sealed& operator=(Sealed&&) noexcept = default;
  Sealed(const Sealed&) = delete;
  Sealed& operator=(const Sealed&) = delete;
  ~Sealed() = default;

  const std::string& payload() const { return payload_; }

  // The only way out.
  static base::Result<AnswerBytes> Free(Sealed answer, audit::Receipt receipt);

 private:
  friend class Answer;
  Sealed(AnswerBytes bytes, std::string payload)
      : bytes_(std::move(bytes)), payload_(std::move(payload)) {}
  AnswerBytes bytes_;
  std::string payload_;
};

class Answer {
 public:
  // The first two must outlive the answer. `known`: the person's own places, which are taken out of
  // words where a mask takes addresses and free text.
  Answer(const decide::Decision& decision, const store::Segment& segment,
         record::KnownPlaces known = {});

  [[nodiscard]] base::Result<void> Add(const decide::Shown& shown);
  std::size_t entries() const { return freed_.size(); }
  // The store's, of what was added and is stored.
  const std::vector<std::uint64_t>& numbers() const { return numbers_; }

  // What was added and leads the view, the most pressing first. The ids live as long as the
  // segment.
  std::vector<wire::ShownHeadline> headlines() const;

  // Of what was added (groups.h).
  std::vector<wire::ShownGroup> groups() const { return GroupsOf(segment_, compared_); }

  // Splices what was added. `describe` makes the audit payload from the answer's digest, which
  // view.proto defines at GetPatientViewResponse: an entry's part of it is known before it is
  // asked for.
  template <class Describe>
  base::Result<Sealed> Seal(const wire::ViewHead& head, Describe describe) && {
    auto spliced = Splice();
    if (!spliced) return spliced.error();
    std::string entries = std::move(spliced->entries).Take();
    AnswerBytes bytes{wire::EncodeViewHead(head, entries.size()), std::move(entries)};
    std::string payload = describe(base::Sha256(bytes.head, spliced->digested.written()));
    return Sealed(std::move(bytes), std::move(payload));
  }
  // Each entry that was added on its own, in their order: `encode` makes of them the answer that is
  // not a view, whose digest is that of all its bytes.
  template <class Encode, class Describe>
  base::Result<Sealed> SealOneByOne(Encode encode, Describe describe) && {
    const auto entries = SpliceOneByOne();
    if (!entries) return entries.error();
    AnswerBytes bytes{encode(*entries), {}};
    std::string payload = describe(base::Sha256(bytes.head));
    return Sealed(std::move(bytes), std::move(payload));
  }
  // One document, of the one entry that was added; not where a mask takes documents.
  template <class Describe>
  base::Result<Sealed> SealDocument(const wire::ShownDocument& document, Describe describe) && {
    if (auto may = MayGiveDocument(); !may) return may.error();
    AnswerBytes bytes{wire::EncodeDocument(document), {}};
    std::string payload = describe(base::Sha256(bytes.head));
    return Sealed(std::move(bytes), std::move(payload));
  }
  template <class Describe>
  base::Result<Sealed> SealRefusal(const std::string& reason, const std::string& advice,
                                   Describe describe) && {
    AnswerBytes bytes{wire::EncodeRefusalResponse(reason, advice), {}};
    std::string payload = describe(base::Sha256(bytes.head));
    return Sealed(std::move(bytes), std::move(payload));
  }

 private:
  struct Trailer {
    bool made = false;
    bool drops_places = false;
    wire::GroupSet masked;
    std::string bytes;
  };
  struct Spliced {
    base::Room entries;
    base::Room digested;  // what the answer's digest takes of them
  };
  const Trailer& TrailerOf(const decide::Shown& shown) {
    Trailer& trailer = trailers_[shown.entry_class()];
    if (!trailer.made) Make(trailer, shown);
    return trailer;
  }
  void Make(Trailer& trailer, const decide::Shown& shown) const;
  std::string_view StoredAt(std::uint32_t position) const;
  // What a mask leaves of an entry.
  struct Kept {
    std::string entry;
    std::string masked;  // to follow its class's trailer
  };
  base::Result<Kept> Keep(const decide::Shown& shown, const Trailer& trailer) const;
  base::Result<void> MayGiveDocument() const;
  base::Result<Spliced> Splice();
  base::Result<std::vector<std::string>> SpliceOneByOne();
  base::Result<void> Splice(const decide::Shown& shown, Spliced& into);
  std::string TailOf(const store::SegmentItem& item, const Trailer& trailer,
                     const std::string& masked) const;
  std::vector<wire::ShownLink> LinksOf(const store::SegmentItem& item) const;

  const decide::Decision& decision_;
  const store::Segment& segment_;
  const record::KnownPlaces known_;
  std::vector<Trailer> trailers_;  // by class, made where one is shown
  // What was added.
  std::vector<decide::Shown> freed_;
  std::vector<bool> is_freed_;  // by place in the segment
  std::vector<std::uint64_t> numbers_;
  std::vector<wire::ShownHeadline> headlines_;
  std::vector<std::uint32_t> compared_;  // the places of what is like other things
  std::size_t stored_bytes_ = 0;
};

wire::GroupSet GroupsOf(decide::Mask mask);

}  // namespace milecastle::disclose
