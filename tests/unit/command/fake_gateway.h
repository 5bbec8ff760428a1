// A gateway that answers what a test tells it to, over mutual TLS like the real one.
//
// Thread-safety: set the answers before the first call. Failure: a server that does not start fails
// the test.
#pragma once

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>
#include <vector>

#include "console.h"
#include "kit/authority.h"
#include "kit/folder.h"
#include "milecastle/v1/audit.grpc.pb.h"
#include "milecastle/v1/consent.grpc.pb.h"
#include "milecastle/v1/identity.grpc.pb.h"
#include "milecastle/v1/intake.grpc.pb.h"
#include "milecastle/v1/operations.grpc.pb.h"
#include "milecastle/v1/view.grpc.pb.h"

namespace milecastle::command {

// What came with a call, and what it gets.
template <class Request, class Response>
struct Call {
  grpc::Status status;
  Response response;
  Request request;
  std::string authorization;

  grpc::Status Answer(grpc::ServerContext* context, const Request* asked, Response* answer) {
    const auto sent = context->client_metadata().find("authorization");
    if (sent != context->client_metadata().end()) {
      authorization = std::string(sent->second.data(), sent->second.size());
    }
    request = *asked;
    *answer = response;
    return status;
  }
};

class FakeView final : public v1::PatientViewService::Service {
 public:
  grpc::Status GetPatientView(grpc::ServerContext* context,
                              const v1::GetPatientViewRequest* request,
                              v1::GetPatientViewResponse* response) override {
    return call.Answer(context, request, response);
  }
  Call<v1::GetPatientViewRequest, v1::GetPatientViewResponse> call;
};

class FakeConsent final : public v1::ConsentService::Service {
 public:
  grpc::Status RecordConsent(grpc::ServerContext* context, const v1::RecordConsentRequest* request,
                             v1::RecordConsentResponse* response) override {
    return call.Answer(context, request, response);
  }
  Call<v1::RecordConsentRequest, v1::RecordConsentResponse> call;
};

class FakeOperations final : public v1::OperationsService::Service {
 public:
  grpc::Status GetHealth(grpc::ServerContext* context, const v1::GetHealthRequest* request,
                         v1::GetHealthResponse* response) override {
    return call.Answer(context, request, response);
  }
  Call<v1::GetHealthRequest, v1::GetHealthResponse> call;
};

class FakeIdentity final : public v1::IdentityService::Service {
 public:
  grpc::Status ListQueue(grpc::ServerContext* context, const v1::ListQueueRequest* request,
                         v1::ListQueueResponse* response) override {
    return call.Answer(context, request, response);
  }
  Call<v1::ListQueueRequest, v1::ListQueueResponse> call;
};

// Answers each message with what its bytes say: "accepted", "rejected", "several" (two patients,
// one quarantined); "stop" ends the stream, and "hang" is not answered before the test releases it.
class FakeIntake final : public v1::IntakeService::Service {
 public:
  grpc::Status Submit(
      grpc::ServerContext*,
      grpc::ServerReaderWriter<v1::SubmitResponse, v1::SubmitRequest>* stream) override {
    v1::SubmitRequest request;
    while (stream->Read(&request)) {
      feed = request.feed();
      if (request.message() == "stop") return grpc::Status::OK;
      if (request.message() == "hang") {
        released.get_future().wait();
        return grpc::Status::CANCELLED;
      }
      v1::SubmitResponse response = Of(request.message());
      response.set_sequence(request.sequence());
      stream->Write(response);
    }
    return grpc::Status::OK;
  }
  std::string feed;
  std::promise<void> released;

 private:
  template <class Told>
  static void Tell(Told& told, v1::Disposition disposition, std::uint32_t entries) {
    told.set_disposition(disposition);
    told.set_entries(entries);
  }
  template <class Told>
  static void Blame(Told& told, const char* error, const char* place, const char* advice) {
    told.set_error(error);
    told.set_place(place);
    told.set_advice(advice);
  }
  static v1::SubmitResponse Of(const std::string& message) {
    v1::SubmitResponse response;
    if (message == "several") {
      Tell(response, v1::DISPOSITION_QUARANTINED, 4);
      Tell(*response.add_patients(), v1::DISPOSITION_ACCEPTED, 4);
      Tell(*response.add_patients(), v1::DISPOSITION_QUARANTINED, 0);
      Blame(response, "message.patient_missing", "PID[2]-3", "send a number");
      Blame(*response.mutable_patients(1), "message.patient_missing", "PID[2]-3", "send a number");
    } else if (message == "failed") {
      Tell(response, v1::DISPOSITION_FAILED, 0);
    } else if (message == "rejected") {
      Tell(response, v1::DISPOSITION_REJECTED, 0);
      Blame(response, "message.invalid", "PID-7", "write YYYYMMDD");
    } else {
      Tell(response, v1::DISPOSITION_ACCEPTED, 3);
    }
    return response;
  }
};

class FakeAudit final : public v1::AuditService::Service {
 public:
  grpc::Status SearchEntries(grpc::ServerContext* context, const v1::SearchEntriesRequest* request,
                             v1::SearchEntriesResponse* response) override {
    return search.Answer(context, request, response);
  }
  grpc::Status ExportLog(grpc::ServerContext*, const v1::ExportLogRequest*,
                         grpc::ServerWriter<v1::ExportLogResponse>* writer) override {
    for (const v1::ExportLogResponse& part : parts) writer->Write(part);
    return status;
  }
  void Add(const std::string& path, const std::string& content, bool more = false) {
    v1::ExportLogResponse& part = parts.emplace_back();
    part.set_path(path);
    part.set_content(content);
    part.set_more(more);
  }
  void AddReceipt() { parts.emplace_back().mutable_receipt()->set_leaf_index(9); }
  std::vector<v1::ExportLogResponse> parts;
  grpc::Status status;
  Call<v1::SearchEntriesRequest, v1::SearchEntriesResponse> search;
};

class FakeGateway : public testing::Test {
 protected:
  FakeGateway() {
    const kit::Issued server = authority_.Issue({.organisation = "RXX", .usage = "serverAuth"});
    const kit::Issued client = authority_.Issue({.organisation = "RYY", .system = "ward"});
    folder_.Write("ca.pem", authority_.Pem());
    folder_.Write("client.pem", client.CertificatePem());
    folder_.Write("client.key", client.KeyPem());
    folder_.Write("token", "aaa.bbb.ccc\n");
    grpc::SslServerCredentialsOptions options(
        GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
    options.pem_root_certs = authority_.Pem();
    options.pem_key_cert_pairs.push_back({server.KeyPem(), server.CertificatePem()});
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::SslServerCredentials(options), &port_);
    builder.RegisterService(&view_);
    builder.RegisterService(&consent_);
    builder.RegisterService(&operations_);
    builder.RegisterService(&identity_);
    builder.RegisterService(&intake_);
    builder.RegisterService(&audit_);
    server_ = builder.BuildAndStart();
  }

  std::vector<std::string> Connected(std::vector<std::string> line) const {
    const auto file = [this](const char* name) { return (folder_.path() / name).string(); };
    line.insert(line.end(),
                {"--connect", "localhost:" + std::to_string(port_), "--cert", file("client.pem"),
                 "--key", file("client.key"), "--ca", file("ca.pem"), "--token", file("token")});
    return line;
  }
  Ran Ask(const std::vector<std::string>& line) const { return RunLine(Connected(line)); }

  kit::TemporaryFolder folder_;
  kit::Authority authority_;
  FakeView view_;
  FakeConsent consent_;
  FakeOperations operations_;
  FakeIdentity identity_;
  FakeIntake intake_;
  FakeAudit audit_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace milecastle::command
