#include "inside/readers.h"

#include "inside/query.h"

namespace milecastle::store::sqlite {
namespace {

// A transaction sees the moment of its first read, and lasts as long as a statement that reads:
// this one stands at its first row until the snapshot ends.
base::Result<Running> BeginSnapshot(Connection& connection) {
  auto reading = Running::Start(connection, "SELECT seq FROM migrations", {});
  if (!reading) return reading;
  const auto row = reading->Next();
  if (!row) return row.error();
  if (!*row) return BrokenRow("migrations");
  return reading;
}

base::Result<void> Prepare(Connection& connection, std::int64_t mmap_bytes) {
  if (auto set = connection.Execute("PRAGMA query_only = ON"); !set) return set;
  sqlite3_int64 bytes = mmap_bytes;
  sqlite3_file_control(connection.raw(), "main", SQLITE_FCNTL_MMAP_SIZE, &bytes);
  return {};
}

}  // namespace

class Readers::Lent final : public Snapshot {
 public:
  Lent(Readers& pool, std::unique_ptr<Reader> reader, Running reading)
      : pool_(pool), reader_(std::move(reader)), reading_(std::move(reading)) {}
  Lent(const Lent&) = delete;
  Lent& operator=(const Lent&) = delete;
  ~Lent() override {
    reading_.reset();
    reader_->kept.EndSnapshot();
    pool_.GiveBack(std::move(reader_));
  }

  ReadJournal& journal() override { return reader_->tables.journal; }
  ReadPatients& patients() override { return reader_->kept.patients(); }
  ReadRecords& records() override { return reader_->kept.records(); }
  ReadLabels& labels() override { return reader_->tables.labels; }
  ReadFacts& facts() override { return reader_->kept.facts(); }
  ReadQueues& queues() override { return reader_->tables.queues; }
  ReadOutbox& outbox() override { return reader_->tables.outbox; }
  ReadTrail& trail() override { return reader_->tables.trail; }

 private:
  Readers& pool_;
  std::unique_ptr<Reader> reader_;
  std::optional<Running> reading_;  // it ends before others may read by the same connection
};

base::Result<std::unique_ptr<Readers>> Readers::Open(const Options& options, DerivedCache& derived,
                                                     const Following& following) {
  std::unique_ptr<Readers> readers(new Readers(options));
  for (std::size_t i = 0; i < options.readers; ++i) {
    auto opened = readers->OpenAnother();
    if (!opened) return opened.error();
    readers->free_.push_back(std::make_unique<Reader>(*std::move(opened), derived, following));
  }
  return readers;
}

base::Result<std::unique_ptr<Connection>> Readers::OpenAnother() const {
  auto opened = Connection::Open(options_.path, Access::kReadOnly, options_.vfs);
  if (!opened) return opened.error();
  if (const auto ready = Prepare(**opened, options_.mmap_bytes); !ready) return ready.error();
  return opened;
}

base::Result<std::unique_ptr<Snapshot>> Readers::Lend() {
  std::unique_ptr<Reader> reader = TakeFree();
  if (!reader) {
    return base::Error{base::ErrorId::kOverloaded, "the record store", "every reader is in use"};
  }
  auto reading = BeginSnapshot(*reader->connection);
  if (!reading) {
    GiveBack(std::move(reader));
    return reading.error();
  }
  return std::unique_ptr<Snapshot>(
      std::make_unique<Lent>(*this, std::move(reader), *std::move(reading)));
}

std::unique_ptr<Reader> Readers::TakeFree() {
  std::unique_lock lock(mutex_);
  freed_.wait_for(lock, options_.read_wait, [this] { return !free_.empty(); });
  if (free_.empty()) return nullptr;
  std::unique_ptr<Reader> reader = std::move(free_.back());
  free_.pop_back();
  return reader;
}

void Readers::GiveBack(std::unique_ptr<Reader> reader) {
  {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(reader));
  }
  freed_.notify_one();
}

}  // namespace milecastle::store::sqlite
