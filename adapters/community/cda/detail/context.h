// What the readers of one document share: the contribution in the making, the document's own key
// and labels, and the narrative that its entries point to.
//
// Thread-safety: one thread, one document. Failure: what cannot be carried is noted by Miss.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "record/contribution.h"
#include "xml/document.h"

namespace milecastle::cda {

class Context {
 public:
  explicit Context(const xml::Node& document);

  const xml::Node& document() const { return document_; }
  record::Contribution& out() { return out_; }
  const std::string& key() const { return key_; }  // of the document: "document:…"

  // Names a part of the document: by its id, else by its place.
  std::string KeyOf(std::string_view kind, const xml::Node& part) const;

  // Lists a node as not carried, and marks it as read.
  void Miss(const xml::Node& node, std::string_view why);
  // Adds an entry, with the document's labels; a second one of the same key gets one of its own.
  void Add(record::Draft draft);

  // The words that a reference of an entry points to ("#a1"), empty where nothing does. Marks the
  // reference.
  std::string Referred(const xml::Node& reference);

  // A document made to blow up, by pointing to one text many times, is refused instead of read.
  bool Overspent() const { return spent_ > kMostBytes; }

  // Lists what nobody read.
  record::Contribution Finish();

 private:
  static constexpr std::size_t kMostBytes = 64U << 20U;

  void IndexNarrative();

  xml::Node document_;
  std::string key_;
  record::Contribution out_;
  std::vector<std::string> labels_;  // of the document: every entry carries them
  std::set<std::string> keys_;
  std::map<std::string_view, xml::Node, std::less<>> narrative_;  // by ID; empty: it stands twice
  std::size_t spent_ = 0;
};

// "document:" and setId, else id: the same for all versions of a document. Empty where there is
// neither. `of` is a ClinicalDocument or a parentDocument.
std::string KeyOfDocument(const xml::Node& of);
// "confidentiality:R", of the document or a section; empty: none is said.
std::string LabelOf(const xml::Node& within);
// "root" or "root|extension" of an II; empty where it has none.
std::string IdOf(const xml::Node& id);

}  // namespace milecastle::cda
