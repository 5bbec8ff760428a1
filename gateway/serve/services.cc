#include "serve/services.h"

#include <grpcpp/impl/codegen/service_type.h>

namespace milecastle::serve {

std::vector<std::unique_ptr<grpc::Service>> MakeServices(const ServiceParts& parts) {
  std::vector<std::unique_ptr<grpc::Service>> services;
  services.push_back(MakePatientViewService(parts));
  services.push_back(MakeIntakeService(parts));
  services.push_back(MakeConsentService(parts));
  services.push_back(MakeIdentityService(parts));
  services.push_back(MakeQuarantineService(parts));
  services.push_back(MakeAuditService(parts));
  services.push_back(MakePolicyService(parts));
  services.push_back(MakeOperationsService(parts));
  services.push_back(MakeDirectoryService(parts));
  return services;
}

}  // namespace milecastle::serve
