#include "inside/rows.h"

#include <array>
#include <map>
#include <utility>

#include "inside/person.h"
#include "sheet/people.h"

namespace milecastle::third_sector {
namespace {

using sheet::Sheet;

constexpr std::array<std::string_view, 2> kPerson = {"Local id", "NHS number"};
constexpr std::array<std::string_view, 5> kColumns = {"Record type", "Date", "Family name",
                                                      "Given names", "Date of birth"};
constexpr std::array<std::string_view, 3> kNamed = {"Family name", "Given names", "Date of birth"};
constexpr auto kDates = std::to_array<std::string_view>(
    {"Date of birth", "Date of death", "Date", "End date", "Review date", "Risk to worker ended",
     "Risk to self ended", "Risk to others ended", "Safeguarding concern ended"});
constexpr std::array<sheet::Decisive, 2> kDecisive = {
    {{"Record type", "type of record that is known",
      [](std::string_view value) { return TypeOf(value) != nullptr; }},
     {"Status", "status that is known",
      [](std::string_view value) { return value.empty() || StatusOf(value) != nullptr; }}}};

constexpr sheet::Advice kAdvice = {
    .nameless = "say whose row it is: NHS number or local id",
    .unsaid = "say it in every row: an identifier alone may be somebody else's",
    .of_another = "send each organisation's rows in a file of their own",
    .no_beginning = "say when it was",
    .ends_too_early = "it ends before it begins",
    .too_many_rows =
        "sort the rows by date, oldest first: a file of more than 1000 is read in parts, and what "
        "is older must not come after what is newer",
    .too_many_people =
        "sort the rows by date, oldest first, so that the file can be read in parts; or send fewer "
        "people in one message"};

sheet::Layout LayoutOf() {
  return {
      .event = "social-prescribing",
      .fields = FieldNames(),
      .columns = kColumns,
      .local_id = kPerson[0],
      .number = kPerson[1],
      .born = "Date of birth",
      .family = "Family name",
      .given = "Given names",
      .organisation = "Organisation",
      .in_each_row = kNamed,
      .decisive = kDecisive,
      .dates = kDates,
      .began = "Date",
      .ended = "End date",
      .says_nothing = [](std::string_view value) { return AnswerOf(value) == Answer::kNothing; },
      .advice = kAdvice};
}

record::Contribution ReadRowsOf(Sheet& sheet, Rows rows, std::string authority) {
  Person person(sheet, std::move(rows), std::move(authority));
  ReadClaim(person);
  ReadThings(person);
  ReadStandings(person);
  return person.Finish();
}

// Whether no row of a thing is older than one before it.
bool IsOldestFirst(const Sheet& sheet) {
  const sheet::Layout layout = LayoutOf();
  std::map<std::string, base::Instant> latest;
  for (std::size_t row = 0; row < sheet.size(); ++row) {
    const auto moment = MomentOf(sheet, row);
    if (sheet.FaultOf(row) || !moment) continue;
    const std::string thing = sheet::PersonOf(sheet, layout, row) + '\x1F' + ThingOf(sheet, row);
    const auto [before, added] = latest.emplace(thing, *moment);
    if (*moment < before->second) return false;
    before->second = *moment;
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
  return sheet::ReadPeople(message, feed, LayoutOf(), ReadRowsOf);
}

}  // namespace milecastle::third_sector
