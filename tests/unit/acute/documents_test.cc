// Documents within results and letters (OBX-5 of type ED): what they are is said by their bytes
// (record/media.h).
#include <gtest/gtest.h>

#include <algorithm>

#include "acute/adapter.h"
#include "base/crypto.h"

namespace milecastle::acute {
namespace {

struct Taken {
  record::Document document;
  std::vector<std::string> listed;
};

Taken Take(const std::string& type, const std::string& subtype, const std::string& data) {
  const std::string message =
      "MSH|^~\\&|PAS|RXX|MC|ICS|20261122||MDM^T02|M77|P|2.5.1\r"
      "PID|1||A1^^^RXX^MR||FOLEY^ANN||19620713\rTXA|1|DS|AP|20261122||||||||D1|||||AU\r"
      "OBX|1|ED|^Letter||EDMS^" +
      type + "^" + subtype + "^Base64^" + data + "||||||F\r";
  const auto reading = MakeAdapter()->Read(message, {});
  Taken taken;
  if (!reading.patients.front()) {
    ADD_FAILURE() << base::Describe(reading.patients.front().error());
    return taken;
  }
  for (const auto& draft : reading.patients.front()->drafts) {
    if (draft.entry.document) taken.document = *draft.entry.document;
  }
  for (const auto& line : reading.patients.front()->not_carried) {
    taken.listed.push_back(line.place + ": " + line.why);
  }
  return taken;
}

bool IsListed(const Taken& taken) {
  return std::any_of(taken.listed.begin(), taken.listed.end(), [](const std::string& line) {
    return line.find("OBX") == 0 && line.find("another type than it says") != line.npos;
  });
}

TEST(AcuteDocuments, WhatCanRunIsHandedOnAsBytes) {
  for (const char* subtype : {"HTML", "XML"}) {
    const auto script = Take("TEXT", subtype, base::ToBase64("<script>1</script>"));
    EXPECT_EQ(script.document.media_type, "application/octet-stream");
    EXPECT_EQ(script.document.bytes, "<script>1</script>");
    EXPECT_TRUE(IsListed(script));
  }
  const auto plain = Take("TEXT", "PLAIN", base::ToBase64("Seen today."));
  EXPECT_EQ(plain.document.media_type, "text/plain");
  EXPECT_FALSE(IsListed(plain));
}

TEST(AcuteDocuments, WhatTheBytesBeginWithCounts) {
  const std::string pdf = base::ToBase64("%PDF-1.4\n%%EOF\n");
  EXPECT_EQ(Take("IM", "JPEG", pdf).document.media_type, "application/pdf");
  EXPECT_TRUE(IsListed(Take("IM", "JPEG", pdf)));
  EXPECT_EQ(Take("AP", "Octet-stream", pdf).document.media_type, "application/pdf");
  EXPECT_FALSE(IsListed(Take("AP", "PDF", pdf)));
}

TEST(AcuteDocuments, APdfWithoutItsEndSaysThatItWasCut) {
  EXPECT_TRUE(Take("AP", "PDF", base::ToBase64("%PDF-1.4\nhalf")).document.truncated);
  EXPECT_FALSE(Take("AP", "PDF", base::ToBase64("%PDF-1.4\n%%EOF\n")).document.truncated);
}

}  // namespace
}  // namespace milecastle::acute
