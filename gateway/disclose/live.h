// Live sources in a view: whom to ask once a first decision permits it, and what their answers
// change of what is held, before the second decision is made on both together.
//
// A source is asked where it may hold something of the person: it is their registered practice, or
// gave something of them before. Asking everybody would tell every practice whose record is read.
// Nor is anybody asked for a purpose that is not the person's care: the question can say no other
// reason than direct care, and would be untrue.
// Who is asked at all is asked for all that it may be asked for, however little the reader wants:
// what makes a medicine or a letter sensitive may stand in a problem that is linked to it, so
// labels are made of the whole, and the second decision shows what was wanted. What the person hid
// of a source, or of all of its sections, reads as if it had never known them.
//
// Thread-safety: functions without state. Failure: none.
#pragma once

#include <span>
#include <vector>

#include "decide/decision.h"
#include "disclose/facts_for.h"
#include "gather/gather.h"

namespace milecastle::disclose {

// How one configured live source stands to one view.
struct LiveState {
  enum class Kind : std::uint8_t {
    kNotTheirs = 1,  // nothing says that it holds anything of the person
    kNotPermitted,   // the reader may see nothing of what it could be asked for
    kNotForPurpose,  // it is asked for the person's care alone
    kNotWanted,      // nor was any of it asked for
    kAsked,          // or would have been; see outcome
  };
  record::OdsCode source;
  bool of_documents = false;  // beside its record, which is a source of its own
  Kind kind = Kind::kNotTheirs;
  record::Section section = record::Section::kDemographics;  // kNotPermitted: one that is not
  gather::Outcome outcome = gather::Outcome::kNoTime;
  base::Instant at;
};

struct LivePlan {
  std::vector<LiveState> states;  // in the order of the sources
  std::vector<gather::ToAsk> whom;
};

// What a reader wants of live sources. `whole` is decided as if every section had been asked for.
struct Wanted {
  const decide::Decision& whole;
  std::span<const record::Section> sections;  // empty: all
};
LivePlan PlanOf(const Wanted& wanted, const Held& held, const gather::LiveSources& sources);
// What a call for one document or one entry asks: whomever a view would ask of its organisation,
// whatever they answer for, because a dissent that any of them tells withholds all of it.
LivePlan PlanFor(const decide::Decision& whole, const Held& held,
                 const gather::LiveSources& sources, const record::OdsCode& organisation);

// What sources gave, and how each stands. Empty: none is configured.
struct Live {
  std::vector<LiveState> states;
  std::vector<gather::Given> given;
};
// Notes in the states what was given.
void Note(Live& live);

// Adds what was returned to what is held, in place of what the same source sent before of the
// sections that it answers for. Where a source answered that the person dissents, that is one more
// objection, to what is held of it.
void Merge(const std::vector<gather::Given>& given, Held& held);

}  // namespace milecastle::disclose
