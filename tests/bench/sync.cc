// The disk's own floor: writes of --bytes into a file that was zeroed in advance, each with an
// fdatasync. One write after another, as nobody can be told "durable" sooner than this.
#include <fcntl.h>
#include <unistd.h>

#include <string>

#include "base/unique_fd.h"
#include "kit/folder.h"
#include "report.h"

namespace milecastle::bench {
namespace {

constexpr std::size_t kFileBytes = std::size_t{16} << 20;

void Write(int file, std::string_view bytes, std::size_t at) {
  if (::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(at)) !=
      static_cast<ssize_t>(bytes.size())) {
    Fail("the file cannot be written");
  }
}

void Run(const Options& options) {
  const kit::TemporaryFolder folder;
  const base::UniqueFd file(
      ::open((folder.path() / "sync").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (file.get() < 0) Fail("the file cannot be made");
  Write(file.get(), std::string(kFileBytes, '\0'), 0);
  ::fsync(file.get());

  const std::string block(options.Count("bytes", 4096), 'x');
  Durations durations;
  const auto cpu = OwnCpu();
  const auto began = Monotonic();
  std::size_t at = 0;
  for (auto now = began; now - began < options.Seconds();) {
    Write(file.get(), block, at);
    ::fdatasync(file.get());
    at = at + 2 * block.size() <= kFileBytes ? at + block.size() : 0;
    const auto then = Monotonic();
    durations.Add(then - now);
    now = then;
  }
  const auto count = static_cast<double>(durations.count());
  const std::chrono::duration<double> took = Monotonic() - began;
  const std::chrono::duration<double, std::micro> spent = OwnCpu() - cpu;
  Figures figures = {
      {"per_second", count / took.count()}, {"cpu_us", spent.count() / count}, {"count", count}};
  AddPercentiles(figures, durations);
  Report(figures);
}

}  // namespace
}  // namespace milecastle::bench

int main(int argc, char** argv) { milecastle::bench::Run(milecastle::bench::Options(argc, argv)); }
