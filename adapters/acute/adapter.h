// The adapter of acute trusts: HL7 v2.1 to v2.9 messages (ADT, BAR, DFT, MDM, ORU, OUL,
// problems and plans, VXU, orders, medicines, referrals, appointments) into contributions.
//
// Events: those of events.cc, chosen by MSH-9.1 and MSH-9.2 alone: UK structure ids in MSH-9.3
// differ from the international ones. Every field that a message fills is carried or listed as not
// carried; the UK segments ZU1 to ZU8 are read after HL7 UK A.3, other local segments are listed.
//
// Some events speak of several patients, each from its PID to the next (parts.h). A patient who
// stands there twice is read twice, as in two messages. Before the first of several PIDs stand the
// heading, local segments and notes alone; these two are not carried, for whose they are is not
// said. Each of several merges is PID, [PD1], MRG, [PV1]. Every other event is of one.
//
// What speaks of no patient (master files, beds, equipment, orders of stock) is taken as nobody's
// (inside/nobody.h).
//
// What a source says of links, deletions and moves of its patients asks a person for review, and
// does nothing else (moves.cc). What is planned is never read as begun (encounter.cc,
// movements.cc).
//
// Refused: a message that cannot be parsed (message.unparseable, message.too_large, character set),
// another event or version (message.unsupported), MSH-11 T or D on a live feed, one that speaks of
// more patients than the feed's limit or names more than ten times as many identifiers, one whose
// groups are out of order, and one that names no patient at all. Whether MSH-4 may speak on the
// feed is for the gateway; Envelope::sender holds it.
//
// Thread-safety: the adapter has no state. Failure: inside the Reading.
#pragma once

#include <memory>

#include "port/adapter.h"

namespace milecastle::acute {

std::unique_ptr<port::Adapter> MakeAdapter();

}  // namespace milecastle::acute
