#include "inside/identity.h"

#include <openssl/x509v3.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace milecastle::ingress {
namespace {

constexpr std::string_view kOrganisationUri = "urn:milecastle:ods:";
constexpr std::size_t kLongestName = 64;

// The one value of this attribute, in printable ASCII: anything else could be shown as what it is
// not, in a log or on an officer's screen.
std::optional<std::string> OnlyValue(X509_NAME* subject, int attribute) {
  const int first = X509_NAME_get_index_by_NID(subject, attribute, -1);
  if (first < 0 || X509_NAME_get_index_by_NID(subject, attribute, first) >= 0) return std::nullopt;
  const ASN1_STRING* value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, first));
  std::string text(reinterpret_cast<const char*>(ASN1_STRING_get0_data(value)),
                   static_cast<std::size_t>(ASN1_STRING_length(value)));
  const bool printable =
      std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
  if (text.empty() || text.size() > kLongestName || !printable) return std::nullopt;
  return text;
}

bool NamesOtherOrganisation(const GENERAL_NAME* name, const record::OdsCode& organisation) {
  if (name->type != GEN_URI) return false;
  const ASN1_IA5STRING* uri = name->d.uniformResourceIdentifier;
  const std::string_view text(reinterpret_cast<const char*>(ASN1_STRING_get0_data(uri)),
                              static_cast<std::size_t>(ASN1_STRING_length(uri)));
  if (!text.starts_with(kOrganisationUri)) return false;
  return record::OdsCode::Parse(text.substr(kOrganisationUri.size())) != organisation;
}

bool Contradicts(X509* certificate, const record::OdsCode& organisation) {
  using Names = std::unique_ptr<GENERAL_NAMES, Freed<&GENERAL_NAMES_free>>;
  int critical = 0;
  const Names names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, &critical, nullptr)));
  // -1: there is none. Any other failure: there are several, or it cannot be read.
  if (!names) return critical != -1;
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    if (NamesOtherOrganisation(sk_GENERAL_NAME_value(names.get(), i), organisation)) return true;
  }
  return false;
}

std::string SerialText(X509* certificate) {
  const ASN1_INTEGER* serial = X509_get0_serialNumber(certificate);
  return base::ToHex({reinterpret_cast<const char*>(ASN1_STRING_get0_data(serial)),
                      static_cast<std::size_t>(ASN1_STRING_length(serial))});
}

}  // namespace

std::optional<record::PeerCertificate> IdentityOf(X509* certificate) {
  X509_NAME* const subject = X509_get_subject_name(certificate);
  const auto code = OnlyValue(subject, NID_organizationName);
  const auto system = OnlyValue(subject, NID_commonName);
  if (!code || !system) return std::nullopt;
  const auto organisation = record::OdsCode::Parse(*code);
  // Only the exact form: what OdsCode forgives in a message, a certificate has no need of.
  if (!organisation || organisation->text() != *code) return std::nullopt;
  if (Contradicts(certificate, *organisation)) return std::nullopt;

  record::PeerCertificate peer{*organisation,
                               *system,
                               {},
                               SerialText(certificate),
                               InstantOf(X509_get0_notAfter(certificate))};
  unsigned int length = 0;
  if (X509_digest(certificate, EVP_sha256(), peer.thumbprint.data(), &length) != 1) {
    return std::nullopt;
  }
  return peer;
}

}  // namespace milecastle::ingress
