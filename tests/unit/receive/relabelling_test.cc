// Rules that change under what is stored, by the rules that intake uses and what brings it under
// them.
#include "receive/relabelling.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <future>
#include <random>
#include <thread>
#include <utility>

#include "kit/claims.h"
#include "kit/small_gateway.h"
#include "receive/label_trial.h"
#include "receive/rulebook.h"

namespace milecastle::receive {
namespace {

using normalise::Normaliser;
using normalise::NormaliserOptions;
using record::Section;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

using NormaliserPtr = std::shared_ptr<const Normaliser>;

constexpr const char* kSystem = "urn:test";

NormaliserPtr Rules(NormaliserOptions options) {
  return std::make_shared<const Normaliser>(*Normaliser::Create(options));
}
NormaliserPtr NoRules() { return Rules({}); }
NormaliserPtr CodeRules(std::vector<normalise::CodeLabel> labels) {
  NormaliserOptions options;
  options.code_labels = std::move(labels);
  return Rules(std::move(options));
}
NormaliserPtr Sensitive() { return CodeRules({{kSystem, "GUM", "sexual_health"}}); }

std::shared_ptr<const normalise::LabelRules> Words(const std::string& word,
                                                   const std::string& label) {
  const std::string text = "[[rule]]\nid = \"own\"\nlabel = \"" + label + "\"\nwords = [\"" + word +
                           "\"]\n[[case]]\ntext = \"" + word + "\"\nlabels = [\"" + label + "\"]\n";
  const normalise::LabelRulesFile file{"own.toml", text};
  auto loaded = normalise::LabelRules::Parse(std::span(&file, 1));
  EXPECT_THAT(loaded.problems, IsEmpty());
  return loaded.rules;
}

record::Draft Coded(std::string key, std::string code, Section section = Section::kProblems) {
  record::Draft draft;
  draft.source_key = std::move(key);
  draft.entry.section = section;
  draft.entry.kind =
      section == Section::kAllergies ? record::Kind::kAllergy : record::Kind::kProblem;
  draft.entry.status = record::ClinicalStatus::kActive;
  draft.entry.what.codings = {{kSystem, std::move(code), ""}};
  return draft;
}
record::Draft Letter(std::string key, std::string of, std::string text = "a letter") {
  record::Draft draft;
  draft.source_key = std::move(key);
  draft.entry.section = Section::kDocuments;
  draft.entry.kind = record::Kind::kDocument;
  draft.entry.what.text = std::move(text);
  if (!of.empty()) draft.entry.links = {{"problem", std::move(of)}};
  return draft;
}

record::Contribution Said(std::vector<record::Draft> drafts) {
  return kit::About({.nhs_number = "9990000018", .local = "H1"}, std::move(drafts));
}

class RelabellingTest : public testing::Test {
 protected:
  RelabellingTest() { Begin(); }
  void Begin(store::DueLimits piece = {}) {
    relabelling_.reset();
    relabelling_ =
        std::make_unique<Relabelling>(RelabellingParts{.store = gateway_.store(),
                                                       .clock = gateway_.clock(),
                                                       .piece = piece,
                                                       .retry = std::chrono::milliseconds(1)});
  }
  void Follow(const NormaliserPtr& rules) {
    relabelling_->Follow(RulebookOf(rules));
    gateway_.intake().Use(rules);
  }
  void FollowToTheEnd(const NormaliserPtr& rules) {
    Follow(rules);
    relabelling_->AwaitEnd();
  }
  void Say(std::vector<record::Draft> drafts) { gateway_.Say(Said(std::move(drafts))); }

  using Seen = std::vector<std::pair<std::string, std::vector<std::string>>>;
  // Each current entry's key, as its source said it, with its labels, as a view has them.
  Seen Labels() {
    Seen seen;
    const auto person = gateway_.PersonOf("9990000018");
    const auto snapshot = gateway_.Look();
    const auto segment = *snapshot->records().SegmentOf(person->id);
    for (const store::SegmentItem& item : segment->items) {
      const auto entry = *snapshot->records().Find(item.id);
      seen.emplace_back(entry->source_key.substr(entry->source_key.find('|') + 1),
                        segment->classes.at(item.entry_class).labels);
    }
    return seen;
  }

  kit::SmallGateway gateway_;
  std::unique_ptr<Relabelling> relabelling_;
};

TEST_F(RelabellingTest, ACodeThatBecomesSensitiveShutsItsEntryAndItsLetterAtOnceAndForGood) {
  FollowToTheEnd(NoRules());
  Say({Coded("problem", "GUM"), Letter("letter", "problem"), Coded("other", "ASTHMA")});
  Follow(Sensitive());
  const auto shut =
      UnorderedElementsAre(Pair("problem", ElementsAre("sexual_health")),
                           Pair("letter", ElementsAre("sexual_health")), Pair("other", IsEmpty()));
  EXPECT_THAT(Labels(), shut);
  relabelling_->AwaitEnd();
  EXPECT_THAT(Labels(), shut);
  const auto progress = relabelling_->Progress();
  EXPECT_EQ(progress->looked_at, 3U);
  EXPECT_EQ(progress->gained, 1U) << "links are followed when it is read";
  EXPECT_EQ(progress->lost, 0U);
}

TEST_F(RelabellingTest, AWordOfARuleIsFoundInADocumentThatIsStored) {
  FollowToTheEnd(NoRules());
  record::Draft letter = Letter("letter", "");
  letter.entry.document = record::Document{"text/plain", "Letter", "Seen at the lighthouse."};
  Say({letter});
  NormaliserOptions options;
  options.label_rules = Words("lighthouse", "sexual_health");
  FollowToTheEnd(Rules(options));
  EXPECT_THAT(Labels(), ElementsAre(Pair("letter", ElementsAre("sexual_health"))));
}

TEST_F(RelabellingTest, ALabelThatNoRuleGivesAnyMoreGoesAndWhatTheSourceSaidStays) {
  FollowToTheEnd(Sensitive());
  record::Draft said = Coded("said", "GUM");
  said.source_labels = {"confidentiality:R"};
  Say({Coded("problem", "GUM"), said});
  FollowToTheEnd(NoRules());
  EXPECT_THAT(Labels(), UnorderedElementsAre(Pair("problem", IsEmpty()),
                                             Pair("said", ElementsAre("source:confidential"))));
  EXPECT_EQ(relabelling_->Progress()->lost, 2U);
}

TEST_F(RelabellingTest, ASourcesWordThatNobodyKnewIsMappedWhenSomebodyDoes) {
  FollowToTheEnd(NoRules());
  record::Draft said = Coded("said", "GUM");
  said.source_labels = {"local:9"};
  Say({said});
  EXPECT_THAT(Labels(), ElementsAre(Pair("said", ElementsAre("source:unmapped"))));
  NormaliserOptions options;
  options.source_labels = {{"local:9", "mental_health"}};
  FollowToTheEnd(Rules(options));
  EXPECT_THAT(Labels(), ElementsAre(Pair("said", ElementsAre("mental_health"))));
}

TEST_F(RelabellingTest, HeadlinesFollowTheCodeSetsToo) {
  FollowToTheEnd(NoRules());
  Say({Coded("plan", "DNR")});
  const auto headline = [&] {
    const auto segment = *gateway_.Look()->records().SegmentOf(gateway_.PersonOf("9990000018")->id);
    return segment->classes.at(segment->items.at(0).entry_class).headline;
  };
  FollowToTheEnd(CodeRules({{kSystem, "DNR", "headline:resuscitation"}}));
  EXPECT_EQ(headline(), record::Headline::kResuscitation);
  FollowToTheEnd(NoRules());
  EXPECT_EQ(headline(), record::Headline::kNone);
}

TEST_F(RelabellingTest, OfTwoSystemsThatAreOneByNowTheEntriesBelongTogether) {
  FollowToTheEnd(NoRules());
  record::Draft one = Coded("one", "1");
  one.entry.what.codings = {{"LOCALCODE", "1", ""}};
  record::Draft other = Coded("other", "1");
  Say({one, other});
  NormaliserOptions options;
  options.systems = {{"LOCALCODE", kSystem}};
  FollowToTheEnd(Rules(options));
  const auto segment = *gateway_.Look()->records().SegmentOf(gateway_.PersonOf("9990000018")->id);
  ASSERT_EQ(segment->keys.size(), 2U);
  EXPECT_EQ(segment->keys[0], segment->keys[1]);
}

TEST_F(RelabellingTest, NoViewDuringItShowsWhatBecameSensitive) {
  FollowToTheEnd(NoRules());
  constexpr int kEntries = 120;
  std::vector<record::Draft> drafts;
  for (int i = 0; i < kEntries; ++i) drafts.push_back(Coded("p" + std::to_string(i), "GUM"));
  Say(std::move(drafts));
  EXPECT_THAT(Labels(), testing::Each(Pair(testing::_, IsEmpty())));
  Begin({.entries = 1});
  Follow(Sensitive());
  auto ended = std::async(std::launch::async, [&] { relabelling_->AwaitEnd(); });
  int views = 0;
  do {
    EXPECT_THAT(Labels(), testing::Each(Pair(testing::_, ElementsAre("sexual_health"))));
    // What comes meanwhile takes its place among it.
    Say({Coded("new" + std::to_string(views++), "GUM")});
  } while (ended.wait_for(std::chrono::seconds(0)) != std::future_status::ready);
  EXPECT_THAT(Labels(), testing::Each(Pair(testing::_, ElementsAre("sexual_health"))));
  EXPECT_EQ(relabelling_->Progress()->looked_at, static_cast<unsigned>(kEntries));
}

TEST_F(RelabellingTest, ItGoesOnWhereItStoppedAndLooksAtNothingTwice) {
  FollowToTheEnd(NoRules());
  constexpr int kEntries = 40;
  std::vector<record::Draft> drafts;
  for (int i = 0; i < kEntries; ++i) drafts.push_back(Coded("p" + std::to_string(i), "GUM"));
  Say(std::move(drafts));
  for (int stops = 0; stops < 1000; ++stops) {
    Begin({.entries = 1});
    Follow(Sensitive());
    while (!relabelling_->Progress()) std::this_thread::yield();
    relabelling_->Stop();
    if (relabelling_->Progress() && relabelling_->Progress()->ended) break;
  }
  Begin();
  FollowToTheEnd(Sensitive());
  EXPECT_EQ(relabelling_->Progress()->looked_at, static_cast<unsigned>(kEntries));
  EXPECT_EQ(relabelling_->Progress()->gained, static_cast<unsigned>(kEntries));
}

// Few codes, words, marks and links, so that they meet.
class AnyWorld {
 public:
  explicit AnyWorld(unsigned seed) : random_(seed) {}

  // From 0, below `end`.
  int Below(int end) { return std::uniform_int_distribution(0, end - 1)(random_); }
  bool Maybe() { return Below(2) == 0; }

  NormaliserPtr AnyRules() {
    constexpr std::array kLabels = {"hiv", "sexual_health", "headline:resuscitation"};
    constexpr std::array kMeanings = {"", "source:vip", "hiv"};
    NormaliserOptions options;
    for (int left = Below(4); left > 0; --left) {
      options.code_labels.push_back({kSystem, AnyCode(), kLabels.at(Below(3))});
    }
    if (Maybe()) options.source_labels = {{"mark:1", kMeanings.at(Below(3))}};
    if (Maybe()) options.label_rules = Words("lighthouse", "mental_health");
    if (Maybe()) options.section_labels.clear();
    return Rules(std::move(options));
  }

  std::vector<record::Draft> AnyMessage() {
    std::vector<record::Draft> drafts;
    for (int number = Below(6); number >= 0; --number) drafts.push_back(AnyDraft(number));
    return drafts;
  }

 private:
  std::string AnyCode() { return "C" + std::to_string(Below(4)); }

  record::Draft AnyDraft(int number) {
    constexpr std::array kSections = {Section::kProblems, Section::kAllergies,
                                      Section::kSafeguarding};
    record::Draft draft = Coded("k" + std::to_string(number), AnyCode(), kSections.at(Below(3)));
    if (Maybe()) draft.entry.free_text = {"at the lighthouse"};
    if (Maybe()) draft.source_labels = {"mark:1"};
    if (Maybe()) draft.source_labels.emplace_back("mark:2");
    if (Maybe()) draft.entry.links = {{"problem", "k" + std::to_string(Below(6))}};
    return draft;
  }

  std::mt19937 random_;
};

// Labels, headline and likeness of each current entry, as a view has them.
std::vector<std::string> Shown(kit::SmallGateway& gateway) {
  std::vector<std::string> all;
  const auto snapshot = gateway.Look();
  const auto segment = *snapshot->records().SegmentOf(gateway.PersonOf("9990000018")->id);
  for (const store::SegmentItem& item : segment->items) {
    const record::EntryClass& entry_class = segment->classes.at(item.entry_class);
    std::string line = (*snapshot->records().Find(item.id))->source_key + " " +
                       std::string(record::KeyOf(entry_class.headline));
    for (const std::string& label : entry_class.labels) line += " " + label;
    for (std::uint32_t i = 0; i < item.keys; ++i) {
      line += " " + std::to_string(segment->keys.at(item.first_key + i));
    }
    all.push_back(std::move(line));
  }
  std::sort(all.begin(), all.end());
  return all;
}

TEST(Relabelling, MakesOfWhatIsStoredWhatItsMessagesWouldBeUnderTheNewRules) {
  constexpr unsigned kWorlds = 25;
  for (unsigned seed = 0; seed < kWorlds; ++seed) {
    AnyWorld world(seed);
    const NormaliserPtr before = world.AnyRules();
    const NormaliserPtr after = world.AnyRules();
    kit::SmallGateway stored;
    kit::SmallGateway fresh;
    Relabelling relabelling(
        {.store = stored.store(), .clock = stored.clock(), .piece = {.entries = 2}});
    const auto follow = [&](const NormaliserPtr& rules) {
      relabelling.Follow(RulebookOf(rules));
      stored.intake().Use(rules);
      relabelling.AwaitEnd();
    };
    follow(before);
    fresh.intake().Use(after);
    for (int left = world.Below(3); left >= 0; --left) {
      const auto drafts = world.AnyMessage();
      stored.Say(Said(drafts));
      fresh.Say(Said(drafts));
    }
    follow(after);
    ASSERT_EQ(Shown(stored), Shown(fresh)) << "world " << seed;
  }
}

TEST_F(RelabellingTest, ATrialCountsWhatOtherRulesWouldChangeAndChangesNothing) {
  FollowToTheEnd(CodeRules({{kSystem, "HIV", "hiv"}}));
  Say({Coded("problem", "GUM"), Letter("letter", "problem"), Coded("second", "GUM"),
       Coded("hiv", "HIV"), Coded("withdrawn", "GUM")});
  auto gone = Said({});
  gone.withdrawn_keys = {"withdrawn"};
  gateway_.Say(gone);
  const auto before = Labels();
  const auto trial = TryRules([&] { return gateway_.store().Read(); }, *RulebookOf(Sensitive()));
  EXPECT_EQ(Labels(), before);
  EXPECT_EQ(trial->people, 1U);
  EXPECT_EQ(trial->entries, 4U);
  const LabelChange problem{"RXX", Section::kProblems, "sexual_health", true};
  const LabelChange letter{"RXX", Section::kDocuments, "sexual_health", true};
  const LabelChange hiv{"RXX", Section::kProblems, "hiv", false};
  EXPECT_THAT(trial->changes,
              UnorderedElementsAre(Pair(problem, LabelCount{2, 1}), Pair(letter, LabelCount{1, 1}),
                                   Pair(hiv, LabelCount{1, 1})));
}

TEST_F(RelabellingTest, ATrialKnowsWhatTheNewRulesMakeAnAllergyAndLabelsItByNoLink) {
  record::Draft penicillin = Coded("penicillin", "PEN");
  penicillin.entry.links = {{"problem", "problem"}};
  Say({Coded("problem", "GUM"), penicillin});
  const auto rules =
      CodeRules({{kSystem, "GUM", "sexual_health"}, {kSystem, "PEN", "headline:allergy"}});
  const auto trial = TryRules([&] { return gateway_.store().Read(); }, *RulebookOf(rules));
  const LabelChange problem{"RXX", Section::kProblems, "sexual_health", true};
  EXPECT_THAT(trial->changes, UnorderedElementsAre(Pair(problem, LabelCount{1, 1})));
}

TEST(Rulebook, BytesThatAreNoEntryKeepTheirLabelsAndAreWithheld) {
  const auto rules = RulebookOf(NoRules());
  const record::EntryClass entry_class{.source = *record::OdsCode::Parse("RXX"), .labels = {"hiv"}};
  const store::LabelOrigin origin;
  EXPECT_THAT(rules->Label({"\xFF", entry_class, {}, origin}).labels,
              ElementsAre("hiv", "source:unmapped"));
}

}  // namespace
}  // namespace milecastle::receive
