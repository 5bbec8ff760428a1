// Any contribution that there may be, and its bytes as a sender would make them: written apart from
// what reads them.
#pragma once

#include <chrono>
#include <random>
#include <set>
#include <string>
#include <type_traits>
#include <vector>

#include "base/crypto.h"
#include "milecastle/v1/contribution.pb.h"
#include "record/contribution.h"
#include "wire/entry.h"
#include "wire/timestamp.h"

namespace milecastle::wire {

// Draws: the same seed, the same contribution.
class ContributionMaker {
 public:
  explicit ContributionMaker(std::uint32_t seed) : random_(seed) {}

  record::Contribution Make() {
    record::Contribution made;
    made.patient = Claim();
    made.drafts = Some([&] { return Draft(); });
    for (std::size_t i = 1; i < made.drafts.size(); ++i) Tie(made.drafts[i], made.drafts[i - 1]);
    made.withdrawn_keys = Some([&] { return Key(); });
    made.version = Version();
    made.version.sent = made.version.made;
    for (const auto& draft : made.drafts) {
      if (Die(3)) made.replaced_documents.push_back(draft.source_key);
    }
    for (auto& draft : made.drafts) draft.version = Version();
    for (int i = 1; i <= 38; ++i) {
      if (Die(8)) made.snapshot_of.push_back(static_cast<record::Section>(i));
    }
    made.statements = Some([&] { return Statement(); });
    if (Coin()) made.encounter = Encounter();
    made.preferences = Some([&] {
      return record::PreferenceClaim{
          Pick<record::PreferenceKind>(2), Pick<record::PreferenceAnswer>(6), Word(),
          Maybe([&] { return When(); }),   Pick<record::PreferenceBy>(3),     Word()};
    });
    if (Coin()) made.location_protection = Pick<record::LocationProtection>(3);
    if (Coin()) made.merge = {{Identifier()}, {Identifier()}, Text(), Text()};
    made.reviews = Some([&] { return record::ReviewClaim{Pick<record::ReviewKind>(9), Word()}; });
    made.not_carried = Some([&] { return record::NotCarried{Word(), Word()}; });
    return made;
  }

 private:
  record::Version Version() {
    record::Version version{.number = Coin() ? random_() : 0, .made = {}, .sent = {}};
    const base::Instant at(std::chrono::microseconds(1'750'000'000'000'000 + random_()));
    if (Coin())
      version.made = record::Span::Of({.at = at,
                                       .precision = record::Precision::kFraction,
                                       .zone = record::Zone::kStated,
                                       .original = "as written"});
    return version;
  }
  bool Coin() { return random_() % 2 == 0; }
  bool Die(unsigned sides) { return random_() % sides == 0; }
  template <class Enum>
  Enum Pick(unsigned last) {
    return static_cast<Enum>(1 + random_() % last);
  }
  std::string Word() { return "w" + std::to_string(random_() % 100'000); }
  std::string Key() { return "key:" + std::to_string(++keys_); }
  std::string Text() { return Coin() ? std::string() : Word() + " é\n漢"; }
  template <class Make>
  std::vector<std::invoke_result_t<Make>> Some(Make make) {
    std::vector<std::invoke_result_t<Make>> made;
    for (auto count = random_() % 4; count > 0; --count) made.push_back(make());
    return made;
  }
  template <class Make>
  std::optional<std::invoke_result_t<Make>> Maybe(Make make) {
    return Coin() ? std::optional(make()) : std::nullopt;
  }

  record::When When() {
    static const std::vector<std::string> kTexts = {"1962",
                                                    "2026-11",
                                                    "2026-11-22",
                                                    "2026-10-25T01:30",
                                                    "2026-03-29T01:30:00",
                                                    "2026-11-22T09:30:00.125Z",
                                                    "2026-11-22T09:30:00+05:30"};
    return *record::When::ParseIso(kTexts[random_() % kTexts.size()]);
  }
  record::Coded Coded() {
    return {Text(), Some([&] { return record::Coding{Text(), Text(), Text()}; })};
  }
  record::Address Address() {
    return {Some([&] { return Text(); }), Text(), Text()};
  }
  record::Telecom Telecom() { return {Text(), Text(), Text()}; }
  record::Performer Performer() { return {Text(), Text(), Text(), Text(), Text()}; }
  record::LocalIdentifier Identifier() { return {Word(), Text(), Word()}; }

  record::Entry Entry() {
    record::Entry entry;
    entry.section = Pick<record::Section>(38);
    entry.kind = Pick<record::Kind>(16);
    entry.what = Coded();
    entry.what.text = Word();
    entry.status = Pick<record::ClinicalStatus>(9);
    entry.verification = Pick<record::Verification>(5);
    entry.subject = Pick<record::Subject>(4);
    entry.intent = Pick<record::Intent>(5);
    entry.negated = Coin();
    entry.status_original = Text();
    entry.effective = Maybe([&] { return When(); });
    entry.ended = Maybe([&] { return When(); });
    entry.recorded = Maybe([&] { return When(); });
    entry.value = Maybe([&] {
      return record::Value{Word(), "-1.50", "<=", Text(), Text(), Text(), Text(), Coded()};
    });
    entry.details = Some([&] {
      return record::Detail{Word(), Text(), Coded(), Maybe([&] { return When(); })};
    });
    entry.source_list = Text();
    entry.document = Maybe([&] {
      return record::Document{Text(), Text(), std::string("\0\xff", 2) + Text(), Coin()};
    });
    entry.addresses = Some([&] { return Address(); });
    entry.contacts = Some([&] {
      return record::Contact{Text(), Text(), Some([&] { return Address(); }),
                             Some([&] { return Telecom(); })};
    });
    entry.practice = Text();
    entry.performers = Some([&] { return Performer(); });
    entry.free_text = Some([&] { return Text(); });
    return entry;
  }
  record::Draft Draft() {
    return {Key(), Entry(), Some([&] { return Word(); })};
  }
  // To one of this message, and to one of an earlier.
  void Tie(record::Draft& draft, const record::Draft& to) {
    if (Coin()) draft.entry.group = to.source_key;
    if (Coin()) draft.entry.links.push_back({Word(), to.source_key});
    if (Coin()) draft.entry.links.push_back({Word(), Key()});
  }

  template <class T>
  record::Update<T> Change(T value) {
    if (Die(3)) return record::Update<T>::Delete();
    return Coin() ? record::Update<T>::Set(std::move(value)) : record::Update<T>{};
  }
  record::PatientClaim Claim() {
    record::PatientClaim claim;
    claim.nhs_number_as_sent = Coin() ? "9990000018" : Word();
    claim.tracing = static_cast<record::Tracing>(random_() % 9);
    claim.pseudo_person = Coin();
    claim.local_identifiers = Some([&] { return Identifier(); });
    claim.names = Change(std::vector{record::PersonName{Text(), Text(), Text(), Text(), Text()}});
    claim.birth_date = Change(*record::BirthDate::Parse("1962-07-13"));
    claim.sex = Change(Word());
    claim.addresses = Change(std::vector{Address()});
    claim.telecoms = Change(std::vector{Telecom()});
    claim.language = Change(Word());
    claim.ethnic_category = Change(Word());
    claim.gp_practice = Change(Word());
    claim.gp = Change(Word());
    claim.died = Change(When());
    claim.deceased = Change(Coin());
    return claim;
  }
  record::SectionStatement Statement() {
    return {Pick<record::Section>(38), Pick<record::SectionSaying>(6),
            Maybe([&] { return When(); }), Some([&] { return Performer(); }), Text()};
  }
  record::EncounterClaim Encounter() {
    return {Text(),
            Pick<record::EncounterChange>(9),
            Text(),
            Text(),
            Text(),
            Maybe([&] { return When(); }),
            Maybe([&] { return When(); }),
            Maybe([&] { return When(); }),
            Text()};
  }

  std::mt19937 random_;
  int keys_ = 0;
};

class ContributionWriter {
 public:
  static v1::PatientContribution Write(const record::Contribution& from) {
    v1::PatientContribution out;
    WriteClaim(*out.mutable_patient(), from.patient);
    std::set<std::string> own;
    for (const auto& draft : from.drafts) own.insert(draft.source_key);
    for (const auto& draft : from.drafts) WriteDraft(out, draft, own);
    for (const auto& key : from.withdrawn_keys) out.add_withdrawn_keys(key);
    for (const auto& key : from.replaced_documents) out.add_whole_documents(key);
    if (from.version.IsKnown()) WriteVersion(*out.mutable_version(), from.version);
    for (const auto section : from.snapshot_of) out.add_snapshot_of(As<v1::Section>(section));
    for (const auto& statement : from.statements) WriteStatement(*out.add_statements(), statement);
    WriteClaims(out, from);
    for (const auto& left : from.not_carried) {
      auto& one = *out.add_not_carried();
      one.set_place(left.place);
      one.set_why(left.why);
    }
    return out;
  }

 private:
  template <class To, class From>
  static To As(From from) {
    return static_cast<To>(from);
  }
  static void WriteWhen(v1::When& out, const record::When& when) {
    wire::Fill(*out.mutable_at(), when.at);
    out.set_precision(As<v1::TimePrecision>(when.precision));
    out.set_zone(As<v1::TimeZone>(when.zone));
    out.set_original(when.original);
  }
  static void WriteVersion(v1::SourceVersion& out, const record::Version& from) {
    out.set_number(from.number);
    if (!from.made) return;
    const record::When when{.at = from.made->earliest,
                            .precision = record::Precision::kFraction,
                            .zone = record::Zone::kStated,
                            .original = "as written"};
    WriteWhen(*out.mutable_made(), when);
  }
  static void WriteIdentifier(v1::LocalIdentifier& out, const record::LocalIdentifier& from) {
    out.set_authority(from.authority);
    out.set_type(from.type);
    out.set_value(from.value);
  }
  static void WriteAddress(v1::Address& out, const record::Address& from) {
    for (const auto& line : from.lines) out.add_lines(line);
    out.set_postcode(from.postcode);
    out.set_use(from.use);
  }

  static void WriteDraft(v1::PatientContribution& into, const record::Draft& from,
                         const std::set<std::string>& own) {
    auto& out = *into.add_drafts();
    out.set_source_key(from.source_key);
    out.mutable_entry()->ParseFromString(EncodeEntry(from.entry));
    for (const auto& label : from.source_labels) out.add_source_labels(label);
    out.set_group(from.entry.group);
    if (from.version.IsKnown()) WriteVersion(*out.mutable_version(), from.version);
    for (const auto& link : from.entry.links) {
      out.add_links()->set_relation(link.relation);
      out.mutable_links(out.links_size() - 1)->set_source_key(link.key);
      if (!own.contains(link.key)) into.add_earlier_keys(link.key);
    }
    if (!from.entry.document) return;
    const base::Digest digest = base::Sha256(from.entry.document->bytes);
    out.set_document_sha256(std::string(base::AsBytes(digest)));
  }

  // Sets or deletes one field of a claim.
  template <class T, class Set>
  static void WriteUpdate(v1::PatientClaim& out, v1::ClaimField field,
                          const record::Update<T>& update, Set set) {
    if (update.change == record::Update<T>::Change::kSet) set(update.value);
    if (update.change == record::Update<T>::Change::kDelete) out.add_deleted(field);
  }
  static void WriteClaim(v1::PatientClaim& out, const record::PatientClaim& from) {
    out.set_nhs_number(from.nhs_number_as_sent);
    if (from.tracing != record::Tracing::kUnstated) {
      out.set_tracing(As<v1::NhsNumberTracing>(from.tracing));
    }
    out.set_pseudo_person(from.pseudo_person);
    for (const auto& one : from.local_identifiers) {
      WriteIdentifier(*out.add_local_identifiers(), one);
    }
    WriteLists(out, from);
    WriteUpdate(out, v1::CLAIM_FIELD_BIRTH_DATE, from.birth_date,
                [&](const auto& date) { out.set_birth_date(date.ToString()); });
    WriteUpdate(out, v1::CLAIM_FIELD_SEX, from.sex, [&](const auto& text) { out.set_sex(text); });
    WriteUpdate(out, v1::CLAIM_FIELD_LANGUAGE, from.language,
                [&](const auto& text) { out.set_language(text); });
    WriteUpdate(out, v1::CLAIM_FIELD_ETHNIC_CATEGORY, from.ethnic_category,
                [&](const auto& text) { out.set_ethnic_category(text); });
    WriteUpdate(out, v1::CLAIM_FIELD_GP_PRACTICE, from.gp_practice,
                [&](const auto& text) { out.set_gp_practice(text); });
    WriteUpdate(out, v1::CLAIM_FIELD_GP, from.gp, [&](const auto& text) { out.set_gp(text); });
    WriteUpdate(out, v1::CLAIM_FIELD_DIED, from.died,
                [&](const auto& when) { WriteWhen(*out.mutable_died(), when); });
    WriteUpdate(out, v1::CLAIM_FIELD_DECEASED, from.deceased,
                [&](bool dead) { out.set_deceased(dead); });
  }
  static void WriteLists(v1::PatientClaim& out, const record::PatientClaim& from) {
    WriteUpdate(out, v1::CLAIM_FIELD_NAMES, from.names, [&](const auto& names) {
      for (const auto& name : names) {
        auto& one = *out.mutable_names()->add_names();
        one.set_family(name.family);
        one.set_given(name.given);
        one.set_prefix(name.prefix);
        one.set_suffix(name.suffix);
        one.set_use(name.use);
      }
    });
    WriteUpdate(out, v1::CLAIM_FIELD_ADDRESSES, from.addresses, [&](const auto& list) {
      for (const auto& one : list) WriteAddress(*out.mutable_addresses()->add_addresses(), one);
    });
    WriteUpdate(out, v1::CLAIM_FIELD_TELECOMS, from.telecoms, [&](const auto& list) {
      for (const auto& one : list) {
        auto& telecom = *out.mutable_telecoms()->add_telecoms();
        telecom.set_system(one.system);
        telecom.set_value(one.value);
        telecom.set_use(one.use);
      }
    });
  }

  static void WriteStatement(v1::SectionStatement& out, const record::SectionStatement& from) {
    out.set_section(As<v1::Section>(from.section));
    out.set_saying(As<v1::SectionSaying>(from.saying));
    if (from.when) WriteWhen(*out.mutable_when(), *from.when);
    for (const auto& performer : from.by) {
      auto& one = *out.add_by();
      one.set_name(performer.name);
      one.set_identifier(performer.identifier);
      one.set_identifier_system(performer.identifier_system);
      one.set_role(performer.role);
      one.set_organisation(performer.organisation);
    }
    out.set_text(from.text);
  }

  static void WriteEncounter(v1::EncounterClaim& out, const record::EncounterClaim& from) {
    out.set_number(from.number);
    out.set_change(As<v1::EncounterChange>(from.change));
    out.set_patient_class(from.patient_class);
    out.set_specialty(from.specialty);
    out.set_location(from.location);
    if (from.began) WriteWhen(*out.mutable_began(), *from.began);
    if (from.ended) WriteWhen(*out.mutable_ended(), *from.ended);
    if (from.expected) WriteWhen(*out.mutable_expected(), *from.expected);
    out.set_former_number(from.former_number);
  }

  static void WriteClaims(v1::PatientContribution& out, const record::Contribution& from) {
    if (from.encounter) WriteEncounter(*out.mutable_encounter(), *from.encounter);
    for (const auto& claim : from.preferences) {
      auto& one = *out.add_preferences();
      one.set_kind(As<v1::PreferenceKind>(claim.kind));
      one.set_answer(As<v1::PreferenceAnswer>(claim.answer));
      one.set_place(claim.place);
      if (claim.said) WriteWhen(*one.mutable_said(), *claim.said);
      one.set_by(As<v1::PreferenceBy>(claim.by));
      one.set_key(claim.key);
    }
    if (from.location_protection) {
      out.set_location_protection(As<v1::LocationProtection>(*from.location_protection));
    }
    if (from.merge) {
      auto& merge = *out.mutable_merge();
      for (const auto& one : from.merge->surviving) WriteIdentifier(*merge.add_surviving(), one);
      for (const auto& one : from.merge->discarded) WriteIdentifier(*merge.add_discarded(), one);
      merge.set_surviving_nhs_number(from.merge->surviving_nhs_number_as_sent);
      merge.set_discarded_nhs_number(from.merge->discarded_nhs_number_as_sent);
    }
    for (const auto& claim : from.reviews) {
      auto& one = *out.add_reviews();
      one.set_kind(As<v1::ReviewKind>(claim.kind));
      one.set_place(claim.place);
    }
  }
};

}  // namespace milecastle::wire
