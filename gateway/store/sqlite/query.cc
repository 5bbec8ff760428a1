#include "inside/query.h"

namespace milecastle::store::sqlite {

base::Result<Running> Running::Start(Connection& connection, std::string_view sql,
                                     std::span<const Value> values,
                                     std::span<const Value> further) {
  const auto statement = connection.Prepared(sql);
  if (!statement) return statement.error();
  Running running(connection, *statement);
  int code = (*statement)->Bind(values, 1);
  if (code == SQLITE_OK) code = (*statement)->Bind(further, static_cast<int>(values.size()) + 1);
  if (code != SQLITE_OK) return connection.Failed(code);
  return running;
}

base::Result<bool> Running::Next() {
  const int code = statement_->Step();
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return connection_.Failed(code);
}

namespace {

base::Result<void> RunBound(Connection& connection, std::string_view sql,
                            std::span<const Value> values, std::span<const Value> further = {}) {
  auto running = Running::Start(connection, sql, values, further);
  if (!running) return running.error();
  const auto more = running->Next();
  if (!more) return more.error();
  return {};
}

}  // namespace

base::Result<void> Run(Connection& connection, std::string_view sql, Values values) {
  return RunBound(connection, sql, values);
}

base::Result<void> Insert(Connection& connection, std::string_view sql, std::string_view table,
                          Values values) {
  const Seal seal = SealOf(table, values);
  const Value first[] = {Blob{seal}};
  return RunBound(connection, sql, first, values);
}

base::Result<std::optional<std::int64_t>> Number(Connection& connection, std::string_view sql,
                                                 Values values) {
  auto running = Running::Start(connection, sql, values);
  if (!running) return running.error();
  const auto more = running->Next();
  if (!more) return more.error();
  if (!*more) return std::optional<std::int64_t>();
  const Value value = running->statement().Column(0);
  const auto* const number = std::get_if<std::int64_t>(&value.held);
  return number == nullptr ? std::nullopt : std::optional<std::int64_t>(*number);
}

}  // namespace milecastle::store::sqlite
