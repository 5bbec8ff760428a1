#include "receive/intake.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>
#include <vector>

#include "base/log.h"
#include "inside/commit.h"
#include "inside/mend.h"
#include "inside/sequencer.h"
#include "inside/settle.h"
#include "port/told.h"

namespace milecastle::receive {

class Intake::Inside : public std::enable_shared_from_this<Intake::Inside> {
 public:
  explicit Inside(IntakeParts parts)
      : parts_(std::move(parts)), sequencer_(std::make_shared<Sequencer>(parts_.store)) {}

  bool TryTake(std::shared_ptr<const port::Feed> feed, std::string& bytes, port::OnReceived& done) {
    auto taken = std::make_shared<Taken>();
    {
      const std::lock_guard lock(mutex_);
      if (draining_ || !HasRoomFor(bytes.size())) return false;
      Begin(*taken, std::move(feed), std::move(bytes), std::move(done));
    }
    Post(std::move(taken));
    return true;
  }

  // Whatever the budget: there is no whole message to hold back.
  void Refuse(std::shared_ptr<const port::Feed> feed, std::string head, base::Error why,
              port::OnReceived done) {
    auto taken = std::make_shared<Taken>();
    taken->message.refused = std::move(why);
    {
      const std::lock_guard lock(mutex_);
      Begin(*taken, std::move(feed), std::move(head), std::move(done));
    }
    Post(std::move(taken));
  }

  void WhenRoom(std::function<void()> again) {
    {
      const std::lock_guard lock(mutex_);
      if (draining_) return;
      if (!HasRoomFor(0)) {
        waiting_.push_back(std::move(again));
        return;
      }
    }
    again();
  }

  void Use(std::shared_ptr<const normalise::Normaliser> normaliser) {
    const std::lock_guard lock(mutex_);
    parts_.normaliser = std::move(normaliser);
  }

  void Drain() {
    std::unique_lock lock(mutex_);
    draining_ = true;
    waiting_.clear();
    answered_.wait(lock, [this] { return counts_.messages == 0; });
  }

  IntakeCounts Counts() const {
    const std::lock_guard lock(mutex_);
    return counts_;
  }

  base::Result<Replay> PrepareReplay(const store::JournalRow& row, std::uint32_t number,
                                     const port::Feed& feed) const {
    const auto message = ReadAgain(row, row.bytes, FeedFor(row, feed));
    if (message->refused) return *message->refused;
    const Patient* const patient = PatientOf(*message, number);
    if (patient == nullptr ||
        message->patients.size() != std::max<std::size_t>(row.patients.size(), 1)) {
      return base::Error{base::ErrorId::kConflict, "message",
                         "it is not read as it was when it came: see it by hand"};
    }
    if (patient->refused) return *patient->refused;
    return Replay([message, patient](store::Transaction& transaction,
                                     const std::optional<record::IdentityId>& identity,
                                     const record::PersonId& person) {
      return SettleAs(transaction, *message, *patient, identity, person);
    });
  }

  // What stands in the journal, or other bytes in their place.
  std::shared_ptr<Message> ReadAgain(const store::JournalRow& row, std::string bytes,
                                     const port::Feed& feed) const {
    auto message = std::make_shared<Message>();
    message->id = row.id;
    message->bytes = std::move(bytes);
    message->received = row.received;
    message->feed = std::make_shared<const port::Feed>(feed);
    Read(AdapterOf(*message->feed), *Normaliser(), *message);
    return message;
  }

  Mend PrepareMending(const store::JournalRow& row, const port::Feed& feed) const {
    const auto message = ReadAgain(row, row.bytes, feed);
    message->late = true;
    return [message](store::Transaction& transaction, const MendedBy& by) {
      return receive::Replay(transaction, *message, by);
    };
  }

  Mend PrepareCorrection(const store::JournalRow& wrong, std::string bytes,
                         const port::Feed& feed) const {
    const auto message = ReadAgain(wrong, std::move(bytes), feed);
    message->late = true;
    message->id = record::MessageId::New(parts_.clock.Now());
    for (Patient& patient : message->patients) {
      for (store::StoredEntry& entry : patient.entries) entry.message = message->id;
    }
    const auto before = ReadAgain(wrong, wrong.bytes, FeedFor(wrong, feed));
    return [message, before](store::Transaction& transaction, const MendedBy& by) {
      return Correct(transaction, {*message, *before}, by);
    };
  }

 private:
  // It was taken: no limit that was lowered since may keep it from being settled. Nothing in a
  // message is more than its bytes.
  static port::Feed FeedFor(const store::JournalRow& row, port::Feed feed) {
    feed.message_limit = std::max(feed.message_limit, row.bytes.size());
    feed.patient_limit = std::max(feed.patient_limit, row.bytes.size());
    return feed;
  }

  static const Patient* PatientOf(const Message& message, std::uint32_t number) {
    const auto found =
        std::find_if(message.patients.begin(), message.patients.end(),
                     [number](const Patient& patient) { return patient.number == number; });
    return found == message.patients.end() ? nullptr : &*found;
  }

  struct Taken {
    Message message;
    std::uint64_t ticket = 0;
    std::shared_ptr<const normalise::Normaliser> normaliser;
    port::OnReceived done;
    port::Outcome outcome;
  };

  // One message alone may exceed the budget of bytes: it could never be taken otherwise.
  bool HasRoomFor(std::size_t bytes) const {
    return counts_.messages < parts_.limits.messages &&
           (counts_.messages == 0 || counts_.bytes + bytes <= parts_.limits.bytes);
  }

  // The ticket and the time are drawn under one lock, so that their orders are the same.
  void Begin(Taken& taken, std::shared_ptr<const port::Feed> feed, std::string bytes,
             port::OnReceived done) {
    counts_.messages += 1;
    counts_.bytes += bytes.size();
    counts_.by_feed[feed->name] += 1;
    taken.message.received = parts_.clock.Now();
    taken.message.id = record::MessageId::New(taken.message.received);
    taken.message.feed = std::move(feed);
    taken.message.bytes = std::move(bytes);
    taken.message.tracer = parts_.tracer;
    taken.normaliser = parts_.normaliser;
    taken.done = std::move(done);
    taken.ticket = sequencer_->Take();
  }

  // A pool that takes nothing leaves the work to whoever brought it: that slows the bringer down.
  void Post(std::shared_ptr<Taken> taken) {
    const auto job = [self = shared_from_this(), taken = std::move(taken)] { self->Work(taken); };
    if (!parts_.post(job)) job();
  }

  void Work(const std::shared_ptr<Taken>& taken) {
    Read(AdapterOf(*taken->message.feed), *taken->normaliser, taken->message);
    sequencer_->Ready(
        taken->ticket,
        [taken](store::Transaction& transaction) -> base::Result<void> {
          auto outcome = Commit(transaction, taken->message);
          if (!outcome) return outcome.error();
          taken->outcome = std::move(*outcome);
          return {};
        },
        [self = shared_from_this(), taken](const base::Result<void>& committed) {
          self->Answer(*taken, committed);
        });
  }

  void Answer(Taken& taken, const base::Result<void>& committed) {
    if (!committed) {
      taken.outcome = {};
      taken.outcome.error = committed.error();
    }
    Report(taken);
    if (const std::size_t unsettled = UnsettledIn(taken.outcome); unsettled > 0) {
      const std::lock_guard lock(mutex_);
      counts_.unsettled[{taken.message.feed->name, taken.message.source->text()}] += unsettled;
    }
    if (committed && parts_.committed) parts_.committed();
    port::Received received;
    const port::Adapter* adapter = AdapterOf(*taken.message.feed);
    if (adapter != nullptr) {
      received.reply = adapter->Reply(taken.message.bytes, *taken.message.feed,
                                      port::AsTold(taken.outcome), parts_.clock.Now());
    }
    received.outcome = std::move(taken.outcome);
    taken.done(std::move(received));
    End(taken.message);
  }

  // Whom a source that tries what is held of somebody would have many of.
  static std::size_t UnsettledIn(const port::Outcome& outcome) {
    const auto waits = [](const auto& of) {
      return of.disposition == port::Disposition::kAwaitingIdentity ||
             port::IsKeptApart(of.disposition, of.error);
    };
    if (outcome.patients.empty()) return waits(outcome) ? 1 : 0;
    return static_cast<std::size_t>(
        std::count_if(outcome.patients.begin(), outcome.patients.end(), waits));
  }

  static void Report(const Taken& taken) {
    const auto feed = base::SafeText::Configured(taken.message.feed->name);
    const auto message = base::SafeText::Generated(taken.message.id.uuid);
    if (taken.outcome.disposition == port::Disposition::kFailed) {
      Log(base::LogId::kMessageFailed, {{"feed", feed}, {"error", taken.outcome.error->id}});
      return;
    }
    const auto name = base::SafeText::Catalogued(NameOf(taken.outcome.disposition));
    Log(base::LogId::kMessageOutcome, {{"feed", feed}, {"message", message}, {"outcome", name}});
  }

  void End(const Message& message) {
    std::vector<std::function<void()>> waiting;
    {
      const std::lock_guard lock(mutex_);
      counts_.messages -= 1;
      counts_.bytes -= message.bytes.size();
      const auto of_feed = counts_.by_feed.find(message.feed->name);
      if (--of_feed->second == 0) counts_.by_feed.erase(of_feed);
      waiting.swap(waiting_);
      answered_.notify_all();
    }
    for (const auto& again : waiting) again();
  }

  const port::Adapter* AdapterOf(const port::Feed& feed) const {
    const auto found = parts_.adapters.find(feed.adapter);
    return found == parts_.adapters.end() ? nullptr : found->second.get();
  }

  std::shared_ptr<const normalise::Normaliser> Normaliser() const {
    const std::lock_guard lock(mutex_);
    return parts_.normaliser;
  }

  IntakeParts parts_;
  const std::shared_ptr<Sequencer> sequencer_;
  mutable std::mutex mutex_;
  std::condition_variable answered_;
  bool draining_ = false;
  IntakeCounts counts_;
  std::vector<std::function<void()>> waiting_;  // transports that stopped reading
};

Intake::Intake(IntakeParts parts) : inside_(std::make_shared<Inside>(std::move(parts))) {}
Intake::~Intake() { Drain(); }

bool Intake::TryReceive(std::shared_ptr<const port::Feed> feed, std::string& message,
                        port::OnReceived done) {
  return inside_->TryTake(std::move(feed), message, done);
}
void Intake::WhenRoom(std::function<void()> again) { inside_->WhenRoom(std::move(again)); }
void Intake::Refuse(std::shared_ptr<const port::Feed> feed, std::string head, base::Error why,
                    port::OnReceived done) {
  inside_->Refuse(std::move(feed), std::move(head), std::move(why), std::move(done));
}
void Intake::Use(std::shared_ptr<const normalise::Normaliser> normaliser) {
  inside_->Use(std::move(normaliser));
}
void Intake::Drain() { inside_->Drain(); }
IntakeCounts Intake::Counts() const { return inside_->Counts(); }

base::Result<Intake::Replay> Intake::PrepareReplay(const store::JournalRow& row,
                                                   std::uint32_t patient,
                                                   const port::Feed& feed) const {
  return inside_->PrepareReplay(row, patient, feed);
}

Intake::Mend Intake::PrepareMending(const store::JournalRow& row, const port::Feed& feed) const {
  return inside_->PrepareMending(row, feed);
}

Intake::Mend Intake::PrepareCorrection(const store::JournalRow& wrong, std::string bytes,
                                       const port::Feed& feed) const {
  return inside_->PrepareCorrection(wrong, std::move(bytes), feed);
}

}  // namespace milecastle::receive
