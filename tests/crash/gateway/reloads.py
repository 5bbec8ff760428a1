"""R9: reloads under load, and broken files among them.

No call fails; every view was decided by one of the two policies, the one that its leaf names; a broken file changes nothing.
"""

import itertools
import json
import threading

from asked import Asked
from people import finding
from survivor import OFFICER, WARD, PB, Survivor
from trial import nhs_number

BROKEN = ("layer = \n", "[[[\n", "[=]\n", "\0", "layer = \"system\"\nversion = 3\n")


class Readers:
    """Views without a pause, on one connection, until told to stop."""

    def __init__(self, survivor, person):
        self.survivor, self.person = survivor, person
        self.over = False
        self.views = []
        self.wrong = []
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        while not self.over:
            for asked in [self.survivor.ask(WARD, self.person) for _ in range(4)]:
                answer = self.survivor.answer(asked)
                if not hasattr(answer, "view") or answer.WhichOneof("outcome") != "view":
                    self.wrong.append(str(answer))
                else:
                    self.views.append((answer.receipt, answer.view.policy_version))

    def stop(self):
        self.over = True
        self.thread.join()
        assert not self.wrong, f"{len(self.wrong)} calls failed: {self.wrong[0]}"
        return self.views


def check_leaves(survivor, views):
    """The version that decided is recorded in the leaf of the answer."""
    audit, officer = PB["audit"], survivor.caller(*OFFICER)
    for receipt, version in views:
        request = audit.GetEntryRequest(leaf_index=receipt.leaf_index, origin=receipt.origin, case_reference="CASE-9")
        payload = json.loads(officer.call("AuditService", "GetEntry", request).payload_json)
        assert version in json.dumps(payload), f"the leaf names another policy than the answer: {version}"


def main():
    asked = Asked("R9", "reloads under load, every fifth of a broken file", ci=250, release=2_500)
    survivor = Survivor().start()
    person = nhs_number(1)
    try:
        assert survivor.send([finding("R9", person, event="A01")]) == ["AA"]
        policy = sorted((survivor.folder / "policies").glob("*.toml"))[0]
        texts, broken = itertools.cycle((policy.read_text() + "# one\n", policy.read_text())), itertools.cycle(BROKEN)
        readers = Readers(survivor, person)
        refused = 0
        for number in asked:
            bad = survivor.folder / "policies/99-broken.toml"
            if number % 5 == 4:
                bad.write_text(next(broken))
                refused += 1
            else:
                policy.write_text(next(texts))
            survivor.reload()
            bad.unlink(missing_ok=True)
            assert survivor.log.read_text().count("gateway.reload_refused") == refused
        views = readers.stop()
        versions = {version for _, version in views}
        assert len(versions) == 2, f"{len(versions)} policies decided, and there were two"
        check_leaves(survivor, views[::max(1, len(views) // 50)])
        survivor.check_receipts()
        asked.end(refused=refused, views=len(views), failed=0, policies=len(versions))
    finally:
        survivor.end()


if __name__ == "__main__":
    main()
