// ARV: what the source says may not be told (HL7 v2.8.2 section 3.4.14), which took the place of
// the protection indicators of PD1 and PV2 in v2.6.
//
// A restriction that stands labels every entry of the message as protected; one of the patient's
// location hides where they are. Taking that back asks a person first (safety.md 5).
#include <set>

#include "inside/mappings.h"
#include "inside/reader.h"

namespace milecastle::acute {
namespace {

// Every entry of the message gets each of them: a hostile message must not multiply. The first says
// that it is protected, whatever the others add.
constexpr std::size_t kMostLabels = 16;

struct Restriction {
  std::string code;  // table 0717
  bool stands = true;
};

Restriction ReadOne(Reader& reader, const hl7v2::Segment& arv) {
  reader.Take(arv.field(1));
  const record::Coded what = reader.Code(arv, 3);
  const std::string action = reader.Text(arv, 2);  // table 0206
  reader.Take(arv.field(2));
  return {what.codings.empty() ? what.text : what.codings.front().code, action != "D"};
}

void HidePlace(Reader& reader, const hl7v2::Segment& arv, bool stands) {
  if (stands) {
    reader.out().location_protection = record::LocationProtection::kLocal;
  } else {
    reader.out().reviews.push_back({record::ReviewKind::kNullOnHidingFlag, arv.place(3)});
  }
}

}  // namespace

void ReadRestrictions(Reader& reader) {
  std::set<std::string> labels;
  for (const auto& arv : reader.all("ARV")) {
    const Restriction restriction = ReadOne(reader, arv);
    const std::string& code = restriction.code;
    if (code.empty() || code == "NO") continue;
    if (restriction.stands && labels.size() < kMostLabels && labels.insert(code).second) {
      reader.LabelAll("protected", code);
    }
    if (code == "LOC" || code == "ALL") HidePlace(reader, arv, restriction.stands);
  }
}

}  // namespace milecastle::acute
