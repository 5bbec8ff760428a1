#include "inside/versions.h"

#include <algorithm>

#include "record/document_key.h"
#include "record/doubtful_version.h"

namespace milecastle::receive {
namespace {

// By the message's moment alone, and among the keys of its system: of a section whole, and of
// anything in it.
std::string WholeOf(const Effect& effect, record::Section section) {
  return effect.System() + "#whole/" + std::to_string(static_cast<int>(section));
}
std::string AnyOf(const Effect& effect, record::Section section) {
  return effect.System() + "#any/" + std::to_string(static_cast<int>(section));
}

template <class T>
bool IsAmong(const std::vector<T>& list, const T& one) {
  return std::find(list.begin(), list.end(), one) != list.end();
}

}  // namespace

Versions::Versions(const Effect& effect)
    : effect_(effect),
      records_(effect.transaction.records()),
      is_any_known_(effect.patient.contribution.version.IsKnown()) {
  const Patient& patient = effect.patient;
  for (std::size_t i = 0; i < patient.versions.size(); ++i) {
    if (!patient.versions[i].IsKnown()) continue;
    own_.emplace(patient.entries[i].source_key, &patient.versions[i]);
    is_any_known_ = true;
  }
}

base::Result<void> Versions::FindOld() {
  if (!is_any_known_) return {};
  if (auto found = FindOldDocuments(); !found) return found;
  return FindOldSections();
}

base::Result<void> Versions::FindOldSections() {
  const auto& contribution = effect_.patient.contribution;
  for (const record::Section section : contribution.snapshot_of) {
    for (const std::string& name : {WholeOf(effect_, section), AnyOf(effect_, section)}) {
      const auto older =
          IsOlderThan(name, {.number = 0, .made = {}, .sent = contribution.version.sent});
      if (!older) return older.error();
      if (*older && !IsOldSection(section)) old_sections_.push_back(section);
    }
  }
  return {};
}

base::Result<void> Versions::FindOldDocuments() {
  bool gives_old = false;
  bool gives_other = false;
  for (const std::string& document : effect_.patient.contribution.replaced_documents) {
    const auto older = IsOlderThan(record::BelowDocument(document), VersionOfDocument(document));
    if (!older) return older.error();
    if (*older) old_documents_.push_back(document);
    if (own_.contains(document)) (*older ? gives_old : gives_other) = true;
  }
  are_its_own_old_ = gives_old && !gives_other;
  return {};
}

bool Versions::IsOldDocument(const std::string& document) const {
  return IsAmong(old_documents_, document);
}

bool Versions::IsOldSection(record::Section section) const {
  return IsAmong(old_sections_, section);
}

bool Versions::IsOfOldDocument(const std::string& key) const {
  return std::any_of(old_documents_.begin(), old_documents_.end(),
                     [&](const auto& document) { return record::IsOfDocument(key, document); });
}

base::Result<bool> Versions::IsOlder(const std::string& key) {
  if (!is_any_known_) return false;
  const record::Version version = VersionOf(key);
  if (IsOfOldDocument(key)) return true;
  // What an old document brings with it, and has no version of its own, is as old.
  if (are_its_own_old_ && !version.made) return true;
  return IsOlderThan(key, version);
}

// A part with a name of its own, of which nothing is known but that an old document has it: what
// the newer one came without is not brought back.
base::Result<bool> Versions::IsPartOfOldAlone(const store::StoredEntry& entry) {
  const bool is_in_old =
      std::any_of(old_documents_.begin(), old_documents_.end(),
                  [&](const auto& document) { return record::IsIn(document, entry.links); });
  if (!is_in_old) return false;
  const auto last = LastOf(entry.source_key);
  if (!last) return last.error();
  return !last->has_value();
}

base::Result<bool> Versions::IsOlder(const store::StoredEntry& entry) {
  auto older = IsOlder(entry.source_key);
  if (older && !*older) older = IsPartOfOldAlone(entry);
  const auto& sent = effect_.patient.contribution.version.sent;
  if (!older || *older || !sent) return older;
  const record::Section section = entry.entry_class.section;
  const auto [found, is_new] = is_whole_since_.try_emplace(section, false);
  if (is_new) {
    older = IsOlderThan(WholeOf(effect_, section), {.number = 0, .made = {}, .sent = sent});
    if (!older) return older;
    found->second = *older;
  }
  return found->second;
}

base::Result<void> Versions::Note(const store::StoredEntry& entry) {
  const record::Section section = entry.entry_class.section;
  if (!IsAmong(spoken_of_, section)) spoken_of_.push_back(section);
  return Note(entry.source_key);
}

base::Result<void> Versions::NoteSections() {
  const auto& contribution = effect_.patient.contribution;
  if (!contribution.version.sent) return {};
  std::vector<std::string> names;
  for (const record::Section section : spoken_of_) names.push_back(AnyOf(effect_, section));
  for (const record::Section section : contribution.snapshot_of) {
    if (!IsOldSection(section)) names.push_back(WholeOf(effect_, section));
  }
  for (const std::string& name : names) {
    const record::Version version{.number = 0, .made = {}, .sent = contribution.version.sent};
    const auto older = IsOlderThan(name, version);
    if (!older) return older.error();
    if (*older) continue;
    if (auto noted = NoteAs(name, version); !noted) return noted;
  }
  return {};
}

base::Result<void> Versions::Note(const std::string& key) { return NoteAs(key, VersionOf(key)); }

base::Result<void> Versions::NoteDocument(const std::string& document) {
  return NoteAs(record::BelowDocument(document), VersionOfDocument(document));
}

record::Version Versions::VersionOf(const std::string& key) const {
  const auto found = own_.find(key);
  if (found != own_.end()) return *found->second;
  const auto& documents = effect_.patient.contribution.replaced_documents;
  return IsAmong(documents, key) ? VersionOfDocument(key) : effect_.patient.contribution.version;
}

// Of a document that another takes the place of: the other's.
record::Version Versions::VersionOfDocument(const std::string& document) const {
  if (const auto own = own_.find(document); own != own_.end()) return *own->second;
  for (const std::string& other : effect_.patient.contribution.replaced_documents) {
    if (const auto own = own_.find(other); own != own_.end()) return *own->second;
  }
  return effect_.patient.contribution.version;
}

base::Result<Versions::Last> Versions::LastOf(const std::string& name) {
  if (const auto known = last_.find(name); known != last_.end()) return known->second;
  auto last = records_.VersionOf(effect_.settled.identity, name);
  if (last) last_.emplace(name, *last);
  return last;
}

base::Result<bool> Versions::IsOlderThan(const std::string& name, const record::Version& version) {
  if (!version.IsKnown()) return false;
  const auto last = LastOf(name);
  if (!last) return last.error();
  if (!*last) return false;
  const auto came = record::NotAfter(version, effect_.message.received);
  is_any_doubtful_ = is_any_doubtful_ || record::IsDoubtfullyOlder(came, **last);
  return record::OrderOf(came, **last) == record::Order::kOlder;
}

// What says nothing leaves what is known: an older one is older than both.
base::Result<void> Versions::NoteAs(const std::string& name, const record::Version& version) {
  if (!version.IsKnown()) return {};
  const auto last = LastOf(name);
  if (!last) return last.error();
  const auto came = record::NotAfter(version, effect_.message.received);
  if (*last == came) return {};
  last_.insert_or_assign(name, came);
  return records_.NoteVersion(effect_.settled.identity, name, came);
}

}  // namespace milecastle::receive
