#include "inside/stream.h"

#include <openssl/err.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "inside/material.h"

namespace milecastle::ingress {
namespace {

std::string_view TextOfError(unsigned long code, std::string_view otherwise) {
  const char* text = code == 0 ? nullptr : ERR_reason_error_string(code);
  return text == nullptr ? otherwise : std::string_view(text);
}

// RFC 7301 section 3.1: names, each after a byte of its length. The offered one that is `wanted`;
// empty where there is none.
std::string_view NameIn(std::string_view offered, std::string_view wanted) {
  while (!offered.empty()) {
    const std::size_t length = static_cast<unsigned char>(offered.front());
    const std::string_view name = offered.substr(1, length);
    if (name == wanted) return name;
    offered.remove_prefix(1 + name.size());
  }
  return {};
}

}  // namespace

Stream::Stream(base::UniqueFd socket, std::shared_ptr<const TlsMaterial> material,
               std::string_view alpn)
    : socket_{std::move(socket), false, alpn}, material_(std::move(material)) {
  if (!material_) return;
  tls_.reset(SSL_new(material_->inside().context.get()));
  BIO* const bio = BIO_new(Method());
  if (!tls_ || bio == nullptr) {
    BIO_free(bio);
    tls_.reset();
    socket_.fd.Close();
    return;
  }
  BIO_set_data(bio, &socket_);
  BIO_set_init(bio, 1);
  SSL_set_bio(tls_.get(), bio, bio);
  SSL_set_app_data(tls_.get(), &socket_);
  SSL_set_accept_state(tls_.get());
}

Stream::~Stream() = default;

BIO_METHOD* Stream::Method() {
  static BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "connection");
    BIO_meth_set_read_ex(made, &Stream::BioRead);
    BIO_meth_set_write_ex(made, &Stream::BioWrite);
    BIO_meth_set_ctrl(made, &Stream::BioControl);
    return made;
  }();
  return method;
}

Io Stream::Receive(Socket& socket, std::span<char> into) {
  if (socket.drained) return {Io::Kind::kWantRead};
  const ssize_t got = ::recv(socket.fd.get(), into.data(), into.size(), 0);
  if (got == 0) return {Io::Kind::kEnd};
  if (got < 0) {
    const bool later = errno == EAGAIN || errno == EINTR;
    return {later ? Io::Kind::kWantRead : Io::Kind::kFault};
  }
  socket.drained = static_cast<std::size_t>(got) < into.size();
  return {Io::Kind::kDone, static_cast<std::size_t>(got)};
}

Io Stream::Send(Socket& socket, std::span<const char> from) {
  const ssize_t sent = ::send(socket.fd.get(), from.data(), from.size(), MSG_NOSIGNAL);
  if (sent >= 0) return {Io::Kind::kDone, static_cast<std::size_t>(sent)};
  return {errno == EAGAIN || errno == EINTR ? Io::Kind::kWantWrite : Io::Kind::kFault};
}

int Stream::BioRead(BIO* bio, char* into, std::size_t size, std::size_t* read) {
  BIO_clear_retry_flags(bio);
  const Io io = Receive(*static_cast<Socket*>(BIO_get_data(bio)), {into, size});
  *read = io.bytes;
  if (io.kind == Io::Kind::kWantRead) BIO_set_retry_read(bio);
  if (io.kind == Io::Kind::kEnd) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  return io.kind == Io::Kind::kDone ? 1 : 0;
}

int Stream::BioWrite(BIO* bio, const char* from, std::size_t size, std::size_t* written) {
  BIO_clear_retry_flags(bio);
  const Io io = Send(*static_cast<Socket*>(BIO_get_data(bio)), {from, size});
  *written = io.bytes;
  if (io.kind == Io::Kind::kWantWrite) BIO_set_retry_write(bio);
  return io.kind == Io::Kind::kDone ? 1 : 0;
}

long Stream::BioControl(BIO* bio, int command, long /*number*/, void* /*pointer*/) {
  if (command == BIO_CTRL_FLUSH) return 1;
  if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
  return 0;
}

void Stream::PrepareAlpn(SSL_CTX* context) {
  SSL_CTX_set_alpn_select_cb(context, &Stream::SelectAlpn, nullptr);
}

// As many parameters as OpenSSL gives. NOLINTNEXTLINE(readability-function-size)
int Stream::SelectAlpn(SSL* tls, const unsigned char** out, unsigned char* out_size,
                       const unsigned char* offered, unsigned int offered_size, void* /*unused*/) {
  const std::string_view ours = static_cast<const Socket*>(SSL_get_app_data(tls))->alpn;
  if (ours.empty()) return SSL_TLSEXT_ERR_NOACK;
  const std::string_view chosen =
      NameIn({reinterpret_cast<const char*>(offered), offered_size}, ours);
  if (chosen.empty()) return SSL_TLSEXT_ERR_ALERT_FATAL;
  *out = reinterpret_cast<const unsigned char*>(chosen.data());
  *out_size = static_cast<unsigned char>(chosen.size());
  return SSL_TLSEXT_ERR_OK;
}

Io Stream::Outcome(int result, std::size_t bytes) {
  if (result > 0) return {Io::Kind::kDone, bytes};
  switch (SSL_get_error(tls_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return {Io::Kind::kWantRead};
    case SSL_ERROR_WANT_WRITE:
      return {Io::Kind::kWantWrite};
    case SSL_ERROR_ZERO_RETURN:
      return {Io::Kind::kEnd};
    default:
      fault_ = TextOfError(ERR_peek_error(), "the connection broke");
      ERR_clear_error();
      return {Io::Kind::kFault};
  }
}

Io Stream::Handshake() {
  if (!tls_) return {material_ ? Io::Kind::kFault : Io::Kind::kDone};
  ERR_clear_error();
  return Outcome(SSL_accept(tls_.get()), 0);
}

Io Stream::Read(std::span<char> into) {
  if (!tls_) return Receive(socket_, into);
  ERR_clear_error();
  std::size_t bytes = 0;
  const int result = SSL_read_ex(tls_.get(), into.data(), into.size(), &bytes);
  return Outcome(result, bytes);
}

Io Stream::Write(std::span<const char> from) {
  if (!tls_) return Send(socket_, from);
  ERR_clear_error();
  std::size_t bytes = 0;
  const int result = SSL_write_ex(tls_.get(), from.data(), from.size(), &bytes);
  return Outcome(result, bytes);
}

void Stream::FinishWriting() {
  if (tls_) {
    ERR_clear_error();
    SSL_shutdown(tls_.get());
    ERR_clear_error();
  }
  ::shutdown(socket_.fd.get(), SHUT_WR);
}

std::string_view Stream::HandshakeFault() const {
  if (!tls_) return "no TLS";
  // OpenSSL's own error says no more than "certificate verify failed".
  const long fault = SSL_get_verify_result(tls_.get());
  return fault == X509_V_OK ? fault_ : WordsOf(fault);
}

}  // namespace milecastle::ingress
