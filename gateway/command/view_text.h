// A patient view for people to read on a terminal: what is wrong or missing comes first.
//
// Order: warnings and manifest exceptions; who it is; allergies with what each source says of them;
// the other sections; the whole manifest; duties; the receipt. Control characters of a source are
// never written to the terminal. Thread-safety: a pure function. Failure: none.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>

namespace milecastle::v1 {
class AuditReceipt;
class GetPatientViewResponse;
class Refusal;
}  // namespace milecastle::v1

namespace milecastle::command {

struct ViewText {
  bool ids = false;  // of the entries, for what asks about one of them
};
void PrintView(const v1::GetPatientViewResponse& response, std::ostream& out, ViewText text = {});
void PrintRefusal(const v1::Refusal& refusal, std::ostream& out);
// A warning, or the kind of a duty, in words.
std::string WarningText(std::string_view warning);
void PrintReceipt(const v1::AuditReceipt& receipt, std::ostream& out);

}  // namespace milecastle::command
