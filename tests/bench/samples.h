// Messages of the formats that are no HL7 v2, each of people whom no other message speaks of.
// Everybody is invented; their numbers stand in the 999 range.
//
// Thread-safety: pure. Failure: ends where a format has no name here.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "port/adapter.h"
#include "port/feed.h"

namespace milecastle::bench {

struct Format {
  std::string name;  // "stu3", "r4", "csv", "cda"
  std::string adapter;
  std::string organisation;
  std::size_t people;  // of whom one message speaks
  // `number` tells messages apart, and `who` is that message's own.
  std::string (*message)(std::size_t number, const std::vector<std::string>& who);
  std::unique_ptr<port::Adapter> (*make_adapter)();
};

const Format& FormatOf(const std::string& name);

// No two of them name one person.
std::vector<std::string> MessagesOf(const Format& format, std::size_t count);

std::shared_ptr<const port::Feed> FeedOf(const Format& format);

}  // namespace milecastle::bench
