#include "inside/duties.h"

#include <boost/json.hpp>
#include <chrono>

#include "base/crypto.h"

namespace milecastle::govern {
namespace {

const boost::json::value* Member(const boost::json::value& value, std::string_view name) {
  const boost::json::object* object = value.if_object();
  return object == nullptr ? nullptr : object->if_contains(name);
}

std::string Text(const boost::json::value& value, std::string_view name) {
  const boost::json::value* member = Member(value, name);
  return member != nullptr && member->is_string() ? std::string(member->as_string())
                                                  : std::string();
}

std::vector<std::string> Texts(const boost::json::value& value, std::string_view name) {
  std::vector<std::string> texts;
  const boost::json::value* member = Member(value, name);
  if (member == nullptr || !member->is_array()) return texts;
  for (const boost::json::value& text : member->as_array()) {
    if (text.is_string()) texts.emplace_back(text.as_string());
  }
  return texts;
}

// A notice to the patient waits for a person to look; a review and a word to the privacy officer
// are one item of work.
std::optional<store::QueueKind> KindOf(const std::string& duty, const std::string& cause) {
  if (duty == "tell_patient") return store::QueueKind::kPatientNotice;
  if (duty != "review") return std::nullopt;
  return cause == "self_declared" ? store::QueueKind::kSelfDeclaredReview
                                  : store::QueueKind::kBreakGlassReview;
}

// A declaration is reviewed once, and again on each later day (UTC) on which a view rests on it:
// once for every view would bury the rest (safety.md 16, 17). So what opens such a review is known
// by the declaration and the day.
record::EventId CauseOf(const store::TrailRow& row, const boost::json::value& duty) {
  const auto declaration = record::FactId::Parse(Text(duty, "declaration"));
  const base::Uuid& declared = declaration ? declaration->uuid : row.event.uuid;
  const auto day = std::chrono::floor<std::chrono::days>(row.at).time_since_epoch().count();
  const base::Digest digest =
      base::Sha256("declaration " + declared.ToString() + " " + std::to_string(day));
  return {*base::Uuid::FromBytes(base::AsBytes(digest).substr(0, 16))};
}

std::optional<store::QueueItem> ItemOf(const store::TrailRow& row, const audit::Headline& headline,
                                       const boost::json::value& duty) {
  const std::string cause = Text(duty, "cause");
  const auto kind = KindOf(Text(duty, "kind"), cause);
  if (!kind) return std::nullopt;
  store::QueueItem item{.id = record::QueueItemId::New(row.at),
                        .kind = *kind,
                        .person = record::PersonId::Parse(headline.person),
                        .leaf = store::LeafOrigin{row.origin, row.leaf, row.event},
                        .organisation = Text(duty, "organisation"),
                        .reason = cause,
                        .caused_by = row.user,
                        .held_for = Texts(duty, "held_for"),
                        .opened = row.at};
  if (*kind == store::QueueKind::kSelfDeclaredReview) item.leaf->event = CauseOf(row, duty);
  if (item.organisation.empty()) item.organisation = row.organisation;
  if (const boost::json::value* by = Member(duty, "by_micros"); by != nullptr && by->is_int64()) {
    item.due = base::Instant(std::chrono::microseconds(by->as_int64()));
  }
  return item;
}

std::vector<store::QueueItem> WorkFrom(const store::TrailRow& row, const audit::Headline& headline,
                                       const boost::json::value& what) {
  std::vector<store::QueueItem> work;
  const boost::json::value* duties = Member(what, "duties");
  if (duties == nullptr || !duties->is_array()) return work;
  for (const boost::json::value& duty : duties->as_array()) {
    if (auto item = ItemOf(row, headline, duty)) work.push_back(std::move(*item));
  }
  return work;
}

std::optional<DeclaredRelationship> DeclarationFrom(const store::TrailRow& row,
                                                    const audit::Headline& headline,
                                                    const boost::json::value& what) {
  if (row.kind != "view") return std::nullopt;
  const auto person = record::PersonId::Parse(headline.person);
  const auto organisation = record::OdsCode::Parse(row.organisation);
  if (!person || !organisation || Text(what, "declared_relationship").empty()) return std::nullopt;
  // Known by the event that declared it, however often it is read from the log.
  record::Evidence evidence{.id = {row.event.uuid},
                            .kind = record::EvidenceKind::kSelfDeclared,
                            .organisation = *organisation,
                            .user = Text(what, "user"),
                            .reference = row.user,
                            .period = {.from = row.at},
                            .said_by = row.origin + " " + std::to_string(row.leaf)};
  return DeclaredRelationship{*person, std::move(evidence)};
}

}  // namespace

Entailed EntailedBy(const store::TrailRow& row, const audit::Headline& headline,
                    std::string_view payload) {
  if (row.kind != "view" && row.kind != "emergency") return {};
  // Every view's payload is read here: its parts are given back at once.
  boost::json::monotonic_resource parts;
  boost::json::error_code failed;
  boost::json::parse_options options;
  options.max_depth = 64;
  const boost::json::value value = boost::json::parse(payload, failed, &parts, options);
  const boost::json::value* what = failed ? nullptr : Member(value, "what");
  if (what == nullptr) return {};
  return {WorkFrom(row, headline, *what), DeclarationFrom(row, headline, *what)};
}

}  // namespace milecastle::govern
