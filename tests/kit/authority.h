// A certificate authority for tests: certificates of every kind that must be let in or kept out,
// and revocation lists. Keys are EC P-256 unless a test asks for worse.
//
// Thread-safety: one thread. Failure: what OpenSSL cannot make ends the test program.
#pragma once

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdlib>
#include <ctime>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace milecastle::kit {

using Certificate = std::shared_ptr<X509>;
using Key = std::shared_ptr<EVP_PKEY>;

inline Key NewKey() { return {EVP_EC_gen("P-256"), &EVP_PKEY_free}; }
inline Key NewWeakKey() { return {EVP_RSA_gen(1024), &EVP_PKEY_free}; }

struct Leaf {
  std::string organisation = "RXX";  // empty: left out
  std::string system = "epr";
  std::string usage = "clientAuth";                  // extendedKeyUsage; empty: left out
  std::string names = "DNS:localhost,IP:127.0.0.1";  // subjectAltName; empty: left out
  std::string constraints = "critical,CA:FALSE";     // basicConstraints
  std::string unknown_critical;                      // an OID that nobody knows
  long from = -3600;                                 // seconds from now
  long until = 86400;
  const EVP_MD* digest = EVP_sha256();
  Key key = NewKey();
};

struct Issued {
  Certificate certificate;
  Key key;

  std::string CertificatePem() const {
    BIO* out = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(out, certificate.get());
    return Taken(out);
  }
  std::string KeyPem() const {
    BIO* out = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    return Taken(out);
  }
  static std::string Taken(BIO* out) {
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(out, &bytes);
    std::string text(bytes, static_cast<std::size_t>(size));
    BIO_free(out);
    return text;
  }
};

struct ListTimes {
  long this_update = -3600;  // seconds from now
  long next_update = 86400;
};

class Authority {
 public:
  explicit Authority(std::string name = "Trial Authority") : name_(std::move(name)) {
    Leaf self;
    self.organisation = "";
    self.system = name_;
    self.usage = "";
    self.names = "";
    self.constraints = "critical,CA:TRUE";
    self.until = 400L * 86400;
    self_ = Make(self, nullptr);
  }

  const Issued& self() const { return self_; }
  std::string Pem() const { return self_.CertificatePem(); }

  Issued Issue(const Leaf& leaf) const { return Make(leaf, &self_); }
  // An authority under this one.
  Authority Subordinate(const std::string& name, const std::string& constraints) const {
    Leaf leaf;
    leaf.organisation = "";
    leaf.system = name;
    leaf.usage = "";
    leaf.names = "";
    leaf.constraints = constraints;
    leaf.until = 400L * 86400;
    return Authority(name, Make(leaf, &self_));
  }

  // A revocation list that holds these certificates.
  std::string List(const std::vector<Certificate>& revoked, ListTimes times = {}) const {
    X509_CRL* list = Begun(times);
    for (const Certificate& one : revoked) Revoke(list, X509_get0_serialNumber(one.get()));
    return Signed(list);
  }
  // One with `count` serial numbers of nobody.
  std::string LongList(int count) const {
    X509_CRL* list = Begun({});
    for (int i = 1; i <= count; ++i) {
      ASN1_INTEGER* serial = ASN1_INTEGER_new();
      ASN1_INTEGER_set(serial, i);
      Revoke(list, serial);
      ASN1_INTEGER_free(serial);
    }
    return Signed(list);
  }

 private:
  Authority(std::string name, Issued self) : name_(std::move(name)), self_(std::move(self)) {}

  static void AddText(X509_NAME* name, const char* field, const std::string& text) {
    if (text.empty()) return;
    X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(text.data()),
                               static_cast<int>(text.size()), -1, 0);
  }

  static void Extend(X509* certificate, X509* issuer, int kind, const std::string& value) {
    if (value.empty()) return;
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    if (extension == nullptr) std::abort();
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
  }

  static void ExtendUnknown(X509* certificate, const std::string& oid) {
    if (oid.empty()) return;
    ASN1_OBJECT* object = OBJ_txt2obj(oid.c_str(), 1);
    ASN1_OCTET_STRING* value = ASN1_OCTET_STRING_new();
    ASN1_OCTET_STRING_set(value, reinterpret_cast<const unsigned char*>("\x05\x00"), 2);
    X509_EXTENSION* extension = X509_EXTENSION_create_by_OBJ(nullptr, object, 1, value);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
    ASN1_OCTET_STRING_free(value);
    ASN1_OBJECT_free(object);
  }

  // Without an issuer: signed by its own key.
  static Issued Make(const Leaf& leaf, const Issued* issuer) {
    Issued made{{X509_new(), &X509_free}, leaf.key};
    X509* const certificate = made.certificate.get();
    X509_set_version(certificate, X509_VERSION_3);
    BIGNUM* serial = BN_new();
    BN_rand(serial, 120, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY);
    BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(certificate));
    BN_free(serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate), leaf.from);
    X509_gmtime_adj(X509_getm_notAfter(certificate), leaf.until);
    X509_set_pubkey(certificate, leaf.key.get());
    AddText(X509_get_subject_name(certificate), "O", leaf.organisation);
    AddText(X509_get_subject_name(certificate), "CN", leaf.system);
    X509* const parent = issuer == nullptr ? certificate : issuer->certificate.get();
    X509_set_issuer_name(certificate, X509_get_subject_name(parent));
    Extend(certificate, parent, NID_basic_constraints, leaf.constraints);
    const bool authority = leaf.constraints.find("CA:TRUE") != std::string::npos;
    Extend(certificate, parent, NID_key_usage,
           authority ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature");
    Extend(certificate, parent, NID_ext_key_usage, leaf.usage);
    Extend(certificate, parent, NID_subject_alt_name, leaf.names);
    ExtendUnknown(certificate, leaf.unknown_critical);
    X509_sign(certificate, issuer == nullptr ? leaf.key.get() : issuer->key.get(), leaf.digest);
    return made;
  }

  X509_CRL* Begun(ListTimes times) const {
    X509_CRL* list = X509_CRL_new();
    X509_CRL_set_version(list, X509_CRL_VERSION_2);
    X509_CRL_set_issuer_name(list, X509_get_subject_name(self_.certificate.get()));
    ASN1_TIME* when = ASN1_TIME_new();
    X509_gmtime_adj(when, times.this_update);
    X509_CRL_set1_lastUpdate(list, when);
    X509_gmtime_adj(when, times.next_update);
    X509_CRL_set1_nextUpdate(list, when);
    ASN1_TIME_free(when);
    return list;
  }

  static void Revoke(X509_CRL* list, const ASN1_INTEGER* serial) {
    X509_REVOKED* line = X509_REVOKED_new();
    X509_REVOKED_set_serialNumber(line, const_cast<ASN1_INTEGER*>(serial));
    ASN1_TIME* when = X509_gmtime_adj(nullptr, -60);
    X509_REVOKED_set_revocationDate(line, when);
    ASN1_TIME_free(when);
    X509_CRL_add0_revoked(list, line);
  }

  std::string Signed(X509_CRL* list) const {
    X509_CRL_sort(list);
    X509_CRL_sign(list, self_.key.get(), EVP_sha256());
    BIO* out = BIO_new(BIO_s_mem());
    PEM_write_bio_X509_CRL(out, list);
    X509_CRL_free(list);
    return Issued::Taken(out);
  }

  std::string name_;
  Issued self_;
};

}  // namespace milecastle::kit
