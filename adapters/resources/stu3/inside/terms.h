// Codes of GP Connect's consultations.
#pragma once

#include <string_view>

namespace milecastle::stu3 {

// Lists that make up one consultation.
inline constexpr std::string_view kConsultation = "325851000000107";
inline constexpr std::string_view kTopic = "25851000000105";
inline constexpr std::string_view kHeading = "24781000000107";

}  // namespace milecastle::stu3
