#include "kit/system/fhir.h"

#include <utility>

namespace milecastle::kit::fhir_text {
namespace {

namespace json = boost::json;

std::string Escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out;
}

std::string TextOf(const json::value& value) {
  return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

void Print(std::string_view name, const json::value& value, std::string& out);

void PrintMembers(const json::object& object, std::string& out) {
  for (const auto& [key, value] : object) {
    if (key != "resourceType") Print(key, value, out);
  }
}

// An extension's URL is an attribute.
void PrintExtension(const json::object& extension, std::string& out) {
  out += "<extension url=\"" + Escaped(TextOf(extension.at("url"))) + "\">";
  for (const auto& [key, value] : extension) {
    if (key != "url") Print(key, value, out);
  }
  out += "</extension>";
}

void Print(std::string_view name, const json::value& value, std::string& out) {
  const std::string tag(name);
  if (const json::array* items = value.if_array()) {
    for (const json::value& item : *items) Print(name, item, out);
  } else if (const json::object* object = value.if_object()) {
    if (name == "extension") return PrintExtension(*object, out);
    out += "<" + tag + ">";
    out += object->contains("resourceType") ? AsXml(*object) : "";
    if (!object->contains("resourceType")) PrintMembers(*object, out);
    out += "</" + tag + ">";
  } else {
    out += "<" + tag + " value=\"" + Escaped(TextOf(value)) + "\"/>";
  }
}

}  // namespace

json::object Coded(std::string_view system, std::string_view code, std::string_view display) {
  return {{"coding",
           json::array{json::object{{"system", system}, {"code", code}, {"display", display}}}}};
}

json::object Snomed(std::string_view code, std::string_view display) {
  return Coded("http://snomed.info/sct", code, display);
}

json::object Reference(const std::string& to) { return {{"reference", to}}; }

void AddDemographics(json::object& patient, const Person& person, const Seen& seen) {
  json::array given;
  for (const std::string& word : Words(seen.given)) given.emplace_back(word);
  patient["name"] = json::array{
      json::object{{"use", "official"}, {"family", seen.family}, {"given", std::move(given)}}};
  patient["telecom"] =
      json::array{json::object{{"system", "phone"}, {"value", person.phone}, {"use", "home"}}};
  patient["gender"] = seen.sex == 'F' ? "female" : "male";
  patient["birthDate"] = Dashed(seen.born);
  if (person.died) patient["deceasedDateTime"] = Dashed(*person.died);
  patient["address"] = json::array{json::object{{"use", "home"},
                                                {"line", json::array{person.street}},
                                                {"city", "Newtown"},
                                                {"postalCode", seen.postcode}}};
}

json::object Organisation(std::string_view id, std::string_view code) {
  return {{"resourceType", "Organization"},
          {"id", id},
          {"identifier",
           json::array{json::object{{"system", "https://fhir.nhs.uk/Id/ods-organization-code"},
                                    {"value", code}}}}};
}

void AddEntry(json::array& entries, json::object resource) {
  entries.push_back(json::object{{"resource", std::move(resource)}});
}

std::string AsXml(const json::object& resource) {
  const std::string type = TextOf(resource.at("resourceType"));
  std::string out = type == "Bundle" ? "<Bundle xmlns=\"http://hl7.org/fhir\">" : "<" + type + ">";
  PrintMembers(resource, out);
  return out + "</" + type + ">";
}

}  // namespace milecastle::kit::fhir_text
