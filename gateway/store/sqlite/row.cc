#include "inside/row.h"

#include <algorithm>

#include "inside/pack.h"

namespace milecastle::store::sqlite {

record::OdsCode Row::Ods() {
  auto code = record::OdsCode::Parse(Take<std::string_view>());
  if (!code) broken_ = true;
  return code ? *code : Blank<record::OdsCode>();
}

base::Digest Row::Digest() {
  base::Digest digest{};
  const std::string_view bytes = Bytes();
  if (bytes.size() == digest.size()) {
    std::copy(bytes.begin(), bytes.end(), digest.begin());
  } else {
    broken_ = true;
  }
  return digest;
}

std::optional<record::NhsNumber> Row::MaybeNhsNumber() {
  const auto digits = Maybe(&Row::Text);
  if (!digits) return std::nullopt;
  auto number = record::NhsNumber::Parse(*digits);
  if (!number) broken_ = true;
  return number;
}

}  // namespace milecastle::store::sqlite
