// Any bytes through an adapter: an outcome for each patient, and the same one twice.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "port/adapter.h"

inline int ReadTwice(const milecastle::port::Adapter& adapter, const std::uint8_t* data,
                     std::size_t size) {
  static const milecastle::port::Feed feed;
  const std::string_view message(reinterpret_cast<const char*>(data), size);
  const auto first = adapter.Read(message, feed);
  const auto second = adapter.Read(message, feed);
  if (first.patients.size() != second.patients.size()) std::abort();
  for (std::size_t i = 0; i < first.patients.size(); ++i) {
    const auto& one = first.patients[i];
    const auto& other = second.patients[i];
    if (one.has_value() != other.has_value()) std::abort();
    if (one && !(*one == *other)) std::abort();
  }
  return 0;
}
