#include "inside/tls.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <array>
#include <ctime>
#include <memory>
#include <utility>

#include "base/config.h"

namespace milecastle::https {
namespace {

// Those of the gateway's listeners (ingress/tls_material.h).
constexpr const char* kSuites12 = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr int kSecurityLevel = 2;
constexpr int kDeepestChain = 5;

base::Error WrongFile(const std::filesystem::path& file, const char* advice) {
  ERR_clear_error();
  return {base::ErrorId::kCertificateInvalid, file.string(), advice};
}

// A list that is past its next update refuses everybody: there is no grace here, for nobody's care
// waits for the next list longer than for a source that is down.
base::Result<void> AddLists(SSL_CTX* tls, const std::vector<std::filesystem::path>& files) {
  X509_STORE* const store = SSL_CTX_get_cert_store(tls);
  for (const auto& file : files) {
    const auto bytes = base::ReadFile(file);
    if (!bytes) return WrongFile(file, "put the other side's revocation list here, in PEM");
    const std::unique_ptr<BIO, decltype(&BIO_free_all)> input(
        BIO_new_mem_buf(bytes->data(), static_cast<int>(bytes->size())), &BIO_free_all);
    std::size_t lists = 0;
    while (X509_CRL* list = PEM_read_bio_X509_CRL(input.get(), nullptr, nullptr, nullptr)) {
      X509_STORE_add_crl(store, list);
      X509_CRL_free(list);
      ++lists;
    }
    ERR_clear_error();
    if (lists == 0) return WrongFile(file, "holds no revocation list in PEM");
  }
  if (!files.empty())
    X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
  return {};
}

base::Result<void> UseCertificate(SSL_CTX* tls, const TlsFiles& files) {
  if (SSL_CTX_use_certificate_chain_file(tls, files.certificate.c_str()) != 1) {
    return WrongFile(files.certificate, "put our certificate for this place here, in PEM");
  }
  if (SSL_CTX_use_PrivateKey_file(tls, files.key.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(tls) != 1) {
    return WrongFile(files.key, "put the certificate's own key here, in PEM, without a passphrase");
  }
  return {};
}

}  // namespace

Tls::Tls(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {
  std::tm parts{};
  const X509* const own = SSL_CTX_get0_certificate(inside_->context.native_handle());
  if (own == nullptr) {
    ends_ = base::Instant::max();
  } else if (ASN1_TIME_to_tm(X509_get0_notAfter(own), &parts) == 1) {
    ends_ = base::Instant(std::chrono::seconds(timegm(&parts)));
  }
}
Tls::~Tls() = default;

base::Result<std::shared_ptr<const Tls>> Tls::Load(const TlsFiles& files) {
  auto inside = std::make_unique<Inside>();
  SSL_CTX* const tls = inside->context.native_handle();
  if (SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_cipher_list(tls, kSuites12) != 1) {
    return base::Error{base::ErrorId::kInternal, "OpenSSL", "it lacks what TLS needs here"};
  }
  SSL_CTX_set_security_level(tls, kSecurityLevel);
  SSL_CTX_set_verify(tls, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_verify_depth(tls, kDeepestChain);
  SSL_CTX_set_session_cache_mode(tls, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(tls, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  // Without a callback OpenSSL would ask for a passphrase on the terminal.
  SSL_CTX_set_default_passwd_cb(tls, [](char*, int, int, void*) { return 0; });
  if (SSL_CTX_load_verify_file(tls, files.authority.c_str()) != 1) {
    return WrongFile(files.authority, "put the other side's authority here, in PEM");
  }
  if (!files.certificate.empty()) {
    if (auto used = UseCertificate(tls, files); !used) return used.error();
  }
  if (auto added = AddLists(tls, files.revocation_lists); !added) return added.error();
  return std::shared_ptr<const Tls>(new Tls(std::move(inside)));
}

// A name goes into the handshake too (SNI), an address may not (RFC 6066 section 3).
bool Expect(SSL* session, const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> address{};
  const bool numeric = ::inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
                       ::inet_pton(AF_INET6, host.c_str(), address.data()) == 1;
  if (numeric) return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host.c_str()) == 1;
  SSL_set_hostflags(session, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return SSL_set1_host(session, host.c_str()) == 1 &&
         SSL_set_tlsext_host_name(session, host.c_str()) == 1;
}

}  // namespace milecastle::https
