// GP Connect's question, asked over HTTPS (https/client.h): mutual TLS, limits, a breaker.
//
// Thread-safety: any thread; as https::Client. Failure: in the Reply.
#pragma once

#include <functional>
#include <memory>

#include "base/clock.h"
#include "fhir_pull/request.h"
#include "https/client.h"

namespace milecastle::fhir_pull {

struct ClientParts {
  Provider provider;
  https::Limits limits;
  https::Breaker::Options breaker;
  std::shared_ptr<const https::Tls> tls;
};

class Client {
 public:
  Client(ClientParts parts, https::Loop& loop, const base::Clock& clock);

  // `done` runs once, at once or on the loop's thread, where it must not block. Each Reply without
  // a failure must be judged.
  // The structured record.
  void Ask(const Question& question, https::Client::Moment until, https::Client::OnReply done);
  // Documents. Ids that are no record::IsFhirId are not asked for: the Reply is kInvalid.
  void FindPatient(const Question& question, https::Client::Moment until,
                   https::Client::OnReply done);
  void ListDocuments(const Question& question, const std::string& patient_id,
                     https::Client::Moment until, https::Client::OnReply done);
  void ReadBinary(const Question& question, const std::string& binary_id,
                  https::Client::Moment until, https::Client::OnReply done);
  void Judge(bool usable) { client_.Judge(usable); }

  void Use(std::shared_ptr<const https::Tls> tls) { client_.Use(std::move(tls)); }
  const Provider& provider() const { return provider_; }
  std::shared_ptr<const https::Tls> tls() const { return client_.tls(); }
  https::Counts counts() const { return client_.counts(); }

 private:
  const Provider provider_;
  https::Client client_;
};

}  // namespace milecastle::fhir_pull
