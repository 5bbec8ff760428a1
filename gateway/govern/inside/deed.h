// A change of identity work as it is done, and what the log keeps of it.
//
// Thread-safety: as the change. Failure: as govern/identity.h.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <string_view>
#include <utility>

#include "govern/identity.h"

namespace milecastle::govern {

// What is being done, for the log; filled in further while it is done.
struct Deed {
  std::string_view act;
  Officer officer;
  boost::json::object what;
};

using Doing = std::function<base::Result<IdentityChange>(store::Transaction&, Deed&)>;

inline Change<IdentityChange> ChangeOf(Deed deed, Doing doing) {
  return [deed = std::move(deed), doing = std::move(doing)](
             store::Transaction& transaction, Account& account) -> base::Result<IdentityChange> {
    Deed done = deed;
    auto change = doing(transaction, done);
    if (!change) return change.error();
    done.what["act"] = done.act;
    done.what["reason"] = done.officer.why;
    done.what["messages_applied"] = change->messages_applied;
    account.what = boost::json::serialize(done.what);
    if (change->person != record::PersonId{}) account.person = change->person;
    return change;
  };
}

inline base::Error Gone(std::string_view what) {
  return {base::ErrorId::kNotFound, std::string(what), "it may have been settled; look again"};
}

inline base::Error Moved() {
  return {base::ErrorId::kConflict, "item", "it changed meanwhile; look again and repeat"};
}

}  // namespace milecastle::govern
