#include "govern/directory.h"

#include <boost/json.hpp>
#include <memory>
#include <utility>

namespace milecastle::govern {
namespace {

using decide::Action;

// Of each file, and in their order.
std::string DigestOf(const std::vector<std::string>& files) {
  std::string digests;
  for (const std::string& file : files) digests += base::AsBytes(base::Sha256(file));
  const base::Digest digest = base::Sha256(digests);
  return base::ToHex(base::AsBytes(digest));
}

boost::json::object AskedOf(const directory::Brought& brought) {
  boost::json::object asked;
  asked["act"] = "directory_import";
  asked["files"] = brought.files.size();
  asked["digest"] = DigestOf(brought.files);
  asked["accept_loss"] = brought.accept_loss;
  return asked;
}

}  // namespace

base::Result<DirectoryFound> DirectoryDesk::Found(const store::DirectorySearch& search) const {
  auto found = keeper_.store().Search(search);
  if (!found) return found.error();
  auto sources = keeper_.States();
  std::erase_if(sources, [&](const directory::SourceState& each) {
    return !search.source.empty() && each.name != search.source;
  });
  return DirectoryFound{std::move(*found), std::move(sources)};
}

void DirectoryDesk::Search(const record::Requester& user, const store::DirectorySearch& search,
                           const Done<DirectoryFound>& done) const {
  const Act act(parts_, {.requester = user, .action = Action::kDirectoryRead});
  if (!act.permitted()) return act.Refuse(done);
  done(Found(search));
}

base::Result<store::HeldService> DirectoryDesk::HeldOf(const std::string& id,
                                                       const std::string& source) const {
  auto held = keeper_.store().Find(id);
  if (!held) return held.error();
  if (!source.empty()) {
    std::erase_if(*held, [&](const store::HeldService& each) { return each.source != source; });
  }
  if (held->empty()) {
    return base::Error{base::ErrorId::kNotFound, "service_id", "no directory holds it"};
  }
  if (held->size() > 1) {
    return base::Error{base::ErrorId::kArgumentInvalid, "source",
                       "several directories hold this id: name one, as the search shows it"};
  }
  return std::move(held->front());
}

void DirectoryDesk::Show(const record::Requester& user, const std::string& id,
                         const std::string& source, const Done<store::HeldService>& done) const {
  const Act act(parts_, {.requester = user, .action = Action::kDirectoryRead});
  if (!act.permitted()) return act.Refuse(done);
  done(HeldOf(id, source));
}

void DirectoryDesk::Import(const record::Requester& officer, const directory::Brought& brought,
                           const Done<Audited<DirectoryImported>>& done) const {
  constexpr auto kKind = audit::Kind::kAdministration;
  const Act act(parts_, {.requester = officer, .action = Action::kDirectoryImport});
  if (!act.permitted()) return act.Refuse(done);
  boost::json::object asked = AskedOf(brought);
  auto reading = keeper_.Read(brought);
  if (!reading) return act.Fail(kKind, reading.error(), boost::json::serialize(asked), done);
  asked["source"] = reading->source;
  asked["services"] = reading->services.size();
  std::string said = boost::json::serialize(asked);
  // In the log first, and then in the directory: it is no part of the store's transactions.
  act.Answer<store::DirectoryReading>(
      kKind, said, std::move(*reading),
      [this, act, said, done](const base::Result<Audited<store::DirectoryReading>>& noted) {
        if (!noted) return done(noted.error());
        const auto job = [this, act, said, done, noted = *noted] {
          const store::DirectoryReading& told = noted.value();
          const auto change = keeper_.Keep(told, told.source);
          if (!change) return act.Fail(kKind, change.error(), said, done);
          done(Audited<DirectoryImported>({*change, told.refused}, noted.leaf()));
        };
        if (post_(job)) return;
        act.Fail(kKind, base::Error{base::ErrorId::kOverloaded, "calls", "try again shortly"}, said,
                 done);
      });
}

}  // namespace milecastle::govern
