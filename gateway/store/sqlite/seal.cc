#include "inside/seal.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <memory>
#include <vector>

namespace milecastle::store::sqlite {
namespace {

constexpr std::size_t kHead = 9;  // a type and a length, or an integer

// Writes what is hashed into room that is long enough.
class Writing {
 public:
  explicit Writing(char* room) : begin_(room), at_(room) {}

  void Put(const Value& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value.held)) {
      PutHead('i', static_cast<std::uint64_t>(*number));
    } else if (const auto* words = std::get_if<std::string_view>(&value.held)) {
      PutBytes('t', *words);
    } else if (const auto* blob = std::get_if<Blob>(&value.held)) {
      PutBytes('b', blob->bytes);
    } else {
      *at_++ = 'n';
    }
  }
  void PutBytes(char type, std::string_view bytes) {
    PutHead(type, bytes.size());
    at_ = std::copy(bytes.begin(), bytes.end(), at_);
  }
  std::string_view text() const { return {begin_, static_cast<std::size_t>(at_ - begin_)}; }

 private:
  void PutHead(char type, std::uint64_t number) {
    *at_++ = type;
    if constexpr (std::endian::native == std::endian::little) {
      std::memcpy(at_, &number, sizeof number);
      at_ += sizeof number;
    } else {
      for (int shift = 0; shift < 64; shift += 8) *at_++ = static_cast<char>(number >> shift);
    }
  }

  const char* begin_;
  char* at_;
};

// No less than all that is written.
std::size_t LengthOf(std::string_view table, std::span<const Value> columns) {
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
  // Most rows are short: those are hashed without memory of their own.
  std::array<char, 512> few;
  const std::size_t length = LengthOf(table, columns);
  const auto many = length > few.size() ? std::make_unique_for_overwrite<char[]>(length) : nullptr;
  Writing writing(many ? many.get() : few.data());
  writing.PutBytes('t', table);
  for (const Value& column : columns) writing.Put(column);
  return base::Sha256(salt, writing.text());
}

}  // namespace

Seal SealOf(std::string_view table, std::span<const Value> columns) {
  const base::Salt salt = base::RandomSalt();
  const base::Digest digest = DigestOf(base::AsBytes(salt), table, columns);
  Seal seal;
  auto* const behind = std::copy(salt.begin(), salt.end(), seal.bytes.begin());
  std::copy(digest.begin(), digest.end(), behind);
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
