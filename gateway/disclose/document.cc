#include "disclose/document.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/json_writer.h"
#include "disclose/asking.h"
#include "disclose/demographics.h"
#include "disclose/facts_for.h"
#include "disclose/leaf.h"
#include "disclose/manifest.h"
#include "record/document_id.h"
#include "record/label_flow.h"
#include "record/labels.h"
#include "wire/entry.h"

namespace milecastle::disclose {
namespace {

constexpr std::string_view kNoSuch = "no_such_document";
constexpr std::string_view kTooLarge = "document_too_large";
constexpr std::string_view kStoredCopy = "stored_copy_shown";

// The entry that holds the document, or lists it, and its place among the segment's items.
struct Place {
  decide::Shown shown;
  record::Entry entry;
};

std::string AdviceOn(std::string_view why_not) {
  if (why_not == kNoSuch) {
    return "ask for a view, and name a document that it shows: by its entry id, or by its source "
           "and document id";
  }
  if (why_not == kTooLarge) return "it is larger than this gateway gives: ask its source for it";
  return "its source was asked and did not give it: see the reason, try again, or ask the source "
         "itself";
}

std::string TitleOf(const record::Entry& entry) {
  const auto named = std::find_if(entry.details.begin(), entry.details.end(),
                                  [](const auto& each) { return each.name == "attachment"; });
  if (named != entry.details.end()) return named->text;
  if (!entry.what.text.empty() || entry.what.codings.empty()) return entry.what.text;
  return entry.what.codings.front().display;
}

// A document of a practice, in the words of the entry that lists it.
record::Document Described(record::Document fetched, const record::Entry& listed) {
  fetched.title = TitleOf(listed);
  const auto size = record::DocumentSizeOf(listed);
  fetched.truncated = fetched.truncated || (size && *size > fetched.bytes.size());
  return fetched;
}

}  // namespace

// One call's way through the steps.
struct Documents::Work {
  DocumentRequest request;
  identify::Details details;
  Done done;
  std::chrono::nanoseconds until{};
  record::Section section = record::Section::kDocuments;  // in which it stands
  Live live;                                              // what sources gave
  bool is_old = false;  // its source could not be asked, or did not answer
  std::optional<gather::Fetched> fetched;
};

struct Documents::Loaded {
  std::shared_ptr<const decide::Decider> decider;
  Held held;
  std::unique_ptr<const decide::Decision> decision;  // at a fixed place: answers refer to it
  std::optional<Place> place;                        // none: not there, or not shown
};

// What a call ends with.
struct Documents::Ending {
  bool capped = false;
  std::string_view why_not;  // empty: the document is given
  record::Document document = {};
  base::Digest digest{};
};

namespace {

bool IsAskedFor(const DocumentRequest& request, const store::Segment& segment,
                const store::SegmentItem& item) {
  if (request.entry) return item.id == *request.entry;
  return item.number == 0 && segment.classes.at(item.entry_class).source == request.live->source;
}

// None where there is no such entry, or the decision does not show it whole.
base::Result<std::optional<Place>> FindPlace(const DocumentRequest& request,
                                             const decide::Decision& decision,
                                             const store::Segment& segment) {
  for (std::uint32_t position = 0; position < segment.items.size(); ++position) {
    const store::SegmentItem& item = segment.items[position];
    if (!IsAskedFor(request, segment, item)) continue;
    const auto shown = decision.Show(item.entry_class, position, EffectiveOf(item));
    if (!shown || shown->mask().Has(decide::MaskField::kDocuments)) continue;
    auto entry = wire::DecodeEntry(std::string_view(segment.bytes).substr(item.offset, item.size));
    if (!entry) return entry.error();
    if (request.live && record::DocumentIdOf(*entry) != request.live->id) continue;
    return std::optional<Place>(Place{*shown, std::move(*entry)});
  }
  return std::optional<Place>();
}

// Whose answer on its documents this is, of the practice that keeps it.
const gather::Given* ListingOf(const DocumentRequest& request, const Live& live) {
  const auto found =
      std::find_if(live.given.begin(), live.given.end(), [&](const gather::Given& given) {
        return given.of_documents && request.live && given.source == request.live->source;
      });
  return found == live.given.end() ? nullptr : &*found;
}

// What stands in the document counts for the entry that lists it, as if it had come with it.
void LabelListed(const gather::Fetched& fetched, const LiveDocument& asked, Live& live) {
  if (fetched.labels.empty()) return;
  for (gather::Given& given : live.given) {
    if (!given.of_documents || given.source != asked.source) continue;
    for (store::StoredEntry& entry : given.entries) {
      const auto listed = wire::DecodeEntry(entry.bytes);
      if (!listed || record::DocumentIdOf(*listed) != asked.id) continue;
      record::AddLabels(fetched.labels, entry.entry_class);
    }
  }
}

// Of what was asked for, and of what came.
std::string LeafOf(const DocumentRequest& request, const std::optional<gather::Fetched>& fetched,
                   std::string_view outcome, const record::Document* given,
                   const base::Digest& digest) {
  base::JsonWriter leaf(512);
  leaf.Open('{').Key("entry").Word(request.entry ? request.entry->ToString() : "");
  leaf.Key("source").Word(request.live ? request.live->source.text() : "");
  leaf.Key("id").Text(request.live ? request.live->id : "");
  leaf.Key("outcome").Word(outcome);
  if (given != nullptr) {
    leaf.Key("media_type").Text(given->media_type).Key("bytes").Number(given->bytes.size());
    leaf.Key("sha256").Word(base::ToHex(base::AsBytes(digest)));
    leaf.Key("truncated").Flag(given->truncated);
  }
  if (fetched) {
    leaf.Key("question").Text(fetched->question).Key("at").Time(fetched->at);
    leaf.Key("answered").Word(gather::KeyOf(fetched->outcome));
    leaf.Key("answer_sha256");
    leaf.Word(fetched->digest ? base::ToHex(base::AsBytes(*fetched->digest)) : "");
    leaf.Key("answer_bytes").Number(fetched->bytes);
  }
  if (given != nullptr) leaf.Key("retained").Flag(!fetched);
  leaf.Close('}');
  return std::move(leaf).Take();
}

}  // namespace

Documents::Documents(store::Store& store, audit::Appender& log, const decide::InForce& policy,
                     const base::Clock& clock, GuessLimit& guesses, Options options)
    : store_(store),
      log_(log),
      policy_(policy),
      clock_(clock),
      guesses_(guesses),
      options_(std::move(options)),
      organisations_(Organisations(options_.sources, options_.live)) {}

base::Result<Documents::Loaded> Documents::Load(const Work& work) const {
  Loaded loaded{.decider = policy_.Get()};
  auto snapshot = store_.Read();
  if (!snapshot) return snapshot.error();
  auto held = LoadHeld(**snapshot, work.details);
  if (!held) return held.error();
  loaded.held = std::move(*held);
  snapshot->reset();
  if (!work.live.given.empty()) Merge(work.live.given, loaded.held);
  auto decision = DecideOn(*loaded.decider, RequestOf(work.request.view), loaded.held,
                           organisations_, clock_.Now());
  if (!decision) return decision.error();
  loaded.decision = std::make_unique<const decide::Decision>(std::move(*decision));
  auto place = FindPlace(work.request, *loaded.decision, *loaded.held.segment);
  if (!place) return place.error();
  loaded.place = std::move(*place);
  return loaded;
}

void Documents::Get(const DocumentRequest& request, Done done) {
  const auto details = identify::ReadDetails(request.view.person);
  if (!details) return done(details.error());
  const auto work = std::make_shared<Work>(
      Work{.request = request,
           .details = *details,
           .done = std::move(done),
           .until = LiveUntil(request.view, clock_.Monotonic(), options_.live_limit)});
  const auto loaded = Load(*work);
  if (!loaded) return work->done(loaded.error());
  // A refusal asks nobody (safety.md 9); nor does what is not there to be shown.
  const bool may_ask = options_.live != nullptr && loaded->decision->permitted();
  if (may_ask && request.live) return Ask(work, *loaded, record::Section::kDocuments);
  if (may_ask && loaded->place && loaded->place->entry.document) {
    return Ask(work, *loaded, loaded->place->entry.section);
  }
  End(work, *loaded);
}

void Documents::Ask(const WorkPtr& work, const Loaded& loaded, record::Section section) {
  work->section = section;
  const DocumentRequest& request = work->request;
  const decide::Decision& decision = *loaded.decision;
  // Of what is permitted this spends nothing, so that it may be asked again.
  const bool capped = IsCapped(request.view, decision, guesses_);
  const record::OdsCode& source =
      request.live ? request.live->source
                   : decision.classes()[loaded.place->shown.entry_class()].entry_class.source;
  LivePlan plan = PlanFor(decision, loaded.held, options_.live->sources(), source);
  if (capped || plan.whom.empty()) return End(work, loaded);
  if (work->until < clock_.Monotonic() + kTooShort) {
    work->is_old = true;
    return End(work, loaded, request.live ? ReasonOf(gather::Outcome::kNoTime) : "");
  }
  options_.live->Ask(
      {.person = {work->details.nhs_number, work->details.birth_date, work->details.family_name},
       .requester = request.view.requester,
       .purpose = request.view.purpose,
       .whom = std::move(plan.whom),
       .until = work->until},
      [this, work](base::Result<std::vector<gather::Given>> given) {
        if (!given) return work->done(given.error());
        Asked(work, std::move(*given));
      });
}

void Documents::Asked(const WorkPtr& work, std::vector<gather::Given> given) {
  work->is_old = std::any_of(given.begin(), given.end(), [&](const gather::Given& each) {
    const auto& covers = options_.live->sources()[each.place]->sections();
    return each.outcome != gather::Outcome::kReturned &&
           std::find(covers.begin(), covers.end(), work->section) != covers.end();
  });
  work->live.given = std::move(given);
  const auto loaded = Load(*work);
  if (!loaded) return work->done(loaded.error());
  const bool fetches = work->request.live && loaded->place && WhyNot(*work, *loaded).empty();
  if (fetches) return Fetch(work, *loaded);
  End(work, *loaded);
}

void Documents::Fetch(const WorkPtr& work, const Loaded& loaded) {
  if (work->until < clock_.Monotonic() + kTooShort) {
    return End(work, loaded, ReasonOf(gather::Outcome::kNoTime));
  }
  options_.live->Fetch({.source = ListingOf(work->request, work->live)->place,
                        .nhs_number = work->details.nhs_number,
                        .requester = work->request.view.requester,
                        .purpose = work->request.view.purpose,
                        .id = work->request.live->id,
                        .until = work->until},
                       [this, work](base::Result<gather::Fetched> fetched) {
                         if (!fetched) return work->done(fetched.error());
                         work->fetched = std::move(*fetched);
                         LabelListed(*work->fetched, *work->request.live, work->live);
                         const auto again = Load(*work);
                         if (!again) return work->done(again.error());
                         End(work, *again);
                       });
}

// Empty: it may be given, or, where it is a practice's and not here yet, fetched.
std::string_view Documents::WhyNot(const Work& work, const Loaded& loaded) const {
  const gather::Given* const listing = ListingOf(work.request, work.live);
  if (listing != nullptr && listing->outcome != gather::Outcome::kReturned) {
    return ReasonOf(listing->outcome);
  }
  if (!loaded.place || (work.request.live && listing == nullptr)) return kNoSuch;
  const record::Entry& entry = loaded.place->entry;
  if (!work.request.live) {
    if (!entry.document || entry.document->bytes.empty()) return kNoSuch;
    return entry.document->bytes.size() > options_.longest ? kTooLarge : "";
  }
  if (record::DocumentSizeOf(entry).value_or(0) > options_.longest) return kTooLarge;
  if (!work.fetched) return {};
  if (work.fetched->outcome != gather::Outcome::kReturned) return ReasonOf(work.fetched->outcome);
  return work.fetched->document.bytes.size() > options_.longest ? kTooLarge : "";
}

void Documents::End(const WorkPtr& work, const Loaded& loaded, std::string_view why_not) {
  Ending ending{.capped = IsCapped(work->request.view, *loaded.decision, guesses_),
                .why_not = why_not};
  if (ending.why_not.empty()) ending.why_not = WhyNot(*work, loaded);
  if (ending.why_not.empty()) {
    const record::Entry& entry = loaded.place->entry;
    ending.document =
        work->fetched ? Described(std::move(work->fetched->document), entry) : *entry.document;
    ending.digest = base::Sha256(ending.document.bytes);
  }
  Give(work, loaded, std::move(ending));
}

void Documents::Give(const WorkPtr& work, const Loaded& loaded, Ending ending) {
  const decide::Decision& decision = *loaded.decision;
  const bool shows = !ending.capped && decision.permitted();
  auto sealed = Seal(*work, loaded, ending);
  if (!sealed) return work->done(sealed.error());
  const bool gives = shows && ending.why_not.empty();
  Dispatch(log_, clock_.Now(), {KindOf(decision, ending.capped), std::move(*sealed), !gives},
           work->done);
}

base::Result<Sealed> Documents::Seal(const Work& work, const Loaded& loaded,
                                     const Ending& ending) const {
  const decide::Decision& decision = *loaded.decision;
  const Held& held = loaded.held;
  const ViewRequest& view = work.request.view;
  const auto leaf = [&](std::string_view outcome, const record::Document* given = nullptr) {
    return LeafOf(work.request, work.fetched, outcome, given, ending.digest);
  };
  if (ending.capped) return SealCapped(view, decision, held, work.live, leaf("refused"));
  if (!decision.permitted()) return SealRefusal(view, decision, held, work.live, leaf("refused"));
  Answer answer(decision, *held.segment);
  if (!ending.why_not.empty()) {
    return std::move(answer).SealRefusal(
        std::string(ending.why_not), AdviceOn(ending.why_not), [&](const base::Digest& response) {
          return Describe(view, decision, held, work.live,
                          {.response = response, .document = leaf(ending.why_not)});
        });
  }
  const decide::Shown& shown = loaded.place->shown;
  if (auto added = answer.Add(shown); !added) return added.error();
  const record::EntryClass& entry_class = held.segment->classes.at(shown.entry_class());
  const bool masked = shown.mask().Has(decide::MaskField::kSource);
  wire::ShownDocument given{.source = masked ? "" : entry_class.source.text(),
                            .document = ending.document,
                            .digest = ending.digest,
                            .fetched = work.fetched.has_value(),
                            .warnings = WarningsOf(decision, held),
                            .duties = DutiesOf(decision),
                            .rule = decision.RuleForReader(decision.Of(shown.entry_class())),
                            .untraced = record::IsUntraced(entry_class)};
  if (NameDiffers(decision, work.live)) WarnOnce(given.warnings, "family_name_differs");
  if (work.is_old) WarnOnce(given.warnings, std::string(kStoredCopy));
  const std::vector<std::uint64_t> numbers = answer.numbers();
  return std::move(answer).SealDocument(given, [&](const base::Digest& response) {
    return Describe(view, decision, held, work.live,
                    {.entries = numbers,
                     .response = response,
                     .document = leaf("given", &ending.document),
                     .document_of = entry_class.source});
  });
}

}  // namespace milecastle::disclose
