#include "inside/export_stream.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "serve/messages.h"

namespace milecastle::serve {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kChunk = std::size_t{1} << 20;

// A folder of the gateway's own that ends with the stream.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string name = (fs::temp_directory_path() / "milecastle-export.XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// Deletes itself when gRPC says that the call is over.
class ExportStream final : public grpc::ServerWriteReactor<v1::ExportLogResponse> {
 public:
  explicit ExportStream(const Edge& edge) : edge_(edge), began_(edge.parts().clock.Monotonic()) {}

  void Begin(govern::AuditReading& audit, grpc::CallbackServerContext& context,
             v1::ExportLogRequest request) {
    const bool posted =
        edge_.parts().pool.TryPost([this, &audit, &context, request = std::move(request)] {
          const auto requester = edge_.RequesterOf(context);
          if (!requester) return End(requester.error());
          const auto bounded = CheckTexts(
              {{"origin", request.origin()}, {"case_reference", request.case_reference()}});
          if (!bounded) return End(bounded.error());
          if (scratch_.path().empty())
            return End(base::Error{base::ErrorId::kFileUnavailable, "temporary folder", {}});
          audit.Export(*requester,
                       {.origin = request.origin(),
                        .payloads = request.payloads(),
                        .case_reference = request.case_reference()},
                       scratch_.path(), [this](const auto& exported) {
                         if (!exported) return End(exported.error());
                         Fill(receipt_, exported->leaf());
                         ListFiles();
                         Next();
                       });
        });
    if (!posted) End(base::Error{base::ErrorId::kOverloaded, "calls", "try again shortly"});
  }

  void OnWriteDone(bool written) override {
    if (!written) return End(base::Error{base::ErrorId::kCancelled, "call", {}});
    if (response_.has_receipt()) return End({});
    Next();
  }
  void OnDone() override { delete this; }

 private:
  // The checkpoint goes last: without it nothing verifies.
  void ListFiles() {
    for (const auto& entry : fs::recursive_directory_iterator(scratch_.path())) {
      if (entry.is_regular_file()) files_.push_back(entry.path());
    }
    std::sort(files_.begin(), files_.end());
    std::stable_partition(files_.begin(), files_.end(),
                          [](const fs::path& file) { return file.filename() != "checkpoint"; });
  }

  void Next() {
    response_.Clear();
    if (place_ == files_.size()) {
      *response_.mutable_receipt() = receipt_;
      return StartWrite(&response_);
    }
    if (!file_.is_open()) file_.open(files_[place_], std::ios::binary);
    std::string chunk(kChunk, '\0');
    file_.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    chunk.resize(static_cast<std::size_t>(file_.gcount()));
    if (file_.bad()) return End(base::Error{base::ErrorId::kFileUnavailable, "export", {}});
    response_.set_path(fs::relative(files_[place_], scratch_.path()).string());
    response_.set_content(std::move(chunk));
    response_.set_more(!file_.eof() && file_.peek() != std::ifstream::traits_type::eof());
    if (!response_.more()) {
      file_.close();
      file_.clear();
      ++place_;
    }
    StartWrite(&response_);
  }

  void End(const base::Result<void>& outcome) {
    const auto took = std::chrono::duration<double>(edge_.parts().clock.Monotonic() - began_);
    edge_.Observe("AuditService.ExportLog", outcome, took.count());
    Finish(outcome ? grpc::Status::OK : StatusOf(outcome.error()));
  }

  const Edge& edge_;
  std::chrono::nanoseconds began_;
  ScratchFolder scratch_;
  std::vector<fs::path> files_;
  std::size_t place_ = 0;
  std::ifstream file_;
  v1::AuditReceipt receipt_;
  v1::ExportLogResponse response_;
};

}  // namespace

grpc::ServerWriteReactor<v1::ExportLogResponse>* StartExport(const Edge& edge,
                                                             govern::AuditReading& audit,
                                                             grpc::CallbackServerContext& context,
                                                             const v1::ExportLogRequest& request) {
  auto* stream = new ExportStream(edge);
  stream->Begin(audit, context, request);
  return stream;
}

}  // namespace milecastle::serve
