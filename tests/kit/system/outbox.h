// What every source of the made-up system sends, as files to be submitted or dropped into a folder,
// with what must become of each; and of each person what must be in their view, and what must not.
//
// `messages/FEED/…`      to be submitted in the order of the names; HL7 v2 many to a file
// `expected.json`        how many messages of each feed are accepted, awaiting_identity,
// quarantined,
//                        rejected, duplicate
// `truth.jsonl`          a line for each person whom a practice looks after: who they are, the
// words
//                        that a clinician of that practice must see for direct care, and those that
//                        they must not
//
// A word is a canary: "zq12n3" is the third of person 12, stands in one entry of one message, and
// nowhere else. Thread-safety: one thread. Failure: Finish() is false where a file was not written.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "kit/system/places.h"
#include "kit/system/town.h"

namespace milecastle::kit {

// As the gateway's journal calls it.
enum class Fate : std::uint8_t { kAccepted, kAwaiting, kQuarantined, kRejected, kDuplicate };

class Outbox {
 public:
  explicit Outbox(std::filesystem::path folder);

  // One message of an organisation; `kind` is the file's extension.
  void Send(std::string_view organisation, std::string_view kind, const std::string& bytes,
            Fate fate);
  // The same, behind all that is sent by Send().
  void SendLate(std::string_view organisation, std::string_view kind, std::string bytes, Fate fate);
  void Tell(const std::string& line) { truth_ << line << '\n'; }
  bool Finish();
  std::uint64_t messages() const { return messages_; }

 private:
  struct Late {
    std::string organisation, kind, bytes;
    Fate fate;
  };
  struct Sending {
    std::uint64_t messages = 0;
    std::ofstream open;  // of HL7 v2
    std::map<Fate, std::uint64_t> fates;
  };

  void Put(const std::string& feed, std::string_view kind, const std::string& bytes);

  std::filesystem::path folder_;
  std::ofstream truth_;
  std::map<std::string, Sending> feeds_;
  std::vector<Late> late_;
  std::uint64_t messages_ = 0;
  bool failed_ = false;
};

// What a word stands in, as far as a view treats it differently.
enum class Stands : std::uint8_t {
  kInEntry,
  kInFreeText,
  kInDocument,
  kSensitive,
  kInRefugesContact
};

// One person's story: what is told of them, and by whom.
class Life {
 public:
  Life(const Town& town, const Person& person, Outbox& outbox)
      : town(town), person(person), outbox(outbox) {}

  // A new word, and whether it must be seen.
  std::string Word(Join join, Stands stands);
  // One that is in no record: of a message that is refused, or kept for somebody.
  std::string UnseenWord();
  // A source passes their objection on, which binds whoever asks for direct care.
  void Object(Join join) {
    objects_ = objects_ || join == Join::kJoined || join == Join::kUntraced;
  }
  // Writes the truth about them.
  void Tell();

  const Town& town;
  const Person& person;
  Outbox& outbox;

 private:
  std::string Next() {
    return "zq" + std::to_string(person.index) + "n" + std::to_string(++words_);
  }

  int words_ = 0;
  bool objects_ = false;
  std::vector<std::string> seen_, unseen_;
};

Fate FateOf(Join join);

}  // namespace milecastle::kit
