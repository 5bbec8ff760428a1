"""T15: somebody who asks for one person after another.

Six scans of `--count N` valid numbers (1,000), of people who are known here, of people who are not, and of both, by one user
and by twenty of one organisation; and numbers whose check digit is wrong. Each user is stopped after at most 50, an alarm
sounds within the scan, known and unknown read alike, and an emergency is answered all the while.
"""

import collections
import json
import pathlib
import sys
import threading
import unittest

import grpc

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/path"))

from counted import asked
from trial import Trial, ack_code, admission, nhs_number, person_segment

COUNT, KNOWN, MOST, USERS, AT_ONCE = 1000, 40, 50, 20, 12


def stopped(answer):
    return answer[0] == "refusal" and answer[1].startswith("too_many_refusals")


def counts(answers):
    return {"stopped" if stopped(answer) else "refused": n for answer, n in answers.items()}


class Enumeration(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.trial = Trial().start()
        cls.known = [nhs_number(200_000 + n) for n in range(KNOWN)]
        cls.unknown = [nhs_number(300_000 + n) for n in range(COUNT)]
        mllp = cls.trial.mllp()
        for n, number in enumerate(cls.known):
            person = person_segment(number=number, local=f"E{n:04}")
            assert ack_code(mllp.exchange(admission(f"ENU{n:05}", person=person))) == "AA"
        mllp.close()

    @classmethod
    def tearDownClass(cls):
        cls.trial.end()

    def user(self, name, organisation=("ZT2", "moorland-epr")):
        return self.trial.caller(*organisation, name, "R8000")

    def ask(self, user, number, **more):
        try:
            answer = user.view(number=number, **more)
        except grpc.RpcError as error:
            return error.code().name, error.details()
        return answer.WhichOneof("outcome"), answer.refusal.reason + answer.refusal.advice

    def scan(self, users, asked):
        """What each user was told, in the order of asking."""
        told = {name: [] for name in users}
        work = collections.deque(enumerate(asked))
        names = list(users)

        def go(share):
            for n, number in list(work)[share::AT_ONCE]:
                name = names[n % len(names)]
                told[name].append((number, self.ask(users[name], number)))

        threads = [threading.Thread(target=go, args=(share,)) for share in range(AT_ONCE)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return told

    def alarms(self):
        samples = self.trial.samples()
        logged = [line for line in map(json.loads, filter(None, self.trial.log.read_text().splitlines()))
                  if line.get("event") == "view.guessing"]
        return {of: samples[f'milecastle_guessing_total{{of="{of}"}}'] for of in ("user", "organisation")}, logged

    def check(self, told, asked):
        answers = collections.Counter(answer for answered in told.values() for _, answer in answered)
        self.assertEqual(sum(answers.values()), len(asked))
        for name, answered in told.items():
            refused = sum(not stopped(answer) for _, answer in answered)
            self.assertLessEqual(refused, MOST, f"{name} was answered {refused} times")
        by_kind = collections.defaultdict(set)
        for answered in told.values():
            for number, answer in answered:
                by_kind[number in self.known].add(answer)
        for answers_of in by_kind.values():
            self.assertEqual({answer[0] for answer in answers_of}, {"refusal"})
        self.assertLessEqual(len(answers), 2, answers)
        return answers

    def test_one_user_is_stopped_alarmed_and_told_nothing(self):
        for scan, asked in enumerate((self.known * (COUNT // KNOWN), self.unknown,
                                      [n for pair in zip(self.known * (COUNT // KNOWN // 2), self.unknown) for n in pair])):
            before, logged = self.alarms()
            user = {f"scan-{scan}": self.user(f"scan-{scan}")}
            answers = self.check(self.scan(user, asked), asked)
            after, logged_after = self.alarms()
            self.assertGreater(after["user"], before["user"])
            self.assertGreater(len(logged_after), len(logged))
            self.assertEqual(self.ask(next(iter(user.values())), self.known[0], purpose="EMERGENCY", reason_code="LIFE")[0], "view")
            print(f"T15: scan {scan + 1} of 6, one user, {len(asked)} numbers of {COUNT} asked: "
                  f"{counts(answers)}")
        text = self.trial.log.read_text()
        self.assertFalse([n for n in self.known + self.unknown if n in text])

    def test_twenty_users_are_each_stopped_and_their_organisation_alarmed(self):
        for scan, asked in enumerate((self.known * (COUNT // KNOWN), self.unknown,
                                      [n for pair in zip(self.known * (COUNT // KNOWN // 2), self.unknown) for n in pair])):
            users = {f"team-{scan}-{n}": self.user(f"team-{scan}-{n}") for n in range(USERS)}
            answers = self.check(self.scan(users, asked), asked)
            print(f"T15: scan {scan + 4} of 6, {USERS} users, {len(asked)} numbers of {COUNT} asked: "
                  f"{counts(answers)}")
        alarms, logged = self.alarms()
        self.assertGreaterEqual(alarms["organisation"], 1)
        self.assertTrue([line for line in logged if "organisation" in json.dumps(line)])

    def test_a_wrong_check_digit_says_so_of_anybody(self):
        user = self.user("typist")
        answers = {self.ask(user, number[:9] + str((int(number[9]) + 1) % 10)) for number in self.known[:20] + self.unknown[:20]}
        self.assertEqual(len(answers), 1, answers)
        self.assertEqual(next(iter(answers))[0], "INVALID_ARGUMENT")

    def test_who_has_a_part_in_people_is_not_stopped_though_they_spent_every_refusal(self):
        ward = self.trial.caller("ZT1", "quayside-epr", "ward", "R8000")
        self.assertTrue(stopped([self.ask(ward, number) for number in self.unknown[:60]][-1]))
        self.assertEqual({self.ask(ward, number)[0] for number in self.known * 3}, {"view"})


if __name__ == "__main__":
    COUNT = asked(COUNT)
    unittest.main()
