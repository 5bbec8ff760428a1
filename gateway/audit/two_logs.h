// Two audit logs as one (safety.md 3): the second, with its own origin and key on another file
// system, takes over when the first fails, so that a broken disk does not take emergency access
// away.
//
// The first failure seals the first log until the next start, sounds an alarm, and sends appends
// that were not durable to the second. An append whose fate on the first is unknown may then be in
// both logs, once in each, under one event id. Only when both fail does on_fatal run, once; main.cc
// exits. Thread-safety: as Appender. Lifetime: when nobody appends any more, destroy the first log,
// which may still hand entries to the second, then the second, then this. Failure: as Appender.
#pragma once

#include <atomic>
#include <functional>

#include "audit/appender.h"

namespace milecastle::audit {

class TwoLogs final : public Appender {
 public:
  // `first` is null where it could not be opened: the alarm sounds and the second takes everything.
  TwoLogs(Appender* first, Appender& second, std::function<void()> on_fatal);

  void Append(Entry entry, OnDurable on_durable) override;
  void AppendAtOnce(Entry entry, OnDurable on_durable) override;
  bool Available() const override;

 private:
  using How = void (Appender::*)(Entry, OnDurable);
  void AppendToFirst(How append, Entry entry, OnDurable on_durable);
  void AppendToSecond(Entry entry, OnDurable on_durable);
  void FirstFailed();
  void SecondFailed();

  Appender* first_;
  Appender& second_;
  std::function<void()> on_fatal_;
  std::atomic<bool> first_failed_ = false;
  std::atomic<bool> fatal_ = false;
};

}  // namespace milecastle::audit
