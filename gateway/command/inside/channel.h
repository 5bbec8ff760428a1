// What a Client holds of gRPC. Included by client.cc and streams.cc alone: it costs seconds to
// compile.
//
// Thread-safety: as Client. Failure: TroubleOf words a status.
#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <memory>
#include <string>

#include "client.h"

namespace milecastle::command {

struct Client::Channel {
  std::shared_ptr<grpc::Channel> channel;
  std::string address;
  std::string authorization;  // "Bearer …", or empty
  std::chrono::seconds timeout{30};

  void Authorise(grpc::ClientContext& context) const {
    if (!authorization.empty()) context.AddMetadata("authorization", authorization);
  }
};

Trouble TroubleOf(const grpc::Status& status, const std::string& address);

}  // namespace milecastle::command
