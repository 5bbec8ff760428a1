// Rows of a charity's sheet for the tests of third_sector, and what they become.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "third_sector/adapter.h"

namespace milecastle::third_sector {

using Row = std::map<std::string, std::string>;

// What is not said is of a contact with H-17.
inline std::string CellOf(const Row& row, const std::string& field) {
  static const Row kUsual = {{"NHS number", "9990000018"},    {"Local id", "H-17"},
                             {"Family name", "Hadrian"},      {"Given names", "Aelia"},
                             {"Date of birth", "1962-07-13"}, {"Record type", "Contact"},
                             {"Date", "2026-11-05"}};
  if (const auto said = row.find(field); said != row.end()) return said->second;
  const auto usual = kUsual.find(field);
  return usual == kUsual.end() ? "" : usual->second;
}

inline std::string SheetOf(const std::vector<Row>& rows) {
  const std::vector<std::string> header = {"NHS number",
                                           "Local id",
                                           "Family name",
                                           "Given names",
                                           "Date of birth",
                                           "Record type",
                                           "Date",
                                           "Reference",
                                           "Status",
                                           "End date",
                                           "What",
                                           "Details",
                                           "Referred by",
                                           "Risk to worker",
                                           "Risk to worker ended",
                                           "Safeguarding concern",
                                           "Consent to share",
                                           "Consent date",
                                           "Confidential",
                                           "Address confidential",
                                           "Outcome"};
  std::string text;
  for (const std::string& field : header) text += (text.empty() ? "" : ",") + field;
  for (const Row& row : rows) {
    std::string line;
    for (const std::string& field : header) {
      line += (&field == &header.front() ? "" : ",") + CellOf(row, field);
    }
    text += "\n" + line;
  }
  return text + "\n";
}

inline port::Feed Hearth() {
  port::Feed feed;
  feed.organisations = {*record::OdsCode::Parse("LOCALHEARTH")};
  return feed;
}

inline port::Reading Read(const std::vector<Row>& rows) {
  return MakeAdapter()->Read(SheetOf(rows), Hearth());
}

inline record::Contribution Only(const std::vector<Row>& rows) {
  auto reading = Read(rows);
  EXPECT_EQ(reading.patients.size(), 1U);
  if (!reading.patients.front()) {
    ADD_FAILURE() << base::Describe(reading.patients.front().error());
    return {};
  }
  return *reading.patients.front();
}

inline std::vector<record::Entry> In(const record::Contribution& contribution,
                                     record::Section section) {
  std::vector<record::Entry> entries;
  for (const record::Draft& draft : contribution.drafts) {
    if (draft.entry.section == section) entries.push_back(draft.entry);
  }
  return entries;
}

inline std::string RefusalOf(const Row& row) {
  const auto reading = Read({row});
  return reading.patients.front() ? "taken" : base::Describe(reading.patients.front().error());
}

}  // namespace milecastle::third_sector
