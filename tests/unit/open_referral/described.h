// What was read of a directory, as text: all of it, in the order of its reading.
#pragma once

#include <sstream>
#include <string>

#include "record/directory.h"

namespace milecastle::open_referral {

inline void DescribeTexts(const char* label, const std::vector<std::string>& texts,
                          std::ostream& out) {
  for (const std::string& text : texts) out << "  " << label << ": " << text << "\n";
}

inline void DescribeText(const char* label, const std::string& text, std::ostream& out) {
  if (!text.empty()) DescribeTexts(label, {text}, out);
}

inline void DescribeLists(const record::DirectoryService& service, std::ostream& out) {
  DescribeTexts("phone", service.phones, out);
  DescribeTexts("schedule", service.schedules, out);
  for (const record::OpenDays& open : service.open) {
    out << "  open: " << static_cast<int>(open.days) << " " << open.from << " to " << open.until
        << "\n";
  }
  DescribeTexts("cost", service.costs, out);
  DescribeTexts("area", service.areas, out);
  for (const record::ServiceTerm& term : service.terms) {
    out << "  term: " << term.id << ", " << term.name << ", " << term.taxonomy << "\n";
  }
  for (const record::ServiceLocation& location : service.locations) {
    out << "  place: " << location.name << ", " << location.type;
    for (const std::string& line : location.lines) out << ", " << line;
    out << ", " << location.postcode << "\n";
    DescribeTexts("  accessibility", location.accessibility, out);
  }
}

inline std::string Describe(const record::DirectoryService& service) {
  std::ostringstream out;
  out << service.id << ", " << service.name << ", " << NameOf(service.status)
      << (service.address_kept_back ? ", address kept back" : "") << "\n";
  out << "  organisation: " << service.organisation_id << ", " << service.organisation << "\n";
  DescribeText("description", service.description, out);
  DescribeText("alert", service.alert, out);
  DescribeText("url", service.url, out);
  DescribeText("e-mail", service.email, out);
  DescribeText("fees", service.fees, out);
  if (service.minimum_age) out << "  from age " << *service.minimum_age << "\n";
  if (service.maximum_age) out << "  to age " << *service.maximum_age << "\n";
  DescribeLists(service, out);
  DescribeText("assured", service.assured, out);
  DescribeText("last modified", service.last_modified, out);
  return out.str();
}

inline std::string Describe(const base::Result<record::DirectoryPage>& page) {
  if (!page) return "refused: " + base::Describe(page.error()) + "\n";
  std::ostringstream out;
  for (const auto& service : page->services) out << Describe(service);
  for (const auto& refused : page->refused) {
    out << "refused: " << refused.place << ": " << refused.advice << "\n";
  }
  for (const auto& id : page->unread) out << "stays as it was: " << id << "\n";
  for (const auto& name : page->not_carried) out << "not carried: " << name << "\n";
  return out.str();
}

}  // namespace milecastle::open_referral
