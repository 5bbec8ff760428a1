#include "record/directory.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <list>
#include <memory>

#include "base/clock.h"
#include "base/config.h"
#include "inside/directory.h"
#include "inside/json.h"
#include "inside/subcommands.h"

namespace milecastle::command {
namespace {

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

using Take = std::function<bool(const record::DirectoryService&)>;

// `of`: the file or files that were read. False: they, or a part of them, could not be.
bool PrintPage(const base::Result<record::DirectoryPage>& page, const std::string& of,
               Terminal& terminal, const Take& take) {
  if (!page) {
    Report(terminal, TroubleOf(page.error(), of + " is no page of a directory", kNotAll));
    return false;
  }
  for (const base::Error& refused : page->refused) {
    Report(terminal, TroubleOf(refused, "a part of " + of + " was not taken", kNotAll));
  }
  for (const record::DirectoryService& service : page->services) {
    if (take(service)) terminal.out << boost::json::serialize(ServiceJson(service)) << "\n";
  }
  return page->refused.empty();
}

// Walks the files; `take` says whether a service is printed.
int Print(const DirectoryFlags& flags, const Parts& parts, Terminal& terminal, const Take& take) {
  const auto found = FilesOf(flags.files);
  if (const auto* const trouble = std::get_if<Trouble>(&found)) return Report(terminal, *trouble);
  const DirectoryFiles* const listed = std::get_if<DirectoryFiles>(&found);
  std::list<std::string> kept;  // of tables, which are read together
  std::vector<record::DirectoryTable> tables;
  bool whole = true;
  for (const std::filesystem::path& file : listed->files) {
    auto bytes = base::ReadFile(file);
    if (!bytes) {
      return Report(terminal, TroubleOf(bytes.error(), "a file could not be read", kMisuse));
    }
    if (listed->are_tables) {
      kept.push_back(std::move(*bytes));
      tables.push_back({file.native(), kept.back()});
    } else {
      whole = PrintPage(parts.read_directory(*bytes), file.string(), terminal, take) && whole;
    }
  }
  if (listed->are_tables) {
    whole = PrintPage(parts.read_directory_tables(tables), "the tables", terminal, take);
  }
  return whole ? kDone : kNotAll;
}

bool IsTable(const std::filesystem::path& file) {
  return file.extension() == ".csv" || file.extension() == ".CSV" ||
         file.filename() == "datapackage.json";
}

// Its tables and what tells of them, or its pages; in the order of their names.
std::vector<std::filesystem::path> FilesIn(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> tables;
  std::vector<std::filesystem::path> pages;
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(folder, failed)) {
    if (!entry.is_regular_file(failed)) continue;
    if (IsTable(entry.path())) {
      tables.push_back(entry.path());
    } else if (entry.path().extension() == ".json") {
      pages.push_back(entry.path());
    }
  }
  auto& files = tables.empty() ? pages : tables;
  std::sort(files.begin(), files.end());
  return std::move(files);
}

int SearchFiles(const DirectoryFlags& flags, const Parts& parts, Terminal& terminal) {
  record::ServiceQuery query{.words = flags.words, .term = flags.term, .postcode = flags.postcode};
  if (flags.age >= 0) query.age = static_cast<int>(flags.age);
  if (!flags.status.empty()) query.status = record::ServiceStatusOf(flags.status);
  if (!flags.open_on.empty()) {
    query.open_on = record::WeekdayOf(flags.open_on);
    query.today = base::ToRfc3339(base::SystemClock().Now()).substr(0, 10);
  }
  return Print(flags, parts, terminal,
               [&](const auto& service) { return record::Matches(service, query); });
}

int ShowFiles(const DirectoryFlags& flags, const Parts& parts, Terminal& terminal) {
  return Print(flags, parts, terminal, [&](const auto& service) { return service.id == flags.id; });
}

}  // namespace

Answer<DirectoryFiles> FilesOf(const std::vector<std::string>& paths) {
  DirectoryFiles all;
  for (const std::filesystem::path path : paths) {
    std::error_code failed;
    if (!std::filesystem::is_directory(path, failed)) {
      all.files.push_back(path);
      continue;
    }
    const auto files = FilesIn(path);
    all.files.insert(all.files.end(), files.begin(), files.end());
  }
  const auto tables = std::count_if(all.files.begin(), all.files.end(), IsTable);
  all.are_tables = tables != 0;
  if (all.files.empty()) {
    return MisuseOf("FILE", "there is no file of a directory in the folder",
                    "name one that holds services.csv and its other tables, or pages in JSON");
  }
  if (all.are_tables && static_cast<std::size_t>(tables) != all.files.size()) {
    return MisuseOf("FILE", "some are tables (CSV) and some pages (JSON)",
                    "name files of one kind");
  }
  return all;
}

namespace {

constexpr const char* kExits =
    "  0  done\n"
    "  1  there is none of that id, or a file, or a service of it, could not be read as Open "
    "Referral UK\n"
    "  2  misuse, or a file could not be opened\n"
    "  3  refused by policy\n"
    "  4  the gateway is unavailable or failed";
constexpr const char* kImportExits =
    "  0  done\n"
    "  1  more of what is kept would be gone than the source allows: nothing was changed\n"
    "  2  misuse, or the files are no whole directory: nothing was changed\n"
    "  3  refused by policy\n"
    "  4  the gateway is unavailable or failed";
constexpr const char* kSourceHelp = "Of this source of the gateway alone";

void AddSearch(Command& group, const Parts& parts) {
  const auto flags = std::make_shared<DirectoryFlags>();
  Command search = group.Subcommand(
      "search",
      {"Find services in the directories that a gateway keeps, active ones where --status is left "
       "out, each with the time as of which it is so. With FILE: in files of a directory, offline, "
       "one JSON object a line and service: pages of /services, single services, organisations "
       "with their services, or a folder of them; or a folder of tables (services.csv and the "
       "others, with or without datapackage.json). Where a refuge is, is never printed.",
       kExits,
       "milecastle directory search --words \"lunch club\" --age 70 --cert ward.pem --key ward.key "
       "--ca ca.pem --token nurse.jwt"});
  search.Text("--words WORDS", flags->words,
              "Each stands in the name, description, organisation or a term");
  search.Text("--term TERM", flags->term, "Id or name of a taxonomy term");
  search.Text("--postcode AREA", flags->postcode,
              "How the postcode of a place begins, as NE28, or the name of an area");
  search.Text("--open-on DAY", flags->open_on, "A schedule that counts today names this day")
      .OneOf({"MO", "TU", "WE", "TH", "FR", "SA", "SU"});
  search.Number("--age YEARS", flags->age, {.least = 0, .most = 150},
                "Open to somebody of this age");
  search.Text("--status STATUS", flags->status, "Only services of this status")
      .OneOf({"active", "inactive", "defunct", "temporarily closed"});
  search.Text("--source NAME", flags->source, kSourceHelp);
  search.Text("--after TOKEN", flags->after, "Go on behind the page that gave it");
  search.Texts("FILE", flags->files, "Files of a directory, or a folder of them").Existing();
  AddConnectionFlags(search, flags->connection, Certificates::kOptional);
  search.Runs([flags, &parts](Terminal& terminal) {
    return flags->files.empty() ? SearchAtGateway(*flags, terminal)
                                : SearchFiles(*flags, parts, terminal);
  });
}

void AddShow(Command& group, const Parts& parts) {
  const auto flags = std::make_shared<DirectoryFlags>();
  Command show = group.Subcommand(
      "show", {"Print one service that a gateway keeps, or one of a directory's files.", kExits,
               "milecastle directory show --id ac148810 --cert ward.pem --key ward.key --ca ca.pem "
               "--token nurse.jwt"});
  show.Text("--id ID", flags->id, "The service's id").Required();
  show.Text("--source NAME", flags->source, kSourceHelp);
  show.Texts("FILE", flags->files, "Files of a directory, or a folder of them").Existing();
  AddConnectionFlags(show, flags->connection, Certificates::kOptional);
  show.Runs([flags, &parts](Terminal& terminal) {
    return flags->files.empty() ? ShowAtGateway(*flags, terminal)
                                : ShowFiles(*flags, parts, terminal);
  });
}

void AddImport(Command& group) {
  const auto flags = std::make_shared<DirectoryFlags>();
  Command command = group.Subcommand(
      "import",
      {"Put the services of these files in the place of all that the gateway keeps of a source. "
       "They must be the whole directory, 16 MiB at most: all its pages, lists of services, or a "
       "folder of tables (CSV). "
       "What they do not hold any more is marked as gone. Larger ones go into the source's folder.",
       kImportExits,
       "milecastle directory import --source tyneside services-*.json --cert hq.pem --key hq.key "
       "--ca ca.pem --token operator.jwt"});
  command
      .Text("--source NAME", flags->source, "The source, as the gateway's configuration names it")
      .Required();
  command.Switch("--accept-loss", flags->accept_loss,
                 "Also where more would be gone than the source allows");
  command.Texts("FILE", flags->files, "All files of the directory, or a folder of them")
      .Required()
      .Existing();
  AddConnectionFlags(command, flags->connection);
  command.Runs([flags](Terminal& terminal) { return ImportAtGateway(*flags, terminal); });
}

}  // namespace

void AddDirectory(Command root, const Parts& parts) {
  Command group = root.Group("directory", "Directories of services (Open Referral UK 3.0)");
  AddSearch(group, parts);
  AddShow(group, parts);
  AddImport(group);
}

}  // namespace milecastle::command
