// HSDS as tables, which is how small publishers of Open Referral UK keep it: a CSV file for each
// kind of thing (services.csv, organizations.csv, locations.csv …), joined by ids, with or without
// the datapackage.json that tells of them.
//
// Each row of services becomes the JSON that /services/{id} would give, and is read as that
// (reader.h): both forms give the same services, and refuges are kept back alike.
//
// A row that cannot be read, or that needs what it lacks, is refused with its file, line and
// column, and the others are read. An id that stands in two rows of a table stands for neither. A
// key that leads nowhere is listed like a refused row, and what bears it is read as far as it goes.
//
// Whether a service is a refuge may be told by its terms alone. So a broken row of attributes or
// taxonomy_terms refuses the whole, as does one of these files that is named and not there; and a
// service whose term leads nowhere is read without its places, as a refuge is.
//
// Thread-safety: pure. Failure: in the Result where the whole is refused, else in `refused`; Errors
// name places, no values.
#pragma once

#include <vector>

#include "base/result.h"
#include "record/directory.h"

namespace milecastle::open_referral {

// All files of one directory, as one page. Files of other tables are listed as not carried.
base::Result<record::DirectoryPage> ReadTables(const std::vector<record::DirectoryTable>& files);

}  // namespace milecastle::open_referral
