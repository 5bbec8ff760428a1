// What every program here shares: its options, and the one line of JSON that it ends with.
//
// A program takes `--seconds S` and options of its own, each `--name value`; it measures one side
// once, prints one line, and ends.
//
// Thread-safety: one thread. Failure: an option that is missing or no number ends the program.
#pragma once

#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace milecastle::bench {

[[noreturn]] inline void Fail(std::string_view why) {
  std::fprintf(stderr, "bench: %.*s\n", static_cast<int>(why.size()), why.data());
  std::exit(2);
}

class Options {
 public:
  Options(int argc, char** argv) {
    for (int i = 1; i < argc; i += 2) {
      const std::string_view name = argv[i];
      if (!name.starts_with("--") || i + 1 == argc) Fail("options are --name value");
      given_[std::string(name.substr(2))] = argv[i + 1];
    }
  }
  std::string Text(const std::string& name, const std::string& otherwise) const {
    const auto found = given_.find(name);
    return found == given_.end() ? otherwise : found->second;
  }
  double Number(const std::string& name, double otherwise) const {
    const auto found = given_.find(name);
    if (found == given_.end()) return otherwise;
    char* end = nullptr;
    const double value = std::strtod(found->second.c_str(), &end);
    if (end == found->second.c_str() || *end != '\0') Fail("--" + name + " needs a number");
    return value;
  }
  std::size_t Count(const std::string& name, std::size_t otherwise) const {
    return static_cast<std::size_t>(Number(name, static_cast<double>(otherwise)));
  }
  std::chrono::nanoseconds Seconds() const {
    return std::chrono::nanoseconds(static_cast<std::int64_t>(Number("seconds", 1.2) * 1e9));
  }

 private:
  std::map<std::string, std::string> given_;
};

inline std::chrono::nanoseconds ReadClock(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}
inline std::chrono::nanoseconds Monotonic() { return ReadClock(CLOCK_MONOTONIC); }
inline std::chrono::nanoseconds OwnCpu() { return ReadClock(CLOCK_PROCESS_CPUTIME_ID); }
// Of another process: a load's server.
inline std::chrono::nanoseconds CpuOf(pid_t process) {
  clockid_t clock{};
  if (::clock_getcpuclockid(process, &clock) != 0) Fail("there is no such server process");
  return ReadClock(clock);
}

// Durations of single operations, as percentiles.
class Durations {
 public:
  void Add(std::chrono::nanoseconds one) { all_.push_back(one.count()); }
  std::size_t count() const { return all_.size(); }
  double Micros(double share) {
    if (all_.empty()) return 0;
    const auto place = static_cast<std::ptrdiff_t>(share * static_cast<double>(all_.size() - 1));
    std::nth_element(all_.begin(), all_.begin() + place, all_.end());
    return static_cast<double>(all_[static_cast<std::size_t>(place)]) / 1000.0;
  }

 private:
  std::vector<std::int64_t> all_;
};

using Figures = std::vector<std::pair<std::string, double>>;

inline void AddPercentiles(Figures& figures, Durations& durations) {
  figures.emplace_back("p50_us", durations.Micros(0.50));
  figures.emplace_back("p99_us", durations.Micros(0.99));
  figures.emplace_back("p999_us", durations.Micros(0.999));
}

inline void Report(const Figures& figures) {
  std::string line;
  for (const auto& [name, value] : figures) {
    char text[64];
    std::snprintf(text, sizeof text, "%.10g", value);
    line += (line.empty() ? "{\"" : ", \"") + name + "\": " + text;
  }
  std::printf("%s}\n", line.c_str());
  std::fflush(stdout);
}

}  // namespace milecastle::bench
