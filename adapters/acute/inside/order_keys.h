// What orders are known by, and what a message about one of them ends.
//
// Laboratories give one number to all that was asked for at once, so a test is known by its order's
// number and by OBR-4 together, as a part of the order: `order:…/test:…`, below `order:…`, which is
// the number alone. Who sends the same test of the same order again supersedes it; what is said of
// the number alone (cancelled, held) is said of every test of it, which are no longer told beside
// it. A test that is told after that takes the word of its number alone back.
//
// OBR-4's first code is a test's name, where it has none its words; what was told of the same order
// by its other code is the same test, and is withdrawn. Two requests of one message with one number
// and one name are two, told by their place.
//
// Thread-safety: one thread per Reader. Failure: none.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/text_map.h"
#include "fields.h"
#include "reader.h"

namespace milecastle::acute {

class OrderKeys {
 public:
  explicit OrderKeys(Reader& reader) : reader_(reader) {}

  // Of the draft that the reader's next is to be. `numbers` holds one at least.
  std::string OfTest(std::string_view prefix, const Numbers& numbers, const record::Coded& test);
  // Of what OBR-4 tells nothing of: medicines, diets, an ORC alone.
  std::string OfNumber(std::string_view prefix, const Numbers& numbers);

  // The number is ended or held whole: its tests that were sent before are no longer told, and
  // those that this message told before it stand as it does.
  void EndTests(std::string_view prefix, const Numbers& numbers, record::ClinicalStatus status);

  // Says what is withdrawn; once, when all orders of the message were read.
  void Settle();

 private:
  Reader& reader_;
  base::TextMap<std::string, std::vector<std::size_t>> tests_;  // of this message, by number
  base::TextSet<std::string> ended_;
  std::vector<std::string> taken_back_;
};

bool IsNamed(const record::Coded& test);

// That of the request for a test, for what another message gives (a result of it).
std::string KeyOfRequest(const Numbers& numbers, const record::Coded& test);

}  // namespace milecastle::acute
