// What the readers of one patient's resources share: where lists and documents put them, and the
// contribution in the making.
//
// Thread-safety: one thread, one bundle. Failure: what cannot be carried is noted by Miss.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/text_map.h"
#include "fhir/document.h"
#include "record/contribution.h"
#include "resources/bundle.h"
#include "resources/release.h"
#include "resources/whose.h"

namespace milecastle::resources {

// Where the bundle's lists, consultations and documents put a resource. Positions are left out on
// purpose: a gap in a numbering would tell that something confidential stood there.
struct Placement {
  std::set<std::string> lists;          // "Medications and medical devices"
  std::set<std::string> headings;       // of consultations and documents: "History"
  std::set<std::string> topics;         // of consultations, free text
  std::set<std::string> consultations;  // source keys of the encounters
  std::set<std::string> problems;       // source keys of the problems that the topics are about
  std::set<std::string> labels;         // security labels of the lists
  // Whose a document's section says that it is.
  record::Subject subject = record::Subject::kPatient;
  bool has_reference = false;  // of a Binary: a DocumentReference that is carried names it
};

// Whether a resource stands within another; in XML one that stands alone is no item of an array.
bool IsContained(const fhir::Element& resource);

class Context {
 public:
  Context(Bundle& bundle, Subject subject, std::unique_ptr<const Whose> whose,
          const Release& release);

  const Bundle& bundle() const { return bundle_; }
  const fhir::ReferenceIndex& index() const { return bundle_.index(); }
  const Release& release() const { return release_; }
  const fhir::Element& patient() const { return subject_.patient; }
  const Subject& subject() const { return subject_; }
  record::Contribution& out() { return out_; }

  // The patient's resources in order, without those contained in others.
  const std::vector<fhir::Element>& resources() const { return whose_->Resources(); }
  const std::vector<fhir::Element>& OfType(std::string_view type) const;
  // What a reference leads to; nothing where that is somebody else's. Resolve looks without
  // marking.
  fhir::Element Resolve(std::string_view reference, const fhir::Element& within) const;
  fhir::Element Follow(const fhir::Element& reference, const fhir::Element& within) const;

  const std::string& KeyOf(const fhir::Element& resource) const { return bundle_.KeyIn(resource); }
  // The source key of what a Reference points to, in the bundle or by its relative address. Marks
  // the reference.
  std::string KeyOfReference(const fhir::Element& reference, const fhir::Element& within) const;

  Placement& PlacementOf(const std::string& key) { return placements_[key]; }
  const Placement* FindPlacement(const std::string& key) const;
  // Whose an entry is by where its resource, or the report that it belongs to, was put.
  record::Subject SubjectOf(const std::string& key) const;
  // The report, course or battery that an entry belongs to; the first one said stays.
  void SetGroup(const std::string& key, const std::string& group) { groups_.emplace(key, group); }
  // Who somebody is whom references lead to, without a role that a reference gives them: read once.
  template <class Read>
  const record::Performer& PerformerAt(const fhir::Element& target, const Read& read) {
    const auto [known, is_new] = performers_.try_emplace(target.number());
    if (is_new) read(&known->second);
    return known->second;
  }
  const std::string& GroupOf(const std::string& key) const;  // empty: to none
  void MarkInvestigation(const std::string& key) { investigations_.insert(key); }
  bool IsInvestigation(const std::string& key) const { return investigations_.contains(key); }

  // Whether a reference is to the patient themselves.
  bool IsPatient(const fhir::Element& reference, const fhir::Element& within) const;

  // Why no entry may be made of a resource; empty where one may. Marks its subject.
  std::string_view WhyNot(const fhir::Element& resource) const;

  // Which its source gives of the resource that a part, or a contained one, stands in.
  record::Version VersionOf(fhir::Element part) const;

  // Lists an element as not carried, and marks it as read.
  void Miss(const fhir::Element& element, std::string_view why);
  // The same for a resource of which no entry must be made.
  void Drop(const fhir::Element& resource, std::string_view why);
  // The second of two equal ones, of which the first tells.
  void DropRepeated(const fhir::Element& resource, std::string_view why);
  // One that may be the patient's and is not among theirs.
  void LeaveOut(const fhir::Element& resource);
  // What could not be read of what is wrong as a whole is not missed.
  void MissNothing() { misses_ = false; }
  bool IsDropped(const fhir::Element& resource) const {
    return dropped_.contains(resource.number());
  }
  // Adds an entry; a second one of the same key gets a key of its own and a note.
  void Add(const fhir::Element& resource, record::Draft&& draft);

  void Spend(std::size_t units) { bundle_.Spend(units); }
  bool Overspent() const { return bundle_.Overspent(); }
  // A label that holds for every entry added from now on.
  void Label(std::string label) { labels_.push_back(std::move(label)); }

  // Lists what nobody read and puts the contribution into its stable order.
  record::Contribution Finish();
  // The same with what was found unread already, for a bundle of several patients.
  record::Contribution Finish(std::vector<record::NotCarried> unread);

 private:
  record::Subject SubjectOf(const fhir::Element& part);
  void StateWhatIsLeftOut();
  bool IsOfAPlace(const fhir::Element& resource) const;
  void FindLeftOut(const fhir::Element& resource);

  Bundle& bundle_;
  const Release& release_;
  Subject subject_;
  std::unique_ptr<const Whose> whose_;
  std::vector<std::string> labels_;
  record::Contribution out_;
  mutable base::TextMap<std::string_view, std::vector<fhir::Element>> by_type_;
  base::TextMap<std::string, Placement> placements_;
  base::TextMap<std::string, std::string> groups_;
  base::TextSet<std::string> investigations_;
  std::unordered_map<std::uint32_t, record::Subject> subjects_;      // by the resource's number
  std::unordered_map<std::uint32_t, record::Performer> performers_;  // by the number of who it is
  base::TextMap<std::string, int> keys_;  // how many entries wanted that key
  // By the resource's number: dropped, of which an entry tells, and which were refused.
  std::unordered_set<std::uint32_t> dropped_;
  std::unordered_set<std::uint32_t> told_;
  std::unordered_set<std::uint32_t> refused_;
  std::set<record::Section> left_out_;
  bool misses_ = true;
};

}  // namespace milecastle::resources
