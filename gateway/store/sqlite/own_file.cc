#include "inside/own_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "base/unique_fd.h"

namespace milecastle::store::sqlite {

base::Result<void> MakeOwnFile(const std::filesystem::path& path) {
  const base::UniqueFd made(::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (made) return {};
  return base::Error{base::ErrorId::kStoreUnavailable, "the record store's file",
                     "it cannot be opened or made: look at the folder and its rights"};
}

}  // namespace milecastle::store::sqlite
