#include "social_care/adapter.h"

#include <array>

#include "inside/returns.h"
#include "inside/vocabulary.h"
#include "prsb/message.h"

namespace milecastle::social_care {
namespace {

constexpr std::array<prsb::Standard, 1> kStandards = {
    {{"Local authority information", "prsb-local-authority", "Local authority", "LA_Code", "LA"}}};

class SocialCareAdapter final : public port::Adapter {
 public:
  std::string_view name() const override { return "social_care"; }

  port::Mappable mappable() const override {
    const auto fields = FieldNames();
    return {.fields = {fields.begin(), fields.end()},
            .names = true,
            .as_sent = {"NHS_Number", "LA_Person_Unique_Identifier", "First_Name", "Family_Name",
                        "Date_of_Birth"}};
  }

  std::vector<std::string> Split(std::string_view file, const port::Feed& feed) const override {
    if (prsb::LooksLikeOne(file)) return {std::string(file)};
    return SplitReturn(file, feed);
  }

  port::Reading Read(std::string_view message, const port::Feed& feed) const override {
    if (prsb::LooksLikeOne(message)) return prsb::ReadMessage(message, feed, kStandards);
    return ReadReturn(message, feed);
  }

  // Neither the folder nor the intake service answers in a protocol of its own.
  std::string Reply(std::string_view, const port::Feed&, const port::Outcome&,
                    base::Instant) const override {
    return "";
  }
};

}  // namespace

std::unique_ptr<port::Adapter> MakeAdapter() { return std::make_unique<SocialCareAdapter>(); }

}  // namespace milecastle::social_care
