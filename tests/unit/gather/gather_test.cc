// Asking side by side: what comes in time is checked and brought back, what does not is named.
#include "gather/gather.h"

#include <gtest/gtest.h>

#include <deque>

#include "kit/clock.h"
#include "record/labels.h"

namespace milecastle::gather {
namespace {

constexpr base::Instant kNoon{std::chrono::seconds(1'767'600'000)};

record::Contribution Record(const std::string& what = "Penicillin") {
  record::Contribution said;
  said.patient.nhs_number_as_sent = "9990000018";
  said.patient.tracing = record::Tracing::kVerified;
  said.patient.birth_date =
      record::Update<record::BirthDate>::Set(*record::BirthDate::Parse("1960-05-17"));
  said.patient.names =
      record::Update<std::vector<record::PersonName>>::Set({{.family = "EXAMPLE"}});
  said.snapshot_of = {record::Section::kAllergies};
  record::Draft draft{.source_key = "AllergyIntolerance/1"};
  draft.entry.section = record::Section::kAllergies;
  draft.entry.what.text = what;
  said.drafts = {draft};
  return said;
}

// Answers when the test says so, or at once.
class Practice final : public LiveSource {
 public:
  explicit Practice(std::string code) : name_(code), code_(*record::OdsCode::Parse(code)) {}
  const std::string& name() const override { return name_; }
  const record::OdsCode& organisation() const override { return code_; }
  const std::vector<record::Section>& sections() const override { return sections_; }
  void Ask(const Question& question, std::function<void(Raw)> done) override {
    asked_by.push_back(question.person_id);
    raw.person_id = question.person_id;
    if (answers_at_once) return done(raw);
    waiting.push_back(std::move(done));
  }
  Reading Read(const Raw& from) const override { return from.person_id.empty() ? reading : second; }
  void Judge(bool usable) override { judged.push_back(usable); }

  void Answer() {
    auto done = std::move(waiting.front());
    waiting.pop_front();
    done(raw);
  }

  Raw raw{.outcome = Outcome::kReturned, .question = "q", .status = 200, .body = "bytes"};
  Reading reading{.outcome = Outcome::kReturned, .answer_id = "q", .contribution = Record()};
  Reading second;
  std::vector<std::string> asked_by;
  bool answers_at_once = true;
  std::deque<std::function<void(Raw)>> waiting;
  std::vector<bool> judged;

 private:
  std::string name_;
  record::OdsCode code_;
  std::vector<record::Section> sections_ = {record::Section::kAllergies};
};

// A pool and a timer that run when the test says so.
class Bench {
 public:
  Practice& Knows(const std::string& code) {
    practices_.push_back(std::make_shared<Practice>(code));
    return *practices_.back();
  }
  void Ask() {
    GatherParts parts{
        .sources = {practices_.begin(), practices_.end()},
        .normaliser = [this] { return normaliser_; },
        .post =
            [this](std::function<void()> job) {
              if (pool_is_full) return false;
              jobs_.push_back(std::move(job));
              return true;
            },
        .run_at = [this](auto, std::function<void()> job) { expire_ = std::move(job); },
        .clock = clock_};
    Asking asking{.person = {*record::NhsNumber::Parse("9990000018"),
                             *record::BirthDate::Parse("1960-05-17"), "Example"}};
    for (std::size_t i = 0; i < practices_.size(); ++i) {
      asking.whom.push_back({i, {record::Section::kAllergies}});
    }
    Gather(std::move(parts)).Ask(std::move(asking), [this](auto got) {
      ++ended;
      if (got) given = std::move(*got);
      failed = !got;
    });
    RunPool();
  }
  void RunPool() {
    while (!jobs_.empty()) {
      auto job = std::move(jobs_.front());
      jobs_.pop_front();
      job();
    }
  }
  void Expire() {
    expire_();
    RunPool();
  }

  std::vector<Given> given;
  int ended = 0;
  bool failed = false;
  bool pool_is_full = false;

 private:
  kit::ManualClock clock_{kNoon};
  std::vector<std::shared_ptr<Practice>> practices_;
  std::shared_ptr<const normalise::Normaliser> normaliser_ =
      std::make_shared<normalise::Normaliser>(*normalise::Normaliser::Create({}));
  std::deque<std::function<void()>> jobs_;
  std::function<void()> expire_;
};

TEST(Gather, BringsBackWhatEachSourceGaveAsIfItWereToBeStored) {
  Bench bench;
  bench.Knows("Z99001");
  bench.Ask();
  ASSERT_EQ(bench.given.size(), 1U);
  const Given& given = bench.given[0];
  EXPECT_EQ(given.outcome, Outcome::kReturned);
  EXPECT_EQ(given.digest, base::Sha256("bytes"));
  ASSERT_EQ(given.entries.size(), 1U);
  EXPECT_EQ(given.entries[0].entry_class.source.text(), "Z99001");
  EXPECT_FALSE(given.entries[0].bytes.empty());
  EXPECT_TRUE(given.identity->shareable);
  EXPECT_FALSE(given.name_differs);
}

TEST(Gather, WhoIsLateIsNamedAndHoldsUpNobodyElse) {
  Bench bench;
  bench.Knows("Z99001");
  Practice& late = bench.Knows("Z99002");
  late.answers_at_once = false;
  bench.Ask();
  EXPECT_EQ(bench.ended, 0);
  bench.Expire();
  ASSERT_EQ(bench.given.size(), 2U);
  EXPECT_EQ(bench.given[0].outcome, Outcome::kReturned);
  EXPECT_EQ(bench.given[1].outcome, Outcome::kTimedOut);
  EXPECT_EQ(bench.given[1].at, kNoon);
  late.Answer();
  bench.RunPool();
  EXPECT_EQ(bench.ended, 1) << "what comes later changes nothing";
}

TEST(Gather, EndsOnceWhenAllAreIn) {
  Bench bench;
  Practice& slow = bench.Knows("Z99001");
  slow.answers_at_once = false;
  bench.Ask();
  slow.Answer();
  bench.RunPool();
  EXPECT_EQ(bench.ended, 1);
  bench.Expire();
  EXPECT_EQ(bench.ended, 1);
}

TEST(Gather, SomebodyElsesRecordIsNotUsed) {
  for (const bool other_number : {true, false}) {
    Bench bench;
    Practice& practice = bench.Knows("Z99001");
    auto& patient = practice.reading.contribution->patient;
    if (other_number) patient.nhs_number_as_sent = "9990000026";
    if (!other_number) patient.birth_date.value = *record::BirthDate::Parse("1960-05-18");
    bench.Ask();
    EXPECT_EQ(bench.given[0].outcome, Outcome::kWrongPatient);
    EXPECT_TRUE(bench.given[0].entries.empty());
    EXPECT_FALSE(bench.given[0].identity);
    EXPECT_EQ(practice.judged, std::vector<bool>{false});
  }
}

TEST(Gather, ARecordThatDoesNotSayWhoseItIsIsNotUsed) {
  for (const bool without_number : {true, false}) {
    Bench bench;
    auto& patient = bench.Knows("Z99001").reading.contribution->patient;
    if (without_number) patient.nhs_number_as_sent.clear();
    if (!without_number) patient.birth_date = {};
    bench.Ask();
    EXPECT_EQ(bench.given[0].outcome, Outcome::kInvalidAnswer);
    EXPECT_TRUE(bench.given[0].entries.empty());
  }
}

TEST(Gather, AnotherFamilyNameIsUsedAndTold) {
  Bench bench;
  bench.Knows("Z99001").reading.contribution->patient.names.value = {{.family = "Other"}};
  bench.Ask();
  EXPECT_EQ(bench.given[0].outcome, Outcome::kReturned);
  EXPECT_TRUE(bench.given[0].name_differs);
}

TEST(Gather, AnAnswerToAnotherQuestionIsNotUsed) {
  Bench bench;
  bench.Knows("Z99001").reading.is_to_our_question = false;
  bench.Ask();
  EXPECT_EQ(bench.given[0].outcome, Outcome::kInvalidAnswer);
  EXPECT_TRUE(bench.given[0].entries.empty());
}

TEST(Gather, DissentWithinABundleIsDissent) {
  Bench bench;
  bench.Knows("Z99001").reading.contribution->preferences = {
      {record::PreferenceKind::kShareDetailedRecord, record::PreferenceAnswer::kDissent, "issue"}};
  bench.Ask();
  EXPECT_EQ(bench.given[0].outcome, Outcome::kDissent);
  EXPECT_TRUE(bench.given[0].entries.empty());
}

TEST(Gather, WhatStandsUnderANumberThatNobodyTracedIsMarked) {
  Bench bench;
  bench.Knows("Z99001").reading.contribution->patient.tracing = record::Tracing::kNotTraced;
  bench.Ask();
  EXPECT_FALSE(bench.given[0].identity->shareable);
  EXPECT_TRUE(record::IsUntraced(bench.given[0].entries[0].entry_class));
}

TEST(Gather, WhatASourceCallsItsAnswerIsCutShort) {
  Bench bench;
  bench.Knows("Z99001").reading.answer_id = std::string(1'000'000, 'x');
  bench.Ask();
  EXPECT_EQ(bench.given[0].answer_id, std::string(64, 'x'));
}

TEST(Gather, CountsWhatItCouldNotCarry) {
  Bench bench;
  bench.Knows("Z99001").reading.contribution->not_carried = {{"entry[0].extension", "not mapped"}};
  bench.Ask();
  EXPECT_EQ(bench.given[0].not_carried, 1U);
}

TEST(Gather, EachAnswerThatCameIsJudgedOnce) {
  Bench bench;
  Practice& well = bench.Knows("Z99001");
  Practice& failing = bench.Knows("Z99002");
  failing.reading = {.outcome = Outcome::kUnavailable};
  Practice& refusing = bench.Knows("Z99003");
  refusing.reading = {.outcome = Outcome::kRefused};
  Practice& silent = bench.Knows("Z99004");
  silent.raw = {.outcome = Outcome::kBusy};
  bench.Ask();
  EXPECT_EQ(well.judged, std::vector<bool>{true});
  EXPECT_EQ(failing.judged, std::vector<bool>{false});
  EXPECT_EQ(refusing.judged, std::vector<bool>{true}) << "a refusal is an answer";
  EXPECT_TRUE(silent.judged.empty());
}

TEST(Gather, AFullPoolIsToldAndNotWaitedFor) {
  Bench bench;
  bench.Knows("Z99001");
  bench.pool_is_full = true;
  bench.Ask();
  EXPECT_EQ(bench.ended, 1);
  EXPECT_TRUE(bench.failed);
}

TEST(Gather, WhoKnowsThePersonByAnIdOfItsOwnIsAskedByIt) {
  Bench bench;
  Practice& practice = bench.Knows("Z99001");
  practice.reading.ask_again_by = "p-1";
  practice.second = {.outcome = Outcome::kReturned, .contribution = Record("Latex")};
  bench.Ask();
  EXPECT_EQ(practice.asked_by, (std::vector<std::string>{"", "p-1"}));
  EXPECT_EQ(bench.given[0].outcome, Outcome::kReturned);
  EXPECT_EQ(bench.given[0].entries.size(), 1U) << "of the second answer alone";
  EXPECT_EQ(practice.judged, (std::vector<bool>{true, true}));
}

TEST(Gather, WhoTellsAnotherPersonsIdIsNotAskedByIt) {
  Bench bench;
  Practice& practice = bench.Knows("Z99001");
  practice.reading.ask_again_by = "p-1";
  practice.reading.contribution->patient.nhs_number_as_sent = "9990000026";
  bench.Ask();
  EXPECT_EQ(practice.asked_by, std::vector<std::string>{""});
  EXPECT_EQ(bench.given[0].outcome, Outcome::kWrongPatient);
}

TEST(Gather, WhoTellsAnIdTwiceDoesNotAnswer) {
  Bench bench;
  Practice& practice = bench.Knows("Z99001");
  practice.reading.ask_again_by = "p-1";
  practice.second = practice.reading;
  bench.Ask();
  EXPECT_EQ(practice.asked_by.size(), 2U);
  EXPECT_EQ(bench.given[0].outcome, Outcome::kInvalidAnswer);
}

TEST(Gather, WhoHoldsNothingSaysSoOfNobody) {
  Bench bench;
  Practice& practice = bench.Knows("Z99001");
  practice.reading.ask_again_by = "p-1";
  practice.second = {.outcome = Outcome::kReturned, .holds_nothing = true};
  bench.Ask();
  EXPECT_EQ(bench.given[0].outcome, Outcome::kReturned);
  EXPECT_FALSE(bench.given[0].identity);
}

}  // namespace
}  // namespace milecastle::gather
