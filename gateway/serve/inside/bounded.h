// What a unary call asks, read within bounds: gRPC would read sixteen mebibytes of it, and a
// message of two-byte fields takes thirty times its size in memory. For serve/ alone.
//
// Thread-safety: any thread. Failure: kArgumentInvalid, as the call's status; what cannot be read
// is told from what gRPC does not know (its own answer would be UNIMPLEMENTED for both).
#pragma once

#include <google/protobuf/descriptor.h>
#include <grpcpp/grpcpp.h>

#include "serve/edge.h"

namespace milecastle::serve {

constexpr std::size_t kMostAsked = std::size_t{64} << 10;

template <class Request>
base::Result<void> ReadAsked(const grpc::ByteBuffer& bytes, Request& into,
                             std::size_t most = kMostAsked) {
  if (bytes.Length() > most) {
    return base::Error{base::ErrorId::kArgumentInvalid, "request",
                       "ask in at most " + std::to_string(most >> 10) + " KiB"};
  }
  grpc::ByteBuffer copy = bytes;  // shares the slices
  if (grpc::SerializationTraits<Request>::Deserialize(&copy, &into).ok()) return {};
  return base::Error{base::ErrorId::kArgumentInvalid, "request",
                     "it is no " + Request::descriptor()->name()};
}

// A service whose unary methods are registered anew, each to be handed its request's bytes.
template <class CallbackService>
class BoundedService : public CallbackService {
 protected:
  // For the constructor, once for each unary method.
  template <class Self, class Request, class Response>
  void Bound(grpc::ServerUnaryReactor* (Self::*method)(grpc::CallbackServerContext*, const Request*,
                                                       Response*),
             std::size_t most = kMostAsked) {
    using Call = Asked<Request, Response>;
    static typename Call::Allocator allocator;
    auto* handler = new grpc::internal::CallbackUnaryHandler<grpc::ByteBuffer, Response>(
        [self = static_cast<Self*>(this), method, most](grpc::CallbackServerContext* context,
                                                        const grpc::ByteBuffer* bytes,
                                                        Response* response) {
          auto& call = *static_cast<Call*>(context->GetRpcAllocatorState());
          const auto read = ReadAsked(*bytes, call.request_message, most);
          if (read) return (self->*method)(context, &call.request_message, response);
          grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
          reactor->Finish(StatusOf(read.error()));
          return reactor;
        });
    handler->SetMessageAllocator(&allocator);
    this->MarkMethodCallback(IndexOf(Request::descriptor()), handler);
  }

 private:
  // Lives as long as the call.
  template <class Request, class Response>
  struct Asked final : grpc::MessageHolder<grpc::ByteBuffer, Response> {
    struct Allocator final : grpc::MessageAllocator<grpc::ByteBuffer, Response> {
      Asked* AllocateMessages() override { return new Asked; }
    };
    Asked() {
      this->set_request(&bytes);
      this->set_response(&response_message);
    }
    void Release() override { delete this; }

    grpc::ByteBuffer bytes;
    Request request_message;
    Response response_message;
  };

  // No two methods of the contract take the same message.
  static int IndexOf(const google::protobuf::Descriptor* request) {
    const google::protobuf::FileDescriptor& file = *request->file();
    for (int s = 0; s < file.service_count(); ++s) {
      for (int m = 0; m < file.service(s)->method_count(); ++m) {
        if (file.service(s)->method(m)->input_type() == request) return m;
      }
    }
    std::abort();
  }
};

}  // namespace milecastle::serve
