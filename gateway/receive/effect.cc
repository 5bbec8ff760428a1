#include "inside/effect.h"

#include <algorithm>
#include <array>

#include "identify/description.h"
#include "inside/another_thing.h"
#include "inside/versions.h"
#include "record/document_key.h"
#include "record/label_flow.h"

namespace milecastle::receive {
namespace {

// Of a message that its source has overtaken, the documents of which a newer version was taken, or
// what took their place: that says all that still stands of them.
base::Result<std::vector<std::string>> DocumentsSaidSince(const Effect& effect) {
  std::vector<std::string> said_since;
  if (!effect.overtaken) return said_since;
  for (const std::string& document : effect.patient.contribution.replaced_documents) {
    const auto said = effect.transaction.records().WasSaidSince(
        {effect.settled.identity, record::BelowDocument(document), std::nullopt,
         effect.message.received, effect.System()});
    if (!said) return said.error();
    if (*said) said_since.push_back(document);
  }
  return said_since;
}

std::string_view ReasonOf(record::ReviewKind kind) {
  constexpr std::array<std::string_view, 9> kReasons = {
      "null_on_allergy",     "null_on_alert",      "null_on_objection",
      "null_on_hiding_flag", "null_on_nhs_number", "patients_linked",
      "patients_unlinked",   "record_deleted",     "records_moved"};
  return kReasons.at(static_cast<std::size_t>(kind) - 1);
}

base::Result<void> AddReview(const Effect& effect, store::QueueKind kind, std::string_view reason,
                             const identify::Settled::Merged* merged) {
  store::QueueItem item;
  item.id = record::QueueItemId::New(effect.message.received);
  item.kind = kind;
  item.message = effect.message.id;
  item.patient = effect.patient.number;
  item.identity = merged == nullptr ? effect.settled.identity : merged->identity;
  item.person = effect.settled.person;
  if (merged != nullptr) item.candidates = {merged->from};
  item.organisation = effect.message.source->text();
  item.reason = std::string(reason);
  item.opened = effect.message.received;
  return effect.transaction.queues().Add(item);
}

// Which of the warnings that stood a message took away, or put another thing in the place of.
struct WarningsEnded {
  bool allergy = false;
  bool alert = false;
  bool allergy_changed = false;
  bool alert_changed = false;

  void Note(const record::EntryClass& ended) {
    if (!record::IsWarning(ended.section, ended.kind)) return;
    (IsOfAllergies(ended) ? allergy : alert) = true;
  }
  void Note(const store::Placed::Superseded& before, const std::string& bytes) {
    if (!IsAnotherThing(before.bytes, bytes)) return;
    (IsOfAllergies(before.entry_class) ? allergy_changed : alert_changed) = true;
  }

 private:
  static bool IsOfAllergies(const record::EntryClass& of) {
    return of.section == record::Section::kAllergies || of.kind == record::Kind::kAllergy;
  }
};

// A source may take back what it said, for it may have been wrong, or say another thing under the
// same key, as one does whose keys are not its own; but nobody is to miss that an allergy or an
// alert is gone (safety.md 5). One question for each message, however many went.
base::Result<void> AskAboutEnded(const Effect& effect, const WarningsEnded& ended) {
  const std::pair<bool, std::string_view> asked[] = {{ended.allergy, "allergy_withdrawn"},
                                                     {ended.alert, "alert_withdrawn"},
                                                     {ended.allergy_changed, "allergy_changed"},
                                                     {ended.alert_changed, "alert_changed"}};
  for (const auto& [is_asked, reason] : asked) {
    if (!is_asked) continue;
    auto added = AddReview(effect, store::QueueKind::kNullReview, reason, nullptr);
    if (!added) return added;
  }
  return {};
}

std::vector<record::Section> SectionsGivenWhole(const Effect& effect, const Versions& versions) {
  if (effect.overtaken) return {};
  auto sections = effect.patient.contribution.snapshot_of;
  std::erase_if(sections, [&](record::Section section) { return versions.IsOldSection(section); });
  return sections;
}

// The entries of one message, and what it leaves said of entries that it changed nothing of.
class Entries {
 public:
  Entries(const Effect& effect, Versions& versions)
      : effect_(effect),
        records_(effect.transaction.records()),
        versions_(versions),
        again_{.at = received(), .sections = {}, .keys = {}, .system = effect.System()} {}

  base::Result<Given> Apply() {
    auto said_since = DocumentsSaidSince(effect_);
    if (!said_since) return said_since.error();
    said_since_ = *std::move(said_since);
    for (const store::StoredEntry& entry : effect_.patient.entries) {
      if (auto put = Put(entry); !put) return put.error();
    }
    if (auto swept = Sweep(); !swept) return swept.error();
    for (const std::string& key : effect_.patient.contribution.withdrawn_keys) {
      if (auto gone = Withdraw(key); !gone) return gone.error();
    }
    if (auto asked = AskAboutEnded(effect_, ended_); !asked) return asked.error();
    if (again_.keys.empty() && again_.sections.empty()) return given_;
    if (auto noted = records_.NoteSaidAgain(identity(), again_); !noted) return noted.error();
    return given_;
  }

 private:
  const record::IdentityId& identity() const { return effect_.settled.identity; }
  base::Instant received() const { return effect_.message.received; }

  bool IsOfDocumentSaidSince(const std::string& key) const {
    return std::any_of(said_since_.begin(), said_since_.end(), [&](const std::string& document) {
      return record::IsOfDocument(key, document);
    });
  }
  // A part with a name of its own too.
  bool IsInDocumentSaidSince(const store::StoredEntry& entry) const {
    return std::any_of(said_since_.begin(), said_since_.end(), [&](const std::string& document) {
      return record::IsIn(document, entry.links);
    });
  }

  base::Result<bool> WasSaidSince(const std::string& key, std::optional<record::Section> section) {
    if (!effect_.overtaken) return false;
    if (IsOfDocumentSaidSince(key)) return true;
    return records_.WasSaidSince({identity(), key, section, received(), effect_.System()});
  }

  static const std::string& KeyOf(const std::string& key) { return key; }
  static const std::string& KeyOf(const store::StoredEntry& entry) { return entry.source_key; }

  // Noted, and left as it stands.
  template <class What>
  base::Result<bool> IsOlder(const What& what) {
    auto older = versions_.IsOlder(what);
    if (older && *older) given_.older.push_back(KeyOf(what));
    return older;
  }

  base::Result<void> Put(const store::StoredEntry& entry) {
    const auto older = IsOlder(entry);
    if (!older) return older.error();
    store::StoredEntry own = entry;
    own.identity = identity();
    if (*older) {
      kept_.push_back(own.source_key);
      const auto put = records_.PutOlder(own);
      return put ? base::Result<void>() : put.error();
    }
    if (IsInDocumentSaidSince(own)) return {};
    const auto said = WasSaidSince(own.source_key, own.entry_class.section);
    if (!said) return said.error();
    if (*said) return {};
    kept_.push_back(own.source_key);
    const auto put = records_.Put(own);
    if (!put) return put.error();
    if (!*put) again_.keys.push_back(own.source_key);
    if (put->superseded) ended_.Note(*put->superseded, own.bytes);
    ++given_.entries;
    return versions_.Note(own);
  }

  base::Result<void> Sweep() {
    for (const std::string& document : effect_.patient.contribution.replaced_documents) {
      if (versions_.IsOldDocument(document)) continue;
      const auto swept = records_.KeepOnlyBelow(identity(), document, kept_, received());
      if (!swept) return swept.error();
      again_.keys.push_back(record::BelowDocument(document));
      if (auto noted = versions_.NoteDocument(document); !noted) return noted;
    }
    again_.sections = SectionsGivenWhole(effect_, versions_);
    if (again_.sections.empty()) return {};
    const auto swept =
        records_.KeepOnly(identity(), again_.system, again_.sections, kept_, received());
    return swept ? base::Result<void>() : swept.error();
  }

  base::Result<void> Withdraw(const std::string& key) {
    const auto older = IsOlder(key);
    if (!older) return older.error();
    if (*older) return {};
    const auto said = WasSaidSince(key, std::nullopt);
    if (!said) return said.error();
    if (*said) return {};
    const auto gone = records_.Withdraw(identity(), key, received());
    if (!gone) return gone.error();
    if (*gone) {
      ended_.Note(**gone);
    } else {
      again_.keys.push_back(key);
    }
    return versions_.Note(key);
  }

  const Effect& effect_;
  store::Records& records_;
  Versions& versions_;
  store::SaidAgain again_;
  std::vector<std::string> kept_;
  std::vector<std::string> said_since_;  // documents
  WarningsEnded ended_;
  Given given_;
};

// Nothing of the message is its source's last word.
bool IsHistory(const Given& given) { return given.entries == 0 && !given.older.empty(); }

base::Result<void> PutStatements(const Effect& effect, const Versions& versions) {
  auto& records = effect.transaction.records();
  const auto& contribution = effect.patient.contribution;
  const record::IdentityId& identity = effect.settled.identity;
  const auto said_since = DocumentsSaidSince(effect);
  if (!said_since) return said_since.error();
  if (!said_since->empty()) return {};
  const auto whole = SectionsGivenWhole(effect, versions);
  if (!whole.empty()) {
    auto dropped = records.DropStatements(identity, effect.System(), whole);
    if (!dropped) return dropped;
  }
  for (const record::SectionStatement& statement : contribution.statements) {
    if (versions.IsOldSection(statement.section)) continue;
    if (effect.overtaken) {
      const auto said = records.WasSaidSince(
          {identity, {}, statement.section, effect.message.received, effect.System()});
      if (!said) return said.error();
      if (*said) continue;
    }
    auto put = records.PutStatement(identity, {.source = *effect.message.source,
                                               .statement = statement,
                                               .stored = effect.message.received,
                                               .system = effect.System()});
    if (!put) return put;
  }
  return {};
}

// Whose it may be besides: for an officer, who links it or says that they are two people.
base::Result<void> AskForMatch(const Effect& effect) {
  store::QueueItem item;
  item.id = record::QueueItemId::New(effect.message.received);
  item.kind = store::QueueKind::kMatchReview;
  item.message = effect.message.id;
  item.patient = effect.patient.number;
  item.identity = effect.settled.identity;
  item.person = effect.settled.person;
  item.candidates = effect.settled.match->candidates;
  item.organisation = effect.message.source->text();
  item.reason = std::string(effect.settled.match->reason);
  item.opened = effect.message.received;
  return effect.transaction.queues().Add(item);
}

// Of those who lost the number to this claim: whether they are the person who has it now.
base::Result<void> AskForSetBeside(const Effect& effect) {
  for (const store::Identity& one : effect.settled.set_beside) {
    store::QueueItem item;
    item.id = record::QueueItemId::New(effect.message.received);
    item.kind = store::QueueKind::kMatchReview;
    item.message = effect.message.id;
    item.patient = effect.patient.number;
    item.identity = one.id;
    item.person = one.person;
    item.candidates = {effect.settled.person};
    item.organisation = one.source.text();
    item.reason = std::string(identify::kSetBeside);
    item.opened = effect.message.received;
    if (auto added = effect.transaction.queues().Add(item); !added) return added;
  }
  return {};
}

// What opens a relationship is the source's last word alone.
base::Result<void> ApplyRelationships(const Effect& effect) {
  if (effect.overtaken) return {};
  if (auto done = ApplyEncounter(effect); !done) return done;
  return ApplyPractice(effect);
}

// Whether something of the same source protects beside a word that does not: what another of its
// systems said, or this one of another of its records. Asked once, until what protects is newer
// than the word that it was asked about.
bool IsProtectedElsewhere(const Effect& effect, const std::vector<record::LocationFlag>& flags) {
  const std::string& system = port::RecordSystemOf(*effect.message.feed);
  std::optional<base::Instant> asked;
  std::optional<base::Instant> protects;
  for (const record::LocationFlag& flag : flags) {
    const bool is_own = flag.identity == effect.settled.identity && flag.said_by == system;
    const bool is_none = flag.level == record::LocationProtection::kNone;
    if (is_own && is_none) asked = flag.as_of;
    if (is_own || is_none || flag.source != effect.message.source) continue;
    protects = std::max(protects.value_or(flag.as_of), flag.as_of);
  }
  return protects && (!asked || *asked < *protects);
}

// A protection is taken back by the record system that set it, on the record that it set it on, and
// by nobody else: the tighter holds beside whatever others say.
base::Result<void> ApplyProtection(const Effect& effect) {
  const auto& protection = effect.patient.contribution.location_protection;
  if (!protection) return {};
  auto& facts = effect.transaction.facts();
  if (*protection == record::LocationProtection::kNone) {
    const auto known = facts.FactsOf(effect.settled.person);
    if (!known) return known.error();
    if (IsProtectedElsewhere(effect, known->location_flags)) {
      auto asked =
          AddReview(effect, store::QueueKind::kNullReview, "protection_of_another_record", nullptr);
      if (!asked) return asked;
    }
  }
  return facts.PutLocationFlag(
      effect.settled.identity,
      {*protection, port::RecordSystemOf(*effect.message.feed), effect.message.received});
}

base::Result<void> ApplyFacts(const Effect& effect) {
  if (auto done = ApplyRelationships(effect); !done) return done;
  if (auto done = ApplyPreferences(effect); !done) return done;
  return ApplyProtection(effect);
}

base::Result<Given> ApplyWith(const Effect& effect, Versions& versions) {
  auto given = Entries(effect, versions).Apply();
  if (!given || IsHistory(*given)) return given;
  if (auto put = PutStatements(effect, versions); !put) return put.error();
  if (auto noted = versions.NoteSections(); !noted) return noted.error();
  return given;
}

// What is older by its number alone is kept as history like any other; but somebody is to look
// whether the number is the mistake, and the newest word the one that was passed over.
base::Result<void> AskAboutVersions(const Effect& effect, const Versions& versions) {
  auto doubtful = versions.IsAnyDoubtful();
  if (!doubtful) {
    const auto description = identify::IsDoubtfullyOlderDescription(
        effect.transaction, effect.settled.identity, effect.patient.contribution.patient,
        effect.message.received);
    if (!description) return description.error();
    doubtful = *description;
  }
  if (!doubtful) return {};
  return AddReview(effect, store::QueueKind::kNullReview, "version_doubtful", nullptr);
}

}  // namespace

base::Result<Given> ApplyEntries(const Effect& effect) {
  Versions versions(effect);
  if (auto found = versions.FindOld(); !found) return found.error();
  auto given = ApplyWith(effect, versions);
  if (!given) return given;
  if (auto asked = AskAboutVersions(effect, versions); !asked) return asked.error();
  return given;
}

base::Result<void> ApplyReviews(const Effect& effect) {
  for (const record::ReviewClaim& review : effect.patient.contribution.reviews) {
    auto added = AddReview(effect, store::QueueKind::kNullReview, ReasonOf(review.kind), nullptr);
    if (!added) return added;
  }
  for (const auto& merged : effect.settled.merged) {
    auto added = AddReview(effect, store::QueueKind::kMergeReview, merged.reason, &merged);
    if (!added) return added;
  }
  if (auto asked = AskForSetBeside(effect); !asked) return asked;
  return effect.settled.match ? AskForMatch(effect) : base::Result<void>();
}

base::Result<Given> Apply(const Effect& effect) {
  const auto given = ApplyEntries(effect);
  if (!given) return given;
  Effect facts = effect;
  facts.overtaken = effect.overtaken || IsHistory(*given);
  facts.older = given->older;
  if (auto done = ApplyFacts(facts); !done) return done.error();
  if (auto done = ApplyReviews(effect); !done) return done.error();
  auto advanced = effect.transaction.patients().AdvanceVersion(effect.settled.person);
  if (!advanced) return advanced.error();
  return given;
}

}  // namespace milecastle::receive
