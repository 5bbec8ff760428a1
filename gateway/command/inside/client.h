// The gateway as its callers see it: one call per method of the contract, over mutual TLS.
//
// gRPC itself is seen by client.cc and streams.cc alone (inside/channel.h). Thread-safety: one
// thread. Failure: a Trouble that is fit to print; Connect reads files and does not yet connect.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "arguments.h"
#include "milecastle/v1/audit.pb.h"
#include "milecastle/v1/consent.pb.h"
#include "milecastle/v1/directory.pb.h"
#include "milecastle/v1/identity.pb.h"
#include "milecastle/v1/intake.pb.h"
#include "milecastle/v1/operations.pb.h"
#include "milecastle/v1/policy.pb.h"
#include "milecastle/v1/quarantine.pb.h"
#include "milecastle/v1/view.pb.h"
#include "terminal.h"

namespace milecastle::command {

inline constexpr const char* kDefaultConnect = "localhost:7443";

struct Connection {
  std::string address = kDefaultConnect;
  std::string certificate;  // PEM files
  std::string key;
  std::string authority;
  std::string token;        // file; empty: none is sent
  std::string server_name;  // expected in the gateway's certificate; empty: the host of address
  std::int64_t timeout = 30;
};

enum class Certificates : std::uint8_t { kRequired = 1, kOptional };

// --connect, --cert, --key, --ca, --token, --server-name, --timeout.
void AddConnectionFlags(Command& command, Connection& connection,
                        Certificates certificates = Certificates::kRequired);

// Exit codes of whatever asks a gateway.
inline constexpr const char* kClientExits =
    "  0  done\n"
    "  2  misuse: a flag, a file or a field of the request is wrong\n"
    "  3  refused by policy\n"
    "  4  the gateway is unavailable or failed; nothing was disclosed";

class Client {
 public:
  static Answer<std::unique_ptr<Client>> Connect(const Connection& connection);
  ~Client();

  Answer<v1::GetPatientViewResponse> Call(const v1::GetPatientViewRequest& request);
  Answer<v1::GetEntryHistoryResponse> Call(const v1::GetEntryHistoryRequest& request);
  Answer<v1::GetDocumentResponse> Call(const v1::GetDocumentRequest& request);
  Answer<v1::ExplainResponse> Call(const v1::ExplainRequest& request);
  Answer<v1::RecordConsentResponse> Call(const v1::RecordConsentRequest& request);
  Answer<v1::WithdrawConsentResponse> Call(const v1::WithdrawConsentRequest& request);
  Answer<v1::ListConsentsResponse> Call(const v1::ListConsentsRequest& request);
  Answer<v1::ListQueueResponse> Call(const v1::ListQueueRequest& request);
  Answer<v1::ShowQueueItemResponse> Call(const v1::ShowQueueItemRequest& request);
  Answer<v1::CloseReviewResponse> Call(const v1::CloseReviewRequest& request);
  Answer<v1::LinkResponse> Call(const v1::LinkRequest& request);
  Answer<v1::UnlinkResponse> Call(const v1::UnlinkRequest& request);
  Answer<v1::SeverPersonResponse> Call(const v1::SeverPersonRequest& request);
  Answer<v1::ShowPersonResponse> Call(const v1::ShowPersonRequest& request);
  Answer<v1::ListMessagesResponse> Call(const v1::ListMessagesRequest& request);
  Answer<v1::ShowMessageResponse> Call(const v1::ShowMessageRequest& request);
  Answer<v1::ReplayMessageResponse> Call(const v1::ReplayMessageRequest& request);
  Answer<v1::CorrectMessageResponse> Call(const v1::CorrectMessageRequest& request);
  Answer<v1::CloseMessageResponse> Call(const v1::CloseMessageRequest& request);
  Answer<v1::SearchEntriesResponse> Call(const v1::SearchEntriesRequest& request);
  Answer<v1::GetEntryResponse> Call(const v1::GetEntryRequest& request);
  Answer<v1::ListSourcesResponse> Call(const v1::ListSourcesRequest& request);
  Answer<v1::GetHealthResponse> Call(const v1::GetHealthRequest& request);
  Answer<v1::SearchServicesResponse> Call(const v1::SearchServicesRequest& request);
  Answer<v1::GetServiceResponse> Call(const v1::GetServiceRequest& request);
  Answer<v1::ImportServicesResponse> Call(const v1::ImportServicesRequest& request);

  // Gives every part of the export in order; a Trouble of `take` ends it.
  std::optional<Trouble> Export(
      const v1::ExportLogRequest& request,
      const std::function<std::optional<Trouble>(const v1::ExportLogResponse&)>& take);

  // Sends what `next` gives until it gives nothing, and hands each outcome to `take` as it comes.
  // The timeout is the longest silence, not the whole time.
  std::optional<Trouble> Submit(const std::function<std::optional<v1::SubmitRequest>()>& next,
                                const std::function<void(const v1::SubmitResponse&)>& take);

 private:
  struct Channel;
  explicit Client(std::unique_ptr<Channel> channel);
  std::unique_ptr<Channel> channel_;
};

// Connects and asks.
template <class Request>
auto Ask(const Connection& connection, const Request& request)
    -> decltype(std::declval<Client&>().Call(request)) {
  auto client = Client::Connect(connection);
  if (auto* trouble = std::get_if<Trouble>(&client)) return std::move(*trouble);
  return std::get<0>(client)->Call(request);
}

}  // namespace milecastle::command
