#include "history_contract.h"
#include "sqlite/store.h"

namespace milecastle::store {
namespace {

std::unique_ptr<Store> OpenSqlite(const std::filesystem::path& folder, std::size_t queue_limit) {
  sqlite::Options options;
  options.path = folder / "store.db";
  options.queue_limit = queue_limit;
  auto opened = sqlite::Open(std::move(options));
  EXPECT_TRUE(opened) << (opened ? "" : base::Describe(opened.error()));
  return opened ? *std::move(opened) : nullptr;
}

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreContract, testing::Values(Driver{"file", &OpenSqlite}),
                         NameOfDriver);
INSTANTIATE_TEST_SUITE_P(Sqlite, StoreHistory, testing::Values(Driver{"file", &OpenSqlite}),
                         NameOfDriver);

}  // namespace
}  // namespace milecastle::store
