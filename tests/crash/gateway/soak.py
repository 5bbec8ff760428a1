"""R14: hours of mixed work, in minutes that are counted: messages over two ways, views, refusals, emergencies.

Nothing fails, descriptors and threads stay as many as they were, memory stays where its bounds put it: once it is warm it
does not climb. What it has is held against what was said every so often, and at the end. A round is a minute of even work, and
the pause that keeps it so is the load's own rhythm: nothing is awaited by it.
"""

import dataclasses
import os
import statistics
import threading
import time

import grpc

from asked import Asked
from people import finding, practice_record
from survivor import PRACTICE, STRANGER, WARD, Survivor
from trial import nhs_number

ROUND_SECONDS = 60
PEOPLE = 40
BATCHES = 120  # a round; each of two messages and four calls
WARM = 3  # rounds after which memory is compared
MOST_GROWTH_MEBIBYTES_AN_HOUR = 1
NOISE_MEBIBYTES = 8  # between two rounds of one load: what the allocator keeps for the next
COMPARE_EVERY = 10  # rounds


def said_anew(message, number):
    """The same of the same person in a message of its own (MSH-10), so that records stay as long as they are."""
    control = f"{message.control}-{number}"
    old, new = f"|{message.control}|P|".encode(), f"|{control}|P|".encode()
    assert message.data.count(old) == 1
    return dataclasses.replace(message, control=control, data=message.data.replace(old, new))


class Work:
    """One round: the same kinds of things, in the same number, each time."""

    def __init__(self, survivor, number):
        self.survivor = survivor
        self.number = number
        self.findings = [said_anew(finding(f"S-{i}", nhs_number(i % PEOPLE)), number) for i in range(BATCHES)]
        self.records = [practice_record(f"T{number}-{i}", nhs_number(i % PEOPLE)) for i in range(BATCHES)]
        self.failures = []

    def batch(self, at):
        person = nhs_number(at % PEOPLE)
        assert self.survivor.send([self.findings[at]]) == ["AA"]
        assert len(self.survivor.submit([self.records[at]])) == 1
        asked = [self.survivor.ask(WARD, person), self.survivor.ask(WARD, person),
                 self.survivor.ask(STRANGER, person, purpose="EMERGENCY", reason_code="LIFE"),
                 self.survivor.ask(PRACTICE, person)]
        self.failures += [e for e in map(self.survivor.answer, asked) if isinstance(e, grpc.RpcError)]

    def run(self, rest):
        began = time.monotonic()
        for at in range(BATCHES):
            self.batch(at)
            rest.wait(max(0, began + (at + 1) * ROUND_SECONDS / BATCHES - time.monotonic()))
        assert not self.failures, f"round {self.number}: {len(self.failures)} calls failed: {self.failures[:2]}"


class Usage:
    """What the process holds at the end of each round."""

    def __init__(self, survivor):
        self.survivor = survivor
        self.memory, self.descriptors, self.threads = [], [], []

    def note(self):
        process = f"/proc/{self.survivor.process.pid}"
        self.memory.append(self.survivor.rss() / (1 << 20))
        self.descriptors.append(len(os.listdir(f"{process}/fd")))
        self.threads.append(len(os.listdir(f"{process}/task")))

    def slope(self):
        """Mebibytes an hour, of the rounds after it is warm; nothing while they are too few to tell."""
        warm = self.memory[WARM:]
        if len(warm) < 2 * WARM:
            return 0.0
        half = len(warm) // 2
        hours = half * ROUND_SECONDS / 3600
        return (statistics.median(warm[-half:]) - statistics.median(warm[:half])) / hours

    def check(self):
        warm = self.memory[WARM:]
        hours = len(warm) * ROUND_SECONDS / 3600
        most = NOISE_MEBIBYTES + MOST_GROWTH_MEBIBYTES_AN_HOUR * hours
        grown = statistics.median(warm[-WARM:]) - statistics.median(warm[:WARM]) if warm else 0
        assert grown <= most, f"memory grew by {grown:.1f} MiB in {hours:.2f} h: {self.memory}"
        for name, counts in (("descriptors", self.descriptors), ("threads", self.threads)):
            assert max(counts[WARM:], default=0) <= max(counts[:WARM]) + 2, f"{name} grew: {counts}"


def compare(survivor, done):
    survivor.check_journal()
    survivor.check_receipts()
    if done:
        last = done[-1]
        survivor.check_visible(WARD, [m for m in last.findings if m.control in survivor.witness.acknowledged])


def main():
    asked = Asked("R14", "minutes of mixed work", ci=2, release=1_440)
    survivor = Survivor().start()
    usage, done, rest = Usage(survivor), [], threading.Event()
    try:
        admissions = [finding(f"A{i}", nhs_number(i), event="A01") for i in range(PEOPLE)]
        assert survivor.send(admissions) == ["AA"] * PEOPLE
        for number in asked:
            done = [Work(survivor, number)]
            done[-1].run(rest)
            usage.note()
            if (number + 1) % COMPARE_EVERY == 0:
                compare(survivor, done)
        compare(survivor, done)
        usage.check()
        assert survivor.stop() == 0
        survivor.check_logs()
        asked.end(acknowledged=len(survivor.witness.acknowledged), lost=0, answers=survivor.witness.total_receipts,
                  without_leaf=0, failed=0, descriptors=max(usage.descriptors), threads=max(usage.threads),
                  memory_MiB=round(usage.memory[-1]), slope_MiB_an_hour=round(usage.slope(), 1))
    finally:
        survivor.end()


if __name__ == "__main__":
    main()
