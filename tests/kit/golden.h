// The cases of tests/golden: a file that is read, and beside it the text that it must become.
// Adding a case is adding the two files; MILECASTLE_GOLDEN_UPDATE=1 writes the second, to be read
// before it is kept.
//
// Thread-safety: none. Failure: the test's.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/config.h"

namespace milecastle::kit {

inline std::filesystem::path SourceFolder(std::string_view folder) {
  return std::filesystem::path(MILECASTLE_SOURCE_DIR) / folder;
}

// The files of tests/golden/FOLDER with one of the extensions, by name.
inline std::vector<std::filesystem::path> GoldenCases(
    std::string_view folder, std::initializer_list<std::string_view> extensions) {
  std::vector<std::filesystem::path> cases;
  for (const auto& file :
       std::filesystem::directory_iterator(SourceFolder("tests/golden") / folder)) {
    const bool is_case = std::find(extensions.begin(), extensions.end(),
                                   file.path().extension().string()) != extensions.end();
    if (is_case) cases.push_back(file.path());
  }
  std::sort(cases.begin(), cases.end());
  return cases;
}

inline std::string GoldenInput(const std::filesystem::path& file) {
  const auto bytes = base::ReadFile(file);
  EXPECT_TRUE(bytes) << file;
  return bytes ? *bytes : "";
}

// `actual` is what stands in the file of the same name and this extension.
inline void ExpectBeside(std::filesystem::path file, std::string_view extension,
                         const std::string& actual) {
  file.replace_extension(extension);
  if (std::getenv("MILECASTLE_GOLDEN_UPDATE") != nullptr) {
    std::ofstream(file, std::ios::binary) << actual;
  }
  const auto expected = base::ReadFile(file);
  ASSERT_TRUE(expected) << "MILECASTLE_GOLDEN_UPDATE=1 writes " << file;
  EXPECT_EQ(actual, *expected) << file;
}

inline std::string CaseName(const testing::TestParamInfo<std::filesystem::path>& info) {
  std::string name = info.param.stem();
  std::replace_if(
      name.begin(), name.end(),
      [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  return name;
}

}  // namespace milecastle::kit
