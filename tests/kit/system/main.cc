// Writes a made-up integrated care system into a folder: its configuration, on which the gateway
// starts, all that its organisations send, and the truth about it. The same seed and size write the
// same bytes.
//
//   system --seed 1 --patients 50000 --out FOLDER [--config FOLDER]
//
// Failure: 2 for words that cannot be, 1 where a file could not be written.
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>

#include "kit/system/configuration.h"
#include "kit/system/outbox.h"
#include "kit/system/sectors.h"
#include "kit/system/town.h"

namespace milecastle::kit {
namespace {

constexpr std::size_t kMost = 500'000;

// Of all words that come in pairs, "--NAME VALUE"; empty where they do not.
std::map<std::string, std::string> Flags(int count, char** words) {
  std::map<std::string, std::string> flags = {{"--seed", "1"},
                                              {"--patients", "300"},
                                              {"--config", MILECASTLE_SOURCE_DIR "/config"},
                                              {"--out", ""}};
  for (int at = 1; at + 1 < count; at += 2) {
    if (!flags.contains(words[at])) return {};
    flags[words[at]] = words[at + 1];
  }
  return count % 2 == 1 && !flags["--out"].empty() ? flags : std::map<std::string, std::string>();
}

std::size_t NumberOf(const std::string& text) {
  std::size_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc() && read.ptr == text.data() + text.size() ? number : 0;
}

bool WriteAll(const std::filesystem::path& folder, std::uint32_t seed, std::size_t people) {
  const Town town(seed, people);
  Outbox outbox(folder);
  Tables tables(outbox);
  for (const Person& person : town.people()) {
    Life life(town, person, outbox);
    TellPractice(life);
    TellAcute(life);
    TellCommunity(life);
    TellLetters(life);
    tables.TellCouncil(life);
    tables.TellSheets(life);
    TellPrescriber(life);
    TellFriends(life);
    life.Tell();
  }
  tables.Finish();
  if (!outbox.Finish()) return false;
  std::printf("%zu people, %llu messages\n", people,
              static_cast<unsigned long long>(outbox.messages()));
  return true;
}

int Run(int count, char** words) {
  auto flags = Flags(count, words);
  const std::size_t seed = NumberOf(flags["--seed"]), people = NumberOf(flags["--patients"]);
  if (seed == 0 || people == 0 || people > kMost) {
    std::fputs(
        "system --seed N --patients N --out FOLDER [--config FOLDER]: 1 to 500,000 patients, a "
        "seed from 1\n",
        stderr);
    return 2;
  }
  if (WriteConfiguration(flags["--out"], flags["--config"]) &&
      WriteAll(flags["--out"], static_cast<std::uint32_t>(seed), people))
    return 0;
  std::fputs("system: a file could not be written, or config/ not be read\n", stderr);
  return 1;
}

}  // namespace
}  // namespace milecastle::kit

int main(int count, char** words) { return milecastle::kit::Run(count, words); }
