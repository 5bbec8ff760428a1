// Tables of many people: Client Level Data of the councils, sheets of link workers and of a refuge.
#include <array>

#include "kit/system/sectors.h"

namespace milecastle::kit {
namespace {

constexpr int kPeopleOfFile = 90;  // two rows each: one message holds 100 people and 200 rows
constexpr Shares kClients = {0, 15, 130};
constexpr Shares kPrescribed = {0, 12, 25};
constexpr Shares kRefuge = {0, 2, 0.5};
constexpr double kNameless = 10;  // of a thousand clients: the council sends no name

constexpr std::string_view kReturn =
    "LA_Code,Reporting_Period_Start_Date,Reporting_Period_End_Date,NHS_Number,LA_Person_Unique_"
    "Identifier,GP_Practice_Code,First_Name,"
    "Family_Name,Gender,Date_of_Birth,Client_Type,Primary_Support_Reason,Postcode,Event_Type,Event_"
    "Reference,Event_Start_Date,Event_End_Date,"
    "Event_Description,Event_Outcome,Service_Type,Service_Component,Delivery_Mechanism\n";
constexpr std::string_view kSheet =
    "Organisation,NHS number,NHS number traced,Local id,Family name,Given names,Date of "
    "birth,Gender,Postcode,Record type,Reference,Date,"
    "Status,What,Details,Worker,Safeguarding concern\n";

bool OfCouncil(std::string_view organisation) { return organisation.starts_with("ZL"); }

}  // namespace

void Tables::Add(std::string_view organisation, const std::string& rows, Join join) {
  Table& table = tables_[std::string(organisation)];
  table.rows += rows;
  table.waits = table.waits || join == Join::kWaits;
  if (++table.people == kPeopleOfFile) Write(std::string(organisation), table);
}

void Tables::Write(const std::string& organisation, Table& table) {
  const std::string_view head = OfCouncil(organisation) ? kReturn : kSheet;
  outbox_.Send(organisation, "csv", std::string(head) + table.rows,
               table.waits ? Fate::kAwaiting : Fate::kAccepted);
  table = {};
}

void Tables::Finish() {
  for (auto& [organisation, table] : tables_) {
    if (table.people > 0) Write(organisation, table);
  }
}

void Tables::TellCouncil(Life& life) {
  const std::string council(CouncilOf(life.person.place, life.person.index % 2 == 1));
  Invented random = life.town.ChanceOf(life.person, council);
  if (!Happens(random, life.person, kClients)) return;
  Seen seen = life.town.SeenBy(random, life.person, council);
  if (seen.join == Join::kUntraced) seen.join = Join::kJoined;  // a return cannot say so
  if (seen.join == Join::kJoined && life.person.practice >= 0 && random.PerMille(kNameless)) {
    seen.join = Join::kWaits;
    seen.given = seen.family = "";
  }
  const std::string who =
      council + ",2026-07-01,2026-09-30," + seen.number + "," + seen.local + "," +
      (life.person.practice < 0 ? "" : PracticeCode(life.person.practice)) + "," + seen.given +
      "," + seen.family + "," + (seen.sex == 'F' ? "Female" : "Male") + "," + Dashed(seen.born) +
      ",Service user,Physical Support: Personal care support," + seen.postcode + ",";
  const std::string number = std::to_string(life.person.index);
  Add(council,
      who + "Request,R-" + number + ",2026-07-02,2026-07-03," +
          life.Word(seen.join, Stands::kInFreeText) +
          ",\"Progress to assessment, review or reassessment\",,,\n" + who + "Service,S-" + number +
          ",2026-07-20,,,,Long term support: Community,Home support or domiciliary care,CASSR "
          "commissioned support\n",
      seen.join);
}

void Tables::TellSheets(Life& life) {
  constexpr auto kLinkWorkers = std::to_array<std::string_view>({"LOCALLINK", "LOCALHILL"});
  const auto tell = [&](std::string_view who, const Shares& shares, Stands stands) {
    Invented random = life.town.ChanceOf(life.person, who);
    if (!Happens(random, life.person, shares)) return;
    Seen seen = life.town.SeenBy(random, life.person, who);
    const bool traced = seen.join != Join::kUntraced && !seen.number.empty();
    if (seen.join == Join::kUntraced) seen.join = Join::kJoined;  // a sheet's word is no trace
    const bool refuge = who == "LOCALHAVEN";
    const std::string concern =
        refuge ? "Afraid of a partner " + life.Word(seen.join, Stands::kInFreeText) : "";
    Add(who,
        std::string(who) + "," + seen.number + "," + (traced ? "Yes" : "No") + "," + seen.local +
            "," + seen.family + "," + seen.given + "," + Dashed(seen.born) + "," +
            (seen.sex == 'F' ? "Female" : "Male") + "," + seen.postcode + ",Contact,K-" +
            std::to_string(life.person.index) + ",2026-11-05,Attended,Talk " +
            life.Word(seen.join, stands) + ",,Marcus," + concern + "\n",
        seen.join);
  };
  if (life.person.place < 2)
    tell(kLinkWorkers.at(static_cast<std::size_t>(life.person.place)), kPrescribed,
         Stands::kInEntry);
  tell("LOCALHAVEN", kRefuge, Stands::kInRefugesContact);
}

}  // namespace milecastle::kit
