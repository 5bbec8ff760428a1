"""T11: the shipped engine against an oracle written apart from it, in another language.

Every call of the contract is in the matrix. `--count N` cases (10,000; a release asks for 1,000,000) of who asks, with
which roles, relationships, choices, purpose, labels and sources are put to the engine by decide_cases and to the oracle, and
must come out alike: outcome and reason of the request, what its reader is told, and outcome, reason and mask of every item
and line, and every duty.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/boundary"))

import policy_cases
import policy_oracle
from proto_text import all_calls

DRIVER = os.environ.get("MILECASTLE_DECIDE_CASES", str(ROOT / "build/dev/tests/threat/threat_decide_cases"))
SHIPPED = sorted((ROOT / "config/policies").glob("*.toml"))
LOWER = sorted((ROOT / "tests/threat/policies").glob("*.toml"))
COUNT, SEED, CHUNK = 10_000, 20261122, 5_000

# What a call asks the policy: "view" a decision, a word an action of [[duty_roles]], "peer" nothing beside the certificate.
ASKS = {
    "PatientViewService.GetPatientView": "view",
    "PatientViewService.GetEntryHistory": "view",
    "PatientViewService.GetDocument": "view",
    "PolicyService.Explain": "explain",
    "ConsentService.RecordConsent": "consent.record",
    "ConsentService.WithdrawConsent": "consent.withdraw",
    "ConsentService.ListConsents": "consent.list",
    "IdentityService.ListQueue": "identity.queue",
    "IdentityService.ShowQueueItem": "identity.show",
    "IdentityService.Link": "identity.link",
    "IdentityService.CloseReview": "review.close",
    "IdentityService.Unlink": "identity.unlink",
    "IdentityService.SeverPerson": "identity.sever",
    "IdentityService.ShowPerson": "identity.show",
    "QuarantineService.ListMessages": "quarantine.work",
    "QuarantineService.ShowMessage": "quarantine.show",
    "QuarantineService.ReplayMessage": "quarantine.work",
    "QuarantineService.CorrectMessage": "quarantine.correct",
    "QuarantineService.CloseMessage": "quarantine.work",
    "AuditService.SearchEntries": "audit.search",
    "AuditService.GetEntry": "audit.show",
    "AuditService.ExportLog": "audit.show",
    "AuditService.GetCheckpoint": "audit.proof",
    "AuditService.GetInclusionProof": "audit.proof",
    "AuditService.GetConsistencyProof": "audit.proof",
    "OperationsService.ListSources": "operations",
    "OperationsService.GetHealth": "peer",
    "DirectoryService.SearchServices": "directory.read",
    "DirectoryService.GetService": "directory.read",
    "DirectoryService.ImportServices": "directory.import",
    "IntakeService.Submit": "peer",
}
# What a call asks instead, of other things: CloseReview of a severing, and of what is no access. Where there is no such item,
# any of them lets its caller in.
ALSO = {"IdentityService.CloseReview": ["identity.confirm", "identity.link"]}


def put(files, cases):
    done = subprocess.run([DRIVER, *files], input="\n".join(map(json.dumps, cases)), capture_output=True, text=True)
    if done.returncode:
        raise AssertionError(done.stderr)
    return [json.loads(line) for line in done.stdout.splitlines()]


def verdict_of(told):
    return told["outcome"], told["reason"], sorted(told["mask"])


class Comparison:
    def __init__(self, oracle):
        self.oracle, self.items, self.found = oracle, 0, []

    def differs(self, what, case, ours, theirs):
        self.found.append(f"{what}: the documentation says {ours}, the engine {theirs}, of {json.dumps(case)}")

    def expect(self, what, case, ours, theirs):
        self.items += 1
        if ours != theirs:
            self.differs(what, case, ours, theirs)

    def view(self, case, theirs):
        ours, judge = self.oracle.decide(case)
        for name in ("recordable", "reason", "told", "uniform"):
            self.expect(name, case, ours[name], theirs[name])
        if ours["reason"] != theirs["reason"]:
            return
        self.expect("duties", case, ours["duties"], sorted(map(tuple, theirs["duties"])))
        for held, mine, other in zip(case["classes"], ours["classes"], theirs["classes"], strict=True):
            self.item(case, held, mine, other)
        if theirs.get("lines"):
            self.lines(case, judge, theirs)

    def item(self, case, held, mine, other):
        self.expect("item", {**case, "classes": [held]}, verdict_of(mine), verdict_of(other))
        self.expect("told of an item", {**case, "classes": [held]}, mine["told"], other["told"])

    def lines(self, case, judge, theirs):
        ours, unspoken = self.oracle.lines(case, judge, theirs["reason"])
        self.expect("unspoken", case, sorted(unspoken), sorted(theirs["unspoken"]))
        self.expect("lines", case, len(ours), len(theirs["lines"]))
        for line in theirs["lines"]:
            mine = ours[line["source"], line["section"]]
            if line["source"] in unspoken:
                self.expect("line", case, "hide", line["outcome"])
            else:
                self.expect("line", case, (mine.outcome, mine.reason, mine.mask), verdict_of(line))

    def action(self, case, theirs):
        ours = self.oracle.act(case)
        self.expect(case["action"], case, ours, {name: theirs.get(name) for name in ours})


class Policy(unittest.TestCase):
    def compare(self, files, seed, count):
        comparison = Comparison(policy_oracle.Oracle(files))
        draw = policy_cases.Draw(seed)
        asked = sorted([*ASKS.values(), *(action for actions in ALSO.values() for action in actions)])
        done = permitted = 0
        while done < count:
            cases = []
            for n in range(min(CHUNK, count - done)):
                what = asked[n // 3 % len(asked)] if n % 3 == 0 else "view"
                cases.append(draw.view() if what in ("view", "peer") else draw.action(what))
            for case, theirs in zip(cases, put(files, cases), strict=True):
                (comparison.action if "action" in case else comparison.view)(case, theirs)
                permitted += theirs["reason"] == "none"
            done += len(cases)
        print(f"T11: {done} cases done of {count} asked, {permitted} permitted, {comparison.items} comparisons, "
              f"{len(comparison.found)} disagreements")
        self.assertEqual(comparison.found[:3], [])
        self.assertGreater(permitted, done // 8, "too few cases get far enough to be worth their while")

    def test_every_call_of_the_contract_is_in_the_matrix(self):
        self.assertEqual({f"{call.service}.{call.name}" for call in all_calls()}, set(ASKS))

    def test_the_shipped_policy_means_what_its_documentation_says(self):
        self.compare(SHIPPED, SEED, COUNT // 2)

    def test_lower_layers_mean_what_their_documentation_says(self):
        self.compare(SHIPPED + LOWER, SEED + 1, COUNT - COUNT // 2)

    def test_an_oracle_that_forgets_one_rule_disagrees(self):
        for name, broken in (("by_label", lambda *_: iter(())), ("by_choice", lambda *_: iter(())), ("mask", lambda *_: []),
                             ("is_name_protected", lambda *_: False), ("rests_on_a_declaration_of_before", lambda *_: False)):
            kept = getattr(policy_oracle.Judge, name)
            setattr(policy_oracle.Judge, name, broken)
            try:
                with self.assertRaises(AssertionError):
                    self.compare(SHIPPED, SEED, 4_000)
            finally:
                setattr(policy_oracle.Judge, name, kept)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=COUNT * int(os.environ.get("MILECASTLE_THREAT_SCALE", "1")))
    parser.add_argument("--seed", type=int, default=SEED)
    options, rest = parser.parse_known_args()
    COUNT, SEED = options.count, options.seed
    unittest.main(argv=[sys.argv[0], *rest])
