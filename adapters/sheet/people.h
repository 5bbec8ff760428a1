// A message of rows, person by person: which rows can be read, whose each is, and whose cannot be
// one person's. A sector says in a Layout which columns tell that, and makes of a person's rows
// what it will.
//
// A row is its local id's, or else its NHS number's. Rows of one of these that disagree on who it
// is may be two people's, and none of them is taken.
//
// Thread-safety: pure. Failure: in the Reading, a row at a time where that can be.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "port/adapter.h"
#include "sheet/sheet.h"

namespace milecastle::sheet {

using Rows = std::vector<std::size_t>;  // of one person: never empty, in the message's order

// A column that says what a row is: another value than those that are known refuses the row.
struct Decisive {
  std::string_view field;
  std::string_view known_as;  // "it is no …"
  bool (*is_known)(std::string_view value);
};

// What the sector tells its senders to do about a row, or a file, that is refused.
struct Advice {
  std::string_view nameless;    // neither local id nor NHS number
  std::string_view unsaid;      // one of in_each_row is empty
  std::string_view of_another;  // the row is another organisation's
  std::string_view no_beginning;
  std::string_view ends_too_early;
  std::string_view too_many_rows;
  std::string_view too_many_people;
};

struct Layout {
  std::string_view event;  // of the envelope
  Fields fields;           // all that the sector knows
  Fields columns;          // without which no row can be read
  // Who a row is of. The local id is compared as it was sent.
  std::string_view local_id;
  std::string_view number;
  std::string_view born;
  std::string_view family;
  std::string_view given;
  std::string_view organisation;  // whose row it is, and whose the local id
  Fields in_each_row;
  std::span<const Decisive> decisive;
  Fields dates;  // that must be dates where they are said
  std::string_view began;
  std::string_view ended;
  bool (*says_nothing)(std::string_view value);  // "", "Unknown" …: no identifier
  Advice advice;
};

// The identifier by which a row's person is told from others; empty: it has none.
std::string PersonOf(const Sheet& sheet, const Layout& layout, std::size_t row);

// One person's rows to a contribution. `authority`: the organisation, as its local ids name it;
// empty where it is not known.
using ReadPerson = record::Contribution (*)(Sheet& sheet, Rows rows, std::string authority);

// A contribution of each person where their first row stands, and an error for each row that
// cannot be read.
port::Reading ReadPeople(std::string_view message, const port::Feed& feed, const Layout& layout,
                         ReadPerson read);

}  // namespace milecastle::sheet
