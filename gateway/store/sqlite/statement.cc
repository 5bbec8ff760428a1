#include "inside/statement.h"

namespace milecastle::store::sqlite {
namespace {

const char* NeverNull(std::string_view bytes) {
  return bytes.data() == nullptr ? "" : bytes.data();
}

base::ErrorId IdOf(int code) {
  switch (code & 0xFF) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return base::ErrorId::kStoreCorrupt;
    case SQLITE_CONSTRAINT:
      return base::ErrorId::kConflict;
    case SQLITE_ERROR:
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
    case SQLITE_MISMATCH:
      return base::ErrorId::kInternal;
    default:
      return base::ErrorId::kStoreUnavailable;
  }
}

}  // namespace

base::Error ErrorOf(int code) { return {IdOf(code), "the record store", sqlite3_errstr(code)}; }

int Statement::Bind(std::span<const Value> values, int from) {
  for (const Value& value : values) {
    if (const int code = BindOne(from++, value); code != SQLITE_OK) return code;
  }
  return SQLITE_OK;
}

int Statement::BindOne(int index, const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value.held)) {
    return sqlite3_bind_int64(raw_.get(), index, *number);
  }
  if (const auto* text = std::get_if<std::string_view>(&value.held)) {
    return sqlite3_bind_text64(raw_.get(), index, NeverNull(*text), text->size(), SQLITE_STATIC,
                               SQLITE_UTF8);
  }
  if (const auto* blob = std::get_if<Blob>(&value.held)) {
    return sqlite3_bind_blob64(raw_.get(), index, NeverNull(blob->bytes), blob->bytes.size(),
                               SQLITE_STATIC);
  }
  return sqlite3_bind_null(raw_.get(), index);
}

void Statement::Reset() {
  sqlite3_reset(raw_.get());
  sqlite3_clear_bindings(raw_.get());
}

Value Statement::Column(int index) const {
  sqlite3_stmt* const raw = raw_.get();
  const auto bytes = [&](const void* start) {
    return std::string_view(static_cast<const char*>(start),
                            static_cast<std::size_t>(sqlite3_column_bytes(raw, index)));
  };
  switch (sqlite3_column_type(raw, index)) {
    case SQLITE_INTEGER:
      return sqlite3_column_int64(raw, index);
    case SQLITE_TEXT:
      return bytes(sqlite3_column_text(raw, index));
    case SQLITE_BLOB:
      return Blob{bytes(sqlite3_column_blob(raw, index))};
    default:
      return {};
  }
}

}  // namespace milecastle::store::sqlite
