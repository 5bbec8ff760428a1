// The trace inside the rules of identity: who is asked about, who is linked, and who never is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "identify/identify.h"
#include "identify/link.h"
#include "kit/claims.h"
#include "kit/clock.h"
#include "kit/folder.h"
#include "sqlite/store.h"

namespace milecastle::identify {
namespace {

using kit::Update;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kOne = "9990000018";
constexpr const char* kTwo = "9990000026";
const record::OdsCode kHospital = *record::OdsCode::Parse("RXX");
const record::OdsCode kPractice = *record::OdsCode::Parse("A81001");

record::Contribution Living(const kit::Who& who, const char* postcode = "NE28 6HE") {
  record::Contribution contribution = kit::About(who);
  contribution.patient.addresses = Update<std::vector<record::Address>>::Set({{{}, postcode, ""}});
  return contribution;
}

class Tracing : public testing::Test {
 protected:
  Tracing() {
    store::sqlite::Options options;
    options.path = folder_.path() / "store.db";
    options.clock = &clock_;
    store_ = std::move(*store::sqlite::Open(options));
    options_.auto_link = true;
  }

  Settled Sight(const record::Contribution& contribution,
                const record::OdsCode& source = kHospital) {
    clock_.Advance(std::chrono::seconds(1));
    const Tracer tracer(options_);
    Settled settled;
    const auto written =
        store::WriteAndWait(*store_, [&](store::Transaction& in) -> base::Result<void> {
          auto said = Identify(in, {.claim = contribution.patient,
                                    .merge = contribution.merge,
                                    .source = source,
                                    .by = "feed",
                                    .at = clock_.Now(),
                                    .tracer = &tracer});
          if (!said) return said.error();
          if (const auto* one = std::get_if<Settled>(&*said)) settled = *one;
          return {};
        });
    EXPECT_TRUE(written) << base::Describe(written.error());
    return settled;
  }
  Settled SightHere(const kit::Who& who) { return Sight(Living(who)); }
  Settled SightAtPractice(const kit::Who& who) { return Sight(Living(who), kPractice); }

  void Write(const store::Store::Work& work) { ASSERT_TRUE(store::WriteAndWait(*store_, work)); }
  void Sever(const record::PersonId& id) {
    Write([&](store::Transaction& in) {
      store::Person person = **in.patients().FindPerson(id);
      person.state = store::PersonState::kSevered;
      return in.patients().SavePerson(person);
    });
  }
  store::Identity IdentityBy(const record::IdentityId& id) {
    return **(*store_->Read())->patients().FindIdentity(id);
  }
  bool UnderReview(const record::PersonId& id) {
    return (*(*store_->Read())->patients().FindPerson(id))->under_merge_review;
  }

  kit::TemporaryFolder folder_;
  kit::ManualClock clock_{base::Instant{std::chrono::seconds(1'767'600'000)}};
  std::unique_ptr<store::sqlite::Database> store_;
  TraceOptions options_;
};

const kit::Who kUnnumbered{.nhs_number = "", .local = "77"};

TEST_F(Tracing, ByDefaultNobodyIsLinkedAndAnOfficerIsAsked) {
  options_ = TraceOptions{};
  const Settled known = SightAtPractice({.nhs_number = kOne});
  const Settled unknown = SightHere(kUnnumbered);
  EXPECT_NE(unknown.person, known.person);
  ASSERT_TRUE(unknown.match);
  EXPECT_EQ(unknown.match->reason, kTracedCertain);
  EXPECT_THAT(unknown.match->candidates, ElementsAre(known.person));
}

TEST_F(Tracing, TurnedOffItAsksNobody) {
  options_.enabled = false;
  SightAtPractice({.nhs_number = kOne});
  EXPECT_FALSE(SightHere(kUnnumbered).match);
}

TEST_F(Tracing, AnAutomaticLinkIsExplainedReviewedAndUndone) {
  const Settled known = SightAtPractice({.nhs_number = kOne});
  const Settled linked = SightHere(kUnnumbered);
  ASSERT_EQ(linked.person, known.person);
  ASSERT_THAT(linked.merged, SizeIs(1));
  EXPECT_EQ(linked.merged.front().reason, kTracedCertain);
  const auto links = *(*store_->Read())->patients().LinksOf(known.person);
  ASSERT_EQ(links.back().reason, kTracedCertain);
  ASSERT_TRUE(links.back().why);
  EXPECT_EQ(links.back().why->score, 100);
  EXPECT_EQ(links.back().why->configuration, Tracer(options_).version());
  EXPECT_TRUE(UnderReview(known.person));

  Write([&](store::Transaction& in) -> base::Result<void> {
    const auto to = UnlinkIdentity(in, {linked.identity, "officer", clock_.Now()});
    EXPECT_EQ(*to, linked.merged.front().from);
    return {};
  });
  const Settled again = SightHere(kUnnumbered);
  EXPECT_NE(again.person, known.person) << "an officer took them apart";
  EXPECT_FALSE(again.match);
}

TEST_F(Tracing, ALinkGivesNobodyANumber) {
  SightAtPractice({.nhs_number = kOne});
  const Settled linked = SightHere(kUnnumbered);
  const store::Identity identity = IdentityBy(linked.identity);
  EXPECT_FALSE(identity.nhs_number);
  EXPECT_FALSE(identity.shareable);
  EXPECT_EQ(identity.tracing, record::Tracing::kUnstated);
}

TEST_F(Tracing, OfTwoWhoAreAlikeNobodyIsLinked) {
  const Settled one = SightAtPractice({.nhs_number = kOne});
  const Settled two = SightAtPractice({.nhs_number = kTwo});
  const Settled unknown = SightHere(kUnnumbered);
  EXPECT_TRUE(unknown.created_person);
  ASSERT_TRUE(unknown.match);
  EXPECT_THAT(unknown.match->candidates, testing::UnorderedElementsAre(one.person, two.person));
}

TEST_F(Tracing, TwinsAreNeitherLinkedNorSuggested) {
  SightAtPractice({.nhs_number = kOne, .given = "Livia"});
  const Settled twin = SightHere(kUnnumbered);
  EXPECT_TRUE(twin.created_person);
  EXPECT_FALSE(twin.match);
}

TEST_F(Tracing, ASeveredPersonIsNeverSuggestedAndLeavesNobodyCertain) {
  const Settled severed = SightAtPractice({.nhs_number = kOne});
  Sever(severed.person);
  EXPECT_FALSE(SightHere(kUnnumbered).match);
  const Settled now = SightAtPractice({.nhs_number = kTwo});
  const Settled other = SightHere({.nhs_number = "", .local = "78"});
  EXPECT_TRUE(other.created_person) << "two are alike, though one is not told of";
  ASSERT_TRUE(other.match);
  for (const record::PersonId& candidate : other.match->candidates) {
    EXPECT_NE(candidate, severed.person);
  }
  EXPECT_THAT(other.match->candidates, testing::Contains(now.person));
}

TEST_F(Tracing, WhereAProtectedPersonIsMakesNobodyACandidate) {
  // Married: possible by the postcode alone.
  const Settled known = SightAtPractice({.nhs_number = kOne, .family = "Antonius"});
  EXPECT_TRUE(SightHere(kUnnumbered).match) << "as long as nothing is protected";
  Write([&](store::Transaction& in) {
    return in.facts().PutLocationFlag(
        known.identity, {record::LocationProtection::kNational, "A81001", clock_.Now()});
  });
  const Settled other = SightHere({.nhs_number = "", .local = "78"});
  ASSERT_TRUE(other.match) << "with the other who has no number";
  EXPECT_THAT(other.match->candidates, testing::Not(testing::Contains(known.person)));
}

TEST_F(Tracing, WhoeverIsNamedByANumberIsNotTraced) {
  SightAtPractice({.nhs_number = kOne});
  EXPECT_FALSE(SightHere({.nhs_number = kTwo, .local = "77"}).match);
}

TEST_F(Tracing, APseudoPersonAndAPlaceholderAreNotTraced) {
  SightAtPractice({.nhs_number = kOne});
  record::Contribution pseudo = Living(kUnnumbered);
  pseudo.patient.pseudo_person = true;
  EXPECT_FALSE(Sight(pseudo).match);
  SightAtPractice({.nhs_number = kTwo, .given = "Baby Of Anna"});
  EXPECT_FALSE(SightHere({.nhs_number = "", .local = "9", .given = "Baby Of Anna"}).match);
}

TEST_F(Tracing, WhoeverBecomesKnownLaterIsFoundWithTheNextMessage) {
  options_ = TraceOptions{};
  EXPECT_FALSE(SightHere(kUnnumbered).match);
  const Settled known = SightAtPractice({.nhs_number = kOne});
  const Settled again = SightHere(kUnnumbered);
  ASSERT_TRUE(again.match);
  EXPECT_THAT(again.match->candidates, ElementsAre(known.person));
}

TEST_F(Tracing, WhomAnOfficerSaidToBeTwoPeopleAreNotAskedAboutAgainEitherWay) {
  options_ = TraceOptions{};
  const Settled one = SightHere(kUnnumbered);
  const Settled two = SightHere({.nhs_number = "", .local = "78"});
  ASSERT_TRUE(two.match);
  Write([&](store::Transaction& in) {
    return in.patients().KeepApart({two.identity, one.identity, "officer", clock_.Now()});
  });
  EXPECT_FALSE(SightHere({.nhs_number = "", .local = "78"}).match);
  EXPECT_FALSE(SightHere(kUnnumbered).match);
}

TEST_F(Tracing, AMessageOfNobodysNumberWaitsWithWhomTheTraceRanks) {
  options_ = TraceOptions{};
  SightAtPractice({.nhs_number = kTwo, .given = "Livia"});
  const Settled known = SightAtPractice({.nhs_number = kOne});
  const Tracer tracer(options_);
  const record::Contribution nameless = Living({.nhs_number = "", .local = ""});
  Write([&](store::Transaction& in) -> base::Result<void> {
    const auto said = Identify(in, {.claim = nameless.patient,
                                    .merge = nameless.merge,
                                    .source = kHospital,
                                    .by = "feed",
                                    .at = clock_.Now(),
                                    .tracer = &tracer});
    EXPECT_THAT(std::get<Waits>(*said).candidates, ElementsAre(known.person)) << "no twin";
    return {};
  });
}

TEST_F(Tracing, MoreAlikeThanAreLookedAtAreSaidToBeTooManyAndNobodyIsLinked) {
  options_.candidates = 4;
  for (int i = 0; i < 6; ++i) {
    SightHere({.nhs_number = "", .local = std::to_string(i), .given = "Anna" + std::to_string(i)});
  }
  const Settled unknown = SightHere(kUnnumbered);
  EXPECT_TRUE(unknown.created_person);
  ASSERT_TRUE(unknown.match);
  EXPECT_EQ(unknown.match->reason, kTooManyAlike);
}

}  // namespace
}  // namespace milecastle::identify
