// Public suites of broken and odd JSON that nobody here wrote; skipped where they are not at hand.
#include <gtest/gtest.h>

#include <filesystem>

#include "base/config.h"
#include "fhir/document.h"

namespace milecastle::fhir {
namespace {

namespace fs = std::filesystem;

TEST(PublicJsonSuites, WhatMustParseParsesAndWhatMustNotIsRefused) {
  const fs::path root = fs::path(MILECASTLE_SOURCE_DIR) / "../shared/testdata/hostile-json";
  if (!fs::exists(root)) GTEST_SKIP() << "no ../shared/testdata here";
  for (const auto& file : fs::recursive_directory_iterator(root)) {
    if (!file.is_regular_file()) continue;
    const std::string name = file.path().filename();
    const auto document = Document::Parse(base::ReadFile(file.path()).value());
    // RFC 8259 lets names repeat; a clinical document may not.
    const bool repeats = name.starts_with("y_object_duplicated_key");
    if (name.starts_with("y_")) {
      EXPECT_EQ(document.has_value(), !repeats) << name;
    }
    if (name.starts_with("n_")) {
      EXPECT_FALSE(document.has_value()) << name;
    }
  }
}

}  // namespace
}  // namespace milecastle::fhir
