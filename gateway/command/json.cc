#include "inside/json.h"

#include <google/protobuf/util/json_util.h>

#include <array>

#include "base/clock.h"
#include "inside/terminal.h"

namespace milecastle::command {
namespace {

using boost::json::array;
using boost::json::object;

// The word for a value of an enum that counts from 0.
template <std::size_t size, class Enum>
std::string_view Word(const std::array<std::string_view, size>& words, Enum value) {
  const auto at = static_cast<std::size_t>(value);
  return at < size ? words[at] : "unknown";
}

constexpr std::array<std::string_view, 17> kKinds = {
    "",          "allergy",     "problem",     "medication", "medication_issue",
    "procedure", "vaccination", "observation", "report",     "specimen",
    "encounter", "referral",    "request",     "document",   "contact",
    "alert",     "statement"};
constexpr std::array<std::string_view, 10> kStatuses = {
    "",          "unstated", "active",  "inactive", "resolved",
    "completed", "stopped",  "on_hold", "planned",  "cancelled"};
constexpr std::array<std::string_view, 6> kVerifications = {
    "", "unstated", "confirmed", "suspected", "refuted", "entered_in_error"};
constexpr std::array<std::string_view, 5> kSubjects = {"", "patient", "family", "carer", "other"};
constexpr std::array<std::string_view, 6> kIntents = {"",         "unstated", "done",
                                                      "not_done", "planned",  "ordered"};
constexpr std::array<std::string_view, 8> kPrecisions = {"",     "year",   "month",  "day",
                                                         "hour", "minute", "second", "fraction"};
constexpr std::array<std::string_view, 6> kZones = {
    "", "none", "stated", "assumed_london", "ambiguous", "skipped"};
constexpr std::array<std::string_view, 9> kTracings = {
    "unstated", "verified",    "not_traced",   "trace_required", "no_match",
    "conflict", "in_progress", "not_required", "postponed"};
constexpr std::array<std::string_view, 8> kSayings = {"",
                                                      "none_known",
                                                      "nothing_recorded",
                                                      "confidential_items",
                                                      "data_in_transit",
                                                      "data_awaiting_filing",
                                                      "unavailable",
                                                      "lagging_return"};
constexpr std::array<std::string_view, 10> kChanges = {
    "",       "planned",           "opened",         "updated",           "moved",
    "closed", "opening_cancelled", "move_cancelled", "closing_cancelled", "plan_cancelled"};
constexpr std::array<std::string_view, 3> kPreferences = {"", "share_detailed_record",
                                                          "summary_care_record"};
constexpr std::array<std::string_view, 7> kAnswers = {
    "", "consent", "dissent", "unknown", "ask_each_time", "unclear", "retracted"};
constexpr std::array<std::string_view, 4> kSaidBy = {"", "unknown", "person", "somebody_else"};
constexpr std::array<std::string_view, 4> kProtections = {"", "none", "local", "national"};
constexpr std::array<std::string_view, 10> kReviews = {"",
                                                       "null_on_allergy",
                                                       "null_on_alert",
                                                       "null_on_objection",
                                                       "null_on_hiding_flag",
                                                       "null_on_nhs_number",
                                                       "patients_linked",
                                                       "patients_unlinked",
                                                       "record_deleted",
                                                       "records_moved"};

// Those of which there are lists.
object Json(const record::Contact& contact);
object Json(const record::SectionStatement& statement);
object Json(const record::PreferenceClaim& preference);
object Json(const record::ReviewClaim& review);

void Add(object& into, std::string_view name, std::string_view text) {
  if (!text.empty()) into[name] = JsonText(text);
}

object Json(const record::When& when) {
  return {{"at", base::ToRfc3339(when.at)},
          {"precision", Word(kPrecisions, when.precision)},
          {"zone", Word(kZones, when.zone)},
          {"original", JsonText(when.original)}};
}
void Add(object& into, std::string_view name, const std::optional<record::When>& when) {
  if (when) into[name] = Json(*when);
}

object Json(const record::Coded& coded) {
  object made;
  Add(made, "text", coded.text);
  array codings;
  for (const record::Coding& coding : coded.codings) {
    object one;
    Add(one, "system", coding.system);
    Add(one, "code", coding.code);
    Add(one, "display", coding.display);
    codings.push_back(std::move(one));
  }
  if (!codings.empty()) made["codings"] = std::move(codings);
  return made;
}
void Add(object& into, std::string_view name, const record::Coded& coded) {
  object made = Json(coded);
  if (!made.empty()) into[name] = std::move(made);
}

object Json(const record::Value& value) {
  object made;
  Add(made, "original", value.original);
  Add(made, "number", value.number);
  Add(made, "comparator", value.comparator);
  Add(made, "unit", value.unit);
  Add(made, "unit_code", value.unit_code);
  Add(made, "reference_range", value.reference_range);
  Add(made, "interpretation", value.interpretation);
  Add(made, "coded", value.coded);
  return made;
}

object Json(const record::Address& address) {
  object made;
  made["lines"] = JsonTexts(address.lines);
  Add(made, "postcode", address.postcode);
  Add(made, "use", address.use);
  return made;
}

object Json(const record::Telecom& telecom) {
  object made;
  Add(made, "system", telecom.system);
  Add(made, "value", telecom.value);
  Add(made, "use", telecom.use);
  return made;
}

object Json(const record::Performer& performer) {
  object made;
  Add(made, "name", performer.name);
  Add(made, "identifier", performer.identifier);
  Add(made, "identifier_system", performer.identifier_system);
  Add(made, "role", performer.role);
  Add(made, "organisation", performer.organisation);
  return made;
}

object Json(const record::PersonName& name) {
  object made;
  Add(made, "family", name.family);
  Add(made, "given", name.given);
  Add(made, "prefix", name.prefix);
  Add(made, "suffix", name.suffix);
  Add(made, "use", name.use);
  return made;
}

object Json(const record::LocalIdentifier& identifier) {
  return {{"authority", JsonText(identifier.authority)},
          {"type", JsonText(identifier.type)},
          {"value", JsonText(identifier.value)}};
}

object Json(const record::Detail& detail) {
  object made;
  Add(made, "name", detail.name);
  Add(made, "text", detail.text);
  Add(made, "coded", detail.coded);
  Add(made, "when", detail.when);
  return made;
}

object Json(const record::Link& link) {
  return {{"relation", JsonText(link.relation)}, {"key", JsonText(link.key)}};
}

object Json(const record::Document& document) {
  object made = {{"media_type", JsonText(document.media_type)}, {"bytes", document.bytes.size()}};
  Add(made, "title", document.title);
  if (document.truncated) made["truncated"] = true;
  return made;
}

template <class T>
array List(const std::vector<T>& items) {
  array made;
  for (const T& item : items) made.push_back(Json(item));
  return made;
}
template <class T>
void Add(object& into, std::string_view name, const std::vector<T>& items) {
  if (!items.empty()) into[name] = List(items);
}

object Json(const record::Contact& contact) {
  object made;
  Add(made, "name", contact.name);
  Add(made, "relationship", contact.relationship);
  Add(made, "addresses", contact.addresses);
  Add(made, "telecoms", contact.telecoms);
  return made;
}

object Json(const record::SectionStatement& statement) {
  object made = {{"section", record::KeyOf(statement.section)},
                 {"saying", Word(kSayings, statement.saying)}};
  Add(made, "when", statement.when);
  Add(made, "by", statement.by);
  Add(made, "text", statement.text);
  return made;
}

object Json(const record::EncounterClaim& encounter) {
  object made = {{"change", Word(kChanges, encounter.change)}};
  Add(made, "number", encounter.number);
  Add(made, "patient_class", encounter.patient_class);
  Add(made, "specialty", encounter.specialty);
  Add(made, "location", encounter.location);
  Add(made, "began", encounter.began);
  Add(made, "ended", encounter.ended);
  Add(made, "expected", encounter.expected);
  Add(made, "former_number", encounter.former_number);
  return made;
}

object Json(const record::PreferenceClaim& preference) {
  object made = {{"kind", Word(kPreferences, preference.kind)},
                 {"answer", Word(kAnswers, preference.answer)},
                 {"by", Word(kSaidBy, preference.by)},
                 {"place", JsonText(preference.place)}};
  Add(made, "said", preference.said);
  Add(made, "key", preference.key);
  return made;
}

object Json(const record::MergeClaim& merge) {
  object made;
  Add(made, "surviving", merge.surviving);
  Add(made, "discarded", merge.discarded);
  Add(made, "surviving_nhs_number", merge.surviving_nhs_number_as_sent);
  Add(made, "discarded_nhs_number", merge.discarded_nhs_number_as_sent);
  return made;
}

object Json(const record::ReviewClaim& review) {
  return {{"kind", Word(kReviews, review.kind)}, {"place", JsonText(review.place)}};
}

// A field that the message leaves alone is absent; one that it deletes is null.
template <class T, class ToJson>
void Add(object& into, std::string_view name, const record::Update<T>& update, ToJson to_json) {
  if (update.change == record::Update<T>::Change::kDelete) into[name] = nullptr;
  if (update.change == record::Update<T>::Change::kSet) into[name] = to_json(update.value);
}

}  // namespace

void PrintJson(const google::protobuf::Message& message, std::ostream& out) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = true;  // so that a script finds `false` and 0 as well
  std::string text;
  const auto status = google::protobuf::util::MessageToJsonString(message, &text, options);
  if (!status.ok()) std::abort();  // of generated messages alone, and all of their types are here
  out << text << "\n";
}

boost::json::string JsonText(std::string_view text) { return boost::json::string(ValidUtf8(text)); }

array JsonTexts(const std::vector<std::string>& texts) {
  array made;
  for (const std::string& text : texts) made.push_back(JsonText(text));
  return made;
}

object PatientJson(const record::PatientClaim& patient) {
  const auto text = [](const std::string& value) { return JsonText(value); };
  object made;
  Add(made, "nhs_number", patient.nhs_number_as_sent);
  made["tracing"] = Word(kTracings, patient.tracing);
  if (patient.pseudo_person) made["pseudo_person"] = true;
  Add(made, "local_identifiers", patient.local_identifiers);
  Add(made, "names", patient.names, [](const auto& names) { return List(names); });
  Add(made, "birth_date", patient.birth_date,
      [](const auto& date) { return JsonText(date.ToString()); });
  Add(made, "sex", patient.sex, text);
  Add(made, "addresses", patient.addresses, [](const auto& all) { return List(all); });
  Add(made, "telecoms", patient.telecoms, [](const auto& all) { return List(all); });
  Add(made, "language", patient.language, text);
  Add(made, "ethnic_category", patient.ethnic_category, text);
  Add(made, "gp_practice", patient.gp_practice, text);
  Add(made, "gp", patient.gp, text);
  Add(made, "died", patient.died, [](const auto& when) { return Json(when); });
  Add(made, "deceased", patient.deceased, [](bool dead) { return boost::json::value(dead); });
  return made;
}

object EntryJson(const record::Entry& entry) {
  object made = {{"section", record::KeyOf(entry.section)}, {"kind", Word(kKinds, entry.kind)}};
  Add(made, "what", entry.what);
  made["status"] = Word(kStatuses, entry.status);
  Add(made, "status_original", entry.status_original);
  made["verification"] = Word(kVerifications, entry.verification);
  made["subject"] = Word(kSubjects, entry.subject);
  made["intent"] = Word(kIntents, entry.intent);
  made["negated"] = entry.negated;
  Add(made, "effective", entry.effective);
  Add(made, "ended", entry.ended);
  Add(made, "recorded", entry.recorded);
  if (entry.value) made["value"] = Json(*entry.value);
  Add(made, "details", entry.details);
  Add(made, "source_list", entry.source_list);
  Add(made, "group", entry.group);
  Add(made, "links", entry.links);
  if (entry.document) made["document"] = Json(*entry.document);
  Add(made, "addresses", entry.addresses);
  Add(made, "contacts", entry.contacts);
  Add(made, "practice", entry.practice);
  Add(made, "performers", entry.performers);
  if (!entry.free_text.empty()) made["free_text"] = JsonTexts(entry.free_text);
  return made;
}

void AddClaims(const record::Contribution& contribution, object& into) {
  if (!contribution.withdrawn_keys.empty()) {
    into["withdrawn"] = JsonTexts(contribution.withdrawn_keys);
  }
  if (!contribution.replaced_documents.empty()) {
    into["replaced_documents"] = JsonTexts(contribution.replaced_documents);
  }
  array snapshot;
  for (const record::Section section : contribution.snapshot_of) {
    snapshot.push_back(JsonText(record::KeyOf(section)));
  }
  if (!snapshot.empty()) into["snapshot_of"] = std::move(snapshot);
  Add(into, "statements", contribution.statements);
  if (contribution.encounter) into["encounter"] = Json(*contribution.encounter);
  Add(into, "preferences", contribution.preferences);
  if (contribution.location_protection) {
    into["location_protection"] = Word(kProtections, *contribution.location_protection);
  }
  if (contribution.merge) into["merge"] = Json(*contribution.merge);
  Add(into, "reviews", contribution.reviews);
}

}  // namespace milecastle::command
