// An attachment: its bytes as a document where they are in the bundle, else where it is held.
// Nothing is ever fetched from an address.
//
// Thread-safety: as Context. Failure: bytes that cannot be read are noted by Context::Miss.
#pragma once

#include <string>
#include <string_view>

#include "fhir/document.h"
#include "record/contribution.h"
#include "record/entry.h"
#include "resources/context.h"

namespace milecastle::resources {

// An entry keeps one attachment's bytes; of further ones it says what they are.
void ReadAttachment(Context& context, const fhir::Element& attachment, record::Entry* entry);
// The same where it leads to a Binary, which has the bytes and labels of its own.
void ReadBinary(Context& context, const fhir::Element& attachment, const fhir::Element& binary,
                record::Draft* draft);
// The bytes may stand in the attachment, or in a Binary of the bundle; else they are held
// elsewhere.
void ReadHeld(Context& context, const fhir::Element& attachment, const fhir::Element& within,
              record::Draft* draft);

// Bytes that a source calls of a type: what they are counts (record/media.h). A type that is not
// believed is listed.
record::Document DocumentOf(Context& context, const fhir::Element& type, std::string_view title,
                            std::string bytes);

}  // namespace milecastle::resources
