#include "resources/reading.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>

#include "resources/terms.h"
#include "resources/unread.h"

namespace milecastle::resources {
namespace {

using base::Error;
using base::ErrorId;
using fhir::Element;

std::optional<Error> Check(const Element& patient) {
  if (patient["modifierExtension"] || patient["implicitRules"]) {
    return Error{ErrorId::kMessageUnsupported, patient.Place(),
                 "the Patient carries rules that change its meaning and are not understood here"};
  }
  std::set<std::string_view> numbers;
  for (const Element& identifier : patient["identifier"].items()) {
    const bool is_current = identifier["use"].peek() != "old";
    if (is_current && identifier["system"].peek() == resources::kNhsNumber &&
        !identifier["value"].peek().empty()) {
      numbers.insert(identifier["value"].peek());
    }
  }
  if (numbers.size() < 2) return std::nullopt;
  return Error{ErrorId::kMessageInvalid, patient["identifier"].Place(),
               "a patient has one NHS number: send the current one"};
}

class Reader {
 public:
  Reader(Bundle& bundle, const PatientsReading& reading, std::span<const Deletion> deletions,
         Subjects subjects)
      : bundle_(bundle), reading_(reading), deletions_(deletions), subjects_(std::move(subjects)) {}

  base::Result<Contributions> Read() {
    for (std::size_t number = 0; number < subjects_.patients.size(); ++number) {
      Subject& subject = subjects_.patients[number];
      subject.is_alone = subjects_.patients.size() == 1;
      auto whose =
          std::make_unique<const OnlyGiven>(bundle_.index(), subjects_.owners, number, subject);
      contexts_.push_back(
          std::make_unique<Context>(bundle_, subject, std::move(whose), reading_.release));
      auto error = Check(subject.patient);
      if (!error) reading_.read(*contexts_.back());
      errors_.push_back(std::move(error));
      if (bundle_.Overspent()) {
        return Error{ErrorId::kMessageTooLarge, "entry",
                     "the resources repeat too much between them; send a smaller bundle"};
      }
    }
    ReadDeletions();
    ReadUnclaimed();
    Contributions refused;
    RefuseDeletions(refused);
    Contributions all = Finish();
    std::move(refused.begin(), refused.end(), std::back_inserter(all));
    return all;
  }

 private:
  // Whose account takes what is nobody's: the first who can be read.
  std::size_t Rest() const {
    for (std::size_t i = 0; i < errors_.size(); ++i) {
      if (!errors_[i]) return i;
    }
    return 0;
  }

  // A choice does not end with the words that told of it (safety.md 5).
  void Withdraw(const Deletion& deletion, Context& context) const {
    context.out().withdrawn_keys.push_back(deletion.key);
    const bool is_document = deletion.key.starts_with("Composition/");
    if (is_document) context.out().replaced_documents.push_back(deletion.key);
    if (!deletion.key.starts_with("Consent/")) return;
    context.out().reviews.push_back({record::ReviewKind::kNullOnObjection, "entry.request"});
  }

  void ReadDeletions() {
    for (std::size_t i = 0; i < deletions_.size(); ++i) {
      if (deletions_[i].resource) deletions_[i].resource.Take();
      if (const auto whose = subjects_.deletions[i]) Withdraw(deletions_[i], *contexts_[*whose]);
    }
  }

  // A source key does not say whose it is. To try it on each patient would withdraw what a server
  // that gave an id anew says of another; to pass it over would leave what the sender believes
  // gone. So it is a part of the message that cannot be read, and waits for a person, and the rest
  // is taken.
  void RefuseDeletions(Contributions& all) {
    constexpr std::string_view kWhy =
        "nobody can say whose this deletion is: send it in a transaction with its patient alone, "
        "or with what is deleted and its subject";
    std::optional<std::string> first;
    for (std::size_t i = 0; i < deletions_.size(); ++i) {
      if (subjects_.deletions[i]) continue;
      if (!first) first = deletions_[i].place;
      contexts_[Rest()]->out().not_carried.push_back({deletions_[i].place, std::string(kWhy)});
    }
    if (first) all.emplace_back(Error{ErrorId::kMessageUnsupported, *first, std::string(kWhy)});
  }

  void ReadUnclaimed() {
    Context& context = *contexts_[Rest()];
    for (const Unclaimed& one : subjects_.unclaimed) {
      context.Miss(one.resource, one.why);
      if (one.is_repeated) continue;
      // Of one patient alone, what names nobody who is here may be a slip for them.
      if (contexts_.size() == 1) context.LeaveOut(one.resource);
      for (const std::size_t patient : one.patients) contexts_[patient]->LeaveOut(one.resource);
    }
  }

  Contributions Finish() {
    auto unread = ExplainUnreadOf(bundle_.message(), reading_.release, subjects_.owners,
                                  {contexts_.size(), Rest()});
    Contributions all;
    for (std::size_t i = 0; i < contexts_.size(); ++i) {
      if (errors_[i]) {
        all.emplace_back(*errors_[i]);
      } else {
        all.emplace_back(contexts_[i]->Finish(std::move(unread[i])));
      }
    }
    return all;
  }

  Bundle& bundle_;
  const PatientsReading& reading_;
  const std::span<const Deletion> deletions_;
  Subjects subjects_;
  std::vector<std::unique_ptr<Context>> contexts_;
  std::vector<std::optional<Error>> errors_;
};

}  // namespace

base::Result<Contributions> ReadSubjects(Bundle& bundle, const SubjectOptions& options,
                                         const PatientsReading& reading) {
  auto subjects = FindSubjects(bundle, options);
  if (!subjects) return subjects.error();
  if (subjects->patients.empty()) {
    return Error{ErrorId::kPatientMissing, "entry",
                 "nothing here names its patient: send the Patient, or the NHS number in each "
                 "resource's subject"};
  }
  return Reader(bundle, reading, options.deletions, *std::move(subjects)).Read();
}

}  // namespace milecastle::resources
