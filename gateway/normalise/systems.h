// What sources call their code systems, and the URIs by which the world knows them.
//
// Built in: the names of HL7 tables 0396 and 0203 and of UK feeds for SNOMED CT, Read, CTV3, LOINC,
// ICD-10, OPCS-4, dm+d and UCUM, and the URIs that one system has beside its canonical one. A name
// that nobody knows stays as sent: a wrong URI would be worse than none.
//
// Thread-safety: read-only after construction. Failure: none.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/text_map.h"
#include "record/entry.h"

namespace milecastle::normalise {

class Systems {
 public:
  // Configured names are added to the built-in ones and win over them. Names are compared without
  // case.
  explicit Systems(const std::map<std::string, std::string>& configured = {});

  // The canonical URI, or the name as it was given.
  std::string_view UriOf(std::string_view name) const;
  // Every system named in an entry: its codings, values, details and performers.
  void Canonicalise(record::Entry& entry) const;
  // By name in lower case.
  const std::map<std::string, std::string, std::less<>>& all() const { return uris_; }

 private:
  std::map<std::string, std::string, std::less<>> uris_;  // by name in lower case
  base::TextMap<std::string, std::string> found_;         // the same
  std::size_t longest_ = 0;                               // of the names
};

}  // namespace milecastle::normalise
