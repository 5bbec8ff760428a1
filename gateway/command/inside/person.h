// The flags that say who a person is and why they are asked for, checked before anything is sent.
//
// Thread-safety: one thread. Failure: a Trouble that names the flag, never the value.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "arguments.h"
#include "milecastle/v1/consent.pb.h"
#include "milecastle/v1/view.pb.h"
#include "terminal.h"

namespace milecastle::command {

// Nothing where --nhs-number holds what can be one.
std::optional<Trouble> CheckNhsNumber(const std::string& text);

struct PersonFlags {
  std::string nhs_number;
  std::string birth_date;
  std::string family_name;
};
void AddPersonFlags(Command& command, PersonFlags& flags);
Answer<v1::PersonKey> PersonOf(const PersonFlags& flags);

// The person, the purpose and the rest of what a view is asked with.
struct ViewFlags {
  PersonFlags person;
  std::string purpose;
  std::string reason;
  std::string declare;
  std::string case_reference;
  std::vector<std::string> sections;
};
void AddViewFlags(Command& command, ViewFlags& flags);
// The same without sections.
void AddAskingFlags(Command& command, ViewFlags& flags);
Answer<v1::GetPatientViewRequest> ViewRequestOf(const ViewFlags& flags);

// "direct-care" … and "allergies" …: the words of policy and command line.
std::optional<v1::Purpose> PurposeOf(const std::string& word);
std::optional<v1::Section> SectionOf(const std::string& word);
std::string WordOf(v1::Purpose purpose);
std::string WordOf(v1::Section section);
std::vector<std::string> PurposeWords();
std::vector<std::string> SectionWords();

}  // namespace milecastle::command
