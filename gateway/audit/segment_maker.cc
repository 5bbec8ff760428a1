#include "audit/segment_maker.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace milecastle::audit {
namespace {

struct alignas(kDirectBytes) Zeros {
  std::array<char, std::size_t{1} << 20> bytes{};
};

}  // namespace

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
  auto zeroed = disk_.Open(path, OpenMode::kMakeDirect);
  if (!zeroed) return zeroed.error();
  auto done = Fill(**zeroed, 0, length_);
  if (done) done = (*zeroed)->Sync();
  if (!done) return done.error();
  auto file = disk_.Open(path, OpenMode::kUpdate);
  if (!file) return file.error();
  return Prepared{path, *std::move(file), length_};
}

base::Result<void> SegmentMaker::Fill(File& file, std::uint64_t from, std::uint64_t to) const {
  const auto block = std::make_unique<const Zeros>();
  const std::string_view zeros(block->bytes.data(), block->bytes.size());
  while (from < to && !stopping_) {
    const std::uint64_t length = std::min<std::uint64_t>(zeros.size(), to - from);
    auto written = file.WriteAt(from, zeros.substr(0, length));
    if (!written) return written;
    from += length;
  }
  return {};
}

}  // namespace milecastle::audit
