#include "inside/commit.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "inside/event.h"
#include "inside/settle.h"

namespace milecastle::receive {
namespace {

using port::Disposition;

// Only what was taken makes a later one a duplicate: what was rejected may be mended and sent
// again.
bool WasTaken(const store::JournalRow& row) {
  return row.disposition != NameOf(Disposition::kRejected);
}

// To the row of the message, or of one patient of it.
template <class Row>
void Note(const base::Error& error, Row& row) {
  row.error_name = std::string(base::LineOf(error.id).name);
  row.error_place = error.place;
  row.error_advice = error.advice;
}

std::vector<store::JournalPatient> RowsOf(const std::vector<port::PatientOutcome>& patients) {
  std::vector<store::JournalPatient> rows;
  for (const port::PatientOutcome& patient : patients) {
    auto& row = rows.emplace_back();
    row.disposition = std::string(NameOf(patient.disposition));
    row.entries = static_cast<std::uint32_t>(patient.entries);
    if (patient.error) Note(*patient.error, row);
  }
  return rows;
}

class Committer {
 public:
  Committer(store::Transaction& transaction, const Message& message)
      : transaction_(transaction), message_(message) {
    outcome_.message = message.id;
  }

  base::Result<port::Outcome> Commit() {
    const auto before = TakenBefore();
    if (!before) return before.error();
    if (message_.refused) {
      // A rejected message must not hide that its control id was taken.
      hide_control_id_ = before->has_value();
      return Whole({Disposition::kRejected, *message_.refused});
    }
    if (*before && (*before)->digest == message_.digest) return Whole({Disposition::kDuplicate});
    if (*before) return Conflict();
    return Patients();
  }

 private:
  base::Result<std::optional<store::JournalRow>> TakenBefore() {
    const std::string& control_id = message_.envelope.control_id;
    if (control_id.empty()) return std::optional<store::JournalRow>();
    auto row = transaction_.journal().FindByControlId(
        message_.feed->name, control_id, message_.received - message_.feed->duplicate_window);
    if (row && *row && !WasTaken(**row)) return std::optional<store::JournalRow>();
    return row;
  }

  base::Result<port::Outcome> Conflict() {
    auto asked =
        Ask(transaction_, message_, {store::QueueKind::kConflictingDuplicate, "same_control_id"});
    if (!asked) return asked.error();
    return Whole({Disposition::kQuarantined,
                  base::Error{base::ErrorId::kConflict, "control id",
                              "an earlier message had it with other content: give each message its "
                              "own"}});
  }

  // One outcome for the message as it stands, whoever it speaks of.
  base::Result<port::Outcome> Whole(port::PatientOutcome outcome) {
    outcome_.disposition = outcome.disposition;
    outcome_.error = outcome.error;
    if (auto audited = Audit({.outcome = std::move(outcome), .whose = {}}); !audited) {
      return audited.error();
    }
    return Journal();
  }

  // One after the other, in the message's order: a later one may speak of whom an earlier one made.
  base::Result<port::Outcome> Patients() {
    std::vector<port::PatientOutcome> patients;
    for (const Patient& patient : message_.patients) {
      const auto happened = Settle(transaction_, message_, patient);
      if (!happened) return happened.error();
      if (auto audited = Audit(*happened); !audited) return audited.error();
      patients.push_back(happened->outcome);
      outcome_.entries += happened->outcome.entries;
      if (happened->outcome.disposition == Disposition::kQuarantined) continue;
      const auto& left = patient.contribution.not_carried;
      std::copy(left.begin(), left.end(), std::back_inserter(outcome_.not_carried));
    }
    const auto rows = RowsOf(patients);
    const auto gravest = static_cast<std::size_t>(&store::GravestOf(rows) - rows.data());
    outcome_.disposition = patients[gravest].disposition;
    outcome_.error = patients[gravest].error;
    if (patients.size() > 1) outcome_.patients = std::move(patients);
    return Journal();
  }

  base::Result<void> Audit(const Happened& happened) {
    return transaction_.outbox().Add(EventOf(message_, happened));
  }

  base::Result<port::Outcome> Journal() {
    if (auto kept = transaction_.journal().Append(Row()); !kept) return kept.error();
    return std::move(outcome_);
  }

  store::JournalRow Row() const {
    store::JournalRow row;
    row.id = message_.id;
    row.feed = message_.feed->name;
    if (!hide_control_id_) row.control_id = message_.envelope.control_id;
    row.event = message_.envelope.event;
    row.sender = message_.envelope.sender;
    row.disposition = std::string(NameOf(outcome_.disposition));
    if (outcome_.error) Note(*outcome_.error, row);
    row.received = message_.received;
    row.digest = message_.digest;
    row.entries = static_cast<std::uint32_t>(outcome_.entries);
    row.not_carried = outcome_.not_carried;
    row.bytes = message_.bytes;
    row.patients = RowsOf(outcome_.patients);
    return row;
  }

  store::Transaction& transaction_;
  const Message& message_;
  port::Outcome outcome_;
  bool hide_control_id_ = false;
};

}  // namespace

base::Result<port::Outcome> Commit(store::Transaction& transaction, const Message& message) {
  return Committer(transaction, message).Commit();
}

}  // namespace milecastle::receive
