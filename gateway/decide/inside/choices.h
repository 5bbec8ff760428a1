// The person's choices, as they bear on one request: which of the live ones bind it, sorted by what
// they do to an item.
//
// The tighter of conflicting choices wins, because each that binds is kept and can only withhold or
// hide. Only an explicit consent opens, and only what waits for one.
//
// Thread-safety: values that point into the facts. Failure: none.
#pragma once

#include <vector>

#include "base/clock.h"
#include "context.h"
#include "decide/decision.h"
#include "item.h"

namespace milecastle::decide {

// A choice that binds.
struct Choice {
  explicit Choice(const record::Consent& given)
      : consent(&given), sections(SectionSet::AllOr(given.scope.sections)) {}

  // Whether its scope covers an item. Purpose and consumer were looked at before.
  bool Covers(const Item& item) const;

  const record::Consent* consent;
  SectionSet sections;
};

using Choices = std::vector<Choice>;

struct BindingChoices {
  Choices locks;
  Choices hides;
  Choices seals;
  Choices withholding;        // objections, restrictions, emergency refusals
  Choices explicit_consents;  // that open what waits for them
  std::vector<ConsentUse> uses;
};

BindingChoices ChoicesFor(const Context& context, const Request& request,
                          const record::PatientFacts& facts, base::Instant now);

// The first of the choices that covers the item, or null.
const record::Consent* FirstCovering(const Choices& choices, const Item& item);
// Whether a choice is about everything, rather than about some items.
bool IsAboutEverything(const record::ConsentScope& scope);
// Whether the scope is of whole sources, whatever they hold.
bool IsAboutSource(const record::ConsentScope& scope, const record::OdsCode& source);

}  // namespace milecastle::decide
