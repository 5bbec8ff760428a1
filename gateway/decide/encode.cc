#include "inside/encode.h"

#include <algorithm>
#include <array>

#include "base/json_writer.h"

namespace milecastle::decide {
namespace {

using base::JsonWriter;

constexpr std::array kMaskFields = {
    MaskField::kAddresses, MaskField::kContacts,  MaskField::kPractice, MaskField::kPerformers,
    MaskField::kFreeText,  MaskField::kDocuments, MaskField::kSource};

void WriteRequester(JsonWriter& writer, const record::Requester& requester) {
  writer.Key("requester").Open('{');
  writer.Key("organisation")
      .Word(requester.organisation ? requester.organisation->text() : std::string());
  writer.Key("system").Text(requester.system);
  writer.Key("user").Text(requester.user);
  writer.Key("issuer").Text(requester.issuer);
  writer.Key("roles").Texts(requester.roles);
  writer.Key("team").Text(requester.team);
  writer.Key("assurance").Number(requester.assurance);
  writer.Key("token").Text(requester.token_id);
  writer.Close('}');
}

void WriteRequest(JsonWriter& writer, const Request& request) {
  writer.Key("request").Open('{');
  WriteRequester(writer, request.requester);
  writer.Key("purpose").Word(record::KeyOf(request.purpose));
  writer.Key("reason_code").Text(request.reason_code);
  writer.Key("case_reference").Text(request.case_reference);
  writer.Key("self_declared")
      .Text(request.self_declaration ? request.self_declaration->reason_code : std::string());
  writer.Key("sections").Open('[');
  for (const record::Section section : request.sections) writer.Word(record::KeyOf(section));
  writer.Close(']');
  writer.Key("match").Word(KeyOf(request.match));
  writer.Key("nhs_number").Word(request.nhs_number ? request.nhs_number->digits() : std::string());
  writer.Close('}');
}

void WriteEvidence(JsonWriter& writer, const Decision& decision) {
  writer.Key("evidence").Open('[');
  for (const UsedEvidence& each : decision.evidence()) {
    writer.Open('{').Key("kind").Word(record::KeyOf(each.kind));
    writer.Key("fact").Word(each.fact ? each.fact->ToString() : std::string());
    writer.Key("organisation").Text(each.organisation).Close('}');
  }
  writer.Close(']');
}

void WriteConsents(JsonWriter& writer, const Decision& decision) {
  writer.Key("consents_as_of").Time(decision.consents_as_of());
  writer.Key("consents").Open('[');
  for (const ConsentUse& each : decision.consents()) {
    writer.Open('{').Key("fact").Word(each.fact.ToString());
    writer.Key("kind").Word(record::KeyOf(each.kind));
    writer.Key("bound").Flag(each.bound);
    writer.Key("why").Text(each.why).Close('}');
  }
  writer.Close(']');
}

void WriteVerdict(JsonWriter& writer, const Decision& decision, const Verdict& verdict) {
  writer.Open('{').Key("outcome").Word(KeyOf(verdict.outcome));
  writer.Key("mask").Open('[');
  for (const MaskField field : kMaskFields) {
    if (verdict.mask.Has(field)) writer.Word(KeyOf(field));
  }
  writer.Close(']');
  writer.Key("reason").Word(KeyOf(verdict.reason));
  writer.Key("rule").Text(decision.RuleText(verdict));
  writer.Key("not_before").Time(verdict.not_before).Close('}');
}

// The different verdicts of a decision, in the order of their first use.
class VerdictList {
 public:
  std::size_t IndexOf(const Verdict& verdict) {
    // What stands side by side is mostly judged alike.
    if (last_ < verdicts_.size() && verdicts_[last_] == verdict) return last_;
    return last_ = Search(verdict);
  }
  const std::vector<Verdict>& all() const { return verdicts_; }

 private:
  std::size_t Search(const Verdict& verdict) {
    // Most differ in their rule.
    const auto found = std::find_if(
        verdicts_.begin(), verdicts_.end(),
        [&verdict](const Verdict& each) { return each.rule == verdict.rule && each == verdict; });
    if (found != verdicts_.end()) return static_cast<std::size_t>(found - verdicts_.begin());
    verdicts_.push_back(verdict);
    return verdicts_.size() - 1;
  }
  std::vector<Verdict> verdicts_;
  std::size_t last_ = 0;
};

void WriteClasses(JsonWriter& writer, const Decision& decision, VerdictList& verdicts) {
  writer.Key("classes").Open('[');
  for (const auto& each : decision.classes()) {
    const record::EntryClass& of = each.entry_class;
    writer.Open('[').Word(of.source.text()).Word(record::KeyOf(of.section));
    writer.Number(static_cast<unsigned>(of.kind)).Number(static_cast<unsigned>(of.standing));
    writer.Number(static_cast<unsigned>(of.verification)).Texts(of.labels);
    writer.Number(verdicts.IndexOf(each.verdict)).Close(']');
  }
  writer.Close(']');
}

void WriteLines(JsonWriter& writer, const Decision& decision, VerdictList& verdicts) {
  writer.Key("lines").Open('{');
  for (const auto& each : decision.source_lines()) {
    writer.Key(each.source.text()).Open('[');
    const Decision::LineGroup* group = nullptr;
    std::size_t verdict = 0;
    for (const auto& name : record::Sections()) {
      // Sections side by side are mostly judged alike.
      if (group == nullptr || !group->sections.Has(name.section)) {
        group = &each.Of(name.section);
        verdict = verdicts.IndexOf(group->verdict);
      }
      writer.Number(verdict);
    }
    writer.Close(']');
  }
  writer.Close('}');
}

void WriteItems(JsonWriter& writer, const Decision& decision) {
  VerdictList verdicts;
  WriteClasses(writer, decision, verdicts);
  WriteLines(writer, decision, verdicts);
  writer.Key("unspoken").Open('[');
  for (const record::OdsCode& each : decision.unspoken()) writer.Word(each.text());
  writer.Close(']');
  writer.Key("untraced").Open('{');
  for (const record::OdsCode& each : decision.untraced()) {
    writer.Key(each.text()).Word(decision.ShowsUntraced(each) ? "show" : "withhold");
  }
  writer.Close('}');
  writer.Key("verdicts").Open('[');
  for (const Verdict& each : verdicts.all()) WriteVerdict(writer, decision, each);
  writer.Close(']');
}

void WriteDuties(JsonWriter& writer, const Decision& decision) {
  writer.Key("duties").Open('[');
  for (const Duty& each : decision.duties()) {
    writer.Open('{').Key("kind").Word(KeyOf(each.kind)).Key("cause").Text(each.cause);
    writer.Key("organisation").Word(each.organisation ? each.organisation->text() : std::string());
    writer.Key("by").Time(each.by).Key("held_for").Texts(each.held_for).Close('}');
  }
  writer.Close(']');
}

std::size_t MostlyOf(const Decision& decision) {
  constexpr std::size_t kHead = 2048;
  constexpr std::size_t kOfAClass = 64;
  constexpr std::size_t kOfASource = 128;
  return kHead + decision.classes().size() * kOfAClass +
         decision.source_lines().size() * kOfASource;
}

}  // namespace

std::string EncodeDecision(const Decision& decision) {
  JsonWriter writer(MostlyOf(decision));
  writer.Open('{').Key("format").Number(1);
  writer.Key("policy").Word(decision.policy_version());
  writer.Key("decided_at").Time(decision.decided_at());
  WriteRequest(writer, decision.request());
  writer.Key("permitted").Flag(decision.permitted());
  writer.Key("reason").Word(KeyOf(decision.reason()));
  writer.Key("rule").Text(decision.rule());
  writer.Key("told").Word(KeyOf(decision.ReasonForReader()));
  writer.Key("relationship").Flag(decision.has_relationship());
  WriteEvidence(writer, decision);
  WriteConsents(writer, decision);
  writer.Key("location").Word(KeyOf(decision.location()));
  writer.Key("location_as_of").Time(decision.location_as_of());
  WriteItems(writer, decision);
  WriteDuties(writer, decision);
  writer.Close('}');
  return std::move(writer).Take();
}

}  // namespace milecastle::decide
