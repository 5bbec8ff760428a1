#include "disclose/manifest.h"

#include <algorithm>
#include <array>
#include <utility>

namespace milecastle::disclose {
namespace {

using decide::MaskField;
using decide::Verdict;
using wire::ManifestLine;
using wire::ManifestState;

constexpr const char* kNeverHeardFrom = "never_heard_from";
constexpr const char* kLaggingReturn = "lagging_return";
constexpr const char* kWithdrawnBySource = "withdrawn_by_source";
constexpr std::size_t kMostNamed = 20;
constexpr unsigned kMostSections = 256;
constexpr std::size_t kOthers = 16;  // lines beside those of classes and statements, mostly

bool Shows(const Verdict& verdict) { return verdict.shows(); }

// What a live source's outcome is called. An answer that was somebody else's is one that is of no
// use: the reader cannot do more about it, and an alarm was logged.
struct LiveWords {
  gather::Outcome outcome;
  ManifestState state;
  const char* reason;
};
constexpr std::array kLiveWords = {
    LiveWords{gather::Outcome::kReturned, ManifestState::kReturned, "live"},
    LiveWords{gather::Outcome::kDissent, ManifestState::kWithheld, "withheld_by_source"},
    LiveWords{gather::Outcome::kNotFound, ManifestState::kUnavailable, "not_found_at_source"},
    LiveWords{gather::Outcome::kRefused, ManifestState::kUnavailable, "refused_by_source"},
    LiveWords{gather::Outcome::kUnavailable, ManifestState::kUnavailable, "source_not_available"},
    LiveWords{gather::Outcome::kTimedOut, ManifestState::kTimedOut, "no_answer_in_time"},
    LiveWords{gather::Outcome::kInvalidAnswer, ManifestState::kUnavailable, "answer_not_usable"},
    LiveWords{gather::Outcome::kWrongPatient, ManifestState::kUnavailable, "answer_not_usable"},
    LiveWords{gather::Outcome::kBusy, ManifestState::kNotAsked, "busy"},
    LiveWords{gather::Outcome::kCircuitOpen, ManifestState::kNotAsked, "source_failing"},
    LiveWords{gather::Outcome::kNoTime, ManifestState::kNotAsked, "too_little_time"},
};

const LiveWords& WordsOf(gather::Outcome outcome) {
  return *std::find_if(kLiveWords.begin(), kLiveWords.end(),
                       [&](const LiveWords& words) { return words.outcome == outcome; });
}

// Exceptions lead, in the order of their states. What the gateway lacks of everybody alike stands
// after what is wrong with this person's record, lest it drown it.
std::vector<ManifestLine> ExceptionsFirst(std::vector<ManifestLine> lines) {
  struct Place {
    unsigned order;
    ManifestLine* line;
  };
  const auto order_of = [](const ManifestLine& line) {
    const bool of_everybody = line.reason == kNeverHeardFrom;
    const ManifestState state = of_everybody ? ManifestState::kIncompleteAtSource : line.state;
    const unsigned section = line.section ? static_cast<unsigned>(*line.section) : 0;
    return (static_cast<unsigned>(state) * 2 + (of_everybody ? 1 : 0)) * kMostSections + section;
  };
  std::vector<Place> places;
  places.reserve(lines.size());
  for (ManifestLine& line : lines) places.push_back({order_of(line), &line});
  std::stable_sort(places.begin(), places.end(), [](const Place& a, const Place& b) {
    return a.order != b.order ? a.order < b.order : a.line->source < b.line->source;
  });
  std::vector<ManifestLine> sorted;
  sorted.reserve(lines.size());
  for (const Place& place : places) sorted.push_back(std::move(*place.line));
  return sorted;
}

// What is said of one source's section: the state, and the class of reason where something is kept
// back.
class Manifest {
 public:
  explicit Manifest(const ManifestInput& input) : input_(input) {
    last_heard_.reserve(input.expected.size());
    for (const ExpectedSource& each : input.expected) {
      last_heard_.push_back(LastHeard(each.organisation));
    }
  }

  std::vector<ManifestLine> Lines() && {
    lines_.reserve(input_.segment.classes.size() + input_.statements.size() + kOthers);
    AddClasses();
    for (const auto& withdrawn : input_.segment.withdrawn) AddWithdrawn(withdrawn);
    for (const auto& statement : input_.statements) AddStatement(statement);
    AddAllergySilence();
    AddStaleSources();
    AddSourcesNeverHeardFrom();
    AddSourcesWithNothing();
    AddLive();
    AddRequestFilter();
    return ExceptionsFirst(std::move(lines_));
  }

 private:
  const decide::Decision& decision() const { return input_.decision; }

  // A line about a source, or about one whose name is not for this reader.
  ManifestLine LineOf(const record::OdsCode& source) const {
    ManifestLine line;
    line.source_masked = !decision().NamesSource(source);
    if (!line.source_masked) line.source = source.text();
    return line;
  }
  ManifestLine LineOf(const record::OdsCode& source, record::Section section) const {
    ManifestLine line = LineOf(source);
    line.section = section;
    return line;
  }

  // One line per state, section, source and reason; counts are added up.
  void Count(ManifestLine line, std::uint32_t count) {
    const auto same = std::find_if(lines_.begin(), lines_.end(), [&](const ManifestLine& other) {
      return other.section == line.section && other.state == line.state &&
             other.source == line.source && other.reason == line.reason && other.text.empty();
    });
    if (same != lines_.end()) {
      same->count += count;
      return;
    }
    line.count = count;
    lines_.push_back(std::move(line));
  }

  void AddClasses() {
    std::vector<std::uint32_t> held(input_.segment.classes.size());
    for (const auto& item : input_.segment.items) ++held.at(item.entry_class);
    for (std::size_t index = 0; index < held.size(); ++index) {
      AddClass(static_cast<record::ClassIndex>(index), held[index]);
    }
  }

  void AddClass(record::ClassIndex index, std::uint32_t held) {
    const record::EntryClass& entry_class = input_.segment.classes[index];
    const Verdict& verdict = decision().Of(index);
    // A class that was not asked for is not shown.
    if (verdict.outcome == decide::Outcome::kHide || held == 0 ||
        verdict.reason == decide::Reason::kNotAsked) {
      return;
    }
    Speak(entry_class.source, entry_class.section);
    const std::uint32_t shown = input_.shown_per_class[index];
    if (shown > 0) Count(LineOf(entry_class.source, entry_class.section), shown);
    if (shown == held) return;
    // Of a class that is shown in part, the rest lies outside the period.
    const Verdict kept_back = decision().Of(index, std::nullopt);
    ManifestLine line = LineOf(entry_class.source, entry_class.section);
    SayWhy(line, kept_back);
    // How many are kept back could say what they are: told only where the reader may know the
    // reason.
    const bool may_count = decision().ReasonForReader(kept_back) == kept_back.reason;
    Count(std::move(line), may_count ? held - shown : 0);
  }

  // An allergy or alert that its source took back is told of to whoever would have seen it: without
  // a word it would read as if none had ever been recorded (safety.md 5, 7).
  void AddWithdrawn(const store::WithdrawnClass& withdrawn) {
    const record::EntryClass& entry_class = input_.segment.classes[withdrawn.entry_class];
    const Verdict& verdict = decision().Of(withdrawn.entry_class);
    if (verdict.outcome == decide::Outcome::kHide || verdict.reason == decide::Reason::kNotAsked) {
      return;
    }
    Speak(entry_class.source, entry_class.section);
    ManifestLine line = LineOf(entry_class.source, entry_class.section);
    if (!Shows(verdict)) {
      SayWhy(line, verdict);
      return Count(std::move(line), 0);
    }
    line.state = ManifestState::kIncompleteAtSource;
    line.reason = kWithdrawnBySource;
    Count(std::move(line), withdrawn.count);
  }

  // Why something is kept back, as far as the reader may know.
  void SayWhy(ManifestLine& line, const Verdict& kept_back) const {
    const decide::Reason told = decision().ReasonForReader(kept_back);
    line.state = told == decide::Reason::kAwaitingIdentity ? ManifestState::kAwaitingIdentity
                                                           : ManifestState::kWithheld;
    line.reason = KeyOf(told);
  }

  static ManifestState StateOf(record::SectionSaying saying) {
    switch (saying) {
      case record::SectionSaying::kNoneKnown:
        return ManifestState::kNoneKnown;
      case record::SectionSaying::kNothingRecorded:
        return ManifestState::kNothingRecorded;
      case record::SectionSaying::kUnavailable:
        return ManifestState::kUnavailable;
      case record::SectionSaying::kLaggingReturn:
        return ManifestState::kStale;
      case record::SectionSaying::kConfidentialItems:
      case record::SectionSaying::kDataInTransit:
      case record::SectionSaying::kDataAwaitingFiling:
        return ManifestState::kIncompleteAtSource;
    }
    return ManifestState::kUnavailable;
  }

  // That something is kept apart outweighs that nothing is recorded, and that outweighs that there
  // is none.
  static int CautionOf(record::SectionSaying saying) {
    if (saying == record::SectionSaying::kNoneKnown) return 0;
    return saying == record::SectionSaying::kNothingRecorded ? 1 : 2;
  }

  // Of what the systems of one organisation say of a section the most cautious is told: 'none
  // known' only where none of them says otherwise.
  bool IsOutweighed(const store::SourceStatement& said) const {
    return std::any_of(input_.statements.begin(), input_.statements.end(), [&](const auto& other) {
      return other.source == said.source && other.untraced == said.untraced &&
             other.statement.section == said.statement.section &&
             CautionOf(other.statement.saying) > CautionOf(said.statement.saying);
    });
  }

  bool Holds(record::Section section, ManifestState state) const {
    return std::any_of(lines_.begin(), lines_.end(), [&](const ManifestLine& line) {
      return line.section == section && line.state == state;
    });
  }

  struct Spoken {
    const record::OdsCode* source;
    decide::SectionSet sections;
  };
  // A line was made of the source's section. Kept by the source itself: lines of two whose names
  // are masked look alike.
  void Speak(const record::OdsCode& source, record::Section section) {
    const auto known = SpokenOf(source);
    if (known == spoken_.end()) {
      spoken_.push_back({&source, {section}});
    } else {
      known->sections.Add(section);
    }
  }
  std::vector<Spoken>::iterator SpokenOf(const record::OdsCode& source) {
    return std::find_if(spoken_.begin(), spoken_.end(),
                        [&source](const Spoken& each) { return *each.source == source; });
  }
  bool IsSpokenOf(const record::OdsCode& source, record::Section section) {
    const auto known = SpokenOf(source);
    return known != spoken_.end() && known->sections.Has(section);
  }

  void AddStatement(const store::SourceStatement& said) {
    const Verdict& verdict = decision().LineOf(said.source, said.statement.section);
    if (!Shows(verdict) || IsOutweighed(said)) return;
    if (said.untraced && !decision().ShowsUntraced(said.source)) return AddUntracedWord(said);
    Speak(said.source, said.statement.section);
    ManifestLine line = LineOf(said.source, said.statement.section);
    line.state = StateOf(said.statement.saying);
    line.untraced = said.untraced;
    line.as_of = said.statement.when ? said.statement.when->at : said.stored;
    if (said.statement.saying == record::SectionSaying::kLaggingReturn) {
      line.reason = kLaggingReturn;
      if (!said.statement.when) line.as_of.reset();  // when it came says nothing of its period
    }
    if (!verdict.mask.Has(MaskField::kFreeText)) line.text = said.statement.text;
    const bool none = line.state == ManifestState::kNoneKnown;
    lines_.push_back(line);
    if (!none || !Holds(said.statement.section, ManifestState::kReturned)) return;
    // 'None known' beside an entry is a conflict that the reader must see.
    line.state = ManifestState::kConflict;
    line.reason = "none_known_beside_entries";
    lines_.push_back(line);
  }

  // Of a source that traced another identity of the person: what it said under this one waits.
  void AddUntracedWord(const store::SourceStatement& said) {
    ManifestLine line = LineOf(said.source, said.statement.section);
    Verdict awaiting;
    awaiting.reason = decide::Reason::kAwaitingIdentity;
    SayWhy(line, awaiting);
    Speak(said.source, said.statement.section);
    Count(std::move(line), 0);
  }

  // Allergies state, per source, even that nothing was said or may be told (safety.md 7). Hidden
  // reads as if the source had said nothing; a source that is hidden altogether leaves no line.
  // There is no time to silence: that of the source's last word would move with what is hidden.
  void AddAllergySilence() {
    constexpr auto kAllergies = record::Section::kAllergies;
    for (const auto& [source, last] : input_.sources) {
      const Verdict& verdict = decision().LineIfNothingHidden(source, kAllergies);
      if (!decision().SpeaksOf(source) || verdict.outcome == decide::Outcome::kHide ||
          verdict.reason == decide::Reason::kNotAsked) {
        continue;
      }
      ManifestLine line = LineOf(source, kAllergies);
      line.state = ManifestState::kNothingRecorded;
      if (IsSpokenOf(source, kAllergies)) continue;
      if (!Shows(verdict)) SayWhy(line, verdict);
      Count(std::move(line), 0);
    }
  }

  // What is remembered of everybody may be some seconds behind what is held of this person. Of a
  // source that the reply keeps silent of, that would tell.
  std::optional<base::Instant> LastHeard(const record::OdsCode& source) const {
    std::optional<base::Instant> last;
    if (const auto heard = input_.heard.find(source); heard != input_.heard.end()) {
      last = heard->second;
    }
    if (!decision().SpeaksOf(source)) return last;
    for (const auto& [holder, given] : input_.sources) {
      if (holder == source) last = std::max(last, std::optional(given));
    }
    return last;
  }

  bool HoldsSomething(const record::OdsCode& source) const {
    return decision().SpeaksOf(source) &&
           std::any_of(input_.sources.begin(), input_.sources.end(),
                       [&](const auto& held) { return held.first == source; });
  }

  void AddStaleSources() {
    for (std::size_t i = 0; i < last_heard_.size(); ++i) {
      const ExpectedSource& expected = input_.expected[i];
      const auto last = last_heard_[i];
      const bool any_silence = expected.interval.count() == 0;
      if (!last || any_silence || decision().decided_at() - *last <= expected.interval) continue;
      ManifestLine line = LineOf(expected.organisation);
      line.state = ManifestState::kStale;
      line.reason = "silent_for_longer_than_expected";
      line.as_of = last;
      lines_.push_back(std::move(line));
    }
  }

  // One line for all: a region has hundreds that are not connected yet, and a reader who must pass
  // over a line for each stops reading exceptions.
  void AddOneForAll(ManifestLine line, const std::vector<const record::OdsCode*>& sources) {
    std::size_t named = 0;
    for (const record::OdsCode* source : sources) {
      ++line.count;
      if (named == kMostNamed || !decision().NamesSource(*source)) continue;
      line.text += (named == 0 ? "" : ", ") + source->text();
      ++named;
    }
    if (line.count == 0) return;
    if (named > 0 && line.count > named) {
      line.text += " and " + std::to_string(line.count - named) + " more";
    }
    lines_.push_back(std::move(line));
  }

  void AddSourcesNeverHeardFrom() {
    std::vector<const record::OdsCode*> sources;
    for (std::size_t i = 0; i < last_heard_.size(); ++i) {
      const record::OdsCode& source = input_.expected[i].organisation;
      if (!last_heard_[i] && !WasLive(source)) sources.push_back(&source);
    }
    AddOneForAll({.state = ManifestState::kUnavailable, .reason = kNeverHeardFrom}, sources);
  }

  void AddSourcesWithNothing() {
    for (std::size_t i = 0; i < last_heard_.size(); ++i) {
      const ExpectedSource& expected = input_.expected[i];
      if (!last_heard_[i] || HoldsSomething(expected.organisation) ||
          WasLive(expected.organisation)) {
        continue;
      }
      const Verdict& verdict =
          decision().LineIfNothingHidden(expected.organisation, record::Section::kDemographics);
      if (!Shows(verdict) || !decision().NamesSource(expected.organisation)) continue;
      lines_.push_back({.state = ManifestState::kNoneHeld, .source = expected.organisation.text()});
    }
  }

  // Of which a line of its own says what it answered: neither silent nor without anything.
  bool WasLive(const record::OdsCode& source) const {
    return decision().SpeaksOf(source) &&
           std::any_of(input_.live.begin(), input_.live.end(), [&](const LiveState& state) {
             return state.source == source && state.kind == LiveState::Kind::kAsked;
           });
  }

  void AddLive() {
    std::vector<const record::OdsCode*> not_theirs;
    for (const LiveState& state : input_.live) {
      if (state.kind == LiveState::Kind::kNotTheirs || !decision().SpeaksOf(state.source)) {
        AddOnce(state.source, not_theirs);
      } else if (state.kind == LiveState::Kind::kNotPermitted) {
        const Verdict& verdict = decision().LineIfNothingHidden(state.source, state.section);
        AddNotAsked(state, KeyOf(decision().ReasonForReader(verdict)));
      } else if (state.kind == LiveState::Kind::kNotForPurpose) {
        AddNotAsked(state, KeyOf(decide::Reason::kNotForPurpose));
      } else if (state.kind == LiveState::Kind::kAsked) {
        AddAsked(state);
      }
    }
    AddOneForAll({.state = ManifestState::kNotAsked, .reason = "not_known_there"}, not_theirs);
  }

  // A practice may be there twice, with its record and with its documents.
  static void AddOnce(const record::OdsCode& source, std::vector<const record::OdsCode*>& to) {
    const bool there = std::any_of(to.begin(), to.end(),
                                   [&](const record::OdsCode* each) { return *each == source; });
    if (!there) to.push_back(&source);
  }

  // Of it, and of its documents alone where those were asked for.
  bool ShowsOf(const LiveState& state) const {
    for (std::size_t i = 0; i < input_.segment.classes.size(); ++i) {
      const record::EntryClass& entry_class = input_.segment.classes[i];
      if (input_.shown_per_class[i] == 0 || entry_class.source != state.source) continue;
      if (!state.of_documents || entry_class.section == record::Section::kDocuments) return true;
    }
    return false;
  }

  ManifestLine LineOf(const LiveState& state) const {
    ManifestLine line = LineOf(state.source);
    if (state.of_documents) line.section = record::Section::kDocuments;
    return line;
  }

  void AddNotAsked(const LiveState& state, std::string_view reason) {
    ManifestLine line = LineOf(state);
    line.state = ManifestState::kNotAsked;
    line.reason = reason;
    lines_.push_back(std::move(line));
  }

  void AddAsked(const LiveState& state) {
    // The documents that it listed are there to be seen; what it has not listed it may not have.
    if (state.of_documents && state.outcome == gather::Outcome::kReturned) return;
    const LiveWords& words = WordsOf(state.outcome);
    ManifestLine line = LineOf(state);
    line.state = words.state;
    line.reason = words.reason;
    if (gather::WasAsked(state.outcome)) line.as_of = state.at;
    lines_.push_back(line);
    if (state.outcome == gather::Outcome::kReturned || !HoldsSomething(state.source)) return;
    // Its dissent withholds that too, but where no objection binds.
    const bool must_show = state.outcome == gather::Outcome::kDissent || state.of_documents;
    if (must_show && !ShowsOf(state)) return;
    // What it sent before is shown, and nobody could ask whether it still holds.
    line.state = ManifestState::kStale;
    line.reason = "stored_copy_shown";
    line.as_of = LastHeard(state.source);
    lines_.push_back(std::move(line));
  }

  void AddRequestFilter() {
    if (decision().request().sections.empty()) return;
    lines_.push_back(
        {.state = ManifestState::kFilteredByRequest, .reason = "only_the_sections_asked_for"});
  }

  const ManifestInput& input_;
  std::vector<ManifestLine> lines_;
  std::vector<Spoken> spoken_;
  std::vector<std::optional<base::Instant>> last_heard_;  // from each of those expected
};

}  // namespace

std::string_view ReasonOf(gather::Outcome outcome) { return WordsOf(outcome).reason; }

std::vector<wire::ManifestLine> MakeManifest(const ManifestInput& input) {
  return Manifest(input).Lines();
}

}  // namespace milecastle::disclose
