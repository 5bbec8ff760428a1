#include <future>

#include "store/store.h"

namespace milecastle::store {

namespace {

base::Result<void> WriteBy(Store& store, bool (Store::*try_write)(Store::Work, Store::Done),
                           const Store::Work& work) {
  auto outcome = std::make_shared<std::promise<base::Result<void>>>();
  auto result = outcome->get_future();
  const Store::Done done = [outcome](base::Result<void> said) {
    outcome->set_value(std::move(said));
  };
  while (!(store.*try_write)(work, done)) {
    auto room = std::make_shared<std::promise<void>>();
    auto waiting = room->get_future();
    store.WhenRoom([room] { room->set_value(); });
    waiting.wait();
  }
  return result.get();
}

}  // namespace

base::Result<void> WriteAndWait(Store& store, const Store::Work& work) {
  return WriteBy(store, &Store::TryWrite, work);
}

base::Result<void> WriteRepeatableAndWait(Store& store, const Store::Work& work) {
  return WriteBy(store, &Store::TryRepeatable, work);
}

}  // namespace milecastle::store
