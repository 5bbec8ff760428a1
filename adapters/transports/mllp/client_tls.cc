#include "inside/client_tls.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <array>
#include <utility>

namespace milecastle::mllp {
namespace {

using base::Error;
using base::ErrorId;

// Those of the gateway's listeners (ingress/tls_material.h).
constexpr const char* kSuites12 = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr int kSecurityLevel = 2;

Error WrongFile(const std::filesystem::path& file, const char* advice) {
  ERR_clear_error();
  return {ErrorId::kCertificateInvalid, file.string(), advice};
}

Error NoTls() { return {ErrorId::kInternal, "OpenSSL", "it lacks what TLS needs here"}; }

// A name goes into the handshake too (SNI), an address may not (RFC 6066 section 3).
bool Expect(SSL* session, const std::string& server_name) {
  std::array<unsigned char, sizeof(in6_addr)> address{};
  const bool numeric = ::inet_pton(AF_INET, server_name.c_str(), address.data()) == 1 ||
                       ::inet_pton(AF_INET6, server_name.c_str(), address.data()) == 1;
  if (numeric) {
    return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), server_name.c_str()) == 1;
  }
  SSL_set_hostflags(session, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return SSL_set1_host(session, server_name.c_str()) == 1 &&
         SSL_set_tlsext_host_name(session, server_name.c_str()) == 1;
}

}  // namespace

base::Result<ClientTls::Context> ClientTls::ContextOf(const TlsFiles& files) {
  Context context(SSL_CTX_new(TLS_client_method()));
  SSL_CTX* const tls = context.get();
  if (!context || SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_cipher_list(tls, kSuites12) != 1) {
    return NoTls();
  }
  SSL_CTX_set_security_level(tls, kSecurityLevel);
  SSL_CTX_set_verify(tls, SSL_VERIFY_PEER, nullptr);
  // Without a callback OpenSSL would ask for a passphrase on the terminal.
  SSL_CTX_set_default_passwd_cb(tls, [](char*, int, int, void*) { return 0; });
  if (SSL_CTX_load_verify_file(tls, files.authority.c_str()) != 1) {
    return WrongFile(files.authority, "put the listener's authority here, in PEM");
  }
  if (SSL_CTX_use_certificate_chain_file(tls, files.certificate.c_str()) != 1) {
    return WrongFile(files.certificate, "put this sender's certificate here, in PEM");
  }
  if (SSL_CTX_use_PrivateKey_file(tls, files.key.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(tls) != 1) {
    return WrongFile(files.key, "put the certificate's own key here, in PEM, without a passphrase");
  }
  return context;
}

base::Result<std::unique_ptr<ClientTls>> ClientTls::Make(const TlsFiles& files,
                                                         const std::string& server_name) {
  auto context = ContextOf(files);
  if (!context) return context.error();
  Session session(SSL_new(context->get()));
  if (!session || !Expect(session.get(), server_name)) return NoTls();
  BIO* const in = BIO_new(BIO_s_mem());
  BIO* const out = BIO_new(BIO_s_mem());
  SSL_set_bio(session.get(), in, out);
  SSL_set_connect_state(session.get());
  return std::unique_ptr<ClientTls>(new ClientTls(std::move(session)));
}

Error ClientTls::FaultOf() const {
  ERR_clear_error();
  const long fault = SSL_get_verify_result(session_.get());
  if (fault != X509_V_OK) {  // in OpenSSL's constant words
    return {ErrorId::kUnauthenticated, "the listener's certificate",
            std::string(X509_verify_cert_error_string(fault)) +
                ": check --ca and the name, which may be said by --server-name"};
  }
  return {ErrorId::kUnauthenticated, "TLS",
          "the listener refused: check that it does TLS, and that this certificate is one of its "
          "feed's, in force and not revoked"};
}

base::Result<bool> ClientTls::Handshake() {
  ERR_clear_error();
  const int result = SSL_do_handshake(session_.get());
  if (result == 1) return true;
  if (SSL_get_error(session_.get(), result) == SSL_ERROR_WANT_READ) return false;
  return FaultOf();
}

base::Result<void> ClientTls::Encrypt(std::string_view plain) {
  ERR_clear_error();
  std::size_t written = 0;
  if (plain.empty()) return {};
  if (SSL_write_ex(session_.get(), plain.data(), plain.size(), &written) != 1) return FaultOf();
  return {};
}

base::Result<std::optional<std::string>> ClientTls::Decrypt() {
  ERR_clear_error();
  std::array<char, 16384> chunk{};
  std::size_t read = 0;
  const int result = SSL_read_ex(session_.get(), chunk.data(), chunk.size(), &read);
  if (result == 1) return std::optional<std::string>(std::in_place, chunk.data(), read);
  switch (SSL_get_error(session_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return std::optional<std::string>();
    case SSL_ERROR_ZERO_RETURN:
      return std::optional<std::string>(std::in_place);
    default:
      return FaultOf();
  }
}

void ClientTls::Finish() {
  SSL_shutdown(session_.get());
  ERR_clear_error();
}

void ClientTls::Feed(std::string_view received) {
  BIO_write(SSL_get_rbio(session_.get()), received.data(), static_cast<int>(received.size()));
}

std::string ClientTls::TakeOutgoing() {
  BIO* const out = SSL_get_wbio(session_.get());
  std::string bytes(BIO_ctrl_pending(out), '\0');
  if (!bytes.empty()) BIO_read(out, bytes.data(), static_cast<int>(bytes.size()));
  return bytes;
}

}  // namespace milecastle::mllp
