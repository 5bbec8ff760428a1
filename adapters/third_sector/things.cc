// What rows are about: each referral, contact, plan … once, as its latest row says that it stands.
#include <array>
#include <map>
#include <set>

#include "inside/person.h"
#include "record/belief.h"

namespace milecastle::third_sector {
namespace {

using record::Entry;

struct Named {
  std::string_view field;
  std::string_view name;
};
// Words out of a list: kept under a mask.
constexpr auto kDetails = std::to_array<Named>({{"Method", "method"}, {"Time", "time"}});
// Words that somebody typed, with what they are about in front.
constexpr auto kTexts = std::to_array<Named>({{"Details", ""},
                                              {"Reason", "Reason: "},
                                              {"Outcome", "Outcome: "},
                                              {"Signposted to", "Signposted to: "},
                                              {"Goal", "Goal: "},
                                              {"Actions", "Actions: "}});

bool MaySayNo(const Entry& entry) {
  return entry.kind == record::Kind::kAlert || entry.kind == record::Kind::kProblem ||
         entry.kind == record::Kind::kStatement;
}

// A thing's rows, oldest first.
class Thing {
 public:
  Thing(Person& person, const Rows& rows)
      : person_(person),
        rows_(rows),
        type_(*TypeOf(person.sheet().Peek(rows.back(), "Record type"))) {}

  void Read(const std::string& key) {
    entry_.section = type_.section;
    entry_.kind = type_.kind;
    for (const std::size_t row : rows_) ReadRow(row);
    Settle();
    entry_.source_list = "Social prescribing record";
    ReadPerformers();
    ReadValue();
    person_.Add(key, std::move(entry_), rows_);
  }

 private:
  void ReadRow(std::size_t row) {
    sheet::Sheet& sheet = person_.sheet();
    sheet.Text(row, "Record type");
    sheet.Text(row, "Reference");
    if (auto what = person_.Coded(row, "What"); !what.text.empty()) entry_.what = std::move(what);
    ReadTimes(row);
    ReadStatus(row);
    for (const Named& named : kDetails) SetDetail(named.name, sheet.Value(row, named.field));
    for (const Named& named : kTexts) AddText(named.name, sheet.Value(row, named.field));
    if (std::string place = sheet.Value(row, "Place"); !place.empty()) {
      entry_.addresses = {{.lines = {std::move(place)}, .postcode = "", .use = "location"}};
    }
  }

  // "None" under a heading denies what the heading says.
  void Settle() {
    const std::string said = entry_.what.text;
    if (AnswerOf(said) != Answer::kWords) {
      entry_.what = {.text = std::string(type_.heading), .codings = {}};
      AddText("", said);
    }
    const std::string& first = entry_.free_text.empty() ? said : entry_.free_text.front();
    const bool alone = AnswerOf(said) != Answer::kWords && entry_.free_text.size() <= 1;
    entry_.negated = MaySayNo(entry_) && alone && AnswerOf(first) == Answer::kNo;
    record::Settle(entry_);
  }

  // A referral began with its first row; an appointment is when its latest row says.
  void ReadTimes(std::size_t row) {
    const bool keeps_first = entry_.kind != record::Kind::kEncounter;
    if (auto date = person_.Date(row, "Date")) {
      if (!entry_.effective || !keeps_first) entry_.effective = date;
      if (rows_.size() > 1) entry_.recorded = std::move(date);
    }
    if (auto ended = person_.Date(row, "End date")) entry_.ended = std::move(ended);
    if (auto review = person_.Date(row, "Review date")) {
      std::erase_if(entry_.details,
                    [](const auto& detail) { return detail.name == "review date"; });
      entry_.details.push_back({"review date", "", {}, std::move(review)});
    }
  }

  void ReadStatus(std::size_t row) {
    const StatusWord* const status = StatusOf(person_.sheet().Value(row, "Status"));
    if (status == nullptr) return;  // empty, or refused before
    entry_.status_original = person_.sheet().Text(row, "Status");
    entry_.status = status->status;
    entry_.intent = status->intent;
    entry_.verification = status->verification;
  }

  void SetDetail(std::string_view name, std::string text) {
    if (text.empty()) return;
    std::erase_if(entry_.details, [&](const auto& detail) { return detail.name == name; });
    entry_.details.push_back({std::string(name), std::move(text), {}, std::nullopt});
  }

  void AddText(std::string_view name, std::string text) {
    if (text.empty()) return;
    text.insert(0, name);
    auto& texts = entry_.free_text;
    if (std::find(texts.begin(), texts.end(), text) == texts.end()) {
      texts.push_back(std::move(text));
    }
  }

  void AddPerformer(std::string_view name, std::string_view organisation, std::string role) {
    record::Performer performer;
    if (!name.empty()) performer.name = person_.Latest(rows_, name);
    if (!organisation.empty()) performer.organisation = person_.Latest(rows_, organisation);
    if (performer.name.empty() && performer.organisation.empty()) return;
    performer.role = std::move(role);
    entry_.performers.push_back(std::move(performer));
  }

  void ReadPerformers() {
    const std::string role = person_.Latest(rows_, "Worker role");
    AddPerformer("Worker", "", role.empty() ? "worker" : role);
    AddPerformer("Referred by", "Referrer organisation", "referrer");
    AddPerformer("", "Referred to", "referred to");
  }

  void ReadValue() {
    std::string score = person_.Latest(rows_, "Score");
    if (score.empty()) return;
    record::Value value;
    const bool is_number = score.find_first_not_of("0123456789.") == std::string::npos;
    if (is_number && score != ".") value.number = score;
    value.original = std::move(score);
    entry_.value = std::move(value);
  }

  Person& person_;
  const Rows& rows_;
  const RecordType& type_;
  Entry entry_;
};

// An outcome alone that was entered in error says nothing of how its referral stands.
void ReadThing(Person& person, const std::string& key, const Rows& all) {
  const Rows told = Told(person.sheet(), all);
  const RecordType* const type = TypeOf(person.sheet().Peek(all.back(), "Record type"));
  if (told.empty() && type->name == "Outcome") {
    person.Note(all.back(), "Record type",
                "entered in error: send the referral's own row again, as it stands");
    return;
  }
  Thing(person, told.empty() ? all : told).Read(key);
}

}  // namespace

void ReadThings(Person& person) {
  std::map<std::string, Rows> things;
  std::vector<std::string> order;
  for (const std::size_t row : person.rows()) {
    std::string key = ThingOf(person.sheet(), row);
    Rows& rows = things[key];
    if (rows.empty()) order.push_back(std::move(key));
    rows.push_back(row);
  }
  for (const std::string& key : order) ReadThing(person, key, things.at(key));
}

}  // namespace milecastle::third_sector
