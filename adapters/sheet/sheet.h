// A CSV message as rows of named fields: the columns by a feed's mapping, or by the fields' own
// names.
//
// For the adapters of senders who keep tables. Cells remember whether they were read, so that what
// a sector did not carry can be listed, once for each column. A place names a line of the sender's
// own file and a field of ours, never a header of the sender's: in a file without a header the
// first person's data stand there.
//
// Thread-safety: one thread per Sheet. Failure: Open returns an Error with line and column; a field
// without a column reads as nothing.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "port/feed.h"
#include "record/contribution.h"

namespace milecastle::sheet {

using Fields = std::span<const std::string_view>;
// Why a field's cells are not carried; of a field that is not named: "no place in
// the record".
using Reasons = std::span<const std::pair<std::string_view, std::string_view>>;

class Sheet {
 public:
  static base::Result<Sheet> Open(std::string_view message, const port::Feed& feed, Fields fields);

  Sheet(Sheet&&) noexcept;
  Sheet& operator=(Sheet&&) noexcept;
  Sheet(const Sheet&) = delete;
  Sheet& operator=(const Sheet&) = delete;
  ~Sheet();

  std::size_t size() const;  // rows
  // A row with a fault has no cells.
  const std::optional<base::Error>& FaultOf(std::size_t row) const;
  bool Has(std::string_view field) const;

  std::string Text(std::size_t row, std::string_view field);        // as sent
  std::string Value(std::size_t row, std::string_view field);       // the standard's word for it
  std::string Peek(std::size_t row, std::string_view field) const;  // Value, without marking
  const record::Coding* Code(std::string_view field, std::string_view value) const;
  // Nothing where the cell is empty; an Error where it holds no date of the mapping's forms.
  base::Result<std::optional<record::When>> Date(std::size_t row, std::string_view field);
  base::Result<std::optional<record::When>> PeekDate(std::size_t row, std::string_view field) const;

  std::string Place(std::size_t row, std::string_view field) const;  // "line 17, column Event_Type"
  base::Error Wrong(std::size_t row, std::string_view field, std::string advice) const;

  // Lists each column of which these rows hold something that nobody read.
  void AddUnread(const std::vector<std::size_t>& rows, Reasons reasons,
                 record::Contribution& into) const;

 private:
  struct Parts;
  explicit Sheet(std::unique_ptr<Parts> parts);
  std::optional<std::size_t> ColumnOf(std::string_view field) const;

  std::unique_ptr<Parts> parts_;
};

// The parts of a file (csv/parts.h). Whose a row is, is said by the first of these fields that
// holds something.
std::vector<std::string> SplitFile(std::string_view file, const port::Feed& feed, Fields fields,
                                   Fields person_fields);

}  // namespace milecastle::sheet
