// Protobuf messages that several services share, from and to plain structs.
//
// Thread-safety: functions without state. Failure: kArgumentInvalid naming the field.
#pragma once

#include <initializer_list>
#include <string>

#include "base/result.h"
#include "disclose/document.h"
#include "disclose/history.h"
#include "disclose/view.h"
#include "govern/parts.h"
#include "milecastle/v1/consent.pb.h"
#include "milecastle/v1/view.pb.h"
#include "record/requester.h"
#include "wire/timestamp.h"

namespace milecastle::serve {

// What callers write is kept in the audit log for good, and printed: every text is at most
// kLongestText bytes and holds no control character, every list at most kMostValues.
inline constexpr std::size_t kLongestText = 128;
inline constexpr int kMostValues = 256;
base::Error Invalid(const char* field, const char* advice);
struct AskedText {
  const char* field;
  const std::string& text;
};
base::Result<void> CheckTexts(std::initializer_list<AskedText> asked);
base::Result<void> CheckCount(const char* field, int values, int most = kMostValues);

base::Result<record::Purpose> PurposeOf(v1::Purpose purpose);
base::Result<std::vector<record::Section>> SectionsOf(
    const google::protobuf::RepeatedField<int>& sections);
identify::PersonKey PersonKeyOf(const v1::PersonKey& person);
base::Result<disclose::HistoryRequest> HistoryRequestOf(const v1::GetEntryHistoryRequest& request,
                                                        const record::Requester& requester);
base::Result<disclose::ViewRequest> ViewRequestOf(const v1::GetPatientViewRequest& request,
                                                  const record::Requester& requester);

base::Result<disclose::DocumentRequest> DocumentRequestOf(const v1::GetDocumentRequest& request,
                                                          const record::Requester& requester);

void Fill(v1::AuditReceipt& out, const govern::LeafPlace& leaf);
using wire::Fill;
using wire::InstantOf;  // of one that IsInstant

// The years 1 to 9999, as timestamp.proto has it. What lies beyond does not fit an Instant.
inline bool IsInstant(const google::protobuf::Timestamp& stamp) {
  return stamp.seconds() >= -62'135'596'800 && stamp.seconds() <= 253'402'300'799 &&
         stamp.nanos() >= 0 && stamp.nanos() <= 999'999'999;
}

}  // namespace milecastle::serve
