#include "kit/system/configuration.h"

#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>

#include "kit/system/places.h"
#include "kit/system/town.h"

namespace milecastle::kit {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kGateway =
    R"(# A made-up system (tests/kit/system). Whoever starts it sets no port: data/listeners tells which.
[gateway]
data = "data"
log_level = "warning"
metrics_port = 0

[grpc]
address = "127.0.0.1"
port = 0

[tls]
certificate = "certificates/server.pem"
key = "certificates/server.key"
client_authorities = ["certificates/authority.pem"]
revocation_lists = ["certificates/revoked.pem"]

[tokens]
audience = "milecastle.three-rivers"

[audit]
origin = "milecastle.example/three-rivers/audit"
folder = "data/audit"
key = "data/audit.key"

[audit.second]
origin = "milecastle.example/three-rivers/audit-second"
folder = "data/audit-second"
key = "data/audit-second.key"

[policy]
files = ["policies"]

[normalise]
code_sets = ["code-sets/trial.csv"]

[normalise.section_labels]
safeguarding = "safeguarding"

# One issuer for everybody, as the national one is.
[[tokens.issuer]]
name = "https://idp.zi1.example"
)";

constexpr std::string_view kAgreements = R"TOML(layer = "system"

[[agreements]]
id = "DSA-001"
title = "Care between health and social care"
sources = ["@health", "@councils"]
consumers = ["@health", "@councils"]
purposes = ["direct-care", "referral", "meeting"]
sections = ["*"]
except_sections = ["research"]
labels = ["mental_health", "substance_misuse", "domestic_abuse", "safeguarding", "hiv", "source:*"]
gdpr_basis = "6(1)(e)"
special_category_basis = "9(2)(h)"
confidentiality_basis = "implied"
statute = "Health and Social Care Act 2012 s251B"
from = "2026-04-01"
review_by = "2027-04-01"

[[agreements]]
id = "DSA-002"
title = "What voluntary organisations tell those who care"
sources = ["LOCALLINK", "LOCALHILL", "LOCALHEATH", "LOCALFRIENDS"]
consumers = ["@health", "@councils"]
purposes = ["direct-care", "meeting"]
sections = ["*"]
except_sections = ["research"]
labels = ["safeguarding", "source:*"]
gdpr_basis = "6(1)(f)"
special_category_basis = "9(2)(h)"
confidentiality_basis = "implied"
statute = "Care Act 2014 s3"
from = "2026-04-01"
review_by = "2027-04-01"

[[agreements]]
id = "DSA-003"
title = "What a refuge tells those who protect, and never where anybody is"
sources = ["LOCALHAVEN"]
consumers = ["@practices", "@councils"]
purposes = ["direct-care", "meeting"]
sections = ["alerts", "safeguarding", "risks", "referral_details"]
labels = ["domestic_abuse", "safeguarding"]
gdpr_basis = "6(1)(f)"
special_category_basis = "9(2)(h)"
confidentiality_basis = "implied"
statute = "Care Act 2014 s42"
from = "2026-04-01"
review_by = "2027-04-01"
)TOML";

std::string Quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

template <class List>
std::string ListOf(const List& items) {
  std::string text = "[";
  for (const auto& item : items) text += (text.size() > 1 ? ", " : "") + Quoted(item);
  return text + "]";
}

void AddFeed(std::ostream& out, const FeedOf& feed) {
  out << "\n[[feed]]\nname = " << Quoted(feed.name) << "\nadapter = " << Quoted(feed.adapter)
      << "\norganisations = " << ListOf(feed.organisations)
      << "\ntransport = " << Quoted(feed.transport) << "\n";
  if (feed.transport == "grpc") {
    out << "certificates = " << ListOf(std::set<std::string>{SenderOn(feed)}) << "\n";
  } else if (feed.transport == "mllp") {
    out << "address = \"127.0.0.1\"\nport = 0\nplain = true\n";
  } else {
    out << "folder = " << Quoted("inbox/" + feed.name) << "\n";
  }
  if (feed.share_untraced) out << "share_untraced = true\n";
  out << "expected_interval_minutes = " << feed.days * 24 * 60 << "\n";
}

std::string GatewayToml() {
  std::ostringstream out;
  std::set<std::string> codes;
  for (const Organisation& one : Organisations()) codes.insert(one.code);
  out << kGateway << "organisations = " << ListOf(codes)
      << "\n[[tokens.issuer.key]]\nid = \"ZI1-1\"\nfile = \"certificates/issuers/ZI1.pub.pem\"\n";
  for (const FeedOf& feed : Feeds()) AddFeed(out, feed);
  return out.str();
}

void AddOrganisation(std::ostream& out, const Organisation& one) {
  out << "\n[[organisations]]\ncode = " << Quoted(one.code) << "\nname = " << Quoted(one.name)
      << "\nkind = " << Quoted(one.kind) << "\nplace = " << Quoted(PlaceId(one.place)) << "\n";
  if (one.code == "ZO1") out << "acts_for = [\"@practices\"]\n";
  if (one.code == "LOCALHAVEN") out << "labels = [\"domestic_abuse\"]\n";
}

std::string OrganisationsToml() {
  std::ostringstream out;
  out << "# A made-up system: no code of it is given out.\nlayer = \"system\"\nversion = "
         "\"2026-11-20\"\n";
  for (int place = 0; place < kPlaces; ++place) {
    out << "\n[places." << PlaceId(place) << "]\nname = " << Quoted(PlaceId(place)) << "\n";
  }
  std::set<std::string> health, practices, councils;
  for (const Organisation& one : Organisations()) {
    AddOrganisation(out, one);
    if (one.kind == "primary") practices.insert(one.code);
    if (one.kind == "social_care") councils.insert(one.code);
    if (one.kind != "social_care" && one.kind != "third_sector" && one.kind != "host")
      health.insert(one.code);
  }
  out << "\n[groups.practices]\norganisations = " << ListOf(practices)
      << "\n[groups.councils]\norganisations = " << ListOf(councils)
      << "\n[groups.health]\norganisations = " << ListOf(health) << "\n\n";
  return out.str();
}

// Of the worked configuration's organisations what is of no organisation: role groups, rights,
// duties.
std::string RolesOf(const std::string& organisations) {
  const std::size_t at = organisations.find("# [role_groups.ID]");
  return at == std::string::npos ? "" : organisations.substr(at);
}

std::string Read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool Write(const fs::path& file, std::string_view text) {
  std::error_code failed;
  fs::create_directories(file.parent_path(), failed);
  std::ofstream out(file, std::ios::binary);
  out << text;
  out.close();
  return !failed && out.good();
}

// Of practices only the largest read: every certificate takes its time to make.
constexpr int kReaders = 12;

std::string Holders() {
  std::set<std::string> holders = {"ZI1:desk"};
  for (const FeedOf& feed : Feeds()) {
    std::string sender = SenderOn(feed);
    sender.replace(sender.find('/'), 1, ":");
    if (feed.transport == "grpc") holders.insert(sender);
  }
  for (int i = 0; i < kReaders; ++i) holders.insert(PracticeCode(i) + ":gp");
  std::string text;
  for (const std::string& holder : holders) text += holder + "\n";
  return text;
}

}  // namespace

bool WriteConfiguration(const fs::path& folder, const fs::path& config) {
  const std::string roles = RolesOf(Read(config / "policies/10-organisations.toml"));
  const std::string rules = Read(config / "policies/20-rules.toml");
  const std::string codes = Read(config / "code-sets/trial.csv");
  if (roles.empty() || rules.empty() || codes.empty()) return false;
  bool written = Write(folder / "gateway.toml", GatewayToml()) &&
                 Write(folder / "holders", Holders()) &&
                 Write(folder / "policies/10-organisations.toml", OrganisationsToml() + roles) &&
                 Write(folder / "policies/20-rules.toml", rules) &&
                 Write(folder / "policies/30-agreements.toml", kAgreements) &&
                 Write(folder / "code-sets/trial.csv", codes);
  for (const FeedOf& feed : Feeds()) {
    std::error_code failed;
    if (feed.transport == "folder") fs::create_directories(folder / "inbox" / feed.name, failed);
    written = written && !failed;
  }
  return written;
}

}  // namespace milecastle::kit
