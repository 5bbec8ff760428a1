"""R7: duplicates, disorder, replays and merges before creation, held against an oracle written here and apart from it.

One hospital's stream: 5 of 100 messages come twice, 5 change places with the next, 1 has the id of an earlier one and other
content, and some of a merged number's come before the merge or after it. Now and then the process is killed and the last
messages are sent again. At the end every person's view is what the oracle says, and the journal counts the same.
"""

import collections
import random

from asked import Asked
from people import Message
from survivor import WARD, Survivor
from trial import admission, nhs_number, person_segment

CODES = 12  # that a person's diagnoses are of: a later message of one replaces the earlier
SPREAD = 50  # messages a person, about
CHUNK = 500
REPLAYED = 40


def diagnosis(control, person, code, text, old=False):
    """Under the local number of the person, or under the old one that a merge ended."""
    number = nhs_number(person)
    segment = person_segment(number, local=f"{'OLD' if old else 'Q'}{number}")
    data = admission(control, event="A31", person=segment, more=(f"DG1|1||C{code}^^L|{text}|20261121|A",))
    return Message("quayside-pas", control, (person, (old, code)), text, data.encode())


def creation(control, person):
    data = admission(control, person=person_segment(nhs_number(person), local=f"Q{nhs_number(person)}"))
    return Message("quayside-pas", control, (person, None), "", data.encode())


def merge(control, person):
    """The old local number ends, and was never seen before."""
    number = nhs_number(person)
    header = admission(control, event="A40").split("\r")[0]
    lines = [header, "EVN|A40|20261121183000", f"PID|1||{number}^^^NHS^NH~Q{number}^^^ZT1^MR", f"MRG|OLD{number}^^^ZT1^MR"]
    return Message("quayside-pas", control, (person, None), "", ("\r".join(lines) + "\r").encode())


def stream(first, count):
    """The messages as they come, out of order and twice as they are."""
    chance = random.Random(first)
    people = range(first // SPREAD, (first + count) // SPREAD + 1)
    ordered = [m for p in people for m in ((creation(f"A{p}", p), merge(f"M{p}", p)) if p % 10 == 0 else (creation(f"A{p}", p),))]
    told = []
    while len(ordered) + len(told) < count:
        number, person = first + len(told), chance.choice(people)
        old = person % 10 == 0 and chance.random() < 0.3
        told.append(diagnosis(f"D{number}", person, chance.randrange(CODES), f"Text {number}", old))
        if chance.random() < 0.05:
            told.append(told[chance.randrange(max(0, len(told) - 30), len(told))])
        if chance.random() < 0.01:
            again = told[chance.randrange(len(told))]
            told.append(diagnosis(again.control, again.number[0], 0, f"Other {number}"))
    for at in range(len(told) - 1):
        if chance.random() < 0.05:
            told[at], told[at + 1] = told[at + 1], told[at]
    return people, ordered + told


class Oracle:
    def __init__(self):
        self.taken = collections.defaultdict(set)  # control id: the messages that came with it
        self.current = collections.defaultdict(dict)  # person: (of the old local number, code): text
        self.journal = collections.Counter()

    def takes(self, message):
        before = self.taken[message.control]
        if before:
            self.journal["duplicate" if message.data in before else "quarantined"] += 1
            before.add(message.data)
            return
        before.add(message.data)
        self.journal["accepted"] += 1
        person, code = message.number
        if code is not None:
            self.current[person][code] = message.finding


def compare(survivor, oracle, people):
    for at in range(0, len(people), 32):
        asked = [(p, survivor.ask(WARD, nhs_number(p))) for p in people[at:at + 32]]
        for person, each in asked:
            view = survivor.answer(each).view
            held = sorted(e.what.text for e in view.entries if e.what.text.startswith(("Text", "Other")))
            assert held == sorted(oracle.current[person].values()), f"person {person}: {held}, and the oracle says {oracle.current[person]}"
    journal = dict(survivor.query("SELECT disposition, count(*) FROM journal GROUP BY disposition"))
    assert journal == dict(oracle.journal), f"{journal}, and the oracle says {dict(oracle.journal)}"


def main():
    asked = Asked("R7", "messages against the oracle", ci=20_000, release=100_000)
    survivor, oracle = Survivor().start(), Oracle()
    people, messages = stream(asked.first, asked.count)
    kills = 0
    try:
        for at in range(0, len(messages), CHUNK):
            chunk = messages[at:at + CHUNK]
            assert survivor.send(chunk, window=16) == ["AA"] * len(chunk)
            for message in chunk:
                oracle.takes(message)
            if at // CHUNK % 5 == 4:
                survivor.kill()
                survivor.start()
                kills += 1
                replay = chunk[-REPLAYED:]
                assert survivor.send(replay, window=16) == ["AA"] * len(replay)
                for message in replay:
                    oracle.takes(message)
        compare(survivor, oracle, people)
        survivor.check_receipts()
        assert survivor.stop() == 0
        survivor.check_logs()
        asked.done = min(len(messages), asked.count)
        asked.end(people=len(people), kills_with_replay=kills, journal=dict(oracle.journal), differences=0)
    finally:
        survivor.end()


if __name__ == "__main__":
    main()
