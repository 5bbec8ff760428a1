// A patient index of its own, and messages that it sees.
#pragma once

#include <gtest/gtest.h>

#include "identify/identify.h"
#include "identify/link.h"
#include "kit/claims.h"
#include "kit/clock.h"
#include "kit/folder.h"
#include "sqlite/store.h"

namespace milecastle::identify {

inline constexpr const char* kOne = "9990000018";
inline constexpr const char* kTwo = "9990000026";
inline const record::OdsCode kHospital = *record::OdsCode::Parse("RXX");
inline const record::OdsCode kPractice = *record::OdsCode::Parse("A81001");

class Index : public testing::Test {
 protected:
  Index() {
    store::sqlite::Options options;
    options.path = folder_.path() / "store.db";
    options.clock = &clock_;
    store_ = std::move(*store::sqlite::Open(options));
  }

  Verdict Sight(const record::Contribution& contribution,
                const record::OdsCode& source = kHospital) {
    clock_.Advance(std::chrono::seconds(1));
    Verdict verdict;
    const auto written =
        store::WriteAndWait(*store_, [&](store::Transaction& transaction) -> base::Result<void> {
          auto said = Identify(transaction, {contribution.patient, contribution.merge, source,
                                             "feed", false, clock_.Now()});
          if (!said) return said.error();
          verdict = std::move(*said);
          return Enqueue(transaction, verdict);
        });
    EXPECT_TRUE(written) << base::Describe(written.error());
    return verdict;
  }
  Verdict Sight(const kit::Who& who, const record::OdsCode& source = kHospital) {
    return Sight(kit::About(who), source);
  }

  // As receive/ does.
  base::Result<void> Enqueue(store::Transaction& transaction, const Verdict& verdict) {
    const auto* waits = std::get_if<Waits>(&verdict);
    if (waits == nullptr) return {};
    store::QueueItem item;
    item.id = record::QueueItemId::New(clock_.Now());
    item.message = record::MessageId::New(clock_.Now());
    item.identity = waits->identity;
    item.candidates = waits->candidates;
    return transaction.queues().Add(item);
  }

  Settled MustSettle(const Verdict& verdict) {
    if (const auto* settled = std::get_if<Settled>(&verdict)) return *settled;
    const auto* waits = std::get_if<Waits>(&verdict);
    ADD_FAILURE() << "not settled: " << (waits == nullptr ? "protected" : KeyOf(waits->reason));
    return {};
  }
  Waits MustWait(const Verdict& verdict) {
    if (const auto* waits = std::get_if<Waits>(&verdict)) return *waits;
    ADD_FAILURE() << "does not wait";
    return {};
  }

  store::Person PersonBy(const record::PersonId& id) {
    return **(*store_->Read())->patients().FindPerson(id);
  }
  store::Identity IdentityBy(const record::IdentityId& id) {
    return **(*store_->Read())->patients().FindIdentity(id);
  }
  std::vector<std::string> ReasonsOf(const record::PersonId& id) {
    std::vector<std::string> reasons;
    const auto links = (*store_->Read())->patients().LinksOf(id);
    for (const auto& event : *links) {
      reasons.push_back(event.reason);
    }
    return reasons;
  }
  // Where it went.
  record::PersonId MustUnlink(const record::IdentityId& identity) {
    record::PersonId went;
    EXPECT_TRUE(
        store::WriteAndWait(*store_, [&](store::Transaction& transaction) -> base::Result<void> {
          const auto to = UnlinkIdentity(transaction, {identity, "officer", clock_.Now()});
          if (!to) return to.error();
          went = *to;
          return {};
        }));
    return went;
  }
  void Sever(const record::PersonId& id) {
    ASSERT_TRUE(store::WriteAndWait(*store_, [&](store::Transaction& transaction) {
      store::Person person = **transaction.patients().FindPerson(id);
      person.state = store::PersonState::kSevered;
      return transaction.patients().SavePerson(person);
    }));
  }

  kit::TemporaryFolder folder_;
  kit::ManualClock clock_{base::Instant{std::chrono::seconds(1'767'600'000)}};
  std::unique_ptr<store::sqlite::Database> store_;
};

}  // namespace milecastle::identify
