#include "folder/watched_folder.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "base/log.h"
#include "detail/directory.h"

namespace milecastle::folder {
namespace {

using base::Error;
using base::ErrorId;
using base::LogId;
using base::SafeText;
using port::Disposition;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

// What other threads tell the folder's own thread. Outlives the folder where a callback comes late.
class Mailbox {
 public:
  struct Answer {
    std::string file;
    std::size_t message;  // of the file, from 0
    port::Outcome outcome;
  };

  Mailbox() : wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

  void Put(Answer answer) {
    {
      const std::lock_guard lock(mutex_);
      answers_.push_back(std::move(answer));
    }
    Wake();
  }
  void PutRoom() {
    {
      const std::lock_guard lock(mutex_);
      room_ = true;
    }
    Wake();
  }
  void PutStop() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    Wake();
  }

  struct Mail {
    std::vector<Answer> answers;
    bool room = false;
    bool stop = false;
  };
  Mail Take() {
    std::uint64_t count = 0;
    while (::read(wake_.get(), &count, sizeof count) > 0) {
    }
    const std::lock_guard lock(mutex_);
    return {std::exchange(answers_, {}), std::exchange(room_, false), stop_};
  }
  int fd() const { return wake_.get(); }

 private:
  void Wake() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(wake_.get(), &one, sizeof one);
  }

  Descriptor wake_;
  std::mutex mutex_;
  std::vector<Answer> answers_;
  bool room_ = false;
  bool stop_ = false;
};

// A file whose messages are with the gateway.
struct Job {
  Stamp stamp;
  std::vector<std::string> messages;
  std::size_t given = 0;
  std::size_t answered = 0;
  Disposition worst = Disposition::kAccepted;
  std::size_t unread = 0;  // people or rows that were not taken, of messages that were
  std::map<std::size_t, std::string> reasons;  // by message: outcomes may come in any order
};

constexpr std::size_t kMostUnread = 1000;  // lines that are written of what was not taken

// A file that was seen and is not with the gateway.
struct Seen {
  Stamp stamp;
  steady_clock::time_point ready;  // not before
};

std::string ReasonText(std::size_t number, std::size_t of, const port::Outcome& outcome) {
  std::string text = "refused";
  if (of > 1) text += ", message " + std::to_string(number) + " of " + std::to_string(of);
  text += ": " + base::Describe(outcome.error.value_or(Error{}));
  if (outcome.message) text += "\nkept in the journal as " + outcome.message->ToString();
  return text + "\n";
}

// Of a message that was taken: whose part of it could not be read, and where. That somebody is kept
// apart is not told.
std::string UnreadText(const port::Outcome& outcome, std::size_t& lines) {
  std::string text;
  for (const port::PatientOutcome& patient : outcome.patients) {
    if (!patient.error || patient.error->id == ErrorId::kConflict) continue;
    if (++lines > kMostUnread) continue;
    text += "not taken: " + base::Describe(*patient.error) + "\n";
  }
  return text;
}

class Watcher final : public WatchedFolder {
 public:
  Watcher(Options options, std::shared_ptr<const port::Feed> feed, port::Inbound& inbound,
          Directory directory, Descriptor events)
      : options_(std::move(options)),
        feed_(std::move(feed)),
        inbound_(inbound),
        directory_(std::move(directory)),
        events_(std::move(events)),
        thread_([this] { Run(); }) {}
  ~Watcher() override { Watcher::Stop(); }

  void Stop() override {
    mailbox_->PutStop();
    if (thread_.joinable()) thread_.join();
  }

 private:
  void Run() {
    Scan();
    for (;;) {
      auto mail = mailbox_->Take();
      room_ = room_ || mail.room;
      stopping_ = mail.stop;
      for (const auto& answer : mail.answers) Settle(answer);
      if (stopping_ && DropIdle()) return;
      if (ReadEvents() || steady_clock::now() >= next_scan_) Scan();
      if (!stopping_) GiveAll();
      Wait();
    }
  }

  // Forgets the files of which no message is outstanding: they are handed in after the next start,
  // where what was taken already is a duplicate. True: nothing is left to wait for.
  bool DropIdle() {
    std::erase_if(jobs_, [](const auto& job) { return job.second.answered == job.second.given; });
    return jobs_.empty();
  }

  // True where anything happened in the folder.
  bool ReadEvents() {
    alignas(inotify_event) std::array<char, 16'384> buffer{};
    bool any = false;
    for (ssize_t size = 0; (size = ::read(events_.get(), buffer.data(), buffer.size())) > 0;) {
      any = true;
      for (ssize_t at = 0; at < size;) {
        inotify_event event{};
        std::memcpy(&event, buffer.data() + at, sizeof event);
        if ((event.mask & IN_MOVED_TO) != 0) {
          renamed_in_.insert(buffer.data() + at + sizeof event);
        }
        at += static_cast<ssize_t>(sizeof event) + event.len;
      }
    }
    return any;
  }

  void Scan() {
    const auto now = steady_clock::now();
    next_scan_ = now + options_.rescan;
    std::map<std::string, Seen> seen;
    for (const std::string& name : directory_.Names()) {
      const auto stamp = directory_.StampOf(name);
      if (!stamp || jobs_.contains(name)) continue;
      const auto before = seen_.find(name);
      if (before != seen_.end() && before->second.stamp == *stamp && !renamed_in_.contains(name)) {
        seen.emplace(name, before->second);
      } else {
        const bool whole = renamed_in_.contains(name) || IsOld(*stamp);
        seen.emplace(name, Seen{*stamp, whole ? now : now + options_.settle});
      }
    }
    seen_ = std::move(seen);
    renamed_in_.clear();
  }

  bool IsOld(const Stamp& stamp) const {
    const auto age = std::chrono::system_clock::now().time_since_epoch() -
                     std::chrono::nanoseconds(stamp.modified_ns);
    return age > options_.settle;
  }

  void GiveAll() {
    for (auto& [name, job] : jobs_) {
      if (!Give(name, job)) return;
    }
    while (room_ && jobs_.size() < options_.in_flight) {
      const auto next = std::find_if(seen_.begin(), seen_.end(), [](const auto& file) {
        return file.second.ready <= steady_clock::now();
      });
      if (next == seen_.end()) return;
      Take(next);
    }
  }

  // Reads one file and hands its messages on.
  void Take(std::map<std::string, Seen>::iterator at) {
    const auto taken = seen_.extract(at);
    const std::string& name = taken.key();
    const Seen& seen = taken.mapped();
    auto file = directory_.Read(name, options_.file_limit);
    if (!file || file->stamp != seen.stamp) {  // changed, or not readable: look again later
      seen_[name] = {directory_.StampOf(name).value_or(seen.stamp),
                     steady_clock::now() + options_.retry};
      return;
    }
    Job& job = jobs_[name];
    job.stamp = file->stamp;
    if (file->cut) {
      RefuseWhole(name, job, std::move(file->bytes));
      return;
    }
    job.messages = Messages(std::move(file->bytes));
    Give(name, job);
  }

  std::vector<std::string> Messages(std::string bytes) const {
    auto messages = options_.split ? options_.split(bytes) : std::vector<std::string>{};
    if (messages.empty()) messages.push_back(std::move(bytes));
    return messages;
  }

  void RefuseWhole(const std::string& name, Job& job, std::string head) {
    job.messages.resize(1);
    head.resize(std::min<std::size_t>(head.size(), 64U << 10U));
    inbound_.Refuse(feed_, std::move(head), TooLarge(), Answerer(name, job.given++));
  }

  static Error TooLarge() {
    return {ErrorId::kMessageTooLarge, "", "send smaller files, or raise the feed's limit"};
  }

  // False: the gateway has no room; WhenRoom wakes us.
  bool Give(const std::string& name, Job& job) {
    while (room_ && job.given < job.messages.size()) {
      std::string& message = job.messages[job.given];
      if (message.size() > feed_->message_limit) {
        message.resize(std::min<std::size_t>(message.size(), 64U << 10U));
        inbound_.Refuse(feed_, std::move(message), TooLarge(), Answerer(name, job.given));
      } else if (!inbound_.TryReceive(feed_, message, Answerer(name, job.given))) {
        room_ = false;
        inbound_.WhenRoom([mailbox = mailbox_] { mailbox->PutRoom(); });
        return false;
      }
      ++job.given;
    }
    return room_;
  }

  port::OnReceived Answerer(const std::string& name, std::size_t message) const {
    return [mailbox = mailbox_, name, message](port::Received received) {
      mailbox->Put({name, message, std::move(received.outcome)});
    };
  }

  // One message of a file has its outcome; with the last one the file moves.
  void Settle(const Mailbox::Answer& answer) {
    Job& job = jobs_.at(answer.file);
    ++job.answered;
    const Disposition disposition = answer.outcome.disposition;
    if (disposition == Disposition::kRejected || disposition == Disposition::kFailed) {
      job.worst = std::max(job.worst, disposition);
    }
    if (disposition == Disposition::kRejected) {
      job.reasons[answer.message] =
          ReasonText(answer.message + 1, job.messages.size(), answer.outcome);
    } else if (auto unread = UnreadText(answer.outcome, job.unread); !unread.empty()) {
      job.reasons[answer.message] = std::move(unread);
    }
    if (job.answered < job.messages.size()) return;
    Finish(answer.file, job);
    jobs_.erase(answer.file);
  }

  void Finish(const std::string& name, const Job& job) {
    base::Log(LogId::kFolderFile, {{"feed", SafeText::Configured(feed_->name)},
                                   {"outcome", SafeText::Catalogued(port::NameOf(job.worst))},
                                   {"messages", job.messages.size()}});
    if (job.worst == Disposition::kFailed) {
      seen_[name] = {job.stamp, steady_clock::now() + options_.retry};
      return;
    }
    const auto box =
        job.worst == Disposition::kRejected ? Directory::Box::kRefused : Directory::Box::kAccepted;
    std::string reason;
    for (const auto& [message, text] : job.reasons) reason += text;
    if (job.unread > kMostUnread) {
      reason += "not taken: " + std::to_string(job.unread - kMostUnread) + " more\n";
    }
    switch (directory_.Move(name, job.stamp, box, reason)) {
      case Directory::MoveResult::kMoved:
        return;
      case Directory::MoveResult::kChanged:
        next_scan_ = steady_clock::now();
        return;
      case Directory::MoveResult::kFailed:
        base::Log(LogId::kFolderFile, {{"feed", SafeText::Configured(feed_->name)},
                                       {"error", ErrorId::kFileUnavailable}});
        seen_[name] = {job.stamp, steady_clock::now() + options_.rescan};
    }
  }

  void Wait() const {
    auto until = next_scan_;
    if (room_ && jobs_.size() < options_.in_flight) {
      for (const auto& [name, seen] : seen_) until = std::min(until, seen.ready);
    }
    const auto left = std::chrono::ceil<milliseconds>(until - steady_clock::now()).count();
    std::array<pollfd, 2> ready = {pollfd{events_.get(), POLLIN, 0},
                                   pollfd{mailbox_->fd(), POLLIN, 0}};
    ::poll(ready.data(), ready.size(), static_cast<int>(std::clamp<long>(left, 0, 60'000)));
  }

  const Options options_;
  const std::shared_ptr<const port::Feed> feed_;
  port::Inbound& inbound_;
  const Directory directory_;
  const Descriptor events_;
  const std::shared_ptr<Mailbox> mailbox_ = std::make_shared<Mailbox>();

  // The thread's own.
  std::map<std::string, Seen> seen_;
  std::map<std::string, Job> jobs_;
  std::set<std::string> renamed_in_;
  steady_clock::time_point next_scan_;
  bool room_ = true;
  bool stopping_ = false;

  std::thread thread_;  // last: starts when all else is there
};

}  // namespace

base::Result<std::unique_ptr<WatchedFolder>> WatchedFolder::Start(
    Options options, std::shared_ptr<const port::Feed> feed, port::Inbound& inbound) {
  auto directory = Directory::Open(options.path);
  if (!directory) return directory.error();
  // Before the first scan, so that no file falls between the two.
  Descriptor events(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  constexpr std::uint32_t kMask =
      IN_CLOSE_WRITE | IN_MOVED_TO | IN_ATTRIB | IN_ONLYDIR | IN_DONT_FOLLOW;
  if (!events.valid() || ::inotify_add_watch(events.get(), options.path.c_str(), kMask) < 0) {
    return Error{ErrorId::kFileUnavailable, options.path.string(),
                 "the kernel gave no watch; raise fs.inotify.max_user_watches"};
  }
  return std::unique_ptr<WatchedFolder>(
      std::make_unique<Watcher>(std::move(options), std::move(feed), inbound,
                                std::move(directory).value(), std::move(events)));
}

}  // namespace milecastle::folder
