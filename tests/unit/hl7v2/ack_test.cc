#include "hl7v2/ack.h"

#include <gtest/gtest.h>

namespace milecastle::hl7v2 {
namespace {

using base::AckCode;
using base::ErrorId;

const AckStamp kStamp{base::Instant(std::chrono::seconds(1795339800)), "MC1"};

std::string Message(std::string_view version, std::string_view modes = "") {
  return "MSH|^~\\&|PAS|RXX|MC|ICS|20261122||ADT^A01|X1|P|" + std::string(version) + "||" +
         std::string(modes) + "\rPID|1\r";
}

Header HeaderOf(std::string_view bytes) { return ReadHeader(*Parse(bytes)); }

TEST(Ack, EchoesControlIdAndSwapsSenderAndReceiver) {
  const Header header = HeaderOf(Message("2.4"));
  EXPECT_EQ(BuildAck(header, AckCode::kAccept, "", nullptr, kStamp),
            "MSH|^~\\&|MC|ICS|PAS|RXX|20261122093000+0000||ACK^A01|MC1|P|2.4\rMSA|AA|X1\r");
}

TEST(Ack, NamesThePlaceInTheErrOfTheVersion) {
  const base::Error error{ErrorId::kMessageInvalid, "OBX[2]-5", "send a number"};
  const std::string old =
      BuildAck(HeaderOf(Message("2.3")), AckCode::kReject, "no", &error, kStamp);
  EXPECT_NE(old.find("\rMSA|AR|X1|no\rERR|OBX^2^5^102\r"), std::string::npos) << old;
  const std::string now =
      BuildAck(HeaderOf(Message("2.5.1")), AckCode::kReject, "", &error, kStamp);
  EXPECT_NE(now.find("\rERR||OBX^2^5|102^Data type error^HL70357|E||||"), std::string::npos) << now;
}

TEST(Ack, OfASegmentThatIsMissingNamesWhatItShouldFollow) {
  const base::Error error{ErrorId::kMessageInvalid, "MRG of PID[2]", "send it"};
  const std::string ack =
      BuildAck(HeaderOf(Message("2.4")), AckCode::kReject, "no", &error, kStamp);
  EXPECT_NE(ack.find("\rERR|PID^2^"), std::string::npos) << ack;
}

TEST(Ack, EscapesWhatItEchoes) {
  std::string bytes = Message("2.4");
  bytes.replace(bytes.find("X1"), 2, "X\\F\\1&2\\X0D\\MSA");
  const std::string ack = BuildAck(HeaderOf(bytes), AckCode::kAccept, "a|b\rc", nullptr, kStamp);
  EXPECT_NE(ack.find("\rMSA|AA|X\\F\\1\\T\\2\\X0D\\MSA|a\\F\\b\\X0D\\c\r"), std::string::npos)
      << ack;
}

TEST(Ack, AnswersInTheSendersDelimiters) {
  const Header header = HeaderOf("MSH^~|\\&^PAS^RXX^^^^^ADT~A08^7^P^2.4\rPID^1\r");
  const std::string ack = BuildAck(header, AckCode::kAccept, "", nullptr, kStamp);
  EXPECT_TRUE(ack.starts_with("MSH^~|\\&^^^PAS^RXX^")) << ack;
  EXPECT_NE(ack.find("\rMSA^AA^7\r"), std::string::npos);
}

TEST(Ack, EnhancedModeAnswersWhatTheSenderAskedFor) {
  const auto code = [](std::string_view modes, AckCode outcome) {
    const std::string ack = BuildAck(HeaderOf(Message("2.4", modes)), outcome, "", nullptr, kStamp);
    return ack.empty() ? std::string("none") : ack.substr(ack.find("MSA|") + 4, 2);
  };
  EXPECT_EQ(code("|AL|NE", AckCode::kAccept), "CA");
  EXPECT_EQ(code("|AL|NE", AckCode::kReject), "CR");
  EXPECT_EQ(code("|NE|AL", AckCode::kError), "AE");
  EXPECT_EQ(code("|NE|NE", AckCode::kReject), "none");
  EXPECT_EQ(code("|ER|", AckCode::kAccept), "none");
  EXPECT_EQ(code("|ER|", AckCode::kError), "CE");
  EXPECT_EQ(code("|SU|", AckCode::kAccept), "CA");
  EXPECT_EQ(code("|SU|ER", AckCode::kReject), "AR");
  EXPECT_EQ(code("|AL|AL", AckCode::kAccept), "CA");
  EXPECT_EQ(code("||", AckCode::kAccept), "AA");
}

TEST(Ack, AFrameWithABrokenBodyStillGetsItsControlIdBack) {
  const auto header =
      ScanHeader("MSH|^~\\&|PAS|RXX|MC|ICS|2026||ADT^A01|X9|P|2.4\rnot a segment\r");
  ASSERT_TRUE(header);
  EXPECT_EQ(header->control_id, "X9");
  const auto latin =
      ScanHeader("MSH|^~\\&|PAS|RXX|||2026||ADT^A01|X9|P|2.4||||||UNICODE UTF-8|\xFF\r");
  ASSERT_TRUE(latin);
  EXPECT_EQ(latin->control_id, "X9");
}

TEST(Ack, AHeaderInACharacterSetThatNobodyKnowsIsStillRead) {
  for (const char* after : {"", "\xFF", "\x0B"}) {
    const auto header =
        ScanHeader("MSH|^~\\&|PAS|RXX|||2026||ADT^A01|X9|P|2.4||||||KLINGON|" + std::string(after));
    ASSERT_TRUE(header);
    EXPECT_EQ(header->control_id, "X9");
    EXPECT_EQ(header->sending_facility, "RXX");
  }
}

TEST(Ack, AHeaderThatNeverEndsIsReadByWholeFieldsAlone) {
  const std::string start = "MSH|^~\\&|PAS|RXX|||2026||ADT^A01|X9|P|2.4|";
  const auto read = ScanHeader(start + std::string(10'000, 'a'));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->control_id, "X9");
  const auto cut = ScanHeader("MSH|^~\\&|PAS|RXX|||2026||ADT^A01|" + std::string(10'000, 'a'));
  ASSERT_TRUE(cut);
  EXPECT_EQ(cut->control_id, "") << "half a control id is another message's";
}

TEST(Ack, NamesAVersionThatIsNotReadAsSuch) {
  const base::Error error{ErrorId::kMessageUnsupported, "MSH-12", "send HL7 v2.2 to v2.8"};
  const std::string ack = BuildAck(HeaderOf(Message("2.9")), AckCode::kReject, "", &error, kStamp);
  EXPECT_NE(ack.find("|203^Unsupported version id^HL70357|"), std::string::npos) << ack;
}

TEST(Ack, AFrameWithoutAHeaderGetsARejection) {
  EXPECT_FALSE(ScanHeader("GET / HTTP/1.1\r\n"));
  EXPECT_FALSE(ScanHeader("PID|1\rMSH|^~\\&|A\r"));
  const base::Error error{ErrorId::kMessageUnparseable, "MSH", "begin with MSH"};
  const std::string ack = BuildAckWithoutHeader(AckCode::kReject, error, kStamp);
  EXPECT_NE(ack.find("\rMSA|AR||message.unparseable at MSH: begin with MSH\r"), std::string::npos)
      << ack;
}

}  // namespace
}  // namespace milecastle::hl7v2
