// The remote side of a connection: a TCP socket that does not block, in the clear or under TLS.
//
// OpenSSL reads and writes the socket itself, through a BIO of ours that never raises SIGPIPE and
// spares the extra read that only tells that there is no more: a short read says so already.
//
// Thread-safety: one thread at a time. Failure: an Io of kFault; the stream is then good only for
// being destroyed.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/unique_fd.h"
#include "ingress/tls_material.h"
#include "openssl.h"

namespace milecastle::ingress {

struct Io {
  enum class Kind { kDone, kWantRead, kWantWrite, kEnd, kFault };
  Kind kind = Kind::kDone;
  std::size_t bytes = 0;
};

class Stream {
 public:
  // `alpn` must outlive the stream. Null material: in the clear.
  Stream(base::UniqueFd socket, std::shared_ptr<const TlsMaterial> material, std::string_view alpn);
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream();

  static void PrepareAlpn(SSL_CTX* context);

  int descriptor() const { return socket_.fd.get(); }
  SSL* tls() const { return tls_.get(); }
  const std::shared_ptr<const TlsMaterial>& material() const { return material_; }

  void NoteReadable() { socket_.drained = false; }
  Io Handshake();
  Io Read(std::span<char> into);
  Io Write(std::span<const char> from);
  // Says that we send no more: close_notify and FIN. The peer may still send.
  void FinishWriting();

  // Why the last handshake failed, in OpenSSL's constant words.
  std::string_view HandshakeFault() const;

 private:
  struct Socket {
    base::UniqueFd fd;
    bool drained = false;  // the last read came short: nothing more until epoll says so
    std::string_view alpn;
  };

  static BIO_METHOD* Method();
  static int BioRead(BIO* bio, char* into, std::size_t size, std::size_t* read);
  static int BioWrite(BIO* bio, const char* from, std::size_t size, std::size_t* written);
  static long BioControl(BIO* bio, int command, long number, void* pointer);
  static int SelectAlpn(SSL* tls, const unsigned char** out, unsigned char* out_size,
                        const unsigned char* offered, unsigned int offered_size, void* unused);
  static Io Receive(Socket& socket, std::span<char> into);
  static Io Send(Socket& socket, std::span<const char> from);
  Io Outcome(int result, std::size_t bytes);

  Socket socket_;
  std::shared_ptr<const TlsMaterial> material_;
  SslPtr tls_;
  std::string_view fault_;
};

}  // namespace milecastle::ingress
