// AuditService: the log, read and proved.
#include <grpcpp/grpcpp.h>

#include <limits>

#include "inside/bounded.h"
#include "inside/export_stream.h"
#include "milecastle/v1/audit.grpc.pb.h"
#include "serve/messages.h"
#include "serve/services.h"

namespace milecastle::serve {
namespace {

constexpr int kDefaultPage = 100;
constexpr int kLargestPage = 500;

void FillSummary(v1::EntrySummary& out, const store::TrailRow& row) {
  out.set_origin(row.origin);
  out.set_leaf_index(row.leaf);
  out.set_event_id(row.event.ToString());
  out.set_kind(row.kind);
  Fill(*out.mutable_at(), row.at);
  out.set_organisation(row.organisation);
  out.set_user(row.user);
  out.set_nhs_number(row.nhs_number);
  out.set_purpose(row.purpose);
  out.set_outcome(row.outcome);
  for (const auto& source : row.sources) out.add_sources(source);
}

// LEAF@ORIGIN of the last entry of a page.
std::string TokenOf(const store::TrailRow& row) {
  return std::to_string(row.leaf) + "@" + row.origin;
}

std::optional<store::TrailPlace> PlaceOf(const std::string& token) {
  constexpr std::size_t kMostDigits = 19;
  const std::size_t at = token.find('@');
  const std::string digits = token.substr(0, at);
  const bool number = !digits.empty() && digits.size() <= kMostDigits &&
                      digits.find_first_not_of("0123456789") == std::string::npos;
  if (!number || at == std::string::npos) return std::nullopt;
  const std::uint64_t leaf = std::stoull(digits);
  const std::string origin = token.substr(at + 1);
  const bool fits = leaf <= std::numeric_limits<std::int64_t>::max();
  if (!fits || origin.empty() || !CheckTexts({{"page_token", origin}})) return std::nullopt;
  return store::TrailPlace{origin, leaf};
}

base::Result<store::TrailQuery> QueryOf(const v1::SearchEntriesRequest& request) {
  const auto bounded = CheckTexts({{"user", request.user()},
                                   {"organisation", request.organisation()},
                                   {"source", request.source()},
                                   {"kind", request.kind()},
                                   {"case_reference", request.case_reference()}});
  if (!bounded) return bounded.error();
  store::TrailQuery query{.user = request.user(),
                          .organisation = request.organisation(),
                          .source = request.source(),
                          .kind = request.kind()};
  if (!request.nhs_number().empty()) {
    const auto number = record::NhsNumber::Parse(request.nhs_number());
    if (!number) return Invalid("nhs_number", "write ten digits whose check digit holds");
    query.nhs_number = number->digits();
  }
  if (!IsInstant(request.from()) || !IsInstant(request.until()))
    return Invalid("from, until", "write times of the years 1 to 9999");
  if (request.has_from()) query.from = InstantOf(request.from());
  if (request.has_until()) query.until = InstantOf(request.until());
  if (request.page_size() < 0) return Invalid("page_size", "write a number from 0 to 500");
  query.limit = static_cast<std::size_t>(
      request.page_size() == 0 ? kDefaultPage : std::min(request.page_size(), kLargestPage));
  if (!request.page_token().empty()) {
    query.after = PlaceOf(request.page_token());
    if (!query.after) return Invalid("page_token", "give back the token of the page before");
  }
  return query;
}

base::Result<base::Digest> DigestOf(const std::string& bytes) {
  base::Digest digest{};
  if (bytes.size() != digest.size())
    return Invalid("leaf_hash", "give the 32 bytes of a leaf hash");
  std::copy(bytes.begin(), bytes.end(), digest.begin());
  return digest;
}

template <class Response>
void FillProof(Response& out, const audit::Proof& proof, const std::string& checkpoint) {
  for (const base::Digest& hash : proof) out.add_hashes(std::string(base::AsBytes(hash)));
  out.set_checkpoint(checkpoint);
}

// The tree that a proof is about: the size asked for, or the durable one, with a checkpoint that
// covers it.
struct Tree {
  audit::Log* log = nullptr;
  std::uint64_t size = 0;
  std::string checkpoint;
};

class AuditService final : public BoundedService<v1::AuditService::CallbackService> {
 public:
  explicit AuditService(const ServiceParts& parts)
      : edge_(parts.edge), audit_(parts.audit), logs_(parts.logs) {
    Bound(&AuditService::SearchEntries);
    Bound(&AuditService::GetEntry);
    Bound(&AuditService::GetCheckpoint);
    Bound(&AuditService::GetInclusionProof);
    Bound(&AuditService::GetConsistencyProof);
  }

  grpc::ServerUnaryReactor* SearchEntries(grpc::CallbackServerContext* context,
                                          const v1::SearchEntriesRequest* request,
                                          v1::SearchEntriesResponse* response) override {
    return edge_.ForUser(
        context, "AuditService.SearchEntries",
        [this, request, response](const record::Requester& officer, const Finish& finish) {
          const auto query = QueryOf(*request);
          if (!query) return finish(query.error());
          audit_.Search(officer, *query, request->case_reference(),
                        [response, finish, limit = query->limit](const auto& found) {
                          if (!found) return finish(found.error());
                          const auto& rows = found->value().rows;
                          for (const auto& row : rows) FillSummary(*response->add_entries(), row);
                          if (rows.size() == limit) {
                            response->set_next_page_token(TokenOf(rows.back()));
                          }
                          for (const auto& origin : found->value().unread)
                            response->add_unread_origins(origin);
                          Fill(*response->mutable_receipt(), found->leaf());
                          finish({});
                        });
        });
  }

  grpc::ServerUnaryReactor* GetEntry(grpc::CallbackServerContext* context,
                                     const v1::GetEntryRequest* request,
                                     v1::GetEntryResponse* response) override {
    return edge_.ForUser(
        context, "AuditService.GetEntry",
        [this, request, response](const record::Requester& officer, const Finish& finish) {
          const auto bounded = CheckTexts(
              {{"case_reference", request->case_reference()}, {"origin", request->origin()}});
          if (!bounded) return finish(bounded.error());
          if (request->leaf_index() > std::numeric_limits<std::int64_t>::max())
            return finish(Invalid("leaf_index", "write the index of a receipt"));
          audit_.Get(officer, {request->origin(), request->leaf_index()}, request->case_reference(),
                     [response, finish](const auto& read) {
                       if (!read) return finish(read.error());
                       FillSummary(*response->mutable_summary(), read->value().row);
                       response->set_payload_json(read->value().payload);
                       response->set_leaf_hash(std::string(base::AsBytes(read->value().leaf_hash)));
                       Fill(*response->mutable_receipt(), read->leaf());
                       finish({});
                     });
        });
  }

  grpc::ServerUnaryReactor* GetCheckpoint(grpc::CallbackServerContext* context,
                                          const v1::GetCheckpointRequest* request,
                                          v1::GetCheckpointResponse* response) override {
    return edge_.ForPeer(
        context, "AuditService.GetCheckpoint",
        [this, request, response](const record::PeerCertificate&, const Finish& finish) {
          const auto log = logs_.Find(request->origin());
          if (!log) return finish(log.error());
          const auto checkpoint = (*log)->Checkpoint();
          if (!checkpoint) return finish(checkpoint.error());
          response->set_checkpoint(*checkpoint);
          response->set_verifier_key((*log)->verifier().ToString());
          finish({});
        });
  }

  grpc::ServerUnaryReactor* GetInclusionProof(grpc::CallbackServerContext* context,
                                              const v1::GetInclusionProofRequest* request,
                                              v1::GetInclusionProofResponse* response) override {
    return edge_.ForPeer(
        context, "AuditService.GetInclusionProof",
        [this, request, response](const record::PeerCertificate&, const Finish& finish) {
          finish(ProveInclusion(*request, *response));
        });
  }

  grpc::ServerUnaryReactor* GetConsistencyProof(
      grpc::CallbackServerContext* context, const v1::GetConsistencyProofRequest* request,
      v1::GetConsistencyProofResponse* response) override {
    return edge_.ForPeer(
        context, "AuditService.GetConsistencyProof",
        [this, request, response](const record::PeerCertificate&, const Finish& finish) {
          finish(ProveConsistency(*request, *response));
        });
  }

  grpc::ServerWriteReactor<v1::ExportLogResponse>* ExportLog(
      grpc::CallbackServerContext* context, const v1::ExportLogRequest* request) override {
    return StartExport(edge_, audit_, *context, *request);
  }

 private:
  base::Result<Tree> TreeOf(const std::string& origin, std::uint64_t size) const {
    const auto log = logs_.Find(origin);
    if (!log) return log.error();
    const auto checkpoint = (*log)->Checkpoint();
    if (!checkpoint) return checkpoint.error();
    const auto head = audit::VerifyCheckpoint(*checkpoint, (*log)->verifier());
    if (!head) return head.error();
    if (size > head->size) return Invalid("size", "ask for a size no larger than the checkpoint's");
    return Tree{*log, size == 0 ? head->size : size, *checkpoint};
  }

  base::Result<void> ProveInclusion(const v1::GetInclusionProofRequest& request,
                                    v1::GetInclusionProofResponse& response) const {
    const auto hash = DigestOf(request.leaf_hash());
    if (!hash) return hash.error();
    const auto tree = TreeOf(request.origin(), request.tree_size());
    if (!tree) return tree.error();
    const auto index = tree->log->FindLeaf(*hash);
    if (!index) return index.error();
    const auto proof = tree->log->ProveInclusion(*index, tree->size);
    if (!proof) return proof.error();
    response.set_leaf_index(*index);
    response.set_tree_size(tree->size);
    FillProof(response, *proof, tree->checkpoint);
    return {};
  }

  base::Result<void> ProveConsistency(const v1::GetConsistencyProofRequest& request,
                                      v1::GetConsistencyProofResponse& response) const {
    const auto tree = TreeOf(request.origin(), request.to_size());
    if (!tree) return tree.error();
    if (request.from_size() > tree->size)
      return Invalid("from_size", "ask for a size no larger than to_size");
    const auto proof = tree->log->ProveConsistency(request.from_size(), tree->size);
    if (!proof) return proof.error();
    response.set_to_size(tree->size);
    FillProof(response, *proof, tree->checkpoint);
    return {};
  }

  const Edge& edge_;
  govern::AuditReading& audit_;
  const govern::Logs& logs_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeAuditService(const ServiceParts& parts) {
  return std::make_unique<AuditService>(parts);
}

}  // namespace milecastle::serve
