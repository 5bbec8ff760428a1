// The narrow gate: no bytes without a durable, true audit entry, and one entry for every outcome.
#include "disclose/release.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <boost/json.hpp>

#include "audit/payload.h"
#include "disclose/facts_for.h"
#include "house.h"

namespace milecastle::disclose {
namespace {

House& WithOneAllergy(House& house) {
  house.Knows("Z99001").Admitted().Holds("Z99001", Allergy("Penicillin"));
  return house;
}

class SealedLog final : public audit::Appender {
 public:
  void Append(audit::Entry /*entry*/, OnDurable on_durable) override {
    on_durable(base::Error{base::ErrorId::kAuditUnavailable, "audit", "sealed"});
  }
  bool Available() const override { return false; }
};

// Makes another entry durable, and answers with the receipt of that.
class LyingLog final : public audit::Appender {
 public:
  explicit LyingLog(audit::Log& real) : real_(real) {}
  void Append(audit::Entry entry, OnDurable on_durable) override {
    entry.payload.replace(entry.payload.find("permitted"), 9, "refused..");
    real_.Append(std::move(entry), std::move(on_durable));
  }
  bool Available() const override { return true; }

 private:
  audit::Log& real_;
};

TEST(Release, NothingLeavesWhereTheLogIsNotAvailable) {
  House house;
  SealedLog sealed;
  EXPECT_TRUE(WithOneAllergy(house).AskThrough(sealed).Failed(base::ErrorId::kAuditUnavailable));
  house.request.person.birth_date = "1960-05-18";
  EXPECT_TRUE(house.AskThrough(sealed).Failed(base::ErrorId::kAuditUnavailable));
}

TEST(Release, NothingLeavesOnTheReceiptOfAnotherEntry) {
  House house;
  LyingLog lying(WithOneAllergy(house).log());
  EXPECT_TRUE(house.AskThrough(lying).Failed(base::ErrorId::kInternal));
}

TEST(Release, AnErrorOfTheStoreDisclosesNothingAndMakesNoEntry) {
  for (const char* table : {"persons", "identities", "entries", "statements", "sources", "consents",
                            "evidence", "location_flags"}) {
    House house;
    WithOneAllergy(house).Lose(table);
    const Seen seen = house.Ask();
    EXPECT_FALSE(seen.answer()) << table;
    EXPECT_EQ(house.Leaves(), 0U) << table;
  }
}

TEST(Release, OneDamagedEntryDisclosesNothingOfTheOthers) {
  House house;
  WithOneAllergy(house).Holds("Z99001", Item(Section::kProblems, "Asthma"));
  house.Damage("UPDATE entries SET bytes = CAST(substr(bytes, 2) || 'x' AS BLOB) WHERE seq = 1");
  EXPECT_TRUE(house.Ask().Failed(base::ErrorId::kStoreCorrupt));
  EXPECT_EQ(house.Leaves(), 0U);
}

TEST(Release, DetailsThatAreNoneAreAnErrorThatRepeatsNothingOfThem) {
  House house;
  house.request.person.nhs_number = "9990000019";
  const Seen seen = house.Ask();
  ASSERT_TRUE(seen.Failed(base::ErrorId::kArgumentInvalid));
  EXPECT_EQ(base::Describe(seen.answer().error()).find("999000"), std::string::npos);
  EXPECT_EQ(house.Leaves(), 0U);
}

// Two classes of one person, on which decisions for different requests are made.
struct Bench {
  decide::Decider decider{
      *decide::Policy::Parse(std::vector<decide::PolicyFile>{{"p.toml", std::string(kPolicy)}})
           .policy};
  record::PatientFacts facts;
  store::Segment segment;

  Bench() {
    record::Evidence admitted{.organisation = Ods("ZT1"), .period = {kNoon - hours(1), {}}};
    facts.evidence = {admitted};
    facts.location_flags = {{record::LocationProtection::kNone, "PDS", kNoon - hours(1)}};
    segment.classes = {{.source = Ods("ZT2"), .section = Section::kAllergies},
                       {.source = Ods("ZX1"), .section = Section::kAllergies}};
    segment.bytes = wire::EncodeEntry(Allergy("Penicillin"));
    const auto size = static_cast<std::uint32_t>(segment.bytes.size());
    segment.items = {{.id = {}, .entry_class = 0, .size = size},
                     {.id = {}, .entry_class = 1, .size = size}};
  }
  decide::Decision Decide(record::Purpose purpose) {
    decide::Request request;
    request.requester.organisation = Ods("ZT1");
    request.requester.roles = {"R8000"};
    request.purpose = purpose;
    request.reason_code = purpose == record::Purpose::kEmergency ? "LIFE" : "";
    request.match = decide::Match::kMatched;
    const decide::Known known{.facts = &facts, .classes = segment.classes, .sources = {}};
    return *decider.Decide(request, known, kNoon);
  }
};

TEST(Release, AnItemThatAnotherDecisionFreedIsRefused) {
  Bench bench;
  const auto care = bench.Decide(record::Purpose::kDirectCare);
  const auto emergency = bench.Decide(record::Purpose::kEmergency);
  EXPECT_FALSE(care.Show(1, 1, {}));
  const auto freed_elsewhere = emergency.Show(1, 1, {});
  ASSERT_TRUE(freed_elsewhere);
  Answer answer(care, bench.segment);
  EXPECT_FALSE(answer.Add(*freed_elsewhere));
  EXPECT_FALSE(answer.Add(*emergency.Show(0, 0, {})));
  EXPECT_EQ(answer.entries(), 0U);
  EXPECT_TRUE(answer.Add(*care.Show(0, 0, {})));
  EXPECT_EQ(answer.entries(), 1U);
}

TEST(Release, AFreedClassDoesNotFreeAnItemOfAnother) {
  Bench bench;
  const auto care = bench.Decide(record::Purpose::kDirectCare);
  Answer answer(care, bench.segment);
  EXPECT_FALSE(answer.Add(*care.Show(0, 1, {})));
  EXPECT_FALSE(answer.Add(*care.Show(0, 2, {})));
  EXPECT_EQ(answer.entries(), 0U);
}

// What the one leaf of an outcome says.
struct Leaf {
  audit::Kind kind;
  audit::Headline headline;
  boost::json::object what;
};
Leaf OnlyLeafOf(House& house) {
  EXPECT_EQ(house.Leaves(), 1U);
  const audit::Record record = house.LastLeaf();
  const std::string& payload = record.body->payload;
  return {record.leaf.kind, *audit::ReadHeadline(payload),
          boost::json::parse(payload).at("what").as_object()};
}

using google::protobuf::io::CodedInputStream;

CodedInputStream StreamOf(std::string_view bytes) {
  return CodedInputStream(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                          static_cast<int>(bytes.size()));
}

// An entry's place in the digest of an answer, as view.proto has it.
std::string InPlaceOf(std::string_view entry) {
  constexpr std::uint32_t kIdTag = (v1::Entry::kEntryIdFieldNumber << 3) | 2;
  CodedInputStream in = StreamOf(entry);
  for (int at = 0; const std::uint32_t tag = in.ReadTag(); at = in.CurrentPosition()) {
    google::protobuf::internal::WireFormatLite::SkipField(&in, tag);
    if (tag != kIdTag) continue;
    const std::string_view tail = entry.substr(static_cast<std::size_t>(in.CurrentPosition()));
    const std::string_view id = entry.substr(entry.size() - tail.size() - 16, 16);
    const auto before = entry.substr(0, static_cast<std::size_t>(at));
    std::string digested(base::AsBytes(base::Sha256(before, id)));
    for (std::size_t n = 0, size = tail.size(); n < 4; ++n, size >>= 8) {
      digested += static_cast<char>(size);
    }
    return digested.append(tail);
  }
  ADD_FAILURE() << "an entry without an id";
  return {};
}

// From the bytes that the caller got.
std::string DigestOf(const Seen& seen) {
  const std::string bytes = seen.Bytes();
  CodedInputStream in = StreamOf(bytes);
  std::uint32_t size = 0;
  in.ReadTag();
  in.ReadVarint32(&size);
  std::string digested = bytes.substr(0, static_cast<std::size_t>(in.CurrentPosition()));
  for (int at = in.CurrentPosition(); const std::uint32_t tag = in.ReadTag();
       at = in.CurrentPosition()) {
    if (tag >> 3 != v1::PatientView::kEntriesFieldNumber) {
      google::protobuf::internal::WireFormatLite::SkipField(&in, tag);
      digested += bytes.substr(static_cast<std::size_t>(at),
                               static_cast<std::size_t>(in.CurrentPosition() - at));
      continue;
    }
    std::string entry;
    in.ReadVarint32(&size);
    in.ReadString(&entry, static_cast<int>(size));
    digested += InPlaceOf(entry);
  }
  return base::ToHex(base::AsBytes(base::Sha256(digested)));
}

TEST(AuditOfAView, NamesPatientPurposePolicyDecisionAndEntries) {
  House house;
  house.Knows("Z99001").Admitted();
  const auto shown = house.Holds("Z99001", Allergy("Penicillin"));
  house.Knows("ZX1").Holds("ZX1", Allergy("Latex"));
  const Seen seen = house.Ask();
  const Leaf leaf = OnlyLeafOf(house);
  EXPECT_EQ(leaf.kind, audit::Kind::kView);
  EXPECT_EQ(leaf.headline.nhs_number, "9990000018");
  EXPECT_EQ(leaf.headline.organisation, "ZT1");
  EXPECT_EQ(leaf.headline.user, "quayside user-1");
  EXPECT_EQ(leaf.headline.purpose, "direct-care");
  EXPECT_TRUE(leaf.headline.entails_nothing);
  EXPECT_EQ(leaf.headline.outcome, "permitted");
  const auto& decision = leaf.what.at("decision").as_object();
  EXPECT_EQ(decision.at("policy").as_string(), house.PolicyVersion());
  EXPECT_EQ(decision.at("classes").as_array().size(), 2U);
  EXPECT_EQ(leaf.what.at("entries").as_string(), std::to_string(house.NumberOf(shown)));
  EXPECT_EQ(leaf.what.at("answer_sha256").as_string(), DigestOf(seen));
}

TEST(AuditOfAView, HoldsTheDigestOfWhatIsMaskedAndLinked) {
  House house;
  house.Knows("Z99001").Admitted();
  record::Entry problem = Item(Section::kProblems, "Asthma");
  record::Entry medicine = Item(Section::kMedications, "Salbutamol");
  problem.addresses = {{.lines = {"1 High Street"}}};
  medicine.links = {{.relation = "problem", .key = "Condition/7"}};
  house.Holds("Z99001", problem, {}, "Condition/7");
  house.Holds("Z99001", medicine);
  house.LocationIs(record::LocationProtection::kNational);
  const Seen seen = house.Ask();
  ASSERT_EQ(seen.view().entries_size(), 2);
  EXPECT_GT(seen.view().entries(0).masked_size(), 0);
  EXPECT_FALSE(seen.Holds("High Street"));
  EXPECT_EQ(OnlyLeafOf(house).what.at("answer_sha256").as_string(), DigestOf(seen));
}

TEST(AuditOfAView, NamesWhatWasShownByItsNumbersInTheStoreInRuns) {
  House house;
  house.Knows("Z99001").Admitted();
  const auto first = house.Holds("Z99001", Allergy("Penicillin"));
  house.Holds("Z99001", Item(Section::kProcedures, "Transfer"), {"hfea"});
  const auto second = house.Holds("Z99001", Item(Section::kProblems, "Asthma"));
  const auto third = house.Holds("Z99001", Allergy("Latex"));
  house.Ask();
  const std::string entries(OnlyLeafOf(house).what.at("entries").as_string());
  EXPECT_EQ(entries, std::to_string(house.NumberOf(first)) + "," +
                         std::to_string(house.NumberOf(second)) + "-" +
                         std::to_string(house.NumberOf(third)));
}

TEST(AuditOfAView, HoldsWhatWasHiddenFromTheReader) {
  House house;
  house.Knows("ZT2").Admitted().Holds("ZT2", Item(Section::kProcedures, "Transfer"), {"hfea"});
  const Seen seen = house.Ask();
  EXPECT_FALSE(seen.Holds("hfea"));
  const Leaf leaf = OnlyLeafOf(house);
  EXPECT_NE(boost::json::serialize(leaf.what).find("hfea"), std::string::npos);
  EXPECT_EQ(leaf.what.at("entries").as_string(), "");
}

TEST(AuditOfAView, ThatRestsOnAnEarlierDeclarationIsReviewedAsOneOfIt) {
  House house;
  house.Knows("ZT1").Holds("ZT1", Allergy("Penicillin"));
  const record::FactId declaration = house.Declared();
  EXPECT_EQ(house.Ask().view().duties_size(), 2);
  const Leaf leaf = OnlyLeafOf(house);
  const auto& review = leaf.what.at("duties").as_array().at(1).as_object();
  EXPECT_EQ(review.at("cause").as_string(), "self_declared");
  EXPECT_EQ(review.at("declaration").as_string(), declaration.ToString());
}

TEST(AuditOfAView, TheReceiptIsOfItsLeaf) {
  House house;
  const Seen seen = WithOneAllergy(house).Ask();
  const audit::Record record = house.LastLeaf();
  const auto& receipt = seen.response().receipt();
  EXPECT_EQ(receipt.origin(), house.log().origin());
  EXPECT_EQ(receipt.leaf_index(), record.index);
  EXPECT_EQ(receipt.leaf_hash(), base::AsBytes(record.leaf_hash));
}

TEST(AuditOfARefusal, NamesWhoWasAskedForAndWhyForEachOfItsCauses) {
  struct Cause {
    const char* reason;
    std::function<void(House&)> making;
  };
  const std::vector<Cause> causes = {
      {"no_such_person", [](House&) {}},
      {"details_mismatch",
       [](House& house) {
         house.Knows("Z99001").Admitted();
         house.request.person.birth_date = "1960-05-18";
       }},
      {"no_relationship", [](House& house) { house.Knows("Z99001"); }},
      {"objection",
       [](House& house) {
         house.Knows("Z99001").Admitted().Chose(record::ConsentKind::kObjection);
       }},
      {"role_not_granted", [](House& house) { house.request.requester.roles = {}; }},
  };
  for (const Cause& cause : causes) {
    House house;
    cause.making(house);
    EXPECT_TRUE(house.Ask().response().has_refusal());
    const Leaf leaf = OnlyLeafOf(house);
    EXPECT_EQ(leaf.kind, audit::Kind::kRefusal);
    EXPECT_EQ(leaf.headline.nhs_number, "9990000018");
    EXPECT_EQ(leaf.headline.outcome, "refused");
    const auto& decision = leaf.what.at("decision").as_object();
    EXPECT_EQ(decision.at("reason").as_string(), cause.reason);
    EXPECT_EQ(decision.at("policy").as_string(), house.PolicyVersion());
    EXPECT_EQ(leaf.what.at("entries").as_string(), "");
  }
}

TEST(AuditOfAView, AnEmergencyIsAKindOfItsOwnWithItsDuties) {
  House house;
  house.Knows("Z99001").Holds("Z99001", Allergy("Penicillin"));
  const Seen seen = house.AskInAnEmergency();
  EXPECT_EQ(seen.view().entries_size(), 1);
  EXPECT_EQ(seen.view().duties_size(), 3);
  const Leaf leaf = OnlyLeafOf(house);
  EXPECT_FALSE(leaf.headline.entails_nothing);
  EXPECT_EQ(leaf.kind, audit::Kind::kEmergency);
  EXPECT_EQ(leaf.what.at("duties").as_array().size(), 3U);
}

TEST(AuditOfAView, AnEmergencyIsAlarmedAtOnceAndNamesNobody) {
  House house;
  house.Knows("Z99001").Admitted().Holds("Z99001", Allergy("Penicillin"));
  testing::internal::CaptureStderr();
  house.Ask();
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  testing::internal::CaptureStderr();
  house.AskInAnEmergency();
  const std::string logged = testing::internal::GetCapturedStderr();
  EXPECT_NE(logged.find(R"("severity":"alarm")"), std::string::npos) << logged;
  EXPECT_NE(logged.find(R"("leaf":1)"), std::string::npos) << logged;
  for (const char* of : {"9990000018", "Example", "user-1", "ZT1", "Penicillin"}) {
    EXPECT_EQ(logged.find(of), std::string::npos) << of;
  }
}

TEST(AuditOfAView, AnEmergencyThatIsRefusedIsARefusalAndNoAlarm) {
  House house;
  house.Knows("Z99001");
  testing::internal::CaptureStderr();
  EXPECT_TRUE(house.AskInAnEmergency("").response().has_refusal());
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_EQ(OnlyLeafOf(house).kind, audit::Kind::kRefusal);
}

TEST(AuditOfAView, AnEmptyAnswerIsAudited) {
  House house;
  house.Knows("Z99001").Admitted();
  EXPECT_EQ(house.Ask().view().entries_size(), 0);
  EXPECT_EQ(OnlyLeafOf(house).kind, audit::Kind::kView);
}

}  // namespace
}  // namespace milecastle::disclose
