#include "kit/system/town.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace milecastle::kit {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

struct AgeBand {
  int from, until;
  double share;  // of a thousand adults
};
// Invented, and shaped like England's.
constexpr auto kAdults = std::to_array<AgeBand>({{18, 24, 105},
                                                 {25, 34, 172},
                                                 {35, 44, 168},
                                                 {45, 54, 166},
                                                 {55, 64, 158},
                                                 {65, 74, 125},
                                                 {75, 84, 78},
                                                 {85, 101, 28}});

// Invented prevalences, of a thousand people of an age. The words and codes are real concepts'.
constexpr auto kIllnesses = std::to_array<Illness>({
    {"38341003", "Hypertension", "I10", "319775004", "Amlodipine 5mg tablets", 0, 90, 500},
    {"44054006", "Type 2 diabetes mellitus", "E11.9", "109081006", "Metformin 500mg tablets", 0, 45,
     170},
    {"195967001", "Asthma", "J45.9", "320139002", "Salbutamol 100micrograms inhaler", 60, 70, 70},
    {"35489007", "Depressive disorder", "F32.9", "321988009", "Sertraline 50mg tablets", 8, 140,
     90},
    {"13645005", "Chronic obstructive pulmonary disease", "J44.9", "", "", 0, 10, 70},
    {"49436004", "Atrial fibrillation", "I48.9", "703907006", "Apixaban 5mg tablets", 0, 5, 100},
    {"53741008", "Coronary arteriosclerosis", "I25.1", "319740004", "Aspirin 75mg tablets", 0, 12,
     140},
    {"709044004", "Chronic kidney disease", "N18.9", "", "", 0, 10, 170},
    {"52448006", "Dementia", "F03", "", "", 0, 1, 45},
    {"396275006", "Osteoarthritis", "M19.9", "322236009", "Paracetamol 500mg tablets", 0, 40, 250},
    {"40930008", "Hypothyroidism", "E03.9", "325986007", "Levothyroxine 50microgram tablets", 1, 25,
     80},
    {"84757009", "Epilepsy", "G40.9", "", "", 4, 8, 10},
    {"58214004", "Schizophrenia", "F20.9", "", "", 0, 9, 9},
    {"110359009", "Intellectual disability", "F79", "", "", 5, 6, 3},
    {"414916001", "Obesity", "E66.9", "", "", 20, 110, 120},
});

// Of a thousand.
constexpr double kNowhereRegistered = 25;
constexpr double kLocationProtected = 4;
constexpr double kDissents = 15;
constexpr double kAllergic = 150;
constexpr double kTwins = 15;  // of births
constexpr double kDeadOld = 35, kDead = 1;

// How a source other than a practice may have somebody wrong, of a thousand.
constexpr double kNoNumber = 30;
constexpr double kBadNumber = 5;
constexpr double kUntraced = 8;
constexpr double kOtherBirthDate = 10;
constexpr double kTwinsNumber = 100;  // of twins of another sex
constexpr double kMovedSince = 60;
constexpr double kMisspelt = 25;
constexpr double kMarried = 15;

template <std::size_t N>
int AgeOf(Invented& random, const std::array<AgeBand, N>& bands) {
  std::size_t left = random.Below(1000);
  for (const AgeBand& band : bands) {
    const auto share = static_cast<std::size_t>(band.share);
    if (left < share) {
      return band.from +
             static_cast<int>(random.Below(static_cast<std::size_t>(band.until - band.from + 1)));
    }
    left -= share;
  }
  return bands.front().from;
}

Day BornFor(Invented& random, int age) {
  const Day newest{kToday.year() - std::chrono::years(age), kToday.month(), kToday.day()};
  return DaysBefore(newest, 1 + random.Below(364));
}

// Practices are of all sizes: the first are the largest.
int PracticeOf(Invented& random, int place) {
  constexpr std::size_t kOfPlace = kPractices / kPlaces;
  const std::size_t chance = random.Below(1000);
  return static_cast<int>(kOfPlace * chance * chance / 1'000'000) * kPlaces + place;
}

// Two letters after the first.
std::string Misspelt(Invented& random, std::string name) {
  if (name.size() < 4) return name;
  const std::size_t at = 1 + random.Below(name.size() - 2);
  std::swap(name[at], name[at + 1]);
  return name;
}

std::string OtherDigit(std::string number) {
  number.back() = number.back() == '9' ? '0' : static_cast<char>(number.back() + 1);
  return number;
}

void AddIllnesses(Invented& random, Person& person) {
  const int age = person.age();
  for (const Illness& illness : kIllnesses) {
    const double share = age < 18 ? illness.young : age < 65 ? illness.middle : illness.old;
    if (random.PerMille(share)) person.illnesses.push_back(&illness);
  }
  person.allergic = random.PerMille(kAllergic);
}

// Whether their source has them under somebody else's details: an officer is asked.
bool MakeWaiting(Invented& random, const std::vector<Person>& people, const Person& person,
                 Seen& seen) {
  if (random.PerMille(kOtherBirthDate)) {
    seen.born = DaysBefore(seen.born, 1 + random.Below(300));
  } else if (person.twin && people[*person.twin].sex != person.sex &&
             random.PerMille(kTwinsNumber)) {
    seen.number = people[*person.twin].number;
  } else {
    return false;
  }
  seen.join = Join::kWaits;
  return true;
}

void MakeSmallErrors(Invented& random, Seen& seen) {
  if (random.PerMille(kMovedSince)) seen.postcode = random.Postcode("ZZ", 60);
  if (random.PerMille(kMisspelt)) {
    seen.family = Misspelt(random, seen.family);
  } else if (random.PerMille(kMisspelt)) {
    seen.given = Misspelt(random, Words(seen.given).front());
  } else if (seen.sex == 'F' && random.PerMille(kMarried)) {
    seen.family = random.Family();
  }
}

}  // namespace

int Person::age() const {
  const int years = static_cast<int>(kToday.year()) - static_cast<int>(born.year());
  const bool before = std::pair(born.month(), born.day()) > std::pair(kToday.month(), kToday.day());
  return before ? years - 1 : years;
}

Town::Town(std::uint32_t seed, std::size_t people)
    : seed_(seed), wanted_(people), households_(seed) {
  people_.reserve(people + 8);
  while (people_.size() < people) AddHousehold();
  while (people_.size() > people) {
    if (people_.back().twin) people_[*people_.back().twin].twin.reset();
    people_.pop_back();
  }
}

Invented Town::ChanceOf(const Person& person, std::string_view source) const {
  std::uint32_t mixed = 2166136261U ^ seed_;  // FNV-1a
  const auto mix = [&mixed](std::uint32_t with) { mixed = (mixed ^ with) * 16777619U; };
  for (const char c : source) mix(static_cast<unsigned char>(c));
  for (std::size_t rest = person.index, i = 0; i < 4; ++i, rest >>= 8U) mix(rest & 0xFFU);
  return Invented(mixed);
}

void Town::AddPerson(Invented& random, const Person& like, int age, char sex) {
  Person person = like;
  person.index = people_.size();
  while ((person.number = NhsNumberOf(++serial_)).empty()) continue;
  person.sex = sex;
  person.given = random.Given(sex);
  person.born = BornFor(random, age);
  person.twin.reset();
  person.dissents = random.PerMille(kDissents);
  if (random.PerMille(age >= 75 ? kDeadOld : kDead)) {
    person.died = DaysBefore(kToday, 1 + random.Below(60));
  }
  AddIllnesses(random, person);
  people_.push_back(std::move(person));
}

void Town::AddTwin(Invented& random) {
  const Person first = people_.back();
  AddPerson(random, first, first.age(), random.OneIn(2) ? 'F' : 'M');
  Person& second = people_.back();
  second.born = first.born;
  while (Words(second.given).front() == Words(first.given).front())
    second.given = random.Given(second.sex);
  second.twin = first.index;
  people_[first.index].twin = second.index;
}

void Town::AddHousehold() {
  Invented& random = households_;
  Person like;
  like.family = random.Family();
  like.street = std::to_string(1 + random.Below(200)) + " " + random.Family() + " Road";
  like.postcode = random.Postcode("ZZ", 60);
  like.phone = "01632960" + std::to_string(100 + random.Below(900));  // Ofcom's, for drama
  like.place = static_cast<int>(random.Below(kPlaces));
  like.practice = random.PerMille(kNowhereRegistered) ? -1 : PracticeOf(random, like.place);
  like.location_protected = random.PerMille(kLocationProtected);
  const int age = AgeOf(random, kAdults);
  const char sex = random.OneIn(2) ? 'F' : 'M';
  AddPerson(random, like, age, sex);
  if (random.PerMille(550))
    AddPerson(random, like, std::max(18, age - 3 + static_cast<int>(random.Below(7))),
              sex == 'F' ? 'M' : 'F');
  const std::size_t children = age >= 22 && age <= 55 ? random.Below(3) : 0;
  for (std::size_t i = 0; i < children; ++i) {
    AddPerson(random, like,
              static_cast<int>(random.Below(static_cast<std::size_t>(std::min(17, age - 19)) + 1)),
              random.OneIn(2) ? 'F' : 'M');
    if (random.PerMille(kTwins)) AddTwin(random);
  }
}

Seen Town::SeenBy(Invented& random, const Person& person, std::string_view source) const {
  Seen seen{Join::kJoined,   person.number,
            person.family,   person.given,
            person.born,     person.sex,
            person.postcode, std::string(source) + "-" + std::to_string(100'000 + person.index)};
  // Who is registered nowhere is known by what comes first, whatever that is: nothing wrong may.
  if (person.practice < 0) return seen;
  if (random.PerMille(kNoNumber)) {
    seen.join = Join::kApart;
    seen.number.clear();
  } else if (random.PerMille(kBadNumber)) {
    seen.join = Join::kApart;
    seen.number = OtherDigit(person.number);
  } else if (!MakeWaiting(random, people_, person, seen) && random.PerMille(kUntraced)) {
    seen.join = Join::kUntraced;
  }
  if (seen.join == Join::kJoined) MakeSmallErrors(random, seen);
  return seen;
}

std::string Packed(const Day& day) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%04d%02u%02u", static_cast<int>(day.year()),
                static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
  return text.data();
}

std::string Dashed(const Day& day) {
  std::string packed = Packed(day);
  return packed.substr(0, 4) + "-" + packed.substr(4, 2) + "-" + packed.substr(6);
}

Day DaysBefore(const Day& day, std::size_t count) {
  return Day(sys_days(day) - days(static_cast<int>(count)));
}

std::vector<std::string> Words(std::string_view names) {
  std::vector<std::string> words;
  while (!names.empty()) {
    const std::size_t end = std::min(names.find(' '), names.size());
    words.emplace_back(names.substr(0, end));
    names.remove_prefix(std::min(end + 1, names.size()));
  }
  return words;
}

}  // namespace milecastle::kit
