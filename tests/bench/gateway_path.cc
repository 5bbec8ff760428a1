#include "gateway_path.h"

#include "acute/adapter.h"
#include "base/log.h"
#include "community/adapter.h"
#include "messages.h"
#include "normalise/normaliser.h"
#include "primary/adapter.h"
#include "report.h"
#include "social_care/adapter.h"

namespace milecastle::bench {
namespace {

std::shared_ptr<const port::Feed> Hospital() {
  auto feed = std::make_shared<port::Feed>();
  feed->name = "hospital";
  feed->adapter = "acute";
  feed->organisations = {*record::OdsCode::Parse(kHospital)};
  return feed;
}

}  // namespace

GatewayPath::GatewayPath() : hospital_(Hospital()) {
  base::SetLogLevel(base::Severity::kWarning);
  auto store = store::sqlite::Open({.path = folder_.path() / "store.db", .clock = &clock_});
  if (!store) Fail("the store cannot be opened");
  store_ = std::move(*store);
  first_log_ = OpenLog("audit");
  second_log_ = OpenLog("audit-second");
  log_ = std::make_unique<audit::TwoLogs>(first_log_.get(), *second_log_,
                                          [] { Fail("both audit logs failed"); });
  outbox_ = std::make_unique<govern::OutboxLoop>(*store_, *log_);
  trail_ = std::make_unique<govern::TrailLoop>(
      *store_, std::vector<const audit::Log*>{first_log_.get(), second_log_.get()}, clock_);
  readers_ = std::make_unique<workers::Pool>(
      workers::PoolOptions{.name = "intake", .threads = 2, .queue = 1024});
  auto normaliser = normalise::Normaliser::Create({});
  if (!normaliser) Fail("the normaliser cannot be made");
  intake_ = std::make_unique<receive::Intake>(receive::IntakeParts{
      .store = *store_,
      .clock = clock_,
      .adapters = {{"acute", acute::MakeAdapter()},
                   {"primary", primary::MakeAdapter()},
                   {"community", community::MakeAdapter()},
                   {"social_care", social_care::MakeAdapter()}},
      .normaliser = std::make_shared<const normalise::Normaliser>(std::move(*normaliser)),
      .post = [this](std::function<void()> job) { return readers_->TryPost(std::move(job)); },
      .committed = [this] { outbox_->Wake(); }});
}

GatewayPath::~GatewayPath() {
  intake_->Drain();
  readers_->Drain();
}

std::unique_ptr<audit::Log> GatewayPath::OpenLog(const std::string& name) {
  auto key = audit::SigningKey::Generate(folder_.path() / (name + ".key"), "bench.example/" + name);
  if (!key) Fail("the audit key cannot be made");
  auto log = audit::Log::Open({.folder = folder_.path() / name}, std::move(*key), clock_);
  if (!log) Fail("the audit log cannot be opened");
  return std::move(*log);
}

}  // namespace milecastle::bench
