// What CSV and XML cost at the least: a scan for separators with memchr, and pugixml's tree within
// the message's own bytes.
//
// Thread-safety: one thread. Failure: ends where the message is no XML.

#include <cstring>
#include <pugixml.hpp>

#include "samples.h"
#include "stopwatch.h"

namespace milecastle::bench {
namespace {

// Cells of lines, quotes passed over: less than any reader of CSV must do.
std::size_t Cells(const std::string& table) {
  std::size_t cells = 0;
  const char* line = table.data();
  const char* const end = line + table.size();
  while (line < end) {
    const auto left = static_cast<std::size_t>(end - line);
    const auto* stop = static_cast<const char*>(std::memchr(line, '\n', left));
    if (stop == nullptr) stop = end;
    while (line < stop) {
      const auto within = static_cast<std::size_t>(stop - line);
      const auto* comma = static_cast<const char*>(std::memchr(line, ',', within));
      line = comma == nullptr ? stop : comma + 1;
      ++cells;
    }
    line = stop + 1;
  }
  return cells;
}

std::size_t Elements(const std::string& document, std::string& buffer) {
  buffer = document;  // the parser writes into it
  pugi::xml_document tree;
  if (!tree.load_buffer_inplace(buffer.data(), buffer.size(), pugi::parse_minimal)) {
    Fail("the message is no XML");
  }
  return std::strlen(tree.document_element().name());
}

void Run(const Options& options) {
  const Format& format = FormatOf(options.Text("format", "csv"));
  const std::string message = MessagesOf(format, 1).front();
  std::string buffer;
  std::size_t read = 0;
  std::size_t count = 0;
  const Stopwatch watch;
  for (; watch.took() < options.Seconds(); ++count) {
    read += format.name == "csv" ? Cells(message) : Elements(message, buffer);
  }
  if (read == 0) Fail("nothing was read");
  const double megabytes = static_cast<double>(count * message.size()) / 1e6;
  Report(watch.Read(megabytes, count));
}

}  // namespace
}  // namespace milecastle::bench

int main(int argc, char** argv) { milecastle::bench::Run(milecastle::bench::Options(argc, argv)); }
