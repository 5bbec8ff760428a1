// One document, fetched at the moment of a call.
#include <memory>
#include <utility>

#include "base/log.h"
#include "gather/gather.h"

namespace milecastle::gather {
namespace {

bool IsUsable(Outcome outcome) {
  return outcome != Outcome::kInvalidAnswer && outcome != Outcome::kUnavailable;
}

// As if the document stood in an entry that came to be stored.
std::vector<std::string> LabelsOf(record::Document& document,
                                  const normalise::Normaliser& normaliser) {
  record::Entry entry;
  entry.kind = record::Kind::kDocument;
  entry.document = std::move(document);
  auto labels = normaliser.LabelsByWords(entry);
  document = *std::move(entry.document);
  return labels;
}

// On the pool.
void ReadFetched(LiveSource& source, const std::string& id, const Raw& raw,
                 const normalise::Normaliser& normaliser, Fetched& fetched) {
  fetched.bytes = raw.body.size();
  fetched.digest = base::Sha256(raw.body);
  DocumentReading reading = source.ReadDocument(raw, id);
  fetched.outcome = reading.outcome;
  fetched.document = std::move(reading.document);
  fetched.labels = LabelsOf(fetched.document, normaliser);
  source.Judge(IsUsable(fetched.outcome));
  if (fetched.outcome == Outcome::kInvalidAnswer) {
    base::Log(base::LogId::kLiveUnusable, {{"live", base::SafeText::Configured(source.name())}});
  }
}

}  // namespace

// The source answers by `until`, whatever becomes of the question: no timer is needed for one.
void Gather::Fetch(ToFetch what, FetchDone done) const {
  const std::shared_ptr<LiveSource> source = parts_->sources.at(what.source);
  const Question question{.nhs_number = what.nhs_number,
                          .requester = what.requester,
                          .purpose = what.purpose,
                          .sections = {record::Section::kDocuments},
                          .until = what.until};
  source->Fetch(
      question, what.id, [parts = parts_, source, id = what.id, done = std::move(done)](Raw raw) {
        const auto came = std::make_shared<std::pair<Raw, Fetched>>();
        came->second = {.outcome = raw.outcome, .at = parts->clock.Now(), .question = raw.question};
        const bool answered = raw.outcome == Outcome::kReturned;
        came->first = std::move(raw);
        const bool posted = parts->post([parts, source, id, came, answered, done] {
          if (answered) ReadFetched(*source, id, came->first, *parts->normaliser(), came->second);
          done(std::move(came->second));
        });
        if (posted) return;
        if (answered) source->Judge(true);
        done(base::Error{base::ErrorId::kOverloaded, "calls", "try again shortly"});
      });
}

}  // namespace milecastle::gather
