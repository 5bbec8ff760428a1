// The people of a made-up integrated care system: who they are, what they have, and how wrongly a
// source has each of them. Nobody of it is anybody.
//
// Ages, households, illnesses and errors follow tables of town.cc, which are shaped like England
// and are invented: no figure of them is a statistic. A town is the same for one seed, and person N
// of it is the same whatever the town's size.
//
// Thread-safety: one thread. Failure: none.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kit/invented.h"

namespace milecastle::kit {

using Day = std::chrono::year_month_day;

inline constexpr Day kToday{std::chrono::year(2026), std::chrono::November, std::chrono::day(20)};
inline constexpr int kPractices = 135;
inline constexpr int kPlaces = 3;

struct Illness {
  std::string_view snomed;
  std::string_view words;
  std::string_view icd10;
  std::string_view medicine;  // dm+d's code, as SNOMED CT has it; empty: none
  std::string_view medicine_words;
  double young, middle, old;  // of a thousand: under 18, 18 to 64, 65 and over
};

struct Person {
  std::size_t index = 0;
  std::string number;  // NHS
  std::string family;
  std::string given;  // one or more
  Day born = kToday;
  char sex = 'F';
  std::string street;
  std::string postcode;
  std::string phone;
  int practice = -1;  // 0 to kPractices - 1; -1: registered nowhere
  int place = 0;
  bool location_protected = false;
  bool dissents = false;
  std::optional<Day> died;
  std::vector<const Illness*> illnesses;
  bool allergic = false;
  std::optional<std::size_t> twin;  // their index

  int age() const;
};

// What a source makes of whom it has, and what follows from it.
enum class Join : std::uint8_t {
  kJoined,    // the record is theirs
  kApart,     // without a number: somebody of their own, until an officer says who
  kWaits,     // with a number and details that are another's: for an officer
  kUntraced,  // joined, and shared with nobody
};

struct Seen {
  Join join = Join::kJoined;
  std::string number;  // as sent: empty, wrong or right
  std::string family;
  std::string given;
  Day born = kToday;
  char sex = 'F';
  std::string postcode;
  std::string local;  // the source's own number of them
};

class Town {
 public:
  Town(std::uint32_t seed, std::size_t people);

  const std::vector<Person>& people() const { return people_; }
  // As one source has them; of practices alone nothing is wrong, for they are who traced the
  // number.
  Seen SeenBy(Invented& random, const Person& person, std::string_view source) const;
  // Chance of this person and source alone.
  Invented ChanceOf(const Person& person, std::string_view source) const;

 private:
  void AddHousehold();
  void AddPerson(Invented& random, const Person& like, int age, char sex);
  void AddTwin(Invented& random);

  std::uint32_t seed_;
  std::size_t wanted_;
  Invented households_;
  std::size_t serial_ = 0;  // of the last NHS number
  std::vector<Person> people_;
};

// "2026-11-20", "20261120"
std::string Dashed(const Day& day);
std::string Packed(const Day& day);
Day DaysBefore(const Day& day, std::size_t days);
// "William", "James"
std::vector<std::string> Words(std::string_view names);

}  // namespace milecastle::kit
