#include "store/merged_segment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace milecastle::store {
namespace {

using record::Section;
using testing::ElementsAre;

record::EntryClass ClassOf(std::string_view source, Section section) {
  return {.source = *record::OdsCode::Parse(source), .section = section};
}

// Of a practice a problem "old", part of the contact "visit"; of a trust the problem "theirs".
Segment Kept() {
  Segment segment;
  segment.record_version = 7;
  segment.superseded = 2;
  segment.classes = {ClassOf("A81001", Section::kContactsWithProfessionals),
                     ClassOf("A81001", Section::kProblems), ClassOf("RXX", Section::kProblems)};
  segment.relations = {"part of"};
  const auto add = [&](std::string_view bytes, record::ClassIndex entry_class) -> SegmentItem& {
    SegmentItem item;
    item.entry_class = entry_class;
    item.offset = static_cast<std::uint32_t>(segment.bytes.size());
    item.size = static_cast<std::uint32_t>(bytes.size());
    segment.bytes += bytes;
    segment.items.push_back(item);
    return segment.items.back();
  };
  add("visit", 0);
  add("old", 1).links = 1;
  segment.links = {{.target = 0, .relation = 0}};
  add("theirs", 2);
  segment.withdrawn = {{1, 3}, {2, 4}};
  return segment;
}

StoredEntry Entry(std::string key, Section section) {
  StoredEntry entry{.entry_class = ClassOf("A81001", section), .bytes = key};
  entry.source_key = std::move(key);
  return entry;
}

// "bytes→bytes of what it is linked to"
std::vector<std::string> Told(const Segment& segment) {
  const auto bytes = [&](const SegmentItem& item) {
    return segment.bytes.substr(item.offset, item.size);
  };
  std::vector<std::string> told;
  for (const SegmentItem& item : segment.items) {
    std::string one = bytes(item);
    for (std::uint32_t i = item.first_link; i < item.first_link + item.links; ++i) {
      const SegmentLink& link = segment.links.at(i);
      one += " " + segment.relations.at(link.relation) + " " + bytes(segment.items.at(link.target));
    }
    told.push_back(one + " " + segment.classes.at(item.entry_class).source.text());
  }
  return told;
}

TEST(Merged, OfWhatASourceCoversOnlyWhatItGivesAnewStands) {
  auto anew = Entry("new", Section::kProblems);
  anew.links = {{"cause", "second"}, {"cause", "nowhere"}};
  const std::vector<StoredEntry> entries = {anew, Entry("second", Section::kProblems)};
  const std::vector<Section> covers = {Section::kProblems};
  const GivenAnew given = {*record::OdsCode::Parse("A81001"), covers, entries};
  const Segment merged = Merged(Kept(), {&given, 1});
  EXPECT_THAT(Told(merged),
              testing::UnorderedElementsAre("visit A81001", "theirs RXX", "new cause second A81001",
                                            "second A81001"));
  ASSERT_EQ(merged.withdrawn.size(), 1U) << "and what it withdrew before is no news";
  EXPECT_EQ(merged.withdrawn[0].count, 4U);
  EXPECT_EQ(merged.record_version, 7U);
  EXPECT_EQ(merged.superseded, 2U);
}

TEST(Merged, WhatAnotherSystemOfTheSourceSentStays) {
  Segment kept = Kept();
  kept.systems = {"gp", "pharmacy"};
  kept.items[1].system = 1;  // "old"
  kept.withdrawn[0].system = 1;
  const std::vector<StoredEntry> entries = {Entry("gp|new", Section::kProblems)};
  const std::vector<Section> covers = {Section::kProblems, Section::kContactsWithProfessionals};
  const GivenAnew given = {*record::OdsCode::Parse("A81001"), covers, entries, "gp"};
  const Segment merged = Merged(kept, {&given, 1});
  EXPECT_THAT(Told(merged),
              testing::UnorderedElementsAre("old A81001", "theirs RXX", "gp|new A81001"));
  EXPECT_EQ(merged.withdrawn.size(), 2U);
}

std::vector<std::string> LabelsOf(const Segment& segment, std::string_view bytes) {
  for (const SegmentItem& item : segment.items) {
    if (std::string_view(segment.bytes).substr(item.offset, item.size) != bytes) continue;
    return segment.classes.at(item.entry_class).labels;
  }
  return {"not there"};
}

TEST(Merged, ALetterTakesTheLabelsOfAProblemThatItsSourceGaveInAnotherAnswer) {
  auto problem = Entry("problem", Section::kProblems);
  problem.entry_class.labels = {"sexual_health"};
  auto letter = Entry("letter", Section::kDocuments);
  letter.links = {{"about", "problem"}};
  auto of_another = letter;
  of_another.source_key = of_another.bytes = "another's";
  of_another.entry_class.source = *record::OdsCode::Parse("A81002");
  const std::vector<StoredEntry> record = {problem};
  const std::vector<StoredEntry> documents = {letter};
  const std::vector<StoredEntry> others = {of_another};
  const std::vector<Section> of_record = {Section::kProblems};
  const std::vector<Section> of_documents = {Section::kDocuments};
  const std::vector<GivenAnew> given = {
      {*record::OdsCode::Parse("A81001"), of_record, record},
      {*record::OdsCode::Parse("A81001"), of_documents, documents},
      {*record::OdsCode::Parse("A81002"), of_documents, others}};
  const Segment merged = Merged({}, given);
  EXPECT_THAT(LabelsOf(merged, "letter"), ElementsAre("sexual_health"));
  EXPECT_THAT(LabelsOf(merged, "problem"), ElementsAre("sexual_health"));
  EXPECT_THAT(LabelsOf(merged, "another's"), ElementsAre()) << "its keys are its own";
}

TEST(Merged, WithNothingGivenIsWhatWasKept) {
  EXPECT_THAT(Told(Merged(Kept(), {})),
              ElementsAre("visit A81001", "old part of visit A81001", "theirs RXX"));
}

}  // namespace
}  // namespace milecastle::store
