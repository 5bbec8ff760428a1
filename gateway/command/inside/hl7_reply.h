// The two fields of an HL7 v2 acknowledgement that a sender acts on (MSA-1 and MSA-3).
//
// Thread-safety: a pure function. Failure: a reply without an MSA segment gives the code "none".
#pragma once

#include <string>
#include <string_view>

namespace milecastle::command {

struct Hl7Reply {
  std::string code;  // AA, AE, AR, CA, CE, CR
  std::string text;
};
Hl7Reply ReadHl7Reply(std::string_view reply);

}  // namespace milecastle::command
