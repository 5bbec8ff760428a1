#include <algorithm>
#include <chrono>

#include "inside/faults.h"
#include "inside/parts.h"

namespace milecastle::wire {
namespace {

using namespace std::chrono_literals;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// A year that a source fills in where it has none (1, 1753, 9999) is no time of anybody's life.
constexpr std::chrono::year kFirstYear{1800};
constexpr std::chrono::year kLastYear{2199};

const char* const kNoTime = "it is no time: write ISO 8601, as 2026-11-22 or 2026-11-22T09:30:00Z";
const char* const kNotWhole =
    "give original alone, or at, precision and zone beside it, which agree with one another";

std::chrono::year YearOf(base::Instant at) {
  return std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(at)).year();
}

// The start of the period that its precision names: of what is coarser than an hour in UTC, of the
// others where any zone has it.
bool StartsItsPeriod(const record::When& when) {
  const auto day = std::chrono::floor<std::chrono::days>(when.at);
  const std::chrono::year_month_day date(day);
  switch (when.precision) {
    case record::Precision::kYear:
      return when.at == day && date.month() == std::chrono::January && unsigned(date.day()) == 1;
    case record::Precision::kMonth:
      return when.at == day && unsigned(date.day()) == 1;
    case record::Precision::kDay:
      return when.at == day;
    case record::Precision::kHour:
    case record::Precision::kMinute:
      return when.at == std::chrono::floor<std::chrono::minutes>(when.at);
    case record::Precision::kSecond:
      return when.at == std::chrono::floor<std::chrono::seconds>(when.at);
    case record::Precision::kFraction:
      return true;
  }
  return false;
}

bool IsStamp(const google::protobuf::Timestamp& stamp) {
  constexpr std::int64_t kFurthest = 253402300799;  // the end of the year 9999
  return stamp.seconds() >= -kFurthest && stamp.seconds() <= kFurthest && stamp.nanos() >= 0 &&
         stamp.nanos() < 1'000'000'000 && stamp.nanos() % 1000 == 0;
}

bool AgreesWithItself(const v1::When& when) {
  if (!when.has_at() || when.precision() == 0 || when.zone() == 0 || !IsStamp(when.at())) {
    return false;
  }
  const record::When read = WhenOf(when);
  const bool is_date = read.precision <= record::Precision::kDay;
  return is_date == (read.zone == record::Zone::kNone) && StartsItsPeriod(read);
}

// Nothing, or what is wrong with it.
const char* Complete(v1::When& when) {
  if (!when.has_at() && when.precision() == 0 && when.zone() == 0) {
    const auto read = record::When::ParseIso(when.original());
    if (!read) return kNoTime;
    Fill(when, *read);
  } else if (!AgreesWithItself(when)) {
    return kNotWhole;
  }
  const auto year = YearOf(InstantOf(when.at()));
  return year < kFirstYear || year > kLastYear ? "its year is out of range" : nullptr;
}

std::optional<base::Error> CompleteField(Message& message, const FieldDescriptor& field,
                                         const Place& place) {
  const auto& reflection = *message.GetReflection();
  if (!field.is_repeated()) {
    return CompleteTimes(*reflection.MutableMessage(&message, &field), {&place, field.name()});
  }
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    auto& one = *reflection.MutableRepeatedMessage(&message, &field, i);
    if (auto fault = CompleteTimes(one, {&place, field.name(), i})) return fault;
  }
  return std::nullopt;
}

}  // namespace

std::optional<base::Error> CompleteTimes(Message& message, const Place& place) {
  if (message.GetDescriptor() == v1::When::descriptor()) {
    const char* const advice = Complete(static_cast<v1::When&>(message));
    if (advice == nullptr) return std::nullopt;
    return base::Error{base::ErrorId::kMessageInvalid, place.ToString(), advice};
  }
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const FieldDescriptor* const field : fields) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (auto fault = CompleteField(message, *field, place)) return fault;
  }
  return std::nullopt;
}

}  // namespace milecastle::wire
