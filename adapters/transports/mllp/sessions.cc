#include "mllp/sessions.h"

#include <boost/asio/post.hpp>

#include "inside/session.h"

namespace milecastle::mllp {

void Sessions::Inside::Forget(const std::shared_ptr<Session>& session) {
  sessions.erase(session);
  const std::lock_guard lock(mutex);
  if (open.fetch_sub(1) == 1) emptied.notify_all();
}

Sessions::Sessions(port::Inbound& inbound, const Options& options)
    : inside_(std::make_shared<Inside>(inbound, options)) {
  inside_->thread = std::thread([inside = inside_.get()] { inside->io.run(); });
}

// Only a process without memory can throw here, and that one ends.
// NOLINTNEXTLINE(bugprone-exception-escape)
Sessions::~Sessions() { Stop(std::chrono::milliseconds(0)); }

void Sessions::Adopt(base::UniqueFd socket, std::shared_ptr<const port::Feed> feed) {
  if (inside_->stopping) return;  // the socket closes
  inside_->open.fetch_add(1);
  auto session = std::make_shared<Session>(*inside_, std::move(socket), std::move(feed));
  boost::asio::post(inside_->io, [inside = inside_.get(), session] {
    inside->sessions.insert(session);
    if (inside->stopping) return session->Close();
    session->Start();
  });
}

void Sessions::Stop(std::chrono::milliseconds grace) {
  if (inside_->stopping.exchange(true)) return;
  boost::asio::post(inside_->io, [inside = inside_.get()] {
    const auto all = inside->sessions;
    for (const auto& session : all) session->StopReading();
  });
  {
    std::unique_lock lock(inside_->mutex);
    inside_->emptied.wait_for(lock, grace, [&] { return inside_->open == 0; });
  }
  boost::asio::post(inside_->io, [inside = inside_.get()] {
    const auto all = inside->sessions;
    for (const auto& session : all) session->Close();
    inside->work.reset();
  });
  inside_->thread.join();
}

std::size_t Sessions::open() const { return inside_->open; }

}  // namespace milecastle::mllp
