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

void Fill(v1::Address& out, const record::Address& address) {
  for (const auto& line : address.lines) out.add_lines(line);
  out.set_postcode(address.postcode);
  out.set_use(address.use);
}

void Fill(v1::Telecom& out, const record::Telecom& telecom) {
  out.set_system(telecom.system);
  out.set_value(telecom.value);
  out.set_use(telecom.use);
}

void Fill(v1::PersonName& out, const record::PersonName& name) {
  out.set_family(name.family);
  out.set_given(name.given);
  out.set_prefix(name.prefix);
  out.set_suffix(name.suffix);
  out.set_use(name.use);
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
