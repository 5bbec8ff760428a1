#include "ingress/tls_material.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <optional>

#include "base/config.h"
#include "inside/material.h"
#include "inside/stream.h"

namespace milecastle::ingress {
namespace {

using Path = std::filesystem::path;

constexpr const char* kSuites12 = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr const char* kSuites13 =
    "TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256";
constexpr const char* kGroups = "X25519:P-256:P-384";
constexpr int kSecurityLevel = 2;
constexpr int kDeepestChain = 5;
constexpr long kLargestChainBytes = 64L * 1024;
constexpr std::size_t kReadBytes = std::size_t{32} * 1024;
constexpr auto kAlarmFrom = std::chrono::hours(24 * 30);

base::Error Refused(const Path& file, std::string advice) {
  return {base::ErrorId::kCertificateInvalid, file.string(), std::move(advice)};
}

base::Result<Certificates> ReadCertificates(const Path& file) {
  const auto bytes = base::ReadFile(file);
  if (!bytes) return Refused(file, "put PEM certificates here, or correct the path");
  const BioPtr input(BIO_new_mem_buf(bytes->data(), static_cast<int>(bytes->size())));
  Certificates certificates;
  while (X509* one = PEM_read_bio_X509(input.get(), nullptr, nullptr, nullptr)) {
    certificates.emplace_back(one);
  }
  // The loop ends well only at the end of the file; half a certificate is an error.
  const bool whole = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (certificates.empty() || !whole)
    return Refused(file, "holds no, or a damaged, PEM certificate");
  return certificates;
}

base::Result<KeyPtr> ReadKey(const Path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) == 0 && (status.st_mode & S_IROTH) != 0) {
    return Refused(file, "everybody on this machine may read this key: chmod 600");
  }
  const auto bytes = base::ReadFile(file);
  if (!bytes) return Refused(file, "put the PEM private key here, or correct the path");
  const BioPtr input(BIO_new_mem_buf(bytes->data(), static_cast<int>(bytes->size())));
  // Without a callback OpenSSL would ask for a passphrase on the terminal.
  const auto no_passphrase = [](char*, int, int, void*) { return 0; };
  KeyPtr key(PEM_read_bio_PrivateKey(input.get(), nullptr, no_passphrase, nullptr));
  ERR_clear_error();
  if (!key) return Refused(file, "holds no PEM private key, or one with a passphrase");
  return key;
}

int VerifyClient(X509_STORE_CTX* verification, void* material) {
  const int fault = static_cast<const TlsMaterial::Inside*>(material)->Verify(verification);
  X509_STORE_CTX_set_error(verification, fault);
  return fault == X509_V_OK ? 1 : 0;
}

SslContextPtr NewContext() {
  SslContextPtr context(SSL_CTX_new(TLS_server_method()));
  SSL_CTX* const tls = context.get();
  const bool set = SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION) == 1 &&
                   SSL_CTX_set_cipher_list(tls, kSuites12) == 1 &&
                   SSL_CTX_set_ciphersuites(tls, kSuites13) == 1 &&
                   SSL_CTX_set1_groups_list(tls, kGroups) == 1 &&
                   SSL_CTX_set_num_tickets(tls, 0) == 1;
  if (!set) return nullptr;
  SSL_CTX_set_security_level(tls, kSecurityLevel);
  SSL_CTX_set_options(tls, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                               SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_session_cache_mode(tls, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_verify_depth(tls, kDeepestChain);
  SSL_CTX_set_max_cert_list(tls, kLargestChainBytes);
  SSL_CTX_set_mode(tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_read_ahead(tls, 1);  // one read of the socket for many records
  SSL_CTX_set_default_read_buffer_len(tls, kReadBytes);
  Stream::PrepareAlpn(tls);
  return context;
}

base::Result<void> UseOwnCertificate(TlsMaterial::Inside& inside, const TlsOptions& options) {
  SSL_CTX* const tls = inside.context.get();
  auto chain = ReadCertificates(options.certificate);
  if (!chain) return chain.error();
  auto key = ReadKey(options.key);
  if (!key) return key.error();
  for (std::size_t i = 0; i < chain->size(); ++i) {
    X509* const one = (*chain)[i].get();
    const base::Instant end = InstantOf(X509_get0_notAfter(one));
    if (end <= inside.clock->Now()) return Refused(options.certificate, "has ended: renew it");
    inside.watched.push_back({CertificateEnd::Use::kServer, options.certificate.string(), end});
    const auto used =
        i == 0 ? SSL_CTX_use_certificate(tls, one) : SSL_CTX_add1_chain_cert(tls, one);
    if (used != 1) return Refused(options.certificate, "is too weak: use EC P-256 or RSA 2048");
  }
  if (SSL_CTX_use_PrivateKey(tls, key->get()) != 1 || SSL_CTX_check_private_key(tls) != 1) {
    return Refused(options.key, "is not the key of the certificate, which must come first");
  }
  return {};
}

base::Result<Certificates> UseAuthorities(TlsMaterial::Inside& inside, const TlsOptions& options) {
  Certificates all;
  SSL_CTX* const tls = inside.context.get();
  for (const Path& file : options.client_authorities) {
    auto some = ReadCertificates(file);
    if (!some) return some.error();
    for (CertificatePtr& authority : *some) {
      if (X509_check_ca(authority.get()) != 1) {
        return Refused(file, "is not an authority (basicConstraints CA:TRUE is missing)");
      }
      X509_STORE_add_cert(SSL_CTX_get_cert_store(tls), authority.get());
      SSL_CTX_add_client_CA(tls, authority.get());
      inside.watched.push_back({CertificateEnd::Use::kClientAuthority, file.string(),
                                InstantOf(X509_get0_notAfter(authority.get()))});
      all.push_back(std::move(authority));
    }
  }
  if (all.empty()) return Refused("client authorities", "name at least one file");
  return all;
}

base::Result<void> UseRevocations(TlsMaterial::Inside& inside, const TlsOptions& options,
                                  const Certificates& authorities) {
  for (const Path& file : options.revocation_lists) {
    auto added = inside.revocations.Add(file, authorities, inside.clock->Now());
    if (!added) return added;
  }
  for (const CertificatePtr& authority : authorities) {
    if (!inside.revocations.HasListOf(authority.get())) {
      return Refused("revocation lists", "a client authority has none: add its list");
    }
  }
  return {};
}

}  // namespace

TlsMaterial::TlsMaterial(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
TlsMaterial::~TlsMaterial() = default;

base::Result<std::shared_ptr<const TlsMaterial>> TlsMaterial::Load(const TlsOptions& options,
                                                                   const base::Clock& clock) {
  auto inside = std::make_unique<Inside>(options.revocation_grace, clock);
  inside->context = NewContext();
  if (!inside->context) {
    return base::Error{base::ErrorId::kInternal, "OpenSSL", "it lacks a suite that TLS needs here"};
  }
  if (auto used = UseOwnCertificate(*inside, options); !used) return used.error();
  const auto authorities = UseAuthorities(*inside, options);
  if (!authorities) return authorities.error();
  if (auto used = UseRevocations(*inside, options, *authorities); !used) return used.error();

  SSL_CTX_set_verify(inside->context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                     nullptr);
  SSL_CTX_set_cert_verify_callback(inside->context.get(), &VerifyClient, inside.get());
  return std::shared_ptr<const TlsMaterial>(new TlsMaterial(std::move(inside)));
}

base::Result<void> TlsMaterial::MayFollow(const TlsMaterial& before) const {
  return inside_->revocations.CheckNoneIsOlder(before.inside_->revocations);
}

const std::vector<CertificateEnd>& TlsMaterial::Ends() const { return inside_->watched; }

std::vector<TlsAlarm> TlsMaterial::Alarms() const {
  using std::chrono::duration_cast;
  using std::chrono::seconds;
  const base::Instant now = inside_->clock->Now();
  std::vector<TlsAlarm> alarms;
  for (const auto& [use, place, end] : inside_->watched) {
    if (end - now > kAlarmFrom) continue;
    alarms.push_back(
        {TlsAlarm::Kind::kCertificateExpiring, place, duration_cast<seconds>(end - now)});
  }
  for (const auto& [place, next_update] : inside_->revocations.StaleAt(now)) {
    alarms.push_back(
        {TlsAlarm::Kind::kRevocationListStale, place, duration_cast<seconds>(next_update - now)});
  }
  return alarms;
}

}  // namespace milecastle::ingress
