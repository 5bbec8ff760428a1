"""T14: existence told by an answer, or by the time that it takes. It runs alone.

Five people whom the caller has no part in: nobody of that number, somebody, somebody who objected, somebody all of whose record is
sealed and locked, somebody of another organisation alone. `--count N` calls of each (400; a release asks for 20,000), interleaved:
the same bytes, and Welch's t of their times below 4.5 (dudect).
"""

import math
import pathlib
import random
import statistics
import sys
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/path"))

from counted import asked
from trial import PB, Trial, ack_code, admission, person_segment

COUNT, LIMIT, SEED = 400, 4.5, 20261122
PEOPLE = {"nobody": "9990000069", "known": "9990000018", "objected": "9990000026", "sealed": "9990000034", "elsewhere": "9990000042"}


def welch(a, b):
    spread = statistics.variance(a) / len(a) + statistics.variance(b) / len(b)
    return (statistics.fmean(a) - statistics.fmean(b)) / math.sqrt(spread) if spread else 0.0


class Timing(unittest.TestCase):
    def setUp(self):
        self.trial = Trial({"user_refusals = 30": "user_refusals = 0"}).start()  # what is timed is not the limit
        self.addCleanup(self.trial.end)
        mllp = self.trial.mllp()
        for n, name in enumerate(("known", "objected", "sealed")):
            person = person_segment(number=PEOPLE[name], local=f"T{n:04}")
            self.assertEqual(ack_code(mllp.exchange(admission(f"TIM{n:05}", person=person))), "AA")
        mllp.close()
        other = self.trial.mllp("moorland-pas", "ZT2-moorland-pas")
        person = person_segment(number=PEOPLE["elsewhere"], local="T0009").replace("ZT1", "ZT2")
        self.assertEqual(ack_code(other.exchange(admission("TIM00009", sender="ZT2", person=person).replace("ZT1", "ZT2"))), "AA")
        other.close()
        ward = self.trial.caller("ZT1", "quayside-epr", "dr", "R8000")
        consents = PB["consent"]
        for name, choice in (("objected", {"kind": consents.CONSENT_KIND_OBJECTION}),
                             ("sealed", {"kind": consents.CONSENT_KIND_SEAL_AND_LOCK, "team": "ZT1/refuge",
                                         "scope": consents.ConsentScope(sources=["ZT1"])})):
            person = consents.PersonKey(nhs_number=PEOPLE[name], birth_date="1962-07-13", family_name="Hadrian")
            consent = consents.Consent(by=consents.CONSENT_BY_PERSON, **choice)
            ward.call("ConsentService", "RecordConsent", consents.RecordConsentRequest(person=person, consent=consent))

    def test_no_class_of_people_is_told_from_another(self):
        stranger = self.trial.caller("Z99001", "bridge-gp", "dr", "R8000")
        for number in PEOPLE.values():
            stranger.view(number=number)
        times, answers = {name: [] for name in PEOPLE}, set()
        order = [name for name in PEOPLE for _ in range(COUNT)]
        random.Random(SEED).shuffle(order)
        for name in order:
            began = time.perf_counter()
            answer = stranger.view(number=PEOPLE[name])
            times[name].append(time.perf_counter() - began)
            answer.ClearField("receipt")
            answers.add(answer.SerializeToString(deterministic=True))
        self.assertEqual(len(answers), 1)
        found = {f"{a}-{b}": welch(times[a], times[b]) for a in PEOPLE for b in PEOPLE if a < b}
        worst = max(found, key=lambda pair: abs(found[pair]))
        print(f"T14: {len(PEOPLE)} x {COUNT} done of {len(PEOPLE)} x {COUNT} asked; median {statistics.median(times['nobody']) * 1000:.1f} ms; "
              f"largest |t| {abs(found[worst]):.2f} ({worst}), below {LIMIT} demanded")
        self.assertLess(abs(found[worst]), LIMIT, found)


if __name__ == "__main__":
    COUNT = asked(COUNT)
    unittest.main()
