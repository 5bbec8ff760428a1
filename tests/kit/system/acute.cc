// HL7 v2 of the acute trusts: registrations, stays, results, letters, and what goes wrong with
// them.
#include <algorithm>
#include <array>

#include "kit/system/sectors.h"

namespace milecastle::kit {
namespace {

// Of a thousand people of an age.
constexpr Shares kPatients = {220, 300, 600};
// Of a thousand patients of a trust.
constexpr double kStays = 450, kResults = 700, kLetters = 300, kSensitive = 25;
constexpr double kLateResult = 40, kTwice = 12, kConflict = 6, kRefused = 4;
constexpr double kSecondNumber = 10;  // registered twice, and merged
constexpr double kNumberLater = 500;  // of those without one

struct Finding {
  std::string_view code, words;
};
constexpr auto kFindings = std::to_array<Finding>({{"R07.4", "Chest pain, unspecified"},
                                                   {"J18.9", "Pneumonia, unspecified"},
                                                   {"S72.0", "Fracture of neck of femur"},
                                                   {"N39.0", "Urinary tract infection"},
                                                   {"K35.8", "Acute appendicitis"},
                                                   {"I50.9", "Heart failure, unspecified"},
                                                   {"S52.5", "Fracture of lower end of radius"},
                                                   {"R55", "Syncope and collapse"}});
struct Test {
  std::string_view code, words, unit;
  int low, spread;
};
constexpr auto kTests = std::to_array<Test>({{"718-7", "Haemoglobin", "g/L", 95, 70},
                                             {"6690-2", "White cell count", "10*9/L", 3, 12},
                                             {"2951-2", "Sodium", "mmol/L", 128, 20},
                                             {"2823-3", "Potassium", "mmol/L", 3, 3},
                                             {"2160-0", "Creatinine", "umol/L", 45, 150},
                                             {"1988-5", "C reactive protein", "mg/L", 1, 200}});

class Stays {
 public:
  Stays(Life& life, std::string_view trust)
      : life_(life),
        trust_(trust),
        random_(life.town.ChanceOf(life.person, trust)),
        seen_(life.town.SeenBy(random_, life.person, trust)),
        day_(DaysBefore(kToday, 30 + random_.Below(700))) {}

  void Tell() {
    if (!Happens(random_, life_.person, kPatients)) return;
    const bool comes_later = seen_.join == Join::kApart && random_.PerMille(kNumberLater);
    if (comes_later) seen_.join = Join::kJoined;  // once it has come
    Send(Registration());
    if (random_.PerMille(kStays)) Stay();
    if (random_.PerMille(kResults)) Results();
    if (random_.PerMille(kLetters)) Letter();
    if (random_.PerMille(kSensitive)) Sensitive();
    if (seen_.join == Join::kJoined && !comes_later && random_.PerMille(kSecondNumber)) Merge();
    GoWrong();
    if (comes_later) {
      seen_.number = life_.person.number;
      Send(Message("ADT^A31", {"EVN|A31|" + Packed(day_)}));
    }
  }

 private:
  std::string Head(std::string_view event, const std::string& control) {
    return "MSH|^~\\&|PAS|" + trust_ + "|MILECASTLE|GATEWAY|" + Packed(day_) + "120000||" +
           std::string(event) + "|" + control + "|P|2.4\r";
  }
  std::string NextControl() {
    return trust_ + std::to_string(life_.person.index) + "M" + std::to_string(++sent_);
  }

  std::string PersonSegment() const {
    const std::vector<std::string> given = Words(seen_.given);
    std::string segment = "PID|1||";
    if (!seen_.number.empty()) segment += seen_.number + "^^^NHS^NH~";
    segment += seen_.local + "^^^" + trust_ + "^MR||" + seen_.family + "^" + given.front() + "^" +
               (given.size() > 1 ? given[1] : "") + "^^^^L||" + Packed(seen_.born) + "|" +
               seen_.sex + "|||" + life_.person.street + "^^Newtown^^" + seen_.postcode + "^^H||" +
               life_.person.phone + "^PRN^PH";
    segment += std::string(16, '|');  // to PID-29
    if (life_.person.died) segment += Packed(*life_.person.died) + "|Y";
    if (!life_.person.died) segment += "|";
    segment += "||";
    if (seen_.join != Join::kUntraced && !seen_.number.empty()) segment += "NSTS01";
    return segment + "\r";
  }
  std::string Practice() const {
    return life_.person.practice < 0 ? "" : "PD1|||^^" + PracticeCode(life_.person.practice) + "\r";
  }
  std::string Visit(char patient_class, const Day* ended = nullptr) const {
    std::string segment = "PV1|1|" + std::string(1, patient_class) + "|WARD" +
                          std::to_string(1 + life_.person.index % 9) + "^BAY1^2^" + trust_ +
                          "||||||C9999991^Agricola^Gnaeus^^^Dr^^^GMC|300|||||||||V" +
                          std::to_string(life_.person.index) + std::string(25, '|') + Packed(day_) +
                          "090000";
    if (ended != nullptr) segment += "|" + Packed(*ended) + "140000";
    return segment + "\r";
  }
  std::string Message(std::string_view event, const std::vector<std::string>& segments) {
    std::string text = Head(event, NextControl());
    bool person_is_there = false;
    for (const std::string& segment : segments) {
      if (!person_is_there && !segment.starts_with("EVN")) text += PersonSegment() + Practice();
      person_is_there = person_is_there || !segment.starts_with("EVN");
      text += segment;
      if (!segment.ends_with('\r')) text += '\r';
    }
    return person_is_there ? text : text + PersonSegment() + Practice();
  }
  void Send(const std::string& message) {
    last_ = message;
    life_.outbox.Send(trust_, "hl7", message, FateOf(seen_.join));
  }

  std::string Registration() {
    std::vector<std::string> segments = {"EVN|A28|" + Packed(day_)};
    if (life_.person.dissents) life_.Object(seen_.join);
    if (life_.person.location_protected || life_.person.dissents) {
      segments.push_back(std::string("ZU8||") + (life_.person.dissents ? "2" : "1") + "||" +
                         (life_.person.location_protected ? "2" : "0"));
    }
    return Message("ADT^A28", segments);
  }
  void Stay() {
    const Finding& finding = kFindings[random_.Below(kFindings.size())];
    Send(Message("ADT^A01",
                 {"EVN|A01|" + Packed(day_), Visit('I'),
                  "DG1|1||" + std::string(finding.code) + "^" + std::string(finding.words) + " " +
                      life_.Word(seen_.join, Stands::kInEntry) + "^I10||" + Packed(day_) + "|A"}));
    const Day ended = DaysBefore(kToday, std::min<std::size_t>(20, random_.Below(30)));
    Send(Message("ADT^A03", {"EVN|A03|" + Packed(ended), Visit('I', &ended)}));
  }
  std::string ResultSegments(const std::string& word) {
    const std::string filler =
        "F" + std::to_string(++sent_) + "P" + std::to_string(life_.person.index);
    std::string text = "ORC|RE|P" + filler + "|" + filler + "\rOBR|1|P" + filler + "|" + filler +
                       "|BLOOD^Blood tests^L|||" + Packed(day_) + "1000" + std::string(15, '|') +
                       Packed(day_) + "1100||HM|F\r";
    int number = 0;
    for (const Test& test : kTests) {
      const std::size_t value =
          static_cast<std::size_t>(test.low) + random_.Below(static_cast<std::size_t>(test.spread));
      text += "OBX|" + std::to_string(++number) + "|NM|" + std::string(test.code) + "^" +
              std::string(test.words) + "^LN||" + std::to_string(value) + "|" +
              std::string(test.unit) + "|||||F\r";
    }
    return text + "OBX|" + std::to_string(++number) + "|ST|COMM^Comment^L||Reported as " + word +
           "||||||F\r";
  }
  void Results() {
    const std::string word = life_.Word(seen_.join, Stands::kInEntry);
    const std::string message = Message("ORU^R01", {ResultSegments(word)});
    if (random_.PerMille(kLateResult)) {
      life_.outbox.SendLate(trust_, "hl7", message, FateOf(seen_.join));
    } else {
      Send(message);
    }
  }
  void Letter() {
    Send(Message("MDM^T02",
                 {"EVN|T02|" + Packed(day_), Visit('O'),
                  "TXA|1|CL^Clinic letter|TX|" + Packed(day_) + "|||||||||D" +
                      std::to_string(life_.person.index) + trust_ + "||||Clinic letter||AU",
                  "OBX|1|TX|^Letter||Made-up letter " +
                      life_.Word(seen_.join, Stands::kInDocument) + "||||||F"}));
  }
  void Sensitive() {
    const std::string filler = "S" + std::to_string(life_.person.index);
    Send(Message("ORU^R01",
                 {"OBR|1|P" + filler + "|" + filler +
                      "|SH-100^Sexual health screen^https://milecastle.example/trial-codes|||" +
                      Packed(day_) + "1000" + std::string(15, '|') + Packed(day_) + "1100||MB|F",
                  "OBX|1|ST|SH-101^Screen result^https://milecastle.example/trial-codes||" +
                      life_.Word(seen_.join, Stands::kSensitive) + "||||||F"}));
  }
  // Somebody registered them again without asking for a number; it was found out. What stands under
  // the second local number is shared with nobody: nobody traced it, and a merge is no trace.
  void Merge() {
    const Seen first = seen_;
    seen_.local += "B";
    seen_.number.clear();
    seen_.join = Join::kUntraced;
    Stay();
    seen_ = first;
    Send(Head("ADT^A40", NextControl()) + "EVN|A40|" + Packed(day_) + "\rPID|1||" + seen_.number +
         "^^^NHS^NH~" + seen_.local + "^^^" + trust_ + "^MR\rMRG|" + first.local + "B^^^" + trust_ +
         "^MR\r");
  }
  void GoWrong() {
    if (random_.PerMille(kTwice)) life_.outbox.SendLate(trust_, "hl7", last_, Fate::kDuplicate);
    if (random_.PerMille(kConflict)) {
      const std::string other = Message("ADT^A08", {"EVN|A08|" + Packed(day_)});
      life_.outbox.Send(trust_, "hl7", other, FateOf(seen_.join));
      life_.outbox.SendLate(trust_, "hl7", other + "AL1|1|DA|^" + life_.UnseenWord() + "\r",
                            Fate::kQuarantined);
    }
    if (random_.PerMille(kRefused)) {
      life_.outbox.Send(trust_, "hl7", Message("ADT^A99", {"EVN|A99|" + Packed(day_)}),
                        Fate::kRejected);
    }
  }

  Life& life_;
  std::string trust_;
  Invented random_;
  Seen seen_;
  Day day_;
  std::string last_;
  int sent_ = 0;
};

}  // namespace

void TellAcute(Life& life) { Stays(life, TrustOf(life.person.place)).Tell(); }

}  // namespace milecastle::kit
