// Names, dates of chance and numbers that are nobody's: what every made-up population of the tests
// is made of, the same from one seed on every machine.
//
// NHS numbers are those of the 999 range, which is kept for tests; they are given out in order.
// Thread-safety: one thread. Failure: none; 900,000 numbers are there.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>

namespace milecastle::kit {

// The number of 999 and these six digits, or empty where its check digit would be 10.
inline std::string NhsNumberOf(std::size_t serial) {
  std::string digits = "999000000";
  for (std::size_t at = 9, rest = serial; at > 3; --at, rest /= 10) {
    digits[at - 1] = static_cast<char>('0' + rest % 10);
  }
  int sum = 0;
  for (int at = 0; at < 9; ++at) sum += (digits[static_cast<std::size_t>(at)] - '0') * (10 - at);
  const int check = (11 - sum % 11) % 11;
  return check == 10 ? std::string() : digits + static_cast<char>('0' + check);
}

class Invented {
 public:
  explicit Invented(std::uint32_t seed) : random_(seed) {}

  bool OneIn(std::uint32_t n) { return random_() % n == 0; }
  std::size_t Below(std::size_t n) { return random_() % n; }
  // Whether it happens, where it happens to so many of a thousand.
  bool PerMille(double share) { return static_cast<double>(random_() % 1'000'000) < share * 1000; }

  // A quarter share ten names.
  std::string Family() {
    if (OneIn(4)) return Any(kCommon);
    std::string name = Half();
    if (OneIn(25)) name += "-" + Half();
    return name;
  }
  std::string Given(char sex) {
    std::string name = First(sex);
    if (OneIn(3)) name += " " + First(sex);
    return name;
  }
  // "ZZ12 3AB". No area is called ZZ, and ZZ99 stands for no place: below it is a place that is
  // none.
  std::string Postcode(const std::string& area, std::size_t districts) {
    std::string code = area + std::to_string(1 + Below(districts)) + " ";
    code += static_cast<char>('0' + Below(10));
    code += static_cast<char>('A' + Below(26));
    return code + static_cast<char>('A' + Below(26));
  }

 private:
  static constexpr auto kOnsets =
      std::to_array<const char*>({"B", "Br", "C", "Cl", "D", "F", "G",  "H", "J",  "K",
                                  "L", "M",  "N", "P",  "R", "S", "St", "T", "Th", "W"});
  static constexpr auto kCommon =
      std::to_array<const char*>({"Smith", "Jones", "Taylor", "Brown", "Khan", "Patel", "Williams",
                                  "Wilson", "Davies", "Evans"});
  static constexpr auto kVowels = std::to_array<const char*>({"a", "e", "i", "o", "u", "ea", "oo"});
  static constexpr auto kEnds = std::to_array<const char*>(
      {"ll", "rne", "son", "ton", "rd", "tt", "ck", "ley", "wood", "sh", "man", "field"});
  static constexpr auto kWomen = std::to_array<const char*>(
      {"Elizabeth", "Margaret", "Susan",    "Catherine", "Joanne",  "Alexandra",
       "Isabella",  "Jessica",  "Jennifer", "Rebecca",   "Olivia",  "Amelia",
       "Freya",     "Priya",    "Fatima",   "Zofia",     "Grace",   "Hannah",
       "Megan",     "Niamh",    "Ruth",     "Sarah",     "Valerie", "Winifred"});
  static constexpr auto kMen = std::to_array<const char*>(
      {"William", "Robert", "Thomas", "James",   "Michael", "Daniel", "Edward",  "Mohammed",
       "Oliver",  "Harold", "Peter",  "Stephen", "Anthony", "David",  "Kenneth", "Piotr",
       "Rajesh",  "Samuel", "Owen",   "Gareth",  "Liam",    "Noah",   "Isaac",   "Victor"});
  template <class Words>
  std::string Any(const Words& words) {
    return words[Below(words.size())];
  }

  std::string Half() {
    std::string name = Any(kOnsets);
    name += Any(kVowels);
    return name += Any(kEnds);
  }
  std::string First(char sex) { return sex == 'F' ? Any(kWomen) : Any(kMen); }

  std::mt19937 random_;
};

}  // namespace milecastle::kit
