#include "inside/session.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <boost/asio/post.hpp>
#include <cstddef>
#include <cstring>
#include <utility>

#include "inside/identity.h"
#include "inside/material.h"

namespace milecastle::ingress {
namespace {

// After our side has finished, how long the peer may take to finish its own.
constexpr auto kFinishTime = std::chrono::seconds(5);

// Two connected local sockets; ours is bound to `name`, for gRPC to report.
bool NamedPair(const std::string& name, base::UniqueFd& ours, base::UniqueFd& theirs) {
  int pair[2] = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair) != 0) return false;
  ours = base::UniqueFd(pair[0]);
  theirs = base::UniqueFd(pair[1]);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  // An abstract name starts with a zero byte and has no other end than its length (unix(7)).
  if (name.size() + 1 > sizeof(address.sun_path)) return false;
  std::memcpy(address.sun_path + 1, name.data(), name.size());
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  return ::bind(ours.get(), reinterpret_cast<const sockaddr*>(&address), length) == 0;
}

}  // namespace

Session::Session(boost::asio::io_context& io, std::shared_ptr<Post> post, Front& front,
                 std::shared_ptr<const TlsMaterial> material, Arrival arrival)
    : io_(io),
      post_(std::move(post)),
      front_(front),
      ticket_(std::move(arrival.ticket)),
      descriptors_(std::move(arrival.descriptors)),
      stream_(std::move(arrival.socket), std::move(material), post_->options.alpn),
      remote_waits_(io),
      local_waits_(io),
      stage_since_(std::chrono::steady_clock::now()),
      last_bytes_(stage_since_) {
  peer_.connection = front.next++;
  peer_.name = front.prefix + std::to_string(peer_.connection);
  peer_.listener = post_->options.name;
  peer_.address = std::move(arrival.address);
}

Session::~Session() {
  // The descriptors are the stream's and ours to close, not Asio's.
  if (remote_waits_.is_open()) remote_waits_.release();
  if (local_waits_.is_open()) local_waits_.release();
}

void Session::Begin(std::function<void()> on_end) {
  on_end_ = std::move(on_end);
  boost::system::error_code fault;
  remote_waits_.assign(stream_.descriptor(), fault);
  if (fault) return End();
  Advance();
}

void Session::Advance() {
  if (stage_ == Stage::kEnded) return;
  if (stage_ == Stage::kHandshake && !AdvanceHandshake()) return Arm();
  const bool more_in = AdvanceIn();
  const bool more_out = stage_ == Stage::kOpen && AdvanceOut();
  if (stage_ == Stage::kEnded) return;
  Finish();
  if (stage_ == Stage::kEnded) return;
  Arm();
  // A busy connection takes its turn behind the others of its thread.
  if (more_in || more_out) {
    boost::asio::post(io_, [self = shared_from_this()] { self->Advance(); });
  }
}

bool Session::AdvanceHandshake() {
  const Io io = stream_.Handshake();
  if (io.kind == Io::Kind::kWantRead) remote_read_.wanted = true;
  if (io.kind == Io::Kind::kWantWrite) remote_write_.wanted = true;
  if (io.kind == Io::Kind::kFault || io.kind == Io::Kind::kEnd) FailHandshake();
  if (io.kind != Io::Kind::kDone || !AdmitCertificate()) return false;
  stage_ = Stage::kSilent;
  stage_since_ = std::chrono::steady_clock::now();
  in_ = std::make_unique_for_overwrite<Flow>();
  const auto& limits = post_->options.frame_guard;
  if (limits) guard_ = std::make_unique<FrameGuard>(*limits);
  return true;
}

bool Session::AdmitCertificate() {
  if (stream_.tls() == nullptr) return true;
  X509* const leaf = SSL_get0_peer_certificate(stream_.tls());
  if (leaf != nullptr && SSL_get_verify_result(stream_.tls()) == X509_V_OK) {
    peer_.certificate = IdentityOf(leaf);
  }
  if (!peer_.certificate) {
    FailHandshake();
    return false;
  }
  const auto verdict = post_->admission.AdmitCertificate(peer_.certificate->thumbprint, *ticket_);
  if (verdict == Admission::Verdict::kAdmitted) return true;
  post_->Add(Count::kRefusedCertificate);
  post_->LogRefusal("too many connections of one certificate");
  End();
  return false;
}

void Session::FailHandshake() {
  post_->Add(Count::kHandshakeFailed);
  if (post_->MayLog()) {
    base::Log(base::LogId::kHandshakeFailed,
              {{"listener", base::SafeText::Configured(post_->options.name)},
               {"address", base::SafeText::Path(peer_.address)},
               {"reason", base::SafeText::Catalogued(stream_.HandshakeFault())}});
  }
  End();
}

bool Session::HandOn() {
  base::UniqueFd theirs;
  boost::system::error_code fault;
  const bool paired =
      front_.descriptors.Take(2, descriptors_) && NamedPair(peer_.name, local_, theirs);
  if (paired) local_waits_.assign(local_.get(), fault);
  if (!paired || fault) {
    post_->Add(Count::kRefusedDescriptors);
    post_->LogRefusal("no descriptors left");
    End();
    return false;
  }
  out_ = std::make_unique_for_overwrite<Flow>();
  stage_ = Stage::kOpen;
  local_read_.wanted = true;
  peer_.name.insert(0, "unix-abstract:");
  if (peer_.certificate) front_.directory.Insert(peer_.name, *peer_.certificate);
  post_->Add(Count::kHandedOn);
  post_->handler.Handle(std::move(theirs), peer_);
  return true;
}

void Session::Finish() {
  if (in_->source == Flow::Source::kBroken && in_->empty()) return End();
  const bool in_over = in_->source == Flow::Source::kEnded && in_->empty();
  if (in_over && stage_ == Stage::kSilent) return End();  // it came, said nothing, and left
  if (in_over && !in_->finished) {
    in_->finished = true;
    ::shutdown(local_.get(), SHUT_WR);
  }
  const bool out_over = out_ && out_->source != Flow::Source::kOpen && out_->empty();
  if (out_over && !out_->finished) {
    out_->finished = true;
    stream_.FinishWriting();
    finish_by_ = std::chrono::steady_clock::now() + kFinishTime;
  }
  if (in_over && out_over) End();
}

void Session::Arm() {
  if (stage_ == Stage::kEnded) return;
  ArmOne(remote_waits_, Descriptor::wait_read, &Session::remote_read_);
  ArmOne(remote_waits_, Descriptor::wait_write, &Session::remote_write_);
  ArmOne(local_waits_, Descriptor::wait_read, &Session::local_read_);
  ArmOne(local_waits_, Descriptor::wait_write, &Session::local_write_);
}

void Session::ArmOne(Descriptor& descriptor, Descriptor::wait_type type, Wait Session::*wait) {
  if (!(this->*wait).wanted || (this->*wait).armed) return;
  (this->*wait).armed = true;
  descriptor.async_wait(type, [self = shared_from_this(), wait](boost::system::error_code fault) {
    (*self.*wait) = {};
    if (fault) return;  // released: the connection has ended
    if (wait == &Session::remote_read_) self->stream_.NoteReadable();
    if (wait == &Session::local_read_) self->local_drained_ = false;
    self->Advance();
  });
}

void Session::EnforceTimes(Time now) {
  const ListenerOptions& limits = post_->options;
  const auto passed = [&](Time since, std::chrono::milliseconds limit) {
    return limit.count() > 0 && now - since > limit;
  };
  if (stage_ == Stage::kHandshake && passed(stage_since_, limits.handshake_timeout)) {
    post_->Add(Count::kHandshakeTimeout);
  } else if (stage_ == Stage::kSilent && passed(stage_since_, limits.first_byte_timeout)) {
    post_->Add(Count::kFirstByteTimeout);
  } else if (stage_ == Stage::kOpen && passed(last_bytes_, limits.idle_timeout)) {
    post_->Add(Count::kIdleTimeout);
  } else if (!finish_by_ || now < *finish_by_) {
    return;
  }
  End();
}

void Session::Recheck(const TlsMaterial& material) {
  if (!peer_.certificate || stage_ == Stage::kEnded) return;
  const int fault = material.inside().FaultOf(SSL_get0_peer_certificate(stream_.tls()),
                                              SSL_get_peer_cert_chain(stream_.tls()));
  if (fault == X509_V_OK) return;
  post_->Add(Count::kNoLongerTrusted);
  base::Log(base::LogId::kRevokedCut,
            {{"listener", base::SafeText::Configured(post_->options.name)},
             {"organisation", base::SafeText::Certified(peer_.certificate->organisation.text())},
             {"system", base::SafeText::Certified(peer_.certificate->system)},
             {"serial", base::SafeText::Certified(peer_.certificate->serial)},
             {"reason", base::SafeText::Catalogued(WordsOf(fault))}});
  End();
}

void Session::Cut() { End(); }

void Session::End() {
  if (stage_ == Stage::kEnded) return;
  const auto self = shared_from_this();  // on_end_ may give up the last other owner
  stage_ = Stage::kEnded;
  if (peer_.certificate) front_.directory.Erase(peer_.name);
  if (remote_waits_.is_open()) remote_waits_.release();
  if (local_waits_.is_open()) local_waits_.release();
  ::shutdown(stream_.descriptor(), SHUT_RDWR);
  local_.Close();
  ticket_.reset();
  if (on_end_) std::exchange(on_end_, nullptr)();
}

}  // namespace milecastle::ingress
