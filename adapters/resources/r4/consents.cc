// What the person agreed to and refused. Of sharing the record a plain permit is a consent and a
// plain deny a dissent; a refusal of any other form, and what nobody can read either way, is asked
// for by a person, and withholds until then (receive/preferences.cc). Any other consent agrees to
// nothing, and ends what it agreed to before. Consents to treatment and research are words. One
// that is not verified, or that stands only within another resource, tightens and never loosens.
#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "fhir/datatypes.h"
#include "inside/giver.h"
#include "inside/readers.h"
#include "inside/start.h"
#include "record/refusal.h"

namespace milecastle::r4 {
namespace {

using fhir::Element;
using record::Kind;
using record::PreferenceAnswer;
using record::PreferenceBy;
using record::Section;

constexpr int kDeepest = 8;

constexpr auto kConsentFields = std::to_array<Field>({
    {"scope", "scope", As::kCoded},
    {"dateTime", "", As::kEffective},
    {"performer", "given by", As::kPerformer},
    {"organization", "organisation", As::kPerformer},
    {"policyRule", "policy", As::kCoded},
    {"source", "source", As::kChoice},
});
constexpr auto kVerificationFields = std::to_array<Field>({
    {"verified", "verified"},
    {"verifiedWith", "verified with", As::kPerformer},
    {"verificationDate", "verified", As::kWhen},
});

// Provisions as they stand.
void ReadProvision(Context& context, const Element& provision, const std::string& name, int depth,
                   record::Entry* entry) {
  if (depth > kDeepest) return context.Miss(provision, "provisions are nested too deeply");
  AddDetail(entry, name, provision["type"].text());
  for (const std::string_view part : {"action", "securityLabel", "purpose", "class", "code"}) {
    for (const Element& item : provision[part].items()) {
      AddDetail(entry, name + ", " + std::string(part), CodedOf(item));
    }
  }
  for (const std::string_view part : {"period", "dataPeriod"}) {
    AddDetail(entry, name + ", " + std::string(part) + " from",
              WhenOf(context, provision[part]["start"]));
    AddDetail(entry, name + ", " + std::string(part) + " to",
              WhenOf(context, provision[part]["end"]));
  }
  for (const Element& actor : provision["actor"].items()) {
    const std::string role = WordsOf(CodedOf(actor["role"]));
    AddPerformers(context, actor["reference"], provision, name + ", " + role, entry);
  }
  for (const Element& data : provision["data"].items()) {
    AddDetail(entry, name + ", data", data["meaning"].text());
    AddReference(context, data["reference"], provision, name + ", data", entry);
  }
  std::size_t number = 0;
  for (const Element& inner : provision["provision"].items()) {
    ReadProvision(context, inner, name + "." + std::to_string(++number), depth + 1, entry);
  }
}

using Codes = std::span<const std::string_view>;
constexpr auto kPrivacy = std::to_array<std::string_view>({"patient-privacy"});
constexpr auto kOtherScopes = std::to_array<std::string_view>({"research", "treatment", "adr"});
// v3 ActCode: of access and disclosure; the first two of the whole record.
constexpr auto kOfSharing = std::to_array<std::string_view>(
    {"INFA", "IDSCL", "INFAO", "INFASO", "IRDSCII", "OPTOUT", "OPTOUTE"});
constexpr Codes kOfAll = Codes(kOfSharing).first(2);
constexpr auto kPatientConsent = std::to_array<std::string_view>({"59284-0"});  // LOINC
constexpr auto kOtherMatters =
    std::to_array<std::string_view>({"acd", "dnr", "hcd", "polst", "research", "rsdid", "rsreid"});
constexpr auto kAgreeingRules = std::to_array<std::string_view>({"OPTIN", "IMPLIED", "IMPLIEDD"});
constexpr auto kOptOut = std::to_array<std::string_view>({"OPTOUT"});
constexpr auto kRefusingRules =
    std::to_array<std::string_view>({"OPTOUT", "OPTOUTE", "OPTINR", "EMRGONLY", "NOAUTH"});

bool IsPlainlyOfSharing(const Element& consent) {
  return HasAnyCode(consent["scope"], kPrivacy) || HasAnyCode(consent["category"], kOfSharing);
}

// What says of which matter it is leaves sharing alone only where it says so plainly.
bool IsOfSharing(const Element& consent) {
  return IsPlainlyOfSharing(consent) || (!HasAnyCode(consent["scope"], kOtherScopes) &&
                                         !HasAnyCode(consent["category"], kOtherMatters));
}

bool MaySayNo(const Element& concepts) {
  for (const Element& one : concepts.items()) {
    if (record::MaySayNo(one["text"].peek())) return true;
    for (const Element& coding : one["coding"].items()) {
      const std::string_view code = coding["code"].peek();
      if (record::IsRefusalCode(code) || record::MaySayNo(code) ||
          record::MaySayNo(coding["display"].peek())) {
        return true;
      }
    }
  }
  return false;
}

bool MaySayNoIn(const Element& provisions, int depth) {
  if (depth > kDeepest) return true;
  for (const Element& provision : provisions.items()) {
    if (provision["type"].peek() == "deny" || MaySayNo(provision["code"]) ||
        MaySayNo(provision["action"])) {
      return true;
    }
    if (provision["provision"] && MaySayNoIn(provision["provision"], depth + 1)) return true;
  }
  return false;
}

bool SaysNo(const Element& consent) {
  if (consent["status"].peek() == "rejected" || MaySayNoIn(consent["provision"], 0) ||
      HasAnyCode(consent["policyRule"], kRefusingRules) || MaySayNo(consent["policyRule"]) ||
      MaySayNo(consent["category"]) || MaySayNo(consent["scope"])) {
    return true;
  }
  for (const Element& policy : consent["policy"].items()) {
    if (record::MaySayNo(policy["uri"].peek())) return true;
  }
  return false;
}

bool SaysYes(const Element& concepts) {
  for (const Element& one : concepts.items()) {
    if (record::SaysYes(one["text"].peek())) return true;
    for (const Element& coding : one["coding"].items()) {
      if (record::IsAgreementCode(coding["code"].peek()) ||
          record::SaysYes(coding["display"].peek())) {
        return true;
      }
    }
  }
  return HasAnyCode(concepts, kAgreeingRules);
}

enum class Rule { kNone, kPermits, kUnknown };

// Which way a provision points that denies nothing. One that names no type beside whom or what it
// is of may be an exception to the agreement.
Rule RuleOf(const Element& provision) {
  bool is_permit = provision["type"].peek() == "permit";
  for (const Element& inner : provision["provision"].items()) {
    if (inner["type"].peek() != "permit" || RuleOf(inner) == Rule::kUnknown) return Rule::kUnknown;
    is_permit = true;
  }
  if (is_permit) return Rule::kPermits;
  for (const Element& member : provision.members()) {
    if (member.name() != "period" && member.name() != "id") return Rule::kUnknown;
  }
  return Rule::kNone;
}

// Of privacy, in force, and without a no: whether somebody can tell that it is a yes. A policy that
// is named by its address alone is what they signed.
bool IsUnderstood(const Element& consent) {
  const Rule rule = RuleOf(consent["provision"]);
  if (rule != Rule::kNone) return rule == Rule::kPermits;
  if (SaysYes(consent["policyRule"]) || SaysYes(consent["category"])) return true;
  return !consent["policyRule"] && consent["policy"];
}

// A provision of a type and nothing else.
bool IsPlain(const Element& provision, std::string_view type) {
  if (!provision.IsObject() || provision["type"].peek() != type) return false;
  for (const Element& member : provision.members()) {
    if (member.name() != "type") return false;
  }
  return true;
}

// Active, of privacy, about access or disclosure, with one permit, no policy and no condition.
bool IsPlainPermit(const Element& consent) {
  return consent["status"].peek() == "active" && HasAnyCode(consent["scope"], kPrivacy) &&
         HasAnyCode(consent["category"], kOfAll) && !consent["policyRule"] && !consent["policy"] &&
         IsPlain(consent["provision"], "permit");
}

// A policy that is named narrows no deny; a rule does, but for the one that opts out.
bool IsPlainDeny(const Element& consent) {
  if (consent["status"].peek() != "active" || !HasAnyCode(consent["scope"], kPrivacy)) return false;
  if (!HasAnyCode(consent["category"], kOfAll) &&
      !HasAnyCode(consent["category"], kPatientConsent)) {
    return false;
  }
  const bool opts_out = HasAnyCode(consent["policyRule"], kOptOut);
  if (consent["policyRule"] && !opts_out) return false;
  return consent["provision"] ? IsPlain(consent["provision"], "deny") : opts_out;
}

// Drafted, proposed or over: it binds nobody yet, or no more.
bool IsInForce(std::string_view status) {
  static constexpr auto kNot = std::to_array<std::string_view>({"draft", "proposed", "inactive"});
  return std::find(kNot.begin(), kNot.end(), status) == kNot.end();
}

// STU3 refuses in other members.
bool IsOfAnotherRelease(const Element& consent) {
  return consent["except"].exists() || (consent["policyRule"] && !consent["policyRule"].IsObject());
}

// Unknown: nothing is agreed to, and nothing refused.
PreferenceAnswer AnswerOf(const Element& consent) {
  const std::string_view status = consent["status"].peek();
  if (status == "entered-in-error") return PreferenceAnswer::kRetracted;
  if (IsOfAnotherRelease(consent)) return PreferenceAnswer::kUnclear;
  if (!IsOfSharing(consent)) return PreferenceAnswer::kUnknown;
  if (SaysNo(consent)) {
    if (status == "inactive") return PreferenceAnswer::kUnknown;  // it binds nobody
    return IsPlainDeny(consent) ? PreferenceAnswer::kDissent : PreferenceAnswer::kUnclear;
  }
  if (IsPlainPermit(consent)) return PreferenceAnswer::kConsent;
  const bool is_asked = IsInForce(status) && IsPlainlyOfSharing(consent) && !IsUnderstood(consent);
  return is_asked ? PreferenceAnswer::kUnclear : PreferenceAnswer::kUnknown;
}

// A permit is the patient's own or nobody's; whose word a refusal of a professional is, or of
// somebody whom nobody can place, is asked.
PreferenceAnswer AnswerBy(Giver giver, PreferenceAnswer answer) {
  const bool is_own = giver == Giver::kPatient || giver == Giver::kUnsaid;
  if (answer == PreferenceAnswer::kConsent && !is_own) return PreferenceAnswer::kUnknown;
  if (answer == PreferenceAnswer::kDissent && !is_own && giver != Giver::kOther) {
    return PreferenceAnswer::kUnclear;
  }
  return answer;
}

// Sent for itself, and verified wherever it says anything of that.
bool IsVouchedFor(const Element& consent) {
  if (resources::IsContained(consent)) return false;
  const auto verifications = consent["verification"].items();
  return std::all_of(verifications.begin(), verifications.end(), [](const Element& verification) {
    return verification["verified"].peek() == "true";
  });
}

// Nothing is loosened by a word that nobody vouches for; that a refusal was an error is asked.
PreferenceAnswer AnswerVouchedFor(Context& context, const Element& consent,
                                  PreferenceAnswer answer) {
  if (IsVouchedFor(consent)) return answer;
  if (answer == PreferenceAnswer::kRetracted) {
    context.out().reviews.push_back({record::ReviewKind::kNullOnObjection, consent.Place()});
  }
  const bool loosens =
      answer == PreferenceAnswer::kRetracted || answer == PreferenceAnswer::kConsent;
  return loosens ? PreferenceAnswer::kUnknown : answer;
}

void Prefer(Context& context, const Element& consent, PreferenceAnswer answer,
            std::optional<record::When> said) {
  const Giver giver = GiverOf(context, consent);
  record::PreferenceClaim claim{
      .kind = record::PreferenceKind::kShareDetailedRecord,
      .answer = AnswerBy(giver, AnswerVouchedFor(context, consent, answer)),
      .place = consent.Place(),
      .said = std::move(said),
      .key = context.KeyOf(consent)};
  if (giver == Giver::kPatient) claim.by = PreferenceBy::kPerson;
  if (giver == Giver::kOther) claim.by = PreferenceBy::kSomebodyElse;
  context.out().preferences.push_back(std::move(claim));
}

}  // namespace

void ReadConsent(Context& context, const Element& resource) {
  auto draft = Start(context, resource,
                     {Section::kLegalInformation, Kind::kStatement, "category", kConsentFields});
  if (!draft) {
    // Rules that nobody here understands may change a permit, which is one no more; a refusal is
    // asked for all the same.
    if (MayMakeEntry(context, resource)) return;
    const PreferenceAnswer answer = AnswerOf(resource);
    const bool is_refusal =
        answer == PreferenceAnswer::kDissent || answer == PreferenceAnswer::kUnclear;
    Prefer(context, resource, is_refusal ? answer : PreferenceAnswer::kUnknown, std::nullopt);
    return;
  }
  record::Entry& entry = draft->entry;
  for (const Element& category : resource["category"].items()) {
    if (category != resource["category"].first()) AddDetail(&entry, "category", CodedOf(category));
  }
  for (const Element& policy : resource["policy"].items()) {
    AddDetail(&entry, "authority", policy["authority"].text());
    AddDetail(&entry, "policy", policy["uri"].text());
  }
  for (const Element& verification : resource["verification"].items()) {
    ReadFields(context, verification, resource, kVerificationFields, &*draft);
  }
  if (resource["provision"]) {
    ReadProvision(context, resource["provision"], "provision", 0, &entry);
  }
  Prefer(context, resource, AnswerOf(resource), entry.effective);
  context.Add(resource, std::move(*draft));
}

}  // namespace milecastle::r4
