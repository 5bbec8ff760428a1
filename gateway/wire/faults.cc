#include "inside/faults.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>

#include "base/crypto.h"
#include "record/when.h"

namespace milecastle::wire {
namespace {

using Fault = std::optional<base::Error>;

Fault Invalid(const Place& place, const char* advice) {
  return base::Error{base::ErrorId::kMessageInvalid, place.ToString(), advice};
}

bool IsNumber(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  const auto points = std::count(text.begin(), text.end(), '.');
  const auto digits =
      std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits > 0 && points <= 1 && static_cast<std::size_t>(digits + points) == text.size();
}

Fault FaultOfValue(const v1::Value& value, const Place& place) {
  constexpr std::array<std::string_view, 5> kComparators = {"", "<", "<=", ">=", ">"};
  if (!value.number().empty() && !IsNumber(value.number())) {
    return Invalid({&place, "number"}, "it is no number: leave it out, original holds the text");
  }
  if (std::find(kComparators.begin(), kComparators.end(), value.comparator()) ==
      kComparators.end()) {
    return Invalid({&place, "comparator"}, "it is none of <, <=, >= and >");
  }
  return std::nullopt;
}

bool SaysSomething(const v1::Entry& entry) {
  return !entry.what().text().empty() || entry.what().codings_size() > 0 || entry.has_value() ||
         entry.has_document() || entry.details_size() > 0 || entry.addresses_size() > 0 ||
         entry.contacts_size() > 0 || entry.performers_size() > 0 || entry.free_text_size() > 0 ||
         !entry.practice().empty();
}

Fault FaultOfEntry(const v1::Entry& entry, const Place& place) {
  if (!SaysSomething(entry)) return Invalid(place, "it says nothing: state what it is");
  if (!entry.has_value()) return std::nullopt;
  return FaultOfValue(entry.value(), {&place, "value"});
}

bool IsDigestOf(std::string_view digest, std::string_view content) {
  const base::Digest own = base::Sha256(content);
  return digest == base::AsBytes(own);
}

Fault FaultOfDocument(const v1::Draft& draft, const Place& place) {
  const Place digest{&place, "document_sha256"};
  if (draft.document_sha256().empty()) return std::nullopt;
  if (!draft.entry().has_document()) return Invalid(digest, "there is no document");
  if (IsDigestOf(draft.document_sha256(), draft.entry().document().content())) return std::nullopt;
  return Invalid(digest,
                 "it is not the SHA-256 of entry.document.content: the document was changed "
                 "on its way, or the digest is of something else");
}

// The keys of one patient's contribution, and what leads to them.
class Keys {
 public:
  explicit Keys(const v1::PatientContribution& patient) : patient_(patient) {}

  Fault Find(const Place& place) {
    Fault fault;
    for (int i = 0; i < patient_.drafts_size() && !fault; ++i) {
      const Place draft{&place, "drafts", i};
      fault = Add(patient_.drafts(i).source_key(), {&draft, "source_key"});
    }
    for (int i = 0; i < patient_.withdrawn_keys_size() && !fault; ++i) {
      fault = Add(patient_.withdrawn_keys(i), {&place, "withdrawn_keys", i});
    }
    for (const auto& key : patient_.earlier_keys()) known_.insert(key);
    for (const auto& draft : patient_.drafts()) known_.insert(draft.source_key());
    for (int i = 0; i < patient_.drafts_size() && !fault; ++i) {
      fault = FaultOfLinks(patient_.drafts(i), {&place, "drafts", i});
    }
    return fault;
  }

 private:
  Fault Add(std::string_view key, const Place& place) {
    if (said_.insert(key).second) return std::nullopt;
    return Invalid(place, "this source key stands twice: send each entry once, or withdraw it");
  }

  Fault FaultOfLinks(const v1::Draft& draft, const Place& place) const {
    if (!draft.group().empty()) {
      if (auto fault = FaultOfKey(draft, draft.group(), {&place, "group"})) return fault;
    }
    for (int i = 0; i < draft.links_size(); ++i) {
      const Place link{&place, "links", i};
      if (auto fault = FaultOfKey(draft, draft.links(i).source_key(), {&link, "source_key"})) {
        return fault;
      }
    }
    return std::nullopt;
  }

  Fault FaultOfKey(const v1::Draft& draft, const std::string& key, const Place& place) const {
    if (key == draft.source_key()) return Invalid(place, "it leads to its own entry");
    if (known_.contains(key)) return std::nullopt;
    return Invalid(place,
                   "it leads to no draft of this message: send that too, or list its key in "
                   "earlier_keys");
  }

  const v1::PatientContribution& patient_;
  std::set<std::string_view> said_;
  std::set<std::string_view> known_;
};

struct Deletable {
  v1::ClaimField field;
  std::string_view name;  // in PatientClaim
};
constexpr std::array kDeletable = {
    Deletable{v1::CLAIM_FIELD_NAMES, "names"},
    Deletable{v1::CLAIM_FIELD_BIRTH_DATE, "birth_date"},
    Deletable{v1::CLAIM_FIELD_SEX, "sex"},
    Deletable{v1::CLAIM_FIELD_ADDRESSES, "addresses"},
    Deletable{v1::CLAIM_FIELD_TELECOMS, "telecoms"},
    Deletable{v1::CLAIM_FIELD_LANGUAGE, "language"},
    Deletable{v1::CLAIM_FIELD_ETHNIC_CATEGORY, "ethnic_category"},
    Deletable{v1::CLAIM_FIELD_GP_PRACTICE, "gp_practice"},
    Deletable{v1::CLAIM_FIELD_GP, "gp"},
    Deletable{v1::CLAIM_FIELD_DIED, "died"},
    Deletable{v1::CLAIM_FIELD_DECEASED, "deceased"},
};

// What is set is not deleted, and what is set to nothing is to be deleted or left out.
Fault FaultOfUpdates(const v1::PatientClaim& claim, const Place& place) {
  const auto& reflection = *claim.GetReflection();
  for (const Deletable& one : kDeletable) {
    const auto& field = *claim.GetDescriptor()->FindFieldByName(std::string(one.name));
    const auto times = std::count(claim.deleted().begin(), claim.deleted().end(), one.field);
    const bool set = reflection.HasField(claim, &field);
    if (times + (set ? 1 : 0) > 1) {
      return Invalid({&place, one.name}, "it is set and deleted, or deleted twice");
    }
    if (set && field.type() == google::protobuf::FieldDescriptor::TYPE_STRING &&
        reflection.GetString(claim, &field).empty()) {
      return Invalid({&place, one.name}, "it is empty: leave it out, or list it in deleted");
    }
  }
  return std::nullopt;
}

bool IsBirthDate(const std::string& text) {
  const auto date = record::BirthDate::Parse(text);
  return date && date->ToString() == text && date->date.year() >= std::chrono::year(1800);
}

Fault FaultOfClaim(const v1::PatientClaim& claim, const Place& place) {
  if (claim.nhs_number().empty() && claim.local_identifiers_size() == 0) {
    return base::Error{base::ErrorId::kPatientMissing, place.ToString(),
                       "give the NHS number, or a local identifier with its authority"};
  }
  if (claim.has_birth_date() && !IsBirthDate(claim.birth_date())) {
    return Invalid({&place, "birth_date"}, "write YYYY-MM-DD");
  }
  return FaultOfUpdates(claim, place);
}

Fault FaultOfMerge(const v1::MergeClaim& merge, const Place& place) {
  if (merge.surviving_size() == 0 && merge.surviving_nhs_number().empty()) {
    return Invalid({&place, "surviving"}, "it names nobody who survives");
  }
  if (merge.discarded_size() == 0 && merge.discarded_nhs_number().empty()) {
    return Invalid({&place, "discarded"}, "it names nobody who is discarded");
  }
  return std::nullopt;
}

// One that says nothing would be taken for one that does.
Fault FaultOfVersion(const v1::SourceVersion& version, const Place& place) {
  if (version.number() != 0 || version.has_made()) return std::nullopt;
  return Invalid(place,
                 "it says nothing: number the version, say when it was made, or leave it out");
}

Fault FaultOfVersions(const v1::PatientContribution& patient, const Place& place) {
  if (patient.has_version()) {
    if (auto fault = FaultOfVersion(patient.version(), {&place, "version"})) return fault;
  }
  for (int i = 0; i < patient.drafts_size(); ++i) {
    if (!patient.drafts(i).has_version()) continue;
    const Place draft{&place, "drafts", i};
    if (auto fault = FaultOfVersion(patient.drafts(i).version(), {&draft, "version"})) return fault;
  }
  return std::nullopt;
}

// What is said to come whole is in the message, or is gone.
Fault FaultOfWholeDocuments(const v1::PatientContribution& patient, const Place& place) {
  std::set<std::string_view> said(patient.withdrawn_keys().begin(), patient.withdrawn_keys().end());
  for (const auto& draft : patient.drafts()) said.insert(draft.source_key());
  for (int i = 0; i < patient.whole_documents_size(); ++i) {
    if (said.erase(patient.whole_documents(i)) == 1) continue;
    return Invalid({&place, "whole_documents", i},
                   "it is the key of no draft or withdrawal of this message, or stands twice");
  }
  return std::nullopt;
}

Fault FaultOfDrafts(const v1::PatientContribution& patient, const Place& place) {
  for (int i = 0; i < patient.drafts_size(); ++i) {
    const Place draft{&place, "drafts", i};
    if (auto fault = FaultOfEntry(patient.drafts(i).entry(), {&draft, "entry"})) return fault;
    if (auto fault = FaultOfDocument(patient.drafts(i), draft)) return fault;
  }
  return Keys(patient).Find(place);
}

Fault FaultOfSnapshot(const v1::PatientContribution& patient, const Place& place) {
  std::set<int> sections;
  for (int i = 0; i < patient.snapshot_of_size(); ++i) {
    if (!sections.insert(patient.snapshot_of(i)).second) {
      return Invalid({&place, "snapshot_of", i}, "this section stands twice");
    }
  }
  return std::nullopt;
}

// What was an error is named, or it would take back something else.
Fault FaultOfPreferences(const v1::PatientContribution& patient, const Place& place) {
  for (int i = 0; i < patient.preferences_size(); ++i) {
    const auto& claim = patient.preferences(i);
    if (claim.answer() != v1::PREFERENCE_ANSWER_RETRACTED || !claim.key().empty()) continue;
    const Place preference{&place, "preferences", i};
    return Invalid({&preference, "key"}, "name the choice that was entered in error");
  }
  return std::nullopt;
}

}  // namespace

Fault FaultOfPatient(v1::PatientContribution& patient, const Place& place) {
  if (auto fault = CompleteTimes(patient, place)) return fault;
  if (auto fault = FaultOfClaim(patient.patient(), {&place, "patient"})) return fault;
  if (auto fault = FaultOfDrafts(patient, place)) return fault;
  if (auto fault = FaultOfVersions(patient, place)) return fault;
  if (auto fault = FaultOfWholeDocuments(patient, place)) return fault;
  if (auto fault = FaultOfSnapshot(patient, place)) return fault;
  if (auto fault = FaultOfPreferences(patient, place)) return fault;
  if (!patient.has_merge()) return std::nullopt;
  return FaultOfMerge(patient.merge(), {&place, "merge"});
}

}  // namespace milecastle::wire
