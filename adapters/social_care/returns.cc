#include "inside/returns.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

#include "base/crypto.h"
#include "inside/person.h"
#include "inside/vocabulary.h"
#include "sheet/sheet.h"

namespace milecastle::social_care {
namespace {

using base::Error;
using base::ErrorId;
using sheet::Sheet;

constexpr std::size_t kMostRows = 1000;  // of one message; a file is split into fewer
constexpr std::array<std::string_view, 2> kPerson = {"LA_Person_Unique_Identifier", "NHS_Number"};
constexpr std::array<std::string_view, 3> kNeeded = {"Event_Type", "Client_Type",
                                                     "Event_Start_Date"};
// Whose row it is, and what it says: a value that is none of the return's refuses the row.
constexpr std::array<std::string_view, 2> kDecisive = {"Event_Type", "Client_Type"};
constexpr std::array<std::string_view, 6> kDates = {"Event_Start_Date",
                                                    "Event_End_Date",
                                                    "Date_of_Birth",
                                                    "Date_of_Death",
                                                    "Reporting_Period_Start_Date",
                                                    "Reporting_Period_End_Date"};
// Two rows of one identifier that disagree in these may be two people.
constexpr std::array<std::string_view, 2> kWho = {"NHS_Number", "Date_of_Birth"};

std::optional<Error> CheckDates(const Sheet& sheet, std::size_t row) {
  for (const std::string_view field : kDates) {
    if (auto date = sheet.PeekDate(row, field); !date) return date.error();
  }
  const auto began = sheet.PeekDate(row, "Event_Start_Date");
  const auto ended = sheet.PeekDate(row, "Event_End_Date");
  if (!*began) return sheet.Wrong(row, "Event_Start_Date", "say when the event began");
  if (*ended && (*ended)->at < (*began)->at) {
    return sheet.Wrong(row, "Event_End_Date", "the event ends before it begins");
  }
  return std::nullopt;
}

std::optional<Error> CheckRow(Sheet& sheet, std::size_t row, std::string_view sender) {
  if (sheet.FaultOf(row)) return sheet.FaultOf(row);
  const bool nameless = std::all_of(kPerson.begin(), kPerson.end(), [&](std::string_view field) {
    return SaysNothing(sheet.Peek(row, field));
  });
  if (nameless) return sheet.Wrong(row, kPerson[0], "name the person whose row it is");
  if (sheet.Has("LA_Code") && sheet.Value(row, "LA_Code") != sender) {
    return sheet.Wrong(row, "LA_Code", "send each council's rows in a file of their own");
  }
  for (const std::string_view field : kDecisive) {
    if (!TermOf(field, sheet.Peek(row, field)).known) {
      return sheet.Wrong(row, field,
                         "it is no value of the return: write one, or map it in the "
                         "feed's mapping, [values." +
                             std::string(field) + "]");
    }
  }
  return CheckDates(sheet, row);
}

// The identifier by which a row's person is told from others.
std::string PersonOf(const Sheet& sheet, std::size_t row) {
  for (const std::string_view field : kPerson) {
    const std::string id = sheet.Peek(row, field);
    if (!SaysNothing(id)) return std::string(field) + ":" + id;
  }
  return {};
}

// As it is compared: without what a number's or a date's writing adds.
std::string Plain(const Sheet& sheet, std::size_t row, std::string_view field) {
  const base::Result<std::optional<record::When>> date =
      field == "Date_of_Birth" ? sheet.PeekDate(row, field) : std::optional<record::When>();
  if (date && *date) return base::ToRfc3339((*date)->at);
  std::string plain = sheet.Peek(row, field);
  std::erase_if(plain, [](char c) { return c == ' ' || c == '-'; });
  return plain;
}

std::optional<Error> Disagreement(const Sheet& sheet, const std::vector<std::size_t>& rows) {
  for (const std::string_view field : kWho) {
    std::string said;
    for (const std::size_t row : rows) {
      if (SaysNothing(sheet.Peek(row, field))) continue;
      const std::string value = Plain(sheet, row, field);
      if (!said.empty() && value != said) {
        return sheet.Wrong(row, field,
                           "rows of one person's identifier disagree in it: none of "
                           "them is taken, for they may be two people's");
      }
      said = value;
    }
  }
  return std::nullopt;
}

std::string AuthorityOf(std::string_view sender, const port::Feed& feed) {
  if (!sender.empty()) return std::string(sender);
  return feed.organisations.size() == 1 ? feed.organisations.front().text() : std::string();
}

base::Result<record::Contribution> ReadPerson(Sheet& sheet, std::vector<std::size_t> rows,
                                              const std::string& authority,
                                              const port::Feed& feed) {
  if (auto two = Disagreement(sheet, rows)) return *two;
  Person person(sheet, std::move(rows), authority);
  ReadClaim(person);
  ReadCircumstances(person);
  ReadEvents(person);
  record::Contribution contribution = person.Finish();
  port::ApplyMapping(feed.mapping, contribution);
  return contribution;
}

std::optional<Error> CheckSheet(const Sheet& sheet) {
  for (const std::string_view field : kNeeded) {
    if (sheet.Has(field)) continue;
    return Error{
        ErrorId::kMessageInvalid, "line 1",
        "there is no column " + std::string(field) + ": name it in the feed's mapping, [columns]"};
  }
  if (!sheet.Has(kPerson[0]) && !sheet.Has(kPerson[1])) {
    return Error{ErrorId::kMessageInvalid, "line 1",
                 "no column says whose a row is: name LA_Person_Unique_Identifier or NHS_Number in "
                 "the feed's mapping, [columns]"};
  }
  if (sheet.size() == 0) {
    return Error{ErrorId::kMessageInvalid, "line 1", "no row follows the header"};
  }
  if (sheet.size() > kMostRows) {
    return Error{
        ErrorId::kMessageTooLarge, "file",
        "send at most 1000 rows in one message; a file that is put into a folder is split"};
  }
  return std::nullopt;
}

// The first council for which the feed may speak: a row that is none, such as the header once more,
// must not refuse the others.
std::string SenderOf(const Sheet& sheet, const port::Feed& feed) {
  std::string first;
  for (std::size_t row = 0; row < sheet.size(); ++row) {
    std::string code = sheet.Peek(row, "LA_Code");
    const auto parsed = record::OdsCode::Parse(code);
    const auto& allowed = feed.organisations;
    if (parsed && std::find(allowed.begin(), allowed.end(), *parsed) != allowed.end()) return code;
    if (first.empty()) first = std::move(code);
  }
  return first;
}

// A message of which nothing could be read is refused for its first error alone, which then speaks
// for all.
void SpeakForAll(std::vector<base::Result<record::Contribution>>& readings) {
  const bool any = std::any_of(readings.begin(), readings.end(),
                               [](const auto& reading) { return reading.has_value(); });
  if (any || readings.size() < 2) return;
  Error first = readings.front().error();
  first.advice += "; nor can the other " + std::to_string(readings.size() - 1) +
                  " rows of this part be read, the last at " + readings.back().error().place;
  readings.front() = std::move(first);
}

// A reading of each person where their first row stands, and an error for each row that has one.
void ReadRows(Sheet& sheet, const port::Feed& feed, port::Reading& reading) {
  const std::string& sender = reading.envelope.sender;
  std::map<std::string, std::vector<std::size_t>> people;
  std::vector<std::pair<std::size_t, std::optional<Error>>> order;
  for (std::size_t row = 0; row < sheet.size(); ++row) {
    std::optional<Error> fault = CheckRow(sheet, row, sender);
    if (!fault) {
      auto& rows = people[PersonOf(sheet, row)];
      rows.push_back(row);
      if (rows.size() > 1) continue;
    }
    order.emplace_back(row, std::move(fault));
  }
  if (people.size() > feed.patient_limit) {
    reading.patients = {Error{ErrorId::kMessageTooLarge, "file",
                              "send fewer people in one message, or raise the feed's "
                              "patient_limit"}};
    return;
  }
  for (auto& [row, fault] : order) {
    if (fault) {
      reading.patients.emplace_back(std::move(*fault));
    } else {
      auto& rows = people.at(PersonOf(sheet, row));
      reading.patients.push_back(
          ReadPerson(sheet, std::move(rows), AuthorityOf(sender, feed), feed));
    }
  }
  SpeakForAll(reading.patients);
}

}  // namespace

std::vector<std::string> SplitReturn(std::string_view file, const port::Feed& feed) {
  return sheet::SplitFile(file, feed, FieldNames(), kPerson);
}

port::Reading ReadReturn(std::string_view message, const port::Feed& feed) {
  port::Reading reading;
  reading.envelope.control_id = "sha256:" + base::ToHex(base::AsBytes(base::Sha256(message)));
  reading.envelope.event = "client-level-data";
  auto sheet = Sheet::Open(message, feed, FieldNames());
  if (!sheet) return port::ReadingOf(std::move(reading.envelope), sheet.error());
  reading.envelope.sender = SenderOf(*sheet, feed);
  if (auto fault = CheckSheet(*sheet)) {
    return port::ReadingOf(std::move(reading.envelope), std::move(*fault));
  }
  ReadRows(*sheet, feed, reading);
  return reading;
}

}  // namespace milecastle::social_care
