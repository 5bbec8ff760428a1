// Running prepared statements: four verbs that every table is written with.
//
// Rows of `SELECT *` over a table are checked against their seal before anything in them is used.
// Thread-safety: one thread. Failure: kStoreCorrupt for a broken seal; else as ErrorOf says.
#pragma once

#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

#include "inside/connection.h"
#include "inside/row.h"

namespace milecastle::store::sqlite {

using Values = std::initializer_list<Value>;

inline base::Error BrokenRow(std::string_view table) {
  return {base::ErrorId::kStoreCorrupt, "the record store's table " + std::string(table),
          "a row does not match its digest: run fsck and restore from a backup"};
}

// A statement in use: bound, stepped, and reset at the end whatever happens.
class Running {
 public:
  // `further` are bound behind the values.
  static base::Result<Running> Start(Connection& connection, std::string_view sql,
                                     std::span<const Value> values,
                                     std::span<const Value> further = {});
  Running(Running&& other) noexcept : connection_(other.connection_), statement_(other.statement_) {
    other.statement_ = nullptr;
  }
  Running& operator=(Running&&) = delete;
  ~Running() {
    if (statement_ != nullptr) statement_->Reset();
  }
  base::Result<bool> Next();  // whether there is a row
  const Statement& statement() const { return *statement_; }

 private:
  Running(Connection& connection, Statement* statement)
      : connection_(connection), statement_(statement) {}
  Connection& connection_;
  Statement* statement_;
};

base::Result<void> Run(Connection& connection, std::string_view sql, Values values);
// `INSERT INTO table (seal, …)` with the values after the seal.
base::Result<void> Insert(Connection& connection, std::string_view sql, std::string_view table,
                          Values values);
// One number; nothing where there is no row or it is NULL. For rows that carry no seal: counts.
base::Result<std::optional<std::int64_t>> Number(Connection& connection, std::string_view sql,
                                                 Values values);

// Calls `take(Row&)` for each row of a `SELECT *` over `table`; it must not run the same statement.
template <class Take>
base::Result<void> Each(Connection& connection, std::string_view sql, std::string_view table,
                        Values values, Take take) {
  auto running = Running::Start(connection, sql, values);
  if (!running) return running.error();
  while (true) {
    const auto more = running->Next();
    if (!more) return more.error();
    if (!*more) return {};
    if (!SealHolds(table, running->statement())) return BrokenRow(table);
    Row row(running->statement(), kFirstColumn);
    take(row);
    if (row.broken()) return BrokenRow(table);
  }
}

template <class T>
base::Result<std::vector<T>> All(Connection& connection, std::string_view sql,
                                 std::string_view table, Values values, T (*read)(Row&)) {
  std::vector<T> all;
  const auto done =
      Each(connection, sql, table, values, [&](Row& row) { all.push_back(read(row)); });
  if (!done) return done.error();
  return all;
}

// The first row. SQL that may find more says LIMIT 1.
template <class T>
base::Result<std::optional<T>> First(Connection& connection, std::string_view sql,
                                     std::string_view table, Values values, T (*read)(Row&)) {
  std::optional<T> first;
  const auto done = Each(connection, sql, table, values, [&](Row& row) { first = read(row); });
  if (!done) return done.error();
  return first;
}

}  // namespace milecastle::store::sqlite
