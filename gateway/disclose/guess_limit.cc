#include "disclose/guess_limit.h"

#include <algorithm>

#include "base/log.h"

namespace milecastle::disclose {
namespace {

// No organisation code holds a space.
std::string UserOf(const record::Requester& requester) {
  return requester.organisation->text() + " " + requester.issuer + " " + requester.user;
}

// Both are of the caller's certificate: who the user is stands in the audit log alone.
void Alarm(const record::OdsCode& organisation, const std::string& system, std::string_view of) {
  base::Log(base::LogId::kGuessing,
            {{"organisation", base::SafeText::Certified(organisation.text())},
             {"system", base::SafeText::Certified(system)},
             {"of", base::SafeText::Catalogued(of)}});
}

}  // namespace

GuessLimit::GuessLimit(const Options& options, const base::Clock& clock)
    : options_(options), clock_(clock) {}

bool GuessLimit::IsSpent(const record::Requester& requester) const {
  if (options_.user_refusals == 0) return false;
  const std::lock_guard lock(mutex_);
  const auto debt = users_.find(UserOf(requester));
  if (debt == users_.end()) return false;
  // Less than one is left.
  return debt->second - clock_.Monotonic() > options_.refill * (options_.user_refusals - 1);
}

bool GuessLimit::Spend(const record::Requester& requester) {
  Charged user;
  Charged organisation;
  {
    const std::lock_guard lock(mutex_);
    user = Charge(users_, UserOf(requester), options_.user_refusals, options_.refill);
    organisation = Charge(organisations_, requester.organisation->text(),
                          options_.organisation_refusals, options_.refill / 10);
  }
  if (user.was_last) {
    ++users_alarmed_;
    Alarm(*requester.organisation, requester.system, "user");
  }
  if (organisation.was_last) {
    ++organisations_alarmed_;
    Alarm(*requester.organisation, requester.system, "organisation");
  }
  return user.was_left;
}

GuessLimit::Charged GuessLimit::Charge(Debts& debts, const std::string& who, std::uint32_t most,
                                       std::chrono::nanoseconds each) {
  if (most == 0) return {};
  const auto now = clock_.Monotonic();
  if (debts.size() >= options_.callers && !debts.contains(who)) Forget(debts, now);
  auto& debt = debts[who];
  const bool was_left = debt - now <= each * (most - 1);
  // Never deeper than everything: who goes on is not shut out for longer.
  debt = std::min(std::max(debt, now) + each, now + each * most);
  return {.was_left = was_left, .was_last = was_left && debt - now > each * (most - 1)};
}

void GuessLimit::Forget(Debts& debts, std::chrono::nanoseconds now) const {
  std::erase_if(debts, [now](const auto& debt) { return debt.second <= now; });
  if (debts.size() < options_.callers) return;
  debts.erase(std::min_element(debts.begin(), debts.end(),
                               [](const auto& a, const auto& b) { return a.second < b.second; }));
}

}  // namespace milecastle::disclose
