// A patient view for people to read on a terminal: what is wrong or missing comes first.
//
// Order: warnings and manifest exceptions; who it is; allergies with what each source says of them;
// the other sections; the whole manifest; duties; the receipt. Control characters of a source are
// never written to the terminal. Thread-safety: a pure function. Failure: none.
#pragma once

#include <iosfwd>

namespace milecastle::v1 {
class AuditReceipt;
class GetPatientViewResponse;
}  // namespace milecastle::v1

namespace milecastle::command {

void PrintView(const v1::GetPatientViewResponse& response, std::ostream& out);
void PrintReceipt(const v1::AuditReceipt& receipt, std::ostream& out);

}  // namespace milecastle::command
