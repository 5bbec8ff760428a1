// The program: the parts that the command line is handed. With gateway.h this is the composition
// root: the only files that name concrete drivers and adapters.
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <csignal>

#include "authenticate/issue.h"
#include "command/command.h"
#include "fhir_pull/request.h"
#include "gateway.h"
#include "mllp/client.h"
#include "open_referral/reader.h"
#include "open_referral/tables.h"
#include "receive/dry_run.h"
#include "receive/label_trial.h"
#include "receive/rulebook.h"
#include "settings/mapping.h"

namespace milecastle {
namespace {

settings::KnownAdapters Known(const Adapters& adapters) {
  settings::KnownAdapters known;
  for (const auto& [name, adapter] : adapters) known.emplace(name, adapter->mappable());
  return known;
}

// No core file and no debugger of another user: either would hold records in the clear.
void KeepMemoryPrivate() {
  const rlimit none{.rlim_cur = 0, .rlim_max = 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0);
}

command::ServeReport Serve(const std::filesystem::path& config,
                           const command::ServeOptions& options) {
  KeepMemoryPrivate();
  auto loaded = settings::Load(config, Known(MakeAdapters()), fhir_pull::Sections());
  if (!loaded.settings) return {.problems = loaded.problems};
  Problems problems;
  const base::SystemClock clock;
  Reloadable reloadable = LoadReloadable(*loaded.settings, clock, problems);
  if (!problems.empty()) return {.problems = problems};
  if (options.check_only) return {.warnings = reloadable.decider->policy().Warnings(clock.Now())};
  sigset_t signals;
  ::sigemptyset(&signals);
  for (const int signal : {SIGHUP, SIGTERM, SIGINT, SIGPIPE}) ::sigaddset(&signals, signal);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // before any thread starts: Run takes them
  Gateway gateway(std::move(*loaded.settings), std::move(reloadable));
  problems = gateway.Start();
  if (problems.empty()) gateway.Run();
  gateway.Stop();
  return {.problems = problems};
}

std::vector<command::DryRunMessage> DryRun(const command::DryRunReader& reader,
                                           std::string_view bytes) {
  std::vector<command::DryRunMessage> messages;
  for (auto& dry : receive::DryRun(reader.adapter, reader.normaliser, reader.feed, bytes)) {
    command::DryRunMessage& message = messages.emplace_back();
    message.outcome = receive::NameOf(dry.outcome);
    message.error = std::move(dry.error);
    message.envelope = std::move(dry.envelope);
    for (auto& patient : dry.patients) {
      message.patients.push_back({.error = std::move(patient.error),
                                  .nhs_number_state = patient.nhs_number_state,
                                  .contribution = std::move(patient.contribution),
                                  .items = std::move(patient.items)});
    }
  }
  return messages;
}

command::LoadedMapping LoadMapping(const std::filesystem::path& file,
                                   const port::Adapter& adapter) {
  auto loaded = settings::LoadMapping(file, adapter.mappable());
  return {std::move(loaded.mapping), std::move(loaded.problems)};
}

base::Result<std::string> IssueToken(const command::TokenRequest& request) {
  const auto thumbprint = authenticate::ThumbprintOfPem(request.certificate_pem);
  if (!thumbprint) return thumbprint.error();
  const base::Instant now = base::SystemClock().Now();
  authenticate::TrialClaims claims{.issuer = request.issuer,
                                   .key_id = request.key_id,
                                   .audience = request.audience,
                                   .user = request.user,
                                   .name = request.name,
                                   .organisation = request.organisation,
                                   .roles = request.roles,
                                   .team = request.team,
                                   .assurance = request.assurance,
                                   .certificate = *thumbprint,
                                   .issued = now,
                                   .lifetime = request.lifetime};
  if (!request.launch_nhs_number.empty())
    claims.launch = authenticate::TrialLaunch{request.launch_nhs_number, now};
  return authenticate::IssueTrialToken(request.issuer_key_pem, claims);
}

base::Result<command::StoreCheck> CheckStore(const std::filesystem::path& path) {
  auto store = store::sqlite::Open({.path = path});
  if (!store) return store.error();
  const auto report = (*store)->Fsck([](const store::FsckProgress&) {});
  if (!report) return report.error();
  command::StoreCheck check{.rows = report->rows};
  for (const auto& mismatch : report->mismatches) {
    check.findings.push_back({mismatch.table + " " + mismatch.row, mismatch.what});
  }
  return check;
}

command::LabelTrial TrialOf(const receive::LabelTrial& tried) {
  command::LabelTrial trial{.people = tried.people, .entries = tried.entries, .changes = {}};
  for (const auto& [change, count] : tried.changes) {
    trial.changes.push_back({.source = change.source,
                             .section = std::string(record::KeyOf(change.section)),
                             .label = change.label,
                             .gains = change.gains,
                             .entries = count.entries,
                             .people = count.people});
  }
  return trial;
}

command::TriedLabels TryLabels(const std::filesystem::path& config) {
  auto loaded = settings::Load(config, Known(MakeAdapters()), fhir_pull::Sections());
  if (!loaded.settings) return {.trial = {}, .problems = loaded.problems};
  Problems problems;
  const LoadedRules rules = LoadRules(*loaded.settings, problems);
  if (!problems.empty()) return {.trial = {}, .problems = problems};
  const auto store =
      Keep(store::sqlite::OpenToRead({.path = loaded.settings->data / "store.db", .readers = 1}),
           problems);
  if (!store) return {.trial = {}, .problems = problems};
  const auto tried = Keep(
      receive::TryRules([&] { return (*store)->Read(); }, *receive::RulebookOf(rules.normaliser)),
      problems);
  if (!tried) return {.trial = {}, .problems = problems};
  return {.trial = TrialOf(*tried), .problems = {}};
}

base::Result<command::MllpExchange> ConnectMllp(const command::MllpTarget& target) {
  const mllp::Destination to{target.host, target.port, target.server_name};
  auto client = target.certificate.empty()
                    ? mllp::Client::ConnectPlain(to, target.timeout)
                    : mllp::Client::ConnectTls(
                          to, {target.certificate, target.key, target.authority}, target.timeout);
  if (!client) return client.error();
  const auto shared = std::make_shared<mllp::Client>(std::move(*client));
  return command::MllpExchange([shared, timeout = target.timeout](std::string_view message) {
    return shared->Exchange(message, timeout);
  });
}

}  // namespace
}  // namespace milecastle

int main(int argc, char** argv) {
  using namespace milecastle;  // NOLINT(google-build-using-namespace): the one place outside it
  const Adapters adapters = MakeAdapters();
  command::Parts parts{.version = MILECASTLE_VERSION,
                       .serve = Serve,
                       .dry_run = DryRun,
                       .load_mapping = LoadMapping,
                       .read_directory = open_referral::Read,
                       .read_directory_tables = open_referral::ReadTables,
                       .issue_token = IssueToken,
                       .check_store = CheckStore,
                       .try_labels = TryLabels,
                       .connect_mllp = ConnectMllp};
  for (const auto& [name, adapter] : adapters) parts.adapters.push_back(adapter.get());
  return command::Run(argc, argv, parts);
}
