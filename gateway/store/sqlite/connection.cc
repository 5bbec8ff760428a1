#include "inside/connection.h"

#include "inside/functions.h"

namespace milecastle::store::sqlite {

base::Result<std::unique_ptr<Connection>> Connection::Open(const std::string& path, Access access,
                                                           const std::string& vfs) {
  const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                    (access == Access::kReadOnly ? SQLITE_OPEN_READONLY
                                                 : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &raw, flags, vfs.empty() ? nullptr : vfs.c_str());
  std::unique_ptr<Connection> connection(new Connection(raw));
  if (code != SQLITE_OK) return ErrorOf(code);
  if (const int added = AddFunctions(raw); added != SQLITE_OK) return ErrorOf(added);
  sqlite3_busy_timeout(raw, 5000);
  // A schema that was tampered with must not run functions of its own.
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  return connection;
}

base::Result<Statement*> Connection::Prepared(std::string_view sql) {
  const auto known = statements_.find(sql.data());
  if (known != statements_.end()) return &known->second;
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v3(raw_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  if (code != SQLITE_OK) return Failed(code);
  return &statements_.emplace(sql.data(), Statement(raw)).first->second;
}

base::Result<void> Connection::Execute(std::string_view sql) {
  while (!sql.empty()) {
    sqlite3_stmt* raw = nullptr;
    const char* rest = nullptr;
    int code =
        sqlite3_prepare_v2(raw_.get(), sql.data(), static_cast<int>(sql.size()), &raw, &rest);
    if (code != SQLITE_OK) return Failed(code);
    sql.remove_prefix(static_cast<std::size_t>(rest - sql.data()));
    if (raw == nullptr) continue;  // only white space and comments were left
    Statement statement(raw);
    do {
      code = statement.Step();
    } while (code == SQLITE_ROW);
    if (code != SQLITE_DONE) return Failed(code);
  }
  return {};
}

base::Error Connection::Failed(int code) {
  if ((code & 0xFF) == SQLITE_IOERR) met_io_error_ = true;
  if ((code & 0xFF) == SQLITE_FULL) met_full_disk_ = true;
  return ErrorOf(code);
}

void Connection::CloseWithoutCheckpoint() {
  sqlite3_db_config(raw_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

}  // namespace milecastle::store::sqlite
