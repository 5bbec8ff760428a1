#include "receive/rulebook.h"

#include <utility>

#include "record/label_flow.h"
#include "wire/entry.h"

namespace milecastle::receive {
namespace {

class NormalisersRules final : public store::Rulebook {
 public:
  explicit NormalisersRules(std::shared_ptr<const normalise::Normaliser> normaliser)
      : normaliser_(std::move(normaliser)) {}

  const base::Digest& digest() const override { return normaliser_->digest(); }

  store::Labelled Label(const store::ToLabel& entry) const override {
    auto read = wire::DecodeEntry(entry.bytes);
    if (!read) return Unread(entry.entry_class);
    normalise::Kept kept{
        .draft = {.source_key = {}, .entry = *std::move(read), .source_labels = entry.origin.said},
        .labels = entry.origin.kept};
    auto item = normaliser_->Again(std::move(kept), entry.entry_class.source, entry.stored);
    return {std::move(item.own), item.entry_class.headline, std::move(item.likeness)};
  }

  bool WouldLabel(const record::SectionStatement& statement) const override {
    return normaliser_->WouldLabel(statement);
  }

 private:
  static store::Labelled Unread(record::EntryClass entry_class) {
    record::AddLabels({std::string(normalise::kUnmapped)}, entry_class);
    return {std::move(entry_class.labels), entry_class.headline, {}};
  }

  const std::shared_ptr<const normalise::Normaliser> normaliser_;
};

}  // namespace

std::shared_ptr<const store::Rulebook> RulebookOf(
    std::shared_ptr<const normalise::Normaliser> normaliser) {
  return std::make_shared<const NormalisersRules>(std::move(normaliser));
}

}  // namespace milecastle::receive
