#include "inside/words.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "inside/terminal.h"

namespace milecastle::command {
namespace {

constexpr auto kWords = std::to_array<std::pair<std::string_view, std::string_view>>({
    // What waits in the queues.
    {"awaiting_identity", "a message waits until it is known whose it is"},
    {"merge_review", "after a merge or its undoing: see whose is whose, and whose choices hold"},
    {"protected_identity", "kept apart by law or for protection: link it with nobody"},
    {"null_review", "a source would delete, link or move what is never changed unseen"},
    {"conflicting_duplicate", "two messages of one control id say different things"},
    {"break_glass_review", "an access to look at"},
    {"self_declared_review", "an access on a relationship that the user declared, to look at"},
    {"patient_notice", "whether to tell the person of an access"},
    {"choice_review",
     "a choice on somebody else's word, or not plain: ask the person, and record theirs"},
    {"unread_patient", "one patient of several in a message could not be read"},
    {"sever_review", "a severing that a second person confirms or undoes"},
    {"match_review", "somebody without an NHS number may be a person who is known"},
    // Why.
    {"demographics_disagree", "names or birth date are not those held under the number"},
    {"demographics_missing", "too little is said to know that it is the number's person"},
    {"number_differs", "the source knew its patient by another NHS number"},
    {"local_identifiers_disagree", "its local numbers belong to different patients"},
    {"no_identifier", "it names nobody by any number"},
    {"behind_another", "an earlier message of the same patient waits"},
    {"merge_of_two_numbers", "a merge of two NHS numbers whose demographics do not agree"},
    {"same_control_id", "an earlier message had its control id"},
    {"null_on_allergy", "it would delete an allergy"},
    {"null_on_alert", "it would delete an alert"},
    {"null_on_objection", "it would delete an objection"},
    {"allergy_withdrawn", "it took back an allergy, which is shown no more: ask whether it holds"},
    {"alert_withdrawn", "it took back an alert, which is shown no more: ask whether it holds"},
    {"allergy_changed",
     "it put another thing in the place of an allergy, which is shown no more: ask whether it "
     "holds"},
    {"alert_changed",
     "it put another thing in the place of an alert, which is shown no more: ask whether it holds"},
    {"version_doubtful",
     "by its number it is an older version, and by its time or the size of that number perhaps the "
     "newest: it is kept as history, and what stands may be out of date"},
    {"null_on_hiding_flag", "it would delete the protection of where the person is"},
    {"null_on_nhs_number", "it would delete an NHS number"},
    {"patients_linked", "a source linked two of its patients, who may or may not be one"},
    {"patients_unlinked", "a source undid a link of two of its patients"},
    {"record_deleted", "a source deleted its patient, or a visit: what it sent is still shown"},
    {"records_moved", "a source moved a part of a record to another patient: see whose it is"},
    {"merge", "a source merged two of its patients"},
    {"settle", "an officer moved a patient to another person"},
    {"unlink", "an officer took a patient out of a person"},
    {"severed", "an officer severed the person"},
    {"objection_by_someone_else", "somebody else objected for the person"},
    {"restriction_by_someone_else", "somebody else restricted for the person"},
    {"unclear_choice",
     "a source says that sharing was refused, and not plainly what: record the person's own word "
     "before you close this, which shows what the source sent"},
    {"refusal_of_another_system",
     "one system of a source says that the person agrees, and what another of its systems refused "
     "stands: ask the person, and withdraw the refusal if they do agree"},
    {"protection_of_another_record",
     "one record of a source says that where the person is needs no protection, and what another "
     "record or system of it protects stays so: ask the source"},
    {"break_glass", "emergency access"},
    {"seal_opened", "a seal was opened"},
    {"self_declared", "the user declared a relationship"},
    {"reviewed_purpose", "each use for this purpose is looked at"},
    // Why a notice to the person waits.
    {"location_protection", "where the person is, is protected"},
    {"location_unchecked", "whether where the person is must be protected is not known"},
    {"proxy", "somebody else speaks for the person"},
    {"child", "the person is a child"},
    {"age_unknown", "the person may be a child"},
    {"safeguarding", "the record speaks of safeguarding"},
    {"domestic_abuse", "the record speaks of domestic abuse"},
    {"third_party", "the record speaks of somebody else"},
    {"serious_harm", "knowing could do the person serious harm"},
    // What to look at before a merge review is closed.
    {"location_protection_differs",
     "one of these records is location-protected and another is not: closing this shows where the "
     "person is, where its own sources said last that they need not be protected"},
    {"location_protected",
     "one of these records is location-protected: see that each that must be is, by a word of its "
     "own source, before you close this"},
    // How an NHS number was traced.
    {"unstated", "its source does not say whether it was traced"},
    {"verified", "traced and verified"},
    {"not_traced", "not traced"},
    {"trace_required", "still to be traced"},
    {"no_match", "traced without a match"},
    {"conflict", "traced with more than one match"},
    {"in_progress", "being traced"},
    {"not_required", "not to be traced"},
    {"postponed", "tracing was put off"},
    // Why a link was made.
    {"first_sighting", "first seen"},
    {"nhs_number_agrees", "its NHS number and demographics agree"},
    {"officer_link", "an officer linked it"},
    {"traced_certain", "the trace found one person, and them alone, with all that is known"},
    {"traced_possible", "the trace found who they may be"},
    {"number_traced_by_another",
     "another source traced their NHS number, and has them born on another day"},
    {"too_many_alike", "the trace found more people alike than it looks at"},
    {"officer_unlink", "an officer unlinked it"},
});

}  // namespace

std::string WordsOf(const std::string& code) {
  const auto* const line = std::find_if(kWords.begin(), kWords.end(),
                                        [&](const auto& each) { return each.first == code; });
  return line == kWords.end() ? Printable(code) : std::string(line->second);
}

std::string Worded(const std::string& code) {
  const std::string words = WordsOf(code);
  return words == code ? words : code + ": " + words;
}

std::string Spaced(const std::string& key) {
  std::string words = Printable(key);
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

}  // namespace milecastle::command
