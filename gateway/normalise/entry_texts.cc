#include "inside/entry_texts.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "base/text.h"
#include "inside/words.h"
#include "record/media.h"

namespace milecastle::normalise {
namespace {

void TakeCoded(Place place, const record::Coded& coded, const TextTaker& take) {
  take(place, coded.text);
  for (const record::Coding& coding : coded.codings) take(place, coding.display);
}

void TakeValue(const record::Value& value, const TextTaker& take) {
  take(Place::kValue, value.original);
  take(Place::kValue, value.interpretation);
  take(Place::kValue, value.reference_range);
  TakeCoded(Place::kValue, value.coded, take);
}

void TakeAddresses(const std::vector<record::Address>& addresses, const TextTaker& take) {
  for (const record::Address& address : addresses) {
    for (const std::string& line : address.lines) take(Place::kContacts, line);
  }
}

void TakeContacts(const record::Entry& entry, const TextTaker& take) {
  TakeAddresses(entry.addresses, take);
  for (const record::Contact& contact : entry.contacts) {
    take(Place::kContacts, contact.name);
    take(Place::kContacts, contact.relationship);
    TakeAddresses(contact.addresses, take);
  }
  take(Place::kContacts, entry.practice);
}

enum class Form : std::uint8_t { kPlain, kMarkup, kOther };

// Of bytes without a type: what was HTML when it was sent is markup still (record/media.h).
Form SniffedFormOf(std::string_view bytes) {
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) return Form::kMarkup;
  const std::size_t first = bytes.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (first != std::string_view::npos && bytes[first] == '<') return Form::kMarkup;
  const std::string_view head = bytes.substr(0, 1024);
  const bool is_text =
      std::none_of(head.begin(), head.end(), [](char c) { return c >= 0 && c < '\t'; });
  return is_text ? Form::kPlain : Form::kOther;
}

// By its media type, whatever its parameters; one that says none is looked at as plain text.
Form FormOf(std::string_view media_type, std::string_view bytes) {
  std::string type;
  for (const char c : media_type.substr(0, media_type.find(';'))) {
    if (c != ' ') type += base::Lower(c);
  }
  const auto has = [&](std::string_view part) { return type.find(part) != std::string::npos; };
  if (has("html") || has("xml") || type == "text/sgml") return Form::kMarkup;
  if (type == record::kUnknownMedia) return SniffedFormOf(bytes);
  const bool plain = type.empty() || type.starts_with("text/") || has("rtf") || has("json");
  return plain ? Form::kPlain : Form::kOther;
}

void TakeDocument(const record::Document& document, const TextTaker& take) {
  take(Place::kTitle, document.title);
  const Form form = FormOf(document.media_type, document.bytes);
  if (form == Form::kOther) return;
  const std::string text = Utf8Of(document.bytes);
  if (form == Form::kMarkup) take(Place::kDocument, TextOfMarkup(text));
  // Of markup too: its attributes and remarks are sent with it.
  take(Place::kDocument, text);
}

}  // namespace

std::optional<Place> PlaceOf(std::string_view name) {
  const auto* const found = std::find(kPlaces.begin(), kPlaces.end(), name);
  if (found == kPlaces.end()) return std::nullopt;
  return static_cast<Place>(std::distance(kPlaces.begin(), found));
}

void EachText(const record::Entry& entry, const TextTaker& take) {
  TakeCoded(Place::kWhat, entry.what, take);
  take(Place::kWhat, entry.status_original);
  take(Place::kWhat, entry.source_list);
  if (entry.value) TakeValue(*entry.value, take);
  for (const record::Detail& detail : entry.details) {
    take(Place::kDetails, detail.name);
    take(Place::kDetails, detail.text);
    TakeCoded(Place::kDetails, detail.coded, take);
  }
  for (const std::string& text : entry.free_text) take(Place::kFreeText, text);
  if (entry.document) TakeDocument(*entry.document, take);
  for (const record::Performer& performer : entry.performers) {
    take(Place::kPerformers, performer.name);
    take(Place::kPerformers, performer.role);
    take(Place::kPerformers, performer.organisation);
  }
  TakeContacts(entry, take);
}

}  // namespace milecastle::normalise
