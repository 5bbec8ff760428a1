#include "inside/effect.h"

#include <array>

namespace milecastle::receive {
namespace {

base::Result<void> PutEntries(const Effect& effect, std::vector<std::string>& kept) {
  for (const store::StoredEntry& entry : effect.patient.entries) {
    store::StoredEntry own = entry;
    own.identity = effect.settled.identity;
    kept.push_back(own.source_key);
    if (auto put = effect.transaction.records().Put(own); !put) return put.error();
  }
  return {};
}

base::Result<void> PutStatements(const Effect& effect) {
  auto& records = effect.transaction.records();
  const auto& contribution = effect.patient.contribution;
  if (!contribution.snapshot_of.empty()) {
    auto dropped = records.DropStatements(effect.settled.identity, contribution.snapshot_of);
    if (!dropped) return dropped;
  }
  for (const record::SectionStatement& statement : contribution.statements) {
    auto put = records.PutStatement(effect.settled.identity,
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

base::Result<void> ApplyFacts(const Effect& effect) {
  if (auto done = ApplyEncounter(effect); !done) return done;
  if (auto done = ApplyPractice(effect); !done) return done;
  if (auto done = ApplyPreferences(effect); !done) return done;
  const auto& protection = effect.patient.contribution.location_protection;
  if (!protection) return {};
  return effect.transaction.facts().PutLocationFlag(
      effect.settled.identity,
      {*protection, effect.message.source->text(), effect.message.received});
}

}  // namespace

base::Result<void> ApplyEntries(const Effect& effect) {
  auto& records = effect.transaction.records();
  const auto& contribution = effect.patient.contribution;
  const record::IdentityId& identity = effect.settled.identity;
  const base::Instant at = effect.message.received;
  std::vector<std::string> kept;
  if (auto put = PutEntries(effect, kept); !put) return put;
  if (!contribution.snapshot_of.empty()) {
    auto swept = records.KeepOnly(identity, contribution.snapshot_of, kept, at);
    if (!swept) return swept.error();
  }
  for (const std::string& document : contribution.replaced_documents) {
    auto swept = records.KeepOnlyBelow(identity, document, kept, at);
    if (!swept) return swept.error();
  }
  for (const std::string& key : contribution.withdrawn_keys) {
    if (auto gone = records.Withdraw(identity, key, at); !gone) return gone.error();
  }
  return PutStatements(effect);
}

base::Result<void> ApplyReviews(const Effect& effect) {
  for (const record::ReviewClaim& review : effect.patient.contribution.reviews) {
    auto added = AddReview(effect, store::QueueKind::kNullReview, ReasonOf(review.kind), nullptr);
    if (!added) return added;
  }
  for (const auto& merged : effect.settled.merged) {
    auto added = AddReview(effect, store::QueueKind::kMergeReview, "merge", &merged);
    if (!added) return added;
  }
  return {};
}

base::Result<void> Apply(const Effect& effect) {
  if (auto done = ApplyEntries(effect); !done) return done;
  if (auto done = ApplyFacts(effect); !done) return done;
  if (auto done = ApplyReviews(effect); !done) return done;
  return effect.transaction.patients().AdvanceVersion(effect.settled.person);
}

}  // namespace milecastle::receive
