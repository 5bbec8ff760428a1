// Asks live sources at the moment of a view, all at once, and brings back what each of them gave by
// the time that the reader has.
//
// No thread waits. An answer is read on the pool, checked against the person who was asked about,
// normalised and encoded as if it were to be stored, and is not: it lives in memory until the view
// has left (GP Connect: Cache-Control no-store).
//
// A source may know a person by an id of its own alone: its answer to the first question tells it,
// is checked like any other, and is followed by a second one within the same time.
//
// What names another NHS number or birth date is somebody else's: nothing of it is used, and an
// alarm that holds no values is logged.
//
// Thread-safety: any thread. Failure: kOverloaded where the pool is full when all is there; a
// source's failure is its own Given.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/result.h"
#include "gather/live_source.h"
#include "normalise/normaliser.h"
#include "store/patients.h"
#include "store/records.h"

namespace milecastle::gather {

// Whose record is asked for, as the caller said and the index confirmed.
struct Person {
  record::NhsNumber nhs_number;
  record::BirthDate birth_date;
  std::string family_name;
};

// What one source gave to one view.
struct Given {
  record::OdsCode source;
  std::size_t place = 0;  // among the sources
  bool of_documents = false;
  Outcome outcome = Outcome::kTimedOut;
  base::Instant at;                    // when it answered, or was given up
  std::string question;                // the id under which it was asked
  std::string answer_id;               // the Bundle's, cut short
  std::optional<base::Digest> digest;  // of the answer's bytes, where one came
  std::size_t bytes = 0;

  // Of kReturned alone.
  bool name_differs = false;
  // Who it says the person is; belongs to no person. None: it holds nothing, and says nothing.
  std::optional<store::Identity> identity;
  std::string system;  // the record system whose records it gives
  std::vector<store::StoredEntry> entries;
  // Whatever the system said of these before is replaced.
  std::vector<record::Section> covers;
  std::vector<record::SectionStatement> statements;
  std::size_t not_carried = 0;  // parts of it that are none of these
  std::optional<record::LocationProtection> location_protection;
};

struct ToAsk {
  std::size_t source = 0;  // its place among the sources
  std::vector<record::Section> sections;
};

struct Asking {
  Person person;
  record::Requester requester;
  record::Purpose purpose = record::Purpose::kDirectCare;
  std::vector<ToAsk> whom;
  std::chrono::nanoseconds until{};  // on the monotonic clock: what comes later is not waited for
};

// One document of a source, which it listed for the person.
struct ToFetch {
  std::size_t source = 0;
  record::NhsNumber nhs_number;
  record::Requester requester;
  record::Purpose purpose = record::Purpose::kDirectCare;
  std::string id;                    // record::IsFhirId
  std::chrono::nanoseconds until{};  // as Asking's
};
struct Fetched {
  Outcome outcome = Outcome::kTimedOut;
  base::Instant at;
  std::string question;                // as Given's
  std::optional<base::Digest> digest;  // of the answer's bytes, where one came
  std::size_t bytes = 0;
  record::Document document;  // of kReturned alone
  // What the words in it give: whoever listed it had not read it.
  std::vector<std::string> labels = {};
};

struct GatherParts {
  LiveSources sources;
  std::function<std::shared_ptr<const normalise::Normaliser>()> normaliser;
  std::function<bool(std::function<void()>)> post;  // to the pool; false: it is full
  std::function<void(std::chrono::nanoseconds, std::function<void()>)> run_at;
  const base::Clock& clock;
};

class Gather {
 public:
  // In the order of Asking::whom.
  using Done = std::function<void(base::Result<std::vector<Given>>)>;

  explicit Gather(GatherParts parts)
      : parts_(std::make_shared<const GatherParts>(std::move(parts))) {}

  const LiveSources& sources() const { return parts_->sources; }
  // `done` runs once, on the pool; in an error perhaps elsewhere.
  void Ask(Asking asking, Done done) const;

  // `done` as Ask's.
  using FetchDone = std::function<void(base::Result<Fetched>)>;
  void Fetch(ToFetch what, FetchDone done) const;

 private:
  std::shared_ptr<const GatherParts> parts_;  // outlived by no question that is under way
};

}  // namespace milecastle::gather
