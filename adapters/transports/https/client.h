// An HTTPS client for one place: asks, waits for nobody, and bounds everything.
//
//   TLS 1.2 or 1.3, mutual where a certificate of ours is given; the other side's chain, name and,
//     where lists are configured, revocation are checked, and there is no way to do without;
//   a connection for each question, never used again: an answer cannot be another question's, a
//     renewed certificate or list counts at once, and a POST is never sent into a connection that
//     the other side is just closing. It costs a handshake, some milliseconds of a view's seconds;
//   limits on connecting, on the header, on the whole, on the bytes of header and body; no
//     redirects, no compression, no body whose end is not told beforehand (length or chunks);
//   one more try, under an id of its own, where not one byte of an answer came, and time is left;
//   a host that is a name is looked up for each question, one after the other: keep a resolver
//     near, or write the address. The time that it takes is of the question's;
//   a bound on what is under way, of one source and of all, and a breaker (breaker.h).
//
// Thread-safety: any thread. A Loop is stopped before any of its clients ends, and ends after them;
// what is asked once it was stopped fails as kStopping.
// Failure: in the Reply; Tls::Load names the file that is wrong.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/uuid.h"
#include "https/breaker.h"

namespace milecastle::https {

struct Place {
  std::string name;  // ours for it
  std::string host;  // a name or a numeric address; the certificate's
  std::uint16_t port = 443;
};

enum class Verb : std::uint8_t { kGet = 1, kPost };
using Header = std::pair<std::string, std::string>;
struct Request {
  Verb verb = Verb::kGet;
  std::string path;
  std::vector<Header> headers;  // without Host and Content-Length
  std::string body;
};
// Of one try.
using MakeRequest = std::function<Request(const base::Uuid& trace_id, base::Instant now)>;

struct TlsFiles {                     // PEM
  std::filesystem::path certificate;  // ours, then its issuers; empty: we show none
  std::filesystem::path key;
  std::filesystem::path authority;                      // of the other side
  std::vector<std::filesystem::path> revocation_lists;  // none: not checked
};

// What is read from those files, whole or not at all.
class Tls {
 public:
  static base::Result<std::shared_ptr<const Tls>> Load(const TlsFiles& files);
  ~Tls();
  base::Instant ends() const {
    return ends_;
  }  // when our certificate, the first of the file, does; none: never
  struct Inside;
  Inside& inside() const { return *inside_; }

 private:
  explicit Tls(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
  base::Instant ends_;
};

struct Limits {
  std::chrono::milliseconds connect{2000};  // until TLS is agreed
  std::chrono::milliseconds header{4000};   // until the answer's header has come
  std::chrono::milliseconds whole{4500};
  std::size_t header_bytes = std::size_t{16} << 10;
  std::size_t body_bytes = std::size_t{8} << 20;
  std::size_t outstanding = 8;
};

enum class Failure : std::uint8_t {
  kNone = 0,
  kBusy,         // too many questions under way; nothing was sent
  kCircuitOpen,  // nothing was sent
  kTimedOut,
  kUnreachable,  // no connection, or it broke
  kNotTrusted,   // TLS was not agreed, or the certificate is not the provider's
  kInvalid,      // no HTTP answer within the limits
  kStopping,
};
std::string_view NameOf(Failure failure);

struct Reply {
  Failure failure = Failure::kNone;
  std::string trace_id;  // of the last try; empty where nothing was sent
  int status = 0;
  std::string body;
};

struct Counts {
  std::uint64_t asked = 0;     // questions; those that were not sent are not among them
  std::uint64_t answered = 0;  // with whatever status
  std::uint64_t timed_out = 0;
  std::uint64_t failed = 0;    // otherwise
  std::uint64_t unusable = 0;  // answered, and of no use
  std::uint64_t not_sent = 0;  // busy, or the circuit was open
  std::uint64_t opened = 0;    // the circuit
  std::size_t outstanding = 0;
  Breaker::State state = Breaker::State::kClosed;
};

// The one thread on which all clients' sockets live.
class Loop {
 public:
  explicit Loop(std::size_t outstanding);  // of all clients together
  ~Loop();                                 // what is under way fails as kStopping
  void Stop();
  struct Inside;
  Inside& inside() const { return *inside_; }

 private:
  std::unique_ptr<Inside> inside_;
};

// Told as they happen, on the loop's thread or the caller's; each may be empty.
struct Notices {
  std::function<void(std::string_view why)> failed;
  std::function<void()> broken;    // the circuit opened
  std::function<void()> restored;  // it closed again
};

struct ClientParts {
  Place place;
  Limits limits;
  Breaker::Options breaker;
  std::shared_ptr<const Tls> tls;
  Notices notices;
};

class Client {
 public:
  using Moment = std::chrono::nanoseconds;  // of the clock's monotonic time
  using OnReply = std::function<void(Reply)>;

  Client(ClientParts parts, Loop& loop, const base::Clock& clock);

  // `done` runs once, at once or on the loop's thread, where it must not block. Each Reply without
  // a failure must be judged.
  void Ask(MakeRequest make, Moment until, OnReply done);
  // Whether an answer was one: what lies is as broken as what is silent.
  void Judge(bool usable);

  void Use(std::shared_ptr<const Tls> tls);  // from the next question on
  const Place& place() const { return place_; }
  std::shared_ptr<const Tls> tls() const;
  Counts counts() const;

 private:
  struct Asked;
  void Enter(const std::shared_ptr<Asked>& asked);
  void Try(const std::shared_ptr<Asked>& asked);
  void Tried(const std::shared_ptr<Asked>& asked, Reply reply, bool may_repeat);
  void End(const Asked& asked, Reply reply);
  bool TakePlace();
  void Count(const Reply& reply, bool cut_short);
  void Failed(std::string_view why);

  const Place place_;
  const Limits limits_;
  const Notices notices_;
  Loop& loop_;
  const base::Clock& clock_;
  Breaker breaker_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Tls> tls_;
  Counts counts_;
};

}  // namespace milecastle::https
