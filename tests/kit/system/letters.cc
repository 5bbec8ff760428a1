// Non-coded CDA letters of the ambulance service and 111, of out of hours, and of a hospice.
#include <array>

#include "kit/system/sectors.h"

namespace milecastle::kit {
namespace {

struct Author {
  std::string_view code, title;
  Shares shares;
};
constexpr auto kAuthors = std::to_array<Author>({{"ZA1", "Ambulance report", {20, 40, 200}},
                                                 {"ZO1", "Out of hours report", {60, 50, 70}},
                                                 {"ZH2", "Letter of a hospice", {0, 1, 12}}});

std::string Id(const Life& life, std::string_view author, int what) {
  std::string digits = std::to_string(life.person.index);
  digits.insert(0, 12 - digits.size(), '0');
  return "0A0A0A0A-" +
         std::string(author == "ZA1"   ? "0001"
                     : author == "ZO1" ? "0002"
                                       : "0003") +
         "-4000-800" + std::to_string(what) + "-" + digits;
}

// OIDs: 2.1.4.1 is of numbers that were traced, 18.23 of those that were not.
std::string NumberOf(const Seen& seen) {
  if (seen.number.empty()) return "";
  const std::string root = seen.join == Join::kUntraced ? "2.16.840.1.113883.2.1.3.2.4.18.23"
                                                        : "2.16.840.1.113883.2.1.4.1";
  return "<id root=\"" + root + "\" extension=\"" + seen.number + "\"/>";
}

std::string PatientOf(const Life& life, const Seen& seen, std::string_view author) {
  std::string given;
  for (const std::string& word : Words(seen.given)) given += "<given>" + word + "</given>";
  return "<recordTarget typeCode=\"RCT\"><patientRole classCode=\"PAT\">" + NumberOf(seen) +
         "<id root=\"2.16.840.1.113883.2.1.3.2.4.18.24\" extension=\"" + seen.local +
         "\" assigningAuthorityName=\"" + std::string(author) +
         "\"/><addr use=\"HP\"><streetAddressLine>" + life.person.street +
         "</streetAddressLine><postalCode>" + seen.postcode +
         "</postalCode></addr><telecom use=\"HP\" value=\"tel:" + life.person.phone +
         "\"/><patient classCode=\"PSN\" determinerCode=\"INSTANCE\"><name use=\"L\">" + given +
         "<family>" + seen.family + "</family></name><administrativeGenderCode code=\"" +
         (seen.sex == 'F' ? "2" : "1") +
         "\" codeSystem=\"2.16.840.1.113883.2.1.3.2.4.16.25\"/><birthTime value=\"" +
         Packed(seen.born) + "\"/></patient></patientRole></recordTarget>";
}

std::string OrganisationOf(std::string_view code) {
  return "<id root=\"2.16.840.1.113883.2.1.3.2.4.19.1\" extension=\"" + std::string(code) + "\"/>";
}

std::string Letter(const Life& life, const Seen& seen, const Author& author,
                   const std::string& word, const Day& day) {
  const std::string time = Packed(day) + "101500+0000";
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ClinicalDocument xmlns=\"urn:hl7-org:v3\" "
         "xmlns:npfitlc=\"NPFIT:HL7:Localisation\" "
         "classCode=\"DOCCLIN\" moodCode=\"EVN\"><typeId root=\"2.16.840.1.113883.1.3\" "
         "extension=\"POCD_HD000040\"/>"
         "<npfitlc:messageType root=\"2.16.840.1.113883.2.1.3.2.4.18.17\" "
         "extension=\"POCD_MT010011GB02\"/><id root=\"" +
         Id(life, author.code, 1) +
         "\"/><code code=\"823691000000103\" codeSystem=\"2.16.840.1.113883.2.1.3.2.4.15\" "
         "displayName=\"Clinical letter\"/><title>" +
         std::string(author.title) + " " + word + "</title><effectiveTime value=\"" + time +
         "\"/><confidentialityCode code=\"N\" codeSystem=\"2.16.840.1.113883.1.11.16926\"/><setId "
         "root=\"" +
         Id(life, author.code, 2) + "\"/><versionNumber value=\"1\"/>" +
         PatientOf(life, seen, author.code) + "<author typeCode=\"AUT\"><time value=\"" + time +
         "\"/><assignedAuthor classCode=\"ASSIGNED\"><id root=\"1.2.826.0.1285.0.2.0.65\" "
         "extension=\"999000000001\"/><assignedPerson><name>"
         "<given>Bea</given><family>Writer</family></name></"
         "assignedPerson><representedOrganization>" +
         OrganisationOf(author.code) +
         "</representedOrganization></assignedAuthor></author><custodian "
         "typeCode=\"CST\"><assignedCustodian classCode=\"ASSIGNED\">"
         "<representedCustodianOrganization>" +
         OrganisationOf(author.code) +
         "</representedCustodianOrganization></assignedCustodian></custodian><component "
         "typeCode=\"COMP\"><nonXMLBody classCode=\"DOCBODY\" "
         "moodCode=\"EVN\"><text mediaType=\"application/pdf\" "
         "representation=\"B64\">JVBERi0xLjQKMSAwIG9iajw8L1R5cGUvQ2F0YWxvZz4+ZW5kb2JqCnRyYWls"
         "ZXI8PC9Sb290IDEgMCBSPj4KJSVFT0YK</text></nonXMLBody></component></ClinicalDocument>\n";
}

}  // namespace

void TellLetters(Life& life) {
  for (const Author& author : kAuthors) {
    Invented random = life.town.ChanceOf(life.person, author.code);
    if (!Happens(random, life.person, author.shares)) continue;
    const Seen seen = life.town.SeenBy(random, life.person, author.code);
    const Day day = DaysBefore(kToday, 1 + random.Below(500));
    life.outbox.Send(author.code, "xml",
                     Letter(life, seen, author, life.Word(seen.join, Stands::kInDocument), day),
                     FateOf(seen.join));
  }
}

}  // namespace milecastle::kit
