// Counts a listener's live connections, in all, per source and per certificate, and says when there
// are too many.
//
// Thread-safety: any thread. Failure: a Verdict that is not kAdmitted; the connection is closed.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "base/crypto.h"
#include "ingress/ingress.h"

namespace milecastle::ingress {

class Admission {
 public:
  enum class Verdict { kAdmitted, kTooMany, kTooManyFromSource, kTooManyOfCertificate };

  // A connection's place in the counts, given back when it ends.
  class Ticket {
   public:
    Ticket() = default;
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;
    ~Ticket();

   private:
    friend class Admission;
    Admission* admission_ = nullptr;
    std::string source_;
    std::optional<base::Digest> certificate_;
  };

  explicit Admission(const ListenerOptions& limits)
      : total_limit_(limits.max_connections),
        source_limit_(limits.max_per_source),
        certificate_limit_(limits.max_per_certificate) {}

  Verdict Admit(std::string source, Ticket& ticket);
  Verdict AdmitCertificate(const base::Digest& thumbprint, Ticket& ticket);
  std::size_t live() const;

 private:
  void GiveBack(const Ticket& ticket);

  const std::size_t total_limit_;
  const std::size_t source_limit_;
  const std::size_t certificate_limit_;
  mutable std::mutex mutex_;
  std::size_t total_ = 0;
  std::map<std::string, std::size_t> sources_;
  std::map<base::Digest, std::size_t> certificates_;
};

}  // namespace milecastle::ingress
