// What of a message is an older version than what its source said of the same before: it came late,
// and is history. It is kept as that, and takes nobody's place.
//
// Where a source does not say which version it gives, the order is that of their coming.
//
// Thread-safety: as the transaction. Failure: the store's errors.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text_map.h"
#include "effect.h"

namespace milecastle::receive {

class Versions {
 public:
  explicit Versions(const Effect& effect);

  // First: which of the documents and sections that the message gives whole are older than what
  // its source said of them since.
  base::Result<void> FindOld();
  bool IsOldDocument(const std::string& document) const;
  bool IsOldSection(record::Section section) const;

  // Whether the message's word on what stands under this key is older than the source's last.
  base::Result<bool> IsOlder(const std::string& key);
  // The same of an entry, that a newer list of its whole section may not have either.
  base::Result<bool> IsOlder(const store::StoredEntry& entry);

  // Whether anything was found older by its number alone, and what else is known speaks against it.
  bool IsAnyDoubtful() const { return is_any_doubtful_; }

  // The message's word on a key, or on a document whole, is the source's last from now on.
  base::Result<void> Note(const std::string& key);
  base::Result<void> Note(const store::StoredEntry& entry);
  base::Result<void> NoteDocument(const std::string& document);
  // And on what it gave whole, or something of: at the end.
  base::Result<void> NoteSections();

 private:
  // Not known: the message does not say.
  record::Version VersionOf(const std::string& key) const;
  record::Version VersionOfDocument(const std::string& document) const;
  using Last = std::optional<record::Version>;
  base::Result<Last> LastOf(const std::string& name);
  base::Result<bool> IsOlderThan(const std::string& name, const record::Version& version);
  base::Result<void> NoteAs(const std::string& name, const record::Version& version);
  base::Result<void> FindOldDocuments();
  base::Result<void> FindOldSections();
  bool IsOfOldDocument(const std::string& key) const;
  base::Result<bool> IsPartOfOldAlone(const store::StoredEntry& entry);

  const Effect& effect_;
  store::Records& records_;
  base::TextMap<std::string_view, const record::Version*> own_;  // of the message's entries
  base::TextMap<std::string, Last> last_;  // as stored, of the names that were asked for
  std::vector<std::string> old_documents_;
  std::vector<record::Section> old_sections_;
  std::vector<record::Section> spoken_of_;          // of the entries that were put
  std::map<record::Section, bool> is_whole_since_;  // a newer message gave the section whole
  bool are_its_own_old_ = false;                    // the documents that the message itself gives
  bool is_any_known_ = false;
  bool is_any_doubtful_ = false;
};

}  // namespace milecastle::receive
