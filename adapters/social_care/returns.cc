#include "inside/returns.h"

#include <array>
#include <utility>

#include "inside/person.h"
#include "inside/vocabulary.h"
#include "sheet/people.h"

namespace milecastle::social_care {
namespace {

constexpr std::array<std::string_view, 2> kPerson = {"LA_Person_Unique_Identifier", "NHS_Number"};
constexpr std::array<std::string_view, 3> kColumns = {"Event_Type", "Client_Type",
                                                      "Event_Start_Date"};
constexpr std::array<sheet::Decisive, 2> kDecisive = {
    {{"Event_Type", "value of the return",
      [](std::string_view value) { return TermOf("Event_Type", value).known; }},
     {"Client_Type", "value of the return",
      [](std::string_view value) { return TermOf("Client_Type", value).known; }}}};
constexpr std::array<std::string_view, 6> kDates = {"Event_Start_Date",
                                                    "Event_End_Date",
                                                    "Date_of_Birth",
                                                    "Date_of_Death",
                                                    "Reporting_Period_Start_Date",
                                                    "Reporting_Period_End_Date"};

constexpr sheet::Advice kAdvice = {
    .nameless = "name the person whose row it is",
    .unsaid = {},
    .of_another = "send each council's rows in a file of their own",
    .no_beginning = "say when the event began",
    .ends_too_early = "the event ends before it begins",
    .too_many_rows =
        "send at most 1000 rows in one message; a file that is put into a folder is split",
    .too_many_people = "send fewer people in one message, or raise the feed's patient_limit"};

// The return names nobody: nothing need stand in each row beside the identifier.
sheet::Layout LayoutOf() {
  return {.event = "client-level-data",
          .fields = FieldNames(),
          .columns = kColumns,
          .local_id = kPerson[0],
          .number = kPerson[1],
          .born = "Date_of_Birth",
          .family = "Family_Name",
          .given = "First_Name",
          .organisation = "LA_Code",
          .in_each_row = {},
          .decisive = kDecisive,
          .dates = kDates,
          .began = "Event_Start_Date",
          .ended = "Event_End_Date",
          .says_nothing = SaysNothing,
          .advice = kAdvice};
}

record::Contribution ReadRowsOf(sheet::Sheet& sheet, sheet::Rows rows, std::string authority) {
  Person person(sheet, std::move(rows), std::move(authority));
  ReadClaim(person);
  ReadCircumstances(person);
  ReadEvents(person);
  return person.Finish();
}

}  // namespace

std::vector<std::string> SplitReturn(std::string_view file, const port::Feed& feed) {
  return sheet::SplitFile(file, feed, FieldNames(), kPerson);
}

port::Reading ReadReturn(std::string_view message, const port::Feed& feed) {
  return sheet::ReadPeople(message, feed, LayoutOf(), ReadRowsOf);
}

}  // namespace milecastle::social_care
