// JSON, always on one line: replies as protobuf's JSON with the names of the contract, and what
// works offline as objects of their own.
//
// Thread-safety: pure functions. Failure: none; what is not UTF-8 is replaced.
#pragma once

#include <google/protobuf/message.h>

#include <boost/json.hpp>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "record/contribution.h"

namespace milecastle::command {

void PrintJson(const google::protobuf::Message& message, std::ostream& out);

boost::json::string JsonText(std::string_view text);
boost::json::array JsonTexts(const std::vector<std::string>& texts);

boost::json::object PatientJson(const record::PatientClaim& patient);
boost::json::object EntryJson(const record::Entry& entry);
// Whatever a contribution says beside patient, entries and what is not carried; absent where it
// says nothing.
void AddClaims(const record::Contribution& contribution, boost::json::object& into);

}  // namespace milecastle::command
