#include "inside/parts.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

namespace milecastle::wire {

void Fill(v1::When& out, const record::When& when) {
  Fill(*out.mutable_at(), when.at);
  out.set_precision(static_cast<v1::TimePrecision>(when.precision));
  out.set_zone(static_cast<v1::TimeZone>(when.zone));
  out.set_original(when.original);
}

record::When WhenOf(const v1::When& when) {
  return {.at = InstantOf(when.at()),
          .precision = static_cast<record::Precision>(when.precision()),
          .zone = static_cast<record::Zone>(when.zone()),
          .original = when.original()};
}

record::Coded CodedOf(const v1::Coded& coded) {
  record::Coded out{.text = coded.text(), .codings = {}};
  for (const auto& coding : coded.codings())
    out.codings.push_back({coding.system(), coding.code(), coding.display()});
  return out;
}

record::Address AddressOf(const v1::Address& address) {
  return {.lines = {address.lines().begin(), address.lines().end()},
          .postcode = address.postcode(),
          .use = address.use()};
}

record::Telecom TelecomOf(const v1::Telecom& telecom) {
  return {.system = telecom.system(), .value = telecom.value(), .use = telecom.use()};
}

std::string Serialise(const google::protobuf::MessageLite& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream sink(&bytes);
  google::protobuf::io::CodedOutputStream out(&sink);
  out.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&out);
  out.Trim();
  return bytes;
}

}  // namespace milecastle::wire
