#include "inside/revocation.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>

#include "base/config.h"

namespace milecastle::ingress {
namespace {

constexpr auto kClockSkew = std::chrono::minutes(5);

base::Digest KeyDigest(X509* authority) {
  base::Digest digest{};
  unsigned int length = 0;
  X509_pubkey_digest(authority, EVP_sha256(), digest.data(), &length);
  return digest;
}

std::string SerialOf(const ASN1_INTEGER* serial) {
  // The sign is part of an INTEGER's identity, if not of any serial that an authority should issue.
  std::string bytes(ASN1_STRING_type(serial) == V_ASN1_NEG_INTEGER ? "-" : "+");
  bytes.append(reinterpret_cast<const char*>(ASN1_STRING_get0_data(serial)),
               static_cast<std::size_t>(ASN1_STRING_length(serial)));
  return bytes;
}

bool HasCriticalExtension(const X509_CRL* list) {
  for (int i = 0; i < X509_CRL_get_ext_count(list); ++i) {
    if (X509_EXTENSION_get_critical(X509_CRL_get_ext(list, i)) != 0) return true;
  }
  return X509_CRL_get_ext_by_NID(list, NID_delta_crl, -1) >= 0;
}

X509* SignerOf(X509_CRL* list, const Certificates& authorities) {
  for (const CertificatePtr& authority : authorities) {
    if (X509_NAME_cmp(X509_CRL_get_issuer(list), X509_get_subject_name(authority.get())) != 0) {
      continue;
    }
    if ((X509_get_key_usage(authority.get()) & KU_CRL_SIGN) == 0) continue;
    if (X509_CRL_verify(list, X509_get0_pubkey(authority.get())) == 1) return authority.get();
  }
  return nullptr;
}

base::Error Refused(const std::string& place, std::string advice) {
  return {base::ErrorId::kCertificateInvalid, place, std::move(advice)};
}

std::vector<RevocationListPtr> Decode(const std::string& bytes) {
  std::vector<RevocationListPtr> lists;
  const BioPtr input(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
  if (!bytes.starts_with("\x30")) {
    while (X509_CRL* list = PEM_read_bio_X509_CRL(input.get(), nullptr, nullptr, nullptr)) {
      lists.emplace_back(list);
    }
  } else if (X509_CRL* list = d2i_X509_CRL_bio(input.get(), nullptr)) {
    lists.emplace_back(list);
  }
  ERR_clear_error();
  return lists;
}

}  // namespace

base::Result<void> Revocations::Add(const std::filesystem::path& file,
                                    const Certificates& authorities, base::Instant now) {
  const auto bytes = base::ReadFile(file);
  if (!bytes) {
    return Refused(file.string(), "put the authority's revocation list here, or correct the path");
  }
  const auto lists = Decode(*bytes);
  if (lists.empty()) return Refused(file.string(), "holds no revocation list in PEM or DER");
  for (const RevocationListPtr& list : lists) {
    if (auto added = AddOne(list.get(), file.string(), authorities, now); !added) return added;
  }
  return {};
}

base::Result<void> Revocations::AddOne(X509_CRL* list, const std::string& place,
                                       const Certificates& authorities, base::Instant now) {
  if (HasCriticalExtension(list)) {
    return Refused(place, "a delta, partial or indirect list: fetch the authority's complete one");
  }
  X509* const signer = SignerOf(list, authorities);
  if (signer == nullptr) {
    return Refused(place, "not signed by a client authority that may sign lists");
  }
  if (X509_CRL_get0_nextUpdate(list) == nullptr) {
    return Refused(place, "has no next update; RFC 5280 section 5.1.2.5 requires one");
  }
  List entry{place,
             InstantOf(X509_CRL_get0_lastUpdate(list)),
             InstantOf(X509_CRL_get0_nextUpdate(list)),
             {}};
  if (entry.this_update > now + kClockSkew) {
    return Refused(place, "is dated in the future: check this machine's clock and the list");
  }
  STACK_OF(X509_REVOKED)* const revoked = X509_CRL_get_REVOKED(list);
  const int count = sk_X509_REVOKED_num(revoked);
  entry.revoked.reserve(static_cast<std::size_t>(std::max(count, 0)));
  for (int i = 0; i < count; ++i) {
    entry.revoked.insert(
        SerialOf(X509_REVOKED_get0_serialNumber(sk_X509_REVOKED_value(revoked, i))));
  }
  const auto [place_of, fresh] = lists_.try_emplace(KeyDigest(signer), entry);
  if (!fresh && place_of->second.this_update < entry.this_update) {
    place_of->second = std::move(entry);
  }
  return {};
}

bool Revocations::HasListOf(X509* authority) const { return lists_.contains(KeyDigest(authority)); }

base::Result<void> Revocations::CheckNoneIsOlder(const Revocations& before) const {
  for (const auto& [authority, list] : lists_) {
    const auto known = before.lists_.find(authority);
    if (known == before.lists_.end() || list.this_update >= known->second.this_update) continue;
    return Refused(list.place, "older than the list in use: fetch the authority's newest one");
  }
  return {};
}

int Revocations::FaultOf(X509* certificate, X509* issuer, base::Instant now) const {
  const auto found = lists_.find(KeyDigest(issuer));
  if (found == lists_.end()) return X509_V_ERR_UNABLE_TO_GET_CRL;
  if (found->second.revoked.contains(SerialOf(X509_get0_serialNumber(certificate)))) {
    return X509_V_ERR_CERT_REVOKED;
  }
  if (now > found->second.next_update + grace_) return X509_V_ERR_CRL_HAS_EXPIRED;
  return X509_V_OK;
}

std::vector<Revocations::Staleness> Revocations::StaleAt(base::Instant now) const {
  std::vector<Staleness> stale;
  for (const auto& [issuer, list] : lists_) {
    if (now > list.next_update) stale.push_back({list.place, list.next_update});
  }
  return stale;
}

}  // namespace milecastle::ingress
