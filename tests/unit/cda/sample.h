// Small documents, and what the adapter makes of them.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "community/adapter.h"

namespace milecastle::cda {

inline constexpr std::string_view kTarget =
    R"(<recordTarget><patientRole><id root="2.16.840.1.113883.2.1.4.1" extension="9990000018"/>)"
    R"(</patientRole></recordTarget>)";

struct Sample {
  std::string header = R"(<id root="AA01"/>)";
  std::string target{kTarget};
  std::string body;  // what stands in structuredBody

  std::string Text() const {
    return R"(<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:sdtc="urn:hl7-org:sdtc" )"
           R"(xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">)" +
           header + target + "<component><structuredBody>" + body +
           "</structuredBody></component></ClinicalDocument>";
  }
};

inline port::Reading ReadAll(std::string_view text) {
  return community::MakeAdapter()->Read(text, port::Feed{});
}

inline record::Contribution Read(const Sample& sample) {
  const auto reading = ReadAll(sample.Text());
  const auto& patient = reading.patients.front();
  EXPECT_TRUE(patient.has_value()) << base::Describe(patient.error());
  return patient ? *patient : record::Contribution{};
}

inline base::Error ErrorOf(std::string_view text) {
  const auto reading = ReadAll(text);
  EXPECT_FALSE(reading.patients.front().has_value());
  return reading.patients.front() ? base::Error{} : reading.patients.front().error();
}

inline std::string InSection(std::string_view code, std::string_view inside) {
  return R"(<component><section><code code=")" + std::string(code) +
         R"(" codeSystem="2.16.840.1.113883.6.1"/><title>A section</title><text>Words.</text>)" +
         std::string(inside) + "</section></component>";
}

// The entries that are neither the document nor the narrative of a section.
inline std::vector<record::Entry> Coded(const record::Contribution& contribution) {
  std::vector<record::Entry> out;
  for (const auto& draft : contribution.drafts) {
    const bool narrative =
        !draft.entry.free_text.empty() && draft.entry.kind == record::Kind::kStatement;
    if (draft.entry.kind != record::Kind::kDocument && !narrative) out.push_back(draft.entry);
  }
  return out;
}

inline std::string NarrativeOf(const record::Contribution& contribution) {
  for (const auto& draft : contribution.drafts) {
    if (!draft.entry.free_text.empty()) return draft.entry.free_text.front();
  }
  return "";
}

inline std::string Narrative(std::string_view text) {
  return NarrativeOf(Read({.body = "<component><section><title>T</title><text>" +
                                   std::string(text) + "</text></section></component>"}));
}

inline const record::Entry* DocumentOf(const record::Contribution& contribution) {
  for (const auto& draft : contribution.drafts) {
    if (draft.entry.document) return &draft.entry;
  }
  return nullptr;
}

inline std::string Observation(std::string_view attributes, std::string_view inside = "") {
  return "<observation " + std::string(attributes) +
         R"(><code code="55607006" codeSystem="2.16.840.1.113883.6.96"/>)" + std::string(inside) +
         R"(<value xsi:type="CD" code="99990001" codeSystem="2.16.840.1.113883.6.96")"
         R"( displayName="Imagined disease"/></observation>)";
}
inline std::string Problem(std::string_view attributes, std::string_view inside = "") {
  return "<entry>" + Observation(attributes, inside) + "</entry>";
}

}  // namespace milecastle::cda
