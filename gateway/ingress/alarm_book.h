// Remembers which alarms have been sounded, so that each is logged when it begins and when it
// worsens (30, 14, 7, 1 and 0 days before a certificate's end; each hour that a list is late), and
// not at every look.
//
// Thread-safety: one thread. Failure: none.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "ingress/tls_material.h"

namespace milecastle::ingress {

class AlarmBook {
 public:
  // Those of `alarms` that are new or worse than before. One that is no longer there is forgotten.
  std::vector<TlsAlarm> Fresh(const std::vector<TlsAlarm>& alarms);

 private:
  std::map<std::pair<TlsAlarm::Kind, std::string>, long> sounded_;
};

void Sound(const std::vector<TlsAlarm>& alarms);

}  // namespace milecastle::ingress
