#include "govern/audit_reading.h"

#include <algorithm>
#include <boost/json.hpp>
#include <optional>
#include <string_view>

#include "audit/export.h"

namespace milecastle::govern {
namespace {

std::vector<record::OdsCode> CodesOf(const std::vector<std::string>& texts) {
  std::vector<record::OdsCode> codes;
  for (const std::string& text : texts) {
    if (auto code = record::OdsCode::Parse(text)) codes.push_back(*code);
  }
  return codes;
}

bool Reaches(const decide::ActionVerdict& verdict, const store::TrailRow& row) {
  if (verdict.scope == decide::Scope::kAll) return true;
  const auto requester = record::OdsCode::Parse(row.organisation);
  return requester && verdict.Reaches(*requester, CodesOf(row.sources));
}

store::TrailRow RowOf(const audit::Log& log, const audit::Record& record) {
  store::TrailRow row{.origin = log.origin(),
                      .leaf = record.index,
                      .event = {record.leaf.event_id},
                      .kind = std::string(NameOf(record.leaf.kind)),
                      .at = record.leaf.wall_clock};
  const auto headline = record.body ? audit::ReadHeadline(record.body->payload) : audit::Headline{};
  if (!headline) return row;
  row.organisation = headline->organisation;
  row.user = headline->user;
  row.nhs_number = headline->nhs_number;
  row.purpose = headline->purpose;
  row.outcome = headline->outcome;
  row.sources = headline->sources;
  return row;
}

boost::json::object DescribeSearch(const store::TrailQuery& query,
                                   const std::string& case_reference) {
  boost::json::object what;
  what["case_reference"] = case_reference;
  what["user"] = query.user;
  what["organisation"] = query.organisation;
  what["source"] = query.source;
  what["kind"] = query.kind;
  what["visible_to"] = query.visible_to;
  return what;
}

// A case that nobody can look up opens nothing; who gave one is told so, instead of being answered
// as if they had given none.
std::optional<base::Error> CaseFault(std::string_view reference) {
  if (reference.empty() || decide::NamesACase(reference)) return std::nullopt;
  return base::Error{
      base::ErrorId::kArgumentInvalid, "case_reference",
      "write at least three letters or digits, as the case is known, or leave it out"};
}

std::string DescribeLeaf(const store::TrailPlace& place, const std::string& case_reference) {
  boost::json::object what;
  what["origin"] = place.origin;
  what["leaf"] = place.leaf;
  what["case_reference"] = case_reference;
  return boost::json::serialize(what);
}

// For an organisation's own officer: the decision and the list of entries speak of other
// organisations' data too, and of classes that are hidden from theirs.
std::string WithoutDecision(const std::string& payload) {
  boost::json::error_code failed;
  boost::json::parse_options options;
  options.max_depth = 64;
  boost::json::value value = boost::json::parse(payload, failed, {}, options);
  if (failed || !value.is_object()) return {};
  boost::json::object& object = value.as_object();
  object.erase("sources");
  object.erase("person");  // that there is one: a uniform refusal does not tell (safety.md 9)
  if (boost::json::value* what = object.if_contains("what"); what != nullptr && what->is_object()) {
    for (const char* name :
         {"decision", "entries", "decision_sha256", "duties", "record_version", "live", "document"})
      what->as_object().erase(name);
  }
  return boost::json::serialize(value);
}

base::Error NotFound() {
  return {base::ErrorId::kNotFound, "leaf_index", "no entry of that number that you may read"};
}

}  // namespace

// The name of a refuge or an HIV service tells on its own.
void AuditReading::MaskNames(store::TrailRow& row) const {
  for (std::string& source : row.sources) {
    if (IsSensitive(source)) source = "masked";
  }
}

// Whose data a refused request would have reached is not told to the requester's side: it would say
// who holds what of a person (safety.md 9, 21).
void AuditReading::HideUnreached(const decide::ActionVerdict& verdict, store::TrailRow& row) {
  if (verdict.scope == decide::Scope::kAll || row.kind != NameOf(audit::Kind::kRefusal)) return;
  std::erase_if(row.sources, [&](const std::string& source) {
    return !verdict.organisation || source != verdict.organisation->text();
  });
}

// A filter by source matches what the officer is told alone: to match what is taken out of a row
// would tell it.
base::Result<std::vector<store::TrailRow>> AuditReading::SearchReached(
    store::ReadTrail& trail, const decide::ActionVerdict& verdict, store::TrailQuery query) {
  std::vector<store::TrailRow> found;
  bool more = true;
  while (more && found.size() < query.limit) {
    auto page = trail.Search(query);
    if (!page) return page;
    more = page->size() == query.limit;
    if (more) query.after = store::TrailPlace{page->back().origin, page->back().leaf};
    for (store::TrailRow& row : *page) {
      HideUnreached(verdict, row);
      const bool told = query.source.empty() || std::find(row.sources.begin(), row.sources.end(),
                                                          query.source) != row.sources.end();
      if (told && found.size() < query.limit) found.push_back(std::move(row));
    }
  }
  return found;
}

bool AuditReading::IsSensitive(std::string_view source) const {
  const auto code = record::OdsCode::Parse(source);
  const auto decider = parts_.policy.Get();
  const decide::Organisation* organisation = code ? decider->policy().Find(*code) : nullptr;
  return organisation != nullptr && !organisation->labels.empty();
}

base::Result<EntriesFound> AuditReading::Find(const decide::ActionVerdict& verdict,
                                              const store::TrailQuery& query) {
  EntriesFound found;
  if (!logs_.unopened().empty()) found.unread.push_back(logs_.unopened());
  for (const LogBehind& behind : trail_.CatchUp()) found.unread.push_back(behind.origin);
  auto snapshot = parts_.store.Read();
  if (!snapshot) return snapshot.error();
  auto rows = SearchReached((*snapshot)->trail(), verdict, query);
  if (!rows) return rows.error();
  found.rows = std::move(*rows);
  if (!verdict.masks_sensitive_names) return found;
  for (store::TrailRow& row : found.rows) MaskNames(row);
  return found;
}

void AuditReading::Search(const record::Requester& officer, store::TrailQuery query,
                          const std::string& case_reference, const OnFound& done) {
  const auto number = record::NhsNumber::Parse(query.nhs_number);
  const Act act(parts_, {.requester = officer,
                         .action = decide::Action::kAuditSearch,
                         .case_reference = case_reference,
                         .nhs_number = number});
  if (!act.permitted()) return act.Refuse(done);
  if (act.verdict().scope == decide::Scope::kOwnOrganisation)
    query.visible_to = officer.organisation->text();
  boost::json::object what = DescribeSearch(query, case_reference);
  if (const auto fault = CaseFault(case_reference)) {
    return act.Fail(audit::Kind::kAuditRead, *fault, boost::json::serialize(what), done);
  }
  // What is found by a name that is masked in it has been named.
  const bool of_another = query.source != officer.organisation->text();
  if (act.verdict().masks_sensitive_names && of_another && IsSensitive(query.source)) {
    const base::Error error{base::ErrorId::kArgumentMissing, "case_reference",
                            "searching by a source whose name is protected needs a case"};
    return act.Fail(audit::Kind::kAuditRead, error, boost::json::serialize(what), done);
  }
  auto found = Find(act.verdict(), query);
  if (!found)
    return act.Fail(audit::Kind::kAuditRead, found.error(), boost::json::serialize(what), done);
  what["found"] = found->rows.size();
  what["unread"] = boost::json::array(found->unread.begin(), found->unread.end());
  act.Answer(audit::Kind::kAuditRead, boost::json::serialize(what), std::move(*found), done);
}

base::Result<EntryRead> AuditReading::Read(const decide::ActionVerdict& verdict,
                                           const store::TrailPlace& place) const {
  const auto log = logs_.Find(place.origin);
  if (!log) return log.error();
  auto record = (*log)->Read(place.leaf);
  if (!record && record.error().id != base::ErrorId::kNotFound) return record.error();
  EntryRead read;
  if (record) read.row = RowOf(**log, *record);
  if (!record || !Reaches(verdict, read.row)) return NotFound();
  HideUnreached(verdict, read.row);
  read.leaf_hash = record->leaf_hash;
  if (verdict.masks_sensitive_names) {
    MaskNames(read.row);
  } else if (record->body) {
    const bool over_all = verdict.scope == decide::Scope::kAll;
    read.payload = over_all ? record->body->payload : WithoutDecision(record->body->payload);
  }
  return read;
}

void AuditReading::Get(const record::Requester& officer, const store::TrailPlace& place,
                       const std::string& case_reference, const OnRead& done) {
  const Act act(parts_, {.requester = officer,
                         .action = decide::Action::kAuditShow,
                         .case_reference = case_reference});
  if (!act.permitted()) return act.Refuse(done);
  if (const auto fault = CaseFault(case_reference)) {
    return act.Fail(audit::Kind::kAuditRead, *fault, DescribeLeaf(place, case_reference), done);
  }
  auto read = Read(act.verdict(), place);
  if (!read) {
    return act.Fail(audit::Kind::kAuditRead, read.error(), DescribeLeaf(place, case_reference),
                    done);
  }
  const std::string what = DescribeLeaf({read->row.origin, place.leaf}, case_reference);
  act.Answer(audit::Kind::kAuditRead, what, std::move(*read), done);
}

void AuditReading::Export(const record::Requester& officer, const Exporting& asked,
                          const std::filesystem::path& folder, const OnExported& done) {
  const Act act(parts_, {.requester = officer,
                         .action = decide::Action::kAuditShow,
                         .case_reference = asked.case_reference});
  const bool over_all = act.permitted() && act.verdict().scope == decide::Scope::kAll;
  const bool opened = !asked.payloads || !act.verdict().masks_sensitive_names;
  if (!over_all || !opened) return act.Refuse(done);
  boost::json::object what;
  what["origin"] = asked.origin;
  what["payloads"] = asked.payloads;
  what["case_reference"] = asked.case_reference;
  const auto fail = [&](const base::Error& error) {
    act.Fail(audit::Kind::kAuditRead, error, boost::json::serialize(what), done);
  };
  const auto log = logs_.Find(asked.origin);
  if (!log) return fail(log.error());
  what["origin"] = (*log)->origin();
  audit::ExportRange range;
  range.include = [payloads = asked.payloads](const audit::Record&) { return payloads; };
  const auto head = audit::Export(**log, folder, range);
  if (!head) return fail(head.error());
  what["size"] = head->size;
  act.Answer(audit::Kind::kAuditRead, boost::json::serialize(what), folder, done);
}

}  // namespace milecastle::govern
