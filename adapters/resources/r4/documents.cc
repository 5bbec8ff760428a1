// Documents: a Composition with its sections, references to documents, pictures.
#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "fhir/datatypes.h"
#include "inside/readers.h"
#include "inside/start.h"
#include "r4/focus.h"
#include "r4/headings.h"
#include "record/belief.h"
#include "record/document_key.h"
#include "record/media.h"
#include "resources/attachment.h"
#include "resources/narrative.h"
#include "resources/replaced.h"
#include "resources/statements.h"

namespace milecastle::r4 {
namespace {

using fhir::Element;
using record::Kind;
using record::Section;

constexpr int kDeepestSection = 8;

constexpr auto kCompositionFields = std::to_array<Field>({
    {"category", "category", As::kCoded},
    {"date", "", As::kEffective},
    {"author", "author", As::kPerformer},
    {"custodian", "custodian", As::kPerformer},
});
constexpr auto kAttesterFields = std::to_array<Field>({
    {"mode", "attested"},
    {"time", "attested", As::kWhen},
    {"party", "attester", As::kPerformer},
});
constexpr auto kEventFields = std::to_array<Field>({
    {"code", "event", As::kCoded},
    {"period", "event", As::kPeriod},
    {"detail", "event", As::kLink},
});
constexpr auto kReferenceFields = std::to_array<Field>({
    {"category", "category", As::kCoded},
    {"date", "", As::kRecorded},
    {"author", "author", As::kPerformer},
    {"authenticator", "authenticator", As::kPerformer},
    {"custodian", "custodian", As::kPerformer},
    {"description", "", As::kFreeText},
});
constexpr auto kSettingFields = std::to_array<Field>({
    {"event", "event", As::kCoded},
    {"period", "", As::kEffective},
    {"facilityType", "facility", As::kCoded},
    {"practiceSetting", "setting", As::kCoded},
    {"related", "related", As::kLink},
});
constexpr auto kMediaFields = std::to_array<Field>({
    {"modality", "modality", As::kCoded},
    {"view", "view", As::kCoded},
    {"created", "created", As::kEffectiveChoice},
    {"issued", "", As::kRecorded},
    {"operator", "operator", As::kPerformer},
    {"reasonCode", "reason", As::kCoded},
    {"bodySite", "body site", As::kCoded},
    {"deviceName", "device"},
    {"device", "device", As::kLink},
    {"basedOn", "requested by", As::kLink},
    {"partOf", "part of", As::kLink},
});

std::string KeyOfComposition(Context& context, const Element& composition) {
  std::string key = KeyOfDocument(composition["identifier"]);
  return key.empty() ? context.KeyOf(composition) : key;
}

std::string TitleOf(const Element& section) {
  const std::string_view title = section["title"].text();
  return title.empty() ? WordsOf(CodedOf(section["code"])) : std::string(title);
}

// A list's items are as much somebody else's as the list.
void PlaceOther(Context& context, const Element& target, const Element& document,
                record::Subject subject) {
  context.PlacementOf(context.KeyOf(target)).subject = subject;
  for (const Element& entry : target["entry"].items()) {
    const Element item = context.Resolve(entry["item"]["reference"].peek(), document);
    context.Spend(1);
    if (item) context.PlacementOf(context.KeyOf(item)).subject = subject;
  }
}

void PlaceSections(Context& context, const Element& sections, const Element& document,
                   const About& around, int depth = 0) {
  for (const Element& section : sections.items()) {
    if (depth > kDeepestSection || context.Overspent()) return;
    const std::string title = TitleOf(section);
    const About about = AboutOf(context, section, document, around);
    for (const Element& entry : section["entry"].items()) {
      context.Spend(1);
      const Element target = context.Resolve(entry["reference"].peek(), document);
      if (!target) continue;
      context.PlacementOf(context.KeyOf(target)).headings.insert(title);
      if (about.subject != record::Subject::kPatient) {
        PlaceOther(context, target, document, about.subject);
      }
    }
    PlaceSections(context, section["section"], document, about, depth + 1);
  }
}

void LabelDocument(Context& context, const Element& composition) {
  const std::string_view code = composition["confidentiality"].text();
  if (!code.empty()) context.Label("confidentiality:" + std::string(code));
  for (const Element& label : composition["meta"]["security"].items()) {
    context.Label(resources::LabelOf(label));
  }
}

// Its bytes are the document's.
bool IsLetter(const Context& context, const Element& entry, const Element& document) {
  const Element target = context.Resolve(entry["reference"].peek(), document);
  return target["resourceType"].peek() == "Binary";
}

// A document's sections as statements, where no coded entry says the same.
class SectionReader {
 public:
  SectionReader(Context& context, const Element& document, const record::Draft& whole)
      : context_(context), document_(document), whole_(whole) {}

  // A heading that nobody knows stands where the one above it does.
  void Read(const Element& sections, Section above = Section::kDocuments, int depth = 0) {
    for (const Element& section : sections.items()) {
      if (context_.Overspent()) return;
      if (depth > kDeepestSection) {
        context_.Miss(section, "sections are nested too deeply");
        continue;
      }
      const std::string outer = title_;
      const About around = about_;
      about_ = AboutOf(context_, section, document_, around);
      const Section heading = ReadOne(section, above);
      title_ = outer.empty() ? TitleOf(section) : outer + ": " + TitleOf(section);
      Read(section["section"], heading, depth + 1);
      title_ = outer;
      about_ = around;
    }
  }
  // The names under which the sections stand, for what an earlier version left behind.
  const std::map<std::string, int>& names() const { return names_; }

 private:
  Section ReadOne(const Element& section, Section above) {
    const std::string title = TitleOf(section);
    const auto known = SectionOfHeading(CodedOf(section["code"]), title);
    const Section heading = known.value_or(above);
    const bool has_entries = ReadEntries(section);
    ReadEmptiness(section, title);
    const Element text = section["text"];
    const std::string_view status = text["status"].text();
    if (has_entries && status == "generated") {
      context_.Miss(text, "narrative: the coded entries are carried in its place");
      return heading;
    }
    const std::string words = resources::PlainText(text["div"].text());
    if (!words.empty()) AddStatement(section, heading, title, words);
    const bool is_empty = words.empty() && !has_entries && !section["section"].first() &&
                          !IsLetter(context_, section["entry"].first(), document_);
    if (is_empty) context_.Miss(section["title"], "a heading with nothing under it");
    return heading;
  }

  // True: an entry of the section is carried.
  bool ReadEntries(const Element& section) {
    bool has_entries = false;
    for (const Element& entry : section["entry"].items()) {
      const Element target = context_.Follow(entry, document_);
      entry["display"].text();
      if (!target) {
        context_.Miss(entry, "the section names something that is not in the bundle");
      } else {
        has_entries |= context_.release().makes_entry(target["resourceType"].peek()) &&
                       !context_.IsDropped(target) && MayMakeEntry(context_, target) &&
                       context_.WhyNot(target).empty();
      }
    }
    return has_entries;
  }

  void ReadEmptiness(const Element& section, std::string_view title) {
    const Element reason = section["emptyReason"];
    if (!reason) return;
    const auto heading = SectionWholeUnder(CodedOf(section["code"]), title);
    const auto saying = resources::SayingOfEmptyReason(reason);
    if (!heading || !saying || section["entry"].first()) {
      return context_.Miss(
          reason, "why a section is empty, of no known reason or no heading of a whole section");
    }
    if (about_.subject != record::Subject::kPatient) {
      return context_.Miss(reason, "why a section about somebody else is empty");
    }
    record::SectionStatement statement{*heading, *saying, whole_.entry.effective, {}, ""};
    statement.text = reason["text"].text();
    statement.by = whole_.entry.performers;
    context_.out().statements.push_back(std::move(statement));
  }

  void AddStatement(const Element& section, Section heading, const std::string& title,
                    const std::string& words) {
    record::Draft draft{
        .source_key = NameOf(section, title), .entry = {}, .source_labels = whole_.source_labels};
    record::Entry& entry = draft.entry;
    entry.section = heading;
    entry.kind = Kind::kStatement;
    entry.what = CodedOf(section["code"]);
    entry.what.text = title_.empty() ? title : title_ + ": " + title;
    entry.verification = whole_.entry.verification;
    entry.status_original = whole_.entry.status_original;
    entry.effective = whole_.entry.effective;
    entry.group = whole_.source_key;
    if (heading == Section::kFamilyHistory) entry.subject = record::Subject::kFamily;
    if (about_.subject != record::Subject::kPatient) {
      record::GiveToOther(about_.subject, entry);
      AddText(&entry, "About: " + about_.words);
    }
    AddPerformers(context_, section["author"], document_, "author", &entry);
    if (entry.performers.empty()) entry.performers = whole_.entry.performers;
    AddText(&entry, words);
    context_.Add(section, std::move(draft));
  }

  std::string NameOf(const Element& section, const std::string& title) {
    std::string name(section["code"]["coding"].first()["code"].peek());
    if (name.empty()) name = SlugOf(title);
    const int number = ++names_[name];
    std::string key = whole_.source_key + "/section/" + name;
    if (number > 1) key += "/" + std::to_string(number);
    return key;
  }

  Context& context_;
  const Element& document_;
  const record::Draft& whole_;
  std::string title_;  // of the sections around this one
  About about_;        // of the section that is read
  std::map<std::string, int> names_;
};

// A document that replaces another ends it with all its sections; those of the same names are
// withdrawn, also where the other comes later.
void Withdraw(Context& context, const std::string& key, const std::map<std::string, int>& names) {
  if (key.empty()) return;
  context.out().withdrawn_keys.push_back(key);
  context.out().replaced_documents.push_back(key);
  for (const auto& [name, count] : names) {
    context.out().withdrawn_keys.push_back(std::string(key).append("/section/").append(name));
  }
}

void ReadRelations(Context& context, const Element& composition, const SectionReader& sections,
                   record::Draft* draft) {
  for (const Element& relation : composition["relatesTo"].items()) {
    const std::string_view code = relation["code"].text();
    std::string key = KeyOfDocument(relation["targetIdentifier"]);
    if (key.empty()) key = context.KeyOfReference(relation["targetReference"], composition);
    // A version of itself has the same key, and replaces it by standing there.
    if (key == draft->source_key) continue;
    const bool holds = draft->entry.verification != record::Verification::kEnteredInError;
    if (code == "replaces" && holds) Withdraw(context, key, sections.names());
    if (!key.empty()) draft->entry.links.push_back({.relation = std::string(code), .key = key});
  }
}

void ReadContent(Context& context, const Element& resource, record::Draft* draft) {
  for (const Element& content : resource["content"].items()) {
    resources::ReadHeld(context, content["attachment"], resource, draft);
    AddDetail(&draft->entry, "format", CodedOf(content["format"]));
  }
}

// What a DocumentReference is carried for bears what that says of it, its labels among it.
void PlaceReferred(Context& context) {
  for (const Element& reference : context.OfType("DocumentReference")) {
    const bool holds = context.WhyNot(reference).empty() && MayMakeEntry(context, reference) &&
                       reference["status"].peek() != "entered-in-error" &&
                       reference["docStatus"].peek() != "entered-in-error";
    if (!holds) continue;
    for (const Element& content : reference["content"].items()) {
      context.Spend(1);
      const Element binary = context.Resolve(content["attachment"]["url"].peek(), reference);
      if (binary) context.PlacementOf(context.KeyOf(binary)).has_reference = true;
    }
  }
}

// A letter may stand as bytes beside its Composition (ITK3 Send Document). One in a section about
// somebody else is not the patient's.
class LetterReader {
 public:
  LetterReader(Context& context, const Element& document)
      : context_(context), document_(document) {}

  void Read(const Element& sections, const About& around, record::Draft* draft, int depth = 0) {
    for (const Element& section : sections.items()) {
      if (depth > kDeepestSection || context_.Overspent()) return;
      const About about = AboutOf(context_, section, document_, around);
      for (const Element& held : section["entry"].items()) {
        context_.Spend(1);
        if (about.subject == record::Subject::kPatient) ReadOne(held, draft);
      }
      Read(section["section"], about, draft, depth + 1);
    }
  }

 private:
  void ReadOne(const Element& held, record::Draft* draft) {
    if (!IsLetter(context_, held, document_)) return;
    const Element binary = context_.Resolve(held["reference"].peek(), document_);
    if (!read_.insert(binary.number()).second) return;
    const auto* const placement = context_.FindPlacement(context_.KeyOf(binary));
    if (placement != nullptr && placement->has_reference) return;
    resources::ReadBinary(context_, held, binary, draft);
  }

  Context& context_;
  const Element& document_;
  std::set<std::uint32_t> read_;
};

// A bundle of this type is one document and nothing else.
Element DocumentOf(Context& context) {
  if (context.bundle().root()["type"].peek() != "document") return {};
  const auto compositions = context.OfType("Composition");
  return compositions.size() == 1 ? compositions.front() : Element();
}

bool IsRead(Context& context, const std::string& key) {
  const auto& drafts = context.out().drafts;
  return std::any_of(drafts.begin(), drafts.end(),
                     [&](const record::Draft& draft) { return draft.source_key == key; });
}

// The person is who they are, whatever a document says.
bool IsOfThePatient(const std::string& key) { return key.starts_with("Patient/"); }

void LinkToDocument(Context& context) {
  const Element composition = DocumentOf(context);
  if (!composition) return;
  const std::string document = KeyOfComposition(context, composition);
  if (!IsRead(context, document)) return;
  for (record::Draft& draft : context.out().drafts) {
    if (IsOfThePatient(draft.source_key)) continue;
    if (record::IsOfDocument(draft.source_key, document)) continue;
    context.Spend(1);
    draft.entry.links.push_back({.relation = std::string(record::kInDocument), .key = document});
  }
}

// What was entered in error as a whole is not fact in any part; the patient is still the patient.
void RetractDocument(Context& context) {
  const auto compositions = context.OfType("Composition");
  const bool is_error =
      !compositions.empty() &&
      std::all_of(compositions.begin(), compositions.end(), [](const Element& composition) {
        return composition["status"].peek() == "entered-in-error";
      });
  if (!is_error) return;
  for (record::Draft& draft : context.out().drafts) {
    if (IsOfThePatient(draft.source_key)) continue;
    draft.entry.verification = record::Verification::kEnteredInError;
  }
  context.out().encounter.reset();
  context.out().statements.clear();
  context.out().preferences.clear();
  context.out().snapshot_of.clear();
  // Nor does it end anything but what it said itself.
  context.out().withdrawn_keys.clear();
  std::set<std::string> own;
  for (const Element& composition : compositions)
    own.insert(KeyOfComposition(context, composition));
  std::erase_if(context.out().replaced_documents,
                [&own](const std::string& key) { return !own.contains(key); });
  context.MissNothing();
}

}  // namespace

std::string KeyOfDocument(const Element& identifier) {
  const std::string_view value = identifier["value"].text();
  if (value.empty()) return "";
  return std::string("Composition/").append(identifier["system"].text()).append("|").append(value);
}

void SettleDocument(Context& context) {
  LinkToDocument(context);
  RetractDocument(context);
}

void ReadDocuments(Context& context) {
  PlaceReferred(context);
  for (const Element& composition : context.OfType("Composition")) {
    if (!context.WhyNot(composition).empty()) continue;
    LabelDocument(context, composition);
    PlaceSections(context, composition["section"], composition, About{});
  }
}

void ReadComposition(Context& context, const Element& resource) {
  auto draft =
      Start(context, resource, {Section::kDocuments, Kind::kDocument, "type", kCompositionFields});
  if (!draft) return;
  draft->source_key = KeyOfComposition(context, resource);
  record::Entry& entry = draft->entry;
  if (const std::string_view title = resource["title"].text(); !title.empty()) {
    entry.what.text = title;
  }
  for (const Element& attester : resource["attester"].items()) {
    ReadFields(context, attester, resource, kAttesterFields, &*draft);
  }
  for (const Element& event : resource["event"].items()) {
    ReadFields(context, event, resource, kEventFields, &*draft);
  }
  LetterReader(context, resource).Read(resource["section"], About{}, &*draft);
  SectionReader sections(context, resource, *draft);
  sections.Read(resource["section"]);
  ReadRelations(context, resource, sections, &*draft);
  // An earlier version of this very document.
  context.out().replaced_documents.push_back(draft->source_key);
  context.Add(resource, std::move(*draft));
}

void ReadDocumentReference(Context& context, const Element& resource) {
  auto draft =
      Start(context, resource, {Section::kDocuments, Kind::kDocument, "type", kReferenceFields});
  if (!draft) return;
  record::Entry& entry = draft->entry;
  // Of the document; the status says whether this reference to it is current.
  const std::string_view state = resource["docStatus"].text();
  AddDetail(&entry, "document status", state);
  if (state == "entered-in-error") entry.verification = record::Verification::kEnteredInError;
  const Element setting = resource["context"];
  ReadFields(context, setting, resource, kSettingFields, &*draft);
  for (const Element& encounter : setting["encounter"].items()) {
    const std::string key = context.KeyOfReference(encounter, resource);
    if (entry.group.empty()) {
      entry.group = key;
    } else if (!key.empty() && key != entry.group) {
      entry.links.push_back({.relation = "consultation", .key = key});
    }
  }
  ReadContent(context, resource, &*draft);
  for (const Element& label : resource["securityLabel"].items()) {
    for (const Element& coding : label["coding"].items()) {
      draft->source_labels.push_back(resources::LabelOf(coding));
    }
  }
  for (const Element& relation : resource["relatesTo"].items()) {
    resources::EndReplaced(context, relation, resource, draft->source_key);
    AddReference(context, relation["target"], resource, relation["code"].text(), &entry);
  }
  context.Add(resource, std::move(*draft));
}

void ReadMedia(Context& context, const Element& resource) {
  auto draft =
      Start(context, resource, {Section::kDocuments, Kind::kDocument, "type", kMediaFields});
  if (!draft) return;
  if (IsEmpty(draft->entry.what)) draft->entry.what.text = "Picture or recording";
  resources::ReadHeld(context, resource["content"], resource, &*draft);
  context.Add(resource, std::move(*draft));
}

}  // namespace milecastle::r4
