#include <algorithm>

#include "parts.h"

namespace milecastle::fidelity {
namespace {

using Row = std::vector<std::string>;

std::vector<Row> RowsOf(std::string_view file) {
  std::vector<Row> rows(1, Row(1));
  bool is_quoted = false;
  for (std::size_t i = 0; i < file.size(); ++i) {
    const char c = file[i];
    if (is_quoted && file.substr(i).starts_with("\"\"")) {
      rows.back().back() += file[i++];
    } else if (c == '"') {
      is_quoted = !is_quoted;
    } else if (c == ',' && !is_quoted) {
      rows.back().emplace_back();
    } else if (c == '\n' && !is_quoted) {
      rows.emplace_back(1);
    } else if (c != '\r') {
      rows.back().back() += c;
    }
  }
  if (rows.back().size() == 1 && rows.back().front().empty()) rows.pop_back();
  return rows;
}

std::string Quoted(std::string_view cell) {
  std::string quoted = "\"";
  for (const char c : cell) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

std::string TextOf(const std::vector<Row>& rows) {
  std::string text;
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) text += (i == 0 ? "" : ",") + Quoted(row[i]);
    text += "\n";
  }
  return text;
}

// "Client Type" and "Client_Type" are one column.
std::string With(std::string header, char from, char to) {
  std::replace(header.begin(), header.end(), from, to);
  return header;
}

class Walk {
 public:
  Walk(const std::string& file, const OnPart& on_part)
      : rows_(RowsOf(file)), whole_(TextOf(rows_)), on_part_(on_part) {}

  void Run() {
    for (std::size_t column = 0; column < rows_.front().size(); ++column) Column(column);
  }

 private:
  void Column(std::size_t column) {
    const std::string header = rows_.front()[column];
    const std::vector<std::string> names = {"column " + header, "column " + With(header, ' ', '_'),
                                            "column " + std::to_string(column + 1)};
    std::size_t line = 2;
    std::vector<std::size_t> filled;
    for (std::size_t i = 1; i < rows_.size(); ++i) {
      const Row& row = rows_[i];
      if (column < row.size() && !row[column].empty()) {
        std::vector<std::string> places = names;
        for (const auto& name : names) {
          places.push_back("line " + std::to_string(line) + ", " + name);
        }
        filled.push_back(i);
        Cells(column, {i}, places);
      }
      for (const std::string& cell : row) line += std::count(cell.begin(), cell.end(), '\n');
      ++line;
    }
    // A person whom one row names otherwise than the next is two: all rows at once are needed too.
    if (filled.size() > 1) Cells(column, filled, names);
  }

  void Cells(std::size_t column, const std::vector<std::size_t>& rows,
             const std::vector<std::string>& places) {
    const std::string name = With(rows_.front()[column], '_', ' ');
    on_part_({whole_,
              "",
              {name},
              "",
              rows_[rows.front()][column],
              places,
              false,
              [&](std::string_view by) {
                auto others = rows_;
                for (const std::size_t row : rows) others[row][column] = by;
                return TextOf(others);
              }});
  }

  std::vector<Row> rows_;
  std::string whole_;
  const OnPart& on_part_;
};

}  // namespace

void EachCell(const std::string& file, const OnPart& on_part) { Walk(file, on_part).Run(); }

}  // namespace milecastle::fidelity
