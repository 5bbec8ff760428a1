#include "third_sector/adapter.h"

#include <array>

#include "inside/columns.h"
#include "inside/rows.h"
#include "prsb/message.h"

namespace milecastle::third_sector {
namespace {

constexpr std::array<std::string_view, 3> kAsked = {"GP practice", "Referral details", "Risks"};
constexpr std::array<prsb::Standard, 1> kStandards = {{{.name = "Social prescribing",
                                                        .event = "prsb-social-prescribing",
                                                        .source = "Organisation",
                                                        .source_field = "Organisation",
                                                        .identifier_type = "LOCAL",
                                                        .asked = kAsked,
                                                        .needs_name = true}}};

class ThirdSectorAdapter final : public port::Adapter {
 public:
  std::string_view name() const override { return "third_sector"; }

  port::Mappable mappable() const override {
    const auto fields = FieldNames();
    const auto naming = NamingFields();
    const auto kept = KeptAnswers();
    return {.fields = {fields.begin(), fields.end()},
            .names = true,
            .as_sent = {naming.begin(), naming.end()},
            .kept = {kept.begin(), kept.end()}};
  }

  std::vector<std::string> Split(std::string_view file, const port::Feed& feed) const override {
    if (prsb::LooksLikeOne(file)) return {std::string(file)};
    return SplitRows(file, feed);
  }

  port::Reading Read(std::string_view message, const port::Feed& feed) const override {
    if (prsb::LooksLikeOne(message)) return prsb::ReadMessage(message, feed, kStandards);
    return ReadRows(message, feed);
  }

  // Neither the folder nor the intake service answers in a protocol of its own.
  std::string Reply(std::string_view, const port::Feed&, const port::Outcome&,
                    base::Instant) const override {
    return "";
  }
};

}  // namespace

std::unique_ptr<port::Adapter> MakeAdapter() { return std::make_unique<ThirdSectorAdapter>(); }

}  // namespace milecastle::third_sector
