#include "inside/rows.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

#include "base/crypto.h"
#include "inside/person.h"

namespace milecastle::third_sector {
namespace {

using base::Error;
using base::ErrorId;
using sheet::Sheet;

constexpr std::size_t kMostRows = 1000;  // of one message; a file is split into fewer
constexpr std::array<std::string_view, 2> kPerson = {"Local id", "NHS number"};
constexpr std::array<std::string_view, 3> kNamed = {"Family name", "Given names", "Date of birth"};
constexpr auto kDates = std::to_array<std::string_view>(
    {"Date of birth", "Date of death", "Date", "End date", "Review date", "Risk to worker ended",
     "Risk to self ended", "Risk to others ended", "Safeguarding concern ended", "Consent date"});

std::string Join(std::string_view before, std::string_view field, std::string_view behind) {
  return std::string(before) + std::string(field) + std::string(behind);
}

std::optional<Error> CheckPerson(const Sheet& sheet, std::size_t row) {
  const bool nameless = std::all_of(kPerson.begin(), kPerson.end(), [&](std::string_view field) {
    return sheet.Peek(row, field).empty();
  });
  if (nameless) {
    return sheet.Wrong(row, "NHS number", "say whose row it is: NHS number or local id");
  }
  for (const std::string_view field : kNamed) {
    if (sheet.Peek(row, field).empty()) {
      return sheet.Wrong(row, field,
                         "say it in every row: an identifier alone may be somebody else's");
    }
  }
  return std::nullopt;
}

std::optional<Error> CheckWords(const Sheet& sheet, std::size_t row) {
  if (TypeOf(sheet.Peek(row, "Record type")) == nullptr) {
    return sheet.Wrong(row, "Record type",
                       "it is no type of record that is known: write one, or map it in the feed's "
                       "mapping, [values.\"Record type\"]");
  }
  const std::string status = sheet.Peek(row, "Status");
  if (!status.empty() && StatusOf(status) == nullptr) {
    return sheet.Wrong(row, "Status",
                       "it is no status that is known: write one, or map it in the feed's mapping, "
                       "[values.Status]");
  }
  return std::nullopt;
}

std::optional<Error> CheckDates(const Sheet& sheet, std::size_t row) {
  for (const std::string_view field : kDates) {
    if (auto date = sheet.PeekDate(row, field); !date) return date.error();
  }
  const auto began = sheet.PeekDate(row, "Date");
  const auto ended = sheet.PeekDate(row, "End date");
  if (!*began) return sheet.Wrong(row, "Date", "say when it was");
  if (*ended && (*ended)->at < (*began)->at) {
    return sheet.Wrong(row, "End date", "it ends before it begins");
  }
  return std::nullopt;
}

std::optional<Error> CheckRow(const Sheet& sheet, std::size_t row, std::string_view sender) {
  if (sheet.FaultOf(row)) return sheet.FaultOf(row);
  if (auto fault = CheckPerson(sheet, row)) return fault;
  if (sheet.Has("Organisation") && sheet.Peek(row, "Organisation") != sender) {
    return sheet.Wrong(row, "Organisation", "send each organisation's rows in a file of their own");
  }
  if (auto fault = CheckWords(sheet, row)) return fault;
  return CheckDates(sheet, row);
}

// As it is compared: without what a number's or a date's writing adds.
std::string Plain(const Sheet& sheet, std::size_t row, std::string_view field) {
  if (field == "Date of birth") {
    const auto date = sheet.PeekDate(row, field);
    if (date && *date) return base::ToRfc3339((*date)->at);
  }
  std::string plain = port::Folded(sheet.Peek(row, field));
  if (field == "NHS number") std::erase_if(plain, [](char c) { return c == ' ' || c == '-'; });
  return plain;
}

// The identifier by which a row's person is told from others.
std::string PersonOf(const Sheet& sheet, std::size_t row) {
  for (const std::string_view field : kPerson) {
    const std::string id = Plain(sheet, row, field);
    if (!id.empty()) return Join("", field, ":") + id;
  }
  return {};
}

constexpr std::string_view kTwoPeople =
    "rows of one identifier disagree in it: none of them is taken, for they may be two people's";

// The first row that says another value than one before it.
std::optional<std::size_t> OtherValue(const Sheet& sheet, const Rows& rows,
                                      std::string_view field) {
  std::string said;
  for (const std::size_t row : rows) {
    const std::string value = Plain(sheet, row, field);
    if (value.empty()) continue;
    if (!said.empty() && value != said) return row;
    said = value;
  }
  return std::nullopt;
}

// Where rows of one identifier cannot be of one person. One name of two may change.
std::optional<Error> Disagreement(const Sheet& sheet, const Rows& rows) {
  for (const std::string_view field : {"NHS number", "Date of birth"}) {
    if (const auto row = OtherValue(sheet, rows, field)) {
      return sheet.Wrong(*row, field, std::string(kTwoPeople));
    }
  }
  for (const std::size_t row : rows) {
    const auto differs = [&](std::string_view field) {
      return Plain(sheet, row, field) != Plain(sheet, rows.front(), field);
    };
    if (differs("Family name") && differs("Given names")) {
      return sheet.Wrong(row, "Family name", std::string(kTwoPeople));
    }
  }
  return std::nullopt;
}

std::string AuthorityOf(std::string_view sender, const port::Feed& feed) {
  if (!sender.empty()) return std::string(sender);
  return feed.organisations.size() == 1 ? feed.organisations.front().text() : std::string();
}

// The rows of a message by person, and what becomes of them.
class Message {
 public:
  Message(Sheet& sheet, const port::Feed& feed, port::Reading& reading)
      : sheet_(sheet),
        feed_(feed),
        reading_(reading),
        authority_(AuthorityOf(reading.envelope.sender, feed)) {}

  // A reading of each person where their first row stands, and an error for each row that has one.
  void Read() {
    Sort();
    if (people_.size() > feed_.patient_limit) {
      reading_.patients = {
          Error{ErrorId::kMessageTooLarge, "file",
                "sort the rows by date, oldest first, so that the file can be read "
                "in parts; or send fewer people in one message"}};
      return;
    }
    for (auto& [row, fault] : order_) {
      if (fault) {
        reading_.patients.emplace_back(std::move(*fault));
      } else {
        reading_.patients.push_back(ReadPerson(people_.at(PersonOf(sheet_, row))));
      }
    }
  }

 private:
  void Sort() {
    for (std::size_t row = 0; row < sheet_.size(); ++row) {
      std::optional<Error> fault = CheckRow(sheet_, row, reading_.envelope.sender);
      if (!fault && authority_.empty() && sheet_.Peek(row, "NHS number").empty()) {
        fault = sheet_.Wrong(row, "Organisation", "say whose local id it is");
      }
      if (!fault) {
        if (const std::string number = Plain(sheet_, row, "NHS number"); !number.empty()) {
          numbers_[number].push_back(row);
        }
        auto& rows = people_[PersonOf(sheet_, row)];
        rows.push_back(row);
        if (rows.size() > 1) continue;
      }
      order_.emplace_back(row, std::move(fault));
    }
  }

  // Also against the rows of other local ids that bear the same number.
  std::optional<Error> DisagreementOf(const Rows& rows) {
    if (auto two = Disagreement(sheet_, rows)) return two;
    for (const std::size_t row : rows) {
      const std::string number = Plain(sheet_, row, "NHS number");
      if (number.empty()) continue;
      auto [known, is_new] = disagreements_.try_emplace(number);
      if (is_new) known->second = Disagreement(sheet_, numbers_.at(number));
      if (known->second) return known->second;
    }
    return std::nullopt;
  }

  base::Result<record::Contribution> ReadPerson(const Rows& rows) {
    if (auto two = DisagreementOf(rows)) return *two;
    for (const std::size_t row : rows) sheet_.Text(row, "Organisation");
    Person person(sheet_, rows, authority_);
    ReadClaim(person);
    ReadThings(person);
    ReadStandings(person);
    record::Contribution contribution = person.Finish();
    port::ApplyMapping(feed_.mapping, contribution);
    return contribution;
  }

  Sheet& sheet_;
  const port::Feed& feed_;
  port::Reading& reading_;
  std::string authority_;
  std::map<std::string, Rows> people_;                         // by PersonOf
  std::map<std::string, Rows> numbers_;                        // by NHS number
  std::map<std::string, std::optional<Error>> disagreements_;  // the same
  std::vector<std::pair<std::size_t, std::optional<Error>>> order_;
};

std::optional<Error> CheckSheet(const Sheet& sheet) {
  for (const std::string_view field :
       {"Record type", "Date", "Family name", "Given names", "Date of birth"}) {
    if (sheet.Has(field)) continue;
    return Error{ErrorId::kMessageInvalid, "line 1",
                 Join("there is no column ", field, ": name it in the feed's mapping, [columns]")};
  }
  if (!sheet.Has(kPerson[0]) && !sheet.Has(kPerson[1])) {
    return Error{
        ErrorId::kMessageInvalid, "line 1",
        "no column says whose a row is: name NHS number or Local id in the feed's mapping, "
        "[columns]"};
  }
  if (sheet.size() == 0) {
    return Error{ErrorId::kMessageInvalid, "line 1", "no row follows the header"};
  }
  if (sheet.size() > kMostRows) {
    return Error{ErrorId::kMessageTooLarge, "file",
                 "sort the rows by date, oldest first: a file of more than 1000 is read in parts, "
                 "and what is older must not come after what is newer"};
  }
  return std::nullopt;
}

std::string SenderOf(const Sheet& sheet) {
  for (std::size_t row = 0; row < sheet.size(); ++row) {
    if (std::string code = sheet.Peek(row, "Organisation"); !code.empty()) return code;
  }
  return {};
}

// Whether no row of a thing is older than one before it.
bool IsOldestFirst(const Sheet& sheet) {
  std::map<std::string, base::Instant> latest;
  for (std::size_t row = 0; row < sheet.size(); ++row) {
    if (sheet.FaultOf(row)) continue;
    const std::string thing = PersonOf(sheet, row) + '\x1F' + ThingOf(sheet, row);
    const base::Instant moment = MomentOf(sheet, row);
    const auto [before, added] = latest.emplace(thing, moment);
    if (moment < before->second) return false;
    before->second = moment;
  }
  return true;
}

}  // namespace

std::vector<std::string> SplitRows(std::string_view file, const port::Feed& feed) {
  auto parts = sheet::SplitFile(file, feed, FieldNames(), kPerson);
  if (parts.size() < 2) return parts;
  const auto sheet = Sheet::Open(file, feed, FieldNames());
  if (sheet && IsOldestFirst(*sheet)) return parts;
  return {std::string(file)};
}

port::Reading ReadRows(std::string_view message, const port::Feed& feed) {
  port::Reading reading;
  reading.envelope.control_id = "sha256:" + base::ToHex(base::AsBytes(base::Sha256(message)));
  reading.envelope.event = "social-prescribing";
  auto sheet = Sheet::Open(message, feed, FieldNames());
  if (!sheet) return port::ReadingOf(std::move(reading.envelope), sheet.error());
  reading.envelope.sender = SenderOf(*sheet);
  if (auto fault = CheckSheet(*sheet)) {
    return port::ReadingOf(std::move(reading.envelope), std::move(*fault));
  }
  Message(*sheet, feed, reading).Read();
  return reading;
}

}  // namespace milecastle::third_sector
