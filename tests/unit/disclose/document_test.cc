// One document by itself: what a view shows whole, and nothing else, behind its receipt.
#include "disclose/document.h"

#include <boost/json.hpp>

#include "house.h"
#include "record/document_id.h"

namespace milecastle::disclose {
namespace {

using gather::Outcome;

constexpr std::string_view kLetter = "the letter's bytes";

record::Entry Letter(Section section = Section::kDocuments, std::string_view bytes = kLetter) {
  record::Entry entry = Item(section, "Letter");
  // Elsewhere it is an attachment of something else, which a mask leaves there.
  entry.kind = section == Section::kDocuments ? record::Kind::kDocument : record::Kind::kReport;
  entry.document =
      record::Document{.media_type = "text/plain", .title = "T", .bytes = std::string(bytes)};
  return entry;
}

record::Draft Listed(const std::string& id, const std::string& size = "18") {
  record::Draft draft{.source_key = "DocumentReference/" + id,
                      .entry = Item(Section::kDocuments, "L")};
  draft.entry.kind = record::Kind::kDocument;
  draft.entry.details = {{.name = std::string(record::kDocumentId), .text = id},
                         {.name = std::string(record::kDocumentSize), .text = size}};
  return draft;
}

record::Contribution ListOf(std::vector<record::Draft> drafts) {
  record::Contribution said;
  said.patient.nhs_number_as_sent = "9990000018";
  said.patient.tracing = record::Tracing::kVerified;
  said.patient.birth_date =
      record::Update<record::BirthDate>::Set(*record::BirthDate::Parse("1960-05-17"));
  said.patient.names =
      record::Update<std::vector<record::PersonName>>::Set({{.family = "Example"}});
  said.drafts = std::move(drafts);
  return said;
}

class Cabinet final : public gather::LiveSource {
 public:
  explicit Cabinet(std::string_view code) : name_(code), code_(Ods(code)) {}
  const std::string& name() const override { return name_; }
  const record::OdsCode& organisation() const override { return code_; }
  const std::vector<Section>& sections() const override { return sections_; }
  bool gives_documents() const override { return true; }
  void Ask(const gather::Question&, std::function<void(gather::Raw)> done) override {
    ++asked;
    done({.outcome = outcome, .question = "question-1", .status = 200, .body = "list"});
  }
  gather::Reading Read(const gather::Raw&) const override {
    return {.outcome = Outcome::kReturned, .contribution = said};
  }
  void Judge(bool) override {}
  void Fetch(const gather::Question&, const std::string& id,
             std::function<void(gather::Raw)> done) override {
    fetched.push_back(id);
    if (meanwhile) meanwhile();
    done(
        {.outcome = Outcome::kReturned, .question = "question-2", .status = 200, .body = "binary"});
  }
  gather::DocumentReading ReadDocument(const gather::Raw&, const std::string&) const override {
    return {.outcome = read_as, .document = {.media_type = "text/plain", .bytes = bytes}};
  }

  Outcome outcome = Outcome::kReturned;
  Outcome read_as = Outcome::kReturned;
  record::Contribution said = ListOf({Listed("b-1")});
  std::string bytes = std::string(kLetter);
  std::function<void()> meanwhile;
  int asked = 0;
  std::vector<std::string> fetched;

 private:
  std::string name_;
  record::OdsCode code_;
  std::vector<Section> sections_ = {Section::kDocuments};
};

// Of a word that means nothing.
std::shared_ptr<const normalise::Normaliser> WithAWord() {
  const normalise::LabelRulesFile file{"rules.toml", R"([[rule]]
id = "r"
label = "sexual_health"
words = ["lighthouse"]
[[case]]
text = "Lighthouse"
labels = ["sexual_health"]
)"};
  normalise::NormaliserOptions options;
  options.label_rules = normalise::LabelRules::Parse({&file, 1}).rules;
  return std::make_shared<const normalise::Normaliser>(*normalise::Normaliser::Create(options));
}

struct DocumentHouse : House {
  explicit DocumentHouse(std::string_view code = "Z99001", std::string_view policy = kPolicy)
      : House(policy), cabinet(std::make_shared<Cabinet>(code)) {
    gathering = std::make_unique<gather::Gather>(
        gather::GatherParts{.sources = {cabinet},
                            .normaliser = [made = WithAWord()] { return made; },
                            .post =
                                [](const std::function<void()>& job) {
                                  job();
                                  return true;
                                },
                            .run_at = [](auto, const auto&) {},
                            .clock = clock});
    options.live = gathering.get();
  }

  v1::GetDocumentResponse Get(record::EntryId entry) { return Get({.entry = entry}, log()); }
  v1::GetDocumentResponse Get(const std::string& id, std::string_view source = "Z99001") {
    return Get({.live = LiveDocument{Ods(source), id}}, log());
  }
  v1::GetDocumentResponse Get(DocumentRequest asked, audit::Appender& through) {
    asked.view = request;
    PatientViews views(store(), through, policy(), clock, {});
    Documents documents(store(), through, policy(), clock, views.guesses(),
                        {.live = options.live, .longest = longest});
    auto answer = std::make_shared<std::promise<base::Result<ViewAnswer>>>();
    documents.Get(asked,
                  [answer](base::Result<ViewAnswer> got) { answer->set_value(std::move(got)); });
    last = std::make_unique<base::Result<ViewAnswer>>(answer->get_future().get());
    v1::GetDocumentResponse response;
    if (!*last) return response;
    EXPECT_TRUE(response.ParseFromString((*last)->response.head + (*last)->response.rest));
    EXPECT_EQ((*last)->on_grid, !response.has_document());
    return response;
  }
  boost::json::object Leaf() const {
    return boost::json::parse(LastLeaf().body->payload).at("what").as_object();
  }
  std::string Told() const { return std::string(Leaf().at("document").at("outcome").as_string()); }

  std::shared_ptr<Cabinet> cabinet;
  std::unique_ptr<gather::Gather> gathering;
  std::unique_ptr<base::Result<ViewAnswer>> last;
  std::size_t longest = 100;
};

TEST(Document, AStoredOneIsGivenAsItCameAndItsLeafSaysWhich) {
  DocumentHouse house;
  const auto id = house.Knows("ZT2").Admitted().Holds("ZT2", Letter());
  const auto response = house.Get(id);
  EXPECT_EQ(response.document().document().content(), kLetter);
  EXPECT_FALSE(response.document().fetched());
  const auto leaf = house.Leaf();
  EXPECT_EQ(leaf.at("document").at("entry").as_string(), id.ToString());
  EXPECT_EQ(leaf.at("document").at("sha256").as_string(),
            base::ToHex(base::AsBytes(base::Sha256(kLetter))));
  EXPECT_TRUE(leaf.at("document").at("retained").as_bool());
  EXPECT_EQ(leaf.at("entries").as_string(), std::to_string(house.NumberOf(id)));
  EXPECT_EQ(house.cabinet->asked, 0) << "another's documents";
}

TEST(Document, OfAnySectionItIsGivenWhereItsEntryHoldsOne) {
  DocumentHouse house;
  const auto id =
      house.Knows("ZT2").Admitted().Holds("ZT2", Letter(Section::kInvestigationResults));
  EXPECT_TRUE(house.Get(id).has_document());
}

TEST(Document, WhatAViewDoesNotShowWholeReadsAsIfItWereNotThere) {
  DocumentHouse house;
  house.Knows("ZT2").Knows("ZX1").Admitted();
  const auto nobodys = house.Get(record::EntryId::New(kNoon));
  EXPECT_EQ(nobodys.refusal().reason(), "no_such_document");
  const auto labelled = house.Holds("ZT2", Letter(), {"sexual_health"});
  const auto statute = house.Holds("ZT2", Letter(), {"hfea"});
  const auto outside = house.Holds("ZX1", Letter());
  const auto allergy = house.Holds("ZT2", Allergy("Latex"));
  for (const auto id : {labelled, statute, outside, allergy}) {
    const auto response = house.Get(id);
    EXPECT_FALSE(response.has_document());
    EXPECT_EQ(response.refusal().SerializeAsString(), nobodys.refusal().SerializeAsString());
    EXPECT_EQ(house.Told(), "no_such_document");
  }
}

TEST(Document, OfALocationProtectedPersonIsWithheldWholeWhereverItStands) {
  DocumentHouse house;
  house.Knows("ZT2").Knows("Z99001").Admitted();
  const auto letter = house.Holds("ZT2", Letter());
  const auto report = house.Holds("ZT2", Letter(Section::kInvestigationResults));
  EXPECT_TRUE(house.Get(report).has_document());
  house.LocationIs(record::LocationProtection::kNational);
  EXPECT_FALSE(house.Get(letter).has_document());
  EXPECT_FALSE(house.Get(report).has_document());
  EXPECT_FALSE(house.Get("b-1").has_document());
  EXPECT_TRUE(house.cabinet->fetched.empty());
}

TEST(Document, OfAPracticeIsFetchedOnceItIsListedAndIsNotRetained) {
  DocumentHouse house;
  house.Knows("Z99001").Admitted();
  const auto response = house.Get("b-1");
  EXPECT_EQ(response.document().document().content(), kLetter);
  EXPECT_TRUE(response.document().fetched());
  EXPECT_EQ(house.cabinet->fetched, std::vector<std::string>{"b-1"});
  const auto leaf = house.Leaf();
  EXPECT_FALSE(leaf.at("document").at("retained").as_bool());
  EXPECT_EQ(leaf.at("document").at("answer_sha256").as_string(),
            base::ToHex(base::AsBytes(base::Sha256("binary"))));
  EXPECT_EQ(leaf.at("entries").as_string(), "");
}

TEST(Document, ThatIsNotListedForThisPersonIsNeverFetched) {
  DocumentHouse house;
  house.Knows("Z99001").Admitted();
  EXPECT_EQ(house.Get("b-2").refusal().reason(), "no_such_document");
  house.cabinet->said.patient.nhs_number_as_sent = "9990000026";
  EXPECT_EQ(house.Get("b-1").refusal().reason(), "answer_not_usable");
  EXPECT_TRUE(house.cabinet->fetched.empty());
}

TEST(Document, ThatIsLabelledInTheListIsNotFetched) {
  DocumentHouse house;
  house.Knows("Z99001").Admitted();
  house.cabinet->said.drafts[0].entry.verification = record::Verification::kEnteredInError;
  EXPECT_EQ(house.Get("b-1").refusal().reason(), "no_such_document");
  EXPECT_TRUE(house.cabinet->fetched.empty());
}

TEST(Document, WhatIsForbiddenWhileItsBytesAreUnderWayIsNotGiven) {
  DocumentHouse house;
  house.Knows("Z99001").Admitted();
  house.cabinet->meanwhile = [&] {
    house.Chose(record::ConsentKind::kRestriction, {.sections = {Section::kDocuments}});
  };
  const auto response = house.Get("b-1");
  EXPECT_EQ(house.cabinet->fetched.size(), 1U);
  EXPECT_EQ(response.refusal().reason(), "no_such_document");
  EXPECT_EQ(house.Leaf().at("document").at("answered").as_string(), "returned");
}

TEST(Document, WhoseWordsSayWhatItsListDoesNotIsNotGiven) {
  DocumentHouse house;
  house.Knows("Z99001").Admitted();
  house.cabinet->bytes = "{\\rtf1 Seen at the light{\\b house}}";
  const auto response = house.Get("b-1");
  EXPECT_EQ(house.cabinet->fetched.size(), 1U);
  EXPECT_EQ(response.refusal().reason(), "no_such_document");
  EXPECT_FALSE(response.has_document());
  EXPECT_EQ(house.Leaf().at("document").at("answered").as_string(), "returned");
  house.cabinet->bytes = "Seen in the house";
  EXPECT_TRUE(house.Get("b-1").has_document());
}

TEST(Document, ARefusalAsksNobodyAndIsTheViewsOwn) {
  DocumentHouse house;
  house.Knows("Z99001");
  const auto refused = house.Get("b-1");
  EXPECT_EQ(refused.refusal().SerializeAsString(),
            house.Ask().response().refusal().SerializeAsString());
  EXPECT_EQ(house.cabinet->asked, 0);
}

TEST(Document, AStoredOneOfAPracticeThatDissentsNowIsWithheld) {
  DocumentHouse house;
  const auto id = house.Knows("Z99001").Admitted().Holds("Z99001", Letter());
  EXPECT_TRUE(house.Get(id).has_document());
  house.cabinet->outcome = Outcome::kDissent;
  EXPECT_FALSE(house.Get(id).has_document());
  house.cabinet->outcome = Outcome::kTimedOut;
  const auto copy = house.Get(id);
  ASSERT_TRUE(copy.has_document());
  EXPECT_EQ(copy.document().warnings(0), "stored_copy_shown");
}

// The cabinet answers for documents alone, and a view that it is asked for withholds all of them.
TEST(Document, AnAttachmentOfAPracticeThatDissentsNowIsWithheldWhereverItStands) {
  DocumentHouse house;
  const auto id =
      house.Knows("Z99001").Admitted().Holds("Z99001", Letter(Section::kInvestigationResults));
  const auto given = house.Get(id);
  ASSERT_TRUE(given.has_document());
  house.cabinet->outcome = Outcome::kTimedOut;
  EXPECT_EQ(house.Get(id).document().warnings_size(), given.document().warnings_size())
      << "it does not say whether this still stands";
  house.cabinet->outcome = Outcome::kDissent;
  EXPECT_FALSE(house.Get(id).has_document());
}

TEST(Document, OneThatIsTooLargeIsNeitherCutNorGivenNorFetched) {
  DocumentHouse house;
  house.Knows("Z99001").Admitted();
  const auto id = house.Holds("Z99001", Letter(Section::kDocuments, std::string(101, 'x')));
  EXPECT_EQ(house.Get(id).refusal().reason(), "document_too_large");
  house.cabinet->said = ListOf({Listed("b-1", "101")});
  EXPECT_EQ(house.Get("b-1").refusal().reason(), "document_too_large");
  EXPECT_TRUE(house.cabinet->fetched.empty());
  house.cabinet->said = ListOf({Listed("b-1", "1")});
  house.cabinet->bytes = std::string(101, 'x');
  EXPECT_EQ(house.Get("b-1").refusal().reason(), "document_too_large") << "whatever it says";
}

// Appends nothing, and says that it could not.
class ClosedLog final : public audit::Appender {
 public:
  void Append(audit::Entry, OnDurable on_durable) override {
    on_durable(base::Error{base::ErrorId::kAuditUnavailable, "audit", "closed"});
  }
  bool Available() const override { return false; }
};

TEST(Document, WithoutAReceiptThereAreNoBytes) {
  DocumentHouse house;
  const auto id = house.Knows("ZT2").Admitted().Holds("ZT2", Letter());
  ClosedLog closed;
  house.Get({.entry = id}, closed);
  ASSERT_FALSE(*house.last);
  EXPECT_EQ(house.last->error().id, base::ErrorId::kAuditUnavailable);
}

TEST(Document, AnEmergencyEntailsWhatAViewInOneDoes) {
  DocumentHouse house;
  house.Knows("Z99001");
  house.request.purpose = record::Purpose::kEmergency;
  house.request.reason_code = "LIFE";
  const auto response = house.Get("b-1");
  EXPECT_TRUE(response.has_document());
  EXPECT_GT(response.document().duties_size(), 0);
  EXPECT_EQ(house.LastLeaf().leaf.kind, audit::Kind::kEmergency);
}

TEST(LiveView, APracticesDocumentsAddNoLineButWhereTheyFail) {
  DocumentHouse house;
  house.Knows("Z99001").Admitted();
  const auto lines = [](const Seen& seen) {
    std::vector<std::string> told;
    for (const auto& line : seen.view().manifest().lines()) {
      if (!line.reason().empty()) told.push_back(line.reason());
    }
    return told;
  };
  Seen seen = house.Ask();
  EXPECT_TRUE(seen.Holds("b-1"));
  EXPECT_TRUE(lines(seen).empty());
  house.cabinet->outcome = Outcome::kTimedOut;
  seen = house.Ask();
  ASSERT_EQ(seen.Lines(ManifestState::kTimedOut, Section::kDocuments, "Z99001").size(), 1U);
  house.cabinet->outcome = Outcome::kReturned;
  house.Chose(record::ConsentKind::kHide, {.sections = {Section::kDocuments}});
  house.cabinet->asked = 0;
  EXPECT_TRUE(lines(house.Ask()).empty()) << "as if there were none";
  EXPECT_EQ(house.cabinet->asked, 0);
}

}  // namespace
}  // namespace milecastle::disclose
