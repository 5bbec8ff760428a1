// The person's choices, as they bear on one request: which of the live ones bind it, sorted by what
// they do to an item.
//
// The tighter of conflicting choices wins, because each that binds is kept and can only withhold or
// hide. Only an explicit consent opens, and only what waits for one.
//
// Thread-safety: values that point into the facts. Failure: none.
#pragma once

#include <string_view>
#include <vector>

#include "base/clock.h"
#include "context.h"
#include "decide/decision.h"

namespace milecastle::decide {

// What a rule may ask of an item: one class of entries, or a source's section as a whole.
struct Item {
  const record::OdsCode* source = nullptr;
  record::Section section = record::Section::kDemographics;
  record::Kind kind = record::Kind::kStatement;
  record::Standing standing = record::Standing::kCurrent;
  record::Verification verification = record::Verification::kUnstated;
  std::vector<std::string_view> labels;  // of the class, and of all that the source contributes
  bool untraced = false;                 // said under a number that nobody traced

  bool IsAllergyOrAlert() const {
    return section == record::Section::kAllergies || section == record::Section::kAlerts ||
           kind == record::Kind::kAllergy || kind == record::Kind::kAlert;
  }
  bool IsDocument() const {
    return kind == record::Kind::kDocument || section == record::Section::kDocuments;
  }
};

using Choices = std::vector<const record::Consent*>;

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

// Whether a choice's scope covers an item. Purpose and consumer were looked at before.
bool Covers(const record::ConsentScope& scope, const Item& item);
// The first of the choices that covers the item, or null.
const record::Consent* FirstCovering(const Choices& choices, const Item& item);
// Whether a choice is about everything, rather than about some items.
bool IsAboutEverything(const record::ConsentScope& scope);
// Whether the scope is of whole sources, whatever they hold.
bool IsAboutSource(const record::ConsentScope& scope, const record::OdsCode& source);

}  // namespace milecastle::decide
