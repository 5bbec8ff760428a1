#include "gather/gather.h"

#include <mutex>
#include <utility>

#include "inside/read.h"

namespace milecastle::gather {
namespace {

// One view's questions. It ends once: when all have answered, or when the time is over.
class Round : public std::enable_shared_from_this<Round> {
 public:
  Round(std::shared_ptr<const GatherParts> parts, Asking asking, Gather::Done done)
      : parts_(std::move(parts)),
        asking_(std::move(asking)),
        done_(std::move(done)),
        waiting_(asking_.whom.size()) {
    for (const ToAsk& each : asking_.whom) {
      const LiveSource& source = SourceOf(each);
      given_.push_back({.source = source.organisation(),
                        .place = each.source,
                        .of_documents = source.gives_documents()});
    }
    is_in_.resize(given_.size());
  }

  void Begin() {
    if (given_.empty()) return End();
    parts_->run_at(asking_.until, [self = shared_from_this()] { self->Expire(); });
    for (std::size_t place = 0; place < asking_.whom.size(); ++place) Put(place, "");
  }

 private:
  LiveSource& SourceOf(const ToAsk& whom) const { return *parts_->sources.at(whom.source); }
  void Put(std::size_t place, std::string person_id) {
    const Question question{.nhs_number = asking_.person.nhs_number,
                            .requester = asking_.requester,
                            .purpose = asking_.purpose,
                            .sections = asking_.whom[place].sections,
                            .until = asking_.until,
                            .person_id = std::move(person_id)};
    SourceOf(asking_.whom[place]).Ask(question, [self = shared_from_this(), place](Raw raw) {
      self->Came(place, std::move(raw));
    });
  }
  Given GivenNow(std::size_t place, const Raw& raw) const {
    const LiveSource& source = SourceOf(asking_.whom[place]);
    return {.source = source.organisation(),
            .place = asking_.whom[place].source,
            .of_documents = source.gives_documents(),
            .outcome = raw.outcome,
            .at = parts_->clock.Now(),
            .question = raw.question};
  }

  // On whichever thread brings it.
  void Came(std::size_t place, Raw raw) {
    Given given = GivenNow(place, raw);
    if (raw.outcome != Outcome::kReturned) {
      if (Settle(place, std::move(given))) End();
      return;
    }
    auto answer = std::make_shared<std::pair<Given, Raw>>(std::move(given), std::move(raw));
    const auto read = [self = shared_from_this(), place, answer] {
      self->Read(place, answer->first, answer->second);
    };
    if (parts_->post(read)) return;
    // It said nothing wrong: there is nobody here to read it.
    SourceOf(asking_.whom[place]).Judge(true);
    answer->first.outcome = Outcome::kBusy;
    if (Settle(place, std::move(answer->first))) End();
  }

  // On the pool.
  void Read(std::size_t place, Given& given, const Raw& raw) {
    LiveSource& source = SourceOf(asking_.whom[place]);
    if (IsOver()) return source.Judge(true);
    std::string again = ReadInto(given, raw, source, asking_.person, *parts_->normaliser());
    source.Judge(given.outcome != Outcome::kInvalidAnswer &&
                 given.outcome != Outcome::kWrongPatient && given.outcome != Outcome::kUnavailable);
    if (!again.empty()) return Put(place, std::move(again));
    if (Settle(place, std::move(given))) Deliver();
  }

  bool IsOver() {
    const std::lock_guard lock(mutex_);
    return over_;
  }

  // True for the one that was the last.
  bool Settle(std::size_t place, Given given) {
    const std::lock_guard lock(mutex_);
    if (over_ || is_in_[place]) return false;
    given_[place] = std::move(given);
    is_in_[place] = true;
    over_ = --waiting_ == 0;
    return over_;
  }

  void Expire() {
    {
      const std::lock_guard lock(mutex_);
      if (over_) return;
      over_ = true;
      for (std::size_t place = 0; place < given_.size(); ++place) {
        if (!is_in_[place]) given_[place].at = parts_->clock.Now();
      }
    }
    End();
  }

  // From a thread that must not work.
  void End() {
    if (parts_->post([self = shared_from_this()] { self->Deliver(); })) return;
    const Gather::Done done = std::exchange(done_, nullptr);
    done(base::Error{base::ErrorId::kOverloaded, "calls", "try again shortly"});
  }

  // The timer may hold the round for a while longer: nothing of an answer stays with it.
  void Deliver() {
    const Gather::Done done = std::exchange(done_, nullptr);
    done(std::exchange(given_, {}));
  }

  const std::shared_ptr<const GatherParts> parts_;
  const Asking asking_;
  Gather::Done done_;
  std::mutex mutex_;
  std::vector<Given> given_;
  std::vector<bool> is_in_;
  std::size_t waiting_;
  bool over_ = false;
};

}  // namespace

void Gather::Ask(Asking asking, Done done) const {
  std::make_shared<Round>(parts_, std::move(asking), std::move(done))->Begin();
}

}  // namespace milecastle::gather
