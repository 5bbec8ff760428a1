#include "ingress/ingress.h"

#include <algorithm>
#include <condition_variable>
#include <future>
#include <mutex>
#include <utility>

#include "ingress/alarm_book.h"
#include "inside/listener.h"
#include "inside/worker.h"

namespace milecastle::ingress {
namespace {

// Not guessable and not used before: two gateways may share one network namespace, and with it its
// abstract names.
std::string NewPrefix() {
  base::Salt random = base::RandomSalt();
  return "milecastle/" + base::ToHex(base::AsBytes(random)) + "/";
}

base::Error Refused(std::string place, std::string advice) {
  return {base::ErrorId::kConfigInvalid, std::move(place), std::move(advice)};
}

}  // namespace

class Ingress::Inside {
 public:
  Inside(const IngressOptions& options, std::shared_ptr<const TlsMaterial> material);
  ~Inside() {
    Stop(std::chrono::milliseconds(0));
    listeners_.clear();  // each stands on a worker's io_context, which goes next
  }

  base::Result<std::uint16_t> Listen(const ListenerOptions& options, ConnectionHandler& handler);
  void Replace(std::shared_ptr<const TlsMaterial> material);
  std::vector<ListenerCount> Counts() const;
  std::vector<ListenerCount> Breaches() const;
  void StopAccepting();
  void Stop(std::chrono::milliseconds grace);
  const PeerDirectory& peers() const { return front_.directory; }

 private:
  std::shared_ptr<const TlsMaterial> Material() const;
  void Tick(Worker& worker);
  void Watch();
  void Place(const std::shared_ptr<Post>& post, Arrival arrival);
  bool Quiet() const;
  void OnEvery(const std::function<void(Worker&)>& what);  // and waits for it

  const IngressOptions options_;
  Front front_;
  mutable std::mutex mutex_;  // of what follows
  std::shared_ptr<const TlsMaterial> material_;
  std::vector<std::shared_ptr<Post>> posts_;
  std::vector<std::shared_ptr<Listener>> listeners_;
  bool stopped_ = false;
  bool joined_ = false;  // no thread is left to ask
  // The first worker's thread alone:
  AlarmBook alarms_;
  std::chrono::steady_clock::time_point next_watch_;
  std::size_t next_worker_ = 0;

  std::vector<std::unique_ptr<Worker>> workers_;
};

Ingress::Inside::Inside(const IngressOptions& options, std::shared_ptr<const TlsMaterial> material)
    : options_(options), material_(std::move(material)) {
  front_.prefix = NewPrefix();
  for (std::size_t i = 0; i < std::max<std::size_t>(1, options.threads); ++i) {
    workers_.push_back(std::make_unique<Worker>([this](Worker& worker) { Tick(worker); }));
  }
  for (const auto& worker : workers_) worker->Run();
}

std::shared_ptr<const TlsMaterial> Ingress::Inside::Material() const {
  const std::lock_guard lock(mutex_);
  return material_;
}

void Ingress::Inside::Tick(Worker& worker) {
  worker.EnforceTimes();
  if (&worker == workers_.front().get() && std::chrono::steady_clock::now() >= next_watch_) Watch();
}

void Ingress::Inside::Watch() {
  next_watch_ = std::chrono::steady_clock::now() + options_.recheck;
  const auto material = Material();
  if (!material) return;
  Sound(alarms_.Fresh(material->Alarms()));
  for (const auto& worker : workers_) {
    worker->Do([material](Worker& one) { one.Recheck(*material); });
  }
}

base::Result<std::uint16_t> Ingress::Inside::Listen(const ListenerOptions& options,
                                                    ConnectionHandler& handler) {
  if (options.mode == TlsMode::kMutualTls && !Material()) {
    return Refused("listener " + options.name, "mutual TLS needs certificates: configure them");
  }
  auto post = std::make_shared<Post>(options, handler);
  auto listener = Listener::Open(workers_.front()->io(), post, [this, post](Arrival arrival) {
    Place(post, std::move(arrival));
  });
  if (!listener) return listener.error();
  const std::lock_guard lock(mutex_);
  posts_.push_back(post);
  listeners_.push_back(*listener);
  workers_.front()->Do([started = *listener](Worker&) { started->Start(); });
  return (*listener)->port();
}

void Ingress::Inside::Place(const std::shared_ptr<Post>& post, Arrival arrival) {
  if (!front_.descriptors.Take(1, arrival.descriptors)) {
    post->Add(Count::kRefusedDescriptors);
    return post->LogRefusal("no descriptors left");
  }
  Worker& worker = *workers_[next_worker_++ % workers_.size()];
  auto material = post->options.mode == TlsMode::kMutualTls ? Material() : nullptr;
  auto session =
      std::make_shared<Session>(worker.io(), post, front_, std::move(material), std::move(arrival));
  worker.Do([session](Worker& its) { its.Adopt(session); });
}

void Ingress::Inside::Replace(std::shared_ptr<const TlsMaterial> material) {
  {
    const std::lock_guard lock(mutex_);
    material_ = std::move(material);
  }
  workers_.front()->Do([this](Worker&) { Watch(); });
}

std::vector<ListenerCount> Ingress::Inside::Counts() const {
  const std::lock_guard lock(mutex_);
  std::vector<ListenerCount> lines;
  for (const auto& post : posts_) post->AppendCounts(lines);
  return lines;
}

std::vector<ListenerCount> Ingress::Inside::Breaches() const {
  const std::lock_guard lock(mutex_);
  std::vector<ListenerCount> lines;
  for (const auto& post : posts_) post->AppendBreaches(lines);
  return lines;
}

void Ingress::Inside::OnEvery(const std::function<void(Worker&)>& what) {
  for (const auto& worker : workers_) {
    std::promise<void> done;
    worker->Do([&](Worker& one) {
      what(one);
      done.set_value();
    });
    done.get_future().wait();
  }
}

void Ingress::Inside::StopAccepting() {
  {
    const std::lock_guard lock(mutex_);
    if (joined_) return;
  }
  std::promise<void> done;
  workers_.front()->Do([&](Worker&) {
    const std::lock_guard lock(mutex_);
    for (const auto& listener : listeners_) listener->Stop();
    done.set_value();
  });
  done.get_future().wait();
}

bool Ingress::Inside::Quiet() const {
  const std::lock_guard lock(mutex_);
  return std::all_of(posts_.begin(), posts_.end(),
                     [](const auto& post) { return post->admission.live() == 0; });
}

void Ingress::Inside::Stop(std::chrono::milliseconds grace) {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(stopped_, true)) return;
  }
  StopAccepting();
  const auto until = std::chrono::steady_clock::now() + grace;
  while (!Quiet() && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  // Twice: what the first worker had under way to the others arrives in between.
  OnEvery([](Worker& worker) { worker.CutAll(); });
  OnEvery([](Worker& worker) { worker.CutAll(); });
  for (const auto& worker : workers_) worker->Join();
  const std::lock_guard lock(mutex_);
  joined_ = true;
}

base::Result<std::unique_ptr<Ingress>> Ingress::Start(const IngressOptions& options,
                                                      std::shared_ptr<const TlsMaterial> material) {
  if (options.recheck < std::chrono::seconds(1)) {
    return Refused("ingress", "recheck certificates at most once a second");
  }
  return std::unique_ptr<Ingress>(
      new Ingress(std::make_unique<Inside>(options, std::move(material))));
}

Ingress::Ingress(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
Ingress::~Ingress() = default;

base::Result<std::uint16_t> Ingress::Listen(const ListenerOptions& options,
                                            ConnectionHandler& handler) {
  return inside_->Listen(options, handler);
}

void Ingress::Replace(std::shared_ptr<const TlsMaterial> material) {
  inside_->Replace(std::move(material));
}

const PeerDirectory& Ingress::peers() const { return inside_->peers(); }
std::vector<ListenerCount> Ingress::Counts() const { return inside_->Counts(); }
std::vector<ListenerCount> Ingress::Breaches() const { return inside_->Breaches(); }
void Ingress::StopAccepting() { inside_->StopAccepting(); }
void Ingress::Stop(std::chrono::milliseconds grace) { inside_->Stop(grace); }

}  // namespace milecastle::ingress
