#include "serve/messages.h"

#include <algorithm>

#include "record/fhir_id.h"

namespace milecastle::serve {
namespace {

bool IsControl(unsigned char c) { return c < ' ' || c == 0x7f; }

}  // namespace

base::Error Invalid(const char* field, const char* advice) {
  return {base::ErrorId::kArgumentInvalid, field, advice};
}

base::Result<void> CheckTexts(std::initializer_list<AskedText> asked) {
  for (const auto& [field, text] : asked) {
    if (text.size() <= kLongestText && std::none_of(text.begin(), text.end(), IsControl)) continue;
    return Invalid(field, "write at most 128 bytes, without control characters");
  }
  return {};
}

base::Result<void> CheckCount(const char* field, int values, int most) {
  if (values <= most) return {};
  return Invalid(field, "name fewer values, each once");
}

base::Result<record::Purpose> PurposeOf(v1::Purpose purpose) {
  if (purpose == v1::PURPOSE_UNSPECIFIED || !v1::Purpose_IsValid(purpose)) {
    return Invalid("purpose", "say why the record is asked for");
  }
  return static_cast<record::Purpose>(purpose);
}

base::Result<std::vector<record::Section>> SectionsOf(
    const google::protobuf::RepeatedField<int>& sections) {
  if (auto few = CheckCount("sections", sections.size(), v1::Section_ARRAYSIZE); !few)
    return few.error();
  std::vector<record::Section> known;
  for (const int section : sections) {
    if (section == v1::SECTION_UNSPECIFIED || !v1::Section_IsValid(section)) {
      return Invalid("sections", "name headings of the standard, or none for all");
    }
    known.push_back(static_cast<record::Section>(section));
  }
  return known;
}

identify::PersonKey PersonKeyOf(const v1::PersonKey& person) {
  return {.nhs_number = person.nhs_number(),
          .birth_date = person.birth_date(),
          .family_name = person.family_name()};
}

base::Result<disclose::ViewRequest> ViewRequestOf(const v1::GetPatientViewRequest& request,
                                                  const record::Requester& requester) {
  const auto purpose = PurposeOf(request.purpose());
  if (!purpose) return purpose.error();
  auto sections = SectionsOf(request.sections());
  if (!sections) return sections.error();
  const auto bounded = CheckTexts({{"reason_code", request.reason_code()},
                                   {"declared_relationship", request.declared_relationship()},
                                   {"case_reference", request.case_reference()}});
  if (!bounded) return bounded.error();
  return disclose::ViewRequest{.requester = requester,
                               .person = {.nhs_number = request.nhs_number(),
                                          .birth_date = request.birth_date(),
                                          .family_name = request.family_name()},
                               .purpose = *purpose,
                               .reason_code = request.reason_code(),
                               .declared_relationship = request.declared_relationship(),
                               .case_reference = request.case_reference(),
                               .sections = std::move(*sections)};
}

base::Result<disclose::HistoryRequest> HistoryRequestOf(const v1::GetEntryHistoryRequest& request,
                                                        const record::Requester& requester) {
  auto asked = ViewRequestOf(request.request(), requester);
  if (!asked) return asked.error();
  const auto entry = base::Uuid::FromBytes(request.entry_id());
  if (!entry) return Invalid("entry_id", "give the 16 bytes of an entry's id, as a view showed it");
  return disclose::HistoryRequest{.of = *std::move(asked), .entry = {*entry}};
}

base::Result<disclose::DocumentRequest> DocumentRequestOf(const v1::GetDocumentRequest& request,
                                                          const record::Requester& requester) {
  auto view = ViewRequestOf(request.request(), requester);
  if (!view) return view.error();
  if (!view->sections.empty())
    return Invalid("request.sections", "name none: one entry is asked for");
  disclose::DocumentRequest asked{.view = std::move(*view)};
  if (request.has_live()) {
    const auto source = record::OdsCode::Parse(request.live().source());
    if (!source) return Invalid("live.source", "write the ODS code of the entry's source");
    if (!record::IsFhirId(request.live().document_id())) {
      return Invalid("live.document_id",
                     "write the entry's document id: letters, digits, '-', '.'");
    }
    asked.live = disclose::LiveDocument{*source, request.live().document_id()};
    return asked;
  }
  const auto id = base::Uuid::FromBytes(request.entry_id());
  if (!id)
    return Invalid("entry_id", "write the 16 bytes of the entry's id, or say which live one");
  asked.entry = record::EntryId{*id};
  return asked;
}

void Fill(v1::AuditReceipt& out, const govern::LeafPlace& leaf) {
  out.set_origin(leaf.origin);
  out.set_leaf_index(leaf.index);
  out.set_leaf_hash(std::string(base::AsBytes(leaf.leaf_hash)));
}

}  // namespace milecastle::serve
