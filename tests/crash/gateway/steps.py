"""The durable steps of the gateway, by name: where in the path bytes become durable, and what must follow a failure there.

One table for all rows that strike the gateway at a step (R1 kills, R2 failed syncs, the step table itself).
"""

import dataclasses

from faults import RENAME, SYNC, WRITE

ENDS = "the process ends (70); nothing under way is acknowledged or answered"
SECOND_LOG = "the first log is sealed, the second takes over; every call is answered"


@dataclasses.dataclass(frozen=True)
class Step:
    name: str
    operation: int
    path: str
    expected: str
    after: tuple = ()  # (operation, path) that must have been seen first
    often: bool = True  # with every commit or group; else with some
    at_stop: bool = False  # under a small load, only when the store is closed


STEPS = (
    Step("store commit: write to the WAL", WRITE, "store.db-wal", ENDS),
    Step("store commit: sync of the WAL", SYNC, "store.db-wal", ENDS),
    Step("store checkpoint: write to the database", WRITE, "/store.db$", ENDS, often=False, at_stop=True),
    Step("store checkpoint: sync of the database", SYNC, "/store.db$", ENDS, often=False, at_stop=True),
    Step("log append: write of the group", WRITE, "/audit/segment/0", SECOND_LOG),
    Step("log append: sync of the group", SYNC, "/audit/segment/0", SECOND_LOG),
    Step("log: write of tree hashes", WRITE, "/audit/tree/", SECOND_LOG, often=False),
    Step("log: write of the checkpoint note", WRITE, "/audit/checkpoint.new", SECOND_LOG, often=False),
    Step("log: sync of the checkpoint note", SYNC, "/audit/checkpoint.new", SECOND_LOG, often=False),
    Step("log: rename of the checkpoint note", RENAME, "/audit/checkpoint$", SECOND_LOG, often=False),
    Step("outbox: the mark after the leaf, written", WRITE, "store.db-wal", ENDS, (SYNC, "/audit/segment/0")),
    Step("outbox: the mark after the leaf, synced", SYNC, "store.db-wal", ENDS, (SYNC, "/audit/segment/0")),
)
