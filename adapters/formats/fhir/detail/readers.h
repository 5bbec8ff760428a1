// The two readers that make a Tree, and the way to a node in it. For document.cc and the readers.
//
// Thread-safety: any thread. Failure: an Error with line or path.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "fhir/document.h"

namespace milecastle::fhir {

base::Result<std::unique_ptr<Tree>> ReadTree(std::string_view json, const Limits& limits);
base::Result<std::unique_ptr<Tree>> ReadXmlTree(std::string_view xml, const Limits& limits);
std::string PlaceOf(const std::vector<Node>& nodes, std::uint32_t node);

}  // namespace milecastle::fhir
