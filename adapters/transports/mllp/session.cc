#include "inside/session.h"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cerrno>

#include "base/log.h"

namespace milecastle::mllp {
namespace {

using boost::asio::posix::stream_descriptor;

constexpr std::size_t kMostUnsent =
    64U << 10U;  // of replies, before a peer that reads none is read no more
constexpr std::chrono::seconds kLinger(2);

}  // namespace

Session::Session(Sessions::Inside& inside, base::UniqueFd socket,
                 std::shared_ptr<const port::Feed> feed)
    : inside_(inside),
      socket_(inside.io, socket.Release()),
      frame_timer_(inside.io),
      write_timer_(inside.io),
      idle_timer_(inside.io),
      feed_(std::move(feed)),
      framer_(feed_->message_limit) {}

void Session::Start() {
  SetIdleTimer();
  Pump();
}

bool Session::Paused() const {
  return waiting_for_room_ || slots_.size() >= std::max<std::size_t>(feed_->window, 1) ||
         out_.size() > kMostUnsent;
}

void Session::Pump() {
  if (closed_ || lingering_) return;
  while (!ending_ && !Paused() && unread_from_ < unread_.size()) {
    std::string_view rest = std::string_view(unread_).substr(unread_from_);
    auto arrival = framer_.Next(rest);
    unread_from_ = unread_.size() - rest.size();
    if (arrival) Deliver(*std::move(arrival));
  }
  if (unread_from_ == unread_.size()) {
    unread_.clear();
    unread_from_ = 0;
  }
  if (input_ended_ && unread_.empty() && !ending_) {
    ending_ = true;
    if (auto cut = framer_.End()) Refuse(*std::move(cut));
  }
  Account();
  SetFrameTimer();
  Write();
  if (closed_) return;
  if (!ending_ && !input_ended_ && !Paused() && unread_.empty()) WaitToRead();
  Finish();
}

void Session::WaitToRead() {
  if (reading_) return;
  reading_ = true;
  socket_.async_wait(stream_descriptor::wait_read,
                     [self = shared_from_this()](const boost::system::error_code& fault) {
                       self->reading_ = false;
                       if (!fault) self->OnReadable();
                     });
}

void Session::OnReadable() {
  if (closed_ || (ending_ && !lingering_)) return;
  auto& chunk = inside_.chunk;
  const ssize_t count = ::recv(socket_.native_handle(), chunk.data(), chunk.size(), MSG_DONTWAIT);
  const bool again = count < 0 && (errno == EAGAIN || errno == EINTR);
  if (lingering_) {
    if (count > 0 || again) return WaitToRead();
    return Close();
  }
  if (count > 0) unread_.assign(chunk.data(), static_cast<std::size_t>(count));
  if (count <= 0 && !again) input_ended_ = true;
  Pump();
}

void Session::Deliver(Arrival arrival) {
  frame_timed_ = false;
  SetIdleTimer();
  if (arrival.fault) return Refuse(std::move(arrival));
  ++messages_;
  held_ = std::move(arrival.bytes);
  held_answer_ = Answer(true);
  Offer();
}

void Session::Refuse(Arrival arrival) {
  ending_ = ending_ || arrival.fault->close;
  auto answer = Answer(arrival.fault->answer);
  inside_.inbound.Refuse(feed_, std::move(arrival.bytes), std::move(arrival.fault->error),
                         std::move(answer));
}

void Session::Offer() {
  waiting_for_room_ = !inside_.inbound.TryReceive(feed_, held_, held_answer_);
  if (!waiting_for_room_) {
    held_ = {};
    held_answer_ = nullptr;
    return;
  }
  base::Log(base::LogId::kFeedPaused, {{"feed", base::SafeText::Configured(feed_->name)}});
  inside_.inbound.WhenRoom([weak = weak_from_this(), inside = inside_.weak_from_this()] {
    const auto alive = inside.lock();
    if (!alive) return;
    boost::asio::post(alive->io, [weak] {
      const auto self = weak.lock();
      if (!self || self->closed_ || !self->waiting_for_room_) return;
      self->Offer();
      self->Pump();
    });
  });
}

port::OnReceived Session::Answer(bool wants_reply) {
  const std::uint64_t slot = first_slot_ + slots_.size();
  slots_.push_back({.wants_reply = wants_reply});
  return
      [weak = weak_from_this(), inside = inside_.weak_from_this(), slot](port::Received received) {
        const auto alive = inside.lock();
        if (!alive) return;
        boost::asio::post(alive->io, [weak, slot, received = std::move(received)]() mutable {
          if (const auto self = weak.lock()) self->OnAnswer(slot, std::move(received));
        });
      };
}

void Session::OnAnswer(std::uint64_t slot, port::Received received) {
  if (closed_ || slot < first_slot_) return;
  Slot& found = slots_[slot - first_slot_];
  found.answered = true;
  if (found.wants_reply) found.reply = std::move(received.reply);
  while (!slots_.empty() && slots_.front().answered) {
    if (!slots_.front().reply.empty()) out_ += Frame(slots_.front().reply);
    slots_.pop_front();
    ++first_slot_;
  }
  Pump();
}

void Session::Write() {
  if (out_.empty() || writing_) return;
  const ssize_t sent =
      ::send(socket_.native_handle(), out_.data(), out_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent > 0) out_.erase(0, static_cast<std::size_t>(sent));
  if (sent < 0 && errno != EAGAIN && errno != EINTR) return Close();
  if (!out_.empty()) WaitToWrite();
}

void Session::WaitToWrite() {
  writing_ = true;
  write_timer_.expires_after(inside_.options.write_timeout);
  write_timer_.async_wait([self = shared_from_this()](const boost::system::error_code& fault) {
    if (!fault && self->writing_) self->Close();
  });
  socket_.async_wait(stream_descriptor::wait_write,
                     [self = shared_from_this()](const boost::system::error_code& fault) {
                       self->writing_ = false;
                       self->write_timer_.cancel();
                       if (!fault) self->Pump();
                     });
}

void Session::StopReading() {
  ending_ = true;
  Finish();
}

void Session::Finish() {
  if (closed_ || lingering_ || !ending_ || !slots_.empty() || !out_.empty()) return;
  if (input_ended_) return Close();
  Linger();
}

// Closing while the peer still sends would reset the connection, and the last reply could be lost
// with it.
void Session::Linger() {
  lingering_ = true;
  unread_ = {};
  unread_from_ = 0;
  ::shutdown(socket_.native_handle(), SHUT_WR);
  frame_timer_.cancel();
  idle_timer_.expires_after(kLinger);
  idle_timer_.async_wait([self = shared_from_this()](const boost::system::error_code& fault) {
    if (!fault) self->Close();
  });
  WaitToRead();
}

void Session::Close() {
  if (closed_) return;
  closed_ = true;
  const auto self = shared_from_this();
  inside_.buffered -= accounted_;
  accounted_ = 0;
  frame_timer_.cancel();
  write_timer_.cancel();
  idle_timer_.cancel();
  boost::system::error_code ignored;
  socket_.close(ignored);
  base::Log(base::LogId::kConnectionClosed,
            {{"feed", base::SafeText::Configured(feed_->name)}, {"messages", messages_}});
  inside_.Forget(self);
}

// Memory for unfinished frames is bounded over all connections: the one that would go beyond it
// gives way.
void Session::Account() {
  inside_.buffered += framer_.held() - accounted_;
  accounted_ = framer_.held();
  if (accounted_ == 0 || ending_ || inside_.buffered <= inside_.options.buffer_limit) return;
  Refuse(framer_.Abandon(
      {base::ErrorId::kOverloaded, "frame", "too much is on its way: send again later"}));
  inside_.buffered -= accounted_;
  accounted_ = 0;
}

void Session::SetFrameTimer() {
  if (ending_ || Paused() || !framer_.in_frame()) {
    frame_timer_.cancel();
    frame_timed_ = false;
    return;
  }
  if (frame_timed_) return;
  frame_timed_ = true;
  frame_timer_.expires_after(inside_.options.frame_timeout);
  frame_timer_.async_wait([self = shared_from_this()](const boost::system::error_code& fault) {
    if (fault || !self->frame_timed_ || self->closed_ || self->ending_) return;
    self->Refuse(self->framer_.Abandon(
        {base::ErrorId::kDeadlineExceeded, "frame", "finish each message in time: send it again"}));
    self->Pump();
  });
}

void Session::SetIdleTimer() {
  if (inside_.options.idle_timeout.count() == 0 || ending_) return;
  idle_timer_.expires_after(inside_.options.idle_timeout);
  idle_timer_.async_wait([self = shared_from_this()](const boost::system::error_code& fault) {
    if (!fault && !self->framer_.in_frame() && self->slots_.empty()) self->StopReading();
  });
}

}  // namespace milecastle::mllp
