// Protobuf messages that several services share, from and to plain structs.
//
// Thread-safety: functions without state. Failure: kArgumentInvalid naming the field.
#pragma once

#include "base/result.h"
#include "disclose/view.h"
#include "govern/parts.h"
#include "milecastle/v1/consent.pb.h"
#include "milecastle/v1/view.pb.h"
#include "record/requester.h"

namespace milecastle::serve {

base::Result<record::Purpose> PurposeOf(v1::Purpose purpose);
base::Result<std::vector<record::Section>> SectionsOf(
    const google::protobuf::RepeatedField<int>& sections);
identify::PersonKey PersonKeyOf(const v1::PersonKey& person);
base::Result<disclose::ViewRequest> ViewRequestOf(const v1::GetPatientViewRequest& request,
                                                  const record::Requester& requester);

void Fill(v1::AuditReceipt& out, const govern::LeafPlace& leaf);
void Fill(google::protobuf::Timestamp& out, base::Instant instant);
base::Instant InstantOf(const google::protobuf::Timestamp& stamp);

}  // namespace milecastle::serve
