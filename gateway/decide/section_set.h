// Sets of sections: what a grant reaches, what a rule names. One word of bits, so that a rule looks
// at a section by one test.
//
// Thread-safety: values. Failure: none.
#pragma once

#include <bit>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include "record/sections.h"

namespace milecastle::decide {

class SectionSet {
 public:
  constexpr SectionSet() = default;
  constexpr SectionSet(std::initializer_list<record::Section> sections) {
    for (const record::Section section : sections) Add(section);
  }
  static constexpr SectionSet All() {
    return SectionSet((Bit(record::Section::kDocuments) << 1U) -
                      Bit(record::Section::kDemographics));
  }
  static SectionSet Of(const std::vector<record::Section>& sections) {
    SectionSet set;
    for (const record::Section section : sections) set.Add(section);
    return set;
  }
  // Those that a list names, or all where it names none.
  static SectionSet AllOr(const std::vector<record::Section>& sections) {
    return sections.empty() ? All() : Of(sections);
  }

  constexpr void Add(record::Section section) { bits_ |= Bit(section); }
  void Remove(record::Section section) { bits_ &= ~Bit(section); }
  bool Has(record::Section section) const { return (bits_ & Bit(section)) != 0; }
  bool empty() const { return bits_ == 0; }
  // In the order of the headings; of none there is no first.
  record::Section First() const { return static_cast<record::Section>(std::countr_zero(bits_)); }
  bool Covers(SectionSet other) const { return (bits_ | other.bits_) == bits_; }
  SectionSet operator|(SectionSet other) const { return SectionSet(bits_ | other.bits_); }
  SectionSet operator&(SectionSet other) const { return SectionSet(bits_ & other.bits_); }
  SectionSet Without(SectionSet other) const { return SectionSet(bits_ & ~other.bits_); }

 private:
  explicit constexpr SectionSet(std::uint64_t bits) : bits_(bits) {}
  // What is no section is in no set.
  static constexpr std::uint64_t Bit(record::Section section) {
    return section > record::Section::kDocuments
               ? 0
               : std::uint64_t{1} << static_cast<unsigned>(section);
  }
  std::uint64_t bits_ = 0;
};

// All sections, in parts that no rule tells apart.
class SectionParts {
 public:
  // A rule looks whether a section is in `set`: each part becomes what is in it, and what is not.
  void TellApart(SectionSet set) {
    for (std::size_t i = parts_.size(); i-- > 0;) {
      const SectionSet inside = parts_[i] & set;
      const SectionSet outside = parts_[i].Without(set);
      if (inside.empty() || outside.empty()) continue;
      parts_[i] = inside;
      parts_.push_back(outside);
    }
  }
  auto begin() const { return parts_.begin(); }
  auto end() const { return parts_.end(); }
  std::size_t size() const { return parts_.size(); }

 private:
  std::vector<SectionSet> parts_ = {SectionSet::All()};
};

}  // namespace milecastle::decide
