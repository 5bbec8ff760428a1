#include "inside/phrases.h"

#include <algorithm>
#include <utility>

namespace milecastle::normalise {

std::vector<Word> WordsOf(std::string_view text) {
  std::vector<Word> words;
  Words reader(text);
  for (Word word; reader.Next(word);) words.push_back(word);
  return words;
}

Phrases::Phrases(std::vector<Phrase> phrases) : phrases_(std::move(phrases)) {
  for (std::uint32_t i = 0; i < phrases_.size(); ++i) {
    State state = 0;
    for (const Word& word : phrases_[i].words) {
      const auto next = static_cast<std::uint32_t>(words_.size());
      state = Child(state, words_.try_emplace(word.folded, next).first->second);
    }
    ends_[state].push_back(i);
    longest_ = std::max(longest_, phrases_[i].words.size());
  }
  Connect();
}

Phrases::State Phrases::Child(State state, std::uint32_t word) {
  const auto [edge, made] =
      edges_.try_emplace(EdgeOf(state, word), static_cast<State>(ends_.size()));
  if (made) {
    ends_.emplace_back();
    fails_.push_back(0);
    shorter_.push_back(0);
  }
  return edge->second;
}

Phrases::State Phrases::Next(State state, std::uint32_t word) const {
  while (true) {
    const auto edge = edges_.find(EdgeOf(state, word));
    if (edge != edges_.end()) return edge->second;
    if (state == 0) return 0;
    state = fails_[state];
  }
}

// By length: what a state falls back to is shorter, and known by then.
void Phrases::Connect() {
  std::vector<std::vector<std::pair<std::uint32_t, State>>> children(ends_.size());
  for (const auto& [edge, child] : edges_) {
    children[edge >> 32U].emplace_back(static_cast<std::uint32_t>(edge), child);
  }
  std::vector<State> order{0};
  for (std::size_t i = 0; i < order.size(); ++i) {
    const State state = order[i];
    for (const auto& [word, child] : children[state]) {
      if (state != 0) fails_[child] = Next(fails_[state], word);
      shorter_[child] = ends_[fails_[child]].empty() ? shorter_[fails_[child]] : fails_[child];
      order.push_back(child);
    }
  }
}

std::vector<RuleNumber> PhraseSearch::Read(std::string_view text,
                                           const std::function<bool(RuleNumber)>& counts) {
  std::vector<RuleNumber> met;
  Phrases::State state = 0;
  hits_.clear();
  Words words(text);
  for (at_ = 0; words.Next(latest_[at_ % kMostWords]); ++at_) {
    const Word& word = latest_[at_ % kMostWords];
    const auto known = word.too_long ? phrases_.words_.end() : phrases_.words_.find(word.folded);
    state = known == phrases_.words_.end() ? 0 : phrases_.Next(state, known->second);
    for (Phrases::State end = state; end != 0; end = phrases_.shorter_[end]) {
      for (const std::uint32_t phrase : phrases_.ends_[end])
        Note(phrases_.phrases_[phrase], counts);
    }
    for (const Hit& exception : std::exchange(exceptions_, {})) {
      std::erase_if(hits_, [&](const Hit& hit) {
        return hit.rule == exception.rule && hit.first >= exception.first;
      });
    }
    if (at_ >= phrases_.longest_) Settle(at_ - phrases_.longest_, met);
  }
  Settle(at_, met);
  return met;
}

void PhraseSearch::Note(const Phrase& phrase, const std::function<bool(RuleNumber)>& counts) {
  if (met_[phrase.rule] || !counts(phrase.rule) || (phrase.exact && !IsAsSent(phrase))) return;
  auto& to = phrase.exception ? exceptions_ : hits_;
  to.push_back({phrase.rule, at_ + 1 - phrase.words.size(), at_});
}

bool PhraseSearch::IsAsSent(const Phrase& phrase) const {
  const std::size_t first = at_ + 1 - phrase.words.size();
  for (std::size_t i = 0; i < phrase.words.size(); ++i) {
    if (latest_[(first + i) % kMostWords].sent != phrase.words[i].sent) return false;
  }
  return true;
}

// No exception that begins with such a hit or before it can end any more.
void PhraseSearch::Settle(std::size_t before, std::vector<RuleNumber>& met) {
  for (const Hit& hit : hits_) {
    if (hit.last >= before || met_[hit.rule]) continue;
    met_[hit.rule] = true;
    met.push_back(hit.rule);
  }
  std::erase_if(hits_, [&](const Hit& hit) { return met_[hit.rule]; });
}

}  // namespace milecastle::normalise
