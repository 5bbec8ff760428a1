// A person, what is held of them, and who asks: the shipped policy with verbs of the domain.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "decide/decider.h"
#include "decide/explain.h"
#include "record/labels.h"

namespace milecastle::decide {

using record::ClassIndex;
using record::Consent;
using record::ConsentBy;
using record::ConsentKind;
using record::EvidenceKind;
using record::OdsCode;
using record::Purpose;
using record::Section;

inline OdsCode Ods(std::string_view text) { return *OdsCode::Parse(text); }

// 2026-11-22T12:00:00Z.
inline base::Instant Noon() {
  return std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + std::chrono::hours(12);
}

inline Policy ShippedPolicy() {
  const std::vector<std::filesystem::path> paths = {MILECASTLE_SOURCE_DIR "/config/policies"};
  Policy::Loaded loaded = Policy::Load(paths);
  for (const base::Error& problem : loaded.problems) ADD_FAILURE() << base::Describe(problem);
  return std::move(loaded.policy).value();
}

inline const Decider& ShippedDecider() {
  static const Decider decider(ShippedPolicy());
  return decider;
}

// By default a doctor of Quayside Hospitals (ZT1) asks for direct care of an adult whose location
// is not protected. No relationship: add one.
class World {
 public:
  World() {
    request.requester.organisation = Ods("ZT1");
    request.requester.system = "quayside-epr";
    request.requester.user = "user-1";
    request.requester.roles = {"R8000"};
    request.requester.assurance = 3;
    request.match = Match::kMatched;
    request.nhs_number = record::NhsNumber::Parse("9990000018");
    request.birth_date = record::BirthDate::Parse("1960-05-17");
    facts.consents_as_of = now - std::chrono::hours(1);
    LocationSaid(record::LocationProtection::kNone, "ZT1", std::chrono::hours(1));
  }

  // What is held.
  ClassIndex Holds(std::string_view source, Section section, std::vector<std::string> labels = {}) {
    classes.push_back({.source = Ods(source), .section = section, .labels = std::move(labels)});
    return static_cast<ClassIndex>(classes.size() - 1);
  }
  ClassIndex HoldsDocument(std::string_view source) {
    const ClassIndex index = Holds(source, Section::kDocuments);
    classes[index].kind = record::Kind::kDocument;
    return index;
  }

  // The source never traced its number: marks what it holds so far.
  World& Untraced(std::string_view source) {
    facts.untraced_sources.push_back(Ods(source));
    for (auto& each : classes) {
      if (each.source == Ods(source)) each.labels.emplace_back(record::kUntracedLabel);
    }
    return *this;
  }

  // Who asks.
  World& AskedFor(Purpose purpose, std::string_view reason = "") {
    request.purpose = purpose;
    request.reason_code = reason;
    return *this;
  }
  World& By(std::string_view organisation, std::vector<std::string> roles) {
    request.requester.organisation = Ods(organisation);
    request.requester.roles = std::move(roles);
    return *this;
  }

  // What makes a relationship.
  record::Evidence& Evidence(EvidenceKind kind, std::string_view organisation) {
    facts.evidence.push_back({{}, kind, Ods(organisation), "", "", {}, "test"});
    facts.evidence.back().period.from = now - std::chrono::hours(24);
    if (kind == EvidenceKind::kRegisteredPractice) facts.evidence.back().reference = organisation;
    return facts.evidence.back();
  }
  // By its own word, or that of another.
  World& Registered(std::string_view practice, std::string_view said_by) {
    Evidence(EvidenceKind::kRegisteredPractice, practice).reference = said_by;
    return *this;
  }
  World& InHospital(std::string_view organisation = "ZT1") {
    Evidence(EvidenceKind::kOpenEncounter, organisation);
    return *this;
  }

  // What the person chose.
  Consent& Chose(ConsentKind kind, ConsentBy by = ConsentBy::kPerson) {
    Consent consent;
    consent.id.uuid.bytes[15] = static_cast<std::uint8_t>(facts.consents.size() + 1);
    consent.kind = kind;
    consent.by = by;
    consent.period.from = now - std::chrono::hours(48);
    consent.recorded = consent.period.from;
    facts.consents.push_back(consent);
    return facts.consents.back();
  }
  World& LocationSaid(record::LocationProtection level, std::string_view by,
                      std::chrono::seconds ago) {
    facts.location_flags.push_back({level, std::string(by), now - ago});
    return *this;
  }
  World& NothingSaidOfLocation() {
    facts.location_flags.clear();
    return *this;
  }

  Decision Decide() const { return DecideWith(ShippedDecider()); }
  Decision DecideWith(const Decider& decider) const {
    auto decision = decider.Decide(request, {&facts, classes, sources}, now);
    EXPECT_TRUE(decision.has_value());
    return std::move(decision).value();
  }

  base::Instant now = Noon();
  Request request;
  record::PatientFacts facts;
  std::vector<record::EntryClass> classes;
  std::vector<OdsCode> sources;
};

inline testing::AssertionResult Is(const Decision& decision, ClassIndex index, Outcome outcome,
                                   Reason reason = Reason::kNone) {
  const Verdict& verdict = decision.Of(index);
  if (verdict.outcome == outcome && verdict.reason == reason) return testing::AssertionSuccess();
  return testing::AssertionFailure()
         << KeyOf(verdict.outcome) << " because of " << KeyOf(verdict.reason) << " by "
         << decision.RuleText(verdict);
}

inline testing::AssertionResult Shows(const Decision& decision, ClassIndex index) {
  return Is(decision, index, Outcome::kShow);
}
inline testing::AssertionResult Withholds(const Decision& decision, ClassIndex index,
                                          Reason reason) {
  return Is(decision, index, Outcome::kWithhold, reason);
}
inline testing::AssertionResult Hides(const Decision& decision, ClassIndex index, Reason reason) {
  return Is(decision, index, Outcome::kHide, reason);
}

}  // namespace milecastle::decide
