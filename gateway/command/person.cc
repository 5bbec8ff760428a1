#include "inside/person.h"

#include "record/identifiers.h"
#include "record/requester.h"
#include "record/sections.h"
#include "record/when.h"

namespace milecastle::command {
namespace {

// The contract numbers sections and purposes as the record does; a test holds them together.
template <class To, class From>
To Same(From value) {
  return static_cast<To>(static_cast<int>(value));
}

}  // namespace

std::optional<Trouble> CheckNhsNumber(const std::string& text) {
  switch (record::NhsNumber::FaultOf(text)) {
    case record::NhsNumber::Fault::kNone:
      return std::nullopt;
    case record::NhsNumber::Fault::kForm:
      return MisuseOf("--nhs-number", "an NHS number has ten digits",
                      "write the ten digits, with or without spaces");
    case record::NhsNumber::Fault::kCheckDigit:
      return MisuseOf(
          "--nhs-number", "its check digit is wrong",
          "compare it with where it comes from: a digit is mistyped or two are swapped");
    case record::NhsNumber::Fault::kPlaceholder:
      return MisuseOf("--nhs-number", "it is a placeholder and nobody's number",
                      "find the person's own NHS number");
  }
  return std::nullopt;
}

std::optional<v1::Purpose> PurposeOf(const std::string& word) {
  const auto purpose = record::PurposeOf(word);
  if (!purpose) return std::nullopt;
  return Same<v1::Purpose>(*purpose);
}

std::optional<v1::Section> SectionOf(const std::string& word) {
  const auto section = record::SectionOf(word);
  if (!section) return std::nullopt;
  return Same<v1::Section>(*section);
}

std::string WordOf(v1::Purpose purpose) {
  const bool known = v1::Purpose_IsValid(purpose) && purpose != v1::PURPOSE_UNSPECIFIED;
  return known ? std::string(record::KeyOf(Same<record::Purpose>(purpose))) : "unknown";
}

std::string WordOf(v1::Section section) {
  const bool known = v1::Section_IsValid(section) && section != v1::SECTION_UNSPECIFIED;
  return known ? std::string(record::KeyOf(Same<record::Section>(section))) : "unknown";
}

std::vector<std::string> PurposeWords() {
  std::vector<std::string> words;
  for (int i = v1::Purpose_MIN + 1; i <= v1::Purpose_MAX; ++i) {
    words.emplace_back(record::KeyOf(static_cast<record::Purpose>(i)));
  }
  return words;
}

std::vector<std::string> SectionWords() {
  std::vector<std::string> words;
  for (const record::SectionName& section : record::Sections()) words.emplace_back(section.key);
  return words;
}

void AddPersonFlags(Command& command, PersonFlags& flags) {
  command.Text("--nhs-number N", flags.nhs_number, "Ten digits; spaces are passed over").Required();
  command.Text("--birth-date YYYY-MM-DD", flags.birth_date, "Must be the recorded one").Required();
  command.Text("--family-name NAME", flags.family_name, "Another than the recorded one warns")
      .Required();
}

Answer<v1::PersonKey> PersonOf(const PersonFlags& flags) {
  if (auto trouble = CheckNhsNumber(flags.nhs_number)) return *trouble;
  const auto birth_date = record::BirthDate::Parse(flags.birth_date);
  if (!birth_date) {
    return MisuseOf("--birth-date", "it is no day of the calendar",
                    "write it as YYYY-MM-DD, as in 1948-07-05");
  }
  if (flags.family_name.empty()) {
    return MisuseOf("--family-name", "it is empty", "write the person's family name");
  }
  v1::PersonKey person;
  person.set_nhs_number(record::NhsNumber::Parse(flags.nhs_number)->digits());
  person.set_birth_date(birth_date->ToString());
  person.set_family_name(flags.family_name);
  return person;
}

void AddAskingFlags(Command& command, ViewFlags& flags) {
  AddPersonFlags(command, flags.person);
  command
      .Text("--purpose P", flags.purpose,
            "Why: " + Listed(PurposeWords()) + ". emergency breaks the glass and needs --reason")
      .Required();
  command.Text("--reason CODE", flags.reason,
               "Coded reason of the policy's list: for emergency, and to open what is sealed");
  command.Text("--declare CODE", flags.declare,
               "Declare a relationship that the gateway does not know, by a code of the policy's "
               "list; it is reviewed");
  command.Text("--case REFERENCE", flags.case_reference,
               "The case that a statutory purpose answers: an order of court, an investigation");
}

void AddViewFlags(Command& command, ViewFlags& flags) {
  AddAskingFlags(command, flags);
  command.Texts(
      "--section KEY", flags.sections,
      "Only this section; may be given again. Default: all. Keys: " + Listed(SectionWords()));
}

Answer<v1::GetPatientViewRequest> ViewRequestOf(const ViewFlags& flags) {
  const auto person = PersonOf(flags.person);
  if (const auto* trouble = std::get_if<Trouble>(&person)) return *trouble;
  const auto purpose = PurposeOf(flags.purpose);
  if (!purpose) {
    return MisuseOf("--purpose", "there is no such purpose",
                    "write one of: " + Listed(PurposeWords()));
  }
  if (*purpose == v1::PURPOSE_EMERGENCY && flags.reason.empty()) {
    return MisuseOf("--reason", "emergency access breaks the glass and needs a coded reason",
                    "add --reason with a code of the policy's list; it is told to the privacy "
                    "officer and reviewed");
  }
  v1::GetPatientViewRequest request;
  request.set_nhs_number(std::get<0>(person).nhs_number());
  request.set_birth_date(std::get<0>(person).birth_date());
  request.set_family_name(std::get<0>(person).family_name());
  request.set_purpose(*purpose);
  request.set_reason_code(flags.reason);
  request.set_declared_relationship(flags.declare);
  request.set_case_reference(flags.case_reference);
  for (const std::string& word : flags.sections) {
    const auto section = SectionOf(word);
    if (!section) {
      return MisuseOf("--section", "there is no section '" + word + "'",
                      "write one of: " + Listed(SectionWords()));
    }
    request.add_sections(*section);
  }
  return request;
}

}  // namespace milecastle::command
