// Prometheus metrics, for loopback alone. No label ever holds anything about a patient: labels are
// methods, feeds, error names, queues, listeners, logs and files of certificates, all of them
// configured or catalogued.
//
// Thread-safety: any thread. Failure: Listen says why; a scrape that fails costs that scrape.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace milecastle::serve {

// One value that is read when somebody scrapes.
struct Sample {
  std::string name;  // "milecastle_queue_length"
  std::string help;
  std::vector<std::pair<std::string, std::string>> labels;
  double value = 0;
  bool counter = false;
};

class Metrics {
 public:
  Metrics();
  ~Metrics();

  void ObserveCall(std::string_view method, std::string_view error, double seconds);
  // Asked at every scrape.
  void AddSource(std::function<std::vector<Sample>()> source);

  std::string Text() const;  // Prometheus text format 0.0.4

  // Answers GET /metrics on 127.0.0.1. Port 0: any free one; returns it.
  base::Result<std::uint16_t> Listen(std::uint16_t port);

 private:
  class Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace milecastle::serve
