#include "open_referral/reader.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <utility>

#include "base/text.h"
#include "fhir/document.h"
#include "inside/keep_back.h"

namespace milecastle::open_referral {
namespace {

using base::ErrorId;
using fhir::Element;

constexpr std::string_view kNeeded = "a service needs id, name, status and its organisation's id";

std::string Text(const Element& owner, std::string_view member) {
  return std::string(owner[member].text());
}

template <class Number>
std::optional<Number> NumberOf(const Element& element) {
  const std::string_view text = element.text();
  Number number = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), number).ptr;
  if (text.empty() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string Joined(std::initializer_list<std::string_view> parts, std::string_view between) {
  std::string joined;
  for (const std::string_view part : parts) {
    if (part.empty()) continue;
    if (!joined.empty()) joined += between;
    joined += part;
  }
  return joined;
}

// Where a reader may be led: a browser runs `javascript:` and `data:`, and takes no notice of
// blanks and control characters in them. An address without a scheme ("www.hearth.example") leads
// to none.
bool IsSafeAddress(std::string_view address) {
  constexpr auto kSchemes = std::to_array<std::string_view>({"http", "https", "mailto", "tel"});
  std::string seen;
  for (const char c : address) {
    if (static_cast<unsigned char>(c) > ' ') seen += base::Lower(c);
  }
  const std::string first = seen.substr(0, seen.find_first_of("/?"));
  const std::size_t colon = first.find(':');
  if (colon == std::string::npos) return first.find('&') == std::string::npos;  // "&colon;"
  return std::find(kSchemes.begin(), kSchemes.end(), first.substr(0, colon)) != kSchemes.end();
}

record::ServiceTerm TermOf(const Element& term) {
  return {Text(term, "id"), Text(term, "name"), Text(term, "taxonomy")};
}

record::ServiceLocation LocationOf(const Element& location) {
  record::ServiceLocation made;
  made.name = Text(location, "name");
  made.type = Text(location, "location_type");
  for (const Element& address : location["addresses"].items()) {
    for (const std::string_view part : {"address_1", "address_2", "city", "region"}) {
      if (std::string line = Text(address, part); !line.empty()) {
        made.lines.push_back(std::move(line));
      }
    }
    made.postcode = Text(address, "postal_code");
  }
  for (const Element& one : location["accessibility"].items()) {
    if (std::string text = Text(one, "description"); !text.empty()) {
      made.accessibility.push_back(std::move(text));
    }
  }
  return made;
}

bool IsDate(std::string_view text) {
  constexpr std::string_view kForm = "9999-99-99";
  return text.size() == kForm.size() &&
         std::equal(text.begin(), text.end(), kForm.begin(), [](char each, char form) {
           return form == '9' ? each >= '0' && each <= '9' : each == form;
         });
}

// "MO,TU", and "1MO" for the first Monday of a month; of what is neither no day is taken.
std::uint8_t DaysOf(std::string_view list) {
  std::uint8_t days = 0;
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    std::string_view each = list.substr(0, comma);
    list.remove_prefix(std::min(comma + 1, list.size()));
    while (each.starts_with(' ')) each.remove_prefix(1);
    while (each.ends_with(' ')) each.remove_suffix(1);
    while (each.size() > 2 && std::string_view("+-0123456789").find(each[0]) != std::string::npos) {
      each.remove_prefix(1);
    }
    if (const auto day = record::WeekdayOf(each)) days |= BitOf(*day);
  }
  return days;
}

// A schedule whose times cannot be read counts on no day: it may be over.
std::optional<record::OpenDays> OpenOf(const Element& schedule) {
  constexpr std::uint8_t kEveryDay = 0x7F;
  const std::string_view named = schedule["byday"].text();
  const bool daily = named.empty() && schedule["freq"].text() == "DAILY";
  record::OpenDays open{.days = daily ? kEveryDay : DaysOf(named)};
  open.from = Text(schedule, "valid_from");
  open.until = Text(schedule, "valid_to");
  const std::string last = std::string(schedule["until"].text().substr(0, 10));
  for (const std::string& date : {open.from, open.until, last}) {
    if (!date.empty() && !IsDate(date)) return std::nullopt;
  }
  if (!last.empty() && (open.until.empty() || last < open.until)) open.until = last;
  if (open.days == 0) return std::nullopt;
  return open;
}

std::string Labelled(std::string_view label, std::string_view text) {
  return text.empty() ? std::string() : std::string(label) + std::string(text);
}

void AddSchedules(const Element& owner, record::DirectoryService* service) {
  for (const Element& one : owner["schedules"].items()) {
    const std::string hours = Joined({one["opens_at"].text(), one["closes_at"].text()}, " to ");
    service->schedules.push_back(
        Joined({one["freq"].text(), one["byday"].text(), hours, one["description"].text(),
                Labelled("from ", one["valid_from"].text()),
                Labelled("to ", one["valid_to"].text()), Labelled("until ", one["until"].text())},
               ", "));
    if (auto open = OpenOf(one)) service->open.push_back(std::move(*open));
  }
}

void AddPhones(const Element& owner, record::DirectoryService* service) {
  for (const Element& phone : owner["phones"].items()) {
    if (std::string number = Text(phone, "number"); !number.empty()) {
      service->phones.push_back(std::move(number));
    }
  }
}

// Whether any text at and below it says so, of whatever member: a refuge is told by the name of its
// place, by a term, a contact or its address on the web as well as by its own name. Nothing of it
// is taken for read. What else the same organisation offers is not this service.
bool MayShelter(const Element& whole) {
  std::vector<Element> open = {whole};
  while (!open.empty()) {
    const Element one = open.back();
    open.pop_back();
    if (one.IsObject() || one.IsArray()) {
      for (const Element& each : one.IsObject() ? one.members() : one.items()) {
        if (each.name() != "services") open.push_back(each);
      }
    } else if (SaysShelter(one.peek())) {
      return true;
    }
  }
  return false;
}

class PageReader {
 public:
  void ReadItem(const Element& item) {
    ++page.entries;
    if (!item.IsObject()) return Refuse(item, "send services, their places, or taxonomies");
    if (item["service"] || item["location"]) return ReadAtLocation(item);
    if (item["status"]) return ReadService(item, {}, {});
    if (item["services"]) return ReadOrganisation(item);
    if (item["taxonomy"] || item["term"] || item["parent_id"]) return ReadTerm(item);
    const bool is_known = item["id"] && item["name"];
    if (!is_known) return Refuse(item, "send services, their places, or taxonomies");
    item.Take();
    ++page.others;
  }

  record::DirectoryPage page;
  std::set<std::string> left_out;  // members whose address leads to where nobody may be led

 private:
  void Refuse(const Element& at, std::string_view advice) {
    if (std::string id = Text(at, "id"); !id.empty()) page.unread.push_back(std::move(id));
    std::string place = at.Place();
    page.refused.push_back(
        {ErrorId::kMessageInvalid, place.empty() ? "document" : place, std::string(advice)});
    at.Take();
  }

  void ReadTerm(const Element& item) {
    record::ServiceTerm term = TermOf(item);
    if (term.id.empty() || term.name.empty()) return Refuse(item, "a term needs id and name");
    page.terms.push_back(std::move(term));
  }

  void ReadOrganisation(const Element& item) {
    for (const Element& service : item["services"].items()) ReadService(service, item, {});
  }

  void ReadAtLocation(const Element& item) {
    if (!item["service"]) {
      item.Take();
      ++page.others;  // a place of a service that stands elsewhere
      return;
    }
    ReadService(item["service"], {}, item);
  }

  // `organisation` and `at` where the service stands within them.
  void ReadService(const Element& item, const Element& organisation, const Element& at) {
    const Element owner = item["organization"] ? item["organization"] : organisation;
    record::DirectoryService service;
    service.id = Text(item, "id");
    service.name = Text(item, "name");
    service.organisation_id = Text(item, "organization_id");
    if (service.organisation_id.empty()) service.organisation_id = Text(owner, "id");
    service.organisation = Text(owner, "name");
    const auto status = record::ServiceStatusOf(item["status"].text());
    if (service.id.empty() || service.name.empty() || !status || service.organisation_id.empty()) {
      return Refuse(item, kNeeded);
    }
    service.status = *status;
    ReadTexts(item, &service);
    ReadLists(item, &service);
    for (const Element& place : item["service_at_locations"].items()) ReadPlace(place, &service);
    if (at) ReadPlace(at, &service);
    if (MayShelter(item) || MayShelter(organisation) || MayShelter(at)) KeepBack(&service);
    page.services.push_back(std::move(service));
  }

  std::string AddressIn(const Element& item, std::string_view member) {
    std::string address = Text(item, member);
    if (IsSafeAddress(address)) return address;
    left_out.emplace(member);
    return "";
  }

  void ReadTexts(const Element& item, record::DirectoryService* service) {
    service->description = Text(item, "description");
    service->alert = Text(item, "alert");
    service->url = AddressIn(item, "url");
    service->email = AddressIn(item, "email");
    service->fees = Text(item, "fees");
    service->assured = Text(item, "assured_date");
    service->last_modified = Text(item, "last_modified");
    service->minimum_age = NumberOf<int>(item["minimum_age"]);
    service->maximum_age = NumberOf<int>(item["maximum_age"]);
  }

  static void ReadLists(const Element& item, record::DirectoryService* service) {
    AddSchedules(item, service);
    AddPhones(item, service);
    for (const Element& cost : item["cost_options"].items()) {
      const std::string amount =
          Joined({cost["amount"].text(), cost["amount_description"].text()}, " ");
      service->costs.push_back(Joined({amount, cost["option"].text()}, ", "));
    }
    for (const Element& area : item["service_areas"].items()) {
      service->areas.push_back(Joined({area["name"].text(), area["description"].text()}, ", "));
    }
    for (const Element& attribute : item["attributes"].items()) {
      record::ServiceTerm term = TermOf(attribute["taxonomy_term"]);
      if (!term.id.empty() || !term.name.empty()) service->terms.push_back(std::move(term));
    }
  }

  static void ReadPlace(const Element& at, record::DirectoryService* service) {
    if (at["location"]) service->locations.push_back(LocationOf(at["location"]));
    AddSchedules(at, service);
    AddPhones(at, service);
  }
};

// By the names alone: a thousand services lack the same thing once.
std::vector<std::string> NotCarried(const Element& root, std::set<std::string> names) {
  for (const Element& unread : root.Unread()) {
    const std::string_view name = unread.name();
    const bool is_paging = unread.parent() == root && root["contents"].exists();
    if (!name.empty() && name != "id" && !is_paging) names.insert(std::string(name));
  }
  constexpr std::size_t kMost = 100;
  std::vector<std::string> listed;
  for (const std::string& name : names) {
    const bool is_plain =
        name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789") == std::string::npos;
    if (listed.size() < kMost && is_plain) listed.push_back(name);
  }
  return listed;
}

}  // namespace

base::Result<record::DirectoryPage> Read(std::string_view json) {
  const auto document = fhir::Document::Parse(json);
  if (!document) return document.error();
  const Element root = document->root();
  PageReader reader;
  if (root["contents"].exists()) {
    for (const Element& item : root["contents"].items()) reader.ReadItem(item);
    reader.page.number = NumberOf<std::uint64_t>(root["page_number"]).value_or(1);
    reader.page.total = NumberOf<std::uint64_t>(root["total_pages"]).value_or(1);
    reader.page.items = NumberOf<std::uint64_t>(root["total_items"]);
  } else if (root.IsArray()) {
    for (const Element& item : root.items()) reader.ReadItem(item);
  } else {
    reader.ReadItem(root);
  }
  const record::DirectoryPage& page = reader.page;
  const bool nothing = page.services.empty() && page.unread.empty();
  if (nothing && !page.refused.empty()) return page.refused[0];
  reader.page.not_carried = NotCarried(root, std::move(reader.left_out));
  return std::move(reader.page);
}

}  // namespace milecastle::open_referral
