// The acknowledgement of a message (HL7 v2.8.2 section 2.9), in the sender's version and with the
// sender's delimiters.
//
// Thread-safety: every function may be called from any thread. Failure: none; a header that cannot
// be read gets an acknowledgement without one.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"
#include "hl7v2/message.h"

namespace milecastle::hl7v2 {

// What MSH says, unescaped, as UTF-8.
struct Header {
  Delimiters delimiters;
  std::string sending_application;  // MSH-3, whole
  std::string sending_facility;     // MSH-4, whole
  std::string receiving_application;
  std::string receiving_facility;
  std::string message_code;     // MSH-9.1
  std::string trigger_event;    // MSH-9.2
  std::string control_id;       // MSH-10
  std::string processing_id;    // MSH-11.1
  std::string version;          // MSH-12.1
  std::string accept_ack;       // MSH-15
  std::string application_ack;  // MSH-16
};

Header ReadHeader(const Message& message);
// Only the MSH line, of bytes that Parse refused; nullopt where there is none that can be read.
std::optional<Header> ScanHeader(std::string_view bytes);

// Section 2.9.2. Both MSH-15 and MSH-16 empty: original mode, always answered with AA, AE or AR.
// Otherwise enhanced mode: the accept acknowledgement (CA, CE, CR) where MSH-15 asks for it, else
// the application one where MSH-16 does, else none. One reply answers both where both are asked:
// the commit that we acknowledge is also the whole of the processing.
enum class AckMode : std::uint8_t { kOriginal, kAccept, kApplication, kNone };
AckMode ModeOf(const Header& header, base::AckCode code);

struct AckStamp {
  base::Instant now;
  std::string control_id;  // MSH-10 of the acknowledgement itself
};

// The segments MSH, MSA and, where `error` is given, ERR, each ended by CR; empty where the sender
// wants no reply. `text` (MSA-3) and the error hold no patient data by the rules of base/error.h.
std::string BuildAck(const Header& header, base::AckCode code, std::string_view text,
                     const base::Error* error, const AckStamp& stamp);
// For a frame whose MSH cannot be read: a v2.4 acknowledgement with an empty MSA-2. Always sent.
std::string BuildAckWithoutHeader(base::AckCode code, const base::Error& error,
                                  const AckStamp& stamp);

}  // namespace milecastle::hl7v2
