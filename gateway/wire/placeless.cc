#include "wire/placeless.h"

#include <string>

#include "inside/parts.h"
#include "milecastle/v1/record.pb.h"

namespace milecastle::wire {
namespace {

class Dropper {
 public:
  Dropper(const record::KnownPlaces& known, bool keeps_facts)
      : known_(known), keeps_facts_(keeps_facts) {}

  void Drop(v1::Entry& entry) {
    Begin();
    if (entry.has_what()) Text(*entry.mutable_what());
    End("what");
    Begin();
    Text(*entry.mutable_status_original());
    End("status");
    Begin();
    if (entry.has_value()) Text(*entry.mutable_value());
    End("value");
    Begin();
    for (v1::Detail& detail : *entry.mutable_details()) Text(detail);
    End("details");
    Begin();
    Text(*entry.mutable_source_list());
    End("list");
    Begin();
    for (v1::When* const when : WhensOf(entry)) Text(*when->mutable_original());
    End("dates");
  }

  bool changed() const { return masked_.masked_size() > 0; }
  const v1::Entry& masked() const { return masked_; }

 private:
  static std::vector<v1::When*> WhensOf(v1::Entry& entry) {
    std::vector<v1::When*> whens;
    if (entry.has_effective()) whens.push_back(entry.mutable_effective());
    if (entry.has_ended()) whens.push_back(entry.mutable_ended());
    if (entry.has_recorded()) whens.push_back(entry.mutable_recorded());
    return whens;
  }

  void Begin() { dropped_ = false; }
  void End(const char* name) {
    if (dropped_) masked_.add_masked(name);
  }

  void Text(std::string& text) {
    const auto places = record::PlacesIn(text, known_);
    if (places.empty()) return;
    dropped_ = true;
    text = keeps_facts_ ? record::WithoutPlaces(text, places) : std::string();
  }
  void Text(v1::Coded& coded) {
    Text(*coded.mutable_text());
    for (v1::Coding& coding : *coded.mutable_codings()) {
      Text(*coding.mutable_display());
      Text(*coding.mutable_code());  // where a sender writes words in a code's place
    }
  }
  void Text(v1::Value& value) {
    for (std::string* const text :
         {value.mutable_original(), value.mutable_number(), value.mutable_unit(),
          value.mutable_reference_range(), value.mutable_interpretation()}) {
      Text(*text);
    }
    if (value.has_coded()) Text(*value.mutable_coded());
  }
  void Text(v1::Detail& detail) {
    Text(*detail.mutable_name());
    Text(*detail.mutable_text());
    if (detail.has_coded()) Text(*detail.mutable_coded());
    if (detail.has_when()) Text(*detail.mutable_when()->mutable_original());
  }

  const record::KnownPlaces& known_;
  bool keeps_facts_;
  bool dropped_ = false;
  v1::Entry masked_;  // holds nothing but the names
};

bool LeadsByItsKind(const v1::Entry& entry) {
  return entry.kind() == v1::ENTRY_KIND_ALLERGY || entry.kind() == v1::ENTRY_KIND_ALERT ||
         entry.section() == v1::SECTION_ALLERGIES || entry.section() == v1::SECTION_ALERTS;
}

}  // namespace

bool DropPlaces(std::string_view entry, const record::KnownPlaces& known, bool keeps_facts,
                Placeless& into) {
  v1::Entry parsed;
  if (!parsed.ParseFromArray(entry.data(), static_cast<int>(entry.size()))) return false;
  Dropper dropper(known, keeps_facts || LeadsByItsKind(parsed));
  dropper.Drop(parsed);
  into.changed = dropper.changed();
  if (!into.changed) return true;
  into.entry = Serialise(parsed);
  into.masked = Serialise(dropper.masked());
  return true;
}

}  // namespace milecastle::wire
