#include "folder/watched_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <condition_variable>
#include <deque>
#include <mutex>

#include "base/config.h"
#include "kit/folder.h"

namespace milecastle::folder {
namespace {

namespace fs = std::filesystem;
using port::Disposition;

// A gateway that keeps what it is handed until the test says what became of it.
class Gateway final : public port::Inbound {
 public:
  bool TryReceive(std::shared_ptr<const port::Feed>, std::string& message,
                  port::OnReceived done) override {
    const std::lock_guard lock(mutex_);
    if (open_.size() >= room_) return false;
    arrivals_.push_back(message);
    open_.push_back(std::move(done));
    changed_.notify_all();
    return true;
  }
  void WhenRoom(std::function<void()> again) override {
    const std::lock_guard lock(mutex_);
    again_ = std::move(again);
    changed_.notify_all();
  }
  void Refuse(std::shared_ptr<const port::Feed>, std::string head, base::Error why,
              port::OnReceived done) override {
    {
      const std::lock_guard lock(mutex_);
      arrivals_.push_back("refused: " + std::to_string(head.size()));
      changed_.notify_all();
    }
    done({{.disposition = Disposition::kRejected,
           .error = std::move(why),
           .message = {},
           .not_carried = {}},
          ""});
  }

  void SetRoom(std::size_t room) { room_ = room; }
  std::vector<std::string> WaitFor(std::size_t count) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, std::chrono::seconds(20),
                                  [&] { return arrivals_.size() >= count; }));
    return arrivals_;
  }
  void WaitUntilFull() {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(
        changed_.wait_for(lock, std::chrono::seconds(20), [&] { return again_ != nullptr; }));
  }
  // The oldest message without an outcome gets one.
  void Answer(Disposition disposition) {
    port::Outcome outcome{
        .disposition = disposition, .error = {}, .message = {}, .not_carried = {}};
    if (disposition == Disposition::kRejected) {
      outcome.error = {base::ErrorId::kMessageInvalid, "entry[2].resource", "give it a code"};
    }
    AnswerWith(std::move(outcome));
  }
  void AnswerWith(port::Outcome outcome) {
    port::OnReceived done;
    std::function<void()> again;
    {
      const std::lock_guard lock(mutex_);
      ASSERT_FALSE(open_.empty());
      done = std::move(open_.front());
      open_.pop_front();
      std::swap(again, again_);
    }
    done({std::move(outcome), ""});
    if (again) again();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> arrivals_;
  std::deque<port::OnReceived> open_;
  std::function<void()> again_;
  std::size_t room_ = 100;
};

class Folder : public testing::Test {
 protected:
  void Start() {
    options_.path = folder_.path();
    auto started = WatchedFolder::Start(options_, feed_, gateway_);
    ASSERT_TRUE(started) << base::Describe(started.error());
    watched_ = std::move(started).value();
  }
  // As a careful sender does it.
  void Send(const std::string& name, std::string_view bytes) {
    folder_.Write("." + name, bytes);
    fs::rename(folder_.path() / ("." + name), folder_.path() / name);
  }
  std::string Content(const std::string& name) const {
    auto bytes = base::ReadFile(folder_.path() / name);
    return bytes ? *bytes : "(none)";
  }
  bool Has(const std::string& name) const { return fs::exists(folder_.path() / name); }

  kit::TemporaryFolder folder_;
  std::shared_ptr<port::Feed> feed_ = std::make_shared<port::Feed>();
  Options options_{.path = {},
                   .settle = std::chrono::milliseconds(30),
                   .retry = std::chrono::milliseconds(1),
                   .split = {}};
  Gateway gateway_;
  std::unique_ptr<WatchedFolder> watched_;
};

TEST_F(Folder, MovesAFileOnlyAfterItsOutcome) {
  Start();
  Send("a.json", "bytes");
  EXPECT_EQ(gateway_.WaitFor(1)[0], "bytes");
  EXPECT_TRUE(Has("a.json"));
  gateway_.Answer(Disposition::kAccepted);
  watched_->Stop();
  EXPECT_FALSE(Has("a.json"));
  EXPECT_EQ(Content("accepted/a.json"), "bytes");
}

TEST_F(Folder, PutsARefusedFileBesideItsReason) {
  Start();
  Send("a.json", "bytes");
  gateway_.WaitFor(1);
  gateway_.Answer(Disposition::kRejected);
  watched_->Stop();
  EXPECT_EQ(Content("refused/a.json"), "bytes");
  EXPECT_EQ(Content("refused/a.json.reason.txt"),
            "refused: message.invalid at entry[2].resource: give it a code\n");
}

TEST_F(Folder, CountsWhatIsKeptForAPersonAsTaken) {
  Start();
  for (const auto disposition :
       {Disposition::kDuplicate, Disposition::kQuarantined, Disposition::kAwaitingIdentity}) {
    Send("f" + std::to_string(static_cast<int>(disposition)), "x");
    gateway_.WaitFor(static_cast<std::size_t>(disposition) - 1);
    gateway_.Answer(disposition);
  }
  watched_->Stop();
  EXPECT_TRUE(Has("accepted/f2") && Has("accepted/f3") && Has("accepted/f4"));
}

TEST_F(Folder, TriesAgainWhereNothingWasCommitted) {
  Start();
  Send("a.json", "bytes");
  gateway_.WaitFor(1);
  gateway_.Answer(Disposition::kFailed);
  EXPECT_EQ(gateway_.WaitFor(2)[1], "bytes");
  gateway_.Answer(Disposition::kAccepted);
  watched_->Stop();
  EXPECT_TRUE(Has("accepted/a.json"));
}

TEST_F(Folder, TakesWhatLayThereBeforeItStartedInTheOrderOfNames) {
  for (const char* name : {"c", "a", "b"}) Send(name, name);
  options_.in_flight = 1;
  Start();
  gateway_.WaitFor(1);
  gateway_.Answer(Disposition::kAccepted);
  gateway_.WaitFor(2);
  gateway_.Answer(Disposition::kAccepted);
  EXPECT_EQ(gateway_.WaitFor(3), (std::vector<std::string>{"a", "b", "c"}));
  gateway_.Answer(Disposition::kAccepted);
}

TEST_F(Folder, LeavesUnfinishedFilesAlone) {
  Start();
  folder_.Write("a.json.part", "half");
  folder_.Write("b.TMP", "half");
  folder_.Write(".c.json", "half");
  Send("d.json", "whole");
  EXPECT_EQ(gateway_.WaitFor(1), (std::vector<std::string>{"whole"}));
  gateway_.Answer(Disposition::kAccepted);
  watched_->Stop();
  EXPECT_TRUE(Has("a.json.part") && Has("b.TMP") && Has(".c.json"));
}

TEST_F(Folder, TakesAFileThatStoppedGrowing) {
  Start();
  folder_.Write("slow.json", "whole");
  EXPECT_EQ(gateway_.WaitFor(1)[0], "whole");
  gateway_.Answer(Disposition::kAccepted);
}

// All of them old and first by name, so that they would be taken before the file that is.
TEST_F(Folder, FollowsNoLinkAndReadsNoPipe) {
  kit::TemporaryFolder elsewhere;
  const auto an_hour_ago = fs::file_time_type::clock::now() - std::chrono::hours(1);
  for (const char* name : {"first", "second"}) {
    fs::last_write_time(elsewhere.Write(name, "secret"), an_hour_ago);
  }
  fs::create_symlink(elsewhere.path() / "first", folder_.path() / "a-link");
  fs::create_hard_link(elsewhere.path() / "second", folder_.path() / "b-hard-link");
  ASSERT_EQ(::mkfifo((folder_.path() / "c-pipe").c_str(), 0600), 0);
  fs::create_directory(folder_.path() / "d-folder");
  fs::last_write_time(folder_.Write("e.json", "bytes"), an_hour_ago);
  Start();
  EXPECT_EQ(gateway_.WaitFor(1), (std::vector<std::string>{"bytes"}));
  gateway_.Answer(Disposition::kAccepted);
  watched_->Stop();
  EXPECT_TRUE(fs::is_symlink(folder_.path() / "a-link"));
}

TEST_F(Folder, RefusesToStartWhereAcceptedIsALink) {
  kit::TemporaryFolder elsewhere;
  fs::create_directory_symlink(elsewhere.path(), folder_.path() / "accepted");
  options_.path = folder_.path();
  EXPECT_FALSE(WatchedFolder::Start(options_, feed_, gateway_));
}

TEST_F(Folder, TakesAFileThatReplacedAnotherAsANewOne) {
  Start();
  Send("a.json", "first");
  gateway_.WaitFor(1);
  Send("a.json", "second");
  gateway_.Answer(Disposition::kAccepted);
  EXPECT_EQ(gateway_.WaitFor(2)[1], "second");
  gateway_.Answer(Disposition::kAccepted);
  watched_->Stop();
  EXPECT_EQ(Content("accepted/a.json"), "second");
}

TEST_F(Folder, NeverOverwritesWhatWasAcceptedBefore) {
  for (std::size_t i = 1; i <= 2; ++i) {
    Start();
    Send("a.json", std::to_string(i));
    gateway_.WaitFor(i);
    gateway_.Answer(Disposition::kAccepted);
    watched_->Stop();
  }
  EXPECT_EQ(Content("accepted/a.json"), "1");
  EXPECT_EQ(Content("accepted/a.json~2"), "2");
}

TEST_F(Folder, WaitsForRoomWithoutLosingTheMessage) {
  gateway_.SetRoom(1);
  Start();
  Send("a.json", "a");
  gateway_.WaitFor(1);
  Send("b.json", "b");
  gateway_.WaitUntilFull();
  gateway_.Answer(Disposition::kAccepted);
  EXPECT_EQ(gateway_.WaitFor(2)[1], "b");
  gateway_.Answer(Disposition::kAccepted);
  watched_->Stop();
  EXPECT_TRUE(Has("accepted/a.json") && Has("accepted/b.json"));
}

TEST_F(Folder, StopsWithoutWaitingForRoom) {
  gateway_.SetRoom(0);
  Start();
  Send("a.json", "a");
  gateway_.WaitUntilFull();
  watched_->Stop();
  EXPECT_TRUE(Has("a.json"));
}

TEST_F(Folder, RefusesAFileWithOneRefusedMessageOfSeveral) {
  options_.split = [](std::string_view bytes) {
    return std::vector<std::string>{std::string(bytes.substr(0, 1)), std::string(bytes.substr(1))};
  };
  Start();
  Send("two", "12");
  gateway_.WaitFor(2);
  gateway_.Answer(Disposition::kAccepted);
  gateway_.Answer(Disposition::kRejected);
  watched_->Stop();
  EXPECT_EQ(Content("refused/two.reason.txt"),
            "refused, message 2 of 2: message.invalid at entry[2].resource: give it a code\n");
}

TEST_F(Folder, SaysBesideAnAcceptedFileWhichOfItsRowsWereNotTaken) {
  Start();
  Send("rows.csv", "1");
  gateway_.WaitFor(1);
  port::Outcome outcome{.disposition = Disposition::kQuarantined};
  const base::Error unread{base::ErrorId::kMessageInvalid, "line 17, column Event_Type", "map it"};
  const base::Error apart{base::ErrorId::kConflict, "patient identifiers", "kept apart"};
  outcome.patients = {{Disposition::kAccepted, {}, 1},
                      {Disposition::kQuarantined, unread, 0},
                      {Disposition::kQuarantined, apart, 0}};
  gateway_.AnswerWith(outcome);
  watched_->Stop();
  EXPECT_TRUE(Has("accepted/rows.csv"));
  EXPECT_EQ(Content("accepted/rows.csv.reason.txt"),
            "not taken: message.invalid at line 17, column Event_Type: map it\n")
      << "and not that somebody is kept apart";
}

TEST_F(Folder, WritesNoMoreThanAThousandRowsOfAFile) {
  Start();
  Send("rows.csv", "1");
  gateway_.WaitFor(1);
  port::Outcome outcome{.disposition = Disposition::kQuarantined};
  const base::Error unread{base::ErrorId::kMessageInvalid, "line 1", "x"};
  outcome.patients.assign(1003, {Disposition::kQuarantined, unread, 0});
  gateway_.AnswerWith(outcome);
  watched_->Stop();
  EXPECT_TRUE(Content("accepted/rows.csv.reason.txt").ends_with("x\nnot taken: 3 more\n"));
}

TEST_F(Folder, HandsInOnlyTheHeadOfAFileThatIsTooLarge) {
  options_.file_limit = 4;
  Start();
  Send("large", "12345678");
  EXPECT_EQ(gateway_.WaitFor(1)[0], "refused: 4");
  watched_->Stop();
  EXPECT_EQ(Content("refused/large"), "12345678");
}

TEST_F(Folder, HandsTheSameFileInAgainAfterACrashBeforeTheMove) {
  Send("a.json", "bytes");
  Start();
  gateway_.WaitFor(1);
  gateway_.Answer(Disposition::kFailed);
  watched_->Stop();
  EXPECT_TRUE(Has("a.json"));
  Start();
  EXPECT_EQ(gateway_.WaitFor(2)[1], "bytes");
  gateway_.Answer(Disposition::kDuplicate);
  watched_->Stop();
  EXPECT_TRUE(Has("accepted/a.json"));
}

}  // namespace
}  // namespace milecastle::folder
