#include "audit/key.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <system_error>
#include <utility>

#include "audit/bytes.h"
#include "base/crypto.h"

namespace milecastle::audit {
namespace {

using base::Error;
using base::ErrorId;

constexpr char kEd25519 = 0x01;  // signature type of C2SP signed notes

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
struct FreeBio {
  void operator()(BIO* bio) const { BIO_free_all(bio); }
};
using KeyPointer = std::unique_ptr<EVP_PKEY, FreeKey>;
using ContextPointer = std::unique_ptr<EVP_MD_CTX, FreeContext>;
using BioPointer = std::unique_ptr<BIO, FreeBio>;

const unsigned char* Raw(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

// "Key names MUST be non-empty and MUST NOT contain any Unicode spaces or plus". Only visible ASCII
// is taken, so that no Unicode table is needed to know what a space is.
bool IsName(std::string_view name) {
  return !name.empty() && name.size() <= 200 && std::all_of(name.begin(), name.end(), [](char c) {
    return c > ' ' && c < 0x7F && c != '+';
  });
}

std::string TypedKey(const PublicKey& key) { return kEd25519 + std::string(base::AsBytes(key)); }

std::uint32_t KeyId(const std::string& name, const PublicKey& key) {
  const base::Digest digest = base::Sha256(name + "\n", TypedKey(key));
  return Reader(base::AsBytes(digest)).Get<std::uint32_t>();
}

std::string HexOf(std::uint32_t id) {
  std::string bytes;
  PutInteger(bytes, id);
  return base::ToHex(bytes);
}

Error BadPem(const std::filesystem::path& pem, std::string advice) {
  return {ErrorId::kCertificateInvalid, pem.string(), std::move(advice)};
}

base::Result<KeyPointer> ReadPem(const std::filesystem::path& pem) {
  struct ::stat status {};
  if (::stat(pem.c_str(), &status) != 0) {
    return Error{ErrorId::kFileUnavailable, pem.string(), std::generic_category().message(errno)};
  }
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return BadPem(pem, "only the gateway's user may read the audit key: chmod 600");
  }
  const BioPointer bio(BIO_new_file(pem.c_str(), "r"));
  if (!bio) return Error{ErrorId::kFileUnavailable, pem.string(), "check that it can be read"};
  KeyPointer key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, const_cast<char*>("")));
  if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_ED25519) {
    return BadPem(pem, "give an Ed25519 private key in PEM, without a passphrase");
  }
  return key;
}

bool WriteAndSync(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(file) == 0;
}

base::Result<void> WritePem(EVP_PKEY* key, const std::filesystem::path& pem) {
  const BioPointer bio(BIO_new(BIO_s_mem()));
  if (PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return Error{ErrorId::kInternal, pem.string(), "the key could not be encoded"};
  }
  char* text = nullptr;
  const long length = BIO_get_mem_data(bio.get(), &text);
  const int file = ::open(pem.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0)
    return Error{ErrorId::kFileUnavailable, pem.string(), std::generic_category().message(errno)};
  const bool written = WriteAndSync(file, {text, static_cast<std::size_t>(length)});
  ::close(file);
  if (!written)
    return Error{ErrorId::kFileUnavailable, pem.string(), "the key was not written whole"};
  return {};
}

}  // namespace

VerifierKey::VerifierKey(std::string name, const PublicKey& key)
    : name_(std::move(name)), key_(key), id_(KeyId(name_, key)) {}

base::Result<VerifierKey> VerifierKey::Parse(std::string_view vkey) {
  const Error wrong{ErrorId::kArgumentInvalid, "verifier key",
                    "give name+hash+key of an Ed25519 key as in c2sp.org/signed-note"};
  const std::size_t first = vkey.find('+');
  const std::size_t second = vkey.find('+', first == vkey.npos ? first : first + 1);
  if (second == vkey.npos || !IsName(vkey.substr(0, first))) return wrong;
  const auto typed = base::FromBase64(vkey.substr(second + 1));
  if (!typed || typed->size() != 33 || typed->front() != kEd25519) return wrong;
  PublicKey key{};
  std::memcpy(key.data(), typed->data() + 1, key.size());
  VerifierKey parsed(std::string(vkey.substr(0, first)), key);
  if (vkey.substr(first + 1, second - first - 1) != HexOf(parsed.id_)) return wrong;
  return parsed;
}

std::string VerifierKey::ToString() const {
  return name_ + "+" + HexOf(id_) + "+" + base::ToBase64(TypedKey(key_));
}

bool VerifierKey::Verify(std::string_view text, std::string_view signature) const {
  const KeyPointer key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key_.data(), key_.size()));
  const ContextPointer context(EVP_MD_CTX_new());
  return key && context &&
         EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), Raw(signature), signature.size(), Raw(text),
                          text.size()) == 1;
}

class SigningKey::Secret {
 public:
  explicit Secret(KeyPointer key) : key_(std::move(key)) {}
  EVP_PKEY* get() const { return key_.get(); }

 private:
  KeyPointer key_;
};

SigningKey::SigningKey(std::unique_ptr<Secret> secret, VerifierKey verifier)
    : secret_(std::move(secret)), verifier_(std::move(verifier)) {}
SigningKey::SigningKey(SigningKey&&) noexcept = default;
SigningKey& SigningKey::operator=(SigningKey&&) noexcept = default;
SigningKey::~SigningKey() = default;

base::Result<SigningKey> SigningKey::From(std::unique_ptr<Secret> secret, std::string_view name) {
  if (!IsName(name)) {
    return Error{ErrorId::kArgumentInvalid, "audit origin",
                 "use visible ASCII without space and plus, such as milecastle.example/audit"};
  }
  PublicKey key{};
  std::size_t length = key.size();
  if (EVP_PKEY_get_raw_public_key(secret->get(), key.data(), &length) != 1) {
    return Error{ErrorId::kInternal, "audit key", "the public half could not be read"};
  }
  return SigningKey(std::move(secret), VerifierKey(std::string(name), key));
}

base::Result<SigningKey> SigningKey::Load(const std::filesystem::path& pem, std::string_view name) {
  auto key = ReadPem(pem);
  if (!key) return key.error();
  return From(std::make_unique<Secret>(std::move(*key)), name);
}

base::Result<SigningKey> SigningKey::Generate(const std::filesystem::path& pem,
                                              std::string_view name) {
  KeyPointer key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  if (!key) return Error{ErrorId::kInternal, "audit key", "OpenSSL made no key"};
  auto made = From(std::make_unique<Secret>(std::move(key)), name);
  if (!made) return made;
  const auto written = WritePem(made->secret_->get(), pem);
  if (!written) return written.error();
  return made;
}

base::Result<SigningKey> SigningKey::LoadOrGenerate(const std::filesystem::path& pem,
                                                    std::string_view name) {
  std::error_code ignored;
  return std::filesystem::exists(pem, ignored) ? Load(pem, name) : Generate(pem, name);
}

Signature SigningKey::Sign(std::string_view text) const {
  Signature signature{};
  std::size_t length = signature.size();
  const ContextPointer context(EVP_MD_CTX_new());
  // Fails only without memory: a log that cannot sign must not go on.
  if (!context ||
      EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, secret_->get()) != 1 ||
      EVP_DigestSign(context.get(), signature.data(), &length, Raw(text), text.size()) != 1) {
    std::abort();
  }
  return signature;
}

}  // namespace milecastle::audit
