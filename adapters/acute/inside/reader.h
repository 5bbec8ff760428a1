// What a message says of one patient while it is being read: its typed values, the contribution
// that grows from them, and the account of what has been taken.
//
// A reader sees the segments that it was given and no others (parts.h): what speaks of somebody
// else is not there to be read.
//
// Every method that returns a value marks the components that it came from. What is never marked is
// listed as not carried at the end, by Finish: nothing can be forgotten by forgetting it.
//
// Thread-safety: one thread. Failure: a value that cannot be read is absent, and its field is
// listed with the reason.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hl7v2/message.h"
#include "parts.h"
#include "port/feed.h"
#include "record/contribution.h"

namespace milecastle::acute {

// A CX or a v2.2 identifier.
struct Identifier {
  std::string value;
  std::string authority;  // CX-4.1, else CX-6.1
  std::string type;       // CX-5
  bool null = false;      // `""` stood where the value should
  std::string place;
};

class Reader {
 public:
  // `heading` is read with the part, and accounted for only where AccountFor is told so.
  Reader(const hl7v2::Message& message, const port::Feed& feed, const Segments& heading,
         const Segments& part);

  void AccountFor(const Segments& further);

  const port::Feed& feed() const { return feed_; }
  record::Contribution& out() { return out_; }
  const record::Contribution& out() const { return out_; }
  const Segments& segments() const { return seen_; }  // in their order
  // Of that name, counting from 0; one that does not exist where there is none.
  hl7v2::Segment segment(std::string_view name, std::size_t index = 0) const;
  const Segments& all(std::string_view name) const;

  // Marks without reading: what orders the message and says nothing of the patient.
  void Take(const hl7v2::Component& component);
  void Take(const hl7v2::Field& field);
  void Take(const hl7v2::Segment& segment);
  // Marks, and lists as not carried for a reason of its own.
  void Leave(const hl7v2::Segment& segment, std::size_t field, std::string why);

  // Text: unescaped, with LF for line ends, other control characters as U+FFFD, no spaces around;
  // `""` reads as nothing.
  std::string Text(const hl7v2::Component& component);
  std::string Text(const hl7v2::Segment& segment, std::size_t field);  // the first component
  std::string WholeText(const hl7v2::Segment& segment,
                        std::size_t field);  // with its delimiters, repetitions as lines
  static std::string WholeOf(const hl7v2::Field& field);  // the same without marking

  record::Coded Code(const hl7v2::Repetition& repetition);  // CE, CWE, CNE, IS, ID
  record::Coded Code(const hl7v2::Segment& segment, std::size_t field);
  std::optional<record::When> Time(const hl7v2::Segment& segment,
                                   std::size_t field);  // TS, DTM, DR's start
  std::vector<record::Performer> Performers(const hl7v2::Segment& segment, std::size_t field,
                                            std::string_view role);  // XCN, CN, NDL
  Identifier Id(const hl7v2::Segment& segment, std::size_t field, std::size_t repetition);  // CX
  record::PersonName Name(const hl7v2::Repetition& repetition);                          // XPN, PN
  record::Address AddressOf(const hl7v2::Repetition& repetition);                        // XAD, AD
  record::Telecom TelecomOf(const hl7v2::Repetition& repetition, std::string_view use);  // XTN, TN
  std::vector<record::Address> Addresses(const hl7v2::Segment& segment, std::size_t field);
  std::vector<record::Telecom> Telecoms(const hl7v2::Segment& segment, std::size_t field,
                                        std::string_view use);
  std::string Location(const hl7v2::Segment& segment, std::size_t field);  // PL, as one text

  // "allergy:" and a digest of the parts: the same each time the same thing is sent, and no patient
  // data in itself. The second of the same name for one reader gets ":2".
  std::string Key(std::string_view prefix, const std::vector<std::string>& parts);
  // That of the first of its name, for what another message gives.
  static std::string FirstKey(std::string_view prefix, const std::vector<std::string>& parts);

  // Who assigned an identifier that names no authority: whom the feed names, else the sender
  // (MSH-4), else the one organisation that the feed may speak for, else nobody.
  std::string OwnAuthority();

  // Later than the message itself (MSH-7), or than its day where it gives no more; unknown is no.
  bool IsAhead(const record::When& when) const;
  // Not later than that; unknown is no.
  bool IsPast(const record::When& when) const;

  // Adds a detail where there is one.
  void Detail(record::Entry& entry, std::string_view name, const hl7v2::Segment& segment,
              std::size_t field);
  void DetailTime(record::Entry& entry, std::string_view name, const hl7v2::Segment& segment,
                  std::size_t field);
  // A label of the source for every entry of the message: VIP, protection indicators.
  void LabelAll(std::string_view kind, const std::string& code);

  // What was not taken joins the list. `why_not` is the reason for fields of the named segments
  // that the event leaves aside.
  record::Contribution Finish(const std::map<std::string, std::string, std::less<>>& why_not);

 private:
  bool Taken(const hl7v2::Component& component) const { return taken_[component.index()]; }
  std::optional<base::Instant> End() const;  // of what MSH-7 tells
  struct Tally;
  void Account(const hl7v2::Segment& segment, Tally& tally) const;
  struct Left {
    std::vector<std::size_t> components;
    bool some_taken = false;
  };
  Left LeftOf(const hl7v2::Field& field) const;
  static void TallyLeft(const Left& left, const std::string& place, Tally& tally);

  const port::Feed& feed_;
  Segments seen_;
  std::vector<std::pair<std::string_view, Segments>> by_name_;  // of what is seen: few names
  Segments account_;                                            // whatever was given
  record::Contribution out_;
  std::vector<bool> taken_;
  std::map<std::string, int, std::less<>> keys_;
  std::vector<std::string> labels_;
};

std::string Clean(std::string text);   // what Reader::Text does to a text
std::string Folded(std::string_view);  // capital letters and digits alone, for comparing
std::string SystemOf(
    std::string_view hl7_name);  // "SNM3" to http://snomed.info/sct; unknown names as they are
std::string RegisterOf(std::string_view authority);   // "GMC" to its URI; unknown names as they are
std::string TextOf(const record::Coded& coded);       // its best words
std::string Written(const record::PersonName& name);  // "MRS ANN FOLEY"

}  // namespace milecastle::acute
