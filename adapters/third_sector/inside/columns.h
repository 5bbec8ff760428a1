// The columns of a voluntary organisation's sheet, its kinds of record, and the words of a status.
//
// Thread-safety: pure. Failure: none; what no table knows is nothing.
#pragma once

#include <span>
#include <string_view>

#include "port/mapping.h"
#include "record/entry.h"

namespace milecastle::third_sector {

std::span<const std::string_view> FieldNames();

// A value of "Record type".
struct RecordType {
  std::string_view name;
  std::string_view key;  // names the entry; an outcome has its referral's
  record::Section section;
  record::Kind kind;
  std::string_view heading;  // where "What" is empty
  bool is_event = false;     // it happened on a day: another day is another one
};
const RecordType* TypeOf(std::string_view name);

struct StatusWord {
  std::string_view word;
  record::ClinicalStatus status = record::ClinicalStatus::kUnstated;
  record::Intent intent = record::Intent::kUnstated;
  record::Verification verification = record::Verification::kUnstated;
};
const StatusWord* StatusOf(std::string_view word);

// What a column says of the person, in whatever row it stands.
struct Standing {
  std::string_view field;
  std::string_view ended;  // the column of its end date; empty: it has none
  std::string_view key;
  record::Section section;
  record::Kind kind;
};
std::span<const Standing> Standings();

enum class Answer { kNothing, kNo, kYes, kWords };
// "No", "None known" …; "n/a" and "-" say nothing.
Answer AnswerOf(std::string_view text);

// Who somebody is: no mapping rewrites it.
std::span<const std::string_view> NamingFields();
// What no mapping turns into another answer.
std::span<const port::KeptAnswer> KeptAnswers();

}  // namespace milecastle::third_sector
