// A made-up population, the same with every run: families at addresses, twins, fathers and sons of
// one name, and what a second source says of some of them: typing errors, moves, marriages, short
// forms, swapped dates. Nobody of it is anybody.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "kit/invented.h"
#include "store/patients.h"

namespace milecastle::kit {

struct Resident {
  std::string family;
  std::string given;
  record::BirthDate born;
  char sex = 'F';
  std::string postcode;
  std::string phone;
};

class Population {
 public:
  explicit Population(std::size_t people) {
    while (residents_.size() < people) AddHousehold();
  }

  const std::vector<Resident>& residents() const { return residents_; }

  // As another source has them, which may be wrong in up to two things.
  Resident AsSeenElsewhere(const Resident& who) {
    Resident seen = who;
    const int errors = OneIn(2) ? 0 : OneIn(3) ? 2 : 1;
    for (int i = 0; i < errors; ++i) Mistake(seen);
    if (OneIn(3)) seen.phone.clear();
    if (OneIn(12)) seen.postcode.clear();
    return seen;
  }
  // Somebody of no other household, who is nobody's record yet.
  Resident Newcomer() {
    return {invented_.Family(), invented_.Given('M'), AnyBirth(1930, 2020), 'M', AnyPostcode(),
            AnyPhone()};
  }
  // The other of a twin pair whose first is known: everything but the given name.
  Resident TwinOf(const Resident& who) {
    Resident twin = who;
    while (twin.given == who.given) twin.given = invented_.Given(who.sex);
    return twin;
  }
  // Whether somebody of these very details is there already.
  bool Lives(const Resident& who) const {
    return std::any_of(residents_.begin(), residents_.end(), [&](const Resident& one) {
      return one.family == who.family && one.given == who.given && one.born == who.born &&
             one.postcode == who.postcode;
    });
  }
  bool OneIn(std::uint32_t n) { return invented_.OneIn(n); }
  std::size_t Below(std::size_t n) { return invented_.Below(n); }

 private:
  static constexpr auto kShort = std::to_array<std::array<const char*, 2>>({{"Elizabeth", "Liz"},
                                                                            {"William", "Bill"},
                                                                            {"Robert", "Bob"},
                                                                            {"Thomas", "Tom"},
                                                                            {"Michael", "Mike"},
                                                                            {"Daniel", "Dan"},
                                                                            {"Susan", "Sue"},
                                                                            {"Jennifer", "Jenny"}});

  record::BirthDate AnyBirth(int from, int until) {
    const int year = from + static_cast<int>(Below(static_cast<std::size_t>(until - from)));
    if (OneIn(60)) return {std::chrono::year(year) / 1 / 1};
    return {std::chrono::year(year) / static_cast<int>(1 + Below(12)) /
            static_cast<int>(1 + Below(28))};
  }
  std::string AnyPostcode() { return invented_.Postcode("NE", 40); }
  std::string AnyPhone() { return "0191" + std::to_string(2'000'000 + Below(7'000'000)); }

  void AddHousehold() {
    const std::string family = invented_.Family();
    const std::string postcode = AnyPostcode();
    const std::string phone = AnyPhone();
    const auto add = [&](char sex, record::BirthDate born, std::string given) {
      residents_.push_back({family, std::move(given), born, sex, postcode, phone});
    };
    add('M', AnyBirth(1935, 1975), invented_.Given('M'));
    const std::string father = residents_.back().given;
    if (OneIn(2)) add('F', AnyBirth(1935, 1975), invented_.Given('F'));
    const std::size_t children = Below(4);
    for (std::size_t i = 0; i < children; ++i) {
      const char sex = OneIn(2) ? 'M' : 'F';
      const record::BirthDate born = AnyBirth(1976, 2020);
      add(sex, born, sex == 'M' && OneIn(8) ? father : invented_.Given(sex));
      if (OneIn(30)) residents_.push_back(TwinOf(residents_.back()));
    }
  }

  // Two letters after the first.
  void SwapTwo(std::string& text) {
    if (text.size() < 3) return;
    const std::size_t at = 1 + Below(text.size() - 2);
    std::swap(text[at], text[at + 1]);
  }
  void Mistake(Resident& seen) {
    switch (Below(9)) {
      case 0:
        return SwapTwo(seen.family);
      case 1:
        return SwapTwo(seen.given);
      case 2:
        seen.family = invented_.Family();  // married
        return;
      case 3:
        seen.postcode = AnyPostcode();  // moved
        return;
      case 4:
        return SwapDate(seen.born);
      case 5:
        seen.born.date =
            seen.born.date.year() / seen.born.date.month() /
            std::chrono::day(1 + (static_cast<unsigned>(seen.born.date.day()) + 9) % 28);
        return;
      case 6:
        return Shorten(seen.given);
      case 7:
        std::swap(seen.family, seen.given);
        return;
      default:
        seen.given = seen.given.substr(0, 1);
    }
  }
  static void SwapDate(record::BirthDate& born) {
    const std::chrono::year_month_day swapped{
        born.date.year(), std::chrono::month(static_cast<unsigned>(born.date.day())),
        std::chrono::day(static_cast<unsigned>(born.date.month()))};
    if (swapped.ok()) born.date = swapped;
  }
  static void Shorten(std::string& given) {
    for (const auto& [whole, shorter] : kShort) {
      if (given == whole) given = shorter;
    }
  }

  Invented invented_{20261122};
  std::vector<Resident> residents_;
};

}  // namespace milecastle::kit
