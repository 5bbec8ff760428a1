// What an adapter made of a file, as text for golden tests.
//
// Thread-safety: pure. Failure: none; a refusal is text too.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "kit/print.h"
#include "port/adapter.h"

namespace milecastle::kit {

// How the text of a message begins: a line for each part of its envelope, or one for all.
enum class Head { kLines, kOneLine };

inline std::string Describe(const port::Envelope& envelope, Head head) {
  if (head == Head::kOneLine) {
    return "message " + envelope.control_id + ": " + envelope.event + " from " + envelope.sender +
           "\n";
  }
  const std::string sent = envelope.sent ? "sent " + envelope.sent->original + "\n" : "";
  return "event " + envelope.event + "\ncontrol id " + envelope.control_id + "\nsender " +
         envelope.sender + "\n" + sent;
}

inline std::string Describe(const base::Result<record::Contribution>& patient) {
  return patient ? Print(*patient) : "refused " + base::Describe(patient.error()) + "\n";
}

inline std::string Describe(const port::Reading& reading, Head head = Head::kLines) {
  std::string text = Describe(reading.envelope, head);
  std::size_t number = 0;
  for (const auto& patient : reading.patients) {
    if (reading.patients.size() > 1) text += "--- patient " + std::to_string(++number) + "\n";
    text += Describe(patient);
  }
  return text;
}

// Each message of a file.
inline std::string Describe(const port::Adapter& adapter, std::string_view file,
                            const port::Feed& feed = {}, Head head = Head::kLines) {
  std::string text;
  for (const std::string& message : adapter.Split(file, feed)) {
    if (!text.empty()) text += "\n";
    text += Describe(adapter.Read(message, feed), head);
  }
  return text;
}

// What is carried of each patient, whoever comes first; places are left out, for they count.
inline std::vector<std::string> CarriedInAnyOrder(port::Reading reading) {
  std::vector<std::string> carried;
  for (auto& patient : reading.patients) {
    if (!patient) {
      carried.emplace_back(base::LineOf(patient.error().id).name);
      continue;
    }
    patient->not_carried.clear();
    auto& preferences = patient->preferences;
    for (auto& preference : preferences) preference.place.clear();
    std::stable_sort(preferences.begin(), preferences.end(),
                     [](const auto& one, const auto& other) { return one.key < other.key; });
    carried.push_back(Print(*patient));
  }
  std::sort(carried.begin(), carried.end());
  return carried;
}

inline std::size_t LinesNotCarried(const port::Reading& reading) {
  std::size_t lines = 0;
  for (const auto& patient : reading.patients) {
    if (patient) lines += patient->not_carried.size();
  }
  return lines;
}

}  // namespace milecastle::kit
