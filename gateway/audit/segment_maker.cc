#include "audit/segment_maker.h"

#include <algorithm>
#include <string>
#include <utility>

namespace milecastle::audit {

SegmentMaker::SegmentMaker(Disk& disk, std::filesystem::path folder, std::uint64_t length)
    : disk_(disk), folder_(std::move(folder)), length_(length) {
  PrepareNext();
}

SegmentMaker::~SegmentMaker() {
  stopping_ = true;
  if (next_.valid()) next_.wait();
}

void SegmentMaker::PrepareNext() {
  next_ = std::async(std::launch::async, [this] { return Make(); });
}

base::Result<SegmentMaker::Prepared> SegmentMaker::Take(std::uint64_t length) {
  if (!next_.valid()) {
    return base::Error{base::ErrorId::kFileUnavailable, folder_.string(), "no segment is ready"};
  }
  auto prepared = next_.get();
  if (!prepared || prepared->length >= length) return prepared;
  auto done = Fill(*prepared->file, prepared->length, length);
  if (done) done = prepared->file->Sync();
  if (!done) return done.error();
  prepared->length = length;
  return prepared;
}

base::Result<SegmentMaker::Prepared> SegmentMaker::Make() const {
  const std::filesystem::path path = folder_ / "next";
  // What an earlier run left may hold a header, or be of another length.
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
  auto file = disk_.Open(path, OpenMode::kMake);
  if (!file) return file.error();
  auto done = Fill(**file, 0, length_);
  if (done) done = (*file)->Sync();
  if (!done) return done.error();
  return Prepared{path, *std::move(file), length_};
}

base::Result<void> SegmentMaker::Fill(File& file, std::uint64_t from, std::uint64_t to) const {
  const std::string zeros(std::min<std::uint64_t>(to - from, std::uint64_t{1} << 20), '\0');
  while (from < to && !stopping_) {
    const std::uint64_t length = std::min<std::uint64_t>(zeros.size(), to - from);
    auto written = file.WriteAt(from, std::string_view(zeros).substr(0, length));
    if (!written) return written;
    from += length;
  }
  return {};
}

}  // namespace milecastle::audit
