#include "inside/admission.h"

#include <utility>

namespace milecastle::ingress {
namespace {

// Takes a place among those of `key`, unless all are taken.
template <class Key>
bool Take(std::map<Key, std::size_t>& counts, const Key& key, std::size_t limit) {
  std::size_t& count = counts[key];
  if (count < limit) {
    ++count;
    return true;
  }
  if (count == 0) counts.erase(key);
  return false;
}

template <class Key>
void Leave(std::map<Key, std::size_t>& counts, const Key& key) {
  const auto found = counts.find(key);
  if (--found->second == 0) counts.erase(found);
}

}  // namespace

Admission::Ticket::~Ticket() {
  if (admission_ != nullptr) admission_->GiveBack(*this);
}

Admission::Verdict Admission::Admit(std::string source, Ticket& ticket) {
  const std::lock_guard lock(mutex_);
  if (total_ >= total_limit_) return Verdict::kTooMany;
  if (!Take(sources_, source, source_limit_)) return Verdict::kTooManyFromSource;
  ++total_;
  ticket.admission_ = this;
  ticket.source_ = std::move(source);
  return Verdict::kAdmitted;
}

Admission::Verdict Admission::AdmitCertificate(const base::Digest& thumbprint, Ticket& ticket) {
  const std::lock_guard lock(mutex_);
  if (!Take(certificates_, thumbprint, certificate_limit_)) return Verdict::kTooManyOfCertificate;
  ticket.certificate_ = thumbprint;
  return Verdict::kAdmitted;
}

std::size_t Admission::live() const {
  const std::lock_guard lock(mutex_);
  return total_;
}

void Admission::GiveBack(const Ticket& ticket) {
  const std::lock_guard lock(mutex_);
  --total_;
  Leave(sources_, ticket.source_);
  if (ticket.certificate_) Leave(certificates_, *ticket.certificate_);
}

}  // namespace milecastle::ingress
