// Drafts of a source, and what its rules are.
#pragma once

#include <string>
#include <utility>

#include "normalise/normaliser.h"

namespace milecastle::normalise {

inline const record::OdsCode kSource = *record::OdsCode::Parse("RXX");

inline record::Draft Draft(std::string key, record::Kind kind = record::Kind::kObservation) {
  record::Draft draft;
  draft.source_key = std::move(key);
  draft.entry.section = record::Section::kInvestigationResults;
  draft.entry.kind = kind;
  return draft;
}

inline Normaliser With(NormaliserOptions options) { return *Normaliser::Create(options); }

}  // namespace milecastle::normalise
