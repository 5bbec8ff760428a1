#include "base/config.h"
#include "inside/ask.h"
#include "inside/directory.h"

namespace milecastle::command {
namespace {

// One line of what a service says, where it says it.
void PrintLine(std::string_view label, const std::string& text, std::ostream& out) {
  if (!text.empty()) out << "    " << label << Printable(text) << "\n";
}

template <class Texts>
void PrintLines(std::string_view label, const Texts& texts, std::ostream& out) {
  for (const std::string& text : texts) PrintLine(label, text, out);
}

void PrintAges(const v1::DirectoryEntry& entry, std::ostream& out) {
  if (!entry.has_minimum_age() && !entry.has_maximum_age()) return;
  out << "    ages";
  if (entry.has_minimum_age()) out << " from " << entry.minimum_age();
  if (entry.has_maximum_age()) out << " to " << entry.maximum_age();
  out << "\n";
}

void PrintPlace(const v1::ServicePlace& place, std::ostream& out) {
  std::string text = Printable(place.name());
  for (const std::string& line : place.lines())
    text += (text.empty() ? "" : ", ") + Printable(line);
  if (!place.postcode().empty()) text += (text.empty() ? "" : ", ") + Printable(place.postcode());
  out << "    at " << text << "\n";
  PrintLines("        ", place.accessibility(), out);
}

void PrintHead(const v1::DirectoryEntry& entry, std::ostream& out) {
  out << Printable(entry.name()) << "  " << Printable(entry.status());
  if (!entry.organisation().empty()) out << ", " << Printable(entry.organisation());
  out << "\n    " << Printable(entry.service_id()) << " of " << Printable(entry.source())
      << ", as of " << LondonTime(entry.read()) << "\n";
  if (entry.has_gone()) {
    out << "    ! its directory has held it no more since " << LondonTime(entry.gone()) << "\n";
  }
  PrintLine("! ", entry.alert(), out);
}

void PrintEntry(const v1::DirectoryEntry& entry, std::ostream& out) {
  PrintHead(entry, out);
  if (entry.address_kept_back()) out << "    where it is is kept back: ask the organisation\n";
  for (const v1::ServicePlace& place : entry.places()) PrintPlace(place, out);
  PrintLines("in ", entry.areas(), out);
  PrintLines("", entry.schedules(), out);
  PrintAges(entry, out);
  PrintLines("costs ", entry.costs(), out);
  PrintLine("fees ", entry.fees(), out);
  PrintLines("telephone ", entry.phones(), out);
  PrintLine("e-mail ", entry.email(), out);
  PrintLine("", entry.url(), out);
  PrintLine("assured ", entry.assured(), out);
}

void PrintStates(const v1::SearchServicesResponse& response, std::ostream& out) {
  if (response.directories().empty()) out << "No source of services is configured.\n";
  for (const v1::DirectoryState& state : response.directories()) {
    if (!state.has_read()) {
      out << "! " << Printable(state.source()) << ": nothing was read of it yet\n";
    } else if (state.stale()) {
      out << "! " << Printable(state.source()) << ": read last " << LondonTime(state.read())
          << ", longer ago than it should be\n";
    }
  }
}

void PrintFound(const v1::SearchServicesResponse& response, std::ostream& out) {
  if (response.services().empty()) out << "No service was found.\n";
  for (const v1::DirectoryEntry& entry : response.services()) PrintEntry(entry, out);
  PrintStates(response, out);
  if (!response.next_page_token().empty()) {
    out << "More: --after " << Printable(response.next_page_token()) << "\n";
  }
}

Answer<v1::ImportServicesRequest> ImportOf(const DirectoryFlags& flags) {
  v1::ImportServicesRequest request;
  request.set_source(flags.source);
  request.set_accept_loss(flags.accept_loss);
  const auto found = FilesOf(flags.files);
  if (const auto* const trouble = std::get_if<Trouble>(&found)) return *trouble;
  const DirectoryFiles* const listed = std::get_if<DirectoryFiles>(&found);
  for (const std::filesystem::path& file : listed->files) {
    auto bytes = base::ReadFile(file);
    if (!bytes) return TroubleOf(bytes.error(), "a file could not be read", kMisuse);
    request.add_files(std::move(*bytes));
    if (listed->are_tables) request.add_file_names(file.filename().string());
  }
  return request;
}

}  // namespace

int SearchAtGateway(const DirectoryFlags& flags, Terminal& terminal) {
  v1::SearchServicesRequest request;
  request.set_words(flags.words);
  request.set_term(flags.term);
  request.set_postcode(flags.postcode);
  request.set_open_on(flags.open_on);
  if (flags.age >= 0) request.set_age(static_cast<std::uint32_t>(flags.age));
  request.set_status(flags.status);
  request.set_source(flags.source);
  request.set_page_token(flags.after);
  return AskAndPrint<v1::SearchServicesResponse>(
      flags.connection, Answer<v1::SearchServicesRequest>(request), terminal, PrintFound);
}

int ShowAtGateway(const DirectoryFlags& flags, Terminal& terminal) {
  v1::GetServiceRequest request;
  request.set_service_id(flags.id);
  request.set_source(flags.source);
  return AskAndPrint<v1::GetServiceResponse>(
      flags.connection, Answer<v1::GetServiceRequest>(request), terminal,
      [](const v1::GetServiceResponse& response, std::ostream& out) {
        PrintEntry(response.service(), out);
        PrintLine("", response.service().description(), out);
      });
}

int ImportAtGateway(const DirectoryFlags& flags, Terminal& terminal) {
  return AskAndPrint<v1::ImportServicesResponse>(
      flags.connection, ImportOf(flags), terminal,
      [](const v1::ImportServicesResponse& response, std::ostream& out) {
        out << Count(response.services(), "service") << " kept: " << response.added() << " added, "
            << response.changed() << " changed, " << response.gone() << " gone\n";
        if (response.refused() != 0) {
          out << "! " << Count(response.refused(), "part")
              << " could not be read: milecastle directory search FILE… says which; "
              << response.unread() << " of them stay as they were\n";
        }
      });
}

}  // namespace milecastle::command
