// What each sector of the made-up system says of one person, in the sector's own format.
//
// Thread-safety: one thread. Failure: none; what could not be written, Outbox::Finish tells.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "kit/system/outbox.h"

namespace milecastle::kit {

void TellAcute(Life& life);       // HL7 v2: ADT, ORU^R01, MDM^T02, A40
void TellPractice(Life& life);    // GP Connect structured records, FHIR STU3
void TellCommunity(Life& life);   // UK Core FHIR R4 as JSON and XML: five kinds of provider
void TellLetters(Life& life);     // CDA: ambulance and 111, out of hours, a hospice
void TellFriends(Life& life);     // contributions of an adapter outside the process
void TellPrescriber(Life& life);  // PRSB Social Prescribing as JSON

// Tables are of many people: a file is written when it is as long as one message may be.
class Tables {
 public:
  explicit Tables(Outbox& outbox) : outbox_(outbox) {}
  void TellCouncil(Life& life);  // Client Level Data
  void TellSheets(Life& life);   // Social Prescribing as CSV, of link workers and of a refuge
  void Finish();

 private:
  struct Table {
    std::string rows;
    int people = 0;
    bool waits = false;
  };
  void Add(std::string_view organisation, const std::string& rows, Join join);
  void Write(const std::string& organisation, Table& table);

  Outbox& outbox_;
  std::map<std::string, Table> tables_;
};

// Whether a source has anything to say of somebody of this age, by its shares of a thousand.
struct Shares {
  double young, middle, old;
};
bool Happens(Invented& random, const Person& person, const Shares& shares);

}  // namespace milecastle::kit
