// A practice's record without a store: the bundle's digest, its reading into a contribution, codes
// and labels, and the stored bytes of every entry.
//
// Thread-safety: one thread. Failure: ends where the bundle is refused.

#include "base/crypto.h"
#include "messages.h"
#include "normalise/normaliser.h"
#include "primary/adapter.h"
#include "stopwatch.h"
#include "wire/entry.h"

namespace milecastle::bench {
namespace {

void Run(const Options& options) {
  const std::string bundle = StructuredBundle(0, NhsNumbers(1).front());
  const auto adapter = primary::MakeAdapter();
  const auto normaliser = normalise::Normaliser::Create({});
  const auto source = record::OdsCode::Parse(kPractice);
  port::Feed feed;
  feed.organisations = {*source};
  std::size_t count = 0;
  const Stopwatch watch;
  for (; watch.took() < options.Seconds(); ++count) {
    const base::Digest digest = base::Sha256(bundle);
    auto reading = adapter->Read(bundle, feed);
    if (!reading.patients.front()) Fail("the bundle was refused");
    std::size_t bytes = digest.size();
    for (const auto& item :
         normaliser->Normalise(std::move(reading.patients.front()->drafts), *source)) {
      bytes += wire::EncodeEntry(item.draft.entry).size();
      bytes += wire::LinksOf(item.draft.entry).size();
    }
    if (bytes == digest.size()) Fail("the bundle held nothing");
  }
  const double megabytes = static_cast<double>(count * bundle.size()) / 1e6;
  Report(watch.Read(megabytes, count));
}

}  // namespace
}  // namespace milecastle::bench

int main(int argc, char** argv) { milecastle::bench::Run(milecastle::bench::Options(argc, argv)); }
