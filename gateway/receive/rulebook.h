// The rules of a normaliser as the store asks them, of entries that it holds: the same that label a
// message's entries when it comes.
//
// What they read in an entry is in its stored bytes, but for its source's marks, which the store
// keeps beside (store::LabelOrigin). Names of code systems that stood in it when it came are their
// URIs by then: a name that is mapped to another URI since keeps the first.
//
// Thread-safety: as store/labels.h. Failure: none. Bytes that are no entry keep the labels that
// they have, with one more that withholds what nobody can say: `source:unmapped`.
#pragma once

#include <memory>

#include "normalise/normaliser.h"
#include "store/labels.h"

namespace milecastle::receive {

std::shared_ptr<const store::Rulebook> RulebookOf(
    std::shared_ptr<const normalise::Normaliser> normaliser);

}  // namespace milecastle::receive
