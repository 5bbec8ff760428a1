#include "effects.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "kit/place.h"

namespace milecastle::fidelity {
namespace {

using record::Contribution;
using record::Draft;
using record::Section;

constexpr const char* kRefused = "refused without it";
constexpr const char* kIdentity = "whose it is";
constexpr const char* kLinks = "links between entries";
constexpr const char* kLabels = "labels of sensitivity";
constexpr const char* kRelationship = "relationship";

class Comparison {
 public:
  Loss Of(const port::Reading& whole, const port::Reading& changed) {
    Envelope(whole.envelope, changed.envelope);
    if (whole.patients.size() != changed.patients.size()) {
      const bool is_refused = changed.patients.size() == 1 && !changed.patients.front();
      lost_.others.insert(is_refused ? kRefused : kIdentity);
      return lost_;
    }
    for (std::size_t i = 0; i < whole.patients.size(); ++i) {
      if (!whole.patients[i]) continue;
      if (!changed.patients[i]) {
        lost_.others.insert(kRefused);
      } else {
        Patient(whole.patients[i]->patient, changed.patients[i]->patient);
        Entries(*whole.patients[i], *changed.patients[i]);
        Claims(*whole.patients[i], *changed.patients[i]);
      }
    }
    return lost_;
  }

 private:
  void Envelope(const port::Envelope& whole, const port::Envelope& changed) {
    // A digest of the whole file changes with any part of it.
    const bool is_id =
        whole.control_id == changed.control_id || whole.control_id.starts_with("sha256:");
    const bool is_same = is_id && whole.event == changed.event && whole.sender == changed.sender &&
                         whole.sent == changed.sent;
    if (!is_same) lost_.others.insert("the message itself");
  }

  template <class T>
  void Claim(const record::Update<T>& whole, const record::Update<T>& changed, Section section) {
    if (whole.change != record::Update<T>::Change::kLeave && !(whole == changed)) Heading(section);
  }

  void Heading(Section section) { lost_.sections.insert(section); }

  void Patient(const record::PatientClaim& whole, const record::PatientClaim& changed) {
    const bool is_same = whole.nhs_number_as_sent == changed.nhs_number_as_sent &&
                         whole.tracing == changed.tracing &&
                         whole.pseudo_person == changed.pseudo_person &&
                         whole.local_identifiers == changed.local_identifiers;
    if (!is_same) lost_.others.insert(kIdentity);
    Claim(whole.names, changed.names, Section::kDemographics);
    Claim(whole.birth_date, changed.birth_date, Section::kDemographics);
    Claim(whole.sex, changed.sex, Section::kDemographics);
    Claim(whole.addresses, changed.addresses, Section::kDemographics);
    Claim(whole.telecoms, changed.telecoms, Section::kDemographics);
    Claim(whole.language, changed.language, Section::kDemographics);
    Claim(whole.ethnic_category, changed.ethnic_category, Section::kDemographics);
    Claim(whole.died, changed.died, Section::kDemographics);
    Claim(whole.deceased, changed.deceased, Section::kDemographics);
    Claim(whole.gp_practice, changed.gp_practice, Section::kGpPractice);
    Claim(whole.gp, changed.gp, Section::kGpPractice);
  }

  // What is left of an entry without its labels and its place among others.
  static record::Entry Alone(const Draft& draft) {
    record::Entry entry = draft.entry;
    entry.group.clear();
    entry.links.clear();
    return entry;
  }

  void Entries(const Contribution& whole, const Contribution& changed) {
    for (const Draft& draft : whole.drafts) {
      const bool is_whole = Has(changed.drafts, [&](const Draft& other) { return draft == other; });
      if (!is_whole) Entry(draft, changed.drafts);
    }
  }

  void Entry(const Draft& draft, const std::vector<Draft>& others) {
    const record::Entry alone = Alone(draft);
    const bool is_there = Has(others, [&](const Draft& other) { return Alone(other) == alone; });
    if (!is_there) return Heading(draft.entry.section);
    const bool is_labelled = Has(others, [&](const Draft& other) {
      return Alone(other) == alone && other.source_labels == draft.source_labels;
    });
    lost_.others.insert(is_labelled ? kLinks : kLabels);
  }

  template <class T, class Is>
  static bool Has(const std::vector<T>& list, Is is) {
    return std::any_of(list.begin(), list.end(), is);
  }

  template <class T>
  static bool IsLess(const std::vector<T>& whole, const std::vector<T>& changed) {
    return !std::all_of(whole.begin(), whole.end(), [&](const T& one) {
      return std::find(changed.begin(), changed.end(), one) != changed.end();
    });
  }

  void Claims(const Contribution& whole, const Contribution& changed) {
    for (const auto& statement : whole.statements) {
      const bool is_there = std::find(changed.statements.begin(), changed.statements.end(),
                                      statement) != changed.statements.end();
      if (!is_there) Heading(statement.section);
    }
    if (whole.encounter && whole.encounter != changed.encounter) lost_.others.insert(kRelationship);
    if (IsLess(whole.preferences, changed.preferences))
      lost_.others.insert("choices of the person");
    if (whole.location_protection && whole.location_protection != changed.location_protection) {
      lost_.others.insert("location protection");
    }
    if (whole.merge && whole.merge != changed.merge) lost_.others.insert("merge");
    if (IsLess(whole.reviews, changed.reviews)) lost_.others.insert("review");
    const bool is_taken_back = IsLess(whole.withdrawn_keys, changed.withdrawn_keys) ||
                               IsLess(whole.replaced_documents, changed.replaced_documents) ||
                               IsLess(whole.snapshot_of, changed.snapshot_of);
    if (is_taken_back) lost_.others.insert("what is no longer current");
  }

  Loss lost_;
};

bool IsAtOrAbove(std::string_view line, std::string_view place) {
  if (!place.starts_with(line)) return false;
  return place.size() == line.size() ||
         std::string_view("-./[ ").find(place[line.size()]) != std::string_view::npos;
}

std::vector<record::NotCarried> LinesOf(const port::Reading& reading) {
  std::vector<record::NotCarried> lines;
  for (const auto& patient : reading.patients) {
    if (patient) {
      lines.insert(lines.end(), patient->not_carried.begin(), patient->not_carried.end());
    }
  }
  return lines;
}

// Without "and 3 more like it" or "(3 times)".
std::string WhyOf(const record::NotCarried& line) {
  for (const auto& [before, end] : {std::pair{", and ", " more like it"}, {" (", " times)"}}) {
    const std::size_t count = line.why.rfind(before);
    if (count != line.why.npos && line.why.ends_with(end)) return line.why.substr(0, count);
  }
  return line.why;
}

}  // namespace

Loss Lost(const port::Reading& whole, const port::Reading& changed) {
  return Comparison().Of(whole, changed);
}

Listed ListedIn(const port::Reading& whole, const port::Reading& without, const Part& part) {
  for (const record::NotCarried& line : LinesOf(whole)) {
    for (const std::string& place : part.places) {
      const bool stands_for_more = WhyOf(line).size() < line.why.size();
      const bool is_listed = stands_for_more ? IsAtOrAbove(kit::WithoutPositions(line.place),
                                                           kit::WithoutPositions(place))
                                             : IsAtOrAbove(line.place, place);
      if (is_listed) return {WhyOf(line), IsAtOrAbove(line.place, part.owner)};
    }
  }
  auto left = LinesOf(without);
  for (const record::NotCarried& line : LinesOf(whole)) {
    const auto found = std::find(left.begin(), left.end(), line);
    if (found != left.end()) {
      left.erase(found);
    } else if (line.place.find('?') != line.place.npos) {
      return {WhyOf(line)};
    }
  }
  return {};
}

}  // namespace milecastle::fidelity
