// The name of a document that its source keeps: out of an address, and never a way out of a path.
#include "record/document_id.h"

#include <gtest/gtest.h>

#include <string>

namespace milecastle::record {
namespace {

TEST(DocumentId, IsWhatStandsBehindBinaryWhereverTheAddressPoints) {
  EXPECT_EQ(DocumentIdOf("https://gp.example/Z99001/STU3/1/documents/Binary/07a6-4."), "07a6-4.");
  EXPECT_EQ(DocumentIdOf("http://somebody.else:1/Binary/1"), "1");
  EXPECT_EQ(DocumentIdOf("Binary/1/_history/2"), "1");
  EXPECT_EQ(DocumentIdOf("Binary/" + std::string(64, 'C')), std::string(64, 'C'));
}

TEST(DocumentId, OfAnyOtherAddressThereIsNone) {
  for (const std::string address :
       {"", "https://gp.example/letter.pdf", "Binary/", "Binary/..", "Binary/.", "Binary/a/b",
        "Binary/1?x=Binary", "Binary/1#Binary/", "NotBinary/1", "Binary/%2e%2e", "Binary/a b",
        "Binary/a\r\nSsp-To: 1", "urn:uuid:1"}) {
    EXPECT_EQ(DocumentIdOf(address), "") << address;
  }
  EXPECT_EQ(DocumentIdOf("Binary/" + std::string(65, 'C')), "");
}

TEST(DocumentId, ASizeThatIsNoNumberIsNone) {
  Entry entry;
  EXPECT_EQ(DocumentSizeOf(entry), std::nullopt);
  entry.details = {{.name = std::string(kDocumentSize), .text = "12x"}};
  EXPECT_EQ(DocumentSizeOf(entry), std::nullopt);
  entry.details[0].text = "18446744073709551616";
  EXPECT_EQ(DocumentSizeOf(entry), std::nullopt);
  entry.details[0].text = "12";
  EXPECT_EQ(DocumentSizeOf(entry), 12U);
}

}  // namespace
}  // namespace milecastle::record
