#include "wire/entry.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>

#include "milecastle/v1/record.pb.h"
#include "milecastle/v1/view.pb.h"
#include "wire/splice.h"
#include "wire/view.h"

namespace milecastle::wire {
namespace {

record::Entry Letter() {
  record::Entry entry;
  entry.section = record::Section::kDocuments;
  entry.kind = record::Kind::kDocument;
  entry.what = {.text = "Clinic letter",
                .codings = {{"http://snomed.info/sct", "823691000000103", "Letter"}}};
  entry.status = record::ClinicalStatus::kCompleted;
  entry.verification = record::Verification::kConfirmed;
  entry.effective = record::When::ParseHl7("202607011200");
  entry.value = record::Value{.original = "<5", .number = "5", .comparator = "<", .unit = "mmol/L"};
  entry.details = {
      {.name = "ward", .text = "Ward 3", .coded = {}, .when = record::When::ParseHl7("2026")}};
  entry.addresses = {{.lines = {"1 High Street"}, .postcode = "ZZ1 1ZZ", .use = "home"}};
  entry.contacts = {{.name = "A Friend",
                     .relationship = "friend",
                     .addresses = {},
                     .telecoms = {{"phone", "01", "home"}}}};
  entry.practice = "Z00001";
  entry.performers = {{.name = "Dr A",
                       .identifier = "C1",
                       .identifier_system = "GMC",
                       .role = "",
                       .organisation = "ZXX"}};
  entry.free_text = {"seen today", "well"};
  entry.document =
      record::Document{.media_type = "text/plain", .title = "t", .bytes = std::string("a\0b", 3)};
  return entry;
}

TEST(Entry, ComesBackFromItsBytesUnchanged) {
  const auto back = DecodeEntry(EncodeEntry(Letter()));
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(*back, Letter());
}

// What generated code makes of the same message: its fields in their order, none that is empty.
std::string ByGeneratedCode(std::string_view bytes) {
  v1::Entry entry;
  EXPECT_TRUE(entry.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
  std::string again;
  google::protobuf::io::StringOutputStream sink(&again);
  google::protobuf::io::CodedOutputStream out(&sink);
  out.SetSerializationDeterministic(true);
  entry.SerializeToCodedStream(&out);
  out.Trim();
  return again;
}

TEST(Entry, BytesAreThoseOfTheGeneratedCode) {
  EXPECT_EQ(EncodeEntry(record::Entry()), ByGeneratedCode(EncodeEntry(record::Entry())));
  EXPECT_EQ(EncodeEntry(Letter()), ByGeneratedCode(EncodeEntry(Letter())));
  record::Entry entry = Letter();
  entry.negated = true;
  entry.ended = record::When{.at = base::Instant(std::chrono::microseconds(-1)), .original = ""};
  entry.recorded = record::When{.at = base::Instant(), .original = "1970"};
  entry.value->coded = {.text = "", .codings = {{}}};
  entry.addresses.push_back({.lines = {"", ""}, .postcode = "", .use = ""});
  entry.contacts.push_back({});
  entry.performers.push_back({});
  entry.free_text.emplace_back();
  entry.document->truncated = true;
  EXPECT_EQ(EncodeEntry(entry), ByGeneratedCode(EncodeEntry(entry)));
  EXPECT_EQ(*DecodeEntry(EncodeEntry(entry)), entry);
}

// Where the length of a part takes a byte more.
TEST(Entry, BytesAreThoseOfTheGeneratedCodeHoweverLongAPartIs) {
  for (const std::size_t around : {0x80U, 0x4000U, 0x200000U}) {
    for (std::size_t size = around - 40; size < around + 2; ++size) {
      record::Entry entry;
      entry.details = {{.name = "note",
                        .text = "",
                        .coded = {.text = "", .codings = {{"", "", std::string(size, 'x')}}},
                        .when = std::nullopt}};
      const std::string bytes = EncodeEntry(entry);
      ASSERT_EQ(bytes, ByGeneratedCode(bytes)) << size;
      ASSERT_EQ(*DecodeEntry(bytes), entry) << size;
    }
  }
}

TEST(Entry, BytesHoldNoKeyOfAnotherEntry) {
  record::Entry entry = Letter();
  entry.group = "report-key";
  entry.links = {{"problem", "problem-key"}};
  EXPECT_EQ(EncodeEntry(entry), EncodeEntry(Letter()));
  EXPECT_EQ(LinksOf(entry),
            (std::vector<record::Link>{{"part of", "report-key"}, {"problem", "problem-key"}}));
}

TEST(Entry, RefusesBytesThatAreNoEntry) {
  EXPECT_EQ(DecodeEntry("\xff\xff\xff").error().id, base::ErrorId::kStoreCorrupt);
}

v1::GetPatientViewResponse Spliced(GroupSet masked) {
  base::Room entries(0);
  const std::string trailer =
      EncodeTrailer({.source = "ZXX", .source_masked = false, .masked = masked, .rule = "r1"});
  const std::string stored = EncodeEntry(Letter());
  const std::string first_id(16, 'i');
  const std::string second_id(16, 'j');
  const ShownLink link{.relation = "follows", .id = first_id};
  std::string kept;
  EXPECT_TRUE(KeepUnmasked(stored, masked, kept));
  base::Room with_link(0);
  with_link.Put(trailer);
  AppendLinks(with_link, {&link, 1});
  AppendEntry(entries, {kept, first_id, trailer});
  AppendEntry(entries, {kept, second_id, with_link.written()});
  ViewHead head;
  head.warnings = {"w"};
  const std::string_view spliced = entries.written();
  std::string bytes = EncodeViewHead(head, spliced.size()) + std::string(spliced);
  AppendReceipt(bytes, "log", 7, base::Sha256("x"));
  v1::GetPatientViewResponse response;
  EXPECT_TRUE(response.ParseFromString(bytes));
  return response;
}

TEST(Splice, GivesATypedClientTheStoredEntriesWithTheirTrailers) {
  const auto response = Spliced({});
  ASSERT_EQ(response.view().entries_size(), 2);
  const auto& entry = response.view().entries(1);
  EXPECT_EQ(entry.entry_id(), std::string(16, 'j'));
  EXPECT_EQ(entry.source(), "ZXX");
  EXPECT_EQ(entry.rule(), "r1");
  EXPECT_EQ(entry.what().text(), "Clinic letter");
  ASSERT_EQ(entry.links_size(), 1);
  EXPECT_EQ(entry.links(0).relation(), "follows");
  EXPECT_EQ(entry.links(0).entry_id(), response.view().entries(0).entry_id());
  EXPECT_EQ(response.view().manifest().statement(), kManifestStatement);
  EXPECT_EQ(response.receipt().leaf_index(), 7U);
}

TEST(Splice, DropsMaskedGroupsWholeAndNamesThem) {
  const auto response = Spliced({Group::kAddresses, Group::kContacts, Group::kPractice,
                                 Group::kPerformers, Group::kFreeText, Group::kDocument});
  const auto& entry = response.view().entries(0);
  EXPECT_EQ(entry.addresses_size() + entry.contacts_size() + entry.performers_size() +
                entry.free_text_size(),
            0);
  EXPECT_TRUE(entry.practice().empty());
  EXPECT_FALSE(entry.has_document());
  EXPECT_EQ(entry.masked_size(), 6);
  EXPECT_EQ(entry.what().text(), "Clinic letter");
  EXPECT_EQ(response.SerializeAsString().find("High Street"), std::string::npos);
}

TEST(Splice, MasksNoEntryThatItCannotWalk) {
  std::string kept;
  EXPECT_FALSE(KeepUnmasked("\x0a\x7f", {Group::kPractice}, kept));
}

}  // namespace
}  // namespace milecastle::wire
