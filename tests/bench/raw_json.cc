// What JSON costs at the least: simdjson On-Demand taking five fields of each resource, or
// Boost.JSON's whole tree on the heap.
//
// Thread-safety: one thread. Failure: ends where the bundle is no JSON.

#include <simdjson.h>

#include <boost/json.hpp>

#include "samples.h"
#include "stopwatch.h"

namespace milecastle::bench {
namespace {

using simdjson::ondemand::object;

std::size_t TextOf(simdjson::simdjson_result<simdjson::ondemand::value> value) {
  std::string_view text;
  return value.get_string().get(text) == simdjson::SUCCESS ? text.size() : 0;
}

// Kind, id, status, first identifier and first coding's code: absent ones count nothing.
std::size_t FiveFields(object resource) {
  std::size_t read = TextOf(resource["resourceType"]) + TextOf(resource["id"]);
  read += TextOf(resource["identifier"].at(0)["value"]);
  read += TextOf(resource["status"]);
  return read + TextOf(resource["code"]["coding"].at(0)["code"]);
}

std::size_t Extract(simdjson::ondemand::parser& parser, const simdjson::padded_string& bundle) {
  auto document = parser.iterate(bundle);
  std::size_t read = 0;
  for (auto entry : document["entry"]) {
    object resource;
    if (entry["resource"].get_object().get(resource) != simdjson::SUCCESS) {
      Fail("the bundle is no JSON");
    }
    read += FiveFields(resource);
  }
  return read;
}

void Run(const Options& options) {
  const std::string bundle = MessagesOf(FormatOf(options.Text("format", "stu3")), 1).front();
  const simdjson::padded_string padded(bundle);
  simdjson::ondemand::parser parser;
  const bool heap = options.Text("parser", "simdjson-on-demand") == "boost-heap";
  std::size_t read = 0;
  std::size_t count = 0;
  const Stopwatch watch;
  for (; watch.took() < options.Seconds(); ++count) {
    read += heap ? boost::json::parse(bundle).as_object().size() : Extract(parser, padded);
  }
  if (read == 0) Fail("nothing was read");
  const double megabytes = static_cast<double>(count * bundle.size()) / 1e6;
  Report(watch.Read(megabytes, count));
}

}  // namespace
}  // namespace milecastle::bench

int main(int argc, char** argv) { milecastle::bench::Run(milecastle::bench::Options(argc, argv)); }
