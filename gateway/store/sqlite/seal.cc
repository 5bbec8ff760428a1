#include "inside/seal.h"

#include <array>
#include <vector>

namespace milecastle::store::sqlite {
namespace {

void AppendNumber(std::string& text, std::uint64_t number) {
  std::array<char, 8> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(number >> (8 * i));
  text.append(bytes.data(), bytes.size());
}

void AppendBytes(std::string& text, char type, std::string_view bytes) {
  text += type;
  AppendNumber(text, bytes.size());
  text += bytes;
}

void Append(std::string& text, const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value.held)) {
    text += 'i';
    AppendNumber(text, static_cast<std::uint64_t>(*number));
  } else if (const auto* words = std::get_if<std::string_view>(&value.held)) {
    AppendBytes(text, 't', *words);
  } else if (const auto* blob = std::get_if<Blob>(&value.held)) {
    AppendBytes(text, 'b', blob->bytes);
  } else {
    text += 'n';
  }
}

// Enough for all that is appended, so that a long column is copied once.
std::size_t LengthOf(std::string_view table, std::span<const Value> columns) {
  constexpr std::size_t kHead = 9;  // a type and a length, or an integer
  std::size_t length = kHead + table.size();
  for (const Value& column : columns) {
    length += kHead;
    if (const auto* words = std::get_if<std::string_view>(&column.held)) length += words->size();
    if (const auto* blob = std::get_if<Blob>(&column.held)) length += blob->bytes.size();
  }
  return length;
}

bool IsNull(const Value& value) { return std::holds_alternative<std::monostate>(value.held); }

base::Digest DigestOf(std::string_view salt, std::string_view table,
                      std::span<const Value> columns) {
  while (!columns.empty() && IsNull(columns.back())) columns = columns.first(columns.size() - 1);
  std::string text;
  text.reserve(LengthOf(table, columns));
  AppendBytes(text, 't', table);
  for (const Value& column : columns) Append(text, column);
  return base::Sha256(salt, text);
}

}  // namespace

std::string SealOf(std::string_view table, std::span<const Value> columns) {
  const base::Salt salt = base::RandomSalt();
  std::string seal(base::AsBytes(salt));
  seal += base::AsBytes(DigestOf(base::AsBytes(salt), table, columns));
  return seal;
}

bool SealHolds(std::string_view table, const Statement& row) {
  const Value seal = row.Column(kSealColumn);
  const auto* const blob = std::get_if<Blob>(&seal.held);
  if (blob == nullptr || blob->bytes.size() != sizeof(base::Salt) + sizeof(base::Digest)) {
    return false;
  }
  std::vector<Value> columns;
  columns.reserve(static_cast<std::size_t>(row.columns()));
  for (int i = kFirstColumn; i < row.columns(); ++i) columns.push_back(row.Column(i));
  const base::Digest digest = DigestOf(blob->bytes.substr(0, sizeof(base::Salt)), table, columns);
  return blob->bytes.substr(sizeof(base::Salt)) == base::AsBytes(digest);
}

}  // namespace milecastle::store::sqlite
