// The fields of a service of a directory, as fields.h has those of the record: stored, so that new
// ones go to the end.
//
// Thread-safety: functions of their arguments. Failure: the Unpacker's.
#pragma once

#include "inside/pack.h"
#include "record/directory.h"

namespace milecastle::record {

using store::sqlite::Like;

template <class A>
void Fields(A& a, Like<ServiceTerm> auto& x) {
  a(x.id, x.name, x.taxonomy);
}
template <class A>
void Fields(A& a, Like<ServiceLocation> auto& x) {
  a(x.name, x.type, x.lines, x.postcode, x.accessibility);
}
template <class A>
void Fields(A& a, Like<OpenDays> auto& x) {
  a(x.days, x.from, x.until);
}
template <class A>
void Fields(A& a, Like<DirectoryService> auto& x) {
  a(x.id, x.name, x.status, x.organisation_id, x.organisation, x.description, x.alert, x.url,
    x.email, x.phones, x.fees, x.minimum_age, x.maximum_age, x.schedules, x.costs, x.areas, x.terms,
    x.locations, x.address_kept_back, x.assured, x.last_modified, x.open);
}

}  // namespace milecastle::record
