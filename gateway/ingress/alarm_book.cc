#include "ingress/alarm_book.h"

#include <algorithm>
#include <chrono>

#include "base/log.h"

namespace milecastle::ingress {
namespace {

using std::chrono::duration_cast;
using std::chrono::hours;

// The greater, the worse.
long GravityOf(const TlsAlarm& alarm) {
  if (alarm.kind == TlsAlarm::Kind::kRevocationListStale) {
    return duration_cast<hours>(-alarm.remaining).count();
  }
  long gravity = 0;
  for (const int days : {14, 7, 1, 0}) gravity += alarm.remaining <= hours(24 * days) ? 1 : 0;
  return gravity;
}

}  // namespace

std::vector<TlsAlarm> AlarmBook::Fresh(const std::vector<TlsAlarm>& alarms) {
  std::vector<TlsAlarm> fresh;
  std::map<std::pair<TlsAlarm::Kind, std::string>, long> now;
  for (const TlsAlarm& alarm : alarms) {
    const auto [line, first] = now.try_emplace({alarm.kind, alarm.place}, GravityOf(alarm));
    if (!first) line->second = std::max(line->second, GravityOf(alarm));
    const auto before = sounded_.find(line->first);
    if (before == sounded_.end() || before->second < GravityOf(alarm)) fresh.push_back(alarm);
  }
  sounded_ = std::move(now);
  return fresh;
}

void Sound(const std::vector<TlsAlarm>& alarms) {
  for (const TlsAlarm& alarm : alarms) {
    const auto place = base::SafeText::Configured(alarm.place);
    const long left = duration_cast<hours>(alarm.remaining).count();
    if (alarm.kind == TlsAlarm::Kind::kCertificateExpiring) {
      base::Log(base::LogId::kCertificateExpiring, {{"file", place}, {"days_left", left / 24}});
    } else {
      base::Log(base::LogId::kRevocationListStale, {{"file", place}, {"hours_late", -left}});
    }
  }
}

}  // namespace milecastle::ingress
