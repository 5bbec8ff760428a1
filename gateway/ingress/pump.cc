// The pumping of a session's bytes, both ways, past the frame guard where there is one. Nothing is
// allocated here, and a sink that takes nothing stops the reading of its source: backpressure
// reaches the peer through TCP.

#include <sys/socket.h>

#include <cerrno>

#include "inside/session.h"

namespace milecastle::ingress {
namespace {

// Buffers that one direction may move before other connections have their turn.
constexpr int kBuffersPerTurn = 4;

}  // namespace

void Session::Note(Io io, Flow& flow) {
  if (io.kind == Io::Kind::kWantRead) remote_read_.wanted = true;
  if (io.kind == Io::Kind::kWantWrite) remote_write_.wanted = true;
  if (io.kind == Io::Kind::kEnd) flow.source = Flow::Source::kEnded;
  if (io.kind == Io::Kind::kFault) flow.source = Flow::Source::kBroken;
}

bool Session::AdvanceIn() {
  for (int i = 0; i < kBuffersPerTurn; ++i) {
    if (in_->empty() && !FillIn()) return false;
    if (stage_ == Stage::kSilent && !HandOn()) return false;
    if (!FlushIn()) return false;
  }
  return true;
}

bool Session::FillIn() {
  if (in_->source != Flow::Source::kOpen) return false;
  in_->Clear();
  Io io;
  while (io.kind == Io::Kind::kDone && !in_->full()) {
    io = stream_.Read(in_->Space());
    in_->end += io.bytes;
  }
  Note(io, *in_);
  if (in_->empty()) return false;
  last_bytes_ = std::chrono::steady_clock::now();
  post_->Add(Count::kBytesIn, in_->end);
  return !guard_ || Passes(guard_->FromClient(in_->Content(), last_bytes_));
}

bool Session::Passes(Breach breach) {
  if (breach == Breach::kNone) return true;
  post_->Add(breach);
  if (post_->MayLog()) LogFlood(breach);
  End();
  return false;
}

void Session::LogFlood(Breach breach) const {
  if (!peer_.certificate) {  // on a plain loopback listener alone
    return base::Log(base::LogId::kFloodCut,
                     {{"listener", base::SafeText::Configured(post_->options.name)},
                      {"reason", base::SafeText::Catalogued(NameOf(breach))}});
  }
  base::Log(base::LogId::kFloodCut,
            {{"listener", base::SafeText::Configured(post_->options.name)},
             {"organisation", base::SafeText::Certified(peer_.certificate->organisation.text())},
             {"system", base::SafeText::Certified(peer_.certificate->system)},
             {"reason", base::SafeText::Catalogued(NameOf(breach))}});
}

bool Session::FlushIn() {
  while (!in_->empty() && !in_->sink_closed) {
    const auto content = in_->Content();
    const ssize_t sent = ::send(local_.get(), content.data(), content.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      in_->begin += static_cast<std::size_t>(sent);
    } else if (errno == EAGAIN || errno == EINTR) {
      local_write_.wanted = true;
      return false;
    } else {
      in_->sink_closed = true;
    }
  }
  in_->Clear();
  return true;
}

bool Session::AdvanceOut() {
  for (int i = 0; i < kBuffersPerTurn; ++i) {
    if (out_->empty() && !FillOut()) return false;
    if (!FlushOut()) return false;
  }
  return true;
}

bool Session::FillOut() {
  if (out_->source != Flow::Source::kOpen) return false;
  out_->Clear();
  local_read_.wanted = true;
  if (local_drained_) return false;
  const auto space = out_->Space();
  const ssize_t got = ::recv(local_.get(), space.data(), space.size(), 0);
  if (got > 0) {
    out_->end = static_cast<std::size_t>(got);
    local_drained_ = out_->end < space.size();
    last_bytes_ = std::chrono::steady_clock::now();
    post_->Add(Count::kBytesOut, out_->end);
    return !guard_ || Passes(guard_->FromServer(out_->Content(), last_bytes_));
  }
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return false;
  // A handler that closed with bytes unread resets its socket: it has ended all the same.
  out_->source = Flow::Source::kEnded;
  local_read_.wanted = false;
  return false;
}

bool Session::FlushOut() {
  while (!out_->empty()) {
    const Io io = stream_.Write(out_->Content());
    if (io.kind != Io::Kind::kDone) {
      if (io.kind == Io::Kind::kFault || io.kind == Io::Kind::kEnd) {
        in_->source = Flow::Source::kBroken;
        in_->Clear();
      } else {
        Note(io, *out_);
      }
      return false;
    }
    out_->begin += io.bytes;
  }
  return true;
}

}  // namespace milecastle::ingress
