#include "inside/client.h"

#include <grpc/support/log.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

#include "base/config.h"
#include "inside/channel.h"
#include "milecastle/v1/audit.grpc.pb.h"
#include "milecastle/v1/consent.grpc.pb.h"
#include "milecastle/v1/directory.grpc.pb.h"
#include "milecastle/v1/identity.grpc.pb.h"
#include "milecastle/v1/operations.grpc.pb.h"
#include "milecastle/v1/policy.grpc.pb.h"
#include "milecastle/v1/quarantine.grpc.pb.h"
#include "milecastle/v1/view.grpc.pb.h"

namespace milecastle::command {
namespace {

Exit ExitOf(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::INVALID_ARGUMENT:
    case grpc::StatusCode::OUT_OF_RANGE:
      return kMisuse;
    case grpc::StatusCode::PERMISSION_DENIED:
      return kRefused;
    case grpc::StatusCode::NOT_FOUND:
    case grpc::StatusCode::FAILED_PRECONDITION:
    case grpc::StatusCode::ABORTED:
      return kNotAll;
    default:
      return kUnavailable;
  }
}

std::string AdviceFor(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::UNAVAILABLE:
      return "check that a gateway serves at that address, that --ca is the authority of its "
             "certificate, that --cert and --key are one of the gateway's clients, and that the "
             "name in its certificate is the host or --server-name";
    case grpc::StatusCode::UNAUTHENTICATED:
      return "give a token with --token that has not expired and is bound to this certificate";
    case grpc::StatusCode::PERMISSION_DENIED:
      return "ask whoever keeps the policy whether this role may do this";
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return "try again, or allow more seconds with --timeout";
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return "try again shortly";
    case grpc::StatusCode::UNIMPLEMENTED:
      return "use a command line of the gateway's own version";
    default:
      return "look at the gateway's log, and try 'milecastle health'";
  }
}

const base::ErrorLine* CataloguedAt(std::string_view message) {
  const auto catalogue = base::ErrorCatalogue();
  const auto line = std::find_if(catalogue.begin(), catalogue.end(), [message](const auto& one) {
    const std::string_view rest =
        message.substr(std::min(message.size(), std::size_t{one.name.size()}));
    return message.starts_with(one.name) && (rest.starts_with(" at ") || rest.starts_with(": "));
  });
  return line == catalogue.end() ? nullptr : &*line;
}

// Takes "message.invalid at PID-7: a birth date must be …" (base::Describe) apart again.
bool TakeApart(std::string_view message, Trouble& trouble) {
  const base::ErrorLine* const line = CataloguedAt(message);
  if (line == nullptr) return false;
  message.remove_prefix(line->name.size());
  const std::size_t colon = message.find(": ");
  if (message.starts_with(" at ") && colon != std::string_view::npos) {
    trouble.where = message.substr(4, colon - 4);
  }
  trouble.why = std::string(line->meaning) + " (" + std::string(line->name) + ")";
  const std::string_view advice =
      colon == std::string_view::npos ? std::string_view() : message.substr(colon + 2);
  if (!advice.empty() && advice != line->meaning) trouble.advice = advice;
  return true;
}

// gRPC writes what the status says already, and more, on standard error; GRPC_VERBOSITY brings it
// back.
void SilenceGrpc() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing in this program sets the environment
  if (std::getenv("GRPC_VERBOSITY") == nullptr) gpr_set_log_function([](gpr_log_func_args*) {});
}

struct NamedFile {
  const char* flag;
  const std::string& path;
  std::string& into;
};

std::optional<Trouble> ReadNamed(const NamedFile& file) {
  auto bytes = base::ReadFile(file.path);
  if (!bytes) return TroubleOf(bytes.error(), "the file of " + std::string(file.flag), kMisuse);
  file.into = std::move(*bytes);
  return std::nullopt;
}

// RFC 7515's compact form has these characters alone; anything else would break the header.
bool IsToken(std::string_view token) {
  return !token.empty() && std::all_of(token.begin(), token.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

std::optional<Trouble> ReadToken(const std::string& path, std::string& authorization) {
  if (path.empty()) return std::nullopt;
  std::string token;
  if (auto trouble = ReadNamed({"--token", path, token})) return trouble;
  while (!token.empty() && (token.back() == '\n' || token.back() == '\r')) token.pop_back();
  if (!IsToken(token)) {
    return MisuseOf("--token", "the file holds no signed token",
                    "give the file that 'milecastle token' or your identity provider wrote");
  }
  authorization = "Bearer " + token;
  return std::nullopt;
}

std::optional<Trouble> CheckAddress(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  const bool named = colon != std::string::npos && colon > 0 && colon + 1 < address.size();
  if (named && address.find('/') == std::string::npos) return std::nullopt;
  return MisuseOf("--connect", "it is no host and port", "write HOST:PORT, as in localhost:7443");
}

std::shared_ptr<grpc::Channel> Open(const Connection& connection,
                                    const grpc::SslCredentialsOptions& credentials) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);  // a view with documents is large
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  if (!connection.server_name.empty()) {
    arguments.SetSslTargetNameOverride(connection.server_name);
  }
  return grpc::CreateCustomChannel(connection.address, grpc::SslCredentials(credentials),
                                   arguments);
}

}  // namespace

Trouble TroubleOf(const grpc::Status& status, const std::string& address) {
  Trouble trouble{ExitOf(status.error_code()), "the gateway did not do it", address,
                  status.error_message(), AdviceFor(status.error_code())};
  if (!TakeApart(status.error_message(), trouble) &&
      status.error_code() == grpc::StatusCode::UNAVAILABLE) {
    trouble.what = "the gateway could not be reached";
  }
  if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
    trouble.why = "no answer came in the time allowed";
  }
  return trouble;
}

void AddConnectionFlags(Command& command, Connection& connection, Certificates certificates) {
  command.Text("--connect HOST:PORT", connection.address, "The gateway's gRPC address")
      .Environment("MILECASTLE_CONNECT");
  std::array files = {
      command.Text("--cert FILE", connection.certificate, "This client's certificate chain, PEM")
          .Environment("MILECASTLE_CERT"),
      command.Text("--key FILE", connection.key, "The certificate's private key, PEM")
          .Environment("MILECASTLE_KEY"),
      command.Text("--ca FILE", connection.authority, "Authority of the gateway's certificate, PEM")
          .Environment("MILECASTLE_CA")};
  for (Flag& file : files) {
    file.ExistingFile();
    if (certificates == Certificates::kRequired) file.Required();
  }
  command
      .Text("--token FILE", connection.token,
            "File with the user's signed token; without it the call is the system's own")
      .ExistingFile()
      .Environment("MILECASTLE_TOKEN");
  command
      .Text("--server-name NAME", connection.server_name,
            "Name to expect in the gateway's certificate. Default: the host of --connect")
      .Environment("MILECASTLE_SERVER_NAME");
  command
      .Number("--timeout SECONDS", connection.timeout, {1, 3600},
              "Longest wait for an answer, 1 to 3600 seconds")
      .Environment("MILECASTLE_TIMEOUT");
}

Answer<std::unique_ptr<Client>> Client::Connect(const Connection& connection) {
  if (auto trouble = CheckAddress(connection.address)) return *trouble;
  grpc::SslCredentialsOptions credentials;
  auto channel = std::make_unique<Channel>();
  const std::array files = {NamedFile{"--cert", connection.certificate, credentials.pem_cert_chain},
                            NamedFile{"--key", connection.key, credentials.pem_private_key},
                            NamedFile{"--ca", connection.authority, credentials.pem_root_certs}};
  for (const NamedFile& file : files) {
    if (auto trouble = ReadNamed(file)) return *trouble;
  }
  if (auto trouble = ReadToken(connection.token, channel->authorization)) return *trouble;
  SilenceGrpc();
  channel->address = connection.address;
  channel->timeout = std::chrono::seconds(connection.timeout);
  channel->channel = Open(connection, credentials);
  return std::unique_ptr<Client>(new Client(std::move(channel)));
}

Client::Client(std::unique_ptr<Channel> channel) : channel_(std::move(channel)) {}
Client::~Client() = default;

namespace {

template <class Channel, class Stub, class Request, class Response>
Answer<Response> Unary(const Channel& to,
                       grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                    Response*),
                       const Request& request) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + to.timeout);
  to.Authorise(context);
  Stub stub(to.channel);
  Response response;
  const grpc::Status status = (stub.*method)(&context, request, &response);
  if (!status.ok()) return TroubleOf(status, to.address);
  return response;
}

}  // namespace

Answer<v1::GetPatientViewResponse> Client::Call(const v1::GetPatientViewRequest& request) {
  return Unary(*channel_, &v1::PatientViewService::Stub::GetPatientView, request);
}
Answer<v1::GetEntryHistoryResponse> Client::Call(const v1::GetEntryHistoryRequest& request) {
  return Unary(*channel_, &v1::PatientViewService::Stub::GetEntryHistory, request);
}
Answer<v1::GetDocumentResponse> Client::Call(const v1::GetDocumentRequest& request) {
  return Unary(*channel_, &v1::PatientViewService::Stub::GetDocument, request);
}
Answer<v1::ExplainResponse> Client::Call(const v1::ExplainRequest& request) {
  return Unary(*channel_, &v1::PolicyService::Stub::Explain, request);
}
Answer<v1::RecordConsentResponse> Client::Call(const v1::RecordConsentRequest& request) {
  return Unary(*channel_, &v1::ConsentService::Stub::RecordConsent, request);
}
Answer<v1::WithdrawConsentResponse> Client::Call(const v1::WithdrawConsentRequest& request) {
  return Unary(*channel_, &v1::ConsentService::Stub::WithdrawConsent, request);
}
Answer<v1::ListConsentsResponse> Client::Call(const v1::ListConsentsRequest& request) {
  return Unary(*channel_, &v1::ConsentService::Stub::ListConsents, request);
}
Answer<v1::ListQueueResponse> Client::Call(const v1::ListQueueRequest& request) {
  return Unary(*channel_, &v1::IdentityService::Stub::ListQueue, request);
}
Answer<v1::ShowQueueItemResponse> Client::Call(const v1::ShowQueueItemRequest& request) {
  return Unary(*channel_, &v1::IdentityService::Stub::ShowQueueItem, request);
}
Answer<v1::CloseReviewResponse> Client::Call(const v1::CloseReviewRequest& request) {
  return Unary(*channel_, &v1::IdentityService::Stub::CloseReview, request);
}
Answer<v1::LinkResponse> Client::Call(const v1::LinkRequest& request) {
  return Unary(*channel_, &v1::IdentityService::Stub::Link, request);
}
Answer<v1::SeverPersonResponse> Client::Call(const v1::SeverPersonRequest& request) {
  return Unary(*channel_, &v1::IdentityService::Stub::SeverPerson, request);
}
Answer<v1::UnlinkResponse> Client::Call(const v1::UnlinkRequest& request) {
  return Unary(*channel_, &v1::IdentityService::Stub::Unlink, request);
}
Answer<v1::ShowPersonResponse> Client::Call(const v1::ShowPersonRequest& request) {
  return Unary(*channel_, &v1::IdentityService::Stub::ShowPerson, request);
}
Answer<v1::ListMessagesResponse> Client::Call(const v1::ListMessagesRequest& request) {
  return Unary(*channel_, &v1::QuarantineService::Stub::ListMessages, request);
}
Answer<v1::ShowMessageResponse> Client::Call(const v1::ShowMessageRequest& request) {
  return Unary(*channel_, &v1::QuarantineService::Stub::ShowMessage, request);
}
Answer<v1::ReplayMessageResponse> Client::Call(const v1::ReplayMessageRequest& request) {
  return Unary(*channel_, &v1::QuarantineService::Stub::ReplayMessage, request);
}
Answer<v1::CorrectMessageResponse> Client::Call(const v1::CorrectMessageRequest& request) {
  return Unary(*channel_, &v1::QuarantineService::Stub::CorrectMessage, request);
}
Answer<v1::CloseMessageResponse> Client::Call(const v1::CloseMessageRequest& request) {
  return Unary(*channel_, &v1::QuarantineService::Stub::CloseMessage, request);
}
Answer<v1::SearchEntriesResponse> Client::Call(const v1::SearchEntriesRequest& request) {
  return Unary(*channel_, &v1::AuditService::Stub::SearchEntries, request);
}
Answer<v1::GetEntryResponse> Client::Call(const v1::GetEntryRequest& request) {
  return Unary(*channel_, &v1::AuditService::Stub::GetEntry, request);
}
Answer<v1::ListSourcesResponse> Client::Call(const v1::ListSourcesRequest& request) {
  return Unary(*channel_, &v1::OperationsService::Stub::ListSources, request);
}
Answer<v1::GetHealthResponse> Client::Call(const v1::GetHealthRequest& request) {
  return Unary(*channel_, &v1::OperationsService::Stub::GetHealth, request);
}
Answer<v1::SearchServicesResponse> Client::Call(const v1::SearchServicesRequest& request) {
  return Unary(*channel_, &v1::DirectoryService::Stub::SearchServices, request);
}
Answer<v1::GetServiceResponse> Client::Call(const v1::GetServiceRequest& request) {
  return Unary(*channel_, &v1::DirectoryService::Stub::GetService, request);
}
Answer<v1::ImportServicesResponse> Client::Call(const v1::ImportServicesRequest& request) {
  return Unary(*channel_, &v1::DirectoryService::Stub::ImportServices, request);
}

}  // namespace milecastle::command
