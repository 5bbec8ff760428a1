"""R2: syncs that fail under load, of the store, of the first log, of both logs.

The store's and both logs' end the process; the first log's seals it. Nothing that a failed sync covers is acknowledged or
answered, and no failed sync is tried again (after one, the kernel may show bytes that the disk does not have).
"""

import random
import time

from asked import Asked
from faults import FAIL, FAIL_AFTER, SYNC
from kills import PATIENCE, Life, compare
from survivor import SECOND, STRANGER, Survivor

STORE, FIRST_LOG, SECOND_LOG = "store.db-wal", "/audit/segment/0", "/audit-second/segment/0"


def fail(survivor, chance):
    """Arms what fails, and gives what that is."""
    what = chance.choice(("store", "first log", "both logs"))
    action, skip = chance.choice((FAIL, FAIL_AFTER)), chance.randint(0, 12)
    survivor.faults.arm(SYNC, STORE if what == "store" else FIRST_LOG, action, skip=skip)
    if what == "both logs":
        survivor.faults.arm(SYNC, SECOND_LOG, action, skip=chance.randint(0, 3), after=0, plan=1)
    return what


def expect_end(survivor):
    code = survivor.process.wait(timeout=PATIENCE)
    assert code == 70, f"ended with {code}"


def expect_second_log(survivor, life):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        response = survivor.answer(survivor.ask(STRANGER, life.person, purpose="EMERGENCY", reason_code="LIFE"))
        assert response.WhichOneof("outcome") == "view", response
        if response.receipt.origin == SECOND:
            break
    assert response.receipt.origin == SECOND
    survivor.witness.await_words(10, PATIENCE, survivor.alive)
    assert survivor.alive(), "it serves on, with the second log"
    survivor.kill()


def main():
    asked = Asked("R2", "syncs that fail", ci=100, release=1_000)
    survivor = Survivor().start()
    failed = {}
    try:
        for number in asked:
            chance = random.Random(number)
            life = Life(survivor, number)
            assert survivor.send(life.admissions) == ["AA"] * len(life.admissions)
            what = fail(survivor, chance)
            life.begin()
            if what == "first log":
                expect_second_log(survivor, life)
            else:
                expect_end(survivor)
            life.end()
            assert survivor.faults.struck() == 1, "the fault was never met"
            assert survivor.faults.later() + survivor.faults.later(1) == 0, f"a failed sync was tried again: {what}"
            failed[what] = failed.get(what, 0) + 1
            survivor.faults.disarm()
            survivor.start()
            compare(survivor, life)
        assert survivor.stop() == 0
        survivor.check_logs()
        asked.end(failed=failed, tried_again=0, acknowledged=len(survivor.witness.acknowledged), lost=0)
    finally:
        survivor.end()


if __name__ == "__main__":
    main()
