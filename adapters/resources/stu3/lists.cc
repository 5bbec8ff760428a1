// Lists: what a practice says of whole sections, and how its consultations are laid out.
#include <set>
#include <string>

#include "fhir/datatypes.h"
#include "inside/readers.h"
#include "inside/terms.h"
#include "resources/areas.h"
#include "resources/placing.h"
#include "resources/statements.h"
#include "resources/terms.h"

namespace milecastle::stu3 {
namespace {

using fhir::Element;
using record::Section;
using resources::Area;
using resources::AreaOf;
using resources::ItemOf;
using resources::LabelsOf;
using resources::Placement;
using resources::SectionOfSecondaryList;
using resources::Statements;
using resources::TitleOf;

constexpr int kDeepestHeading = 8;

void ReadSecondary(Context& context, const Element& list, Section section) {
  Statements(context, list, section).ReadWarnings();
  list["emptyReason"].Take();
  const auto labels = LabelsOf(list);
  TitleOf(list);
  for (const Element& entry : list["entry"].items()) {
    context.Spend(labels.size());
    if (context.Overspent()) return;
    const Element item = ItemOf(context, entry, list);
    if (item) context.PlacementOf(context.KeyOf(item)).labels.insert(labels.begin(), labels.end());
  }
}

// One consultation: Consultation → Topic → Heading → items, any of the lower levels left out at
// will.
class ConsultationWalk {
 public:
  explicit ConsultationWalk(Context& context) : context_(context) {}

  void Walk(const Element& list) { Walk(list, {}, 0); }

 private:
  void Walk(const Element& list, Placement place, int depth) {
    if (depth > kDeepestHeading || !visited_.insert(list.Place()).second) return;
    fhir::TypeOf(list);
    Enter(list, &place);
    for (const Element& entry : list["entry"].items()) {
      if (context_.Overspent()) return;
      const Element item = ItemOf(context_, entry, list);
      if (!item) continue;
      context_.Spend(place.problems.size() + place.labels.size());
      if (item["resourceType"].peek() == "List") {
        Walk(item, place, depth + 1);
      } else {
        Put(item, place);
      }
    }
  }

  void Enter(const Element& list, Placement* place) {
    Statements(context_, list, Section::kContactsWithProfessionals).ReadWarnings();
    const std::string encounter =
        list["encounter"] ? context_.KeyOfReference(list["encounter"], list) : "";
    if (!encounter.empty()) place->consultations = {encounter};
    const auto labels = LabelsOf(list);
    place->labels.insert(labels.begin(), labels.end());
    const bool is_empty = !list["entry"].first();
    list["emptyReason"].Take();
    if (is_empty) context_.Miss(list["title"], "a heading with nothing under it");

    const std::string title = TitleOf(list);
    if (fhir::HasCode(list["code"], kTopic)) place->topics.insert(title);
    if (fhir::HasCode(list["code"], kHeading)) place->headings.insert(title);
    for (const Element& related :
         fhir::Extensions(list, "*Extension-CareConnect-RelatedProblemHeader-1")) {
      const Element target = fhir::Choice(fhir::Extension(related, "target"), "value");
      const std::string problem = target ? context_.KeyOfReference(target, list) : "";
      if (!problem.empty()) place->problems.insert(problem);
    }
  }

  void Put(const Element& item, const Placement& place) {
    Placement& to = context_.PlacementOf(context_.KeyOf(item));
    to.headings.insert(place.headings.begin(), place.headings.end());
    to.topics.insert(place.topics.begin(), place.topics.end());
    to.consultations.insert(place.consultations.begin(), place.consultations.end());
    to.problems.insert(place.problems.begin(), place.problems.end());
    to.labels.insert(place.labels.begin(), place.labels.end());
  }

  Context& context_;
  std::set<std::string> visited_;
};

bool IsOfConsultation(const Element& list) {
  return fhir::HasCode(list["code"], kConsultation) || fhir::HasCode(list["code"], kTopic) ||
         fhir::HasCode(list["code"], kHeading);
}

// Of a code that nobody here knows: it speaks for no section, but its labels and its title count.
void ReadOther(Context& context, const Element& list) {
  resources::PlaceItems(context, list);
  if (list["emptyReason"]) {
    context.Miss(list["emptyReason"], "why a list of no known section is empty");
  }
}

void ReadList(Context& context, const Element& list) {
  fhir::TypeOf(list);
  for (const auto& coding : fhir::Codings(list["code"])) {
    if (const Area* const area = AreaOf(coding.code)) {
      if (resources::ReadArea(context, list, *area)) resources::Replace(context, *area);
      return;
    }
    if (const auto section = SectionOfSecondaryList(coding.code)) {
      return ReadSecondary(context, list, *section);
    }
  }
  if (!IsOfConsultation(list)) ReadOther(context, list);
}

}  // namespace

void ReadLists(Context& context) {
  std::vector<Element> lists;
  for (const Element& list : context.index().OfType("List")) {
    if (resources::IsUsable(context, list)) lists.push_back(list);
  }
  for (const Element& list : lists) ReadList(context, list);
  // From the top, so that a topic is met within its consultation; what no consultation names comes
  // after.
  ConsultationWalk walk(context);
  for (const std::string_view level : {kConsultation, kTopic, kHeading}) {
    for (const Element& list : lists) {
      if (fhir::HasCode(list["code"], level)) walk.Walk(list);
    }
  }
}

}  // namespace milecastle::stu3
