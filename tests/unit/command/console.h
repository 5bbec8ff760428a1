// A command line that is run in the test, with what it wrote.
//
// Thread-safety: one thread. Failure: none.
#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "command/command.h"

namespace milecastle::command {

struct Ran {
  int exit = -1;
  std::string out;
  std::string err;
};

inline Ran RunLine(const std::vector<std::string>& arguments, const Parts& parts = {}) {
  std::ostringstream out;
  std::ostringstream err;
  Ran ran;
  ran.exit = Run(arguments, parts, {out, err});
  ran.out = out.str();
  ran.err = err.str();
  return ran;
}

}  // namespace milecastle::command
