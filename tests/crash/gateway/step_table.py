"""The table of steps.py, row by row: each durable step of the running gateway failed, and failed although it was done.

What must follow stands in the table. After it, whatever was acknowledged is there once, whatever was answered has its leaf,
and no step that failed was tried again.
"""

import time

from asked import Asked
from faults import FAIL, FAIL_AFTER, WATCH
from people import bulk, finding
from steps import ENDS, STEPS
from survivor import FIRST, SECOND, WARD, Survivor
from trial import nhs_number

ACTIONS = {FAIL: "failed", FAIL_AFTER: "failed but persisted"}
CASES = [(step, action) for step in STEPS for action in ACTIONS]
BOUND_SECONDS = 60  # for a step that has its own rhythm, such as a checkpoint's: an end, and no gate
LARGE = bulk(13)  # seven of these fill the store's WAL beyond its checkpoint


def work(survivor, step, person, case):
    """Sends and asks until the step was struck; gives the last answer."""
    large = "checkpoint" in step.name and "store" in step.name
    attempt, end = 0, time.monotonic() + BOUND_SECONDS
    while time.monotonic() < end:
        attempt += 1
        message = finding(f"S{case}-{attempt}", person)
        if large:
            message = finding(f"S{case}-{attempt}", person, more=LARGE)
        survivor.send([message])
        answer = survivor.answer(survivor.ask(WARD, person))
        if survivor.faults.struck() or not survivor.alive():
            return answer
    raise AssertionError(f"this load never came to '{step.name}'")


def expect_end(survivor):
    code = survivor.process.wait(timeout=30)
    assert code == 70, f"ended with {code}"


def expect_second_log(survivor, person, case):
    """What was sealed is told only once the publisher is through: asked until it is, which is its own event."""
    end = time.monotonic() + BOUND_SECONDS
    while time.monotonic() < end:
        response = survivor.answer(survivor.ask(WARD, person))
        assert response.WhichOneof("outcome") == "view", response
        if response.receipt.origin == SECOND:
            break
    assert response.receipt.origin == SECOND, response.receipt.origin
    assert survivor.send([finding(f"S{case}-then", person)]) == ["AA"]
    assert survivor.alive()


def try_case(survivor, case, step, action):
    person = nhs_number(case)
    assert survivor.send([finding(f"S{case}", person, event="A01")]) == ["AA"]
    before = survivor.answer(survivor.ask(WARD, person))
    assert before.receipt.origin == FIRST, "a sealed log is well again after a start"
    if step.after:
        survivor.faults.arm(step.after[0], step.after[1], WATCH, plan=1)
    plan = survivor.faults.arm(step.operation, step.path, action, after=1 if step.after else -1)
    work(survivor, step, person, case)
    if step.expected == ENDS:
        expect_end(survivor)
    else:
        expect_second_log(survivor, person, case)
        survivor.kill()
    assert plan.struck == 1 and survivor.faults.later() == 0, "it was tried again"
    survivor.faults.disarm()
    survivor.start()
    survivor.send_again()
    survivor.check_journal()
    survivor.check_visible(WARD, [m for m in survivor.witness.acknowledged.values() if m.number == person])
    survivor.check_receipts()


def main():
    asked = Asked("R1", "durable steps failed, and failed but persisted", ci=len(CASES), release=len(CASES) * 10)
    survivor = Survivor().start()
    try:
        for number in asked:
            step, action = CASES[number % len(CASES)]
            try:
                try_case(survivor, number, step, action)
            except AssertionError as wrong:
                raise AssertionError(f"{step.name}, {ACTIONS[action]}: expected: {step.expected}") from wrong
            print(f"  {step.name}, {ACTIONS[action]}: {step.expected}")
        assert survivor.stop() == 0
        survivor.check_logs()
        asked.end(acknowledged=len(survivor.witness.acknowledged), lost=0, tried_again=0)
    finally:
        survivor.end()


if __name__ == "__main__":
    main()
