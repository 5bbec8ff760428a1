// A port: one live source, as the composition root puts it together from a transport and an
// adapter.
//
// Thread-safety: every method may be called from any thread. Failure: in the Raw or Reading.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "gather/outcome.h"
#include "record/contribution.h"
#include "record/entry.h"
#include "record/identifiers.h"
#include "record/requester.h"
#include "record/sections.h"

namespace milecastle::gather {

struct Question {
  record::NhsNumber nhs_number;
  record::Requester requester;
  record::Purpose purpose = record::Purpose::kDirectCare;
  std::vector<record::Section> sections;  // of those that it can be asked for; never empty
  std::chrono::nanoseconds until{};       // on the monotonic clock
  std::string person_id;  // what the source calls the person; empty: it has not told us yet
};

// What came over the wire. Held for one view alone, and written nowhere (Cache-Control: no-store).
struct Raw {
  Outcome outcome = Outcome::kUnavailable;  // kReturned: an answer came, of whatever kind; read it
  std::string question;                     // the id under which it was asked; empty: it was not
  int status = 0;
  std::string body;
  std::string person_id;  // as the question's
};

struct Reading {
  Outcome outcome = Outcome::kInvalidAnswer;
  std::string answer_id;  // as the source gave it
  bool is_to_our_question = true;
  std::optional<record::Contribution> contribution;  // there where it is kReturned
  // It has nothing of what it was asked for, and names nobody.
  bool holds_nothing = false;
  // The source answers by an id of its own, and this is it: it is to be asked again, by it. What
  // the contribution says of the person is held against them all the same.
  std::string ask_again_by = {};
};

// The bytes of one document.
struct DocumentReading {
  Outcome outcome = Outcome::kInvalidAnswer;
  record::Document document;  // of kReturned
};

class LiveSource {
 public:
  virtual ~LiveSource() = default;
  virtual const std::string& name() const = 0;  // configured
  // Whose keys its contributions have (record/record_system.h); empty: none's.
  virtual std::string record_system() const { return {}; }
  virtual const record::OdsCode& organisation() const = 0;
  virtual const std::vector<record::Section>& sections() const = 0;  // that it may be asked for

  // Waits for nothing. `done` runs once, on any thread, at once or by `until`, and returns soon.
  virtual void Ask(const Question& question, std::function<void(Raw)> done) = 0;
  // Pure: bytes to a contribution.
  virtual Reading Read(const Raw& raw) const = 0;
  // After each Raw that is kReturned, once: whether it could be used.
  virtual void Judge(bool usable) = 0;

  // A source of documents lists them as entries with a record::kDocumentId, and gives each of them
  // by that id; it answers for no section as a whole.
  virtual bool gives_documents() const { return false; }
  // As Ask and Read, of one document that it listed for this person.
  virtual void Fetch(const Question& /*question*/, const std::string& /*id*/,
                     std::function<void(Raw)> done) {
    done({.outcome = Outcome::kRefused});
  }
  virtual DocumentReading ReadDocument(const Raw& /*raw*/, const std::string& /*id*/) const {
    return {};
  }
};
using LiveSources = std::vector<std::shared_ptr<LiveSource>>;

}  // namespace milecastle::gather
