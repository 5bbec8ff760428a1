#include "ingress/peer_directory.h"

namespace milecastle::ingress {

std::optional<record::PeerCertificate> PeerDirectory::Find(std::string_view peer_string) const {
  const std::shared_lock lock(mutex_);
  const auto found = peers_.find(peer_string);
  if (found == peers_.end()) return std::nullopt;
  return found->second;
}

std::size_t PeerDirectory::size() const {
  const std::shared_lock lock(mutex_);
  return peers_.size();
}

void PeerDirectory::Insert(std::string name, record::PeerCertificate certificate) {
  const std::unique_lock lock(mutex_);
  peers_.insert_or_assign(std::move(name), std::move(certificate));
}

void PeerDirectory::Erase(std::string_view name) {
  const std::unique_lock lock(mutex_);
  if (const auto found = peers_.find(name); found != peers_.end()) peers_.erase(found);
}

}  // namespace milecastle::ingress
