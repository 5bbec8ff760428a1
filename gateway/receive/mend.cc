#include "inside/mend.h"

#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "inside/commit.h"
#include "inside/same_patients.h"

namespace milecastle::receive {
namespace {

using port::Disposition;
using store::JournalRow;
using store::QueueKind;

base::Error Refused(base::ErrorId id, std::string place, std::string advice) {
  return {id, std::move(place), std::move(advice)};
}

class Mender {
 public:
  Mender(store::Transaction& transaction, const Message& message, JournalRow wrong,
         const MendedBy& by)
      : transaction_(transaction), message_(message), wrong_(std::move(wrong)), by_(by) {}

  base::Result<Mended> Replay() {
    if (IsConflict(wrong_)) {
      return Refused(base::ErrorId::kConflict, "control id",
                     "an earlier message had it with other content: correct it, with a control id "
                     "of its own, or close it");
    }
    auto mended = Take();
    if (!mended) return mended;
    mended->row = Merged(mended->row);
    if (auto set = transaction_.journal().SetRead(mended->row); !set) return set.error();
    return mended;
  }

  base::Result<Mended> Correct(const Message& before) {
    if (message_.refused) return *message_.refused;
    if (!wrong_.organisation.empty() && wrong_.organisation != message_.source->text()) {
      return Refused(base::ErrorId::kSenderNotAllowed, "sending organisation",
                     "a correction speaks for the organisation that the message spoke for");
    }
    if (!SpeakOfTheSame(before, message_)) {
      return Refused(base::ErrorId::kConflict, "patient identifiers",
                     "a correction names the patients whom the message named: close it, and let "
                     "the sender send what is right as a new message");
    }
    auto mended = Take();
    if (!mended) return mended;
    if (auto kept = transaction_.journal().Append(mended->row); !kept) return kept.error();
    return mended;
  }

 private:
  // Settles whoever is owed, and closes what was asked of them.
  base::Result<Mended> Take() {
    if (message_.refused) return *message_.refused;
    if (auto free = CheckControlId(); !free) return free.error();
    if (!wrong_.patients.empty() && wrong_.patients.size() != message_.patients.size()) {
      return Refused(base::ErrorId::kConflict, "message",
                     "it is not read as speaking of as many patients as when it came");
    }
    auto asked = transaction_.queues().OfMessage(wrong_.id);
    if (!asked) return asked.error();
    const auto outcome = TakePatients(transaction_, message_, {Owed(), {}});
    if (!outcome) return outcome.error();
    if (auto closed = CloseAll(*asked); !closed) return closed.error();
    return MendedOf(*outcome);
  }

  // Another message of the control id that was taken since, or before, says what this one would.
  base::Result<void> CheckControlId() {
    const std::string& control_id = message_.envelope.control_id;
    if (control_id.empty()) return {};
    const auto newest = transaction_.journal().FindByControlId(
        message_.feed->name, control_id, message_.received - message_.feed->duplicate_window);
    if (!newest) return newest.error();
    if (!*newest || !WasTaken(**newest)) return {};
    const auto same =
        transaction_.journal().FindRepeated({message_.feed->name, control_id, (*newest)->digest});
    if (!same) return same.error();
    for (const JournalRow& row : *same) {
      if (!WasTaken(row) || row.id == wrong_.id) continue;
      return Refused(
          base::ErrorId::kConflict, "control id",
          "another message of it was taken: close this one, or correct it with a control "
          "id of its own");
    }
    return {};
  }

  // Empty: all whom it speaks of.
  std::set<std::uint32_t> Owed() const {
    std::set<std::uint32_t> owed;
    for (std::size_t i = 0; i < wrong_.patients.size(); ++i) {
      if (wrong_.patients[i].disposition == NameOf(Disposition::kQuarantined)) {
        owed.insert(static_cast<std::uint32_t>(i + 1));
      }
    }
    return owed;
  }

  base::Result<void> CloseAll(const std::vector<store::QueueItem>& asked) {
    for (const store::QueueItem& item : asked) {
      if (item.closed || !item.IsOfItsMessageAlone()) continue;
      auto closed = transaction_.queues().Close(item.id, "mended", by_.user, by_.at);
      if (!closed) return closed;
    }
    return {};
  }

  Mended MendedOf(const port::Outcome& outcome) const {
    Mended mended;
    JournalRow& row = mended.row;
    row.id = message_.id;
    row.feed = message_.feed->name;
    row.control_id = message_.envelope.control_id;
    row.event = message_.envelope.event;
    row.sender = message_.envelope.sender;
    row.received = message_.received;
    row.digest = message_.digest;
    row.bytes = message_.bytes;
    row.organisation = message_.source->text();
    FillOutcome(row, outcome);
    mended.held_back = HeldBack(outcome);
    return mended;
  }

  // Of those who were taken: what they have, and was not given.
  std::size_t HeldBack(const port::Outcome& outcome) const {
    std::size_t held = 0;
    for (std::size_t i = 0; i < message_.patients.size(); ++i) {
      const port::PatientOutcome alone{outcome.disposition, outcome.error, outcome.entries};
      const port::PatientOutcome& of = outcome.patients.empty() ? alone : outcome.patients[i];
      if (of.disposition != Disposition::kAccepted) continue;
      held += message_.patients[i].entries.size() - of.entries;
    }
    return held;
  }

  // The row as it was, with what became of those who were owed.
  JournalRow Merged(JournalRow now) const {
    if (wrong_.patients.empty()) return now;
    std::vector<std::string_view> dispositions;
    now.entries = 0;
    for (std::size_t i = 0; i < now.patients.size(); ++i) {
      auto& patient = now.patients[i];
      if (patient.disposition == NameOf(Disposition::kDuplicate)) patient = wrong_.patients[i];
      dispositions.emplace_back(patient.disposition);
      now.entries += patient.entries;
    }
    const auto& gravest = now.patients[store::GravestOf(dispositions)];
    now.disposition = gravest.disposition;
    now.error_name = gravest.error_name;
    now.error_place = gravest.error_place;
    now.error_advice = gravest.error_advice;
    now.not_carried.insert(now.not_carried.end(), wrong_.not_carried.begin(),
                           wrong_.not_carried.end());
    return now;
  }

  store::Transaction& transaction_;
  const Message& message_;
  const JournalRow wrong_;
  const MendedBy& by_;
};

// Nothing: nobody is to look at it.
base::Result<std::optional<JournalRow>> OpenRow(store::Transaction& transaction,
                                                const record::MessageId& id) {
  auto row = transaction.journal().Find(id);
  if (!row) return row.error();
  if (!*row) return Refused(base::ErrorId::kNotFound, "message_id", "there is none of that id");
  const auto asked = transaction.queues().OfMessage(id);
  if (!asked) return asked.error();
  if (store::NamesProtected(*asked)) {
    return Refused(base::ErrorId::kNotPermitted, "message_id", "the identity team works it");
  }
  if (!IsOpen(**row)) return std::optional<JournalRow>();
  return row;
}

}  // namespace

base::Result<Mended> Replay(store::Transaction& transaction, const Message& message,
                            const MendedBy& by) {
  auto row = OpenRow(transaction, message.id);
  if (!row) return row.error();
  if (*row) return Mender(transaction, message, std::move(**row), by).Replay();
  auto now = transaction.journal().Find(message.id);
  if (!now) return now.error();
  return Mended{.row = std::move(**now), .held_back = 0, .changed = false};
}

base::Result<Mended> Correct(store::Transaction& transaction, const Correction& correction,
                             const MendedBy& by) {
  auto row = OpenRow(transaction, correction.wrong.id);
  if (!row) return row.error();
  if (*row)
    return Mender(transaction, correction.message, std::move(**row), by).Correct(correction.wrong);
  return Refused(base::ErrorId::kConflict, "message_id", "somebody is done with it: look again");
}

}  // namespace milecastle::receive
