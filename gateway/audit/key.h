// The Ed25519 key that signs checkpoints and tombstones, and its public half in the C2SP vkey form
// `name+hash+base64` (c2sp.org/signed-note@v1.0.0, "Verifier keys").
//
// A private key never leaves SigningKey, and is kept in a PEM file that only its owner can read.
// Thread-safety: all functions are const and may be called from any thread.
// Failure: kFileUnavailable for a file that cannot be read or written, kCertificateInvalid for one
// that holds no Ed25519 key or that others can read, kArgumentInvalid for a name or vkey that is
// none.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace milecastle::audit {

using Signature = std::array<std::uint8_t, 64>;
using PublicKey = std::array<std::uint8_t, 32>;

class VerifierKey {
 public:
  static base::Result<VerifierKey> Parse(std::string_view vkey);

  const std::string& name() const { return name_; }
  std::uint32_t id() const { return id_; }
  std::string ToString() const;  // the vkey

  bool Verify(std::string_view text, std::string_view signature) const;

 private:
  friend class SigningKey;
  VerifierKey(std::string name, const PublicKey& key);

  std::string name_;
  PublicKey key_;
  std::uint32_t id_;
};

class SigningKey {
 public:
  // `name` is the log's origin, e.g. "milecastle.example/north/audit": not empty, and without
  // space, plus sign or control character.
  static base::Result<SigningKey> Load(const std::filesystem::path& pem, std::string_view name);
  // Makes a new key and its file (mode 0600). A file that is there already is never overwritten.
  static base::Result<SigningKey> Generate(const std::filesystem::path& pem, std::string_view name);
  // Load where the file is there, else Generate.
  static base::Result<SigningKey> LoadOrGenerate(const std::filesystem::path& pem,
                                                 std::string_view name);

  SigningKey(SigningKey&&) noexcept;
  SigningKey& operator=(SigningKey&&) noexcept;
  ~SigningKey();

  const std::string& name() const { return verifier_.name(); }
  const VerifierKey& verifier() const { return verifier_; }
  Signature Sign(std::string_view text) const;

 private:
  class Secret;
  SigningKey(std::unique_ptr<Secret> secret, VerifierKey verifier);
  static base::Result<SigningKey> From(std::unique_ptr<Secret> secret, std::string_view name);

  std::unique_ptr<Secret> secret_;
  VerifierKey verifier_;
};

}  // namespace milecastle::audit
