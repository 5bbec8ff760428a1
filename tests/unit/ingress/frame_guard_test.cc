// What the frame guard lets through and what it cuts: each limit a frame below and a frame above,
// what well-behaved clients do for hours, and the same verdict wherever the bytes are cut.

#include "ingress/frame_guard.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "kit/frames.h"

namespace milecastle::ingress {
namespace {

using kit::FrameOf;
using std::chrono::milliseconds;

constexpr int kData = 0, kHeaders = 1, kPriority = 2, kReset = 3, kSettings = 4, kPush = 5;
constexpr int kPing = 6, kGoAway = 7, kWindow = 8, kContinuation = 9, kExtension = 0x10;
constexpr int kEndStream = 1, kEndHeaders = 4, kPadded = 8;

std::string Begin() { return std::string(kit::kPreface) + FrameOf(kSettings, 0, 0); }
std::string Call(std::uint32_t stream) { return FrameOf(kHeaders, kEndHeaders, stream, "x"); }
std::string WholeCall(std::uint32_t stream) {
  return FrameOf(kHeaders, kEndHeaders | kEndStream, stream, "x");
}
std::string ResetOf(std::uint32_t stream, std::uint32_t code = 8) {
  return FrameOf(kReset, 0, stream, kit::Big(code, 4));
}
std::string WindowOf(std::uint32_t stream, std::uint32_t by = 1) {
  return FrameOf(kWindow, 0, stream, kit::Big(by, 4));
}
std::string Answer(std::uint32_t stream) {
  return Call(stream) + FrameOf(kData, 0, stream, "answer") + WholeCall(stream);
}

// A connection whose client has begun; time passes only when told to.
class Wire {
 public:
  explicit Wire(const FrameLimits& limits = {}) : guard_(limits) { Client(Begin()); }

  Breach Client(const std::string& bytes) { return guard_.FromClient(bytes, now_); }
  Breach Server(const std::string& bytes) { return guard_.FromServer(bytes, now_); }
  void Pass(milliseconds time) { now_ += time; }

 private:
  FrameGuard guard_;
  FrameGuard::Time now_{std::chrono::hours(1)};
};

// How many of `frame`, called with 0, 1, …, pass before the guard cuts, and for what.
std::pair<int, Breach> Cut(Wire& wire, const std::function<std::string(std::uint32_t)>& frame) {
  for (int i = 0; i < 100'000; ++i) {
    const Breach breach = wire.Client(frame(static_cast<std::uint32_t>(i)));
    if (breach != Breach::kNone) return {i, breach};
  }
  return {100'000, Breach::kNone};
}

using Outcome = std::pair<int, Breach>;

TEST(FrameGuard, CutsRapidResetsAfterTheirBurst) {
  Wire wire;
  EXPECT_EQ(Cut(wire, [](auto i) { return Call(2 * i + 1) + ResetOf(2 * i + 1); }),
            Outcome(200, Breach::kResets));
}

// gRPC's clients reset calls that ran out of time before their headers had left.
TEST(FrameGuard, CountsResetsOfStreamsThatNeverBeganLikeOthers) {
  Wire wire;
  EXPECT_EQ(Cut(wire, [](auto i) { return ResetOf(2 * i + 1); }), Outcome(200, Breach::kResets));
  Wire other;
  EXPECT_EQ(other.Client(ResetOf(3) + Call(5)), Breach::kNone);
  EXPECT_EQ(other.Server(ResetOf(5)), Breach::kNone);
}

TEST(FrameGuard, LetsResetsThroughAtTheirRate) {
  Wire wire;
  EXPECT_EQ(Cut(wire,
                [&](auto i) {
                  wire.Pass(milliseconds(20));
                  return Call(2 * i + 1) + ResetOf(2 * i + 1);
                }),
            Outcome(100'000, Breach::kNone));
}

TEST(FrameGuard, CountsStreamsThatTheServerHadToReset) {
  Wire wire;
  for (std::uint32_t i = 0; i < 200; ++i) {
    ASSERT_EQ(wire.Client(Call(2 * i + 1)), Breach::kNone);
    ASSERT_EQ(wire.Server(ResetOf(2 * i + 1, 1)), Breach::kNone);
  }
  wire.Client(Call(401));
  EXPECT_EQ(wire.Server(ResetOf(401, 1)), Breach::kResets);
}

TEST(FrameGuard, LetsTheServerEndCallsThatItAnsweredEarly) {
  Wire wire;
  EXPECT_EQ(Cut(wire,
                [&](auto i) {
                  wire.Server(Answer(2 * i - 1) + ResetOf(2 * i - 1, 0));
                  return Call(2 * i + 1);
                }),
            Outcome(100'000, Breach::kNone));
}

TEST(FrameGuard, CutsFloodsOfEachKindAfterTheirBurst) {
  const FrameLimits limits;
  const std::array<std::tuple<Breach, std::uint32_t, std::string>, 7> floods = {{
      {Breach::kSettings, limits.settings.burst - 1, FrameOf(kSettings, 0, 0)},  // one began
      {Breach::kSettings, limits.settings.burst - 1, FrameOf(kSettings, 1, 0)},
      {Breach::kPings, limits.pings.burst, FrameOf(kPing, 0, 0, "12345678")},
      {Breach::kPriorities, limits.priorities.burst, FrameOf(kPriority, 0, 7, "12345")},
      {Breach::kWindowUpdates, limits.window_updates.burst, WindowOf(0)},
      {Breach::kOtherFrames, limits.other_frames.burst, FrameOf(kGoAway, 0, 0, "12345678")},
      {Breach::kOtherFrames, limits.other_frames.burst, FrameOf(kExtension, 0, 0, "any")},
  }};
  for (const auto& [breach, burst, frame] : floods) {
    Wire wire;
    EXPECT_EQ(Cut(wire, [&frame = frame](auto) { return frame; }), Outcome(burst, breach))
        << NameOf(breach);
  }
}

TEST(FrameGuard, CutsWindowUpdatesOfNothingAfterTen) {
  Wire wire;
  wire.Client(Call(1));
  EXPECT_EQ(Cut(wire, [](auto i) { return WindowOf(i % 2, 0); }),
            Outcome(10, Breach::kWindowUpdates));
}

TEST(FrameGuard, CutsEmptyDataPaddedOrNot) {
  for (const std::string& empty : {FrameOf(kData, 0, 1), FrameOf(kData, kPadded, 1, "\1x")}) {
    Wire wire;
    wire.Client(Call(1));
    EXPECT_EQ(Cut(wire, [&](auto) { return empty; }), Outcome(100, Breach::kEmptyData));
  }
}

TEST(FrameGuard, CutsDataOnStreamsThatTheClientEndedItself) {
  Wire one;
  one.Client(WholeCall(1));
  EXPECT_EQ(Cut(one, [](auto) { return FrameOf(kData, 0, 1, "x"); }),
            Outcome(20, Breach::kLateFrames));
  Wire many;
  EXPECT_EQ(
      Cut(many, [](auto i) { return WholeCall(2 * i + 1) + FrameOf(kData, 0, 2 * i + 1, "x"); }),
      Outcome(20, Breach::kLateFrames));
  Wire answered;
  answered.Client(WholeCall(1));
  answered.Server(Answer(1));
  EXPECT_EQ(Cut(answered, [](auto) { return FrameOf(kData, 0, 1, "x"); }),
            Outcome(20, Breach::kLateFrames));
}

TEST(FrameGuard, LetsThroughWhatWasOnItsWayWhenTheServerEndedAStream) {
  Wire wire;
  wire.Client(Call(1));
  wire.Server(Answer(1));
  EXPECT_EQ(Cut(wire, [](auto) { return FrameOf(kData, 0, 1, "x"); }),
            Outcome(800, Breach::kLateFrames));
}

TEST(FrameGuard, CutsAHeaderBlockThatGrowsTooLong) {
  const std::string part(8192, 'h');
  Wire below;
  below.Client(FrameOf(kHeaders, 0, 1, part) + FrameOf(kContinuation, 0, 1, part) +
               FrameOf(kContinuation, 0, 1, part));
  EXPECT_EQ(below.Client(FrameOf(kContinuation, kEndHeaders, 1, part)), Breach::kNone);
  Wire above;
  above.Client(FrameOf(kHeaders, 0, 1, part) + FrameOf(kContinuation, 0, 1, part) +
               FrameOf(kContinuation, 0, 1, part));
  EXPECT_EQ(above.Client(kit::FrameHeader(kContinuation, kEndHeaders, 1, 8193)),
            Breach::kHeaderBlock)
      << "at its header: the bytes need not come";
}

TEST(FrameGuard, CutsAHeaderBlockOfManyPieces) {
  Wire wire;
  wire.Client(FrameOf(kHeaders, 0, 1));
  EXPECT_EQ(Cut(wire, [](auto) { return FrameOf(kContinuation, 0, 1, "h"); }),
            Outcome(16, Breach::kHeaderBlock));
}

TEST(FrameGuard, CutsStreamsWithoutAnswers) {
  Wire wire;
  EXPECT_EQ(Cut(wire, [](auto i) { return WholeCall(2 * i + 1); }),
            Outcome(256, Breach::kOpenStreams));
}

TEST(FrameGuard, CutsFramesLongerThanTheServerTakes) {
  Wire wire;
  wire.Client(Call(1));
  EXPECT_EQ(wire.Client(FrameOf(kData, 0, 1, std::string(16'384, 'd'))), Breach::kNone);
  Wire learned;
  learned.Client(Call(1));
  learned.Server(FrameOf(kSettings, 0, 0,
                         kit::Big(3, 2) + kit::Big(100, 4) + kit::Big(5, 2) + kit::Big(20'000, 4)));
  EXPECT_EQ(learned.Client(FrameOf(kData, 0, 1, std::string(20'000, 'd'))), Breach::kNone);
  EXPECT_EQ(learned.Client(kit::FrameHeader(kData, 0, 1, 20'001)), Breach::kFrameSize);
  EXPECT_EQ(wire.Client(kit::FrameHeader(kData, 0, 1, 16'385)), Breach::kFrameSize);
}

TEST(FrameGuard, CutsWhatIsNoHttp2AtOnce) {
  const std::array<std::string, 16> wrong = {
      FrameOf(kData, 0, 0, "x"),                    // of no stream
      FrameOf(kData, 0, 9, "x"),                    // of a stream that never began
      WindowOf(9),                                  //
      FrameOf(kHeaders, kEndHeaders, 2, "x"),       // a server's stream
      FrameOf(kHeaders, kEndHeaders, 0, "x"),       //
      FrameOf(kSettings, 0, 1),                     // of a stream
      FrameOf(kPing, 0, 1, "12345678"),             //
      FrameOf(kSettings, 0, 0, "1234567"),          // of no length of its kind
      FrameOf(kPing, 0, 0, "1234567"),              //
      FrameOf(kPriority, 0, 1, "1234"),             //
      FrameOf(kReset, 0, 1, "12345"),               //
      FrameOf(kWindow, 0, 0, "123"),                //
      FrameOf(kPush, kEndHeaders, 1, "1234"),       // a server's frame
      FrameOf(kContinuation, kEndHeaders, 1, "x"),  // of no block
      Call(1) + Call(1),                            // no trailers, for they do not end it
      FrameOf(kHeaders, 0, 1, "x") + FrameOf(kPing, 0, 0, "12345678"),  // inside a block
  };
  for (const std::string& frames : wrong) {
    Wire wire;
    EXPECT_EQ(wire.Client(frames), Breach::kProtocol) << &frames - wrong.data();
  }
  const FrameGuard::Time now{};
  for (const std::string& start : {std::string("GET / HTTP/1.1\r\n"), std::string("\x16\x03\x01"),
                                   std::string(kit::kPreface) + FrameOf(kPing, 0, 0, "12345678"),
                                   std::string(kit::kPreface) + FrameOf(kSettings, 1, 0)}) {
    FrameGuard guard({});
    EXPECT_EQ(guard.FromClient(start, now), Breach::kProtocol) << start;
  }
}

TEST(FrameGuard, TakesNoNoticeOfTheReservedBit) {
  Wire wire;
  EXPECT_EQ(wire.Client(Call(0x8000'0001) + FrameOf(kData, 0, 1, "x")), Breach::kNone);
  EXPECT_EQ(wire.Client(FrameOf(kData, 0, 0x8000'0003, "x")), Breach::kProtocol);
}

TEST(FrameGuard, StaysWithItsVerdict) {
  Wire wire;
  EXPECT_EQ(wire.Client(FrameOf(kData, 0, 0)), Breach::kProtocol);
  wire.Pass(std::chrono::hours(1));
  EXPECT_EQ(wire.Client(Call(1)), Breach::kProtocol);
  EXPECT_EQ(wire.Server(Answer(1)), Breach::kProtocol);
}

TEST(FrameGuard, LetsThousandsOfShortCallsASecondThrough) {
  Wire wire;
  std::uint32_t next = 1;
  for (int millisecond = 0; millisecond < 5'000; ++millisecond) {
    wire.Pass(milliseconds(1));
    const std::uint32_t first = next;
    for (int i = 0; i < 10; ++i, next += 2) {
      ASSERT_EQ(wire.Client(Call(next) + FrameOf(kData, kEndStream, next, "asked") +
                            WindowOf(next, 5) + WindowOf(0, 5)),
                Breach::kNone);
    }
    for (std::uint32_t stream = first; stream < next; stream += 2) wire.Server(Answer(stream));
    ASSERT_EQ(wire.Client(FrameOf(kPing, 0, 0, "measured")), Breach::kNone);
  }
}

TEST(FrameGuard, LetsAStreamOfThousandsOfMessagesThroughBesideOtherCalls) {
  Wire wire;
  wire.Client(Call(1));
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    const std::uint32_t other = 2 * i + 3;
    ASSERT_EQ(wire.Client(FrameOf(kData, 0, 1, "message") + WholeCall(other) + WindowOf(1, 7)),
              Breach::kNone);
    ASSERT_EQ(wire.Server(FrameOf(kData, 0, 1, "outcome") + Answer(other)), Breach::kNone);
  }
  EXPECT_EQ(wire.Client(FrameOf(kData, kEndStream, 1)), Breach::kNone);
}

TEST(FrameGuard, LetsAllCallsOfAConnectionRunOutOfTimeAtOnce) {
  Wire wire;
  std::uint32_t next = 1;
  for (int round = 0; round < 100; ++round) {
    const std::uint32_t first = next;
    for (int i = 0; i < 128; ++i, next += 2) ASSERT_EQ(wire.Client(WholeCall(next)), Breach::kNone);
    for (std::uint32_t s = first; s < next; s += 2) {
      ASSERT_EQ(wire.Client(ResetOf(s)), Breach::kNone) << round;
    }
    wire.Pass(std::chrono::seconds(3));
  }
}

// Frames of every kind, as a client might mix them; every other one begins a call, so that there
// are streams for the rest.
std::string AnyFrame(int place) {
  if (place % 2 == 0) return Call(static_cast<std::uint32_t>(place + 1));
  const int type = *rc::gen::inRange(0, 12);
  const int flags = *rc::gen::element(0, 1, 4, 5, 8, 9);
  const auto stream = *rc::gen::inRange<std::uint32_t>(0, 12);
  if (type == 3) return ResetOf(stream, *rc::gen::inRange<std::uint32_t>(0, 3));
  if (type == 8) return WindowOf(stream, *rc::gen::inRange<std::uint32_t>(0, 3));
  if (type == 4 || type == 6) return FrameOf(type, flags, 0, std::string(type == 6 ? 8 : 6, '\0'));
  const auto length = *rc::gen::inRange<std::size_t>(0, 300);
  return FrameOf(type, flags, stream, std::string(length, 'p'));
}

RC_GTEST_PROP(FrameGuardProperty, TheVerdictIsTheSameWhereverTheBytesAreCut, ()) {
  FrameLimits tight;
  tight.resets = tight.settings = tight.pings = tight.window_updates = {8, 1};
  tight.priorities = tight.empty_data = tight.late_frames = tight.other_frames = {8, 1};
  tight.header_block_bytes = 600;
  tight.open_streams = 24;
  const FrameGuard::Time now{std::chrono::hours(1)};
  std::string bytes = Begin();
  const int frames = *rc::gen::inRange(0, 60);
  for (int i = 0; i < frames; ++i) bytes += AnyFrame(i);

  FrameGuard whole(tight);
  const Breach verdict = whole.FromClient(bytes, now);
  FrameGuard byte_by_byte(tight);
  Breach last = Breach::kNone;
  for (const char& byte : bytes) last = byte_by_byte.FromClient({&byte, 1}, now);
  RC_ASSERT(last == verdict);
  FrameGuard pieces(tight);
  for (std::size_t at = 0; at < bytes.size();) {
    const auto size = std::min(bytes.size() - at, *rc::gen::inRange<std::size_t>(1, 50));
    last = pieces.FromClient({bytes.data() + at, size}, now);
    at += size;
  }
  RC_ASSERT(last == verdict);
}

// The table against a plain list of what is open.
RC_GTEST_PROP(StreamTableProperty, KnowsEveryOpenStream, ()) {
  StreamTable table;
  std::vector<std::uint32_t> open;
  std::uint32_t next = 1;
  const auto steps = *rc::gen::container<std::vector<int>>(3'000, rc::gen::inRange(0, 1'000));
  for (const int step : steps) {
    if (step % 3 != 0 || open.empty()) {
      next += 2 * static_cast<std::uint32_t>(step % 5 == 0 ? 400 : 1);  // streams may be skipped
      RC_ASSERT(table.Open(next) == (open.size() < StreamTable::kMost));
      if (open.size() < StreamTable::kMost) open.push_back(next);
    } else {
      const auto which = open.begin() + step % static_cast<int>(open.size());
      table.Erase(*which);
      RC_ASSERT(table.Find(*which) == StreamTable::State::kUnknown);
      open.erase(which);
    }
    RC_ASSERT(table.open() == open.size());
  }
  for (const std::uint32_t stream : open) {
    RC_ASSERT(table.Find(stream) == StreamTable::State::kOpen);
    table.EndByClient(stream);
    RC_ASSERT(table.Find(stream) == StreamTable::State::kEnded);
  }
  RC_ASSERT(table.Find(next + 2) == StreamTable::State::kIdle);
}

}  // namespace
}  // namespace milecastle::ingress
