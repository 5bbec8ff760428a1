#include "normalise/systems.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"

namespace milecastle::normalise {
namespace {

constexpr std::string_view kSnomed = "http://snomed.info/sct";
constexpr std::string_view kLoinc = "http://loinc.org";
constexpr std::string_view kReadV2 = "http://read.info/readv2";
constexpr std::string_view kCtv3 = "http://read.info/ctv3";
constexpr std::string_view kIcd10 = "http://hl7.org/fhir/sid/icd-10";
constexpr std::string_view kUcum = "http://unitsofmeasure.org";
constexpr std::string_view kDmd = "https://dmd.nhs.uk";

// Names in lower case. OPCS-4 has no verified URI and so stays under its own name.
constexpr std::pair<std::string_view, std::string_view> kBuiltIn[] = {
    {kSnomed, kSnomed},  // in any case
    {kLoinc, kLoinc},
    {kReadV2, kReadV2},
    {kCtv3, kCtv3},
    {kIcd10, kIcd10},
    {kDmd, kDmd},
    {"sct", kSnomed},
    {"snm3", kSnomed},
    {"snm", kSnomed},
    {"snomed", kSnomed},
    {"snomed-ct", kSnomed},
    {"snomedct", kSnomed},
    {"snomed ct", kSnomed},
    {"sctid", kSnomed},
    {"urn:oid:2.16.840.1.113883.6.96", kSnomed},
    {"2.16.840.1.113883.6.96", kSnomed},
    {"2.16.840.1.113883.2.1.3.2.4.15", kSnomed},
    {"ln", kLoinc},
    {"loinc", kLoinc},
    {"urn:oid:2.16.840.1.113883.6.1", kLoinc},
    {"i10", kIcd10},
    {"icd10", kIcd10},
    {"icd-10", kIcd10},
    {"i10p", kIcd10},
    {"rc", kReadV2},
    {"rc2", kReadV2},
    {"read", kReadV2},
    {"read2", kReadV2},
    {"readv2", kReadV2},
    {"read v2", kReadV2},
    {"http://read.info/read2", kReadV2},
    {"rc3", kCtv3},
    {"ctv3", kCtv3},
    {"readv3", kCtv3},
    {"ucum", kUcum},
    {"dmd", kDmd},
    {"dm+d", kDmd},
};

}  // namespace

Systems::Systems(const std::map<std::string, std::string>& configured) {
  for (const auto& [name, uri] : configured) uris_.insert_or_assign(base::Lower(name), uri);
  for (const auto& [name, uri] : kBuiltIn) uris_.try_emplace(std::string(name), uri);
  found_.insert(uris_.begin(), uris_.end());
  for (const auto& [name, uri] : uris_) longest_ = std::max(longest_, name.size());
}

std::string_view Systems::UriOf(std::string_view name) const {
  if (name.size() > longest_) return name;
  constexpr std::size_t kUsual = 64;
  std::array<char, kUsual> usual;
  std::string longer;
  std::string_view lower;
  if (name.size() <= usual.size()) {
    std::transform(name.begin(), name.end(), usual.begin(), [](char c) { return base::Lower(c); });
    lower = {usual.data(), name.size()};
  } else {
    lower = longer = base::Lower(name);
  }
  const auto found = found_.find(lower);
  return found == found_.end() ? name : std::string_view(found->second);
}

void Systems::Canonicalise(record::Entry& entry) const {
  const auto canonicalise = [this](std::string& system) {
    if (const std::string_view uri = UriOf(system); uri != system) system = std::string(uri);
  };
  const auto all = [&](record::Coded& coded) {
    for (record::Coding& coding : coded.codings) canonicalise(coding.system);
  };
  all(entry.what);
  if (entry.value) all(entry.value->coded);
  for (record::Detail& detail : entry.details) all(detail.coded);
  for (record::Performer& performer : entry.performers) canonicalise(performer.identifier_system);
}

}  // namespace milecastle::normalise
