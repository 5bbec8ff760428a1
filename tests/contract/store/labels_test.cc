// Rules that change under what is stored.
#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <set>

#include "contract.h"

namespace milecastle::store {
namespace {

using record::Section;
using testing::ElementsAre;
using testing::SizeIs;
using testing::UnorderedElementsAre;

// Rules of words: an entry whose bytes hold one is labelled so, and so is what its source says.
class WordRules final : public Rulebook {
 public:
  explicit WordRules(std::map<std::string, std::string> words) : words_(std::move(words)) {
    std::string all = "rules";
    for (const auto& [word, label] : words_) all += "\n" + word + "\t" + label;
    digest_ = base::Sha256(all);
  }
  const base::Digest& digest() const override { return digest_; }
  Labelled Label(const ToLabel& entry) const override {
    std::set<std::string> labels(entry.origin.kept.begin(), entry.origin.kept.end());
    for (const std::string& said : entry.origin.said) labels.insert("said:" + said);
    for (const auto& [word, label] : words_) {
      if (entry.bytes.find(word) != std::string_view::npos) labels.insert(label);
    }
    return {.labels = {labels.begin(), labels.end()}};
  }
  bool WouldLabel(const record::SectionStatement& statement) const override {
    return std::any_of(words_.begin(), words_.end(), [&](const auto& each) {
      return statement.text.find(each.first) != std::string::npos;
    });
  }

 private:
  std::map<std::string, std::string> words_;
  base::Digest digest_{};
};

std::shared_ptr<const Rulebook> Rules(std::map<std::string, std::string> words) {
  return std::make_shared<const WordRules>(std::move(words));
}

// By what its rules make of it, as intake leaves it.
StoredEntry LabelledBy(const std::shared_ptr<const Rulebook>& rules, StoredEntry entry) {
  entry.entry_class.labels =
      rules->Label({entry.bytes, entry.entry_class, entry.stored, entry.origin}).labels;
  entry.labelled_by = rules->digest();
  return entry;
}

std::vector<std::string> LabelsIn(const Segment& segment) {
  std::vector<std::string> all;
  for (const SegmentItem& item : segment.items) {
    std::string line = segment.bytes.substr(item.offset, item.size) + ":";
    for (const std::string& label : segment.classes[item.entry_class].labels) line += " " + label;
    all.push_back(line);
  }
  return all;
}

std::shared_ptr<const Rulebook> None() { return Rules({}); }
std::shared_ptr<const Rulebook> Clinic() { return Rules({{"clinic", "sexual_health"}}); }

base::Result<void> Piece(Transaction& in, const Rulebook& rules, Labelling labelling,
                         const DueLimits& limits) {
  const auto due = in.labels().Due(labelling, limits);
  EXPECT_TRUE(due);
  for (const StoredEntry& entry : due->entries) {
    ++labelling.looked_at;
    const Labelled now = rules.Label({entry.bytes, entry.entry_class, entry.stored, entry.origin});
    if (now.labels == entry.entry_class.labels) continue;
    EXPECT_TRUE(in.labels().Relabel(entry.number, now));
  }
  labelling.looked_to = due->looked_to;
  if (labelling.looked_to == labelling.upto) labelling.ended = At(101);
  return in.labels().Note(labelling);
}

// Looks at all that is due under the rules, a piece after another; how many pieces.
int Sweep(Store& store, const std::shared_ptr<const Rulebook>& rules,
          const DueLimits& limits = {}) {
  int pieces = 0;
  for (bool ended = false; !ended; pieces += ended ? 0 : 1) {
    EXPECT_TRUE(WriteAndWait(store, [&](Transaction& in) -> base::Result<void> {
      const Labelling labelling = *in.labels().Begin(rules->digest(), At(100));
      ended = labelling.ended.has_value();
      return ended ? base::Result<void>() : Piece(in, *rules, labelling, limits);
    }));
  }
  return pieces;
}

TEST_P(StoreContract, WhatNewRulesAddIsSeenAtOnceThoughNothingIsWritten) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  store().Follow(None());
  StoredEntry letter = LabelledBy(None(), Entry(identity, "d1", "letter", Section::kDocuments));
  letter.links = {{"problem", "p1"}};
  const StoredEntry problem = LabelledBy(None(), Entry(identity, "p1", "clinic"));
  EXPECT_TRUE(Put(letter));
  EXPECT_TRUE(Put(problem));
  EXPECT_THAT(LabelsIn(*SegmentOf(person)), UnorderedElementsAre("letter:", "clinic:"));
  const std::uint64_t version = Again(person).record_version;
  store().Follow(Clinic());
  EXPECT_THAT(LabelsIn(*SegmentOf(person)),
              UnorderedElementsAre("letter: sexual_health", "clinic: sexual_health"));
  EXPECT_THAT((*Read()->records().Find(problem.id))->entry_class.labels,
              ElementsAre("sexual_health"));
  EXPECT_EQ(Again(person).record_version, version);
  Reopen();
  store().Follow(Clinic());
  EXPECT_THAT(LabelsIn(*SegmentOf(person)),
              UnorderedElementsAre("letter: sexual_health", "clinic: sexual_health"))
      << "after a start too";
}

TEST_P(StoreContract, AStatementIsTheWordsShorterThatTheRulesOfTodayFind) {
  const Person person = SavedPerson("9990000018");
  const Identity one = SavedIdentity(person);
  store().Follow(None());
  SourceStatement said{.source = Ods("RXX"), .statement = {}, .stored = At(1)};
  said.statement.saying = record::SectionSaying::kConfidentialItems;
  said.statement.text = "kept at the clinic";
  Commit([&](Transaction& in) { return in.records().PutStatement(one.id, said); });
  EXPECT_EQ(Read()->records().StatementsOf(person.id)->front().statement.text, said.statement.text);
  store().Follow(Clinic());
  const auto now = *Read()->records().StatementsOf(person.id);
  ASSERT_THAT(now, SizeIs(1));
  EXPECT_EQ(now[0].statement.text, "");
  EXPECT_EQ(now[0].statement.saying, record::SectionSaying::kConfidentialItems);
}

TEST_P(StoreContract, WhatWasWithdrawnGivesItsNewLabelToWhatIsLinkedToIt) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  store().Follow(None());
  StoredEntry letter = LabelledBy(None(), Entry(identity, "d1", "letter", Section::kDocuments));
  letter.links = {{"problem", "p1"}};
  EXPECT_TRUE(Put(letter));
  EXPECT_TRUE(Put(LabelledBy(None(), Entry(identity, "p1", "clinic"))));
  EXPECT_TRUE(Put(LabelledBy(None(), Entry(identity, "a1", "clinic", Section::kAllergies))));
  Commit([&](Transaction& in) -> base::Result<void> {
    EXPECT_TRUE(*in.records().Withdraw(identity.id, "p1", At(30)));
    EXPECT_TRUE(*in.records().Withdraw(identity.id, "a1", At(30)));
    return {};
  });
  store().Follow(Clinic());
  for (int looked = 0; looked < 2; ++looked) {
    EXPECT_THAT(LabelsIn(*SegmentOf(person)), ElementsAre("letter: sexual_health"));
    const auto segment = SegmentOf(person);
    ASSERT_THAT(segment->withdrawn, SizeIs(1));
    EXPECT_THAT(segment->classes[segment->withdrawn[0].entry_class].labels,
                ElementsAre("sexual_health"));
    Sweep(store(), Clinic());
  }
}

TEST_P(StoreContract, WhatTheyTakeAwayGoesWhenAllIsLookedAtAndTheSourcesWordStays) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  store().Follow(Clinic());
  StoredEntry said = Entry(identity, "p2", "clinic too");
  said.origin.said = {"vip"};
  EXPECT_TRUE(Put(LabelledBy(Clinic(), Entry(identity, "p1", "clinic"))));
  EXPECT_TRUE(Put(LabelledBy(Clinic(), said)));
  store().Follow(None());
  EXPECT_THAT(LabelsIn(*SegmentOf(person)),
              UnorderedElementsAre("clinic: sexual_health", "clinic too: said:vip sexual_health"))
      << "of old and new the tighter";
  const std::uint64_t version = Again(person).record_version;
  Sweep(store(), None());
  EXPECT_THAT(LabelsIn(*SegmentOf(person)),
              UnorderedElementsAre("clinic:", "clinic too: said:vip"));
  EXPECT_GT(Again(person).record_version, version);
  store().Follow(Clinic());
  Sweep(store(), Clinic());
  EXPECT_THAT(LabelsIn(*SegmentOf(person)),
              UnorderedElementsAre("clinic: sexual_health", "clinic too: said:vip sexual_health"));
}

TEST_P(StoreContract, AllIsLookedAtOnceInPiecesOfAnySize) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  store().Follow(None());
  for (int i = 0; i < 7; ++i) {
    const std::string name = "clinic " + std::to_string(i);
    EXPECT_TRUE(Put(LabelledBy(None(), Entry(identity, name, name))));
  }
  EXPECT_TRUE(Put(LabelledBy(None(), Entry(identity, "clinic 3", "superseded by another"))));
  store().Follow(Clinic());
  EXPECT_EQ(Sweep(store(), Clinic(), {.entries = 3}), 3) << "8 entries";
  const auto labelling = *Read()->labels().Newest();
  EXPECT_EQ(labelling->looked_at, 8U) << "those that are superseded too";
  EXPECT_EQ(labelling->looked_to, labelling->upto);
  EXPECT_EQ(Sweep(store(), Clinic()), 0);
  store().Follow(None());
  EXPECT_EQ(Sweep(store(), None(), {.entries = 100, .bytes = 10}), 4) << "two to each ten bytes";
  EXPECT_EQ((*Read()->labels().Newest())->looked_at, 8U);
}

TEST_P(StoreContract, WhatWasReadUnderOlderRulesIsPutUnderThoseThatAreFollowed) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  store().Follow(None());
  EXPECT_TRUE(Put(LabelledBy(None(), Entry(identity, "p0", "before"))));
  store().Follow(Clinic());
  Sweep(store(), Clinic());
  EXPECT_TRUE(Put(LabelledBy(None(), Entry(identity, "p1", "clinic"))));
  EXPECT_THAT(LabelsIn(*SegmentOf(person)),
              UnorderedElementsAre("before:", "clinic: sexual_health"));
  EXPECT_FALSE(Put(LabelledBy(Clinic(), Entry(identity, "p1", "clinic")))) << "it is the same";
}

TEST_P(StoreContract, SoIsAnOlderVersionThatCameLate) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  store().Follow(Clinic());
  EXPECT_TRUE(Put(LabelledBy(Clinic(), Entry(identity, "p1", "newer"))));
  Sweep(store(), Clinic());
  const StoredEntry late = LabelledBy(None(), Entry(identity, "p1", "clinic"));
  Commit([&](Transaction& in) -> base::Result<void> {
    EXPECT_TRUE(*in.records().PutOlder(late));
    return {};
  });
  EXPECT_THAT((*Read()->records().Find(late.id))->entry_class.labels, ElementsAre("sexual_health"));
}

TEST_P(StoreContract, WhatIsPutUnderRulesOfWhichNothingWasNotedIsDueUnderThoseOfBefore) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  store().Follow(Clinic());
  Sweep(store(), Clinic());
  store().Follow(None());
  EXPECT_TRUE(Put(LabelledBy(None(), Entry(identity, "p1", "clinic"))));
  EXPECT_EQ((*Read()->labels().Newest())->rules, None()->digest());
  Reopen();  // and what was begun is undone before it was noted
  store().Follow(Clinic());
  EXPECT_THAT(LabelsIn(*SegmentOf(person)), ElementsAre("clinic: sexual_health"));
  Sweep(store(), Clinic());
  EXPECT_THAT(LabelsIn(*SegmentOf(person)), ElementsAre("clinic: sexual_health"));
}

TEST_P(StoreContract, OtherRulesBeginAnewAndTheSameGoOn) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  store().Follow(None());
  for (const char* key : {"p1", "p2", "p3"}) {
    EXPECT_TRUE(Put(LabelledBy(None(), Entry(identity, key, "clinic"))));
  }
  store().Follow(Clinic());
  Labelling half;
  Commit([&](Transaction& in) -> base::Result<void> {
    const Labelling begun = *in.labels().Begin(Clinic()->digest(), At(100));
    EXPECT_TRUE(Piece(in, *Clinic(), begun, {.entries = 2}));
    half = **in.labels().Newest();
    return {};
  });
  EXPECT_EQ(half.looked_at, 2U);
  Reopen();
  store().Follow(Clinic());
  EXPECT_THAT(
      LabelsIn(*SegmentOf(person)),
      ElementsAre("clinic: sexual_health", "clinic: sexual_health", "clinic: sexual_health"));
  Commit([&](Transaction& in) -> base::Result<void> {
    EXPECT_EQ(*in.labels().Begin(Clinic()->digest(), At(200)), half);
    const Labelling others = *in.labels().Begin(None()->digest(), At(300));
    EXPECT_EQ(others.looked_to, 0U);
    EXPECT_EQ(in.labels().Note(half).error().id, base::ErrorId::kConflict);
    return {};
  });
}

TEST_P(StoreContract, ATrialReadsEverybodysEntriesThatStandOrWereTakenBack) {
  const Person person = SavedPerson("9990000018");
  const Identity identity = SavedIdentity(person);
  const Person other = SavedPerson("9990000026");
  EXPECT_TRUE(Put(Entry(SavedIdentity(other), "p1", "another's")));
  EXPECT_TRUE(Put(Entry(identity, "p1", "old")));
  EXPECT_TRUE(Put(Entry(identity, "p1", "new")));
  EXPECT_TRUE(Put(Entry(identity, "p2", "withdrawn")));
  EXPECT_TRUE(Put(Entry(identity, "p3", "withdrawn and sent again")));
  Commit([&](Transaction& in) -> base::Result<void> {
    EXPECT_TRUE(*in.records().Withdraw(identity.id, "p2", At(30)));
    EXPECT_TRUE(*in.records().Withdraw(identity.id, "p3", At(30)));
    return {};
  });
  EXPECT_TRUE(Put(Entry(identity, "p3", "sent again")));
  const auto snapshot = Read();
  const auto people = snapshot->labels().PeopleAfter(0, 1);
  ASSERT_THAT(*people, SizeIs(1));
  EXPECT_EQ(people->front().id, person.id);
  EXPECT_EQ(snapshot->labels().PeopleAfter(people->front().number, 9)->front().id, other.id);
  std::vector<std::string> read;
  const auto entries = snapshot->labels().EntriesOf(person.id);
  for (const StoredEntry& entry : *entries) {
    read.push_back(entry.bytes);
  }
  EXPECT_THAT(read, UnorderedElementsAre("new", "withdrawn", "sent again"));
}

}  // namespace
}  // namespace milecastle::store
