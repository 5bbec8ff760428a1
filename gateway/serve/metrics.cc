#include "serve/metrics.h"

#include <prometheus/family.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <boost/asio.hpp>
#include <boost/beast.hpp>
#include <map>
#include <mutex>
#include <sstream>
#include <thread>

namespace milecastle::serve {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;

prometheus::Histogram::BucketBoundaries Seconds() {
  return {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5};
}

// One scrape: read a request, answer, close. Bounded in bytes and time.
class Scrape : public std::enable_shared_from_this<Scrape> {
 public:
  Scrape(tcp::socket socket, std::function<std::string()> text)
      : stream_(std::move(socket)), text_(std::move(text)) {}

  void Start() {
    parser_.header_limit(4096);
    parser_.body_limit(0);
    stream_.expires_after(std::chrono::seconds(5));
    http::async_read(stream_, buffer_, parser_,
                     [self = shared_from_this()](beast::error_code failed, std::size_t) {
                       if (!failed) self->Answer();
                     });
  }

 private:
  void Answer() {
    const bool found =
        parser_.get().method() == http::verb::get && parser_.get().target() == "/metrics";
    response_.result(found ? http::status::ok : http::status::not_found);
    response_.set(http::field::content_type, "text/plain; version=0.0.4");
    response_.set(http::field::cache_control, "no-store");
    if (found) response_.body() = text_();
    response_.keep_alive(false);
    response_.prepare_payload();
    http::async_write(stream_, response_,
                      [self = shared_from_this()](beast::error_code failed, std::size_t) {
                        self->stream_.socket().shutdown(tcp::socket::shutdown_send, failed);
                      });
  }

  beast::tcp_stream stream_;
  std::function<std::string()> text_;
  beast::flat_buffer buffer_{8192};
  http::request_parser<http::empty_body> parser_;
  http::response<http::string_body> response_;
};

// Text format 0.0.4: what a label's value must not hold as it stands.
std::string Escaped(const std::string& value) {
  std::string text;
  for (const char c : value) {
    if (c == '\\' || c == '"') text += '\\';
    text += c == '\n' ? ' ' : c;
  }
  return text;
}

std::string LabelsOf(const Sample& sample) {
  std::string text;
  for (const auto& [name, value] : sample.labels) {
    text += text.empty() ? "{" : ",";
    text += name + "=\"" + Escaped(value) + "\"";
  }
  return text.empty() ? text : text + "}";
}

}  // namespace

class Metrics::Inside {
 public:
  Inside()
      : calls(prometheus::BuildHistogram()
                  .Name("milecastle_call_seconds")
                  .Help("Calls by method and error name; the empty error is success.")
                  .Register(registry)),
        acceptor(io) {}
  ~Inside() {
    io.stop();
    if (thread.joinable()) thread.join();
  }

  void Accept(const std::function<std::string()>& text) {
    acceptor.async_accept([this, text](beast::error_code failed, tcp::socket socket) {
      if (!failed) std::make_shared<Scrape>(std::move(socket), text)->Start();
      if (failed != asio::error::operation_aborted) Accept(text);
    });
  }

  prometheus::Registry registry;
  prometheus::Family<prometheus::Histogram>& calls;
  mutable std::mutex mutex;
  std::vector<std::function<std::vector<Sample>()>> sources;
  asio::io_context io{1};
  tcp::acceptor acceptor;
  std::thread thread;
};

Metrics::Metrics() : inside_(std::make_unique<Inside>()) {}
Metrics::~Metrics() = default;

void Metrics::ObserveCall(std::string_view method, std::string_view error, double seconds) {
  inside_->calls.Add({{"method", std::string(method)}, {"error", std::string(error)}}, Seconds())
      .Observe(seconds);
}

void Metrics::AddSource(std::function<std::vector<Sample>()> source) {
  const std::lock_guard lock(inside_->mutex);
  inside_->sources.push_back(std::move(source));
}

std::string Metrics::Text() const {
  std::ostringstream text;
  text << prometheus::TextSerializer().Serialize(inside_->registry.Collect());
  std::map<std::string, std::vector<Sample>> by_name;
  {
    const std::lock_guard lock(inside_->mutex);
    for (const auto& source : inside_->sources) {
      for (Sample& sample : source()) by_name[sample.name].push_back(std::move(sample));
    }
  }
  for (const auto& [name, samples] : by_name) {
    text << "# HELP " << name << ' ' << samples.front().help << "\n# TYPE " << name << ' '
         << (samples.front().counter ? "counter" : "gauge") << '\n';
    for (const Sample& sample : samples)
      text << name << LabelsOf(sample) << ' ' << sample.value << '\n';
  }
  return text.str();
}

base::Result<std::uint16_t> Metrics::Listen(std::uint16_t port) {
  beast::error_code failed;
  const tcp::endpoint place(asio::ip::address_v4::loopback(), port);
  inside_->acceptor.open(place.protocol(), failed);
  if (!failed) inside_->acceptor.set_option(asio::socket_base::reuse_address(true), failed);
  if (!failed) inside_->acceptor.bind(place, failed);
  if (!failed) inside_->acceptor.listen(16, failed);
  if (failed) {
    return base::Error{base::ErrorId::kConfigInvalid, "metrics.port",
                       "the port is taken; choose another, or 0 for any"};
  }
  inside_->Accept([this] { return Text(); });
  inside_->thread = std::thread([this] { inside_->io.run(); });
  return inside_->acceptor.local_endpoint().port();
}

}  // namespace milecastle::serve
