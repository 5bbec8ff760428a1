#include <future>

#include "store/store.h"

namespace milecastle::store {

base::Result<void> WriteAndWait(Store& store, const Store::Work& work) {
  auto outcome = std::make_shared<std::promise<base::Result<void>>>();
  auto result = outcome->get_future();
  const Store::Done done = [outcome](base::Result<void> said) {
    outcome->set_value(std::move(said));
  };
  while (!store.TryWrite(work, done)) {
    auto room = std::make_shared<std::promise<void>>();
    auto waiting = room->get_future();
    store.WhenRoom([room] { room->set_value(); });
    waiting.wait();
  }
  return result.get();
}

}  // namespace milecastle::store
