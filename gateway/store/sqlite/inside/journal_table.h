// The journal, its bytes, what people did about it, and the sums that Feeds and Counts answer from.
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
  base::Result<std::vector<OutcomeCount>> Counts() override;
  base::Result<std::vector<JournalRow>> Open(std::size_t limit,
                                             std::optional<record::MessageId> after) override;
  base::Result<std::vector<Mending>> MendingsOf(record::MessageId id) override;
  base::Result<void> Append(const JournalRow& row) override;
  base::Result<void> SetOutcome(record::MessageId id, const Settled& settled) override;
  base::Result<void> SetRead(const JournalRow& row) override;
  base::Result<void> AddMending(const Mending& mending) override;

  // Before the commit of what was appended and settled: the sums that AddToFeed left.
  base::Result<void> WriteFeeds();

 private:
  // Adds the row to the sums, or takes it out of them (-1), as they will be written.
  void AddToSums(const JournalRow& row, std::int64_t messages);
  base::Result<void> Update(const JournalRow& before, const JournalRow& row, std::int64_t seq);
  base::Result<void> WriteFeed(const std::string& feed, const std::string& disposition,
                               const Session::FeedSum& more);
  Session& session_;
  Connection& connection_;
};

}  // namespace milecastle::store::sqlite
