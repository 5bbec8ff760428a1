// The journal, its bytes, and the sums that Feeds answers from.
//
// Thread-safety and failure: as store/journal.h.
#pragma once

#include "inside/session.h"
#include "store/journal.h"

namespace milecastle::store::sqlite {

class JournalTable final : public Journal {
 public:
  explicit JournalTable(Session& session) : session_(session), connection_(session.connection) {}

  base::Result<std::optional<JournalRow>> Find(record::MessageId id) override;
  base::Result<std::optional<JournalRow>> FindByControlId(const std::string& feed,
                                                          const std::string& control_id,
                                                          base::Instant since) override;
  base::Result<std::vector<JournalRow>> FindRepeated(const Sent& sent) override;
  base::Result<std::vector<FeedState>> Feeds() override;
  base::Result<std::uint64_t> Count() override;
  base::Result<void> Append(const JournalRow& row) override;
  base::Result<void> SetOutcome(record::MessageId id, const Settled& settled) override;

  // Before the commit of what was appended and settled: the sums that AddToFeed left.
  base::Result<void> WriteFeeds();

 private:
  // Adds `messages` (which may be negative) to the sum, as it will be written.
  void AddToFeed(const JournalRow& row, const std::string& disposition, std::int64_t messages);
  base::Result<void> WriteFeed(const std::string& feed, const std::string& disposition,
                               const Session::FeedSum& more);
  Session& session_;
  Connection& connection_;
};

}  // namespace milecastle::store::sqlite
