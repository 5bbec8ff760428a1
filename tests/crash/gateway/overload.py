"""R10: more calls than can be answered, by an open loop that waits for nobody.

What is refused hears so at once and in the catalogue's words; what is taken is answered; memory stays where its bounds put
it; emergency access is answered once it is asked again. Only correctness is a gate: the figures are printed.
"""

import threading
import time

import grpc

from asked import Asked, percentile
from people import BORN, FAMILY, finding
from survivor import STRANGER, WARD, Survivor
from trial import nhs_number, view_request

SMALL = {"call_threads = 4": "call_threads = 1", "call_queue = 256": "call_queue = 16"}
SECONDS = 3
MOST_GROWTH_MEGABYTES = 128
TRIES = 200  # of an emergency, one after another


class Load:
    """Calls at a fixed rate; every answer is counted when it comes."""

    def __init__(self, survivor, person, who=WARD, **more):
        caller = survivor.caller(*who)
        self.stub = caller.stub("PatientViewService", "GetPatientView")
        self.metadata = caller.metadata
        self.request = view_request(person, BORN, FAMILY, **more)
        self.lock = threading.Condition()
        self.sent = self.came = 0
        self.taken, self.refused, self.other, self.hints = [], [], [], 0

    def begin(self):
        began = time.monotonic()
        call = self.stub.future(self.request, timeout=30, metadata=self.metadata)
        self.sent += 1
        call.add_done_callback(lambda done: self.note(done, time.monotonic() - began))

    def note(self, done, seconds):
        with self.lock:
            self.came += 1
            if done.code() == grpc.StatusCode.OK:
                self.taken.append(seconds)
            elif done.code() == grpc.StatusCode.RESOURCE_EXHAUSTED:
                self.refused.append(seconds)
                self.hints += "try again" in (done.details() or "")
            else:
                self.other.append(done.code())
            self.lock.notify_all()

    def run(self, rate, seconds):
        """`rate` calls a second, whatever becomes of them; returns when every one has come back."""
        began = time.monotonic()
        due = 0
        while due < rate * seconds:
            if time.monotonic() - began >= due / rate:
                self.begin()
                due += 1
        with self.lock:
            assert self.lock.wait_for(lambda: self.came == self.sent, 60), "a call never came back"
        return self

    def closed_loop(self, seconds, outstanding=4):
        """The most that is answered when nobody is in a hurry: the capacity."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with self.lock:
                self.lock.wait_for(lambda: self.sent - self.came < outstanding, 30)
            self.begin()
        with self.lock:
            assert self.lock.wait_for(lambda: self.came == self.sent, 60)
        return len(self.taken) / seconds


def emergency(survivor, person):
    """Break glass under the load, asked again while it is refused: how often it had to be."""
    for tries in range(1, TRIES + 1):
        answer = survivor.answer(survivor.ask(STRANGER, person, purpose="EMERGENCY", reason_code="LIFE"))
        if not isinstance(answer, grpc.RpcError):
            assert answer.WhichOneof("outcome") == "view"
            return tries
        assert answer.code() == grpc.StatusCode.RESOURCE_EXHAUSTED, answer
    raise AssertionError(f"emergency access was refused {TRIES} times")


def try_factor(survivor, person, factor, capacity, before):
    load, tries = Load(survivor, person), []
    runner = threading.Thread(target=load.run, args=(capacity * factor, SECONDS), daemon=True)
    runner.start()
    while runner.is_alive():
        tries.append(emergency(survivor, person))
    runner.join()
    assert not load.other, f"neither answered nor refused: {load.other[:3]}"
    assert len(load.taken) + len(load.refused) == load.sent
    assert load.hints == len(load.refused), "a refusal says to try again"
    grown = (survivor.rss() - before) / (1 << 20)
    assert grown < MOST_GROWTH_MEGABYTES, f"memory grew by {grown} MB"
    print(f"  {factor}x: {load.sent} asked, goodput {len(load.taken) / SECONDS / capacity:.0%} of capacity, "
          f"p99 {1000 * percentile(load.taken, .99):.0f} ms, {len(load.refused)} refused, "
          f"p50 {1000 * percentile(load.refused, .5):.1f} ms, emergencies {len(tries)} answered, "
          f"at once {tries.count(1) / max(1, len(tries)):.0%}, memory {grown:+.0f} MB")


def main():
    factors = (1, 2, 5, 10)
    asked = Asked("R10", "loads of 1, 2, 5 and 10 times capacity", ci=len(factors), release=len(factors) * 10)
    survivor = Survivor(SMALL).start()
    person = nhs_number(1)
    try:
        assert survivor.send([finding("O", person, event="A01")]) == ["AA"]
        many = [finding(f"O{i}", person) for i in range(300)]  # views that cost something
        assert survivor.send(many) == ["AA"] * len(many)
        capacity = Load(survivor, person).closed_loop(SECONDS)
        before = survivor.rss()
        for number in asked:
            try_factor(survivor, person, factors[number % len(factors)], capacity, before)
        survivor.check_receipts()
        assert survivor.stop() == 0
        survivor.check_logs()
        asked.end(capacity_per_second=round(capacity))
    finally:
        survivor.end()


if __name__ == "__main__":
    main()
