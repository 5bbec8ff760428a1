// Asks a server for patient views and parses nothing.
//
//   --port P --pid N       of the server, whose CPU is read
//   --tls FOLDER           certificates and token as doors.h leaves them; empty: plaintext
//   --people N             asked for in turn, as house.h numbers them; --of N: every so manieth of
//   N
//   --once yes             each of them once, and nothing before that is not measured
//   --outstanding N        closed loop: so many calls are under way at any time
//   --rate R               open loop: so many calls a second, whether the server keeps up or not,
//                          each timed from the moment at which it was due
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <fstream>
#include <iterator>
#include <mutex>
#include <thread>

#include "house.h"
#include "milecastle/v1/view.pb.h"
#include "report.h"

namespace milecastle::bench {
namespace {

constexpr std::size_t kMostWaiting = 20'000;  // of an open loop that the server cannot keep up with
constexpr const char* kMethod = "/milecastle.v1.PatientViewService/GetPatientView";

std::string Content(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::shared_ptr<grpc::Channel> ChannelTo(const Options& options) {
  const std::string tls = options.Text("tls", "");
  if (tls.empty()) {
    return grpc::CreateChannel("127.0.0.1:" + options.Text("port", ""),
                               grpc::InsecureChannelCredentials());
  }
  const std::filesystem::path folder = tls;
  grpc::SslCredentialsOptions ssl;
  ssl.pem_root_certs = Content(folder / "authority.pem");
  ssl.pem_private_key = Content(folder / "client.key");
  ssl.pem_cert_chain = Content(folder / "client.pem");
  return grpc::CreateChannel("localhost:" + options.Text("port", ""), grpc::SslCredentials(ssl));
}

// For `people` who stand evenly among so many.
std::vector<grpc::ByteBuffer> Requests(std::size_t people, std::size_t among) {
  std::vector<grpc::ByteBuffer> requests;
  const std::vector<std::string> numbers = NhsNumbers(std::max(people, among));
  for (std::size_t i = 0; i < people; ++i) {
    v1::GetPatientViewRequest request;
    request.set_nhs_number(numbers[numbers.size() * i / people]);
    request.set_birth_date(kBirthDate);
    request.set_family_name(kFamilyName);
    request.set_purpose(v1::PURPOSE_DIRECT_CARE);
    const grpc::Slice slice(request.SerializeAsString());
    requests.emplace_back(&slice, 1);
  }
  return requests;
}

class Load {
 public:
  explicit Load(const Options& options)
      : channel_(ChannelTo(options)),
        stub_(channel_),
        requests_(Requests(options.Count("people", 1), options.Count("of", 0))) {
    const std::string tls = options.Text("tls", "");
    if (!tls.empty()) bearer_ = "Bearer " + Content(std::filesystem::path(tls) / "token");
    const auto until = std::chrono::system_clock::now() + std::chrono::seconds(10);
    if (!channel_->WaitForConnected(until)) Fail("the server does not answer");
  }

  // So many calls at any time, until `span` is over and all have come back.
  void Closed(std::size_t outstanding, std::chrono::nanoseconds span) {
    const auto until = Monotonic() + span;
    While(outstanding, [until](auto now) { return now < until; });
  }

  // One call for each person.
  void Once(std::size_t outstanding) {
    While(std::min(outstanding, requests_.size()),
          [this](auto) { return next_ < requests_.size(); });
  }

  void Open(double rate, std::chrono::nanoseconds span) {
    const auto began = Monotonic();
    const auto calls = static_cast<std::int64_t>(rate * static_cast<double>(span.count()) / 1e9);
    under_way_ = static_cast<std::size_t>(calls);
    std::thread pacer([&] {
      for (std::int64_t i = 0; i < calls; ++i) {
        const auto due = began + std::chrono::nanoseconds(static_cast<std::int64_t>(
                                     static_cast<double>(i) * 1e9 / rate));
        const timespec at{.tv_sec = due.count() / 1'000'000'000,
                          .tv_nsec = due.count() % 1'000'000'000};
        ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, nullptr);
        Start(due);
      }
    });
    while (under_way_ > 0) AwaitOne();
    pacer.join();
  }

  void Forget() {
    durations_ = {};
    bytes_ = 0;
  }
  Durations& durations() { return durations_; }
  double bytes() const { return static_cast<double>(bytes_); }

 private:
  struct Call {
    grpc::ClientContext context;
    std::chrono::nanoseconds began{};
    grpc::ByteBuffer response;
    grpc::Status status;
    std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader;
  };

  template <class More>
  void While(std::size_t outstanding, More more) {
    for (std::size_t i = 0; i < outstanding; ++i) Begin(Monotonic());
    while (under_way_ > 0) {
      const auto now = AwaitOne();
      if (more(now)) Begin(now);
    }
  }
  void Begin(std::chrono::nanoseconds began) {
    ++under_way_;
    Start(began);
  }
  void Start(std::chrono::nanoseconds began) {
    auto* call = new Call;
    call->began = began;
    if (!bearer_.empty()) call->context.AddMetadata("authorization", bearer_);
    const grpc::ByteBuffer& request = requests_[next_++ % requests_.size()];
    call->reader = stub_.PrepareUnaryCall(&call->context, kMethod, request, &queue_);
    call->reader->StartCall();
    call->reader->Finish(&call->response, &call->status, call);
  }
  std::chrono::nanoseconds AwaitOne() {
    void* tag = nullptr;
    bool good = false;
    queue_.Next(&tag, &good);
    const std::unique_ptr<Call> call(static_cast<Call*>(tag));
    if (!call->status.ok()) Fail("a call failed: " + call->status.error_message());
    const auto now = Monotonic();
    durations_.Add(now - call->began);
    bytes_ += call->response.Length();
    --under_way_;
    return now;
  }

  std::shared_ptr<grpc::Channel> channel_;
  grpc::GenericStub stub_;
  std::vector<grpc::ByteBuffer> requests_;
  std::string bearer_;
  grpc::CompletionQueue queue_;
  std::size_t next_ = 0;  // of the one thread that starts calls
  std::size_t under_way_ = 0;
  Durations durations_;
  std::uint64_t bytes_ = 0;
};

void Run(const Options& options) {
  Load load(options);
  const auto server = static_cast<pid_t>(options.Count("pid", 0));
  const std::size_t outstanding = options.Count("outstanding", 64);
  const double rate = options.Number("rate", 0);
  if (rate * std::chrono::duration<double>(options.Seconds()).count() > kMostWaiting * 50) {
    Fail("--rate is too high");
  }
  const bool once = options.Text("once", "no") == "yes";
  if (!once) {
    load.Closed(outstanding,
                std::min(options.Seconds() / 4, std::chrono::nanoseconds(300'000'000)));
    load.Forget();
  }

  const auto cpu = CpuOf(server);
  const auto began = Monotonic();
  if (once) {
    load.Once(outstanding);
  } else if (rate > 0) {
    load.Open(rate, options.Seconds());
  } else {
    load.Closed(outstanding, options.Seconds());
  }
  const std::chrono::duration<double> took = Monotonic() - began;
  const std::chrono::duration<double, std::micro> spent = CpuOf(server) - cpu;
  const auto count = static_cast<double>(load.durations().count());
  Figures figures = {{"per_second", count / took.count()},
                     {"cpu_us", spent.count() / count},
                     {"count", count},
                     {"bytes", load.bytes() / count}};
  AddPercentiles(figures, load.durations());
  Report(figures);
}

}  // namespace
}  // namespace milecastle::bench

int main(int argc, char** argv) { milecastle::bench::Run(milecastle::bench::Options(argc, argv)); }
