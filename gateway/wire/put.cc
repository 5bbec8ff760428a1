#include "inside/put.h"

#include <google/protobuf/timestamp.pb.h>

#include <chrono>

#include "milecastle/v1/record.pb.h"
#include "milecastle/v1/view.pb.h"

namespace milecastle::wire {

void Put(Encoder& out, int field, base::Instant instant) {
  using Fields = google::protobuf::Timestamp;
  const auto seconds = std::chrono::floor<std::chrono::seconds>(instant);
  const auto rest = std::chrono::nanoseconds(instant - seconds);
  out.Message(field, [&] {
    out.Number(Fields::kSecondsFieldNumber, NumberOf(seconds.time_since_epoch().count()));
    out.Number(Fields::kNanosFieldNumber, NumberOf(rest.count()));
  });
}

void Put(Encoder& out, int field, const record::When& when) {
  using Fields = v1::When;
  out.Message(field, [&] {
    Put(out, Fields::kAtFieldNumber, when.at);
    out.Number(Fields::kPrecisionFieldNumber, NumberOf(when.precision));
    out.Number(Fields::kZoneFieldNumber, NumberOf(when.zone));
    out.Text(Fields::kOriginalFieldNumber, when.original);
  });
}

void Put(Encoder& out, int field, const record::Address& address) {
  using Fields = v1::Address;
  out.Message(field, [&] {
    out.Items(Fields::kLinesFieldNumber, address.lines);
    out.Text(Fields::kPostcodeFieldNumber, address.postcode);
    out.Text(Fields::kUseFieldNumber, address.use);
  });
}

void Put(Encoder& out, int field, const record::Telecom& telecom) {
  using Fields = v1::Telecom;
  out.Message(field, [&] {
    out.Text(Fields::kSystemFieldNumber, telecom.system);
    out.Text(Fields::kValueFieldNumber, telecom.value);
    out.Text(Fields::kUseFieldNumber, telecom.use);
  });
}

void Put(Encoder& out, int field, const record::PersonName& name) {
  using Fields = v1::PersonName;
  out.Message(field, [&] {
    out.Text(Fields::kFamilyFieldNumber, name.family);
    out.Text(Fields::kGivenFieldNumber, name.given);
    out.Text(Fields::kPrefixFieldNumber, name.prefix);
    out.Text(Fields::kSuffixFieldNumber, name.suffix);
    out.Text(Fields::kUseFieldNumber, name.use);
  });
}

void Put(Encoder& out, int field, const record::Document& document) {
  using Fields = v1::Document;
  out.Message(field, [&] {
    out.Text(Fields::kMediaTypeFieldNumber, document.media_type);
    out.Text(Fields::kTitleFieldNumber, document.title);
    out.Text(Fields::kContentFieldNumber, document.bytes);
    out.Number(Fields::kTruncatedFieldNumber, NumberOf(document.truncated));
  });
}

void Put(Encoder& out, int field, const ShownDuty& duty) {
  out.Message(field, [&] {
    out.Text(v1::Duty::kKindFieldNumber, duty.kind);
    out.Text(v1::Duty::kOrganisationFieldNumber, duty.organisation);
    Put(out, v1::Duty::kDueFieldNumber, duty.due);
  });
}

}  // namespace milecastle::wire
