// The community adapter: CDA documents (cda/documents.h) to contributions.
//
// Thread-safety: any thread. Failure: in the Reading; Errors name places, no values.
#pragma once

#include <memory>

#include "port/adapter.h"

namespace milecastle::community {

std::unique_ptr<port::Adapter> MakeAdapter();

}  // namespace milecastle::community
