#include "inside/functions.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "inside/pack.h"

namespace milecastle::store::sqlite {
namespace {

std::string_view BytesOf(sqlite3_value* value) {
  const auto* bytes = static_cast<const char*>(sqlite3_value_blob(value));
  return {bytes, static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

void HoldsText(sqlite3_context* context, int, sqlite3_value** arguments) {
  const auto texts = Unpack<std::vector<std::string>>(BytesOf(arguments[0]));
  if (!texts) return sqlite3_result_error_code(context, SQLITE_CORRUPT);
  const bool holds = std::find(texts->begin(), texts->end(), BytesOf(arguments[1])) != texts->end();
  sqlite3_result_int(context, holds ? 1 : 0);
}

}  // namespace

int AddFunctions(sqlite3* connection) {
  // Not for a schema to call.
  constexpr int kHow = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
  return sqlite3_create_function_v2(connection, "holds_text", 2, kHow, nullptr, &HoldsText, nullptr,
                                    nullptr, nullptr);
}

}  // namespace milecastle::store::sqlite
