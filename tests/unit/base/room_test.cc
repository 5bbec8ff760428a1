#include "base/room.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace milecastle::base {
namespace {

TEST(Room, GrowsWhereTheGuessWasTooSmall) {
  Room room(0);
  std::string expected;
  for (int i = 0; i < 1000; ++i) {
    room.Put('a');
    room.Put("bcd");
    expected += "abcd";
  }
  EXPECT_EQ(room.written(), expected);
  EXPECT_EQ(std::move(room).Take(), expected);
}

TEST(Room, LeavesRoomBeforeWhatWasWritten) {
  Room room(4);
  room.Put("head tail");
  room.Widen(5, 6);
  std::string("long a").copy(room.At(5), 6);
  EXPECT_EQ(room.written(), "head long atail");
}

TEST(Room, ThatWasMovedFromIsWrittenAnew) {
  Room room(16);
  room.Put("first");
  Room other(std::move(room));
  room.Put(std::string(100, 'x'));
  EXPECT_EQ(room.written(), std::string(100, 'x'));
  EXPECT_EQ(other.written(), "first");
  room = std::move(other);
  other.Put("third");
  EXPECT_EQ(room.written(), "first");
  EXPECT_EQ(other.written(), "third");
  static_cast<void>(std::move(room).Take());
  room.Put("fourth");
  EXPECT_EQ(room.written(), "fourth");
}

}  // namespace
}  // namespace milecastle::base
