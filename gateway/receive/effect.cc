#include "inside/effect.h"

#include <array>

namespace milecastle::receive {
namespace {

// The entries of one message, and what it leaves said of entries that it changed nothing of.
class Entries {
 public:
  explicit Entries(const Effect& effect)
      : effect_(effect), records_(effect.transaction.records()), again_{.at = received()} {}

  base::Result<std::size_t> Apply() {
    for (const store::StoredEntry& entry : effect_.patient.entries) {
      if (auto put = Put(entry); !put) return put.error();
    }
    if (auto swept = Sweep(); !swept) return swept.error();
    for (const std::string& key : effect_.patient.contribution.withdrawn_keys) {
      if (auto gone = Withdraw(key); !gone) return gone.error();
    }
    if (again_.keys.empty() && again_.sections.empty()) return given_;
    if (auto noted = records_.NoteSaidAgain(identity(), again_); !noted) return noted.error();
    return given_;
  }

 private:
  const record::IdentityId& identity() const { return effect_.settled.identity; }
  base::Instant received() const { return effect_.message.received; }

  base::Result<bool> WasSaidSince(const std::string& key, std::optional<record::Section> section) {
    if (!effect_.overtaken) return false;
    return records_.WasSaidSince({identity(), key, section, received()});
  }

  base::Result<void> Put(const store::StoredEntry& entry) {
    const auto said = WasSaidSince(entry.source_key, entry.entry_class.section);
    if (!said) return said.error();
    if (*said) return {};
    store::StoredEntry own = entry;
    own.identity = identity();
    kept_.push_back(own.source_key);
    const auto put = records_.Put(own);
    if (!put) return put.error();
    if (!*put) again_.keys.push_back(own.source_key);
    ++given_;
    return {};
  }

  base::Result<void> Sweep() {
    for (const std::string& document : effect_.patient.contribution.replaced_documents) {
      const auto swept = records_.KeepOnlyBelow(identity(), document, kept_, received());
      if (!swept) return swept.error();
    }
    again_.sections = effect_.patient.contribution.snapshot_of;
    if (again_.sections.empty()) return {};
    const auto swept = records_.KeepOnly(identity(), again_.sections, kept_, received());
    return swept ? base::Result<void>() : swept.error();
  }

  base::Result<void> Withdraw(const std::string& key) {
    const auto said = WasSaidSince(key, std::nullopt);
    if (!said) return said.error();
    if (*said) return {};
    const auto gone = records_.Withdraw(identity(), key, received());
    if (!gone) return gone.error();
    if (!*gone) again_.keys.push_back(key);
    return {};
  }

  const Effect& effect_;
  store::Records& records_;
  store::SaidAgain again_;
  std::vector<std::string> kept_;
  std::size_t given_ = 0;
};

base::Result<void> PutStatements(const Effect& effect) {
  auto& records = effect.transaction.records();
  const auto& contribution = effect.patient.contribution;
  const record::IdentityId& identity = effect.settled.identity;
  if (!contribution.snapshot_of.empty()) {
    auto dropped = records.DropStatements(identity, contribution.snapshot_of);
    if (!dropped) return dropped;
  }
  for (const record::SectionStatement& statement : contribution.statements) {
    if (effect.overtaken) {
      const auto said =
          records.WasSaidSince({identity, {}, statement.section, effect.message.received});
      if (!said) return said.error();
      if (*said) continue;
    }
    auto put = records.PutStatement(identity,
                                    {*effect.message.source, statement, effect.message.received});
    if (!put) return put;
  }
  return {};
}

std::string_view ReasonOf(record::ReviewKind kind) {
  constexpr std::array<std::string_view, 5> kReasons = {"null_on_allergy", "null_on_alert",
                                                        "null_on_objection", "null_on_hiding_flag",
                                                        "null_on_nhs_number"};
  return kReasons.at(static_cast<std::size_t>(kind) - 1);
}

base::Result<void> AddReview(const Effect& effect, store::QueueKind kind, std::string_view reason,
                             const identify::Settled::Merged* merged) {
  store::QueueItem item;
  item.id = record::QueueItemId::New(effect.message.received);
  item.kind = kind;
  item.message = effect.message.id;
  item.patient = effect.patient.number;
  item.identity = merged == nullptr ? effect.settled.identity : merged->identity;
  item.person = effect.settled.person;
  if (merged != nullptr) item.candidates = {merged->from};
  item.organisation = effect.message.source->text();
  item.reason = std::string(reason);
  item.opened = effect.message.received;
  return effect.transaction.queues().Add(item);
}

// Whose it may be besides: for an officer, who links it or says that they are two people.
base::Result<void> AskForMatch(const Effect& effect) {
  store::QueueItem item;
  item.id = record::QueueItemId::New(effect.message.received);
  item.kind = store::QueueKind::kMatchReview;
  item.message = effect.message.id;
  item.patient = effect.patient.number;
  item.identity = effect.settled.identity;
  item.person = effect.settled.person;
  item.candidates = effect.settled.match->candidates;
  item.organisation = effect.message.source->text();
  item.reason = std::string(effect.settled.match->reason);
  item.opened = effect.message.received;
  return effect.transaction.queues().Add(item);
}

// What opens a relationship is the source's last word alone.
base::Result<void> ApplyRelationships(const Effect& effect) {
  if (effect.overtaken) return {};
  if (auto done = ApplyEncounter(effect); !done) return done;
  return ApplyPractice(effect);
}

base::Result<void> ApplyFacts(const Effect& effect) {
  if (auto done = ApplyRelationships(effect); !done) return done;
  if (auto done = ApplyPreferences(effect); !done) return done;
  const auto& protection = effect.patient.contribution.location_protection;
  if (!protection) return {};
  return effect.transaction.facts().PutLocationFlag(
      effect.settled.identity,
      {*protection, effect.message.source->text(), effect.message.received});
}

}  // namespace

base::Result<std::size_t> ApplyEntries(const Effect& effect) {
  const auto given = Entries(effect).Apply();
  if (!given) return given;
  if (auto put = PutStatements(effect); !put) return put.error();
  return given;
}

base::Result<void> ApplyReviews(const Effect& effect) {
  for (const record::ReviewClaim& review : effect.patient.contribution.reviews) {
    auto added = AddReview(effect, store::QueueKind::kNullReview, ReasonOf(review.kind), nullptr);
    if (!added) return added;
  }
  for (const auto& merged : effect.settled.merged) {
    auto added = AddReview(effect, store::QueueKind::kMergeReview, merged.reason, &merged);
    if (!added) return added;
  }
  return effect.settled.match ? AskForMatch(effect) : base::Result<void>();
}

base::Result<std::size_t> Apply(const Effect& effect) {
  const auto given = ApplyEntries(effect);
  if (!given) return given;
  if (auto done = ApplyFacts(effect); !done) return done.error();
  if (auto done = ApplyReviews(effect); !done) return done.error();
  auto advanced = effect.transaction.patients().AdvanceVersion(effect.settled.person);
  if (!advanced) return advanced.error();
  return given;
}

}  // namespace milecastle::receive
