#include "wire/view.h"

#include <gtest/gtest.h>

#include <string>

#include "milecastle/v1/view.pb.h"
#include "wire/history.h"

namespace milecastle::wire {
namespace {

const base::Instant kWhen = base::Instant(std::chrono::microseconds(1'793'000'000'123'456));
const std::string kFirst(16, '\x01');
const std::string kSecond(16, '\xff');

// What generated code makes of the same message: its fields in their order, none that is empty.
template <class Message>
std::string ByGeneratedCode(const std::string& bytes) {
  Message message;
  EXPECT_TRUE(message.ParseFromString(bytes));
  EXPECT_TRUE(message.GetReflection()->GetUnknownFields(message).empty());
  return message.SerializeAsString();
}

ShownDemographics Somebody() {
  return {.source = "ZXX",
          .names = {{.family = "TESTPERSON", .given = "Ada", .prefix = "Ms", .use = "usual"}},
          .birth_date = record::BirthDate::Parse("1980-01-31"),
          .sex = "female",
          .addresses = {{.lines = {"1 High Street", ""}, .postcode = "ZZ1 1ZZ", .use = "home"}},
          .telecoms = {{.system = "phone", .value = "01632 960001", .use = "home"}},
          .language = "cy",
          .ethnic_category = "A",
          .gp_practice = "Z00001",
          .gp = "Dr A",
          .deceased = true,
          .died = record::When::ParseHl7("20260701"),
          .masked = {"addresses"},
          .updated = kWhen,
          .untraced = true};
}

ViewHead Full() {
  ViewHead head;
  head.manifest = {{.state = ManifestState::kWithheld,
                    .section = record::Section::kAllergies,
                    .source = "ZXX",
                    .source_masked = true,
                    .count = 300,
                    .reason = "sensitive",
                    .as_of = kWhen,
                    .text = std::string(200, 't'),
                    .untraced = true},
                   {}};
  head.headlines = {{record::Headline::kAllergy, kFirst}};
  head.groups = {{.ids = {kFirst, kSecond}, .conflicts = {"c", ""}}};
  head.demographics = {Somebody(), {}};
  head.warnings = {"identity_untraced", ""};
  head.rules = {"agreement.one"};
  head.duties = {{.kind = "review", .organisation = "ZT1", .due = kWhen}, {}};
  head.policy_version = "7";
  head.consents_as_of = kWhen;
  head.location_as_of = base::Instant();
  return head;
}

TEST(ViewHead, BytesAreThoseOfTheGeneratedCode) {
  for (const ViewHead& head : {ViewHead(), Full()}) {
    const std::string bytes = EncodeViewHead(head, 0);
    EXPECT_EQ(bytes, ByGeneratedCode<v1::GetPatientViewResponse>(bytes));
  }
}

TEST(ViewHead, TellsAllThatItWasGiven) {
  v1::GetPatientViewResponse response;
  ASSERT_TRUE(response.ParseFromString(EncodeViewHead(Full(), 0)));
  const v1::PatientView& view = response.view();
  ASSERT_EQ(view.manifest().lines_size(), 2);
  EXPECT_EQ(view.manifest().lines(0).count(), 300U);
  EXPECT_EQ(view.manifest().lines(0).as_of().nanos(), 123'456'000);
  ASSERT_EQ(view.demographics_size(), 2);
  EXPECT_EQ(view.demographics(0).birth_date(), "1980-01-31");
  EXPECT_EQ(view.demographics(0).addresses(0).lines_size(), 2);
  EXPECT_TRUE(view.demographics(0).deceased());
  EXPECT_EQ(view.demographics(0).masked(0), "addresses");
  EXPECT_EQ(view.groups(0).entry_ids(1), kSecond);
  EXPECT_EQ(view.duties(0).organisation(), "ZT1");
  EXPECT_TRUE(view.has_location_as_of());
}

TEST(History, BytesAreThoseOfTheGeneratedCode) {
  HistoryHead head;
  head.versions = {{.state = VersionState::kCurrent, .came = kWhen, .message = kFirst},
                   {.state = VersionState::kSuperseded,
                    .came = kWhen,
                    .ended = kWhen,
                    .message = kSecond,
                    .taken_over_by = kFirst}};
  head.withheld = {{.count = 2, .reason = "sensitive"}};
  head.truncated = true;
  head.policy_version = "7";
  const std::string entry = v1::Entry().SerializeAsString();
  v1::GetEntryHistoryResponse response;
  ASSERT_TRUE(
      response.ParseFromString(EncodeHistory(head, std::vector<std::string>{entry, entry})));
  ASSERT_EQ(response.history().versions_size(), 2);
  EXPECT_TRUE(response.history().versions(0).has_entry());
  EXPECT_TRUE(response.history().versions(1).has_not_current());
  EXPECT_EQ(response.history().versions(1).taken_over_by(), kFirst);
  EXPECT_EQ(response.history().statement(), kHistoryStatement);
  EXPECT_EQ(response.history().withheld(0).count(), 2U);
}

TEST(Document, BytesAreThoseOfTheGeneratedCode) {
  const record::Document letter{
      .media_type = "text/plain", .title = "t", .bytes = std::string("a\0b", 3), .truncated = true};
  const std::string bytes = EncodeDocument({.source = "ZXX",
                                            .document = letter,
                                            .digest = base::Sha256(letter.bytes),
                                            .fetched = true,
                                            .warnings = {"stored_copy_shown"},
                                            .duties = {{.kind = "review"}},
                                            .rule = "r1",
                                            .untraced = true});
  EXPECT_EQ(bytes, ByGeneratedCode<v1::GetDocumentResponse>(bytes));
}

}  // namespace
}  // namespace milecastle::wire
