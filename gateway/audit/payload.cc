#include "audit/payload.h"

#include <array>
#include <boost/json.hpp>

#include "base/json_writer.h"

namespace milecastle::audit {
namespace {

// The one list of the members that are texts.
struct TextMember {
  const char* name;
  std::string Headline::*text;
};
constexpr std::array kTextMembers = {
    TextMember{"organisation", &Headline::organisation}, TextMember{"user", &Headline::user},
    TextMember{"nhs_number", &Headline::nhs_number},     TextMember{"purpose", &Headline::purpose},
    TextMember{"outcome", &Headline::outcome},           TextMember{"person", &Headline::person},
};

// Stands last. No text holds it: its quotes would be escaped there.
constexpr std::string_view kWhat = ",\"what\":";

}  // namespace

std::string MakePayload(const Headline& headline, std::string_view what) {
  constexpr std::size_t kMostly = 512;  // beside `what`
  base::JsonWriter payload(what.size() + kMostly);
  payload.Open('{').Key("format").Number(1);
  for (const TextMember& member : kTextMembers) {
    const std::string& text = headline.*member.text;
    if (!text.empty()) payload.Key(member.name).Text(text);
  }
  if (!headline.sources.empty()) payload.Key("sources").Texts(headline.sources);
  if (headline.entails_nothing) payload.Key("entails_nothing").Flag(true);
  payload.Key("what").Json(what.empty() ? std::string_view("{}") : what).Close('}');
  return std::move(payload).Take();
}

// `what` is some hundred times as long as the rest, and is not read.
base::Result<Headline> ReadHeadline(std::string_view payload) {
  std::string members(payload.substr(0, payload.find(kWhat)));
  if (members.size() < payload.size()) members += '}';
  boost::json::monotonic_resource parts;  // given back at once
  boost::json::error_code failed;
  boost::json::parse_options options;
  options.max_depth = 64;
  const boost::json::value value = boost::json::parse(members, failed, &parts, options);
  const boost::json::object* object = failed ? nullptr : value.if_object();
  if (object == nullptr) {
    return base::Error{base::ErrorId::kAuditCorrupt, "payload", "it is not a JSON object"};
  }
  Headline headline;
  for (const TextMember& member : kTextMembers) {
    const boost::json::value* text = object->if_contains(member.name);
    if (text != nullptr && text->is_string()) headline.*member.text = text->as_string().c_str();
  }
  if (const boost::json::value* sources = object->if_contains("sources");
      sources && sources->is_array()) {
    for (const boost::json::value& source : sources->as_array()) {
      if (source.is_string()) headline.sources.emplace_back(source.as_string());
    }
  }
  const boost::json::value* nothing = object->if_contains("entails_nothing");
  headline.entails_nothing = nothing != nullptr && nothing->is_bool() && nothing->as_bool();
  return headline;
}

}  // namespace milecastle::audit
