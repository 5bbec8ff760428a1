// How many descriptors the connections of an ingress may hold, so that strangers who connect never
// take those with which the gateway keeps its records and its log.
//
// Thread-safety: any thread. Failure: Take gives false; the connection is refused.
#pragma once

#include <atomic>
#include <cstddef>

namespace milecastle::ingress {

class Descriptors {
 public:
  Descriptors();

  // What one connection holds of them, given back when it goes.
  class Share {
   public:
    Share() = default;
    Share(Share&& other) noexcept;
    Share& operator=(Share&&) = delete;
    ~Share();

   private:
    friend class Descriptors;
    Descriptors* of_ = nullptr;
    std::size_t count_ = 0;
  };

  bool Take(std::size_t count, Share& share);

 private:
  const std::size_t most_;
  std::atomic<std::size_t> taken_ = 0;
};

}  // namespace milecastle::ingress
