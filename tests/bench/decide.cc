// What deciding costs, apart from everything else: of the record of one person of the house, under
// the shipped policy.
//
//   --step all      the decision of a view and, of each entry, whether it is shown, with reason and
//                   rule: what the view does between reading and splicing
//   --step entry    the second half alone
//   --step look-up  an entry's class in a table of bytes: the least that deciding could cost
//   --step compile  as all, by a decider that has decided nothing before
//   --entries N     of the record; --agreements N  beside those of the shipped policy
#include "disclose/facts_for.h"
#include "house.h"
#include "report.h"

namespace milecastle::bench {
namespace {

disclose::Held HeldOf(House& house) {
  auto snapshot = house.store().Read();
  const auto details = identify::ReadDetails(RequestFor(NhsNumbers(1).front()).person);
  auto held = disclose::LoadHeld(**snapshot, *details);
  if (!held) Fail(base::Describe(held.error()));
  return std::move(*held);
}

class Deciding {
 public:
  explicit Deciding(House& house) : house_(house), held_(HeldOf(house)) {
    for (const auto& source : house.sources()) sources_.push_back(source.organisation);
    const auto decision = Decide();
    for (record::ClassIndex i = 0; i < held_.segment->classes.size(); ++i) {
      table_.push_back(decision.Of(i).shows() ? 1 : 0);
    }
  }

  decide::Decision Decide() const { return Decide(*house_.policy().Get()); }
  decide::Decision Decide(const decide::Decider& decider) const {
    decide::Request request{.requester = Doctor(),
                            .purpose = record::Purpose::kDirectCare,
                            .reason_code = "",
                            .case_reference = "",
                            .sections = {}};
    auto decision =
        disclose::DecideOn(decider, std::move(request), held_, sources_, house_.clock().Now());
    if (!decision) Fail(base::Describe(decision.error()));
    return std::move(*decision);
  }

  // How many are shown; the sum keeps the compiler from leaving any of it out.
  std::size_t Entries(const decide::Decision& decision) const {
    std::size_t sum = 0;
    std::uint32_t position = 0;
    for (const store::SegmentItem& item : held_.segment->items) {
      const base::Instant effective{std::chrono::microseconds(item.effective_micros)};
      const auto shown = decision.Show(item.entry_class, position++, effective);
      const decide::Verdict& verdict = decision.Of(item.entry_class);
      sum += shown ? 1000 : static_cast<std::size_t>(verdict.reason) + verdict.rule;
    }
    return sum;
  }

  std::size_t LookUp() const {
    std::size_t sum = 0;
    for (const store::SegmentItem& item : held_.segment->items) sum += table_[item.entry_class];
    return sum;
  }

  std::size_t entries() const { return held_.segment->items.size(); }

 private:
  House& house_;
  disclose::Held held_;
  std::vector<record::OdsCode> sources_;
  std::vector<std::uint8_t> table_;
};

template <class Step>
void Time(const Options& options, std::size_t entries, Step step) {
  std::size_t rounds = 0;
  volatile std::size_t sum = 0;
  const auto until = Monotonic() + options.Seconds();
  const auto cpu = OwnCpu();
  do {
    for (int i = 0; i < 16; ++i) sum = sum + step();
    rounds += 16;
  } while (Monotonic() < until);
  const std::chrono::duration<double, std::nano> spent = OwnCpu() - cpu;
  const double per_view = spent.count() / static_cast<double>(rounds);
  Report({{"per_second", 1e9 / per_view},
          {"cpu_us", per_view / 1000},
          {"entry_ns", per_view / static_cast<double>(entries)},
          {"count", static_cast<double>(rounds)}});
}

// The making of each decider is not of what is timed.
void TimeFirst(const Options& options, const House& house, const Deciding& deciding) {
  std::chrono::nanoseconds spent{0};
  std::size_t rounds = 0;
  for (const auto until = Monotonic() + options.Seconds(); Monotonic() < until; ++rounds) {
    const auto decider = house.NewDecider();
    const auto cpu = OwnCpu();
    deciding.Entries(deciding.Decide(*decider));
    spent += OwnCpu() - cpu;
  }
  const std::chrono::duration<double, std::micro> each = spent;
  const auto count = static_cast<double>(rounds);
  Report({{"per_second", 1e6 * count / each.count()},
          {"cpu_us", each.count() / count},
          {"count", count}});
}

void Run(const Options& options) {
  House house(
      {.entries = options.Count("entries", 300), .agreements = options.Count("agreements", 0)});
  const Deciding deciding(house);
  const std::string step = options.Text("step", "all");
  if (step == "all") {
    Time(options, deciding.entries(), [&] { return deciding.Entries(deciding.Decide()); });
  } else if (step == "compile") {
    TimeFirst(options, house, deciding);
  } else if (step == "entry") {
    const decide::Decision decision = deciding.Decide();
    Time(options, deciding.entries(), [&] { return deciding.Entries(decision); });
  } else if (step == "look-up") {
    Time(options, deciding.entries(), [&] { return deciding.LookUp(); });
  } else {
    Fail("--step is all, entry or look-up");
  }
}

}  // namespace
}  // namespace milecastle::bench

int main(int argc, char** argv) { milecastle::bench::Run(milecastle::bench::Options(argc, argv)); }
