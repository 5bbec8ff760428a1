// safety.md 9 at the edge: what refuses a caller, or tells that there is nobody, leaves at a step
// of the time grid and not before, whichever call it ends.
#include <future>

#include "front.h"
#include "milecastle/v1/consent.grpc.pb.h"
#include "milecastle/v1/policy.grpc.pb.h"
#include "milecastle/v1/view.grpc.pb.h"

namespace milecastle::serve {
namespace {

using disclose::Allergy;

constexpr milliseconds kGrid(50);

std::string WithConsentAtThePointOfCare() {
  return std::string(disclose::kPolicy) + R"toml([[duty_roles]]
id = "point-of-care"
role_groups = ["clinician"]
may = ["consent.record", "consent.withdraw", "consent.list"]
scope = "own"
needs_relationship = true
)toml";
}

void FillPerson(v1::PersonKey& person, const char* number) {
  person.set_nhs_number(number);
  person.set_birth_date("1960-05-17");
  person.set_family_name("Example");
}

class Grid : public testing::Test {
 protected:
  using Call = std::function<grpc::Status(const std::shared_ptr<grpc::Channel>&)>;

  std::future<grpc::Status> Start(const Call& call) {
    const auto channel = channel_ ? channel_ : channel_ = front.Open();
    began_ = front.house.clock.Monotonic();
    return std::async(std::launch::async, call, channel);
  }
  // Ends the call only by ringing, and tells how long after its arrival that is to be.
  std::pair<nanoseconds, grpc::Status> Held(const Call& call) {
    auto status = Start(call);
    const nanoseconds waits = front.timer.AwaitJob() - began_;
    EXPECT_EQ(status.wait_for(milliseconds(0)), std::future_status::timeout) << "it left early";
    front.timer.Ring();
    return {waits, status.get()};
  }
  void ExpectOnGrid(const Call& call, grpc::StatusCode code) {
    const auto [waits, status] = Held(call);
    EXPECT_EQ(waits, kGrid);
    EXPECT_EQ(status.error_code(), code) << status.error_message();
  }

  static grpc::Status View(const std::shared_ptr<grpc::Channel>& channel,
                           v1::GetPatientViewResponse& response) {
    grpc::ClientContext context;
    v1::GetPatientViewRequest request;
    request.set_nhs_number("9990000018");
    request.set_birth_date("1960-05-17");
    request.set_family_name("Example");
    request.set_purpose(v1::PURPOSE_DIRECT_CARE);
    return v1::PatientViewService::NewStub(channel)->GetPatientView(&context, request, &response);
  }
  static Call List(const char* number) {
    return [number](const auto& channel) {
      grpc::ClientContext context;
      v1::ListConsentsRequest request;
      v1::ListConsentsResponse response;
      FillPerson(*request.mutable_person(), number);
      return v1::ConsentService::NewStub(channel)->ListConsents(&context, request, &response);
    };
  }
  static Call Record(const char* number) {
    return [number](const auto& channel) {
      grpc::ClientContext context;
      v1::RecordConsentRequest request;
      v1::RecordConsentResponse response;
      FillPerson(*request.mutable_person(), number);
      request.mutable_consent()->set_kind(v1::CONSENT_KIND_OBJECTION);
      request.mutable_consent()->set_by(v1::CONSENT_BY_PERSON);
      return v1::ConsentService::NewStub(channel)->RecordConsent(&context, request, &response);
    };
  }
  static Call Withdraw(const char* number) {
    return [number](const auto& channel) {
      grpc::ClientContext context;
      v1::WithdrawConsentRequest request;
      v1::WithdrawConsentResponse response;
      FillPerson(*request.mutable_person(), number);
      request.set_consent_id("01900000-0000-7000-8000-000000000001");
      return v1::ConsentService::NewStub(channel)->WithdrawConsent(&context, request, &response);
    };
  }

  Front front{WithConsentAtThePointOfCare()};

 private:
  std::shared_ptr<grpc::Channel> channel_;
  nanoseconds began_{0};
};

TEST_F(Grid, ARefusedViewLeavesAtTheNextStepAndNotBefore) {
  front.house.Knows("Z99001").Holds("Z99001", Allergy("Penicillin"));
  front.house.clock.Advance(milliseconds(17));
  v1::GetPatientViewResponse response;
  ExpectOnGrid([&](const auto& channel) { return View(channel, response); }, grpc::OK);
  EXPECT_EQ(response.refusal().reason(), "cannot_answer");
}

TEST_F(Grid, AnEmptyViewLeavesAtTheNextStepToo) {
  front.house.Knows("Z99001").Admitted();
  v1::GetPatientViewResponse response;
  ExpectOnGrid([&](const auto& channel) { return View(channel, response); }, grpc::OK);
  EXPECT_TRUE(response.has_view());
}

TEST_F(Grid, APermittedAnswerDoesNotWait) {
  front.house.Knows("Z99001").Admitted().Holds("Z99001", Allergy("Penicillin"));
  v1::GetPatientViewResponse response;
  EXPECT_TRUE(Start([&](const auto& channel) { return View(channel, response); }).get().ok());
  EXPECT_EQ(response.view().entries_size(), 1);
  EXPECT_TRUE(Start(List("9990000018")).get().ok());
  EXPECT_EQ(front.timer.waiting(), 0U);
}

TEST_F(Grid, RefusalsOfConsentCallsAreOnTheSameGridAsViews) {
  front.house.Knows("Z99001").Chose(record::ConsentKind::kObjection);
  for (const char* number : {"9990000018", "9990000026"}) {  // one is known, the other is not
    ExpectOnGrid(List(number), grpc::PERMISSION_DENIED);
    ExpectOnGrid(Record(number), grpc::PERMISSION_DENIED);
    ExpectOnGrid(Withdraw(number), grpc::PERMISSION_DENIED);
  }
}

TEST_F(Grid, WhatIsNotThereIsToldOnTheGrid) {
  front.house.Knows("Z99001").Admitted();
  ExpectOnGrid(Withdraw("9990000018"), grpc::NOT_FOUND);
}

TEST_F(Grid, ARefusalByRoleIsOnTheGridInEveryService) {
  ExpectOnGrid(
      [](const auto& channel) {
        grpc::ClientContext context;
        v1::ExplainRequest request;
        v1::ExplainResponse response;
        request.mutable_request()->set_nhs_number("9990000018");
        request.mutable_request()->set_birth_date("1960-05-17");
        request.mutable_request()->set_family_name("Example");
        request.mutable_request()->set_purpose(v1::PURPOSE_DIRECT_CARE);
        return v1::PolicyService::NewStub(channel)->Explain(&context, request, &response);
      },
      grpc::PERMISSION_DENIED);
}

TEST_F(Grid, WhatTookLongerLeavesAtTheStepAfterItIsReady) {
  front.log.takes = milliseconds(120);
  EXPECT_EQ(Held(List("9990000018")).first, 3 * kGrid);
}

TEST_F(Grid, WhatIsWronglyAskedIsToldAtOnce) {
  EXPECT_EQ(Start(List("12345")).get().error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_EQ(front.timer.waiting(), 0U);
}

}  // namespace
}  // namespace milecastle::serve
