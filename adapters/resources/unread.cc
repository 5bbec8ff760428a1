#include "resources/unread.h"

#include <algorithm>
#include <array>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/text_map.h"

namespace milecastle::resources {
namespace {

using fhir::Element;

// The first that fits counts, the release's own before these.
constexpr std::array kReasons = {
    // How the bundle is built, not what it says.
    Reason{"", "meta.security*", "a security label of a resource that has no entry of its own"},
    Reason{"", "meta*", ""},
    Reason{"", "id", ""},
    Reason{"", "language", ""},
    Reason{"", "fhir_comments*", ""},
    Reason{"Bundle", "entry.*", ""},
    Reason{"Bundle", "timestamp", ""},
    Reason{"List", "status", ""},
    Reason{"List", "mode", ""},
    Reason{"List", "orderedBy*", ""},
    Reason{"List", "identifier*", ""},
    Reason{"List", "date", "the date of a list: each entry keeps its own"},
    Reason{"List", "note*", "a note on a list that makes no statement on its section"},
    Reason{"", "text*", "narrative: the coded elements are carried in its place"},
    Reason{"", "identifier*", "the source's further identifier: the entry is kept under its id"},
    Reason{"Organization", "name", "the organisation is kept under its ODS code"},
    Reason{"Organization", "alias*", "the organisation is kept under its ODS code"},
    Reason{"Organization", "*", "of an organisation only code or name are carried"},
    Reason{"HealthcareService", "*", "of a service only its name is carried"},
    Reason{"Location", "*", "of a place only its name is carried"},
    Reason{"Practitioner", "*",
           "of a professional only name, first identifier and role are carried"},
    Reason{"PractitionerRole", "*",
           "of a professional only name, first identifier and role are carried"},
    Reason{"", "extension*", "an extension that is not mapped"},
};

constexpr std::array<std::string_view, 9> kSupporting = {
    "Organization", "HealthcareService", "Location",  "Practitioner", "PractitionerRole",
    "Medication",   "RelatedPerson",     "Substance", "Device"};

bool Fits(const Reason& reason, std::string_view type, std::string_view path) {
  if (!reason.type.empty() && reason.type != type) return false;
  if (!reason.element.ends_with('*')) return reason.element == path;
  return path.starts_with(reason.element.substr(0, reason.element.size() - 1));
}

// The resource that an element stands in, contained ones included.
Element ResourceOf(Element element) {
  while (element && !element["resourceType"].IsText()) element = element.parent();
  return element;
}

// "CareConnect-ProblemSignificance-1" of a published extension; empty for addresses of the sender's
// own.
std::string PublishedName(std::string_view url) {
  const bool is_published = url.starts_with("https://fhir.nhs.uk/") ||
                            url.starts_with("https://fhir.hl7.org.uk/") ||
                            url.starts_with("http://hl7.org/fhir/");
  const std::string_view last = url.substr(url.rfind('/') + 1);
  const bool is_plain = std::all_of(last.begin(), last.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  });
  return is_published && is_plain && last.size() <= 80 ? std::string(last) : "";
}

const Reason* Find(std::span<const Reason> reasons, std::string_view type, std::string_view path) {
  const auto found = std::find_if(reasons.begin(), reasons.end(),
                                  [&](const Reason& reason) { return Fits(reason, type, path); });
  return found == reasons.end() ? nullptr : &*found;
}

// An entry of a bundle is the way to a resource; its parts are looked at one by one.
bool IsBundleEntry(const Element& element) {
  const Element holder = element.parent();
  return holder.IsArray() && holder.name() == "entry" &&
         holder.parent()["resourceType"].peek() == "Bundle";
}

// The lines of one patient.
struct Account {
  std::vector<record::NotCarried> lines;
  std::unordered_map<std::size_t, std::size_t> first;  // by Explained::number
  std::map<std::size_t, std::size_t> more;
};

// Why an element of a type of resource is not carried; whatever it stands for is told once.
struct Explained {
  std::string why;  // empty: it says nothing about the patient
  std::size_t number = 0;
};

class Explanation {
 public:
  Explanation(const Release& release, const Owners* owners, std::size_t patients, std::size_t rest)
      : release_(release), owners_(owners), accounts_(patients), rest_(rest) {}

  void AddAll(const Element& element) {
    for (const Element& unread : element.Unread()) AddParts(unread);
  }

  std::vector<std::vector<record::NotCarried>> Take() {
    std::vector<std::vector<record::NotCarried>> all;
    for (Account& account : accounts_) {
      for (const auto& [line, count] : account.more) {
        account.lines[line].why += ", and " + std::to_string(count) + " more like it";
      }
      all.push_back(std::move(account.lines));
    }
    return all;
  }

 private:
  // What a container holds may matter more than the container.
  void AddParts(const Element& unread) {
    const bool is_container =
        unread.name() == "meta" || (unread.IsObject() && IsBundleEntry(unread));
    for (const Element& item : is_container ? unread.members() : unread.items()) {
      if (item.IsObject() && IsBundleEntry(item) && item != unread) {
        AddParts(item);
      } else {
        Add(item);
      }
    }
  }

  Account& AccountOf(const Element& resource) {
    const std::size_t owner = owners_ == nullptr ? Owners::kShared : owners_->OwnerOf(resource);
    return accounts_[owner < accounts_.size() ? owner : rest_];
  }

  void Add(const Element& element) {
    const Element resource = ResourceOf(element);
    const std::string_view type = resource["resourceType"].peek();
    if (resource == element) {
      AccountOf(resource).lines.push_back({element.Place(), WhyResource(type)});
      return;
    }
    const Explained& explained = Explain(type, element.Way(resource), element["url"].peek());
    if (explained.why.empty()) return;
    Account& account = AccountOf(resource);
    const auto [seen, is_new] = account.first.emplace(explained.number, account.lines.size());
    if (is_new) account.lines.push_back({element.Place(), explained.why});
    if (!is_new) ++account.more[seen->second];
  }

  // A bundle repeats the same few: each is looked up in the tables once.
  const Explained& Explain(std::string_view type, const std::string& path, std::string_view url) {
    key_.assign(path).append(" ").append(std::to_string(type.size()));
    key_.append(" ").append(type).append(url);
    const auto [at, is_new] = explained_.try_emplace(key_);
    if (is_new) {
      std::string why = Why(type, path, url);
      const std::string told = std::string(type).append(" ").append(path).append(" ").append(why);
      at->second = {std::move(why), numbers_.emplace(told, numbers_.size()).first->second};
    }
    return at->second;
  }

  // A release names the types that it knows; any other is the sender's own text.
  std::string WhyResource(std::string_view type) const {
    for (const TypeReason& known : release_.types) {
      if (known.type != type) continue;
      const std::string_view why = known.why.empty() ? kNoEntry : known.why;
      return std::string(why).append(" (").append(type).append(")");
    }
    const bool supports =
        std::find(kSupporting.begin(), kSupporting.end(), type) != kSupporting.end();
    return std::string(supports ? kNoReference : kNoEntry);
  }

  std::string Why(std::string_view type, std::string_view path, std::string_view url) const {
    const Reason* reason = Find(release_.reasons, type, path);
    if (reason == nullptr) reason = Find(kReasons, type, path);
    if (reason == nullptr) return "an element that is not mapped";
    const std::string name = url.empty() ? "" : PublishedName(url);
    if (reason->why.empty()) return "";
    return std::string(reason->why) + (name.empty() ? "" : " (" + name + ")");
  }

  static constexpr std::string_view kNoEntry = "no entry is made from a resource of this type";
  static constexpr std::string_view kNoReference =
      "nothing that is carried refers to this resource";

  const Release& release_;
  const Owners* owners_;
  std::vector<Account> accounts_;  // by patient
  std::size_t rest_;               // whose account takes what is nobody's
  // By way, type and address of an extension.
  base::TextMap<std::string, Explained> explained_;
  std::string key_;                                  // of the one that is looked up
  base::TextMap<std::string, std::size_t> numbers_;  // by type, way and reason
};

void AddMembers(const Element& root, Explanation* explanation) {
  for (const Element& member : root.members()) {
    if (member.name() != "entry") {
      explanation->AddAll(member);
      continue;
    }
    // One by one: a whole resource is named by its own place.
    for (const Element& entry : member.items()) {
      for (const Element& part : entry.IsObject() ? entry.members() : entry.items()) {
        explanation->AddAll(part);
      }
    }
  }
}

}  // namespace

std::vector<record::NotCarried> ExplainUnread(const Element& root, const Release& release) {
  Explanation explanation(release, nullptr, 1, 0);
  AddMembers(root, &explanation);
  return std::move(explanation.Take().front());
}

std::vector<std::vector<record::NotCarried>> ExplainUnreadOf(const Element& root,
                                                             const Release& release,
                                                             const Owners& owners,
                                                             const Shares& shares) {
  Explanation explanation(release, &owners, shares.patients, shares.rest);
  AddMembers(root, &explanation);
  return explanation.Take();
}

}  // namespace milecastle::resources
