// What a source says of whose is what without saying that two patients are one: accounts, visits
// and parts of a record that are merged, renumbered or moved (A35, A41 to A45, A49 to A51), links
// (A24, A37) and deletions of patients (A29). HL7 v2.8.2 sections 3.3.24 to 3.3.51.
//
//   A35 A41 A49     an account of one patient                 billing: nothing of it is carried
//   A42 A50         a visit of one patient: MRG-5 is PV1-19   the relationship goes on under PV1-19
//   A43 A44 A45     moved from MRG-1's patient to PID-3's     a person must look
//   A51             an alternate visit id                     nothing of it is carried
//   A24 A37         linked, no more linked                    a person must look; nothing is merged
//   A29             deleted                                   a person must look; it stays
// Whatever the event: where MRG-1 names another patient than PID-3 a person must look.
#include "inside/mappings.h"
#include "inside/reader.h"

namespace milecastle::acute {
namespace {

using record::ReviewKind;

// Whether a person must see whose something is.
bool AskWhose(Reader& reader) {
  const auto another = FindAnother(reader, reader.all("MRG"));
  if (another) reader.out().reviews.push_back({ReviewKind::kRecordsMoved, another->place(1)});
  return another.has_value();
}

// PV1 is taken for the whole visit, in the place of what was sent under the former number, only
// where it says what kind of visit it is and when it began.
bool SaysEnough(const hl7v2::Segment& pv1) {
  return pv1.field(2).component(1).has_value() && pv1.field(44).component(1).has_value();
}

void Renumber(Reader& reader) {
  const auto pv1 = reader.segment("PV1");
  if (SaysEnough(pv1)) {
    ReadEncounter(reader, {});
    return;
  }
  record::EncounterClaim claim;
  claim.number = reader.Id(pv1, 19, 0).value;
  claim.former_number = FormerNumberOf(reader, claim.number);
  if (!claim.former_number.empty()) reader.out().encounter = std::move(claim);
}

}  // namespace

std::string FormerNumberOf(Reader& reader, const std::string& number) {
  const auto mrg = reader.segment("MRG");
  if (!mrg.exists() || number.empty() || reader.segment("MRG", 1).exists()) return {};
  if (AskWhose(reader)) return {};
  std::string former = reader.Id(mrg, 5, 0).value;
  return former == number ? std::string() : former;
}

base::Result<void> ReadMove(Reader& reader, const Event& event) {
  if (!reader.segment("MRG").exists()) {
    return base::Error{base::ErrorId::kMessageInvalid, "MRG", "send the MRG segment of the event"};
  }
  if (AskWhose(reader)) return {};
  if (event.besides == Besides::kAnyIdentifier) {  // A43: from one external number to another
    reader.out().reviews.push_back({ReviewKind::kRecordsMoved, reader.segment("MRG").place(4)});
  }
  if (event.besides == Besides::kRenumbered) Renumber(reader);
  return {};
}

void ReadLink(Reader& reader, bool undone) {
  reader.out().reviews.push_back(
      {undone ? ReviewKind::kPatientsUnlinked : ReviewKind::kPatientsLinked,
       reader.segment("PID").place()});
}

void ReadDeletion(Reader& reader) {
  reader.out().reviews.push_back({ReviewKind::kRecordDeleted, reader.segment("PID").place()});
}

}  // namespace milecastle::acute
