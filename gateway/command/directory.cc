#include "record/directory.h"

#include <memory>

#include "base/config.h"
#include "inside/json.h"
#include "inside/subcommands.h"

namespace milecastle::command {
namespace {

struct DirectoryFlags {
  std::string words;
  std::string term;
  std::string postcode;
  std::int64_t age = -1;
  std::string status;
  std::string id;
  std::vector<std::string> files;
};

boost::json::array LocationsJson(const record::DirectoryService& service) {
  boost::json::array list;
  for (const record::ServiceLocation& location : service.locations) {
    list.push_back({{"name", JsonText(location.name)},
                    {"type", JsonText(location.type)},
                    {"lines", JsonTexts(location.lines)},
                    {"postcode", JsonText(location.postcode)},
                    {"accessibility", JsonTexts(location.accessibility)}});
  }
  return list;
}

boost::json::value AgeJson(const std::optional<int>& age) {
  return age ? boost::json::value(*age) : boost::json::value(nullptr);
}

boost::json::object ServiceJson(const record::DirectoryService& service) {
  boost::json::array terms;
  for (const record::ServiceTerm& term : service.terms) {
    terms.push_back({{"id", JsonText(term.id)},
                     {"name", JsonText(term.name)},
                     {"taxonomy", JsonText(term.taxonomy)}});
  }
  return {{"id", JsonText(service.id)},
          {"name", JsonText(service.name)},
          {"status", NameOf(service.status)},
          {"organisation", JsonText(service.organisation)},
          {"organisation_id", JsonText(service.organisation_id)},
          {"description", JsonText(service.description)},
          {"alert", JsonText(service.alert)},
          {"url", JsonText(service.url)},
          {"email", JsonText(service.email)},
          {"phones", JsonTexts(service.phones)},
          {"fees", JsonText(service.fees)},
          {"minimum_age", AgeJson(service.minimum_age)},
          {"maximum_age", AgeJson(service.maximum_age)},
          {"schedules", JsonTexts(service.schedules)},
          {"costs", JsonTexts(service.costs)},
          {"areas", JsonTexts(service.areas)},
          {"terms", std::move(terms)},
          {"locations", LocationsJson(service)},
          {"address_kept_back", service.address_kept_back},
          {"assured", JsonText(service.assured)},
          {"last_modified", JsonText(service.last_modified)}};
}

// Walks the files; `take` says whether a service is printed. False: a file, or a part of one, could
// not be read.
template <class Take>
int Print(const DirectoryFlags& flags, const Parts& parts, Terminal& terminal, Take take) {
  bool whole = true;
  for (const std::string& file : flags.files) {
    const auto bytes = base::ReadFile(file);
    if (!bytes) {
      return Report(terminal, TroubleOf(bytes.error(), "a file could not be read", kMisuse));
    }
    const auto page = parts.read_directory(*bytes);
    if (!page) {
      Report(terminal, TroubleOf(page.error(), file + " is no page of a directory", kNotAll));
      whole = false;
      continue;
    }
    for (const base::Error& refused : page->refused) {
      Report(terminal, TroubleOf(refused, "a part of " + file + " was not taken", kNotAll));
      whole = false;
    }
    for (const record::DirectoryService& service : page->services) {
      if (take(service)) terminal.out << boost::json::serialize(ServiceJson(service)) << "\n";
    }
  }
  return whole ? kDone : kNotAll;
}

int Search(const DirectoryFlags& flags, const Parts& parts, Terminal& terminal) {
  record::ServiceQuery query{.words = flags.words, .term = flags.term, .postcode = flags.postcode};
  if (flags.age >= 0) query.age = static_cast<int>(flags.age);
  if (!flags.status.empty()) query.status = record::ServiceStatusOf(flags.status);
  return Print(flags, parts, terminal,
               [&](const auto& service) { return record::Matches(service, query); });
}

constexpr const char* kExits =
    "  0  every file was read\n"
    "  1  a file, or a service of it, could not be read as Open Referral UK\n"
    "  2  misuse, or a file could not be opened";

}  // namespace

void AddDirectory(Command root, const Parts& parts) {
  Command group = root.Group("directory", "Service directories (Open Referral UK 3.0), offline");
  const auto flags = std::make_shared<DirectoryFlags>();
  Command search = group.Subcommand(
      "search",
      {"Find services in files of a directory: pages of /services, single services, organisations "
       "with their services. One JSON object a line and service. Where a refuge is, is never "
       "printed: address_kept_back says so.",
       kExits, "milecastle directory search --words \"lunch club\" --age 70 services-*.json"});
  search.Text("--words WORDS", flags->words,
              "Each stands in the name, description, organisation or a term");
  search.Text("--term TERM", flags->term, "Id or name of a taxonomy term");
  search.Text("--postcode AREA", flags->postcode,
              "How the postcode of a place begins, as NE28, or the name of an area");
  search.Number("--age YEARS", flags->age, {.least = 0, .most = 150},
                "Open to somebody of this age");
  search.Text("--status STATUS", flags->status, "Only services of this status")
      .OneOf({"active", "inactive", "defunct", "temporarily closed"});
  search.Texts("FILE", flags->files, "Files of a directory").Required().ExistingFile();
  search.Runs([flags, &parts](Terminal& terminal) { return Search(*flags, parts, terminal); });

  const auto shown = std::make_shared<DirectoryFlags>();
  Command show =
      group.Subcommand("show", {"Print one service of a directory's files, as search does.", kExits,
                                "milecastle directory show --id ac148810 services-*.json"});
  show.Text("--id ID", shown->id, "The service's id").Required();
  show.Texts("FILE", shown->files, "Files of a directory").Required().ExistingFile();
  show.Runs([shown, &parts](Terminal& terminal) {
    return Print(*shown, parts, terminal,
                 [&](const auto& service) { return service.id == shown->id; });
  });
}

}  // namespace milecastle::command
