#include "acute/adapter.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <filesystem>

#include "base/config.h"

namespace milecastle::acute {
namespace {

using base::ErrorId;
using port::Disposition;

const base::Instant kNow(std::chrono::seconds(1795339800));
constexpr std::string_view kAdmission =
    "MSH|^~\\&|PAS|RXX|MC|ICS|20261122||ADT^A01|M77|P|2.4\rPID|1||A1^^^RXX^MR||FOLEY^ANN\rPV1|1|I|"
    "WARD1\r";

std::string ReplyTo(std::string_view message, Disposition disposition,
                    std::optional<base::Error> error = std::nullopt, const port::Feed& feed = {}) {
  port::Outcome outcome;
  outcome.disposition = disposition;
  outcome.error = std::move(error);
  return MakeAdapter()->Reply(message, feed, outcome, kNow);
}

std::string CodeOf(const std::string& reply) { return reply.substr(reply.find("\rMSA|") + 5, 2); }

TEST(AcuteReply, AcceptsWhateverWasMadeDurable) {
  EXPECT_EQ(CodeOf(ReplyTo(kAdmission, Disposition::kAccepted)), "AA");
  EXPECT_EQ(CodeOf(ReplyTo(kAdmission, Disposition::kDuplicate)), "AA");
  EXPECT_EQ(CodeOf(ReplyTo(kAdmission, Disposition::kAwaitingIdentity)), "AA");
  const base::Error conflict{ErrorId::kConflict, "MSH-10", "the same control id, other content"};
  EXPECT_EQ(CodeOf(ReplyTo(kAdmission, Disposition::kQuarantined, conflict)), "AA");
}

TEST(AcuteReply, AsksAgainOnlyWhereNothingWasCommitted) {
  const base::Error busy{ErrorId::kOverloaded, "queue", "send again later"};
  EXPECT_EQ(CodeOf(ReplyTo(kAdmission, Disposition::kFailed, busy)), "AE");
  const base::Error wrong{ErrorId::kMessageInvalid, "PID-7", "write YYYYMMDD"};
  const std::string reply = ReplyTo(kAdmission, Disposition::kRejected, wrong);
  EXPECT_NE(reply.find("\rMSA|AR|M77|message.invalid at PID-7: write YYYYMMDD\rERR|PID^1^7^102\r"),
            std::string::npos)
      << reply;
}

TEST(AcuteReply, AnswersAFrameThatHoldsNoMessage) {
  const base::Error error{ErrorId::kMessageUnparseable, "MSH", "begin with MSH"};
  EXPECT_EQ(CodeOf(ReplyTo("GET / HTTP/1.1\r\n\r\n", Disposition::kRejected, error)), "AR");
  EXPECT_EQ(CodeOf(ReplyTo("", Disposition::kRejected, error)), "AR");
}

TEST(AcuteReply, ACommitIsAcknowledgedAsSuchInEnhancedMode) {
  std::string message(kAdmission);
  message.replace(message.find("|2.4\r"), 5, "|2.4|||AL|NE\r");
  port::Feed enhanced;
  enhanced.enhanced_acknowledgement = true;
  EXPECT_EQ(CodeOf(ReplyTo(message, Disposition::kAccepted, std::nullopt, enhanced)), "CA");
  EXPECT_EQ(CodeOf(ReplyTo(message, Disposition::kAccepted)), "AA");
}

record::Contribution ReadWell(std::string_view message) {
  port::Feed feed;
  auto reading = MakeAdapter()->Read(message, feed);
  EXPECT_TRUE(reading.contribution) << base::Describe(reading.contribution.error());
  return *std::move(reading.contribution);
}

TEST(AcuteKeys, AResendAndACorrectionNameTheSameEntry) {
  const std::string head = "MSH|^~\\&|LIMS|RXX|||20261122||ORU^R01|L1|P|2.4\rPID|1||A1^^^RXX^MR\r";
  const std::string order = "OBR|1|P1|F1|UE^Urea|||20261122\r";
  const auto first = ReadWell(head + order + "OBX|1|NM|K^Potassium||9.9|||||F\r");
  const auto corrected = ReadWell(head + order + "OBX|1|NM|K^Potassium||3.9||||||C\r");
  const auto deleted = ReadWell(head + order + "OBX|1|NM|K^Potassium||3.9||||||D\r");
  ASSERT_EQ(first.drafts.size(), 2U);
  EXPECT_EQ(first.drafts[1].source_key, corrected.drafts[1].source_key);
  EXPECT_EQ(deleted.withdrawn_keys, std::vector<std::string>{first.drafts[1].source_key});
}

TEST(AcuteKeys, TwoResultsOfOneCodeStayTwo) {
  const auto read = ReadWell(
      "MSH|^~\\&|LIMS|RXX|||20261122||ORU^R01|L1|P|2.4\rPID|1||A1^^^RXX^MR\rOBR|1|P1|F1|UE\r"
      "OBX|1|NM|K^Potassium||3.9|||||F\rOBX|2|NM|K^Potassium||4.1|||||F\r");
  ASSERT_EQ(read.drafts.size(), 3U);
  EXPECT_NE(read.drafts[1].source_key, read.drafts[2].source_key);
}

TEST(AcuteKeys, HoldNoPatientData) {
  const auto read = ReadWell(
      "MSH|^~\\&|PAS|RXX|||20261122||ADT^A31|1|P|2.4\rPID|1||A1^^^RXX^MR\rNK1|1|SECRET^BOB|SPO\r"
      "AL1|1|DA|^SECRET\r");
  ASSERT_EQ(read.drafts.size(), 2U);
  for (const auto& draft : read.drafts)
    EXPECT_EQ(draft.source_key.find("SECRET"), std::string::npos);
}

TEST(AcuteErrors, NeverRepeatAValue) {
  port::Feed feed;
  const auto adapter = MakeAdapter();
  std::string fields;
  for (int i = 0; i < 60; ++i) fields += "|SECRET^SECRET&SECRET~SECRET";
  for (const std::string_view event :
       {"ADT^A01", "ADT^A31", "ADT^A40", "ORU^R01", "MDM^T02", "SECRET^SECRET"}) {
    for (const std::string_view segment :
         {"PID", "PD1", "NK1", "PV1", "PV2", "AL1", "IAM", "DG1", "PR1", "ORC", "OBR", "OBX", "SPM",
          "TXA", "MRG", "ZU1", "ZU8", "ZZZ"}) {
      std::string message = "MSH|^~\\&|PAS|RXX|||SECRET||" + std::string(event) + "|1|P|2.4\r";
      if (segment != "PID") message += "PID|1||A1^^^RXX^MR\r";
      message += std::string(segment) + fields + "\r";
      const auto reading = adapter->Read(message, feed);
      if (!reading.contribution) {
        EXPECT_EQ(base::Describe(reading.contribution.error()).find("SECRET"), std::string::npos)
            << segment;
        continue;
      }
      for (const auto& line : reading.contribution->not_carried) {
        EXPECT_EQ((line.place + line.why).find("SECRET"), std::string::npos) << segment;
      }
    }
  }
}

TEST(AcuteAccount, NothingThatASenderFilledIsForgotten) {
  // Every field of every segment of an admission, each with a value of its own that is carried
  // nowhere by accident.
  port::Feed feed;
  std::string message = "MSH|^~\\&|PAS|RXX|||20261122||ADT^A01|1|P|2.4\rPID|1||A1^^^RXX^MR";
  for (int f = 4; f <= 39; ++f) message += "|";
  const std::string filled = message + "|forty\rGT1|1|payer\rPV1|1|I|||||||||||||||||V1" +
                             std::string(20, '|') + "thirty-nine\r";
  const auto reading = MakeAdapter()->Read(filled, feed);
  ASSERT_TRUE(reading.contribution);
  std::vector<std::string> places;
  for (const auto& line : reading.contribution->not_carried) places.push_back(line.place);
  EXPECT_EQ(places, (std::vector<std::string>{"PID-40", "GT1", "PV1-39"}));
}

TEST(AcuteCharacterSets, AreReadAsTheFeedSays) {
  const std::string message =
      "MSH|^~\\&|PAS|RXX|||20261122||ADT^A31|1|P|2.4\rPID|1||A1^^^RXX^MR||M\xDCLLER\r";
  port::Feed feed;
  const auto refused = MakeAdapter()->Read(message, feed);
  ASSERT_FALSE(refused.contribution);
  EXPECT_EQ(refused.contribution.error().place, "PID-5");
  EXPECT_EQ(refused.envelope.control_id, "1");
  feed.undeclared_charset = "8859/1";
  const auto read = MakeAdapter()->Read(message, feed);
  ASSERT_TRUE(read.contribution);
  EXPECT_EQ(read.contribution->patient.names.value[0].family, "MÜLLER");
}

std::vector<std::string> GoldenMessages() {
  std::vector<std::string> found;
  const auto folder = std::filesystem::path(MILECASTLE_SOURCE_DIR) / "tests/golden/acute";
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.path().extension() != ".hl7") continue;
    const auto bytes = base::ReadFile(file.path());
    for (const auto message : MakeAdapter()->Split(*bytes)) found.emplace_back(message);
  }
  return found;
}

// However a message is damaged, it has an outcome and an answer, and the same bytes always have the
// same.
RC_GTEST_PROP(AcuteDamage, AnyDamagedMessageHasOneOutcome, ()) {
  static const std::vector<std::string> messages = GoldenMessages();
  std::string message = *rc::gen::elementOf(messages);
  const int changes = *rc::gen::inRange(1, 8);
  for (int i = 0; i < changes && !message.empty(); ++i) {
    const auto at = *rc::gen::inRange<std::size_t>(0, message.size());
    const char with = *rc::gen::elementOf(std::string("|^~\\&\r\n\"X0AZ\x0B\x80 "));
    const int how = *rc::gen::inRange(0, 4);
    if (how == 0) message.erase(at, *rc::gen::inRange<std::size_t>(1, 40));
    if (how == 1) message.insert(at, 1, with);
    if (how == 2) message[at] = with;
    if (how == 3) message.insert(at, message.substr(message.size() / 2, 60));
  }
  port::Feed feed;
  const auto adapter = MakeAdapter();
  const auto first = adapter->Read(message, feed);
  const auto second = adapter->Read(message, feed);
  RC_ASSERT(first.contribution.has_value() == second.contribution.has_value());
  if (first.contribution) {
    RC_ASSERT(*first.contribution == *second.contribution);
    RC_ASSERT(!first.contribution->patient.nhs_number_as_sent.empty() ||
              !first.contribution->patient.local_identifiers.empty());
  } else {
    RC_ASSERT(!first.contribution.error().place.empty());
  }
  port::Outcome outcome;
  outcome.disposition = Disposition::kRejected;
  RC_ASSERT(!adapter->Reply(message, {}, outcome, kNow).starts_with("PID"));
}

}  // namespace
}  // namespace milecastle::acute
