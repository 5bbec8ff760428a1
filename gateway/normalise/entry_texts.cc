#include "inside/entry_texts.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "inside/readings.h"

namespace milecastle::normalise {
namespace {

void TakeCoded(Place place, const record::Coded& coded, const TextTaker& take) {
  take(place, coded.text);
  for (const record::Coding& coding : coded.codings) {
    take(place, coding.display);
    // A specialty or a test is sent by its code alone often enough, and shown by it.
    take(place, coding.code);
    take(place, coding.system);
  }
}

void TakeWhen(Place place, const std::optional<record::When>& when, const TextTaker& take) {
  if (when) take(place, when->original);
}

void TakeValue(const record::Value& value, const TextTaker& take) {
  for (const std::string* text :
       {&value.original, &value.number, &value.comparator, &value.unit, &value.unit_code,
        &value.reference_range, &value.interpretation}) {
    take(Place::kValue, *text);
  }
  TakeCoded(Place::kValue, value.coded, take);
}

void TakeAddresses(const std::vector<record::Address>& addresses, const TextTaker& take) {
  for (const record::Address& address : addresses) {
    for (const std::string& line : address.lines) take(Place::kContacts, line);
    take(Place::kContacts, address.postcode);
    take(Place::kContacts, address.use);
  }
}

void TakeContacts(const record::Entry& entry, const TextTaker& take) {
  TakeAddresses(entry.addresses, take);
  for (const record::Contact& contact : entry.contacts) {
    take(Place::kContacts, contact.name);
    take(Place::kContacts, contact.relationship);
    TakeAddresses(contact.addresses, take);
    for (const record::Telecom& telecom : contact.telecoms) {
      take(Place::kContacts, telecom.value);
      take(Place::kContacts, telecom.use);
      take(Place::kContacts, telecom.system);
    }
  }
  take(Place::kContacts, entry.practice);
}

void TakePerformers(const record::Entry& entry, const TextTaker& take) {
  for (const record::Performer& performer : entry.performers) {
    for (const std::string* text :
         {&performer.name, &performer.identifier, &performer.identifier_system, &performer.role,
          &performer.organisation}) {
      take(Place::kPerformers, *text);
    }
  }
}

}  // namespace

std::optional<Place> PlaceOf(std::string_view name) {
  const auto* const found = std::find(kPlaces.begin(), kPlaces.end(), name);
  if (found == kPlaces.end()) return std::nullopt;
  return static_cast<Place>(std::distance(kPlaces.begin(), found));
}

void EachText(const record::Entry& entry, const TextTaker& taker) {
  const TextTaker take = [&](Place place, std::string_view text) {
    EachReading(text, [&](std::string_view reading) { taker(place, reading); });
  };
  TakeCoded(Place::kWhat, entry.what, take);
  take(Place::kWhat, entry.status_original);
  take(Place::kWhat, entry.source_list);
  for (const auto* when : {&entry.effective, &entry.ended, &entry.recorded}) {
    TakeWhen(Place::kWhat, *when, take);
  }
  for (const record::Link& link : entry.links) take(Place::kWhat, link.relation);
  if (entry.value) TakeValue(*entry.value, take);
  for (const record::Detail& detail : entry.details) {
    take(Place::kDetails, detail.name);
    take(Place::kDetails, detail.text);
    TakeCoded(Place::kDetails, detail.coded, take);
    TakeWhen(Place::kDetails, detail.when, take);
  }
  for (const std::string& text : entry.free_text) take(Place::kFreeText, text);
  if (entry.document) {
    take(Place::kTitle, entry.document->title);
    EachReadingOf(*entry.document,
                  [&](std::string_view reading) { taker(Place::kDocument, reading); });
  }
  TakePerformers(entry, take);
  TakeContacts(entry, take);
}

}  // namespace milecastle::normalise
