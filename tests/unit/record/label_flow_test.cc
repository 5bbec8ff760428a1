#include "record/label_flow.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <map>

namespace milecastle::record {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

// Entries of one source, added in any order; Bearers says who bears `hiv` without having it.
class Record {
 public:
  struct Given {
    Kind kind = Kind::kObservation;
    bool sensitive = false;
    std::vector<Link> links = {};
    std::string scope = "one";
    Headline headline = Headline::kNone;
  };
  Record& Add(const std::string& key, const Given& given) {
    EntryClass entry_class{.source = *OdsCode::Parse("RXX"),
                           .section = Section::kInvestigationResults,
                           .kind = given.kind};
    entry_class.headline = given.headline;
    if (given.sensitive) entry_class.labels = {"hiv"};
    kept_.push_back({key, given, entry_class});
    return *this;
  }
  std::vector<std::string> Bearers() const {
    std::vector<LabelNode> nodes;
    for (const Kept& kept : kept_) {
      nodes.push_back({kept.given.scope, kept.key, kept.given.links, &kept.entry_class});
    }
    const auto came = LabelsByLinks(nodes);
    std::vector<std::string> bearers;
    for (std::size_t i = 0; i < came.size(); ++i) {
      if (!came[i].empty()) bearers.push_back(kept_[i].key);
    }
    return bearers;
  }

 private:
  struct Kept {
    std::string key;
    Given given;
    EntryClass entry_class;
  };
  std::deque<Kept> kept_;
};

Link PartOf(const std::string& key) { return {std::string(kPartOf), key}; }
Link Problem(const std::string& key) { return {"problem", key}; }

TEST(LabelFlow, GoesAlongALinkBothWaysAndOneStep) {
  Record record;
  record.Add("letter", {.links = {Problem("problem")}})
      .Add("problem", {.sensitive = true, .links = {{"related", "cause"}}})
      .Add("cause", {})
      .Add("of the letter", {.links = {{"addendum to", "letter"}}});
  EXPECT_THAT(record.Bearers(), UnorderedElementsAre("letter", "cause"));
}

TEST(LabelFlow, AHeadingBearsWhatStandsInItAndNotTheOthersThatDo) {
  Record record;
  record.Add("document", {.kind = Kind::kDocument})
      .Add("section", {.links = {PartOf("document")}})
      .Add("sensitive", {.sensitive = true, .links = {PartOf("section")}})
      .Add("other", {.links = {PartOf("section")}})
      .Add("other section", {.links = {PartOf("document")}});
  EXPECT_THAT(record.Bearers(), UnorderedElementsAre("document", "section"));
}

TEST(LabelFlow, WhatStandsInAHeadingThatHasALabelOrIsLinkedToOneBearsIt) {
  Record record;
  record.Add("problem", {.sensitive = true})
      .Add("report", {.kind = Kind::kReport, .links = {Problem("problem")}})
      .Add("battery", {.links = {PartOf("report")}})
      .Add("result", {.links = {PartOf("battery")}});
  EXPECT_THAT(record.Bearers(), UnorderedElementsAre("report", "battery", "result"));
}

TEST(LabelFlow, AnAllergyAnAlertAndAContactGiveAndTakeNone) {
  for (const Kind kind : {Kind::kAllergy, Kind::kAlert, Kind::kContact}) {
    Record takes;
    takes.Add("sensitive", {.sensitive = true})
        .Add("it", {.kind = kind, .links = {Problem("sensitive")}});
    EXPECT_THAT(takes.Bearers(), IsEmpty());
    Record gives;
    gives.Add("it", {.kind = kind, .sensitive = true}).Add("letter", {.links = {Problem("it")}});
    EXPECT_THAT(gives.Bearers(), ElementsAre("letter"));
  }
}

// An allergy that its source tells as a problem, by its code or heading.
TEST(LabelFlow, WhatLeadsTheViewAsAnAllergyOrAnAlertGivesAndTakesNone) {
  for (const Headline headline : {Headline::kAllergy, Headline::kAlert}) {
    Record takes;
    takes.Add("sensitive", {.kind = Kind::kEncounter, .sensitive = true})
        .Add("linked",
             {.kind = Kind::kProblem, .links = {Problem("sensitive")}, .headline = headline})
        .Add("within",
             {.kind = Kind::kProblem, .links = {PartOf("sensitive")}, .headline = headline});
    EXPECT_THAT(takes.Bearers(), IsEmpty());
    Record gives;
    gives.Add("it", {.kind = Kind::kProblem, .sensitive = true, .headline = headline})
        .Add("letter", {.links = {Problem("it")}});
    EXPECT_THAT(gives.Bearers(), ElementsAre("letter"));
  }
}

TEST(LabelFlow, WhatLeadsTheViewAsAnythingElseTakesLabels) {
  for (const Headline headline : {Headline::kSafeguarding, Headline::kChildProtection,
                                  Headline::kReasonableAdjustment, Headline::kEndOfLifeCare}) {
    Record record;
    record.Add("sensitive", {.sensitive = true})
        .Add("it", {.kind = Kind::kProblem, .links = {Problem("sensitive")}, .headline = headline});
    EXPECT_THAT(record.Bearers(), ElementsAre("it"));
  }
}

TEST(LabelFlow, ALinkThatEndsInAStrokeLeadsToAllThatIsBelowIt) {
  Record record;
  record.Add("order:1/test:a", {})
      .Add("order:1/test:b", {})
      .Add("order:10/test:a", {})
      .Add("order:1/test:c", {.scope = "two"})
      .Add("visit", {.sensitive = true, .links = {{"requested by", "order:1/"}}});
  EXPECT_THAT(record.Bearers(), UnorderedElementsAre("order:1/test:a", "order:1/test:b"));
}

TEST(LabelFlow, TheSameKeyOfAnotherIdentityIsAnother) {
  Record record;
  record.Add("problem", {.sensitive = true, .scope = "two"})
      .Add("letter", {.links = {Problem("problem")}});
  EXPECT_THAT(record.Bearers(), IsEmpty());
}

TEST(LabelFlow, LinksToNobodyToOneselfAndInARingDoNoHarm) {
  Record record;
  record.Add("lonely", {.links = {Problem("gone"), Problem("lonely"), PartOf("lonely")}})
      .Add("a", {.sensitive = true, .links = {PartOf("b")}})
      .Add("b", {.links = {PartOf("c")}})
      .Add("c", {.links = {PartOf("a")}})
      .Add("below", {.links = {PartOf("b")}});
  EXPECT_THAT(record.Bearers(), UnorderedElementsAre("b", "c", "below"));
}

TEST(LabelFlow, ALongChainOfHeadingsIsWalkedOnce) {
  Record record;
  constexpr int kDeep = 20'000;
  for (int i = 0; i < kDeep; ++i) {
    record.Add(std::to_string(i), {.links = {PartOf(std::to_string(i + 1))}});
  }
  record.Add(std::to_string(kDeep), {.sensitive = true});
  EXPECT_EQ(record.Bearers().size(), std::size_t{kDeep});
}

}  // namespace
}  // namespace milecastle::record
