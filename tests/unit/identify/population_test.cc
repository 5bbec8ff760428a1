// The trace over a made-up population of 20,000: how many it finds, how many it asks about wrongly,
// and that at the default thresholds it is never certain of the wrong person. Counts, not time.
#include "kit/population.h"

#include <gtest/gtest.h>

#include <iostream>

#include "identify/identify.h"
#include "kit/clock.h"
#include "kit/folder.h"
#include "sqlite/store.h"

namespace milecastle::identify {
namespace {

using record::Update;

constexpr std::size_t kPeople = 20'000;
constexpr std::size_t kAsked = 1'500;
const record::OdsCode kRegister = *record::OdsCode::Parse("A81001");
const record::OdsCode kElsewhere = *record::OdsCode::Parse("RXX");

record::PatientClaim ClaimOf(const kit::Resident& who, const std::string& local) {
  record::PatientClaim claim;
  claim.local_identifiers = {{local.substr(0, 1), "MR", local}};
  claim.names = Update<std::vector<record::PersonName>>::Set({{who.family, who.given, "", "", ""}});
  claim.birth_date = Update<record::BirthDate>::Set(who.born);
  claim.sex = Update<std::string>::Set(std::string(1, who.sex));
  if (!who.postcode.empty()) {
    claim.addresses = Update<std::vector<record::Address>>::Set({{{}, who.postcode, "home"}});
  }
  if (!who.phone.empty()) {
    claim.telecoms = Update<std::vector<record::Telecom>>::Set({{"phone", who.phone, "home"}});
  }
  return claim;
}

struct Tally {
  std::size_t asked = 0;
  std::size_t linked_rightly = 0;
  std::size_t linked_wrongly = 0;
  std::size_t suggested = 0;  // the right one among the candidates
  std::size_t suggested_first = 0;
  std::size_t wrong_candidates = 0;
  std::size_t alone = 0;
};

class Town : public testing::Test {
 protected:
  Town() {
    store::sqlite::Options options;
    options.path = folder_.path() / "store.db";
    options.clock = &clock_;
    store_ = std::move(*store::sqlite::Open(options));
    options_.auto_link = true;
  }

  void Settle(const std::vector<kit::Resident>& people) {
    constexpr std::size_t kAtOnce = 2'000;
    for (std::size_t from = 0; from < people.size(); from += kAtOnce) {
      ASSERT_TRUE(store::WriteAndWait(*store_, [&](store::Transaction& in) -> base::Result<void> {
        for (std::size_t i = from; i < std::min(from + kAtOnce, people.size()); ++i) {
          const auto settled = Sight(in, ClaimOf(people[i], "P" + std::to_string(i)), nullptr);
          if (!settled) return settled.error();
          persons_.push_back(settled->person);
        }
        return {};
      }));
    }
  }
  base::Result<Settled> Sight(store::Transaction& in, const record::PatientClaim& claim,
                              const Tracer* tracer) {
    const std::optional<record::MergeClaim> no_merge;
    auto said = Identify(in, {.claim = claim,
                              .merge = no_merge,
                              .source = tracer == nullptr ? kRegister : kElsewhere,
                              .by = "feed",
                              .at = clock_.Now(),
                              .tracer = tracer});
    if (!said) return said.error();
    return std::get<Settled>(std::move(*said));
  }
  // Asks of somebody, and forgets it again: each is asked of the same town.
  Settled Ask(const kit::Resident& who) {
    Settled settled;
    static_cast<void>(
        store::WriteAndWait(*store_, [&](store::Transaction& in) -> base::Result<void> {
          auto said = Sight(in, ClaimOf(who, "H1"), &tracer_);
          EXPECT_TRUE(said);
          if (said) settled = *said;
          return base::Error{base::ErrorId::kConflict, "test", "undone"};
        }));
    return settled;
  }
  void Count(const Settled& settled, const std::optional<record::PersonId>& right, Tally& tally) {
    ++tally.asked;
    if (!settled.merged.empty()) {
      ++(right == settled.person ? tally.linked_rightly : tally.linked_wrongly);
      return;
    }
    if (!settled.match) {
      ++tally.alone;
      return;
    }
    const auto& candidates = settled.match->candidates;
    const bool there =
        right && std::find(candidates.begin(), candidates.end(), *right) != candidates.end();
    tally.suggested += there ? 1U : 0U;
    tally.suggested_first += there && candidates.front() == *right ? 1U : 0U;
    tally.wrong_candidates += candidates.size() - (there ? 1U : 0U);
  }
  static void Print(const char* who, const Tally& tally) {
    const std::size_t found = tally.linked_rightly + tally.suggested;
    const std::size_t told = found + tally.linked_wrongly + tally.wrong_candidates;
    std::cout << who << ": " << tally.asked << " asked, " << tally.linked_rightly
              << " certain and right, " << tally.linked_wrongly << " certain and wrong, "
              << tally.suggested << " suggested (" << tally.suggested_first << " first), "
              << tally.wrong_candidates << " wrong candidates, " << tally.alone << " alone; recall "
              << 100 * found / std::max<std::size_t>(tally.asked, 1) << " %, precision "
              << 100 * found / std::max<std::size_t>(told, 1) << " %\n";
  }

  kit::TemporaryFolder folder_;
  kit::ManualClock clock_{base::Instant{std::chrono::seconds(1'767'600'000)}};
  std::unique_ptr<store::sqlite::Database> store_;
  TraceOptions options_ = [] {
    TraceOptions options;
    options.auto_link = true;
    return options;
  }();
  Tracer tracer_{options_};
  std::vector<record::PersonId> persons_;
};

TEST_F(Town, NobodyIsLinkedWronglyAndMostAreFound) {
  kit::Population town(kPeople);
  Settle(town.residents());
  ASSERT_EQ(persons_.size(), town.residents().size());

  Tally known;
  Tally twins;
  Tally newcomers;
  for (std::size_t i = 0; i < kAsked; ++i) {
    const std::size_t which = town.Below(persons_.size());
    const kit::Resident& resident = town.residents()[which];
    Count(Ask(town.AsSeenElsewhere(resident)), persons_[which], known);
    const kit::Resident twin = town.TwinOf(resident);
    if (i % 3 == 0 && !town.Lives(twin)) Count(Ask(twin), std::nullopt, twins);
    if (i % 3 == 1) Count(Ask(town.Newcomer()), std::nullopt, newcomers);
  }
  Print("known elsewhere", known);
  Print("unknown twins of known people", twins);
  Print("newcomers", newcomers);

  EXPECT_EQ(known.linked_wrongly, 0U);
  EXPECT_EQ(twins.linked_rightly + twins.linked_wrongly, 0U);
  EXPECT_EQ(newcomers.linked_rightly + newcomers.linked_wrongly, 0U);
  EXPECT_GT(known.linked_rightly * 100, known.asked * 25);
  EXPECT_GT((known.linked_rightly + known.suggested) * 100, known.asked * 80);
  EXPECT_LT(newcomers.wrong_candidates * 100, newcomers.asked * 5);
}

}  // namespace
}  // namespace milecastle::identify
