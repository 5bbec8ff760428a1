// Ask the gateway one thing and print its answer: the run of nearly every client subcommand.
//
// Thread-safety: one thread. Failure: reported; the exit code is given.
#pragma once

#include <utility>

#include "client.h"
#include "json.h"
#include "terminal.h"

namespace milecastle::command {

// A request that could not be made is reported; else it is sent, and `print` words the answer for
// people.
template <class Response, class Request, class PrintText>
int AskAndPrint(const Connection& connection, const Answer<Request>& request, Terminal& terminal,
                PrintText print) {
  if (const auto* trouble = std::get_if<Trouble>(&request)) return Report(terminal, *trouble);
  const Answer<Response> answer = Ask(connection, std::get<Request>(request));
  if (const auto* trouble = std::get_if<Trouble>(&answer)) return Report(terminal, *trouble);
  const Response& response = std::get<Response>(answer);
  if (terminal.json) {
    PrintJson(response, terminal.out);
  } else {
    print(response, terminal.out);
  }
  return kDone;
}

}  // namespace milecastle::command
