// Preloaded into a program that is measured: how long its disk takes to sync.
//
//   MILECASTLE_BENCH_SYNC=none     every sync returns at once and syncs nothing: what durability
//                                  costs is the difference to a real one
//   MILECASTLE_BENCH_SYNC=5000     each sync takes so many microseconds more, as on a slower disk
//   unset                          syncs are the disk's own
//
// Thread-safety: any thread. Failure: as the call that it stands for.
#include <dlfcn.h>
#include <sys/types.h>
#include <time.h>

#include <cerrno>
#include <cstdlib>
#include <string_view>

namespace {

struct Setting {
  Setting() {
    const char* text = std::getenv("MILECASTLE_BENCH_SYNC");
    if (text == nullptr) return;
    none = std::string_view(text) == "none";
    if (!none) micros = std::strtol(text, nullptr, 10);
  }
  bool none = false;
  long micros = 0;
};

const Setting& Set() {
  static const Setting kSetting;
  return kSetting;
}

void Delay() {
  if (Set().micros <= 0) return;
  timespec left{.tv_sec = Set().micros / 1'000'000, .tv_nsec = Set().micros % 1'000'000 * 1000};
  while (::nanosleep(&left, &left) != 0 && errno == EINTR) {
  }
}

template <class Call>
Call* Real(const char* name) {
  return reinterpret_cast<Call*>(::dlsym(RTLD_NEXT, name));
}

int Sync(const char* name, int file) {
  if (Set().none) return 0;
  Delay();
  return Real<int(int)>(name)(file);
}

}  // namespace

extern "C" {

int fsync(int file) { return Sync("fsync", file); }
int fdatasync(int file) { return Sync("fdatasync", file); }
int sync_file_range(int file, off64_t offset, off64_t bytes, unsigned flags) {
  if (Set().none) return 0;
  Delay();
  return Real<int(int, off64_t, off64_t, unsigned)>("sync_file_range")(file, offset, bytes, flags);
}

}  // extern "C"
