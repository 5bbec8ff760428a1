// A contribution as stable text, for golden tests: one fact a line, nothing that is at its default.
#pragma once

#include <initializer_list>
#include <sstream>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "record/contribution.h"

namespace milecastle::kit {

class ContributionPrinter {
 public:
  static std::string Print(const record::Contribution& contribution) {
    ContributionPrinter printer;
    printer.Patient(contribution.patient);
    printer.Claims(contribution);
    for (const auto& statement : contribution.statements) printer.Statement(statement);
    for (const auto& draft : contribution.drafts) printer.Draft(draft);
    for (const auto& key : contribution.replaced_documents) printer.Heading("replaces " + key);
    for (const auto& key : contribution.withdrawn_keys) printer.Heading("withdrawn " + key);
    for (const auto& line : contribution.not_carried) {
      printer.Heading("not carried " + line.place + ": " + line.why);
    }
    return printer.out_.str();
  }

 private:
  using Names = std::initializer_list<std::string_view>;

  template <class Enum>
  static std::string Name(Names names,
                          Enum value) {  // names of the values from 0 or, with "" first, from 1
    const auto at = static_cast<std::size_t>(value);
    return at < names.size() ? std::string(*(names.begin() + at)) : "?";
  }

  void Heading(std::string_view text) { out_ << Escaped(text) << "\n"; }
  void Line(std::string_view name, std::string_view text) {
    if (!text.empty()) out_ << "  " << name << ": " << Escaped(text) << "\n";
  }
  void Line(std::string_view name, const std::optional<record::When>& when) {
    if (when) Line(name, Text(*when));
  }

  static std::string Escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
      if (c == '\n') {
        out += "\\n";
      } else if (c == '\r') {
        out += "\\r";
      } else if (c == '\t') {
        out += "\\t";
      } else {
        out += c;
      }
    }
    return out;
  }

  static std::string Text(const record::When& when) {
    return when.original + " = " + base::ToRfc3339(when.at) + ", " +
           Name({"", "year", "month", "day", "hour", "minute", "second", "fraction"},
                when.precision) +
           ", " +
           Name({"", "no zone", "stated zone", "London assumed", "London ambiguous",
                 "London skipped"},
                when.zone);
  }
  static std::string Text(const record::Coded& coded) {
    std::string text = coded.text.empty() ? "" : "\"" + coded.text + "\"";
    for (const auto& coding : coded.codings) {
      if (!text.empty()) text += " ";
      text += "[" + coding.system + "|" + coding.code +
              (coding.display.empty() ? "" : "|" + coding.display) + "]";
    }
    return text;
  }
  static std::string Joined(
      std::initializer_list<std::pair<std::string_view, std::string_view>> parts) {
    std::string text;
    for (const auto& [name, value] : parts) {
      if (value.empty()) continue;
      if (!text.empty()) text += ", ";
      text.append(name).append(name.empty() ? "" : " ").append(value);
    }
    return text;
  }
  static std::string Text(const record::Address& address) {
    std::string lines;
    for (const auto& line : address.lines) lines += (lines.empty() ? "" : " / ") + line;
    return Joined({{"", lines}, {"postcode", address.postcode}, {"use", address.use}});
  }
  static std::string Text(const record::Telecom& telecom) {
    return Joined({{"", telecom.system}, {"", telecom.value}, {"use", telecom.use}});
  }
  static std::string Text(const record::Performer& performer) {
    return Joined({{"", performer.name},
                   {"id", performer.identifier},
                   {"of", performer.identifier_system},
                   {"role", performer.role},
                   {"at", performer.organisation}});
  }
  static std::string Text(const record::PersonName& name) {
    return Joined({{"family", name.family},
                   {"given", name.given},
                   {"prefix", name.prefix},
                   {"suffix", name.suffix},
                   {"use", name.use}});
  }
  static std::string Text(const record::LocalIdentifier& identifier) {
    return Joined(
        {{"", identifier.value}, {"type", identifier.type}, {"of", identifier.authority}});
  }

  template <class T, class ToText>
  void UpdateLine(std::string_view name, const record::Update<T>& update, ToText to_text) {
    if (update.change == record::Update<T>::Change::kDelete) Line(name, "(delete)");
    if (update.change == record::Update<T>::Change::kSet) {
      const std::string text = to_text(update.value);
      Line(name, text.empty() ? "(set to nothing)" : text);
    }
  }
  template <class T>
  void UpdateLines(std::string_view name, const record::Update<std::vector<T>>& update) {
    if (update.change == record::Update<std::vector<T>>::Change::kDelete) Line(name, "(delete)");
    if (update.change != record::Update<std::vector<T>>::Change::kSet) return;
    if (update.value.empty()) Line(name, "(set to nothing)");
    for (const T& item : update.value) Line(name, Text(item));
  }

  void Patient(const record::PatientClaim& patient) {
    const auto same = [](const std::string& text) { return text; };
    Heading("patient");
    Line("nhs number", patient.nhs_number_as_sent);
    if (patient.tracing != record::Tracing::kUnstated) {
      Line("tracing", Name({"unstated", "verified", "not traced", "trace required", "no match",
                            "conflict", "in progress", "not required", "postponed"},
                           patient.tracing));
    }
    if (patient.pseudo_person) Line("pseudo person", "yes");
    for (const auto& identifier : patient.local_identifiers)
      Line("local identifier", Text(identifier));
    UpdateLines("name", patient.names);
    UpdateLine("birth date", patient.birth_date, [](const auto& date) { return date.ToString(); });
    UpdateLine("sex", patient.sex, same);
    UpdateLines("address", patient.addresses);
    UpdateLines("telecom", patient.telecoms);
    UpdateLine("language", patient.language, same);
    UpdateLine("ethnic category", patient.ethnic_category, same);
    UpdateLine("gp practice", patient.gp_practice, same);
    UpdateLine("gp", patient.gp, same);
    UpdateLine("died", patient.died, [](const auto& when) { return Text(when); });
    UpdateLine("deceased", patient.deceased,
               [](bool dead) { return std::string(dead ? "yes" : "no"); });
  }

  void Claims(const record::Contribution& from) {
    for (const record::Section section : from.snapshot_of) {
      Heading("snapshot of " + std::string(record::KeyOf(section)));
    }
    if (from.encounter) Encounter(*from.encounter);
    for (const auto& preference : from.preferences) {
      Heading("preference " +
              Name({"", "share detailed record", "summary care record"}, preference.kind) + ": " +
              Name({"", "consent", "dissent", "unknown", "ask each time", "unclear", "retracted"},
                   preference.answer) +
              " at " + preference.place);
      Line("said", preference.said);
      Line("by", Name({"", "", "person", "somebody else"}, preference.by));
      Line("key", preference.key);
    }
    if (from.location_protection) {
      Heading("location protection " +
              Name({"", "none", "local", "national"}, *from.location_protection));
    }
    if (from.merge) Merge(*from.merge);
    for (const auto& review : from.reviews) {
      Heading("review " +
              Name({"", "null on allergy", "null on alert", "null on objection",
                    "null on hiding flag", "null on nhs number", "patients linked",
                    "patients unlinked", "record deleted", "records moved"},
                   review.kind) +
              " at " + review.place);
    }
  }

  void Encounter(const record::EncounterClaim& encounter) {
    Heading("encounter claim " + encounter.number);
    Line("change", Name({"", "planned", "opened", "updated", "moved", "closed", "opening cancelled",
                         "move cancelled", "closing cancelled", "plan cancelled"},
                        encounter.change));
    Line("class", encounter.patient_class);
    Line("specialty", encounter.specialty);
    Line("location", encounter.location);
    Line("began", encounter.began);
    Line("ended", encounter.ended);
    Line("expected", encounter.expected);
    Line("former number", encounter.former_number);
  }

  void Merge(const record::MergeClaim& merge) {
    Heading("merge");
    Line("surviving nhs number", merge.surviving_nhs_number_as_sent);
    Line("discarded nhs number", merge.discarded_nhs_number_as_sent);
    for (const auto& identifier : merge.surviving) Line("surviving", Text(identifier));
    for (const auto& identifier : merge.discarded) Line("discarded", Text(identifier));
  }

  void Statement(const record::SectionStatement& statement) {
    Heading("statement on " + std::string(record::KeyOf(statement.section)) + ": " +
            Name({"", "none known", "nothing recorded", "confidential items", "data in transit",
                  "data awaiting filing", "unavailable", "lagging return"},
                 statement.saying));
    Line("when", statement.when);
    for (const auto& by : statement.by) Line("by", Text(by));
    Line("text", statement.text);
  }

  void Draft(const record::Draft& draft) {
    const record::Entry& entry = draft.entry;
    Heading("entry " + draft.source_key);
    Line("section", record::KeyOf(entry.section));
    Line("kind", Name({"", "allergy", "problem", "medication", "medication issue", "procedure",
                       "vaccination", "observation", "report", "specimen", "encounter", "referral",
                       "request", "document", "contact", "alert", "statement"},
                      entry.kind));
    Line("what", Text(entry.what));
    Line("status", Name({"", "", "active", "inactive", "resolved", "completed", "stopped",
                         "on hold", "planned", "cancelled"},
                        entry.status));
    Line("verification", Name({"", "", "confirmed", "suspected", "refuted", "entered in error"},
                              entry.verification));
    Line("subject", Name({"", "", "family", "carer", "other"}, entry.subject));
    Line("intent", Name({"", "", "done", "not done", "planned", "ordered"}, entry.intent));
    if (entry.negated) Line("negated", "yes");
    Line("status original", entry.status_original);
    Line("effective", entry.effective);
    Line("ended", entry.ended);
    Line("recorded", entry.recorded);
    if (entry.value) Value(*entry.value);
    for (const auto& detail : entry.details) {
      std::string text = detail.text;
      const std::string coded = Text(detail.coded);
      if (!coded.empty()) text += (text.empty() ? "" : " ") + coded;
      if (detail.when) text += (text.empty() ? "" : " ") + Text(*detail.when);
      Line("detail " + detail.name, text);
    }
    Line("source list", entry.source_list);
    Line("group", entry.group);
    for (const auto& link : entry.links) Line("link " + link.relation, link.key);
    if (entry.document) {
      Line("document", Joined({{"", entry.document->media_type},
                               {"title", entry.document->title},
                               {"bytes", std::to_string(entry.document->bytes.size())},
                               {"", entry.document->truncated ? "truncated" : ""}}));
    }
    Masked(entry);
    for (const auto& label : draft.source_labels) Line("source label", label);
  }

  void Masked(const record::Entry& entry) {
    for (const auto& address : entry.addresses) Line("address", Text(address));
    for (const auto& contact : entry.contacts) {
      Line("contact", Joined({{"", contact.name}, {"relationship", contact.relationship}}));
      for (const auto& address : contact.addresses) Line("contact address", Text(address));
      for (const auto& telecom : contact.telecoms) Line("contact telecom", Text(telecom));
    }
    Line("practice", entry.practice);
    for (const auto& performer : entry.performers) Line("performer", Text(performer));
    for (const auto& text : entry.free_text) Line("free text", text);
  }

  void Value(const record::Value& value) {
    Line("value", value.original);
    Line("value number", value.number);
    Line("value comparator", value.comparator);
    Line("value unit", value.unit);
    Line("value unit code", value.unit_code);
    Line("value range", value.reference_range);
    Line("value interpretation", value.interpretation);
    Line("value coded", Text(value.coded));
  }

  std::ostringstream out_;
};

inline std::string Print(const record::Contribution& contribution) {
  return ContributionPrinter::Print(contribution);
}

}  // namespace milecastle::kit
