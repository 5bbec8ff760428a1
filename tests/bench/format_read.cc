// A message without a store: its digest, its reading into contributions, codes and labels, and the
// stored bytes of every entry.
//
// Thread-safety: one thread. Failure: ends where the message is refused.

#include "base/crypto.h"
#include "normalise/normaliser.h"
#include "samples.h"
#include "stopwatch.h"
#include "wire/entry.h"

namespace milecastle::bench {
namespace {

std::size_t StoredBytes(const normalise::Normaliser& normaliser, const record::OdsCode& source,
                        record::Contribution contribution) {
  std::size_t bytes = 0;
  for (const auto& item : normaliser.Normalise(std::move(contribution.drafts), source)) {
    bytes += wire::EncodeEntry(item.draft.entry).size();
    bytes += wire::LinksOf(item.draft.entry).size();
  }
  return bytes;
}

void Run(const Options& options) {
  const Format& format = FormatOf(options.Text("format", "stu3"));
  const std::string message = MessagesOf(format, 1).front();
  const auto adapter = format.make_adapter();
  const auto normaliser = normalise::Normaliser::Create({});
  const auto feed = FeedOf(format);
  std::size_t count = 0;
  const Stopwatch watch;
  for (; watch.took() < options.Seconds(); ++count) {
    const base::Digest digest = base::Sha256(message);
    std::size_t bytes = digest.size();
    for (auto& patient : adapter->Read(message, *feed).patients) {
      if (!patient) Fail("the message was refused");
      bytes += StoredBytes(*normaliser, feed->organisations.front(), std::move(*patient));
    }
    if (bytes == digest.size()) Fail("the message held nothing");
  }
  const double megabytes = static_cast<double>(count * message.size()) / 1e6;
  Report(watch.Read(megabytes, count));
}

}  // namespace
}  // namespace milecastle::bench

int main(int argc, char** argv) { milecastle::bench::Run(milecastle::bench::Options(argc, argv)); }
