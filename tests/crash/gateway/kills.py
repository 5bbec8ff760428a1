"""R1: kill -9 at random moments and at named steps, while messages come in over two ways and views go out over two.

After every start: no acknowledged message is lost, none shows twice though all that were unanswered came again, one that
speaks of several people is there for all of them or for none, and no answer that was heard is without its leaf.
"""

import random
import subprocess
import threading

from asked import Asked, percentile
from faults import KILL, KILL_AFTER, OPEN, RENAME, SEND, SYNC, WATCH, WRITE
from people import finding, joint_results, practice_record
from steps import STEPS
from survivor import PRACTICE, STRANGER, WARD, Survivor
from trial import nhs_number

PATIENCE = 10  # seconds; a step that this load does not reach by then is replaced by a plain kill


class Life:
    """What is sent and asked between a start and a kill."""

    def __init__(self, survivor, number):
        self.survivor = survivor
        people = [nhs_number(8 * number + i) for i in range(3)]
        person = people[0]
        self.admissions = [finding(f"L{number}-A{i}", each, event="A01") for i, each in enumerate(people)]
        self.findings = self.admissions + [
            joint_results(f"L{number}-{i}", people) if i % 4 == 0 else finding(f"L{number}-{i}", person)
            for i in range(1, 400)]
        self.records = [practice_record(f"P{number}-{i}", nhs_number(8 * number + 1 + i)) for i in range(7)]
        self.person = person
        self.over = False

    def read(self):
        while self.survivor.alive() and not self.over:
            asked = [self.survivor.ask(WARD, self.person), self.survivor.ask(WARD, self.person),
                     self.survivor.ask(STRANGER, self.person, purpose="EMERGENCY", reason_code="LIFE"),
                     self.survivor.ask(STRANGER, self.person)]
            for each in asked:
                self.survivor.answer(each)

    def begin(self):
        for who in (WARD, STRANGER, PRACTICE):
            self.survivor.caller(*who)
        self.threads = [threading.Thread(daemon=True, target=self.survivor.send, args=(self.findings,)),
                        threading.Thread(daemon=True, target=self.survivor.submit, args=(self.records,)),
                        threading.Thread(daemon=True, target=self.read)]
        for thread in self.threads:
            thread.start()

    def end(self):
        """Returns when all is sent and said, or the gateway has ended."""
        for thread in self.threads:
            thread.join()

    def stop(self):
        self.over = True
        self.end()

    def check_whole(self):
        """Before anything is sent again: those whose people the ward may see, since they are admitted."""
        waiting = self.survivor.witness.unanswered
        if not any(m.control in waiting for m in self.admissions):
            self.survivor.check_whole(WARD, [m for m in self.findings if m.others and m.control in waiting])

    def check(self):
        known = self.survivor.witness.acknowledged
        self.survivor.check_visible(WARD, [m for m in self.findings if m.control in known])
        self.survivor.check_visible(PRACTICE, [m for m in self.records if m.control in known])


def kill_at_random(survivor, chance):
    survivor.witness.await_words(chance.randint(0, 120), PATIENCE, survivor.alive)
    survivor.kill()
    return "at random"


def kill_at_step(survivor, chance):
    step = chance.choice(STEPS)
    survivor.witness.await_words(chance.randint(0, 10), PATIENCE, survivor.alive)
    if step.after:
        survivor.faults.arm(step.after[0], step.after[1], WATCH, plan=1)
    survivor.faults.arm(step.operation, step.path, chance.choice((KILL, KILL_AFTER)),
                        skip=chance.randint(0, 5) if step.often else 0, after=1 if step.after else -1)
    if step.at_stop:
        survivor.process.terminate()
    try:
        survivor.process.wait(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        survivor.kill()
    struck = survivor.faults.struck()
    survivor.faults.disarm()
    return "at a step" if struck else "at random"


def kill_at_start(survivor, chance):
    """As at random; the next start, with all its recovery, is then killed too."""
    where = kill_at_random(survivor, chance)
    survivor.faults.arm(OPEN | WRITE | SYNC | RENAME | SEND, "", chance.choice((KILL, KILL_AFTER)),
                        skip=chance.randint(0, 150))
    return where


def compare(survivor, life):
    life.check_whole()
    survivor.send_again()
    survivor.check_journal()
    life.check()
    survivor.check_receipts()


def main():
    asked = Asked("R1", "kills with -9 in ingest and viewing", ci=500, release=10_000)
    survivor = Survivor().start()
    where, life, at_start = {}, None, 0
    try:
        for number in asked:
            chance = random.Random(number)
            if life:
                compare(survivor, life)
            life = Life(survivor, number)
            life.begin()
            how = chance.choices((kill_at_random, kill_at_step, kill_at_start), (4, 5, 1))[0](survivor, chance)
            life.end()
            where[how] = where.get(how, 0) + 1
            at_start += survivor.start_anew()
        compare(survivor, life)
        assert survivor.stop() == 0
        survivor.check_logs()
        asked.end(kills=where, and_in_a_start=at_start, acknowledged=len(survivor.witness.acknowledged), lost=0,
                  shown_twice=0, answers=survivor.witness.total_receipts, without_leaf=0,
                  ready_p99_ms=round(1000 * percentile(survivor.ready_seconds, 0.99)))
    finally:
        survivor.end()


if __name__ == "__main__":
    main()
