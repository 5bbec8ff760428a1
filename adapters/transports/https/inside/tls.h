// For tls.cc and exchange.cc.
//
// Thread-safety: read-only once loaded. Failure: none.
#pragma once

#include <openssl/ssl.h>

#include <boost/asio/ssl/context.hpp>
#include <string>

#include "https/client.h"

namespace milecastle::https {

struct Tls::Inside {
  boost::asio::ssl::context context{boost::asio::ssl::context::tls_client};
};

// The session takes the certificate of that name, or numeric address, alone.
bool Expect(SSL* session, const std::string& host);

}  // namespace milecastle::https
