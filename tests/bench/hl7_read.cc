// The HL7 parser: the whole tree of an admission, and four fields read out of it.
//
// Thread-safety: one thread. Failure: ends where the message is refused.

#include "hl7v2/message.h"
#include "messages.h"
#include "stopwatch.h"

namespace milecastle::bench {
namespace {

std::size_t FourFields(const hl7v2::Message& message) {
  const auto pid = message.segment("PID");
  return message.segment("MSH").field(10).text().size() + pid.field(3).component(1).text().size() +
         pid.field(5).component(1).text().size() +
         message.segment("PV1").field(19).component(1).text().size();
}

void Run(const Options& options) {
  const std::string message = Admissions(1).Message(0);
  if (options.Text("print", "no") == "yes") {
    std::fwrite(message.data(), 1, message.size(), stdout);
    return;
  }
  std::size_t read = 0;
  std::size_t count = 0;
  const Stopwatch watch;
  while (watch.took() < options.Seconds()) {
    for (int i = 0; i < 100; ++i, ++count) {
      const auto parsed = hl7v2::Parse(message, {});
      if (!parsed) Fail("the message was refused");
      read += FourFields(*parsed);
    }
  }
  if (read == 0) Fail("nothing was read");
  Report(watch.Read(static_cast<double>(count), count));
}

}  // namespace
}  // namespace milecastle::bench

int main(int argc, char** argv) { milecastle::bench::Run(milecastle::bench::Options(argc, argv)); }
