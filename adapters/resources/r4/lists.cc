// Lists of R4: the same as GP Connect's where they have its codes, else where things stood.
#include "fhir/datatypes.h"
#include "inside/readers.h"
#include "resources/placing.h"
#include "resources/statements.h"

namespace milecastle::r4 {
namespace {

using fhir::Element;
using resources::Area;
using resources::Context;

const Area* AreaOf(const Element& list) {
  for (const auto& coding : fhir::Codings(list["code"])) {
    if (const Area* const area = resources::AreaOf(coding.code)) return area;
  }
  return nullptr;
}

void ReadList(Context& context, const Element& list) {
  fhir::TypeOf(list);
  fhir::IdOf(list);
  const Area* const area = AreaOf(list);
  if (area == nullptr) {
    resources::PlaceItems(context, list);
    if (list["emptyReason"]) context.Miss(list["emptyReason"], "a list of no known section");
    return;
  }
  const bool is_whole = resources::ReadArea(context, list, *area);
  // A working list, or one of changes, says nothing of what it does not name.
  if (is_whole && list["mode"].peek() == "snapshot") resources::Replace(context, *area);
}

}  // namespace

void ReadLists(Context& context) {
  for (const Element& list : context.OfType("List")) {
    if (context.Overspent()) return;
    if (resources::IsUsable(context, list)) ReadList(context, list);
  }
}

void ReadNothing(Context& /*context*/, const Element& /*resource*/) {}

}  // namespace milecastle::r4
