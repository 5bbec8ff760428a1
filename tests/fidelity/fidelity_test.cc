// adapters/FIDELITY.md: where each part of each format goes, seen by reading every golden case
// without it. MILECASTLE_GOLDEN_UPDATE=1 writes it anew.
#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

#include "account.h"
#include "acute/adapter.h"
#include "community/adapter.h"
#include "kit/golden.h"
#include "primary/adapter.h"
#include "social_care/adapter.h"
#include "third_sector/adapter.h"

namespace milecastle::fidelity {
namespace {

constexpr std::string_view kIntroduction = R"(# Fidelity

Where each part of each format is carried: its heading of the PRSB Core Information Standard, or why it is not carried.

`build/dev/tests/fidelity` generates this page out of the golden cases (`tests/golden`). It reads every case without one part of it,
then with other words in that part's place, and names what the record lost. So it speaks of the parts that a golden case fills,
and of what is done, not of what was meant. A change of an adapter or a case that changes this page fails the test until
`MILECASTLE_GOLDEN_UPDATE=1 build/dev/tests/fidelity` has written it anew; read the difference.

Beside headings a part may decide: *whose it is* (identifiers, how a number was traced, what rows are one person's); *the message itself*
(its id, event, sender and time); *relationship* (an encounter, from which a relationship follows); *links between entries*;
*labels of sensitivity*; *choices of the person*; *location protection*; *merge*; *review* (a person must look); *what is no longer
current* (withdrawals, and sections of which a source sends all); *refused without it*.

*Not carried* is listed with each message, in these words. *Without effect* is what is read and changes nothing in any case: what a
format is built of, codes whose words are carried, and second names of what is known by its first. What says the same thing twice in
every case is there too.

What `canonical/` reads is the contract itself (`../proto/milecastle/v1/contribution.proto`): each field is carried, or the message refused.
FHIR in XML is read into the tree of the JSON. `open_referral/` brings services, and nothing of a person.
)";

// By which a sender says the contrary, or nothing that is known.
constexpr auto kOtherWords =
    std::to_array<std::string_view>({"", "Zephyr", "entered-in-error", "nullified", "aborted", "Y",
                                     "N", "U", "EVN", "RQO", "plan"});

// The same kind of value, and another: the next date or number, or the contrary.
std::string Neighbour(std::string value) {
  if (value == "true") return "false";
  if (value == "false") return "true";
  const std::size_t digit = value.find_last_of("0123456789");
  if (digit != value.npos) value[digit] = value[digit] == '9' ? '8' : value[digit] + 1;
  return value;
}

class Format {
 public:
  Format(std::unique_ptr<const port::Adapter> adapter, Account account, port::Feed feed = {})
      : adapter_(std::move(adapter)), feed_(std::move(feed)), account_(std::move(account)) {}

  void Try(const std::vector<std::filesystem::path>& cases, EachPart each) {
    for (const auto& file : cases) {
      for (const std::string& message : adapter_->Split(kit::GoldenInput(file), feed_)) {
        ++messages_;
        each(message, [&](const Part& part) { TryPart(part); });
      }
    }
  }

  std::string Table(const std::string& title) {
    return "\n## " + title + "\n\n" + account_.Table();
  }

 private:
  void TryPart(const Part& part) {
    if (part.whole != whole_) {
      whole_ = part.whole;
      reading_ = adapter_->Read(whole_, feed_);
    }
    const bool is_refused = std::none_of(reading_.patients.begin(), reading_.patients.end(),
                                         [](const auto& patient) { return patient.has_value(); });
    if (is_refused) return;
    const Loss loss = LossOf(part);
    if (part.is_sum_of_parts && loss.empty()) return;
    const port::Reading without = adapter_->Read(part.with(""), feed_);
    account_.Add(part, messages_, loss, ListedIn(reading_, without, part));
  }

  Loss LossOf(const Part& part) const {
    const std::string neighbour = Neighbour(part.value);
    std::vector<std::string_view> words(kOtherWords.begin(), kOtherWords.end());
    words.push_back(neighbour);
    for (const std::string_view word : words) {
      Loss loss = Lost(reading_, adapter_->Read(part.with(word), feed_));
      if (!loss.empty()) return loss;
    }
    return {};
  }

  std::unique_ptr<const port::Adapter> adapter_;
  port::Feed feed_;
  Account account_;
  std::size_t messages_ = 0;
  std::string whole_;
  port::Reading reading_;
};

std::string Hl7() {
  Format format(acute::MakeAdapter(), Account(".", Entries::kOfOneHeading));
  format.Try(kit::GoldenCases("acute", {".hl7"}), EachComponent);
  return format.Table("HL7 v2: acute trusts (`acute/`)");
}

std::string Stu3() {
  Format format(primary::MakeAdapter(), Account(".", Entries::kOfSeveral));
  format.Try(kit::GoldenCases("primary", {".json"}), EachElement);
  return format.Table("FHIR STU3: GP Connect Access Record Structured (`primary/`)");
}

std::string Itk3() {
  Format format(community::MakeAdapter(), Account(".", Entries::kOfSeveral));
  format.Try(kit::GoldenCases("itk3", {".json"}), EachElement);
  return format.Table("FHIR STU3: ITK3 messages and documents (`community/`)");
}

std::string R4() {
  Format format(community::MakeAdapter(), Account(".", Entries::kOfSeveral));
  format.Try(kit::GoldenCases("community", {".json"}), EachElement);
  format.Try(kit::GoldenCases("bars", {".json"}), EachElement);
  return format.Table("FHIR R4: UK Core, BaRS among it (`community/`)");
}

std::string Cda() {
  Format format(community::MakeAdapter(), Account("/", Entries::kOfSeveral));
  format.Try(kit::GoldenCases("community", {".xml"}), EachNode);
  return format.Table("CDA (`community/cda/`)");
}

std::string Returns() {
  Format format(social_care::MakeAdapter(), Account(".", Entries::kOfOneHeading));
  // A mapping gives the sender's own columns these names.
  auto cases = kit::GoldenCases("social_care", {".csv"});
  std::erase_if(cases, [](const auto& file) { return file.stem() == "return-by-a-mapping"; });
  format.Try(cases, EachCell);
  return format.Table("Client Level Data returns (`social_care/`)");
}

std::string LocalAuthority() {
  Format format(social_care::MakeAdapter(), Account(" / ", Entries::kOfOneHeading));
  format.Try(kit::GoldenCases("social_care", {".json"}), EachHeading);
  return format.Table("PRSB Local authority information, JSON (`social_care/`)");
}

port::Feed Charity() {
  port::Feed feed;
  feed.organisations = {*record::OdsCode::Parse("LOCALHEARTH")};
  return feed;
}

std::string Sheets() {
  Format format(third_sector::MakeAdapter(), Account(".", Entries::kOfOneHeading), Charity());
  format.Try({kit::SourceFolder("tests/golden/third_sector/every-column.csv")}, EachCell);
  return format.Table("PRSB Social prescribing, a spreadsheet (`third_sector/`)");
}

std::string SocialPrescribing() {
  Format format(third_sector::MakeAdapter(), Account(" / ", Entries::kOfOneHeading), Charity());
  format.Try(kit::GoldenCases("third_sector", {".json"}), EachHeading);
  return format.Table("PRSB Social prescribing, JSON (`third_sector/`)");
}

TEST(Fidelity, ThePageSaysWhereEachPartGoes) {
  SCOPED_TRACE("MILECASTLE_GOLDEN_UPDATE=1 build/dev/tests/fidelity writes it anew");
  const std::string page = std::string(kIntroduction) + Hl7() + Stu3() + Itk3() + R4() + Cda() +
                           Returns() + LocalAuthority() + Sheets() + SocialPrescribing();
  kit::ExpectBeside(kit::SourceFolder("adapters/FIDELITY.md"), ".md", page);
}

}  // namespace
}  // namespace milecastle::fidelity
