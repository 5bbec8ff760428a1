// The use cases of govern/ over a small gateway with two audit logs, and officers who ask.
#pragma once

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "audit/log.h"
#include "audit/payload.h"
#include "audit/two_logs.h"
#include "gated_log.h"
#include "govern/audit_reading.h"
#include "govern/consents.h"
#include "govern/identity_desk.h"
#include "kit/small_gateway.h"

namespace milecastle::govern {

inline constexpr std::string_view kOfficePolicy = R"toml(layer = "system"
[places.here]
name = "Here"
[[organisations]]
code = "RXX"
name = "Royal"
kind = "acute"
place = "here"
[[organisations]]
code = "RYY"
name = "Another"
kind = "acute"
place = "here"
[[organisations]]
code = "RZZ"
name = "A clinic whose name tells"
kind = "acute"
place = "here"
labels = ["hiv"]
[labels.hiv]
[role_groups.clinician]
roles = ["R8000"]
[role_groups.officer]
roles = ["R0001"]
[role_groups.system_officer]
roles = ["R0002"]
[role_groups.privacy_officer]
roles = ["R0003"]
[role_groups.system_privacy_officer]
roles = ["R0004"]
[[duty_roles]]
id = "privacy-officer"
role_groups = ["privacy_officer"]
may = ["identity.queue", "identity.show", "review.close"]
scope = "own"
[[duty_roles]]
id = "system-privacy-officer"
role_groups = ["system_privacy_officer"]
may = ["identity.queue", "review.close"]
scope = "all"
[[duty_roles]]
id = "officer"
role_groups = ["officer"]
may = ["explain", "audit.search", "audit.show", "consent.record", "consent.withdraw", "consent.list", "identity.queue",
       "identity.show", "identity.link", "identity.unlink"]
scope = "own"
[[duty_roles]]
id = "system-officer"
role_groups = ["system_officer"]
may = ["explain", "audit.search", "audit.show", "identity.queue", "identity.show", "identity.link", "identity.unlink",
       "identity.sever", "identity.confirm"]
scope = "all"
[[duty_roles]]
id = "ward"
role_groups = ["clinician"]
may = ["consent.withdraw", "consent.list"]
scope = "own"
needs_relationship = true
[rights]
break_glass = ["officer"]
[[reasons]]
use = "break_glass"
code = "LIFE"
text = "Immediate risk to life"
opens_seals = true
[evidence.open_encounter]
sections = ["*"]
[purposes.direct-care]
evidence = ["open_encounter"]
[[purposes.direct-care.grants]]
role_groups = ["clinician"]
sections = ["*"]
[[reasons]]
use = "close_review"
code = "justified"
text = "The access was right"
[[reasons]]
use = "close_review"
code = "not_justified"
text = "The access was wrong"
[[reasons]]
use = "close_notice"
code = "told"
text = "The person was told"
[[reasons]]
use = "close_severing"
code = "confirmed"
text = "For good"
[[reasons]]
use = "close_severing"
code = "undone"
text = "The wrong person"
undoes_severing = true
[[reasons]]
use = "close_identity"
code = "right"
text = "Right as it stands"
[[reasons]]
use = "close_waiting"
code = "turned_away"
text = "Of nobody's record"
[[reasons]]
use = "close_match"
code = "two_people"
text = "None of them"
[purposes.emergency]
needs_agreement = false
objections_bind = false
[[purposes.emergency.grants]]
role_groups = ["officer"]
sections = ["*"]
[location_protection]
fresh = "30d"
unchecked = ["addresses", "contacts", "practice"]
[review]
within = "72h"
merges_within = "7d"
severings_within = "24h"
)toml";

class Office : public testing::Test {
 protected:
  Office() {
    first_ = OpenLog("first");
    second_ = OpenLog("second");
    both_ = std::make_unique<audit::TwoLogs>(first_.get(), *second_, [] {});
    gate_ = std::make_unique<GatedLog>(*both_);
    const std::vector<decide::PolicyFile> files = {{"system.toml", std::string(kOfficePolicy)}};
    decide::Policy::Loaded loaded = decide::Policy::Parse(files);
    for (const base::Error& problem : loaded.problems) ADD_FAILURE() << base::Describe(problem);
    policy_ = std::make_unique<decide::InForce>(
        std::make_shared<const decide::Decider>(std::move(*loaded.policy)));
    outbox_ = std::make_unique<OutboxLoop>(gateway_.store(), *gate_);
    trail_ = std::make_unique<TrailLoop>(
        gateway_.store(), std::vector<const audit::Log*>{first_.get(), second_.get()},
        gateway_.clock());
    logs_ = std::make_unique<Logs>(std::vector<audit::Log*>{first_.get(), second_.get()});
    work_ = std::make_unique<IdentityWork>(IdentityParts{
        gateway_.store(), gateway_.clock(),
        [this](const store::JournalRow& row, std::uint32_t patient) -> base::Result<Replay> {
          return gateway_.intake().PrepareReplay(row, patient, *gateway_.shared_feed());
        },
        gateway_.tracer});
    const Parts parts = PartsOf();
    desk_ = std::make_unique<IdentityDesk>(parts, *work_);
    consents_ = std::make_unique<Consents>(parts);
    reading_ = std::make_unique<AuditReading>(parts, *logs_, *trail_);
  }
  Parts PartsOf() { return {gateway_.store(), *gate_, *policy_, gateway_.clock(), *outbox_}; }
  // As in the gateway: what may still append goes first.
  ~Office() override {
    trail_.reset();
    outbox_.reset();
    first_.reset();
    second_.reset();
  }

  static record::Requester Officer(std::string_view organisation, const char* role = "R0001") {
    return {.organisation = *record::OdsCode::Parse(organisation),
            .system = "desk",
            .user = "officer-1",
            .issuer = "issuer",
            .roles = {role},
            .team = "",
            .assurance = 3,
            .token_id = "token-1",
            .launch = {}};
  }
  static record::Requester SystemOfficer() { return Officer("RXX", "R0002"); }
  static record::Requester PrivacyOfficer(std::string_view organisation) {
    return Officer(organisation, "R0003");
  }
  static record::Requester SystemPrivacyOfficer() { return Officer("RXX", "R0004"); }

  // Waits for the one answer that `start` was given to answer with.
  template <class T, class Start>
  base::Result<T> Await(Start start) {
    auto answer = std::make_shared<std::promise<base::Result<T>>>();
    start(std::function<void(base::Result<T>)>(
        [answer](base::Result<T> got) { answer->set_value(std::move(got)); }));
    return answer->get_future().get();
  }

  std::uint64_t Append(audit::Appender& log, audit::Entry entry) {
    std::promise<std::uint64_t> index;
    log.Append(std::move(entry), [&](base::Result<audit::Receipt> receipt) {
      EXPECT_TRUE(receipt) << base::Describe(receipt.error());
      index.set_value(receipt ? receipt->index() : 0);
    });
    return index.get_future().get();
  }
  audit::Entry EntryOf(audit::Kind kind, const audit::Headline& headline, std::string_view what) {
    return {.event_id = base::Uuid::New(gateway_.clock().Now()),
            .kind = kind,
            .payload = audit::MakePayload(headline, what)};
  }
  // A view with broken glass by a doctor of RXX, which leaves these duties.
  audit::Entry BrokenGlass(std::string_view duties, const std::string& user = "issuer doctor") {
    return EntryOf(audit::Kind::kEmergency,
                   {.organisation = "RXX", .user = user, .outcome = "permitted"},
                   "{\"duties\":[" + std::string(duties) + "]}");
  }

  // What both logs hold of a kind, first log first.
  std::vector<audit::Headline> EntriesOf(audit::Kind kind) const {
    std::vector<audit::Headline> found;
    for (const audit::Log* log : {first_.get(), second_.get()}) {
      EXPECT_TRUE(log->Scan(0, [&](const audit::Record& record) {
        if (record.leaf.kind == kind) found.push_back(*audit::ReadHeadline(record.body->payload));
        return true;
      }));
    }
    return found;
  }

  std::filesystem::path FolderOf(const char* log) const { return folder_.path() / log; }

  kit::TemporaryFolder folder_;
  kit::SmallGateway gateway_;
  std::unique_ptr<audit::Log> first_;
  std::unique_ptr<audit::Log> second_;
  std::unique_ptr<audit::TwoLogs> both_;
  std::unique_ptr<GatedLog> gate_;
  std::unique_ptr<decide::InForce> policy_;
  std::unique_ptr<OutboxLoop> outbox_;
  std::unique_ptr<TrailLoop> trail_;
  std::unique_ptr<Logs> logs_;
  std::unique_ptr<IdentityWork> work_;
  std::unique_ptr<IdentityDesk> desk_;
  std::unique_ptr<Consents> consents_;
  std::unique_ptr<AuditReading> reading_;

 private:
  std::unique_ptr<audit::Log> OpenLog(const std::string& name) {
    auto key =
        audit::SigningKey::Generate(folder_.path() / (name + ".pem"), "milecastle.example/" + name);
    return std::move(*audit::Log::Open(
        {.folder = folder_.path() / name, .segment_bytes = 1U << 20, .witness = {}},
        std::move(*key), gateway_.clock()));
  }
};

}  // namespace milecastle::govern
