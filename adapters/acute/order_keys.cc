#include "inside/order_keys.h"

#include <algorithm>

#include "base/text_map.h"
#include "inside/order_status.h"

namespace milecastle::acute {
namespace {

// OBR-4 holds two; a message costs no more than it is long.
constexpr std::size_t kMostNames = 8;

void AddName(std::vector<std::string>& names, const std::string& name) {
  const std::string folded = Folded(name);
  if (folded.empty() || names.size() >= kMostNames) return;
  const bool is_known = std::any_of(names.begin(), names.end(), [&](const std::string& known) {
    return Folded(known) == folded;
  });
  if (!is_known) names.push_back(name);
}

// Its codes, else its words.
std::vector<std::string> NamesOf(const record::Coded& test) {
  std::vector<std::string> names;
  for (const auto& coding : test.codings) AddName(names, coding.code);
  if (names.empty()) AddName(names, TextOf(test));
  return names;
}

std::vector<std::string> SecondOf(const Numbers& numbers) {
  return {std::string(numbers.second_kind), numbers.second};
}

std::vector<std::string> MainOf(const Numbers& numbers) {
  if (numbers.first.empty()) return SecondOf(numbers);
  return {std::string(numbers.first_kind), numbers.first};
}

std::vector<std::string> WithName(std::string_view prefix, std::vector<std::string> number,
                                  const std::string& name) {
  number.insert(number.begin(), std::string(prefix));
  number.push_back(name);
  return number;
}

std::string KeyOfTest(std::string_view prefix, const std::vector<std::string>& number,
                      const std::string& name) {
  return Reader::FirstKey(prefix, number) + "/" +
         Reader::FirstKey("test", WithName(prefix, number, name));
}

}  // namespace

std::string OrderKeys::OfNumber(std::string_view prefix, const Numbers& numbers) {
  return KeyOfNumbers(reader_, prefix, numbers);
}

std::string OrderKeys::OfTest(std::string_view prefix, const Numbers& numbers,
                              const record::Coded& test) {
  const auto names = NamesOf(test);
  if (names.empty()) return OfNumber(prefix, numbers);
  const auto number = MainOf(numbers);
  const std::string order = Reader::FirstKey(prefix, number);
  std::string key = order + "/" + reader_.Key("test", WithName(prefix, number, names.front()));
  tests_[order].push_back(reader_.out().drafts.size());
  taken_back_.push_back(order);
  if (key != KeyOfTest(prefix, number, names.front())) return key;  // a second one of its name
  for (std::size_t i = 1; i < names.size(); ++i) {
    taken_back_.push_back(KeyOfTest(prefix, number, names[i]));
  }
  if (numbers.first.empty() || numbers.second.empty()) return key;
  // What was told by the filler's number alone.
  const auto second = SecondOf(numbers);
  taken_back_.push_back(Reader::FirstKey(prefix, second));
  reader_.out().withdrawn_keys.push_back(KeyOfTest(prefix, second, names.front()));
  return key;
}

void OrderKeys::EndTests(std::string_view prefix, const Numbers& numbers,
                         record::ClinicalStatus status) {
  const auto end = [&](const std::vector<std::string>& number) {
    const std::string order = Reader::FirstKey(prefix, number);
    if (ended_.insert(order).second) reader_.out().replaced_documents.push_back(order);
    const auto told = tests_.extract(order);
    if (told.empty()) return;
    for (const std::size_t i : told.mapped()) {
      record::Entry& test = reader_.out().drafts[i].entry;
      SetStatus(test, Tighter(test.status, status));
    }
  };
  end(MainOf(numbers));
  if (!numbers.first.empty() && !numbers.second.empty()) {
    end(SecondOf(numbers));
  }
}

void OrderKeys::Settle() {
  auto& out = reader_.out();
  base::TextSet<std::string> known(out.withdrawn_keys.begin(), out.withdrawn_keys.end());
  for (const auto& draft : out.drafts) known.insert(draft.source_key);
  for (std::string& key : taken_back_) {
    if (known.insert(key).second) out.withdrawn_keys.push_back(std::move(key));
  }
  taken_back_.clear();
}

bool IsNamed(const record::Coded& test) { return !NamesOf(test).empty(); }

std::string KeyOfRequest(const Numbers& numbers, const record::Coded& test) {
  const auto names = NamesOf(test);
  const auto number = MainOf(numbers);
  return names.empty() ? Reader::FirstKey("order", number)
                       : KeyOfTest("order", number, names.front());
}

}  // namespace milecastle::acute
