// The services of the contract, each made over its use case. The one list of what a gateway answers
// to.
//
// Thread-safety: the services may be called from any thread. Lifetime: the parts outlive them.
// Failure: none at making.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "disclose/document.h"
#include "disclose/history.h"
#include "disclose/view.h"
#include "govern/audit_reading.h"
#include "govern/consents.h"
#include "govern/directory.h"
#include "govern/explain.h"
#include "govern/identity.h"
#include "govern/quarantine.h"
#include "port/inbound.h"
#include "serve/edge.h"

namespace grpc {
class Service;
}

namespace milecastle::serve {

// A feed that may be submitted to, and by whose certificates: organisation and system.
struct SubmitFeed {
  std::shared_ptr<const port::Feed> feed;
  std::vector<std::pair<record::OdsCode, std::string>> callers;
};

struct HealthLine {
  std::string component;
  bool healthy = true;
  std::string text;
  std::string place;   // of this machine: for whoever looks at operations alone
  bool needed = true;  // false: without it the gateway is well, and does less
};
struct Health {
  std::vector<HealthLine> lines;
  std::string version;
  std::string policy_version;
  base::Instant started;
};

struct ServiceParts {
  const Edge& edge;
  disclose::PatientViews& views;
  disclose::EntryHistories& histories;
  disclose::Documents& documents;
  port::Inbound& inbound;
  std::map<std::string, SubmitFeed> feeds;
  govern::Consents& consents;
  govern::Explain& explain;
  govern::IdentityWork& identity;
  govern::AuditReading& audit;
  const govern::Logs& logs;
  govern::Parts govern;
  std::vector<std::shared_ptr<const port::Feed>> all_feeds;
  std::function<Health()> health;
  // Messages of a feed, by its name, that were taken and are not yet committed.
  std::function<std::size_t(const std::string&)> under_way;
  govern::QuarantineParts quarantine;
  const govern::DirectoryDesk& directory;
};

std::vector<std::unique_ptr<grpc::Service>> MakeServices(const ServiceParts& parts);

// One file each.
std::unique_ptr<grpc::Service> MakePatientViewService(const ServiceParts& parts);
std::unique_ptr<grpc::Service> MakeIntakeService(const ServiceParts& parts);
std::unique_ptr<grpc::Service> MakeConsentService(const ServiceParts& parts);
std::unique_ptr<grpc::Service> MakeIdentityService(const ServiceParts& parts);
std::unique_ptr<grpc::Service> MakeQuarantineService(const ServiceParts& parts);
std::unique_ptr<grpc::Service> MakeAuditService(const ServiceParts& parts);
std::unique_ptr<grpc::Service> MakePolicyService(const ServiceParts& parts);
std::unique_ptr<grpc::Service> MakeOperationsService(const ServiceParts& parts);
std::unique_ptr<grpc::Service> MakeDirectoryService(const ServiceParts& parts);

}  // namespace milecastle::serve
