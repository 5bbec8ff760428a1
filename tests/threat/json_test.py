"""T24: bundles that are ambiguous, broken or made to blow up. Each has its outcome, and what is refused leaves nothing behind."""

import pathlib
import re
import unittest

import grpc

import json_cases
from attack import MEBIBYTE, Good, attacked, report
from told.house import FEEDS, AllFeeds
from trial import PB, Trial

MOST_GROWTH = 400 * MEBIBYTE  # a message of 16 MiB takes some ten times that while it is read, and two are read at once
OF_A_RECORD = {PB["intake"].DISPOSITION_ACCEPTED: "accepted", PB["intake"].DISPOSITION_REJECTED: "rejected"}


class Bundles(unittest.TestCase):
    def setUp(self):
        self.trial = attacked()
        self.addCleanup(self.trial.end)
        self.practice = self.trial.caller("Z99001", "bridge-gp", "gp-system", "R8000")

    def peak(self):
        """The most memory that the gateway ever had, in bytes."""
        return int(re.search(r"VmHWM:\s+(\d+)", pathlib.Path(f"/proc/{self.trial.process.pid}/status").read_text())[1]) * 1024

    def outcome(self, data):
        """What became of it, and the error that says why."""
        try:
            response, = self.practice.submit("bridge-gp", data)
        except grpc.RpcError as error:
            return error.code().name, ""
        return OF_A_RECORD.get(response.disposition, str(response.disposition)), response.error

    def names(self):
        """Of the patient, as the hospital and the practice have sent it."""
        return sorted({name.family for one in self.practice.view().view.demographics for name in one.names})

    def test_T24_each_bundle_has_its_outcome_and_none_another(self):
        cases = json_cases.cases()
        before, found, accepted = self.peak(), [], 0
        with Good(self.trial) as good:
            for name, data, expected in cases:
                said = self.outcome(data)
                accepted += said[0] == "accepted"
                right = said == ("accepted",
                                 "") if expected == json_cases.TAKEN else said[0] == "rejected" and said[1] in expected
                if expected == json_cases.TAKEN and self.names() != ["HADRIAN", "Hadrian"]:
                    found.append((name, "names somebody else"))
                if not right:
                    found.append((name, said, sorted(expected)))
        growth = self.peak() - before
        report("T24", cases=len(cases), accepted=accepted, otherwise=len(found), most_growth=f"{growth / MEBIBYTE:.0f} MiB",
               good_calls=len(good.took), good_failures=len(good.failures))
        self.assertEqual(found, [], "\n".join(map(str, found)))
        self.assertEqual(good.failures, [])
        self.assertIsNone(self.trial.process.poll())
        self.assertLessEqual(growth, MOST_GROWTH)
        rows = dict(self.trial.query("SELECT disposition, COUNT(*) FROM journal WHERE feed = 'bridge-gp' GROUP BY 1"))
        self.assertEqual(rows, {"accepted": accepted, "rejected": len(cases) - accepted})


class EveryFeed(AllFeeds, Trial):
    pass


class OtherFormats(unittest.TestCase):
    """R4, BaRS and PRSB's standards."""

    def test_T24_each_message_has_its_outcome_in_every_format_that_is_json(self):
        trial = attacked(FEEDS, of=EveryFeed)
        self.addCleanup(trial.end)
        found, tried, taken = [], 0, 0
        with Good(trial) as good:
            for feed, name, data, expected in json_cases.of_other_formats():
                response, = trial.submit_to(feed, [data])
                tried += 1
                refused = response.disposition == PB["intake"].DISPOSITION_REJECTED
                taken += not refused
                if refused != bool(expected) or refused and response.error not in expected:
                    found.append((name, response.error, response.place, sorted(expected)))
        report("T24 other formats", cases=tried, taken=taken, otherwise=len(found), good_calls=len(good.took), good_failures=len(good.failures))
        self.assertEqual(found, [], "\n".join(map(str, found)))
        self.assertEqual(good.failures, [])
        self.assertIsNone(trial.process.poll())


if __name__ == "__main__":
    unittest.main()
