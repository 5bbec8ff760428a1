// A store on disk, an intake and its workers, fed with contributions instead of a format's bytes.
#pragma once

#include <atomic>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "identify/trace.h"
#include "kit/claims.h"
#include "kit/clock.h"
#include "kit/folder.h"
#include "normalise/normaliser.h"
#include "receive/intake.h"
#include "sqlite/store.h"
#include "workers/pool.h"

namespace milecastle::kit {

inline constexpr base::Instant kMorning{std::chrono::seconds(1'767'600'000)};

// Reads back what the test said that some bytes mean.
class ScriptedAdapter final : public port::Adapter {
 public:
  std::string Script(port::Reading reading) {
    const std::lock_guard lock(mutex_);
    std::string bytes = reading.envelope.control_id + "#" + std::to_string(readings_.size());
    readings_.emplace(bytes, std::move(reading));
    return bytes;
  }

  // What the same bytes mean from now on: the adapter was mended.
  void Mend(const std::string& bytes, port::Reading reading) {
    const std::lock_guard lock(mutex_);
    readings_.insert_or_assign(bytes, std::move(reading));
  }

  std::string_view name() const override { return "scripted"; }
  std::vector<std::string> Split(std::string_view file, const port::Feed&) const override {
    return {std::string(file)};
  }
  port::Reading Read(std::string_view message, const port::Feed& feed) const override {
    const std::lock_guard lock(mutex_);
    const auto found = readings_.find(std::string(message));
    if (found != readings_.end() && found->second.patients.size() > feed.patient_limit) {
      return port::ReadingOf(found->second.envelope,
                             base::Error{base::ErrorId::kMessageTooLarge, "patients", "send less"});
    }
    if (found != readings_.end()) return found->second;
    return port::ReadingOf(
        {}, base::Error{base::ErrorId::kMessageUnparseable, "message", "not scripted"});
  }
  std::string Reply(std::string_view /*message*/, const port::Feed& /*feed*/,
                    const port::Outcome& outcome, base::Instant /*now*/) const override {
    const std::lock_guard lock(mutex_);
    told_ = outcome;
    if (outcome.disposition == port::Disposition::kRejected) return "AR";
    return outcome.disposition == port::Disposition::kFailed ? "AE" : "AA";
  }

  // What the last reply was made of.
  port::Outcome told() const {
    const std::lock_guard lock(mutex_);
    return told_;
  }

 private:
  mutable std::mutex mutex_;
  mutable port::Outcome told_;
  std::map<std::string, port::Reading> readings_;
};

// A store whose works can be made to fail at their very end, as a full disk does.
class FailingStore final : public store::Store {
 public:
  explicit FailingStore(store::Store& real) : real_(real) {}
  bool TryWrite(Work work, Done done) override {
    auto failing = [this, work = std::move(work)](store::Transaction& transaction) {
      auto done_well = work(transaction);
      if (!done_well || !fails) return done_well;
      return base::Result<void>(base::Error{base::ErrorId::kStoreUnavailable, "store", "full"});
    };
    return real_.TryWrite(std::move(failing), std::move(done));
  }
  void WhenRoom(std::function<void()> again) override { real_.WhenRoom(std::move(again)); }
  base::Result<std::unique_ptr<store::Snapshot>> Read() override { return real_.Read(); }
  void Follow(std::shared_ptr<const store::Rulebook> rules) override {
    real_.Follow(std::move(rules));
  }

  std::atomic<bool> fails = false;

 private:
  store::Store& real_;
};

class SmallGateway {
 public:
  SmallGateway() { Open(); }
  ~SmallGateway() { Close(); }

  // As a process that ends at once and is started again.
  void Restart() {
    Close();
    Open();
  }

  std::string Script(const std::string& control_id, record::Contribution contribution,
                     const std::string& sender = "RXX") {
    return adapter_->Script(
        port::ReadingOf({control_id, "ADT^A08", sender, std::nullopt}, std::move(contribution)));
  }
  // A message that speaks of several.
  std::string ScriptAll(const std::string& control_id,
                        std::vector<base::Result<record::Contribution>> patients) {
    return adapter_->Script({{control_id, "ORU^R01", "RXX", std::nullopt}, std::move(patients)});
  }
  std::string ScriptRefused(const std::string& control_id, base::Error why) {
    return adapter_->Script(
        port::ReadingOf({control_id, "ADT^A08", "RXX", std::nullopt}, std::move(why)));
  }

  std::future<port::Received> Start(std::string bytes) {
    clock_.Advance(std::chrono::seconds(1));
    auto answer = std::make_shared<std::promise<port::Received>>();
    auto future = answer->get_future();
    const auto done = [answer](port::Received received) { answer->set_value(std::move(received)); };
    while (!intake_->TryReceive(feed_, bytes, done)) {
      std::promise<void> room;
      intake_->WhenRoom([&room] { room.set_value(); });
      room.get_future().wait();
    }
    return future;
  }
  port::Received Send(std::string bytes) { return Start(std::move(bytes)).get(); }
  // One message of its own.
  port::Received Say(record::Contribution contribution) {
    return Send(Script("M" + std::to_string(++said_), std::move(contribution)));
  }

  void FailWrites(bool fail) { failing_->fails = fail; }

  port::Feed& feed() { return *feed_; }
  // What comes from now on comes by this feed.
  void Use(port::Feed feed) { feed_ = std::make_shared<port::Feed>(std::move(feed)); }
  std::shared_ptr<const port::Feed> shared_feed() const { return feed_; }
  receive::Intake& intake() { return *intake_; }
  store::Store& store() { return *store_; }
  ManualClock& clock() { return clock_; }
  ScriptedAdapter& adapter() { return *adapter_; }

  std::unique_ptr<store::Snapshot> Look() {
    auto snapshot = store_->Read();
    return snapshot ? std::move(*snapshot) : nullptr;
  }
  store::JournalRow Journalled(const port::Outcome& outcome) {
    return **Look()->journal().Find(*outcome.message);
  }
  std::optional<store::Person> PersonOf(const std::string& nhs_number) {
    return *Look()->patients().FindPersonByNhsNumber(*record::NhsNumber::Parse(nhs_number));
  }
  std::optional<store::Identity> IdentityOf(const std::string& hospital_number) {
    return *Look()->patients().FindByLocal(*record::OdsCode::Parse("RXX"),
                                           HospitalNumber(hospital_number));
  }
  // How many current entries a view of the person would have.
  std::size_t EntriesOf(const record::PersonId& person) {
    return (*Look()->records().SegmentOf(person))->items.size();
  }
  record::PatientFacts FactsOf(const record::PersonId& person) {
    return *Look()->facts().FactsOf(person);
  }
  std::vector<store::QueueItem> Queued(store::QueueKind kind) {
    return *Look()->queues().Open({kind}, 1000, std::nullopt);
  }
  std::vector<store::OutboxRow> Outbox() { return *Look()->outbox().Pending(100000); }

  std::function<bool(std::function<void()>)> post;  // instead of the pool; before Restart
  receive::IntakeLimits limits;                     // likewise
  // As the gateway is by default: whoever is possible is asked of an officer.
  std::shared_ptr<const identify::Tracer> tracer =
      std::make_shared<identify::Tracer>(identify::TraceOptions{});

 private:
  void Open() {
    store::sqlite::Options options;
    options.path = folder_.path() / "store.db";
    options.clock = &clock_;
    store_ = std::move(*store::sqlite::Open(options));
    pool_ = std::make_unique<workers::Pool>(
        workers::PoolOptions{.name = "intake", .threads = 4, .queue = 4096});
    auto to_pool = [this](std::function<void()> job) { return pool_->TryPost(std::move(job)); };
    failing_ = std::make_unique<FailingStore>(*store_);
    intake_ = std::make_unique<receive::Intake>(receive::IntakeParts{
        *failing_,
        clock_,
        {{"scripted", adapter_}},
        std::make_shared<normalise::Normaliser>(*normalise::Normaliser::Create({})),
        post ? post : to_pool,
        {},
        limits,
        tracer});
  }
  void Close() {
    intake_.reset();
    pool_.reset();
    store_.reset();
  }

  static std::shared_ptr<port::Feed> DefaultFeed() {
    auto feed = std::make_shared<port::Feed>();
    feed->name = "royal-adt";
    feed->adapter = "scripted";
    feed->organisations = {*record::OdsCode::Parse("RXX")};
    return feed;
  }

  TemporaryFolder folder_;
  ManualClock clock_{kMorning};
  std::shared_ptr<ScriptedAdapter> adapter_ = std::make_shared<ScriptedAdapter>();
  std::shared_ptr<port::Feed> feed_ = DefaultFeed();
  std::unique_ptr<store::sqlite::Database> store_;
  std::unique_ptr<FailingStore> failing_;
  std::unique_ptr<workers::Pool> pool_;
  std::unique_ptr<receive::Intake> intake_;
  int said_ = 0;
};

}  // namespace milecastle::kit
