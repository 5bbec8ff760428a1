#include <algorithm>
#include <memory>

#include "base/text.h"
#include "command/view_text.h"
#include "inside/ask.h"
#include "inside/person.h"
#include "inside/subcommands.h"

namespace milecastle::command {
namespace {

struct RecordFlags {
  PersonFlags person;
  std::string kind;
  std::string by;
  std::vector<std::string> sections;
  std::vector<std::string> sources;
  std::vector<std::string> consumers;
  std::vector<std::string> purposes;
  std::vector<std::string> labels;
  std::string team;
  std::string reason;
  std::string from;
  std::string until;
  bool informed = false;
  Connection connection;
};

// "CONSENT_KIND_SEAL_AND_LOCK" → "seal-and-lock".
std::string WordOf(std::string name, std::string_view prefix) {
  if (name.starts_with(prefix)) name.erase(0, prefix.size());
  for (char& c : name) {
    c = c == '_' ? '-' : base::Lower(c);
  }
  return name;
}
std::string WordOf(v1::ConsentKind kind) {
  return WordOf(v1::ConsentKind_Name(kind), "CONSENT_KIND_");
}
std::string WordOf(v1::ConsentBy by) { return WordOf(v1::ConsentBy_Name(by), "CONSENT_BY_"); }

template <class Enum>
std::vector<std::string> Words(int most) {
  std::vector<std::string> words;
  for (int i = 1; i <= most; ++i) words.push_back(WordOf(static_cast<Enum>(i)));
  return words;
}

// A person or a system records what a feed said; nobody claims to be one.
constexpr int kMostBy = v1::CONSENT_BY_SOMEONE_ELSE;

template <class Enum>
Enum ValueOf(const std::string& word, int most) {
  const auto words = Words<Enum>(most);
  const auto at = std::find(words.begin(), words.end(), word) - words.begin();
  return static_cast<Enum>(at + 1);
}

std::optional<Trouble> SetScope(const RecordFlags& flags, v1::ConsentScope& scope) {
  for (const std::string& word : flags.sections) {
    const auto section = SectionOf(word);
    if (!section) {
      return MisuseOf("--section", "there is no section '" + word + "'",
                      "write one of: " + Listed(SectionWords()));
    }
    scope.add_sections(*section);
  }
  for (const std::string& word : flags.purposes) {
    const auto purpose = PurposeOf(word);
    if (!purpose) {
      return MisuseOf("--for-purpose", "there is no such purpose",
                      "write one of: " + Listed(PurposeWords()));
    }
    scope.add_purposes(*purpose);
  }
  for (const std::string& source : flags.sources) scope.add_sources(source);
  for (const std::string& consumer : flags.consumers) scope.add_consumers(consumer);
  for (const std::string& label : flags.labels) scope.add_labels(label);
  return std::nullopt;
}

std::optional<Trouble> SetPeriod(const RecordFlags& flags, v1::Consent& consent) {
  const auto set = [](const char* flag, const std::string& text,
                      google::protobuf::Timestamp* into) -> std::optional<Trouble> {
    const auto at = TimestampOf(text);
    if (!at) {
      return MisuseOf(flag, "it is no date or time", "write YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ");
    }
    *into = *at;
    return std::nullopt;
  };
  if (!flags.from.empty()) {
    if (auto trouble = set("--from", flags.from, consent.mutable_from())) return trouble;
  }
  if (flags.until.empty()) return std::nullopt;
  return set("--until", flags.until, consent.mutable_until());
}

Answer<v1::RecordConsentRequest> RequestOf(const RecordFlags& flags) {
  const auto person = PersonOf(flags.person);
  if (const auto* trouble = std::get_if<Trouble>(&person)) return *trouble;
  v1::RecordConsentRequest request;
  *request.mutable_person() = std::get<0>(person);
  v1::Consent& consent = *request.mutable_consent();
  consent.set_kind(ValueOf<v1::ConsentKind>(flags.kind, v1::ConsentKind_MAX));
  consent.set_by(ValueOf<v1::ConsentBy>(flags.by, kMostBy));
  consent.set_team(flags.team);
  consent.set_reason_code(flags.reason);
  consent.set_informed(flags.informed);
  if (consent.kind() == v1::CONSENT_KIND_EMERGENCY_REFUSAL && !flags.informed) {
    return MisuseOf("--informed", "a refusal of emergency access holds only when it is informed",
                    "tell the person what follows, then add --informed");
  }
  if (auto trouble = SetScope(flags, *consent.mutable_scope())) return *trouble;
  if (auto trouble = SetPeriod(flags, consent)) return *trouble;
  return request;
}

void AddRecord(Command& consent) {
  const auto flags = std::make_shared<RecordFlags>();
  Command command = consent.Subcommand(
      "record",
      {"Record a choice of a person: an objection to sharing, a restriction of what the scope "
       "names, an explicit consent, an informed refusal of emergency access, a seal, or a hide "
       "rule. Within the scope every list that is empty means all.",
       kClientExits,
       "milecastle consent record --nhs-number 9990000018 --birth-date 1948-07-05 --family-name "
       "Hadrian --kind restriction --by person --section documents --consumer RYY --cert gp.pem "
       "--key gp.key --ca ca.pem --token gp.jwt"});
  AddPersonFlags(command, flags->person);
  command
      .Text("--kind KIND", flags->kind,
            "What is chosen: " + Listed(Words<v1::ConsentKind>(v1::ConsentKind_MAX)))
      .Required()
      .OneOf(Words<v1::ConsentKind>(v1::ConsentKind_MAX));
  command.Text("--by WHO", flags->by, "Who chose: " + Listed(Words<v1::ConsentBy>(kMostBy)))
      .Required()
      .OneOf(Words<v1::ConsentBy>(kMostBy));
  command.Texts("--section KEY", flags->sections, "Scope: this section; may be given again");
  command.Texts("--source ODS", flags->sources, "Scope: what this organisation contributed");
  command.Texts("--consumer ODS", flags->consumers, "Scope: requests of this organisation");
  command.Texts("--for-purpose P", flags->purposes, "Scope: requests for this purpose");
  command.Texts("--label LABEL", flags->labels, "Scope: what carries this sensitivity label");
  command.Text("--team TEAM", flags->team, "Seals: who may still see, ODS or ODS/TEAM");
  command.Text("--reason CODE", flags->reason, "Coded reason of the policy's list");
  command.Text("--from DATE", flags->from, "YYYY-MM-DD or a time with zone, UTC. Default: now");
  command.Text("--until DATE", flags->until, "As --from. Default: until it is withdrawn");
  command.Switch("--informed", flags->informed, "The person was told what follows");
  AddConnectionFlags(command, flags->connection);
  command.Runs([flags](Terminal& terminal) {
    return AskAndPrint<v1::RecordConsentResponse>(flags->connection, RequestOf(*flags), terminal,
                                                  [](const auto& response, std::ostream& out) {
                                                    out << "Recorded: consent "
                                                        << Printable(response.consent_id()) << "\n";
                                                    PrintReceipt(response.receipt(), out);
                                                  });
  });
}

// A request that is empty but for whom it is about.
template <class Request>
Answer<Request> RequestAbout(const PersonFlags& flags) {
  const auto person = PersonOf(flags);
  if (const auto* trouble = std::get_if<Trouble>(&person)) return *trouble;
  Request request;
  *request.mutable_person() = std::get<0>(person);
  return request;
}

struct WithdrawFlags {
  PersonFlags person;
  std::string consent_id;
  Connection connection;
};

void AddWithdraw(Command& consent) {
  const auto flags = std::make_shared<WithdrawFlags>();
  Command command = consent.Subcommand(
      "withdraw",
      {"Withdraw a choice that was recorded. It stays on record as withdrawn.", kClientExits,
       "milecastle consent withdraw --nhs-number 9990000018 --birth-date 1948-07-05 "
       "--family-name Hadrian --consent-id 019... --cert gp.pem --key gp.key --ca "
       "ca.pem --token gp.jwt"});
  AddPersonFlags(command, flags->person);
  command.Text("--consent-id ID", flags->consent_id, "As 'consent list' prints it").Required();
  AddConnectionFlags(command, flags->connection);
  command.Runs([flags](Terminal& terminal) {
    auto request = RequestAbout<v1::WithdrawConsentRequest>(flags->person);
    if (auto* made = std::get_if<v1::WithdrawConsentRequest>(&request)) {
      made->set_consent_id(flags->consent_id);
    }
    return AskAndPrint<v1::WithdrawConsentResponse>(flags->connection, request, terminal,
                                                    [](const auto& response, std::ostream& out) {
                                                      out << "Withdrawn.\n";
                                                      PrintReceipt(response.receipt(), out);
                                                    });
  });
}

void PrintScope(const v1::ConsentScope& scope, std::ostream& out) {
  const auto print = [&out](std::string_view name, const std::string& text) {
    out << "    " << name << " " << Printable(text) << "\n";
  };
  for (const int one : scope.sections())
    print("section", command::WordOf(static_cast<v1::Section>(one)));
  for (const int one : scope.purposes())
    print("purpose", command::WordOf(static_cast<v1::Purpose>(one)));
  for (const std::string& one : scope.sources()) print("source", one);
  for (const std::string& one : scope.consumers()) print("consumer", one);
  for (const std::string& one : scope.labels()) print("label", one);
}

void PrintConsent(const v1::Consent& consent, std::ostream& out) {
  out << Printable(consent.consent_id()) << "  " << WordOf(consent.kind()) << ", by "
      << WordOf(consent.by()) << (consent.has_withdrawn() ? ", WITHDRAWN" : "") << "\n";
  PrintScope(consent.scope(), out);
  if (!consent.team().empty()) out << "    team " << Printable(consent.team()) << "\n";
  if (consent.has_from()) out << "    from " << LondonTime(consent.from()) << "\n";
  if (consent.has_until()) out << "    until " << LondonTime(consent.until()) << "\n";
  if (consent.names_left_out()) {
    out << "    ! it names an organisation whose name is protected, too\n";
  }
  out << "    recorded " << LondonTime(consent.recorded());
  if (!consent.recorded_at().empty()) {
    out << " at " << Printable(consent.recorded_at()) << " by " << Printable(consent.recorded_by());
  }
  out << "\n";
  if (consent.has_withdrawn()) out << "    withdrawn " << LondonTime(consent.withdrawn()) << "\n";
}

void PrintConsents(const v1::ListConsentsResponse& response, std::ostream& out) {
  if (response.consents().empty()) out << "No choice is on record.\n";
  for (const v1::Consent& consent : response.consents()) PrintConsent(consent, out);
  PrintReceipt(response.receipt(), out);
}

struct ListFlags {
  PersonFlags person;
  Connection connection;
};

void AddList(Command& consent) {
  const auto flags = std::make_shared<ListFlags>();
  Command command = consent.Subcommand(
      "list", {"List a person's recorded choices, oldest first, withdrawn and ended ones too.",
               kClientExits,
               "milecastle consent list --nhs-number 9990000018 --birth-date 1948-07-05 "
               "--family-name Hadrian --cert gp.pem --key gp.key --ca ca.pem --token gp.jwt"});
  AddPersonFlags(command, flags->person);
  AddConnectionFlags(command, flags->connection);
  command.Runs([flags](Terminal& terminal) {
    const auto request = RequestAbout<v1::ListConsentsRequest>(flags->person);
    return AskAndPrint<v1::ListConsentsResponse>(flags->connection, request, terminal,
                                                 PrintConsents);
  });
}

}  // namespace

void AddConsent(Command root) {
  Command consent = root.Group("consent", "A person's choices: record, withdraw, list");
  AddRecord(consent);
  AddWithdraw(consent);
  AddList(consent);
}

}  // namespace milecastle::command
