// Booking and Referral Standard (BaRS) messages: what they need beside their resources, and whose
// name a referral or booking keeps from message to message.
//
//   servicerequest-request    a referral, or news of one: cancelled where its ServiceRequest is
//                             revoked or entered in error
//   servicerequest-response   what the receiver answers
//   booking-request           an appointment, changed or cancelled likewise
//
// Refused, with what to send instead: no meta.versionId or one that is not 1.x, no reason, no focus
// in the bundle. BaRS resources mostly have no id: the UUID of their fullUrl names them, in every
// message, so that a cancellation takes the place of what it cancels. Scene safety is said of a
// place and becomes an alert of the patient.
//
// Thread-safety: pure. Failure: Errors name places, no values.
#pragma once

#include "base/result.h"
#include "fhir/document.h"
#include "r4/reading.h"
#include "resources/bundle.h"

namespace milecastle::community {

bool IsBars(const fhir::Element& message);
base::Result<void> CheckBars(const fhir::Element& message, const resources::Bundle& bundle);
// What the shared readers made, with lasting names and under the headings of a referral.
void SettleBars(const resources::Bundle& bundle, r4::Contributions* all);

}  // namespace milecastle::community
