// By what a contribution tells an older version of something from a newer one, as text.
//
// Thread-safety: pure. Failure: none; a refusal is text too.
#pragma once

#include <string>

#include "kit/readings.h"
#include "record/document_key.h"

namespace milecastle::kit {

inline std::string Print(const record::Span& span) {
  const std::string earliest = base::ToRfc3339(span.earliest);
  return span.earliest == span.latest ? earliest : earliest + " to " + base::ToRfc3339(span.latest);
}

inline std::string Print(const record::Version& version) {
  std::string text;
  if (version.number != 0) text += " number " + std::to_string(version.number);
  if (version.made) text += " made " + Print(*version.made);
  if (version.sent) text += " sent " + Print(*version.sent);
  return text.empty() ? " not told" : text;
}

inline std::string PrintVersions(const record::Contribution& contribution) {
  std::string text = "version:" + Print(contribution.version) + "\n";
  for (const record::Draft& draft : contribution.drafts) {
    text += draft.source_key + ":" + Print(draft.version) + "\n";
    if (draft.entry.verification == record::Verification::kEnteredInError) {
      text += "  entered in error\n";
    }
    if (!draft.entry.status_original.empty()) text += "  " + draft.entry.status_original + "\n";
    if (!draft.entry.group.empty()) text += "  part of " + draft.entry.group + "\n";
    for (const record::Link& link : draft.entry.links) {
      if (link.relation == record::kInDocument) text += "  in the document " + link.key + "\n";
    }
  }
  for (const std::string& key : contribution.withdrawn_keys) text += "withdraws " + key + "\n";
  for (const std::string& key : contribution.replaced_documents) {
    text += "takes the place of " + key + "\n";
  }
  return text;
}

inline std::string DescribeVersions(const port::Adapter& adapter, std::string_view message) {
  std::string text;
  for (const auto& patient : adapter.Read(message, {}).patients) {
    text += patient ? PrintVersions(*patient) : "refused " + base::Describe(patient.error()) + "\n";
  }
  return text;
}

}  // namespace milecastle::kit
