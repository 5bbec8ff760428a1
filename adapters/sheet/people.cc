#include "sheet/people.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "base/text.h"

namespace milecastle::sheet {
namespace {

using base::Error;
using base::ErrorId;

constexpr std::size_t kMostRows = 1000;  // of one message; a file is split into fewer
constexpr std::string_view kTwoPeople =
    "rows of one identifier disagree in it: none of them is taken, for they may be two people's";

// As it is compared: without what a number's or a date's writing adds.
std::string Plain(const Sheet& sheet, const Layout& layout, std::size_t row,
                  std::string_view field) {
  std::string sent = sheet.Peek(row, field);
  if (layout.says_nothing(sent)) return {};
  if (field == layout.local_id) return sent;
  if (field == layout.born) {
    const auto date = sheet.PeekDate(row, field);
    if (date && *date) return base::ToRfc3339((*date)->at);
  }
  std::string plain = port::Folded(sent);
  if (field == layout.number) {
    std::erase_if(plain, [](char c) { return c == ' ' || c == '-'; });
  }
  return plain;
}

// Where rows of one identifier cannot be of one person.
class Comparison {
 public:
  Comparison(const Sheet& sheet, const Layout& layout) : sheet_(sheet), layout_(layout) {}

  std::optional<Error> Disagreement(const Rows& rows) const {
    for (const std::string_view field : {layout_.number, layout_.born}) {
      if (const auto row = OtherValue(rows, field)) {
        return sheet_.Wrong(*row, field, std::string(kTwoPeople));
      }
    }
    return OtherName(rows);
  }

 private:
  // The first row that says another value than one before it.
  std::optional<std::size_t> OtherValue(const Rows& rows, std::string_view field) const {
    std::string said;
    for (const std::size_t row : rows) {
      const std::string value = Plain(sheet_, layout_, row, field);
      if (value.empty()) continue;
      if (!said.empty() && value != said) return row;
      said = value;
    }
    return std::nullopt;
  }

  // One name of two may change.
  std::optional<Error> OtherName(const Rows& rows) const {
    std::pair<std::string, std::string> said;
    for (const std::size_t row : rows) {
      std::pair name(Plain(sheet_, layout_, row, layout_.family),
                     Plain(sheet_, layout_, row, layout_.given));
      if (name.first.empty() || name.second.empty()) continue;
      if (said.first.empty()) said = name;
      if (name.first != said.first && name.second != said.second) {
        return sheet_.Wrong(row, layout_.family, std::string(kTwoPeople));
      }
    }
    return std::nullopt;
  }

  const Sheet& sheet_;
  const Layout& layout_;
};

std::optional<Error> CheckPerson(const Sheet& sheet, const Layout& layout, std::size_t row) {
  if (PersonOf(sheet, layout, row).empty()) {
    const auto column = sheet.Has(layout.local_id) ? layout.local_id : layout.number;
    return sheet.Wrong(row, column, std::string(layout.advice.nameless));
  }
  for (const std::string_view field : layout.in_each_row) {
    if (sheet.Peek(row, field).empty()) {
      return sheet.Wrong(row, field, std::string(layout.advice.unsaid));
    }
  }
  return std::nullopt;
}

std::optional<Error> CheckDecisive(const Sheet& sheet, const Layout& layout, std::size_t row) {
  for (const Decisive& one : layout.decisive) {
    if (one.is_known(sheet.Peek(row, one.field))) continue;
    const std::string quote(one.field.find(' ') == std::string_view::npos ? "" : "\"");
    return sheet.Wrong(row, one.field,
                       "it is no " + std::string(one.known_as) +
                           ": write one, or map it in the feed's mapping, [values." + quote +
                           std::string(one.field) + quote + "]");
  }
  return std::nullopt;
}

std::optional<Error> CheckDates(const Sheet& sheet, const Layout& layout, std::size_t row) {
  for (const std::string_view field : layout.dates) {
    if (auto date = sheet.PeekDate(row, field); !date) return date.error();
  }
  const auto began = sheet.PeekDate(row, layout.began);
  const auto ended = sheet.PeekDate(row, layout.ended);
  if (!*began) return sheet.Wrong(row, layout.began, std::string(layout.advice.no_beginning));
  if (*ended && (*ended)->at < (*began)->at) {
    return sheet.Wrong(row, layout.ended, std::string(layout.advice.ends_too_early));
  }
  return std::nullopt;
}

std::optional<Error> CheckRow(const Sheet& sheet, const Layout& layout, std::size_t row,
                              std::string_view sender) {
  if (sheet.FaultOf(row)) return sheet.FaultOf(row);
  if (auto fault = CheckPerson(sheet, layout, row)) return fault;
  if (sheet.Has(layout.organisation) && sheet.Peek(row, layout.organisation) != sender) {
    return sheet.Wrong(row, layout.organisation, std::string(layout.advice.of_another));
  }
  if (auto fault = CheckDecisive(sheet, layout, row)) return fault;
  return CheckDates(sheet, layout, row);
}

std::optional<Error> CheckSheet(const Sheet& sheet, const Layout& layout) {
  for (const std::string_view field : layout.columns) {
    if (sheet.Has(field)) continue;
    return Error{
        ErrorId::kMessageInvalid, "line 1",
        "there is no column " + std::string(field) + ": name it in the feed's mapping, [columns]"};
  }
  if (!sheet.Has(layout.local_id) && !sheet.Has(layout.number)) {
    return Error{ErrorId::kMessageInvalid, "line 1",
                 "no column says whose a row is: name " + std::string(layout.local_id) + " or " +
                     std::string(layout.number) + " in the feed's mapping, [columns]"};
  }
  if (sheet.size() == 0) {
    return Error{ErrorId::kMessageInvalid, "line 1", "no row follows the header"};
  }
  if (sheet.size() > kMostRows) {
    return Error{ErrorId::kMessageTooLarge, "file", std::string(layout.advice.too_many_rows)};
  }
  return std::nullopt;
}

// The first organisation for which the feed may speak: a row that is none, such as the header once
// more, must not refuse the others.
std::string SenderOf(const Sheet& sheet, const Layout& layout, const port::Feed& feed) {
  std::string first;
  for (std::size_t row = 0; row < sheet.size(); ++row) {
    std::string code = sheet.Peek(row, layout.organisation);
    const auto parsed = record::OdsCode::Parse(code);
    const auto& allowed = feed.organisations;
    if (parsed && std::find(allowed.begin(), allowed.end(), *parsed) != allowed.end()) return code;
    if (first.empty()) first = std::move(code);
  }
  return first;
}

std::string AuthorityOf(std::string_view sender, const port::Feed& feed) {
  if (!sender.empty()) return std::string(sender);
  return feed.organisations.size() == 1 ? feed.organisations.front().text() : std::string();
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

// The rows of a message by person, and what becomes of them.
class Message {
 public:
  Message(Sheet& sheet, const Layout& layout, const port::Feed& feed, port::Reading& reading)
      : sheet_(sheet),
        layout_(layout),
        feed_(feed),
        reading_(reading),
        authority_(AuthorityOf(reading.envelope.sender, feed)),
        comparison_(sheet, layout) {}

  void Read(ReadPerson read) {
    Sort();
    if (people_.size() > feed_.patient_limit) {
      reading_.patients = {
          Error{ErrorId::kMessageTooLarge, "file", std::string(layout_.advice.too_many_people)}};
      return;
    }
    for (base::Result<Rows>& rows : order_) reading_.patients.push_back(ReadOne(rows, read));
    SpeakForAll(reading_.patients);
  }

 private:
  void Sort() {
    for (std::size_t row = 0; row < sheet_.size(); ++row) {
      if (auto fault = FaultOf(row)) {
        order_.emplace_back(std::move(*fault));
        continue;
      }
      const std::string number = Plain(sheet_, layout_, row, layout_.number);
      if (!number.empty()) numbers_[number].push_back(row);
      const auto [person, is_new] =
          people_.try_emplace(PersonOf(sheet_, layout_, row), order_.size());
      if (is_new) order_.emplace_back(Rows());
      order_[person->second]->push_back(row);
    }
  }

  std::optional<Error> FaultOf(std::size_t row) const {
    if (auto fault = CheckRow(sheet_, layout_, row, reading_.envelope.sender)) return fault;
    if (authority_.empty() && Plain(sheet_, layout_, row, layout_.number).empty()) {
      return sheet_.Wrong(row, layout_.organisation, "say whose local id it is");
    }
    return std::nullopt;
  }

  base::Result<record::Contribution> ReadOne(base::Result<Rows>& rows, ReadPerson read) {
    if (!rows) return rows.error();
    if (auto two = DisagreementOf(*rows)) return *two;
    for (const std::size_t row : *rows) sheet_.Text(row, layout_.organisation);
    record::Contribution contribution = read(sheet_, std::move(*rows), authority_);
    port::ApplyMapping(feed_.mapping, contribution);
    return contribution;
  }

  // Also against the rows of other local ids that bear the same number.
  std::optional<Error> DisagreementOf(const Rows& rows) {
    if (auto two = comparison_.Disagreement(rows)) return two;
    for (const std::size_t row : rows) {
      const std::string number = Plain(sheet_, layout_, row, layout_.number);
      if (number.empty()) continue;
      auto [known, is_new] = disagreements_.try_emplace(number);
      if (is_new) known->second = comparison_.Disagreement(numbers_.at(number));
      if (known->second) return known->second;
    }
    return std::nullopt;
  }

  Sheet& sheet_;
  const Layout& layout_;
  const port::Feed& feed_;
  port::Reading& reading_;
  std::string authority_;
  Comparison comparison_;
  std::vector<base::Result<Rows>> order_;      // a person where their first row stands
  std::map<std::string, std::size_t> people_;  // by PersonOf: where in order_
  std::map<std::string, Rows> numbers_;        // by NHS number
  std::map<std::string, std::optional<Error>> disagreements_;  // the same
};

}  // namespace

std::string PersonOf(const Sheet& sheet, const Layout& layout, std::size_t row) {
  for (const std::string_view field : {layout.local_id, layout.number}) {
    const std::string id = Plain(sheet, layout, row, field);
    if (!id.empty()) return std::string(field) + ":" + id;
  }
  return {};
}

port::Reading ReadPeople(std::string_view message, const port::Feed& feed, const Layout& layout,
                         ReadPerson read) {
  port::Reading reading;
  reading.envelope.control_id = base::NameOfBytes(message);
  reading.envelope.event = layout.event;
  auto sheet = Sheet::Open(message, feed, layout.fields);
  if (!sheet) return port::ReadingOf(std::move(reading.envelope), sheet.error());
  reading.envelope.sender = SenderOf(*sheet, layout, feed);
  if (auto fault = CheckSheet(*sheet, layout)) {
    return port::ReadingOf(std::move(reading.envelope), std::move(*fault));
  }
  Message(*sheet, layout, feed, reading).Read(read);
  return reading;
}

}  // namespace milecastle::sheet
