// DirectoryService: what services there are for people. No patient data.
#include <grpcpp/grpcpp.h>

#include <algorithm>

#include "base/crypto.h"
#include "govern/directory.h"
#include "inside/bounded.h"
#include "milecastle/v1/directory.grpc.pb.h"
#include "serve/messages.h"
#include "serve/services.h"

namespace milecastle::serve {
namespace {

constexpr std::size_t kLargestImport = (std::size_t{16} << 20) - 1;
constexpr std::size_t kLongestToken = 8192;
constexpr int kPage = 20;
constexpr int kLongestPage = 50;
constexpr int kMostFiles = 1000;
constexpr std::uint32_t kOldest = 150;

// Name, source and id, which hold no zero byte where they came from JSON that we took.
std::string TokenOf(const store::ServicePlace& place) {
  return base::ToHex(place.name + '\0' + place.source + '\0' + place.id);
}

std::optional<store::ServicePlace> PlaceOf(const std::string& token) {
  if (token.size() > kLongestToken) return std::nullopt;
  const auto bytes = base::FromHex(token);
  if (!bytes) return std::nullopt;
  const std::size_t first = bytes->find('\0');
  const std::size_t second = first == std::string::npos ? first : bytes->find('\0', first + 1);
  if (second == std::string::npos) return std::nullopt;
  return store::ServicePlace{bytes->substr(0, first), bytes->substr(first + 1, second - first - 1),
                             bytes->substr(second + 1)};
}

base::Result<void> ReadChoices(const v1::SearchServicesRequest& request,
                               record::ServiceQuery& query) {
  if (request.has_age()) {
    if (request.age() > kOldest) return Invalid("age", "write years, at most 150");
    query.age = static_cast<int>(request.age());
  }
  query.status = request.status().empty() ? record::ServiceStatus::kActive
                                          : record::ServiceStatusOf(request.status());
  if (!query.status) {
    return Invalid("status", "write active, inactive, defunct or temporarily closed");
  }
  if (request.open_on().empty()) return {};
  query.open_on = record::WeekdayOf(request.open_on());
  return query.open_on ? base::Result<void>()
                       : Invalid("open_on", "write MO, TU, WE, TH, FR, SA or SU");
}

base::Result<store::DirectorySearch> SearchOf(const v1::SearchServicesRequest& request,
                                              base::Instant now) {
  auto texts = CheckTexts({{"words", request.words()},
                           {"postcode", request.postcode()},
                           {"term", request.term()},
                           {"source", request.source()}});
  if (!texts) return texts.error();
  store::DirectorySearch search;
  search.query.words = request.words();
  search.query.postcode = request.postcode();
  search.query.term = request.term();
  search.query.today = base::ToRfc3339(now).substr(0, std::string_view("2026-11-22").size());
  search.source = request.source();
  if (auto read = ReadChoices(request, search.query); !read) return read.error();
  const int size = request.page_size() <= 0 ? kPage : std::min(request.page_size(), kLongestPage);
  search.limit = static_cast<std::size_t>(size);
  if (request.page_token().empty()) return search;
  search.after = PlaceOf(request.page_token());
  if (!search.after) return Invalid("page_token", "give it back as it came");
  return search;
}

void FillTexts(google::protobuf::RepeatedPtrField<std::string>& out,
               const std::vector<std::string>& texts) {
  out.Add(texts.begin(), texts.end());
}

void FillLists(v1::DirectoryEntry& out, const record::DirectoryService& service) {
  FillTexts(*out.mutable_phones(), service.phones);
  FillTexts(*out.mutable_schedules(), service.schedules);
  FillTexts(*out.mutable_costs(), service.costs);
  FillTexts(*out.mutable_areas(), service.areas);
  for (const record::ServiceTerm& term : service.terms) {
    auto& added = *out.add_terms();
    added.set_id(term.id);
    added.set_name(term.name);
    added.set_taxonomy(term.taxonomy);
  }
  for (const record::ServiceLocation& location : service.locations) {
    auto& added = *out.add_places();
    added.set_name(location.name);
    added.set_type(location.type);
    FillTexts(*added.mutable_lines(), location.lines);
    added.set_postcode(location.postcode);
    FillTexts(*added.mutable_accessibility(), location.accessibility);
  }
}

// Years, where they are such.
void FillAge(const std::optional<int>& age, const std::function<void(std::uint32_t)>& set) {
  if (age && *age >= 0) set(static_cast<std::uint32_t>(*age));
}

void FillEntry(v1::DirectoryEntry& out, const store::HeldService& held) {
  const record::DirectoryService& service = held.service;
  out.set_source(held.source);
  Fill(*out.mutable_read(), held.read);
  if (held.gone) Fill(*out.mutable_gone(), *held.gone);
  out.set_service_id(service.id);
  out.set_name(service.name);
  out.set_status(std::string(NameOf(service.status)));
  out.set_organisation(service.organisation);
  out.set_organisation_id(service.organisation_id);
  out.set_description(service.description);
  out.set_alert(service.alert);
  out.set_url(service.url);
  out.set_email(service.email);
  out.set_fees(service.fees);
  FillAge(service.minimum_age, [&](std::uint32_t age) { out.set_minimum_age(age); });
  FillAge(service.maximum_age, [&](std::uint32_t age) { out.set_maximum_age(age); });
  out.set_address_kept_back(service.address_kept_back);
  out.set_assured(service.assured);
  out.set_last_modified(service.last_modified);
  FillLists(out, service);
}

void FillFound(v1::SearchServicesResponse& out, const govern::DirectoryFound& found,
               base::Instant now) {
  for (const store::HeldService& held : found.found.services) FillEntry(*out.add_services(), held);
  if (found.found.next) out.set_next_page_token(TokenOf(*found.found.next));
  for (const directory::SourceState& source : found.sources) {
    auto& added = *out.add_directories();
    added.set_source(source.name);
    added.set_stale(source.IsStale(now));
    if (!source.kept) continue;
    Fill(*added.mutable_read(), source.kept->began);
    added.set_services(source.kept->services);
  }
}

class DirectoryService final : public BoundedService<v1::DirectoryService::CallbackService> {
 public:
  explicit DirectoryService(const ServiceParts& parts)
      : edge_(parts.edge), desk_(parts.directory), clock_(parts.govern.clock) {
    Bound(&DirectoryService::SearchServices);
    Bound(&DirectoryService::GetService);
    Bound(&DirectoryService::ImportServices, kLargestImport);
  }

  grpc::ServerUnaryReactor* SearchServices(grpc::CallbackServerContext* context,
                                           const v1::SearchServicesRequest* request,
                                           v1::SearchServicesResponse* response) override {
    return edge_.ForUser(
        context, "DirectoryService.SearchServices",
        [this, request, response](const record::Requester& user, const Finish& finish) {
          const auto search = SearchOf(*request, clock_.Now());
          if (!search) return finish(search.error());
          desk_.Search(user, *search,
                       [this, response, finish](const base::Result<govern::DirectoryFound>& found) {
                         if (!found) return finish(found.error());
                         FillFound(*response, *found, clock_.Now());
                         finish({});
                       });
        });
  }

  grpc::ServerUnaryReactor* GetService(grpc::CallbackServerContext* context,
                                       const v1::GetServiceRequest* request,
                                       v1::GetServiceResponse* response) override {
    return edge_.ForUser(
        context, "DirectoryService.GetService",
        [this, request, response](const record::Requester& user, const Finish& finish) {
          if (request->service_id().empty()) {
            return finish(Invalid("service_id", "write the id that the search shows"));
          }
          desk_.Show(user, request->service_id(), request->source(),
                     [response, finish](const base::Result<store::HeldService>& held) {
                       if (!held) return finish(held.error());
                       FillEntry(*response->mutable_service(), *held);
                       finish({});
                     });
        });
  }

  grpc::ServerUnaryReactor* ImportServices(grpc::CallbackServerContext* context,
                                           const v1::ImportServicesRequest* request,
                                           v1::ImportServicesResponse* response) override {
    return edge_.ForUser(
        context, "DirectoryService.ImportServices",
        [this, request, response](const record::Requester& officer, const Finish& finish) {
          if (request->files().empty() || request->files_size() > kMostFiles) {
            return finish(Invalid("files", "send 1 to 1000 files: all of the directory"));
          }
          if (request->file_names_size() != 0 &&
              request->file_names_size() != request->files_size()) {
            return finish(Invalid("file_names", "name each file, or none"));
          }
          const directory::Brought brought{
              request->source(),
              {request->files().begin(), request->files().end()},
              request->accept_loss(),
              {request->file_names().begin(), request->file_names().end()}};
          desk_.Import(officer, brought, [response, finish](const auto& imported) {
            if (!imported) return finish(imported.error());
            const govern::DirectoryImported& value = imported->value();
            response->set_services(value.change.services);
            response->set_added(value.change.added);
            response->set_changed(value.change.changed);
            response->set_gone(value.change.gone);
            response->set_unread(value.change.unread);
            response->set_refused(value.refused);
            Fill(*response->mutable_receipt(), imported->leaf());
            finish({});
          });
        });
  }

 private:
  const Edge& edge_;
  const govern::DirectoryDesk& desk_;
  const base::Clock& clock_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeDirectoryService(const ServiceParts& parts) {
  return std::make_unique<DirectoryService>(parts);
}

}  // namespace milecastle::serve
