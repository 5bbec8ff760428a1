// FHIR resources as trees, written as JSON or as XML: what the practices and the R4 sectors share.
//
// Thread-safety: pure. Failure: none.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "kit/system/town.h"

namespace milecastle::kit::fhir_text {

boost::json::object Coded(std::string_view system, std::string_view code, std::string_view display);
boost::json::object Snomed(std::string_view code, std::string_view display);
boost::json::object Reference(const std::string& to);
// With its ODS code.
boost::json::object Organisation(std::string_view id, std::string_view code);
// Of a patient: names, birth date, gender, address, telephone, death.
void AddDemographics(boost::json::object& patient, const Person& person, const Seen& seen);
void AddEntry(boost::json::array& entries, boost::json::object resource);
// A bundle or resource, by FHIR's rules for XML.
std::string AsXml(const boost::json::object& resource);

}  // namespace milecastle::kit::fhir_text
