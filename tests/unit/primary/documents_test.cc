// What a practice answers of its documents, and what is none of the answers that were asked for.
#include "primary/documents.h"

#include <gtest/gtest.h>

namespace milecastle::primary {
namespace {

constexpr std::size_t kLimit = 1 << 20;

std::string Binary(const std::string& id, const std::string& type, const std::string& content) {
  return R"({"resourceType":"Binary","id":")" + id + R"(","contentType":")" + type +
         R"(","content":")" + content + "\"}";
}

TEST(PracticeDocuments, ABinaryIsTheOneThatWasAskedForOrNone) {
  const auto document = BinaryIn(Binary("b-1", "text/plain", "aGVsbG8="), "b-1", kLimit);
  ASSERT_TRUE(document);
  EXPECT_EQ(document->bytes, "hello");
  EXPECT_EQ(document->media_type, "text/plain");
  EXPECT_FALSE(BinaryIn(Binary("b-2", "text/plain", "aGVsbG8="), "b-1", kLimit));
  EXPECT_FALSE(BinaryIn(Binary("", "text/plain", "aGVsbG8="), "b-1", kLimit));
  EXPECT_FALSE(BinaryIn(Binary("b-1", "text/plain", "!"), "b-1", kLimit));
  EXPECT_FALSE(BinaryIn(Binary("b-1", "text/plain", ""), "b-1", kLimit));
  EXPECT_FALSE(BinaryIn("hello", "b-1", kLimit));
  EXPECT_FALSE(
      BinaryIn(R"({"resourceType":"Patient","id":"b-1","content":"aGVsbG8="})", "b-1", kLimit));
  EXPECT_FALSE(BinaryIn(Binary("b-1", "text/plain", "aGVsbG8="), "b-1", 16));
}

TEST(PracticeDocuments, WhatCanRunIsBytesOfNoType) {
  const auto page = BinaryIn(Binary("b-1", "text/html", "PGh0bWw+"), "b-1", kLimit);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->media_type, "application/octet-stream");
}

std::string Searched(const std::string& entries, const std::string& more = "") {
  return R"({"resourceType":"Bundle","type":"searchset","entry":[)" + entries + "]" + more + "}";
}
std::string Patient(const std::string& id) {
  return R"({"resource":{"resourceType":"Patient","id":")" + id + "\"}}";
}

TEST(PracticeDocuments, AnIdIsToldOfOnePatientAlone) {
  EXPECT_EQ(SearchsetIn(Searched(Patient("p-1")), kLimit)->patient_id, "p-1");
  for (const std::string id : {"..", "a/b", "a?b", ""}) {
    EXPECT_EQ(SearchsetIn(Searched(Patient(id)), kLimit)->patient_id, "") << id;
  }
  const auto two = SearchsetIn(Searched(Patient("p-1") + "," + Patient("p-2")), kLimit);
  EXPECT_EQ(two->patients, 2U);
  EXPECT_EQ(two->patient_id, "");
  EXPECT_EQ(SearchsetIn(Searched(""), kLimit)->resources, 0U);
  EXPECT_FALSE(SearchsetIn(R"({"resourceType":"Bundle","type":"collection"})", kLimit));
  EXPECT_FALSE(SearchsetIn("<html>", kLimit));
}

TEST(PracticeDocuments, APageThatIsNotTheLastIsKnown) {
  const std::string next =
      R"(,"link":[{"relation":"self","url":"x"},{"relation":"next","url":"y"}])";
  EXPECT_TRUE(SearchsetIn(Searched(Patient("p-1"), next), kLimit)->has_next);
  EXPECT_FALSE(SearchsetIn(Searched(Patient("p-1")), kLimit)->has_next);
}

}  // namespace
}  // namespace milecastle::primary
