// One try: a connection, a request, an answer, and the end of the connection.
//
// Thread-safety: lives on the loop's thread. Failure: `done` runs once, whatever happens.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "tls.h"

namespace milecastle::https {

struct Attempt {
  std::string host;
  std::uint16_t port = 443;
  Request request;
  std::string trace_id;
  Limits limits;
  std::chrono::steady_clock::time_point until;
};

class Exchange : public std::enable_shared_from_this<Exchange> {
 public:
  // `heard`: whether any byte of an answer came.
  using Done = std::function<void(Reply, bool heard)>;

  Exchange(boost::asio::io_context& io, std::shared_ptr<const Tls> tls, Attempt attempt, Done done);
  void Begin();
  void Stop() { Fail(Failure::kStopping); }

 private:
  using Code = boost::system::error_code;
  using Tcp = boost::asio::ip::tcp;

  void Resolve();
  void Connect(const Tcp::resolver::results_type& places);
  void Handshake();
  void Send();
  void ReadHeader();
  void ReadBody();
  bool IsTaken() const;  // the header, as that of an answer that is read on
  void Within(std::chrono::milliseconds limit);
  void Fail(Failure failure);
  void End(Reply reply);

  // Goes on where the step went well and nothing has ended meanwhile.
  template <class Next>
  auto Then(Failure failure, Next next) {
    return [self = shared_from_this(), failure, next](Code failed, const auto&... what) {
      if (!self->done_) return;
      if (failed) return self->Fail(failure);
      next(*self, what...);
    };
  }

  std::shared_ptr<const Tls> tls_;
  const Attempt attempt_;
  Done done_;  // null: it has ended
  Tcp::resolver resolver_;
  boost::asio::ssl::stream<Tcp::socket> stream_;
  boost::asio::steady_timer timer_;
  boost::beast::flat_buffer buffer_;
  boost::beast::http::request<boost::beast::http::string_body> request_;
  boost::beast::http::response_parser<boost::beast::http::string_body> parser_;
};

}  // namespace milecastle::https
