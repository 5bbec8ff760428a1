// A small policy: a hospital that asks, two sources that an agreement covers, one that none does.
#pragma once

#include <string>
#include <string_view>

namespace milecastle::disclose {

inline constexpr std::string_view kPolicy = R"toml(layer = "system"
[places.here]
name = "Here"
[[organisations]]
code = "ZT1"
name = "Quayside Hospitals, who ask"
kind = "acute"
place = "here"
[[organisations]]
code = "ZT2"
name = "Moorland General Hospital"
kind = "acute"
place = "here"
[[organisations]]
code = "Z99001"
name = "The Bridge Surgery"
kind = "primary"
place = "here"
[[organisations]]
code = "ZX1"
name = "Outside every agreement"
kind = "acute"
place = "here"
[[organisations]]
code = "ZP1"
name = "Of an agreement with a first day"
kind = "acute"
place = "here"
[[organisations]]
code = "ZH1"
name = "A clinic of which the law lets nobody know"
kind = "acute"
place = "here"
labels = ["hfea"]
[[organisations]]
code = "ZS1"
name = "A clinic whose name tells"
kind = "acute"
place = "here"
labels = ["sexual_health"]
[role_groups.clinician]
roles = ["R8000"]
[rights]
break_glass = ["clinician"]
[evidence.open_encounter]
sections = ["*"]
[evidence.self_declared]
sections = ["*"]
longest = "24h"
[purposes.direct-care]
evidence = ["open_encounter", "self_declared"]
[[purposes.direct-care.grants]]
role_groups = ["clinician"]
sections = ["*"]
[purposes.emergency]
needs_agreement = false
objections_bind = false
[[purposes.emergency.grants]]
role_groups = ["clinician"]
sections = ["*"]
[[reasons]]
use = "break_glass"
code = "LIFE"
text = "Immediate risk to life"
[[reasons]]
use = "self_declare"
code = "NEW-PATIENT"
text = "Newly in my care"
[labels.sexual_health]
[labels.hfea]
statute = "Human Fertilisation and Embryology Act 1990 s33A"
[[agreements]]
id = "DSA-1"
title = "Direct care"
sources = ["ZT2", "Z99001"]
consumers = ["ZT1"]
purposes = ["direct-care"]
sections = ["*"]
gdpr_basis = "6(1)(e)"
special_category_basis = "9(2)(h)"
confidentiality_basis = "implied"
statute = "Health and Social Care Act 2012 s251B"
from = "2026-04-01"
review_by = "2027-04-01"
[[agreements]]
id = "DSA-2"
title = "Direct care, entries of this year"
sources = ["ZP1"]
consumers = ["ZT1"]
purposes = ["direct-care"]
sections = ["*"]
entries_from = "2026-01-01"
gdpr_basis = "6(1)(e)"
special_category_basis = "9(2)(h)"
confidentiality_basis = "implied"
statute = "Health and Social Care Act 2012 s251B"
from = "2026-04-01"
review_by = "2027-04-01"
[location_protection]
fresh = "30d"
unchecked = ["addresses", "contacts", "practice"]
[review]
within = "72h"
[readers]
reasons = ["no_agreement", "objection", "restriction"]
rules = ["agreement.", "system."]
)toml";

// The same, but that readers may know one more class of reason.
inline std::string Telling(const std::string& reason) {
  std::string policy(kPolicy);
  const std::string list = "[readers]\nreasons = [";
  return policy.replace(policy.find(list), list.size(), list + '"' + reason + "\", ");
}

}  // namespace milecastle::disclose
