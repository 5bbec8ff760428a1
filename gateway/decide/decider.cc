#include "decide/decider.h"

#include <mutex>
#include <shared_mutex>
#include <string>
#include <utility>

#include "base/text_map.h"
#include "inside/context.h"
#include "inside/maker.h"
#include "inside/surroundings.h"

namespace milecastle::decide {

// More callers of different kinds than any system has; past it the cache starts anew.
constexpr std::size_t kMostContexts = 4096;

struct Decider::Inside {
  explicit Inside(Policy given) : policy(std::move(given)) {}

  std::shared_ptr<const Context> ContextFor(const Request& request, base::Instant now);

  Policy policy;
  std::shared_mutex mutex;
  base::TextMap<std::string, std::shared_ptr<const Context>> contexts;
};

std::shared_ptr<const Context> Decider::Inside::ContextFor(const Request& request,
                                                           base::Instant now) {
  const std::string key = ContextKey(request.requester, request.purpose);
  {
    const std::shared_lock lock(mutex);
    const auto found = contexts.find(key);
    if (found != contexts.end() && found->second->holds_from <= now &&
        now < found->second->holds_until) {
      return found->second;
    }
  }
  auto compiled = std::make_shared<const Context>(
      CompileContext(policy, request.requester, request.purpose, now));
  const std::unique_lock lock(mutex);
  if (contexts.size() >= kMostContexts) contexts.clear();
  contexts[key] = compiled;
  return compiled;
}

Decider::Decider(Policy policy) : inside_(std::make_unique<Inside>(std::move(policy))) {}
Decider::~Decider() = default;

const Policy& Decider::policy() const { return inside_->policy; }

base::Result<Decision> Decider::Decide(Request request, const Known& known,
                                       base::Instant now) const {
  if (auto fault = FaultOf(request, known)) return *std::move(fault);
  const auto context = inside_->ContextFor(request, now);
  return DecisionMaker(inside_->policy, *context, std::move(request), known, now).Make();
}

}  // namespace milecastle::decide
