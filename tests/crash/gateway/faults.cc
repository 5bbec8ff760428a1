// What goes wrong under the shipped binary: a library that is preloaded into it (LD_PRELOAD), so
// that the product itself has no failpoints. The test maps the same file, $SURVIVAL_CONTROL, and
// arms a plan there at any moment: the n-th write to a file of that name fails, fails although it
// was done, hangs until the plan is disarmed, or is where the process is killed. It also sets the
// wall clock off by so much.
//
// Thread-safety: any thread. Failure: without the variable or the file nothing is ever struck.
#include <dlfcn.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <span>
#include <string_view>
#include <utility>

namespace {

// These numbers, and the layout of Plan and Control, are those of faults.py.
enum Operation : std::uint32_t {
  kOpen = 1,
  kWrite = 2,
  kSync = 4,
  kRename = 8,
  kSend = 16,
  kRead = 32,
};
enum Action : std::uint32_t { kWatch, kFail, kFailAfter, kKill, kKillAfter, kHang };

struct Plan {
  std::atomic<std::uint32_t> armed;
  std::uint32_t operations;
  std::uint32_t action;
  std::int32_t error;
  std::uint32_t skip;               // as many that match are passed over first
  std::uint32_t times;              // and then so many are struck; 0: all
  std::int32_t after;               // nothing matches until this other plan has struck; -1: at once
  std::atomic<std::uint32_t> seen;  // that matched since it was armed
  std::atomic<std::uint32_t> struck;
  std::array<char, 92> path;      // see Matches; empty: any, and sockets too
  std::uint32_t hit;              // the operation that was struck last
  std::array<char, 92> hit_path;  // and the end of its file's name
};

struct Control {
  std::array<Plan, 4> plans;
  std::atomic<std::int64_t> clock_nanoseconds;  // added to the wall clock
  std::atomic<std::uint32_t> judging;  // operations of which it is not decided yet who strikes them
};

Control* control = nullptr;

__attribute__((constructor)) void MapControl() {
  const char* path = std::getenv("SURVIVAL_CONTROL");
  if (path == nullptr) return;
  const int descriptor = ::open(path, O_RDWR | O_CLOEXEC);
  if (descriptor < 0) return;
  void* mapped =
      ::mmap(nullptr, sizeof(Control), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  ::close(descriptor);
  if (mapped != MAP_FAILED) control = static_cast<Control*>(mapped);
}

template <class Function>
Function* Next(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

// A part of the name, or its end where the part ends with $.
bool Matches(std::string_view name, std::string_view part) {
  if (part.back() != '$') return name.find(part) != std::string_view::npos;
  part.remove_suffix(1);
  return name.ends_with(part);
}

// The file behind a descriptor, or the path itself where there is none yet.
struct Target {
  int descriptor = -1;
  const char* path = nullptr;

  bool IsOf(std::string_view part) const {
    std::array<char, 512> space{};
    return part.empty() || Matches(Name(space), part);
  }

  std::string_view Name(std::span<char> space) const {
    if (path != nullptr) return path;
    std::array<char, 64> link{};
    std::snprintf(link.data(), link.size(), "/proc/self/fd/%d", descriptor);
    const ssize_t length = ::readlink(link.data(), space.data(), space.size());
    return {space.data(), static_cast<std::size_t>(std::max<ssize_t>(length, 0))};
  }
};

void Note(Plan& plan, Operation operation, const Target& target) {
  std::array<char, 512> space{};
  std::string_view name = target.Name(space);
  name.remove_prefix(name.size() - std::min(name.size(), plan.hit_path.size() - 1));
  plan.hit_path.fill(0);
  std::copy(name.begin(), name.end(), plan.hit_path.begin());
  plan.hit = operation;
}

bool Strikes(Plan& plan, Operation operation, const Target& target) {
  if (plan.armed == 0 || (plan.operations & operation) == 0) return false;
  if (plan.after >= 0 && control->plans.at(plan.after).struck == 0) return false;
  if (!target.IsOf(plan.path.data())) return false;
  const std::uint32_t number = plan.seen++;
  if (number < plan.skip || (plan.times != 0 && number >= plan.skip + plan.times)) return false;
  Note(plan, operation, target);
  ++plan.struck;
  return plan.action != kWatch;
}

Plan* StruckBy(Operation operation, const Target& target) {
  if (control == nullptr) return nullptr;
  const int before = errno;
  Plan* found = nullptr;
  ++control->judging;
  for (Plan& plan : control->plans) {
    if (found == nullptr && Strikes(plan, operation, target)) found = &plan;
  }
  --control->judging;
  errno = before;
  return found;
}

void Kill() {
  ::kill(::getpid(), SIGKILL);
  for (;;) ::pause();
}

void Hang(const Plan& plan) {
  const int before = errno;
  while (plan.armed != 0) ::poll(nullptr, 0, 1);
  errno = before;
}

// Runs `call` as the plans have it.
template <class Call>
auto Run(Operation operation, const Target& target, const Call& call) -> decltype(call()) {
  const Plan* plan = StruckBy(operation, target);
  if (plan == nullptr) return call();
  if (plan->action == kKill) Kill();
  if (plan->action == kHang) {
    Hang(*plan);
    return call();
  }
  if (plan->action == kFailAfter || plan->action == kKillAfter) call();
  if (plan->action == kKillAfter) Kill();
  errno = plan->error;
  return static_cast<decltype(call())>(-1);
}

mode_t ModeOf(int flags, std::va_list more) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, mode_t) : 0;
}

timespec Shifted(timespec time, std::int64_t nanoseconds) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  std::int64_t rest = time.tv_nsec + nanoseconds % kSecond;
  time.tv_sec += nanoseconds / kSecond + (rest >= kSecond) - (rest < 0);
  time.tv_nsec = (rest + kSecond) % kSecond;
  return time;
}

std::int64_t Offset() { return control == nullptr ? 0 : control->clock_nanoseconds.load(); }

}  // namespace

// NOLINTBEGIN(readability-identifier-naming): these are the C library's names.
extern "C" {

int open(const char* path, int flags, ...) {
  static auto* const next = Next<int(const char*, int, ...)>("open");
  std::va_list more;
  va_start(more, flags);
  const mode_t mode = ModeOf(flags, more);
  va_end(more);
  return Run(kOpen, {-1, path}, [&] { return next(path, flags, mode); });
}

int open64(const char* path, int flags, ...) {
  static auto* const next = Next<int(const char*, int, ...)>("open64");
  std::va_list more;
  va_start(more, flags);
  const mode_t mode = ModeOf(flags, more);
  va_end(more);
  return Run(kOpen, {-1, path}, [&] { return next(path, flags, mode); });
}

ssize_t read(int descriptor, void* bytes, std::size_t size) {
  static auto* const next = Next<decltype(read)>("read");
  return Run(kRead, {descriptor}, [&] { return next(descriptor, bytes, size); });
}

ssize_t pread(int descriptor, void* bytes, std::size_t size, off_t offset) {
  static auto* const next = Next<decltype(pread)>("pread");
  return Run(kRead, {descriptor}, [&] { return next(descriptor, bytes, size, offset); });
}

ssize_t pread64(int descriptor, void* bytes, std::size_t size, off64_t offset) {
  static auto* const next = Next<decltype(pread64)>("pread64");
  return Run(kRead, {descriptor}, [&] { return next(descriptor, bytes, size, offset); });
}

ssize_t recv(int descriptor, void* bytes, std::size_t size, int flags) {
  static auto* const next = Next<decltype(recv)>("recv");
  return Run(kRead, {descriptor}, [&] { return next(descriptor, bytes, size, flags); });
}

ssize_t recvmsg(int descriptor, msghdr* message, int flags) {
  static auto* const next = Next<decltype(recvmsg)>("recvmsg");
  return Run(kRead, {descriptor}, [&] { return next(descriptor, message, flags); });
}

ssize_t write(int descriptor, const void* bytes, std::size_t size) {
  static auto* const next = Next<decltype(write)>("write");
  return Run(kWrite, {descriptor}, [&] { return next(descriptor, bytes, size); });
}

ssize_t pwrite(int descriptor, const void* bytes, std::size_t size, off_t offset) {
  static auto* const next = Next<decltype(pwrite)>("pwrite");
  return Run(kWrite, {descriptor}, [&] { return next(descriptor, bytes, size, offset); });
}

ssize_t pwrite64(int descriptor, const void* bytes, std::size_t size, off64_t offset) {
  static auto* const next = Next<decltype(pwrite64)>("pwrite64");
  return Run(kWrite, {descriptor}, [&] { return next(descriptor, bytes, size, offset); });
}

int fsync(int descriptor) {
  static auto* const next = Next<decltype(fsync)>("fsync");
  return Run(kSync, {descriptor}, [&] { return next(descriptor); });
}

int fdatasync(int descriptor) {
  static auto* const next = Next<decltype(fdatasync)>("fdatasync");
  return Run(kSync, {descriptor}, [&] { return next(descriptor); });
}

int rename(const char* from, const char* to) noexcept {
  static auto* const next = Next<int(const char*, const char*)>("rename");
  return Run(kRename, {-1, to}, [&] { return next(from, to); });
}

ssize_t sendmsg(int descriptor, const msghdr* message, int flags) {
  static auto* const next = Next<decltype(sendmsg)>("sendmsg");
  return Run(kSend, {descriptor}, [&] { return next(descriptor, message, flags); });
}

ssize_t send(int descriptor, const void* bytes, std::size_t size, int flags) {
  static auto* const next = Next<decltype(send)>("send");
  return Run(kSend, {descriptor}, [&] { return next(descriptor, bytes, size, flags); });
}

int clock_gettime(clockid_t clock, timespec* time) noexcept {
  static auto* const next = Next<int(clockid_t, timespec*)>("clock_gettime");
  const int done = next(clock, time);
  const bool wall = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
  if (done == 0 && wall) *time = Shifted(*time, Offset());
  return done;
}

int gettimeofday(timeval* time, void* /*zone*/) noexcept {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  *time = {now.tv_sec, now.tv_nsec / 1000};
  return 0;
}

time_t time(time_t* to) noexcept {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  if (to != nullptr) *to = now.tv_sec;
  return now.tv_sec;
}

// Abseil's waits name a moment of the wall clock to the kernel, whose clock was not set off.
long syscall(long number, ...) noexcept {
  static auto* const next = Next<long(long, ...)>("syscall");
  std::va_list more;
  va_start(more, number);
  std::array<long, 6> words{};
  for (long& word : words) word = va_arg(more, long);
  va_end(more);
  timespec moved{};
  const bool waits = number == SYS_futex && (words[1] & FUTEX_CLOCK_REALTIME) != 0;
  if (waits && words[3] != 0) {
    moved = Shifted(*reinterpret_cast<const timespec*>(words[3]), -Offset());
    words[3] = reinterpret_cast<long>(&moved);
  }
  return next(number, words[0], words[1], words[2], words[3], words[4], words[5]);
}

}  // extern "C"
// NOLINTEND(readability-identifier-naming)
