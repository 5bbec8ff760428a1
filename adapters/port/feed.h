// A feed: one configured way in, and what it may say.
//
// Thread-safety: read-only after the configuration is loaded. Failure: none.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "port/mapping.h"
#include "record/identifiers.h"

namespace milecastle::port {

struct Feed {
  std::string name;                            // configured, unique: "royal-adt"
  std::string adapter;                         // which adapter reads it: "acute", "primary"
  std::vector<record::OdsCode> organisations;  // for whom it may speak; anything else is refused
  // Whose keys it carries (record/record_system.h); empty: a system of its own, of the feed's name.
  std::string record_system;
  // Of a FHIR feed: the address of the server whose records it carries. What stands in a bundle by
  // the address of another has keys of its own. Empty: of each bundle, its patient's.
  std::string server;
  bool live = true;                          // refuses training and debugging messages
  bool nhs_number_without_authority = true;  // takes PID-3 `…^^^^NH` without an assigning authority
  // Who assigned the hospital numbers that name no authority; empty: the sender (MSH-4). For a
  // trust whose sites share one numbering and send under codes of their own.
  std::string assigning_authority;
  bool share_untraced = false;  // shares on numbers whose tracing state is absent (PID-32 empty)
  // Whether what it calls a verified number was traced with the Personal Demographics Service. Else
  // that is its own word, and counts as nothing said: `share_untraced` decides.
  bool traces_numbers = true;
  // The character set to read where MSH-18 declares none and the bytes are not UTF-8, as "8859/1".
  // Empty: such a message is refused, because a guess can change a dose or a name.
  std::string undeclared_charset;
  // Answers CA, CE, CR, or nothing, where MSH-15 or MSH-16 asks for it (HL7 v2 section 2.9.2). Off:
  // always AA, AE, AR, as most senders expect whatever they write there.
  bool enhanced_acknowledgement = false;
  std::size_t message_limit = 16U << 20;            // bytes of one message
  std::size_t patient_limit = 100;                  // patients, by PID, that one message speaks of
  std::size_t window = 16;                          // messages outstanding per connection
  std::chrono::minutes expected_interval{24 * 60};  // longer silence is stale in every manifest
  std::chrono::hours duplicate_window{24 *
                                      30};  // within it (feed, control id, digest) is a duplicate
  Mapping mapping;                          // of its sender's own words
};

inline const std::string& RecordSystemOf(const Feed& feed) {
  return feed.record_system.empty() ? feed.name : feed.record_system;
}

}  // namespace milecastle::port
