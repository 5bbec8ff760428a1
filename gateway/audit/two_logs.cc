#include "audit/two_logs.h"

#include <utility>

#include "base/log.h"

namespace milecastle::audit {
namespace {

bool IsUnavailable(const base::Result<Receipt>& receipt) {
  return !receipt && receipt.error().id == base::ErrorId::kAuditUnavailable;
}

}  // namespace

TwoLogs::TwoLogs(Appender* first, Appender& second, std::function<void()> on_fatal)
    : first_(first), second_(second), on_fatal_(std::move(on_fatal)) {
  if (first_ == nullptr) FirstFailed();
}

bool TwoLogs::Available() const {
  return second_.Available() || (!first_failed_ && first_->Available());
}

void TwoLogs::Append(Entry entry, OnDurable on_durable) {
  AppendToFirst(&Appender::Append, std::move(entry), std::move(on_durable));
}

void TwoLogs::AppendAtOnce(Entry entry, OnDurable on_durable) {
  AppendToFirst(&Appender::AppendAtOnce, std::move(entry), std::move(on_durable));
}

void TwoLogs::AppendToFirst(How append, Entry entry, OnDurable on_durable) {
  if (first_failed_) return AppendToSecond(std::move(entry), std::move(on_durable));
  Entry again = entry;
  (first_->*append)(std::move(entry),
                    [this, again = std::move(again),
                     on_durable = std::move(on_durable)](base::Result<Receipt> receipt) mutable {
                      const bool failed = IsUnavailable(receipt);
                      if (!failed) return on_durable(std::move(receipt));
                      FirstFailed();
                      AppendToSecond(std::move(again), std::move(on_durable));
                    });
}

void TwoLogs::AppendToSecond(Entry entry, OnDurable on_durable) {
  second_.Append(std::move(entry),
                 [this, on_durable = std::move(on_durable)](base::Result<Receipt> receipt) {
                   const bool failed = IsUnavailable(receipt);
                   on_durable(std::move(receipt));
                   if (failed) SecondFailed();
                 });
}

void TwoLogs::FirstFailed() {
  if (!first_failed_.exchange(true)) base::Log(base::LogId::kAuditSecondary);
}

void TwoLogs::SecondFailed() {
  if (fatal_.exchange(true)) return;
  base::Log(base::LogId::kAuditFatal);
  on_fatal_();
}

}  // namespace milecastle::audit
