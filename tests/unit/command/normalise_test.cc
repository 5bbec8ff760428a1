#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "console.h"
#include "kit/folder.h"

namespace milecastle::command {
namespace {

using boost::json::value;

// One message a line; what it says is its outcome.
class LineAdapter final : public port::Adapter {
 public:
  std::string_view name() const override { return "lines"; }
  std::vector<std::string> Split(std::string_view file, const port::Feed&) const override {
    std::vector<std::string> lines;
    while (!file.empty()) {
      lines.emplace_back(file.substr(0, file.find('\n')));
      file.remove_prefix(std::min(file.size(), lines.back().size() + 1));
    }
    return lines;
  }
  port::Reading Read(std::string_view, const port::Feed&) const override {
    return port::ReadingOf({}, base::Error{});
  }
  std::string Reply(std::string_view, const port::Feed&, const port::Outcome&,
                    base::Instant) const override {
    return "";
  }
};

DryRunPatient PatientOf(const std::string& number, const std::string& family,
                        const std::string& allergy) {
  DryRunPatient patient;
  patient.nhs_number_state = "valid";
  patient.contribution.patient.nhs_number_as_sent = number;
  patient.contribution.patient.names = record::Update<std::vector<record::PersonName>>::Set(
      {{.family = family, .given = "Aelia", .prefix = "", .suffix = "", .use = ""}});
  patient.contribution.not_carried.push_back({"ZFU-3", "local segment, not mapped"});
  record::Draft draft;
  draft.source_key = "allergy:1";
  draft.entry.section = record::Section::kAllergies;
  draft.entry.kind = record::Kind::kAllergy;
  draft.entry.what.text = allergy;
  patient.items.push_back({draft,
                           {.source = *record::OdsCode::Parse("RXX"),
                            .section = record::Section::kAllergies,
                            .kind = record::Kind::kAllergy,
                            .labels = {"mental_health"}}});
  return patient;
}

DryRunMessage Accepted() {
  DryRunMessage message;
  message.outcome = "accepted";
  message.envelope.event = "ADT^A01";
  // What is not UTF-8 must not break the line.
  message.patients = {PatientOf("9990000018", "Hadrian", "Penicillin \xFF")};
  return message;
}

DryRunMessage OfTwo() {
  DryRunMessage message = Accepted();
  message.patients.push_back(PatientOf("9990000026", "Nero", "Nuts"));
  return message;
}

DryRunMessage OfTwoAndOneUnread() {
  DryRunMessage message = OfTwo();
  message.patients.emplace_back();
  message.patients.back().error =
      base::Error{base::ErrorId::kPatientMissing, "PID[3]-3", "send a number"};
  return message;
}

DryRunMessage Refused(std::string_view outcome, base::ErrorId id) {
  DryRunMessage message;
  message.outcome = outcome;
  message.error = base::Error{id, "PID-7", "write YYYYMMDD"};
  return message;
}

class Normalise : public testing::Test {
 protected:
  Normalise() {
    parts_.adapters = {&adapter_};
    parts_.dry_run = [this](const DryRunReader& reader, std::string_view bytes) {
      feed_ = reader.feed;
      if (bytes == "good") return std::vector{Accepted()};
      if (bytes == "two") return std::vector{OfTwo()};
      if (bytes == "three") return std::vector{OfTwoAndOneUnread()};
      if (bytes == "odd") {
        return std::vector{Refused("unsupported", base::ErrorId::kMessageUnsupported)};
      }
      return std::vector{Refused("rejected", base::ErrorId::kMessageInvalid)};
    };
  }

  Ran Over(std::string_view bytes, std::vector<std::string> more = {}) {
    const std::string file = folder_.Write("messages", bytes).string();
    more.insert(more.begin(), {"normalise", "--adapter", "lines"});
    more.push_back(file);
    return RunLine(more, parts_);
  }
  static std::vector<value> Lines(const Ran& ran) {
    std::vector<value> lines;
    std::istringstream in(ran.out);
    for (std::string line; std::getline(in, line);) lines.push_back(boost::json::parse(line));
    return lines;
  }

  kit::TemporaryFolder folder_;
  LineAdapter adapter_;
  Parts parts_;
  port::Feed feed_;
};

TEST_F(Normalise, PrintsOneObjectAMessageWithWhatBecameOfIt) {
  const Ran ran = Over("good\n");
  EXPECT_EQ(ran.exit, 0) << ran.err;
  const auto lines = Lines(ran);
  ASSERT_EQ(lines.size(), 1U);
  const value& line = lines[0];
  EXPECT_TRUE(line.at("file").as_string().ends_with("/messages"));
  EXPECT_EQ(line.at("index"), 0);
  EXPECT_EQ(line.at("outcome"), "accepted");
  EXPECT_TRUE(line.at("error").is_null());
  EXPECT_EQ(line.at("patient").at("nhs_number"), "9990000018");
  EXPECT_EQ(line.at("patient").at("names").at(0).at("family"), "Hadrian");
  const value& entry = line.at("entries").at(0);
  EXPECT_EQ(entry.at("section"), "allergies");
  EXPECT_EQ(entry.at("kind"), "allergy");
  EXPECT_EQ(entry.at("what").at("text"), "Penicillin \xEF\xBF\xBD");
  EXPECT_EQ(entry.at("labels").at(0), "mental_health");
  EXPECT_EQ(line.at("not_carried").at(0).at("place"), "ZFU-3");
  EXPECT_EQ(line.at("not_carried").at(0).at("why"), "local segment, not mapped");
}

TEST_F(Normalise, AMappingIsTheFeedsAndAWrongOneIsMisuse) {
  const std::string mapping = folder_.Write("mapping.toml", "x").string();
  parts_.load_mapping = [](const std::filesystem::path& file, const port::Adapter& adapter) {
    EXPECT_EQ(adapter.name(), "lines");
    LoadedMapping loaded;
    if (file.filename() == "mapping.toml") loaded.mapping.emplace().charset = "windows-1252";
    if (!loaded.mapping) {
      loaded.problems = {{base::ErrorId::kConfigInvalid, "other.toml:1", "write a charset"},
                         {base::ErrorId::kConfigInvalid, "other.toml:2", "name a field"}};
    }
    return loaded;
  };
  EXPECT_EQ(Over("good\n", {"--mapping", mapping}).exit, 0);
  EXPECT_EQ(feed_.mapping.charset, "windows-1252");
  const std::string other = folder_.Write("other.toml", "x").string();
  const Ran ran = Over("good\n", {"--mapping", other});
  EXPECT_EQ(ran.exit, 2);
  EXPECT_THAT(ran.err, testing::HasSubstr("other.toml:1"));
  EXPECT_THAT(ran.err, testing::HasSubstr("other.toml:2"));
  EXPECT_EQ(ran.out, "");
}

TEST_F(Normalise, OneThatIsNotAcceptedMakesTheExitCodeAndLeavesTheOthersAlone) {
  const Ran ran = Over("good\nbad\nodd\ngood");
  EXPECT_EQ(ran.exit, 1);
  const auto lines = Lines(ran);
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[1].at("outcome"), "rejected");
  EXPECT_EQ(lines[1].at("error"), "message.invalid at PID-7: write YYYYMMDD");
  EXPECT_TRUE(lines[1].at("patient").is_null());
  EXPECT_TRUE(lines[1].at("entries").as_array().empty());
  EXPECT_TRUE(lines[1].at("not_carried").as_array().empty());
  EXPECT_EQ(lines[2].at("outcome"), "unsupported");
  EXPECT_EQ(lines[3].at("index"), 3);
  EXPECT_EQ(lines[3].at("outcome"), "accepted");
}

TEST_F(Normalise, OfSeveralPatientsEachHasAnObjectAndNothingOfAnother) {
  const Ran ran = Over("two");
  EXPECT_EQ(ran.exit, 0) << ran.err;
  const auto lines = Lines(ran);
  ASSERT_EQ(lines.size(), 1U) << "a line a message";
  EXPECT_TRUE(lines[0].at("patient").is_null());
  EXPECT_EQ(lines[0].at("entries").as_array().size(), 2U);
  EXPECT_EQ(lines[0].at("not_carried").as_array().size(), 2U);
  const auto& patients = lines[0].at("patients").as_array();
  ASSERT_EQ(patients.size(), 2U);
  EXPECT_EQ(patients[0].at("patient").at("nhs_number"), "9990000018");
  EXPECT_EQ(patients[1].at("patient").at("nhs_number"), "9990000026");
  EXPECT_EQ(patients[1].at("nhs_number_state"), "valid");
  EXPECT_EQ(patients[1].at("entries").at(0).at("what").at("text"), "Nuts");
  const std::string first = boost::json::serialize(patients[0]);
  EXPECT_THAT(first, testing::Not(testing::HasSubstr("Nuts")));
  EXPECT_THAT(first, testing::Not(testing::HasSubstr("Nero")));
}

TEST_F(Normalise, APatientOfSeveralWhoCannotBeReadSaysWhyAndMakesTheExitCode) {
  const Ran ran = Over("three");
  EXPECT_EQ(ran.exit, 1);
  const auto lines = Lines(ran);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].at("outcome"), "accepted");
  EXPECT_TRUE(lines[0].at("error").is_null());
  const value& unread = lines[0].at("patients").at(2);
  EXPECT_EQ(unread.at("error"), "message.patient_missing at PID[3]-3: send a number");
  EXPECT_TRUE(unread.at("patient").is_null());
  EXPECT_TRUE(unread.at("entries").as_array().empty());
}

TEST_F(Normalise, AMessageAboutOneHasNoListOfPatients) {
  EXPECT_FALSE(Lines(Over("good"))[0].as_object().contains("patients"));
  EXPECT_FALSE(Lines(Over("bad"))[0].as_object().contains("patients"));
}

TEST_F(Normalise, AnEmptyFileIsRejectedRatherThanPassedOver) {
  const Ran ran = Over("");
  EXPECT_EQ(ran.exit, 1);
  const auto lines = Lines(ran);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].at("outcome"), "rejected");
}

TEST_F(Normalise, TheSourceNarrowsTheFeedWhichIsLiveOnlyWhenAsked) {
  Over("good");
  EXPECT_TRUE(feed_.organisations.empty());
  EXPECT_FALSE(feed_.live);
  Over("good", {"--source", "RXX", "--live"});
  ASSERT_EQ(feed_.organisations.size(), 1U);
  EXPECT_EQ(feed_.organisations[0].text(), "RXX");
  EXPECT_TRUE(feed_.live);
}

TEST_F(Normalise, MisuseNamesWhatThereIs) {
  EXPECT_EQ(Over("good", {"--source", "not a code"}).exit, 2);
  const Ran adapter =
      RunLine({"normalise", "--adapter", "dental", folder_.Write("a", "x").string()}, parts_);
  EXPECT_EQ(adapter.exit, 2);
  EXPECT_THAT(adapter.err, testing::HasSubstr("lines"));
  const Ran absent = RunLine({"normalise", "--adapter", "lines", "/nowhere/at/all"}, parts_);
  EXPECT_EQ(absent.exit, 2);
  EXPECT_THAT(absent.err, testing::HasSubstr("/nowhere/at/all"));
}

}  // namespace
}  // namespace milecastle::command
