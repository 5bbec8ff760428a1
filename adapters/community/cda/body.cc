// component: one embedded document, or sections with narrative and entries (CDA R2 section 4.3).
#include <utility>

#include "detail/narrative.h"
#include "detail/parts.h"
#include "detail/people.h"
#include "detail/values.h"
#include "record/headings.h"

namespace milecastle::cda {
namespace {

using record::Section;

Section HeadingOf(const xml::Node& code, std::string_view title, Section otherwise) {
  if (const auto found = record::SectionOfCode(code.attribute("code").peek())) return *found;
  for (const xml::Node& translation : code.All("translation")) {
    if (const auto found = record::SectionOfCode(translation.attribute("code").peek()))
      return *found;
  }
  return record::SectionOfTitle(title).value_or(otherwise);
}

record::Draft DraftOf(Context& context, const xml::Node& section, const Scope& scope) {
  record::Draft draft;
  draft.source_key = context.KeyOf("section", section);
  draft.source_labels = scope.labels;
  record::Entry& entry = draft.entry;
  entry.section = scope.heading;
  entry.kind = record::Kind::kStatement;
  entry.subject = scope.subject;
  entry.what = CodedOf(context, section["code"]);
  entry.group = context.key();
  AddDetail(entry, "relative", scope.relative);
  for (const xml::Node& author : section.All("author")) {
    if (auto when = WhenOf(context, author["time"])) entry.recorded = std::move(when);
    entry.performers.push_back(PerformerOf(context, author, "author"));
  }
  std::string narrative = NarrativeOf(context, section["text"]);
  if (!narrative.empty()) entry.free_text.push_back(std::move(narrative));
  return draft;
}

void ReadSection(Context& context, const xml::Node& section, Scope scope) {
  const std::string title = NarrativeOf(context, section["title"]);
  scope.heading = HeadingOf(section["code"], title, scope.heading);
  if (scope.heading == Section::kFamilyHistory && scope.subject == record::Subject::kPatient) {
    scope.subject = record::Subject::kFamily;
  }
  ReadSubject(context, section, scope);
  std::string label = LabelOf(section);
  if (!label.empty()) scope.labels.push_back(std::move(label));
  record::Draft draft = DraftOf(context, section, scope);
  if (!title.empty()) draft.entry.what.text = title;
  scope.group = context.key();
  if (!draft.entry.free_text.empty()) {
    scope.group = draft.source_key;
    context.Add(std::move(draft));
  }
  for (const xml::Node& entry : section.All("entry")) ReadEntry(context, entry, scope);
  for (const xml::Node& component : section.All("component")) {
    for (const xml::Node& inner : component.All("section")) ReadSection(context, inner, scope);
  }
}

}  // namespace

void ReadBody(Context& context, record::Draft header) {
  const xml::Node component = context.document()["component"];
  if (const xml::Node text = component["nonXMLBody"]["text"]) {
    header.entry.document = MediaOf(context, text, header.entry.what.text);
  }
  context.Add(std::move(header));
  for (const xml::Node& part : component["structuredBody"].All("component")) {
    for (const xml::Node& section : part.All("section")) ReadSection(context, section, Scope{});
  }
}

}  // namespace milecastle::cda
