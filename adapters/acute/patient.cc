// PID and PD1: who the patient is, and what is said of them (HL7 v2.8.2 sections 3.4.2 and 3.4.10;
// HL7 UK A.3 chapter 3).
#include <algorithm>
#include <array>
#include <set>

#include "inside/mappings.h"
#include "inside/reader.h"
#include "record/identifiers.h"

namespace milecastle::acute {
namespace {

using base::Error;
using base::ErrorId;
using record::NhsNumber;
using record::Update;

constexpr std::size_t kMostIdentifiers = 100;

template <std::size_t N>
bool OneOf(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Real feeds write the NHS number with any of these; HN is met with as well, and is believed only
// for a number that holds.
bool IsNhsType(const std::string& type) {
  constexpr std::array<std::string_view, 5> kTypes = {"NH", "NHS", "NHSNMBR", "NHSNBR", "NHSNO"};
  return OneOf(kTypes, Folded(type));
}
bool IsNhsAuthority(const std::string& authority) {
  constexpr std::array<std::string_view, 6> kAuthorities = {"NHS",       "NHSNBR", "NHSNMBR",
                                                            "NHSNUMBER", "NHSNO",  "NHSNBRENG"};
  return OneOf(kAuthorities, Folded(authority)) || authority == "2.16.840.1.113883.2.1.4.1";
}

enum class Rank : std::uint8_t { kStated, kGuessed, kNone };

Rank RankOf(const Identifier& id, std::size_t field) {
  const std::string type = Folded(id.type);
  if (Folded(id.authority) == "CHI")
    return Rank::kNone;  // Scotland's number, with the same check digit
  const bool nhs_authority = IsNhsAuthority(id.authority);
  if (IsNhsType(type) || (nhs_authority && (type.empty() || type == "HN"))) return Rank::kStated;
  const bool holds = NhsNumber::FaultOf(id.value) == NhsNumber::Fault::kNone;
  if (type == "HN" && holds) return Rank::kGuessed;
  if (!type.empty() || !id.authority.empty()) return Rank::kNone;
  const bool has_form = NhsNumber::FaultOf(id.value) != NhsNumber::Fault::kForm;
  return (field == 19 ? has_form : holds) ? Rank::kGuessed : Rank::kNone;
}

// The identifiers of PID-2, 3, 4 and 19, sorted into NHS number and local ones.
class Identity {
 public:
  explicit Identity(Reader& reader)
      : reader_(reader), pid_(reader.segment("PID")), claim_(reader.out().patient) {}

  base::Result<void> Read() {
    for (const std::size_t field : {3U, 2U, 4U, 19U}) {
      const auto ids = pid_.field(field);
      if (ids.size() > kMostIdentifiers) {
        return Error{ErrorId::kMessageInvalid, pid_.place(field), "send fewer identifiers"};
      }
      for (std::size_t i = 0; i < ids.size(); ++i) One(field, reader_.Id(pid_, field, i));
    }
    Settle();
    return {};
  }

 private:
  void One(std::size_t field, Identifier id) {
    if (id.null || id.value.empty()) {
      const bool about_nhs = field == 19 || field == 3;
      const bool names_nhs = IsNhsType(id.type) || IsNhsAuthority(id.authority);
      const bool bare = id.type.empty() && id.authority.empty();
      if (id.null && (names_nhs || (about_nhs && bare))) nulls_.push_back(id.place);
      return;
    }
    const Rank rank = RankOf(id, field);
    if (rank != Rank::kNone) return Candidate(std::move(id), rank);
    if (field == 19) return reader_.Leave(pid_, field, "not an NHS number");
    Local(std::move(id));
  }

  void Candidate(Identifier id, Rank rank) {
    if (id.authority.empty() && !reader_.feed().nhs_number_without_authority) {
      return List(id.place, "an NHS number without an assigning authority");
    }
    (rank == Rank::kStated ? stated_ : guessed_).push_back(std::move(id));
  }

  void Local(Identifier id) {
    const std::string type = Folded(id.type);
    if (type == "AN" || type == "VN") return List(id.place, "an account or visit number");
    // Without an authority it is the sender's own number.
    if (id.authority.empty()) id.authority = reader_.OwnAuthority();
    if (id.authority.empty()) return List(id.place, "an identifier without an assigning authority");
    record::LocalIdentifier local{std::move(id.authority), std::move(id.type), std::move(id.value)};
    if (seen_.insert(local).second) claim_.local_identifiers.push_back(std::move(local));
  }

  void Settle() {
    std::vector<Identifier> all = std::move(stated_);
    std::move(guessed_.begin(), guessed_.end(), std::back_inserter(all));
    if (all.empty()) {
      for (const auto& place : nulls_) {
        reader_.out().reviews.push_back({record::ReviewKind::kNullOnNhsNumber, place});
      }
      return;
    }
    const auto holds = [](const Identifier& id) { return NhsNumber::Parse(id.value).has_value(); };
    const auto chosen = std::find_if(all.begin(), all.end(), holds);
    const Identifier& number = chosen == all.end() ? all.front() : *chosen;
    claim_.nhs_number_as_sent = number.value;
    for (const Identifier& other : all) {
      if (Folded(other.value) == Folded(number.value)) continue;
      // Two numbers that both hold: whose message this is, is not settled, so it is not shared on.
      if (holds(other)) claim_.tracing = record::Tracing::kConflict;
      List(other.place, "another NHS number than the one that was taken");
    }
  }

  void List(const std::string& place, std::string why) {
    reader_.out().not_carried.push_back({place, std::move(why)});
  }

  Reader& reader_;
  hl7v2::Segment pid_;
  record::PatientClaim& claim_;
  std::vector<Identifier> stated_;
  std::vector<Identifier> guessed_;
  std::vector<std::string> nulls_;
  std::set<record::LocalIdentifier> seen_;
};

// NSTS01 to NSTS08, with or without the prefix (table 0445 as the NHS uses it).
std::optional<record::Tracing> TracingOf(std::string code) {
  code = Folded(code);
  if (code.starts_with("NSTS")) code = code.substr(4);
  if (code.size() == 1) code.insert(0, "0");
  if (code.size() != 2 || code[0] != '0' || code[1] < '1' || code[1] > '8') return std::nullopt;
  return static_cast<record::Tracing>(code[1] - '0');
}

void ReadTracing(Reader& reader) {
  const auto pid = reader.segment("PID");
  auto& claim = reader.out().patient;
  std::optional<record::Tracing> found;
  const auto reliability = pid.field(32);
  for (std::size_t i = 0; i < reliability.size(); ++i) {
    const auto code = reliability.repetition(i).component(1);
    if (const auto tracing = TracingOf(code.text())) {
      reader.Take(code);
      if (!found) found = tracing;
    }
  }
  const auto zu1 = reader.segment("ZU1");
  if (const auto tracing = TracingOf(zu1.field(27).text())) {
    reader.Take(zu1.field(27));
    if (!found) found = tracing;
  }
  if (found && claim.tracing == record::Tracing::kUnstated) claim.tracing = *found;
}

void ReadPseudoPerson(Reader& reader) {
  reader.out().patient.pseudo_person = reader.Text(reader.segment("PID"), 31) == "Y";
}

// Everything in the field is `""`.
bool IsDeleted(const hl7v2::Field& field) {
  if (field.is_null()) return true;
  bool any = false;
  for (std::size_t r = 0; r < field.size(); ++r) {
    const auto repetition = field.repetition(r);
    for (std::size_t c = 1; c <= repetition.size(); ++c) {
      if (repetition.component(c).has_value()) return false;
      any = any || repetition.component(c).is_null();
    }
  }
  return any;
}

void SetText(Reader& reader, Update<std::string>& update, std::size_t field) {
  const auto pid = reader.segment("PID");
  if (IsDeleted(pid.field(field))) {
    reader.Take(pid.field(field));
    update = Update<std::string>::Delete();
  } else {  // a code, with its words where it has any
    std::string text = TextOf(reader.Code(pid.field(field).repetition(0)));
    const std::string code = reader.Text(pid, field);
    if (!code.empty()) text = code;
    if (!text.empty()) update = Update<std::string>::Set(std::move(text));
  }
}

void ReadNames(Reader& reader) {
  const auto pid = reader.segment("PID");
  auto& names = reader.out().patient.names;
  if (IsDeleted(pid.field(5))) {
    reader.Take(pid.field(5));
    names = Update<std::vector<record::PersonName>>::Delete();
    return;
  }
  std::vector<record::PersonName> found;
  for (const std::size_t field : {5U, 9U}) {
    for (std::size_t i = 0; i < pid.field(field).size(); ++i) {
      record::PersonName name = reader.Name(pid.field(field).repetition(i));
      if (name.family.empty() && name.given.empty()) continue;
      if (field == 9) name.use = "A";
      found.push_back(std::move(name));
    }
  }
  if (!found.empty()) names = Update<std::vector<record::PersonName>>::Set(std::move(found));
}

void ReadBirthDate(Reader& reader) {
  const auto pid = reader.segment("PID");
  if (IsDeleted(pid.field(7))) {
    reader.Take(pid.field(7));
    reader.out().patient.birth_date = Update<record::BirthDate>::Delete();
    return;
  }
  const std::string text = pid.field(7).component(1).text();
  if (text.empty()) return;
  if (const auto date = record::BirthDate::Parse(text)) {
    reader.Take(pid.field(7).component(1));
    reader.out().patient.birth_date = Update<record::BirthDate>::Set(*date);
  } else {
    reader.Leave(pid, 7, "not a whole date: write YYYYMMDD");
  }
}

void ReadWhereabouts(Reader& reader) {
  const auto pid = reader.segment("PID");
  auto& claim = reader.out().patient;
  if (IsDeleted(pid.field(11))) {
    reader.Take(pid.field(11));
    claim.addresses = Update<std::vector<record::Address>>::Delete();
  } else if (auto found = reader.Addresses(pid, 11); !found.empty()) {
    claim.addresses = Update<std::vector<record::Address>>::Set(std::move(found));
  }
  auto telecoms = reader.Telecoms(pid, 13, "home");
  for (auto& telecom : reader.Telecoms(pid, 14, "work")) telecoms.push_back(std::move(telecom));
  if (!telecoms.empty()) {
    claim.telecoms = Update<std::vector<record::Telecom>>::Set(std::move(telecoms));
  } else if (IsDeleted(pid.field(13)) || IsDeleted(pid.field(14))) {
    claim.telecoms = Update<std::vector<record::Telecom>>::Delete();
  }
}

void ReadDeath(Reader& reader) {
  const auto pid = reader.segment("PID");
  auto& claim = reader.out().patient;
  if (IsDeleted(pid.field(29))) {
    claim.died = Update<record::When>::Delete();
  } else if (auto when = reader.Time(pid, 29)) {
    claim.died = Update<record::When>::Set(*std::move(when));
    claim.deceased = Update<bool>::Set(true);
  }
  reader.Take(pid.field(29));
  const auto flag = pid.field(30);
  if (IsDeleted(flag)) claim.deceased = Update<bool>::Delete();
  if (flag.text() == "Y") claim.deceased = Update<bool>::Set(true);
  if (flag.text() == "N") claim.deceased = Update<bool>::Set(false);
  if (IsDeleted(flag) || flag.text() == "Y" || flag.text() == "N") reader.Take(flag);
}

// PD1-3 (XON): the code stands in .3 up to v2.4, in .10 since.
struct Practice {
  std::string name;
  std::string code;
};
Practice ReadPractice(Reader& reader) {
  const auto pd1 = reader.segment("PD1");
  Practice practice;
  practice.name = reader.Text(pd1, 3);
  for (const std::size_t component : {3U, 10U}) {
    std::string code = reader.Text(pd1.field(3).component(component));
    if (practice.code.empty()) practice.code = std::move(code);
  }
  for (const std::size_t component : {2U, 4U, 5U, 6U, 7U, 8U, 9U}) {
    reader.Take(pd1.field(3).component(component));  // kinds of name and number
  }
  const bool name_is_code = practice.code.empty() && record::OdsCode::Parse(practice.name) &&
                            practice.name.find_first_of("0123456789") != practice.name.npos;
  if (name_is_code) std::swap(practice.name, practice.code);
  return practice;
}

void ReadGeneralPractice(Reader& reader) {
  const auto pd1 = reader.segment("PD1");
  if (!pd1.exists()) return;
  auto& out = reader.out();
  const std::string key = reader.Key("practice", {"registered"});
  const bool deleted = IsDeleted(pd1.field(3));
  const Practice practice = ReadPractice(reader);
  const auto doctors = reader.Performers(pd1, 4, "general practitioner");
  if (deleted) {
    out.patient.gp_practice = Update<std::string>::Delete();
    out.withdrawn_keys.push_back(key);
  }
  if (IsDeleted(pd1.field(4))) out.patient.gp = Update<std::string>::Delete();
  if (!practice.code.empty()) out.patient.gp_practice = Update<std::string>::Set(practice.code);
  if (!doctors.empty()) {
    const auto& doctor = doctors.front();
    out.patient.gp =
        Update<std::string>::Set(doctor.identifier.empty() ? doctor.name : doctor.identifier);
  }
  if (practice.name.empty() && practice.code.empty() && doctors.empty()) return;
  record::Draft draft{.source_key = key};
  draft.entry.section = record::Section::kGpPractice;
  draft.entry.kind = record::Kind::kContact;
  draft.entry.what.text = "Registered GP practice";
  draft.entry.practice = practice.name.empty()   ? practice.code
                         : practice.code.empty() ? practice.name
                                                 : practice.name + " (" + practice.code + ")";
  draft.entry.performers = doctors;
  out.drafts.push_back(std::move(draft));
}

bool HasNumber(const record::PatientClaim& claim) {
  return !claim.nhs_number_as_sent.empty() || !claim.local_identifiers.empty();
}

// Enough for an officer to find whose it is; nobody is ever found by it alone
// (identify/identify.h). A patient administration system gives the numbers: from it there is no
// such message.
bool IsDescribed(Reader& reader) {
  const std::string code = reader.segment("MSH").field(9).component(1).text();
  if (code == "ADT" || code == "BAR" || code == "DFT") return false;
  const auto& claim = reader.out().patient;
  const auto& names = claim.names.value;
  return claim.birth_date.change == Update<record::BirthDate>::Change::kSet &&
         std::any_of(names.begin(), names.end(),
                     [](const record::PersonName& name) { return !name.family.empty(); });
}

Error NamesNobody(Reader& reader) {
  return {ErrorId::kPatientMissing, reader.segment("PID").place(3),
          "send a hospital number with its assigning authority, or an NHS number"};
}

base::Result<void> ReadIdentity(Reader& reader) {
  if (!reader.segment("PID").exists()) {
    return Error{ErrorId::kPatientMissing, "PID", "send a PID segment"};
  }
  if (const auto second = reader.segment("PID", 1); second.exists()) {
    return Error{ErrorId::kMessageUnsupported, second.place(), "send one patient in one message"};
  }
  if (auto read = Identity(reader).Read(); !read) return read;
  ReadTracing(reader);
  ReadPseudoPerson(reader);
  return {};
}

}  // namespace

base::Result<void> ReadPatientIdentity(Reader& reader) {
  if (auto read = ReadIdentity(reader); !read) return read;
  if (!HasNumber(reader.out().patient)) return NamesNobody(reader);
  return {};
}

base::Result<void> ReadPatient(Reader& reader) {
  if (auto read = ReadIdentity(reader); !read) return read;
  auto& claim = reader.out().patient;
  ReadNames(reader);
  ReadBirthDate(reader);
  if (!HasNumber(claim) && !IsDescribed(reader)) return NamesNobody(reader);
  SetText(reader, claim.sex, 8);
  ReadWhereabouts(reader);
  SetText(reader, claim.language, 15);
  SetText(reader, claim.ethnic_category, 22);
  ReadDeath(reader);
  ReadGeneralPractice(reader);
  const std::string protection = reader.Text(reader.segment("PD1"), 12);
  if (protection == "Y") reader.LabelAll("protected", protection);
  ReadRestrictions(reader);
  return {};
}

}  // namespace milecastle::acute
