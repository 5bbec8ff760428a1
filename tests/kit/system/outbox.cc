#include "kit/system/outbox.h"

#include <array>
#include <boost/json.hpp>
#include <cstdio>
#include <utility>

namespace milecastle::kit {
namespace {

namespace json = boost::json;

constexpr std::uint64_t kMessagesOfFile = 500;  // HL7 v2

std::string_view KeyOf(Fate fate) {
  constexpr auto kKeys = std::to_array<std::string_view>(
      {"accepted", "awaiting_identity", "quarantined", "rejected", "duplicate"});
  return kKeys.at(static_cast<std::size_t>(fate));
}

std::string NameOf(std::uint64_t number, std::string_view kind) {
  std::array<char, 24> text{};
  std::snprintf(text.data(), text.size(), "%07llu.", static_cast<unsigned long long>(number));
  return text.data() + std::string(kind);
}

json::array ArrayOf(const std::vector<std::string>& words) {
  json::array made;
  for (const std::string& word : words) made.emplace_back(word);
  return made;
}

}  // namespace

Outbox::Outbox(std::filesystem::path folder) : folder_(std::move(folder)) {
  std::error_code failed;
  for (const FeedOf& feed : Feeds()) {
    std::filesystem::create_directories(folder_ / "messages" / feed.name, failed);
    feeds_[feed.name];
  }
  truth_.open(folder_ / "truth.jsonl", std::ios::binary);
}

void Outbox::Put(const std::string& feed, std::string_view kind, const std::string& bytes) {
  Sending& sending = feeds_[feed];
  const std::filesystem::path file = folder_ / "messages" / feed / NameOf(sending.messages, kind);
  if (kind != "hl7") {
    std::ofstream out(file, std::ios::binary);
    out << bytes;
    out.close();
    failed_ = failed_ || !out.good();
  } else {
    if (sending.messages % kMessagesOfFile == 0) {
      sending.open = std::ofstream(file, std::ios::binary);
    }
    sending.open << bytes << '\n';
    failed_ = failed_ || !sending.open.good();
  }
  ++sending.messages;
  ++messages_;
}

void Outbox::Send(std::string_view organisation, std::string_view kind, const std::string& bytes,
                  Fate fate) {
  const std::string& feed = FeedFor(organisation);
  Put(feed, kind, bytes);
  ++feeds_[feed].fates[fate];
}

void Outbox::SendLate(std::string_view organisation, std::string_view kind, std::string bytes,
                      Fate fate) {
  late_.push_back({std::string(organisation), std::string(kind), std::move(bytes), fate});
}

bool Outbox::Finish() {
  for (const Late& late : late_) Send(late.organisation, late.kind, late.bytes, late.fate);
  json::object expected;
  for (auto& [feed, sending] : feeds_) {
    json::object fates;
    for (const auto& [fate, count] : sending.fates) fates[KeyOf(fate)] = count;
    expected[feed] = std::move(fates);
    if (sending.open.is_open()) sending.open.close();
  }
  std::ofstream out(folder_ / "expected.json", std::ios::binary);
  out << json::serialize(expected) << '\n';
  out.close();
  truth_.close();
  return !failed_ && out.good() && truth_.good();
}

std::string Life::Word(Join join, Stands stands) {
  bool seen =
      join == Join::kJoined && stands != Stands::kSensitive && stands != Stands::kInRefugesContact;
  const bool placed = stands == Stands::kInDocument || stands == Stands::kInFreeText;
  if (placed && person.location_protected) seen = false;
  std::string word = Next();
  (seen ? seen_ : unseen_).push_back(word);
  return word;
}

std::string Life::UnseenWord() {
  unseen_.push_back(Next());
  return unseen_.back();
}

void Life::Tell() {
  if (person.practice < 0) return;
  if (objects_) unseen_.insert(unseen_.end(), seen_.begin(), seen_.end());
  if (objects_) seen_.clear();
  outbox.Tell(json::serialize(json::object{{"person", person.index},
                                           {"number", person.number},
                                           {"born", Dashed(person.born)},
                                           {"family", person.family},
                                           {"practice", PracticeCode(person.practice)},
                                           {"protected", person.location_protected},
                                           {"refused", objects_ ? "objection" : ""},
                                           {"seen", ArrayOf(seen_)},
                                           {"unseen", ArrayOf(unseen_)}}));
}

Fate FateOf(Join join) { return join == Join::kWaits ? Fate::kAwaiting : Fate::kAccepted; }

}  // namespace milecastle::kit
