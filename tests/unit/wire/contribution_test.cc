#include "wire/contribution.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "contribution_maker.h"

namespace milecastle::wire {
namespace {

// One befriending visit, as small as a message may be.
constexpr const char* kVisit = R"(
  header { control_id: "V1" event: "visit" sender: "LOCALFRIENDS" }
  patients {
    patient { nhs_number: "9990000018" }
    drafts {
      source_key: "visit:1"
      entry {
        section: SECTION_SOCIAL_CONTEXT kind: ENTRY_KIND_STATEMENT status: CLINICAL_STATUS_COMPLETED
        verification: VERIFICATION_UNSTATED subject: ENTRY_SUBJECT_PATIENT intent: INTENT_DONE
        what { text: "Visited" } effective { original: "2026-11-20" }
      }
    }
  })";

v1::Contribution Visit() {
  v1::Contribution message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(kVisit, &message));
  return message;
}

base::Error FaultOf(const Contributions& read) {
  if (read.refused) return *read.refused;
  for (const auto& patient : read.patients) {
    if (!patient) return patient.error();
  }
  return {base::ErrorId::kInternal, "nowhere", ""};
}

// Where the visit is refused with what is added to it; "" where it is taken.
std::string PlaceOf(const v1::Contribution& message) {
  const auto read = ReadContributions(message.SerializeAsString());
  if (!read.refused && read.patients.front()) return "";
  const base::Error fault = FaultOf(read);
  EXPECT_FALSE(fault.advice.empty());
  return fault.place;
}
template <class Change>
std::string PlaceWith(Change change) {
  v1::Contribution message = Visit();
  change(message);
  return PlaceOf(message);
}
// The same for a change of its one patient, draft or entry.
template <class Change>
std::string PlaceWithPatient(Change change) {
  return PlaceWith([&](auto& message) { change(*message.mutable_patients(0)); });
}
template <class Change>
std::string PlaceWithDraft(Change change) {
  return PlaceWithPatient([&](auto& patient) { change(*patient.mutable_drafts(0)); });
}
template <class Change>
std::string PlaceWithEntry(Change change) {
  return PlaceWithDraft([&](auto& draft) { change(*draft.mutable_entry()); });
}

RC_GTEST_PROP(Contribution, ComesBackFromItsBytesUnchanged, (std::uint32_t seed)) {
  ContributionMaker maker(seed);
  v1::Contribution message = Visit();
  message.clear_patients();
  std::vector<record::Contribution> made = {maker.Make(), maker.Make()};
  for (const auto& one : made) *message.add_patients() = ContributionWriter::Write(one);
  const auto read = ReadContributions(message.SerializeAsString());
  if (read.refused) RC_FAIL(base::Describe(*read.refused));
  RC_ASSERT(read.patients.size() == 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    if (!read.patients[i]) RC_FAIL(base::Describe(read.patients[i].error()));
    RC_ASSERT(*read.patients[i] == made[i]);
  }
}

RC_GTEST_PROP(Contribution, HoldsNoFieldThatTheReaderForgets, (std::uint32_t seed)) {
  ContributionMaker maker(seed);
  const record::Contribution one = maker.Make();
  const record::Contribution other = maker.Make();
  RC_PRE(!(one == other));
  RC_ASSERT(ContributionWriter::Write(one).SerializeAsString() !=
            ContributionWriter::Write(other).SerializeAsString());
}

TEST(Contribution, ATimeMayBeGivenByItsTextAlone) {
  const auto read = ReadContributions(Visit().SerializeAsString());
  ASSERT_FALSE(read.refused);
  ASSERT_TRUE(read.patients.front());
  EXPECT_EQ(read.patients.front()->drafts.front().entry.effective,
            record::When::ParseIso("2026-11-20"));
  EXPECT_EQ(read.header.sender, "LOCALFRIENDS");
}

TEST(Contribution, RefusesWhatIsNotOfTheContractAtEveryDepth) {
  std::string bytes = Visit().SerializeAsString();
  bytes += std::string("\xa2\x06\x00", 3);  // field 100
  EXPECT_EQ(FaultOf(ReadContributions(bytes)).place, "message");
  v1::Contribution message = Visit();
  message.mutable_patients(0)
      ->mutable_drafts(0)
      ->mutable_entry()
      ->mutable_what()
      ->GetReflection()
      ->MutableUnknownFields(
          message.mutable_patients(0)->mutable_drafts(0)->mutable_entry()->mutable_what())
      ->AddVarint(77, 1);
  EXPECT_EQ(PlaceOf(message), "patients[0].drafts[0].entry.what");
}

TEST(Contribution, RefusesASecondPatientWhereOneStands) {
  // Protobuf would merge the two into one person.
  v1::PatientContribution other;
  other.mutable_patient()->set_nhs_number("9990000026");
  v1::Contribution message = Visit();
  const std::string merged = message.patients(0).SerializeAsString() + other.SerializeAsString();
  message.clear_patients();
  std::string bytes = message.SerializeAsString();
  bytes += "\x12";
  bytes += static_cast<char>((merged.size() & 0x7f) | 0x80);
  bytes += static_cast<char>(merged.size() >> 7);
  bytes += merged;
  EXPECT_EQ(FaultOf(ReadContributions(bytes)).place, "patients[0].patient");
}

TEST(Contribution, RefusesNumbersThatTheEnumerationDoesNotHave) {
  EXPECT_EQ(PlaceWithEntry([](auto& entry) { entry.set_section(static_cast<v1::Section>(39)); }),
            "patients[0].drafts[0].entry.section");
  EXPECT_EQ(PlaceWithEntry([](auto& entry) { entry.set_subject(v1::EntrySubject(-1)); }),
            "patients[0].drafts[0].entry.subject");
  EXPECT_EQ(PlaceWithPatient([](auto& patient) {
              patient.add_snapshot_of(v1::SECTION_ALERTS);
              patient.add_snapshot_of(static_cast<v1::Section>(99));
            }),
            "patients[0].snapshot_of[1]");
}

TEST(Contribution, RefusesWhatIsLeftUnsaid) {
  EXPECT_EQ(PlaceWithEntry([](auto& entry) { entry.clear_section(); }),
            "patients[0].drafts[0].entry.section");
  EXPECT_EQ(PlaceWithEntry([](auto& entry) { entry.clear_subject(); }),
            "patients[0].drafts[0].entry.subject");
  EXPECT_EQ(PlaceWithEntry([](auto& entry) { entry.clear_what(); }), "patients[0].drafts[0].entry");
  EXPECT_EQ(PlaceWithDraft([](auto& draft) { draft.clear_source_key(); }),
            "patients[0].drafts[0].source_key");
  EXPECT_EQ(PlaceWithDraft([](auto& draft) { draft.clear_entry(); }),
            "patients[0].drafts[0].entry");
  EXPECT_EQ(PlaceWithPatient([](auto& patient) { patient.add_withdrawn_keys(""); }),
            "patients[0].withdrawn_keys[0]");
  EXPECT_EQ(PlaceWithPatient([](auto& patient) { patient.clear_patient(); }),
            "patients[0].patient");
  EXPECT_EQ(PlaceWithPatient([](auto& patient) { patient.mutable_patient()->Clear(); }),
            "patients[0].patient");
  EXPECT_EQ(PlaceWithPatient([](auto& patient) {
              auto& choice = *patient.add_preferences();
              choice.set_kind(v1::PREFERENCE_KIND_SHARE_DETAILED_RECORD);
              choice.set_answer(v1::PREFERENCE_ANSWER_RETRACTED);
              choice.set_place("row 1");
            }),
            "patients[0].preferences[0].key");
  EXPECT_EQ(PlaceWith([](auto& message) { message.clear_patients(); }), "patients");
  EXPECT_EQ(PlaceWith([](auto& message) { message.mutable_header()->clear_control_id(); }),
            "header.control_id");
}

TEST(Contribution, RefusesTextThatIsTooLongOrNone) {
  const auto with_text = [](const std::string& text) {
    return PlaceWithEntry([&](auto& entry) { entry.add_free_text(text); });
  };
  const std::string place = "patients[0].drafts[0].entry.free_text[0]";
  EXPECT_EQ(with_text(std::string(65536, 'x')), "");
  EXPECT_EQ(with_text(std::string(65537, 'x')), place);
  EXPECT_EQ(with_text(std::string("a\0b", 3)), place);
  EXPECT_EQ(with_text("a\x1b[2J"), place);
  v1::Contribution message = Visit();
  message.mutable_patients(0)->mutable_drafts(0)->mutable_entry()->add_free_text("\xc3\x28");
  EXPECT_EQ(FaultOf(ReadContributions(message.SerializePartialAsString())).place, place);
  EXPECT_EQ(PlaceWithDraft([](auto& draft) { draft.set_source_key(std::string(513, 'k')); }),
            "patients[0].drafts[0].source_key");
  EXPECT_EQ(PlaceWithPatient([](auto& patient) {
              auto& left = *patient.add_not_carried();
              left.set_place("r\u00f6w");
              left.set_why("x");
            }),
            "patients[0].not_carried[0].place");
}

TEST(Contribution, RefusesTimesThatCannotBe) {
  const auto with_time = [](const std::string& text) {
    return PlaceWithEntry([&](auto& entry) { entry.mutable_effective()->set_original(text); });
  };
  const std::string place = "patients[0].drafts[0].entry.effective";
  EXPECT_EQ(with_time("2024-02-29"), "");
  for (const char* text : {"2026-02-29", "20261120", "1753-01-01", "9999-12-31", "yesterday"}) {
    EXPECT_EQ(with_time(text), place) << text;
  }
  const auto with_stamp = [](std::int64_t seconds, std::int32_t nanos, v1::TimeZone zone) {
    return PlaceWithEntry([&](auto& entry) {
      entry.mutable_effective()->mutable_at()->set_seconds(seconds);
      entry.mutable_effective()->mutable_at()->set_nanos(nanos);
      entry.mutable_effective()->set_precision(v1::TIME_PRECISION_DAY);
      entry.mutable_effective()->set_zone(zone);
    });
  };
  EXPECT_EQ(with_stamp(86400, 0, v1::TIME_ZONE_NONE), "");
  EXPECT_EQ(with_stamp(86401, 0, v1::TIME_ZONE_NONE), place);
  EXPECT_EQ(with_stamp(86400, -1, v1::TIME_ZONE_NONE), place);
  EXPECT_EQ(with_stamp(86400, 0, v1::TIME_ZONE_STATED), place);
  EXPECT_EQ(with_stamp(INT64_MIN, 0, v1::TIME_ZONE_NONE), place);
  EXPECT_EQ(PlaceWithEntry([](auto& entry) {
              entry.mutable_effective()->set_precision(v1::TIME_PRECISION_DAY);
            }),
            place);
}

TEST(Contribution, RefusesADigestOfSomethingElse) {
  const auto with_digest = [](const std::string& content, const std::string& of) {
    return PlaceWithDraft([&](auto& draft) {
      draft.mutable_entry()->mutable_document()->set_content(content);
      const base::Digest digest = base::Sha256(of);
      draft.set_document_sha256(std::string(base::AsBytes(digest)));
    });
  };
  EXPECT_EQ(with_digest("letter", "letter"), "");
  EXPECT_EQ(with_digest("letter", "lettre"), "patients[0].drafts[0].document_sha256");
  EXPECT_EQ(PlaceWithDraft([](auto& draft) { draft.set_document_sha256("short"); }),
            "patients[0].drafts[0].document_sha256");
}

TEST(Contribution, RefusesLinksThatLeadNowhere) {
  const auto with_link = [](const std::string& key, bool earlier) {
    return PlaceWithPatient([&](auto& patient) {
      auto& link = *patient.mutable_drafts(0)->add_links();
      link.set_relation("problem");
      link.set_source_key(key);
      if (earlier) patient.add_earlier_keys(key);
    });
  };
  EXPECT_EQ(with_link("visit:0", true), "");
  EXPECT_EQ(with_link("visit:0", false), "patients[0].drafts[0].links[0].source_key");
  EXPECT_EQ(with_link("visit:1", true), "patients[0].drafts[0].links[0].source_key");
  EXPECT_EQ(PlaceWithDraft([](auto& draft) { draft.set_group("report:1"); }),
            "patients[0].drafts[0].group");
}

TEST(Contribution, RefusesAKeyThatStandsTwice) {
  EXPECT_EQ(
      PlaceWithPatient([](auto& patient) { *patient.add_drafts() = v1::Draft(patient.drafts(0)); }),
      "patients[0].drafts[1].source_key");
  EXPECT_EQ(PlaceWithPatient([](auto& patient) { patient.add_withdrawn_keys("visit:1"); }),
            "patients[0].withdrawn_keys[0]");
}

TEST(Contribution, RefusesWhatContradictsItself) {
  EXPECT_EQ(PlaceWithPatient([](auto& patient) {
              patient.mutable_patient()->set_sex("F");
              patient.mutable_patient()->add_deleted(v1::CLAIM_FIELD_SEX);
            }),
            "patients[0].patient.sex");
  EXPECT_EQ(PlaceWithPatient([](auto& patient) { patient.mutable_patient()->set_sex(""); }),
            "patients[0].patient.sex");
  EXPECT_EQ(
      PlaceWithPatient([](auto& patient) { patient.mutable_patient()->set_birth_date("1962"); }),
      "patients[0].patient.birth_date");
  EXPECT_EQ(PlaceWithEntry([](auto& entry) {
              entry.mutable_value()->set_original("5 mg");
              entry.mutable_value()->set_number("5 mg");
            }),
            "patients[0].drafts[0].entry.value.number");
}

TEST(Contribution, RefusesAVersionThatSaysNothing) {
  EXPECT_EQ(PlaceWithPatient([](auto& patient) { patient.mutable_version(); }),
            "patients[0].version");
  EXPECT_EQ(PlaceWithDraft([](auto& draft) { draft.mutable_version(); }),
            "patients[0].drafts[0].version");
  EXPECT_EQ(PlaceWithDraft([](auto& draft) {
              draft.mutable_version()->mutable_made()->set_original("yesterday");
            }),
            "patients[0].drafts[0].version.made");
  EXPECT_EQ(PlaceWithDraft([](auto& draft) { draft.mutable_version()->set_number(1); }), "");
}

TEST(Contribution, RefusesAWholeDocumentThatIsNeitherHereNorGone) {
  EXPECT_EQ(PlaceWithPatient([](auto& patient) { patient.add_whole_documents("plan:1"); }),
            "patients[0].whole_documents[0]");
  EXPECT_EQ(PlaceWithPatient([](auto& patient) { patient.add_whole_documents(""); }),
            "patients[0].whole_documents[0]");
  EXPECT_EQ(PlaceWithPatient([](auto& patient) {
              patient.add_whole_documents("visit:1");
              patient.add_whole_documents("visit:1");
            }),
            "patients[0].whole_documents[1]");
  EXPECT_EQ(PlaceWithPatient([](auto& patient) {
              patient.add_withdrawn_keys("plan:1");
              patient.add_whole_documents("plan:1");
            }),
            "");
}

TEST(Contribution, RefusesWhatTheGatewayAdds) {
  EXPECT_EQ(PlaceWithEntry([](auto& entry) { entry.set_source("ZT1"); }),
            "patients[0].drafts[0].entry.source");
  EXPECT_EQ(PlaceWithEntry([](auto& entry) { entry.set_identity_untraced(true); }),
            "patients[0].drafts[0].entry.identity_untraced");
}

TEST(Contribution, OnePatientWhoCannotBeReadStopsNoOther) {
  v1::Contribution message = Visit();
  *message.add_patients() = message.patients(0);
  message.mutable_patients(0)->mutable_drafts(0)->set_group("nowhere");
  const auto read = ReadContributions(message.SerializeAsString());
  ASSERT_FALSE(read.refused);
  ASSERT_EQ(read.patients.size(), 2U);
  EXPECT_FALSE(read.patients[0]);
  EXPECT_TRUE(read.patients[1]);
}

TEST(Contribution, RefusedMessagesSayWhoSentThemAndNoValue) {
  v1::Contribution message = Visit();
  message.mutable_patients(0)->mutable_drafts(0)->mutable_entry()->set_status_original(
      std::string("Hadrian\0", 8));
  const auto read = ReadContributions(message.SerializeAsString());
  ASSERT_TRUE(read.refused);
  EXPECT_EQ(read.header.control_id, "V1");
  EXPECT_EQ(read.header.sender, "LOCALFRIENDS");
  EXPECT_EQ(base::Describe(*read.refused).find("Hadrian"), std::string::npos);
}

TEST(Contribution, RefusesBytesThatAreNoMessage) {
  for (const std::string bytes :
       {"{\"header\":{}}", "MSH|^~\\&|", "\x0a\xff", "\x12\x02\x0a\x05"}) {
    const auto read = ReadContributions(bytes);
    ASSERT_TRUE(read.refused) << bytes;
    EXPECT_TRUE(read.patients.empty());
  }
  EXPECT_EQ(FaultOf(ReadContributions("")).place, "header");
  // Every cut of a message is refused.
  const std::string whole = Visit().SerializeAsString();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_TRUE(ReadContributions(std::string_view(whole).substr(0, length)).refused) << length;
  }
}

}  // namespace
}  // namespace milecastle::wire
