#include "base/crypto.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace milecastle::base {
namespace {

// Fetching the algorithm and making a context for each digest costs four times the hashing of a
// short input.
struct HashContext {
  std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> algorithm{
      EVP_MD_fetch(nullptr, "SHA256", nullptr), &EVP_MD_free};
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(),
                                                                  &EVP_MD_CTX_free};
};

void Require(bool done) {
  if (!done) std::abort();
}

// Raised in the child of a fork: what both hold must not be given out twice.
std::atomic<unsigned> forks = 0;

// A generator call for each salt and id costs more than hashing what they salt, so random bytes are
// drawn by the kilobyte. What was given out is wiped here.
class RandomStore {
 public:
  RandomStore() {
    static const int once = ::pthread_atfork(nullptr, nullptr, [] { ++forks; });
    Require(once == 0);
  }
  RandomStore(const RandomStore&) = delete;
  RandomStore& operator=(const RandomStore&) = delete;
  ~RandomStore() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

  void Take(std::span<std::uint8_t> out) {
    if (out.size() > bytes_.size() / 4) return Draw(out);
    if (out.size() > left_ || forks_ != forks) {
      Draw(bytes_);
      left_ = bytes_.size();
      forks_ = forks;
    }
    left_ -= out.size();
    std::memcpy(out.data(), bytes_.data() + left_, out.size());
    OPENSSL_cleanse(bytes_.data() + left_, out.size());
  }

 private:
  static void Draw(std::span<std::uint8_t> out) {
    Require(RAND_bytes(out.data(), static_cast<int>(out.size())) == 1);
  }

  std::array<std::uint8_t, 2048> bytes_;
  std::size_t left_ = 0;
  unsigned forks_ = 0;
};

}  // namespace

Digest Sha256(std::string_view first, std::string_view second) {
  thread_local HashContext hash;
  Digest digest{};
  Require(hash.algorithm && hash.context);
  Require(EVP_DigestInit_ex2(hash.context.get(), hash.algorithm.get(), nullptr) == 1);
  Require(EVP_DigestUpdate(hash.context.get(), first.data(), first.size()) == 1);
  Require(EVP_DigestUpdate(hash.context.get(), second.data(), second.size()) == 1);
  Require(EVP_DigestFinal_ex(hash.context.get(), digest.data(), nullptr) == 1);
  return digest;
}

Digest Sha256(std::string_view bytes) { return Sha256(bytes, {}); }

void RandomBytes(std::span<std::uint8_t> out) {
  thread_local RandomStore store;
  store.Take(out);
}

Salt RandomSalt() {
  Salt salt{};
  RandomBytes(salt);
  return salt;
}

bool ConstantTimeEqual(std::string_view left, std::string_view right) {
  return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

std::string ToHex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text(bytes.size() * 2, '\0');
  char* digit = text.data();
  for (const char c : bytes) {
    const auto byte = static_cast<std::uint8_t>(c);
    *digit++ = kDigits[byte >> 4];
    *digit++ = kDigits[byte & 0x0F];
  }
  return text;
}

std::optional<std::string> FromHex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = OPENSSL_hexchar2int(static_cast<unsigned char>(text[i]));
    const int low = OPENSSL_hexchar2int(static_cast<unsigned char>(text[i + 1]));
    if (high < 0 || low < 0) return std::nullopt;
    bytes += static_cast<char>((high << 4) | low);
  }
  return bytes;
}

std::string ToBase64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                     reinterpret_cast<const unsigned char*>(bytes.data()),
                                     static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

std::optional<std::string> FromBase64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::string bytes(text.size() / 4 * 3, '\0');
  const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                     reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()));
  if (length < 0) return std::nullopt;
  const auto padding = static_cast<std::size_t>(
      std::count(text.end() - std::min<std::ptrdiff_t>(2, std::ssize(text)), text.end(), '='));
  bytes.resize(static_cast<std::size_t>(length) - padding);
  // The decoder forgives; encoding again shows whether this text is the one form of these bytes.
  if (ToBase64(bytes) != text) return std::nullopt;
  return bytes;
}

std::string ToBase64Url(std::string_view bytes) {
  std::string text = ToBase64(bytes);
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  text.erase(std::find(text.begin(), text.end(), '='), text.end());
  return text;
}

}  // namespace milecastle::base
