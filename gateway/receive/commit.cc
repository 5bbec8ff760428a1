#include "inside/commit.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "identify/claim.h"
#include "inside/event.h"
#include "inside/settle.h"
#include "port/told.h"

namespace milecastle::receive {
namespace {

using port::Disposition;

constexpr const char* kControlId = "control id";

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

// A patient of a message that is taken again, who was settled or is asked of, is a duplicate.
base::Result<Happened> SettleOne(store::Transaction& transaction, const Message& message,
                                 const Patient& patient, const std::set<std::uint32_t>& only) {
  if (only.empty() || only.contains(patient.number)) return Settle(transaction, message, patient);
  return Happened{.outcome = {Disposition::kDuplicate},
                  .not_carried = 0,
                  .patient = patient.number,
                  .whose = {}};
}

// Of what came late, and is shown to nobody. That it is older is known by whose it is: its sender
// is not told (told.h).
record::NotCarried LineOfOlder(const Happened& happened) {
  std::string place = "message";
  if (happened.patient != 0) place = "patient[" + std::to_string(happened.patient) + "]";
  return {std::move(place), std::to_string(happened.older) +
                                " of its parts are an older version than what stands: kept as "
                                "history, and not current"};
}

// What was said of a patient in a row before: nothing, or a fault of the form.
bool WasToldAsTaken(const store::JournalRow& row, std::uint32_t patient) {
  const auto is_apart = [](const auto& one) {
    return one.error_name == base::LineOf(base::ErrorId::kConflict).name &&
           one.error_place == port::kKeptApart;
  };
  const auto is_told = [&](const auto& one) { return one.error_name.empty() || is_apart(one); };
  if (patient == 0 || patient > row.patients.size()) return is_told(row);
  return is_told(row.patients[patient - 1]);
}

// Whoever is held, it waits, if it speaks of anybody: that is of its form.
bool NamesNobody(const record::PatientClaim& claim) {
  return claim.local_identifiers.empty() && !identify::UsableNumber(claim);
}

// Of who is kept apart it is told what was not carried, as of who waits.
bool IsUnread(const port::PatientOutcome& outcome) {
  return outcome.disposition == Disposition::kQuarantined &&
         !port::IsKeptApart(outcome.disposition, outcome.error);
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
    if (!*before) return Patients();
    const auto repeated = Repeated();
    if (!repeated) return repeated.error();
    if (repeated->empty() && (*before)->digest != message_.digest) return Conflict();
    if (auto opened = FindOpened(*repeated); !opened) return opened.error();
    return opened_.patients.empty() ? Whole({Disposition::kDuplicate}) : Patients();
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

  // What this message repeats: these very bytes, whatever else came under its control id since.
  base::Result<std::vector<store::JournalRow>> Repeated() {
    auto rows = transaction_.journal().FindRepeated(
        {message_.feed->name, message_.envelope.control_id, message_.digest});
    if (!rows) return rows.error();
    std::erase_if(*rows, [](const store::JournalRow& row) { return !WasTaken(row); });
    return rows;
  }

  // Of bytes that were taken before, the patients who were quarantined and of whom nobody is asked
  // any more. They are taken again: what stood against them may be gone, as after a severing that
  // was undone, and the sender was told AA. Of the others nothing is done twice.
  base::Result<void> FindOpened(const std::vector<store::JournalRow>& before) {
    for (const Patient& patient : message_.patients) {
      const auto open = OpenAgain(before, patient.number);
      if (!open) return open.error();
      if (*open == nullptr) continue;
      opened_.patients.insert(patient.number);
      if (WasToldAsTaken(**open, patient.number)) opened_.told_as_taken.insert(patient.number);
    }
    return {};
  }

  // The newest row that says what became of the patient, where they are taken again.
  base::Result<const store::JournalRow*> OpenAgain(const std::vector<store::JournalRow>& rows,
                                                   std::uint32_t patient) {
    constexpr const store::JournalRow* kNone = nullptr;
    for (const store::JournalRow& row : rows) {
      const auto stands = DispositionOf(row, patient);
      if (!stands || stands == NameOf(Disposition::kDuplicate)) continue;
      if (stands != NameOf(Disposition::kQuarantined) || IsConflict(row)) return kNone;
      const auto items = transaction_.queues().OfMessage(row.id);
      if (!items) return items.error();
      const bool is_asked = std::any_of(items->begin(), items->end(), [&](const auto& item) {
        return !item.closed && item.patient == patient;
      });
      return is_asked ? kNone : &row;
    }
    return kNone;
  }

  base::Result<port::Outcome> Conflict() {
    auto asked =
        Ask(transaction_, message_, {store::QueueKind::kConflictingDuplicate, "same_control_id"});
    if (!asked) return asked.error();
    return Whole({Disposition::kQuarantined,
                  base::Error{base::ErrorId::kConflict, kControlId,
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

  base::Result<port::Outcome> Patients() {
    auto outcome = TakePatients(transaction_, message_, opened_);
    if (!outcome) return outcome.error();
    outcome_ = std::move(*outcome);
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
    row.received = message_.received;
    row.digest = message_.digest;
    row.bytes = message_.bytes;
    FillOutcome(row, outcome_);
    if (message_.source) row.organisation = message_.source->text();
    return row;
  }

  store::Transaction& transaction_;
  const Message& message_;
  port::Outcome outcome_;
  Again opened_;  // nobody: the message is new, or a duplicate
  bool hide_control_id_ = false;
};

}  // namespace

// Only what was taken makes a later one a duplicate: what was rejected may be mended and sent
// again.
bool WasTaken(const store::JournalRow& row) {
  return row.disposition != NameOf(Disposition::kRejected);
}

bool IsConflict(const store::JournalRow& row) {
  return row.error_name == base::LineOf(base::ErrorId::kConflict).name &&
         row.error_place == kControlId;
}

void FillOutcome(store::JournalRow& row, const port::Outcome& outcome) {
  row.disposition = std::string(NameOf(outcome.disposition));
  row.error_name.clear();
  row.error_place.clear();
  row.error_advice.clear();
  if (outcome.error) Note(*outcome.error, row);
  row.entries = static_cast<std::uint32_t>(outcome.entries);
  row.not_carried = outcome.not_carried;
  row.not_carried.insert(row.not_carried.end(), outcome.untold.begin(), outcome.untold.end());
  row.patients = RowsOf(outcome.patients);
}

base::Result<port::Outcome> TakePatients(store::Transaction& transaction, const Message& message,
                                         const Again& again) {
  port::Outcome outcome;
  outcome.message = message.id;
  std::vector<port::PatientOutcome> patients;
  std::vector<std::string_view> dispositions;
  for (const Patient& patient : message.patients) {
    auto happened = SettleOne(transaction, message, patient, again.patients);
    if (!happened) return happened.error();
    happened->outcome.repeated = again.told_as_taken.contains(patient.number);
    if (auto audited = transaction.outbox().Add(EventOf(message, *happened)); !audited) {
      return audited.error();
    }
    patients.push_back(happened->outcome);
    dispositions.push_back(NameOf(happened->outcome.disposition));
    outcome.entries += happened->outcome.entries;
    outcome.read += happened->outcome.read;
    if (IsUnread(happened->outcome) || happened->outcome.disposition == Disposition::kDuplicate) {
      continue;
    }
    const auto& left = patient.contribution.not_carried;
    auto& lines = happened->outcome.repeated ? outcome.untold : outcome.not_carried;
    std::copy(left.begin(), left.end(), std::back_inserter(lines));
    if (NamesNobody(patient.contribution.patient) &&
        happened->outcome.disposition != Disposition::kAccepted) {
      lines.push_back(
          {"patient", "it has no identifier that can be used: an officer is asked whose it is"});
    }
    if (happened->older > 0) outcome.untold.push_back(LineOfOlder(*happened));
  }
  const port::PatientOutcome& gravest = patients[store::GravestOf(dispositions)];
  outcome.disposition = gravest.disposition;
  outcome.error = gravest.error;
  outcome.repeated = gravest.repeated;
  if (patients.size() > 1) outcome.patients = std::move(patients);
  return outcome;
}

base::Result<port::Outcome> Commit(store::Transaction& transaction, const Message& message) {
  return Committer(transaction, message).Commit();
}

}  // namespace milecastle::receive
