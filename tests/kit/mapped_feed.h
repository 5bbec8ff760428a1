// A feed whose sender's own words are read by a mapping.
//
// Thread-safety: pure. Failure: the test's, where the mapping's file is wrong.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <utility>

#include "port/adapter.h"
#include "settings/mapping.h"

namespace milecastle::kit {

// A feed without a mapping where there is no such file.
inline port::Feed MappedFeed(const port::Adapter& adapter, const std::filesystem::path& mapping) {
  port::Feed feed;
  feed.name = "golden";
  if (!std::filesystem::exists(mapping)) return feed;
  auto loaded = settings::LoadMapping(mapping, adapter.mappable());
  EXPECT_TRUE(loaded.problems.empty()) << base::Describe(loaded.problems.front());
  if (loaded.mapping) feed.mapping = std::move(*loaded.mapping);
  return feed;
}

}  // namespace milecastle::kit
