// Every subcommand, as it is hung into the command line. One file each.
//
// Thread-safety: one thread. Failure: the exit code of what was run.
#pragma once

#include "arguments.h"
#include "command/command.h"

namespace milecastle::command {

void AddServe(Command root, const Parts& parts);
void AddNormalise(Command root, const Parts& parts);
void AddDirectory(Command root, const Parts& parts);
void AddSubmit(Command root, const Parts& parts);
void AddView(Command root);
void AddHistory(Command root);
void AddDocument(Command root);
void AddExplain(Command root);
void AddConsent(Command root);
void AddIdentify(Command root);
void AddAudit(Command root, const Parts& parts);
void AddPolicy(Command root, const Parts& parts);
void AddQuarantine(Command root);
void AddSources(Command root);
void AddHealth(Command root);
void AddToken(Command root, const Parts& parts);

// Of `policy`: what rules would change of what is stored.
void AddStoredLabels(Command& policy, const Parts& parts);

// Of `audit`: search and show ask a gateway, export fetches from one, verify and fsck work offline.
void AddAuditSearch(Command& audit);
void AddAuditShow(Command& audit);
void AddAuditExport(Command& audit);
void AddAuditVerify(Command& audit);
void AddAuditFsck(Command& audit, const Parts& parts);

}  // namespace milecastle::command
