// A log that refuses for as long as it is told to.
//
// Thread-safety: any thread. Failure: kAuditUnavailable while it refuses.
#pragma once

#include <atomic>
#include <utility>

#include "audit/appender.h"

namespace milecastle::govern {

class GatedLog final : public audit::Appender {
 public:
  explicit GatedLog(audit::Appender& real) : real_(real) {}
  void Append(audit::Entry entry, OnDurable on_durable) override {
    ++appended;
    if (refuses) {
      return on_durable(base::Error{base::ErrorId::kAuditUnavailable, "log", "sealed"});
    }
    real_.Append(std::move(entry), std::move(on_durable));
  }
  bool Available() const override { return !refuses; }

  std::atomic<bool> refuses = false;
  std::atomic<int> appended = 0;

 private:
  audit::Appender& real_;
};

}  // namespace milecastle::govern
