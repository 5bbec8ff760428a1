// The streaming side of AuditService.ExportLog. For serve/ alone.
//
// Thread-safety: one stream a call. Failure: as a status at the end of the stream; what was sent
// before does not verify without its checkpoint, which is sent last.
#pragma once

#include <grpcpp/grpcpp.h>

#include "govern/audit_reading.h"
#include "milecastle/v1/audit.grpc.pb.h"
#include "serve/edge.h"

namespace milecastle::serve {

grpc::ServerWriteReactor<v1::ExportLogResponse>* StartExport(const Edge& edge,
                                                             govern::AuditReading& audit,
                                                             grpc::CallbackServerContext& context,
                                                             const v1::ExportLogRequest& request);

}  // namespace milecastle::serve
