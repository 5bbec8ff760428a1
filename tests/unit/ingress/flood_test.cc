// The frame guard in its place: between TLS and the handler, on the listener that asks for it.

#include "fixture.h"
#include "kit/frames.h"

namespace milecastle::ingress {
namespace {

constexpr int kSettings = 4;

std::string Begin() { return std::string(kit::kPreface) + kit::FrameOf(kSettings, 0, 0); }

std::string Flood() {
  std::string frames;
  for (int i = 0; i < 1'000; ++i) frames += kit::FrameOf(kSettings, 0, 0);
  return frames;
}

class Floods : public Door {
 protected:
  std::uint64_t Cut(std::string_view reason) const {
    for (const auto& line : ingress_->Breaches()) {
      if (line.name == reason) return line.value;
    }
    return 0;
  }
};

TEST_F(Floods, AFloodIsCutAndCountedAndOtherConnectionsOfItsCertificateLiveOn) {
  const kit::Issued client = authority_.Issue({});
  const auto port = Open({.name = "test", .frame_guard = FrameLimits()});
  TlsClient good(port, &client);
  ASSERT_TRUE(good.Echoes(Begin()));
  TlsClient bad(port, &client);
  ASSERT_TRUE(bad.Echoes(Begin()));
  EXPECT_EQ(Cut("settings"), 0U);
  bad.Send(Flood());
  EXPECT_TRUE(bad.AwaitEnd());
  EXPECT_EQ(Cut("settings"), 1U);
  EXPECT_TRUE(good.Echoes(kit::FrameOf(kSettings, 0, 0)));
}

TEST_F(Floods, WhatIsNoHttp2NeverReachesTheHandler) {
  const kit::Issued client = authority_.Issue({});
  TlsClient stranger(Open({.name = "test", .frame_guard = FrameLimits()}), &client);
  stranger.Send("GET / HTTP/1.1\r\n\r\n");
  EXPECT_TRUE(stranger.AwaitEnd());
  EXPECT_EQ(Cut("protocol"), 1U);
  EXPECT_TRUE(echo_.seen().empty());
}

TEST_F(Floods, AListenerWithoutTheGuardCutsNothing) {
  const kit::Issued client = authority_.Issue({});
  TlsClient other(Open(), &client);
  EXPECT_TRUE(other.Echoes("MSH|^~\\&|"));
  EXPECT_TRUE(other.Echoes(Flood()));
  EXPECT_TRUE(ingress_->Breaches().empty());
}

}  // namespace
}  // namespace milecastle::ingress
