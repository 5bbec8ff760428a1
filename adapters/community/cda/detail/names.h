// Namespaces and identifier roots (OIDs) of CDA and of the NHS's use of it.
#pragma once

#include <string_view>

namespace milecastle::cda {

inline constexpr std::string_view kHl7 = "urn:hl7-org:v3";
inline constexpr std::string_view kHl7Extensions = "urn:hl7-org:sdtc";
inline constexpr std::string_view kNhsExtensions = "NPFIT:HL7:Localisation";
inline constexpr std::string_view kItk = "urn:nhs-itk:ns:201005";
inline constexpr std::string_view kSoap11 = "http://schemas.xmlsoap.org/soap/envelope/";
inline constexpr std::string_view kSoap12 = "http://www.w3.org/2003/05/soap-envelope";
inline constexpr std::string_view kSchemaInstance = "http://www.w3.org/2001/XMLSchema-instance";

inline constexpr std::string_view kNhsNumberVerified = "2.16.840.1.113883.2.1.4.1";
inline constexpr std::string_view kNhsNumberUnverified = "2.16.840.1.113883.2.1.3.2.4.18.23";
inline constexpr std::string_view kLocalPerson = "2.16.840.1.113883.2.1.3.2.4.18.24";
inline constexpr std::string_view kOdsOrganisation = "2.16.840.1.113883.2.1.3.2.4.19.1";
inline constexpr std::string_view kOdsSite = "2.16.840.1.113883.2.1.3.2.4.19.2";
inline constexpr std::string_view kNhsGender = "2.16.840.1.113883.2.1.3.2.4.16.25";
inline constexpr std::string_view kNhsIndustry = "2.16.840.1.113883.2.1.3.2.4.17.289";

}  // namespace milecastle::cda
