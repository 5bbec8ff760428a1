#include "inside/exchange.h"

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/address.hpp>
#include <utility>

namespace milecastle::https {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

constexpr unsigned kHttp11 = 11;

bool IsIdentity(boost::beast::string_view encoding) {
  return encoding.empty() || boost::beast::iequals(encoding, "identity");
}

}  // namespace

Exchange::Exchange(asio::io_context& io, std::shared_ptr<const Tls> tls, Attempt attempt, Done done)
    : tls_(std::move(tls)),
      attempt_(std::move(attempt)),
      done_(std::move(done)),
      resolver_(io),
      stream_(io, tls_->inside().context),
      timer_(io),
      buffer_(attempt_.limits.header_bytes + (std::size_t{64} << 10)) {
  parser_.header_limit(static_cast<std::uint32_t>(attempt_.limits.header_bytes));
  parser_.body_limit(attempt_.limits.body_bytes);
  request_.method(attempt_.request.verb == Verb::kGet ? http::verb::get : http::verb::post);
  request_.target(attempt_.request.path);
  request_.version(kHttp11);
  const bool is_six = attempt_.host.find(':') != std::string::npos;
  const std::string host = is_six ? "[" + attempt_.host + "]" : attempt_.host;
  request_.set(http::field::host, host + ":" + std::to_string(attempt_.port));
  for (const auto& [name, value] : attempt_.request.headers) request_.set(name, value);
  request_.body() = attempt_.request.body;
  request_.prepare_payload();
}

void Exchange::Begin() {
  Within(attempt_.limits.connect);
  if (!Expect(stream_.native_handle(), attempt_.host)) return Fail(Failure::kNotTrusted);
  Code not_numeric;
  const auto address = asio::ip::make_address(attempt_.host, not_numeric);
  if (not_numeric) return Resolve();
  const Tcp::endpoint place(address, attempt_.port);
  Connect(Tcp::resolver::results_type::create(place, attempt_.host, ""));
}

void Exchange::Resolve() {
  resolver_.async_resolve(
      attempt_.host, std::to_string(attempt_.port),
      Then(Failure::kUnreachable, [](Exchange& self, const Tcp::resolver::results_type& places) {
        self.Connect(places);
      }));
}

void Exchange::Connect(const Tcp::resolver::results_type& places) {
  asio::async_connect(stream_.next_layer(), places,
                      Then(Failure::kUnreachable, [](Exchange& self, const auto& /*place*/) {
                        Code ignored;
                        self.stream_.next_layer().set_option(Tcp::no_delay(true), ignored);
                        self.Handshake();
                      }));
}

void Exchange::Handshake() {
  stream_.async_handshake(asio::ssl::stream_base::client,
                          Then(Failure::kNotTrusted, [](Exchange& self) { self.Send(); }));
}

void Exchange::Send() {
  Within(attempt_.limits.header);
  http::async_write(stream_, request_, Then(Failure::kUnreachable, [](Exchange& self, std::size_t) {
                      self.ReadHeader();
                    }));
}

void Exchange::ReadHeader() {
  http::async_read_header(stream_, buffer_, parser_,
                          [self = shared_from_this()](Code failed, std::size_t) {
                            if (!self->done_) return;
                            const bool heard = self->parser_.got_some() || self->buffer_.size() > 0;
                            if (failed)
                              return self->Fail(heard ? Failure::kInvalid : Failure::kUnreachable);
                            if (!self->IsTaken()) return self->Fail(Failure::kInvalid);
                            self->ReadBody();
                          });
}

// A body whose end only the end of the connection tells could have been cut by anybody.
bool Exchange::IsTaken() const {
  const auto& header = parser_.get();
  const auto length = parser_.content_length();
  return !parser_.need_eof() && IsIdentity(header[http::field::content_encoding]) &&
         (!length || *length <= attempt_.limits.body_bytes);
}

void Exchange::ReadBody() {
  Within(attempt_.limits.whole);
  http::async_read(stream_, buffer_, parser_,
                   Then(Failure::kInvalid, [](Exchange& self, std::size_t) {
                     self.End({.status = static_cast<int>(self.parser_.get().result_int()),
                               .body = std::move(self.parser_.get().body())});
                   }));
}

void Exchange::Within(std::chrono::milliseconds limit) {
  timer_.expires_at(std::min(std::chrono::steady_clock::now() + limit, attempt_.until));
  timer_.async_wait([self = shared_from_this()](Code cancelled) {
    if (!cancelled) self->Fail(Failure::kTimedOut);
  });
}

void Exchange::Fail(Failure failure) { End({.failure = failure}); }

void Exchange::End(Reply reply) {
  if (!done_) return;
  const Done done = std::exchange(done_, nullptr);
  const bool heard = parser_.got_some() || buffer_.size() > 0;
  timer_.cancel();
  resolver_.cancel();
  Code ignored;
  stream_.next_layer().close(ignored);
  reply.trace_id = attempt_.trace_id;
  done(std::move(reply), heard);
}

}  // namespace milecastle::https
