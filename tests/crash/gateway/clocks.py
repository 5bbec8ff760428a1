"""R6: clocks that are wrong, jump, or come to the hours that are not there or come twice.

Two clocks: the world's, which this program, its certificates and its tokens live by, and the gateway's, which may differ.
Messages are always taken; users are served within the tokens' leeway and refused beyond it; the order of the log is that of
its indexes, never of a clock; both clocks are kept in every leaf; nothing that waits waits by the wall.
"""

import datetime
import json
import os
import signal
import struct
import sys
import tempfile
import time

import grpc

from asked import Asked
from faults import Faults
from kills import Life
from people import finding
from survivor import STRANGER, WARD, Survivor
from trial import nhs_number

DAY = 24 * 3600
FURTHEST = 150  # seconds that a clock jumps under load
WENT_BACK = 40  # the exit status of a case whose log's wall clock went back


class Bench:
    """One case: a gateway in a world, and what is asked of it."""

    def __init__(self, world, number, when=None):
        now = datetime.datetime.now(datetime.timezone.utc)
        off = (when - now).total_seconds() if when else 0
        world.set_clock_off(off - 2 * DAY)  # certificates are never as new as a trial's
        self.survivor = Survivor()
        world.set_clock_off(off)
        self.world, self.number = world, number
        self.person = nhs_number(number)
        self.sent = 0
        self.go(0)

    def go(self, seconds):
        """Sets the gateway's clock off the world's by so much."""
        self.survivor.faults.set_clock_off(self.world.control.clock_nanoseconds / 1e9 + seconds)

    def start(self):
        self.survivor.start()
        self.tell(event="A01")
        return self

    def tell(self, **more):
        message = finding(f"T{self.number}-{self.sent}", self.person, **more)
        self.sent += 1
        assert self.survivor.send([message]) == ["AA"]

    def ask(self, who=WARD, fresh=False):
        """The outcome, or the status where there is none."""
        if fresh:
            self.survivor.hang_up()
            self.survivor.tokens.clear()
        answer = self.survivor.answer(self.survivor.ask(who, self.person))
        return answer.code() if isinstance(answer, grpc.RpcError) else answer.WhichOneof("outcome")

    def hears_of_jump(self, seconds):
        """Within a look or two the alarm says by how much."""
        log, deadline = self.survivor.log, time.monotonic() + 30
        said = []
        while not any(abs(each / 1000 - seconds) < 5 for each in said):
            assert time.monotonic() < deadline, f"no alarm of a jump by {seconds} s: {said}"
            self.survivor.samples()  # it lives, and is not waited for in vain
            lines = (json.loads(line) for line in log.read_text().splitlines() if '"clock.jumped"' in line)
            said = [line["milliseconds"] for line in lines]

    def end(self):
        """With a clock that is right again: everything is there, and the log is in its own order."""
        self.go(0)
        assert self.ask(fresh=True) == "view"
        self.survivor.check_journal()
        own = [m for m in self.survivor.witness.acknowledged.values() if m.number == self.person]
        self.survivor.check_visible(WARD, own)
        self.survivor.check_receipts()
        assert self.survivor.stop() == 0
        self.survivor.check_logs()
        leaves = list(clocks_of(self.survivor.folder / "data/audit/segment/00000000000000000000"))
        monotonic = [each for _, each in leaves]
        assert monotonic == sorted(monotonic)
        wall = [each for each, _ in leaves]
        self.survivor.end()
        return wall != sorted(wall)


def clocks_of(segment):
    """(wall in microseconds, monotonic in nanoseconds) of every leaf in its order, by audit/FORMAT.md alone."""
    data, at = segment.read_bytes(), 4096
    while data[at:at + 4] == b"GRP1":
        count, _, size = struct.unpack_from(">IQQ", data, at + 4)
        record = at + 80
        for _ in range(count):
            payload = struct.unpack_from(">I", data, record + 8)[0]
            yield struct.unpack_from(">qq", data, record + 12 + 22)
            record += 98 + payload
        at += -(-(80 + size) // 4096) * 4096


REFUSED = grpc.StatusCode.UNAUTHENTICATED


def a_day_ahead_suddenly(world, number):
    bench = Bench(world, number).start()
    assert bench.ask() == "view"
    bench.go(DAY)
    assert bench.ask() == REFUSED, "the token of yesterday"
    bench.hears_of_jump(DAY)
    bench.tell()
    return bench.end()


def a_day_back_suddenly(world, number):
    bench = Bench(world, number).start()
    assert bench.ask() == "view"
    bench.go(-DAY)
    assert bench.ask() == REFUSED, "a token of tomorrow, seen before or not"
    bench.hears_of_jump(-DAY)
    bench.tell()
    return bench.end()


def within_the_leeway(world, number):
    bench = Bench(world, number).start()
    for seconds in (25, -25):
        bench.go(seconds)
        assert bench.ask(fresh=True) == "view"
        bench.tell()
    return bench.end()


def beyond_the_leeway(world, number):
    bench = Bench(world, number).start()
    bench.go(-61)
    assert bench.ask(fresh=True) == REFUSED
    bench.go(30 * 60 + 61)
    assert bench.ask(fresh=True) == REFUSED
    bench.tell()
    return bench.end()


def started_a_day_ahead(world, number):
    bench = Bench(world, number)
    bench.go(DAY)
    bench.start()
    assert bench.ask() == REFUSED
    return bench.end()


def before_its_certificates(world, number):
    """It does not start, and says why; running, it admits nobody anew, and everybody once the clock is right."""
    bench = Bench(world, number)
    bench.go(-3 * DAY)
    try:
        bench.survivor.start()
        raise SystemExit("it started before its own certificates and lists")
    except AssertionError as refused:
        assert "check this machine's clock" in str(refused), refused
    bench.go(0)
    bench.start()
    bench.go(-3 * DAY)
    assert bench.ask(fresh=True) == grpc.StatusCode.UNAVAILABLE
    return bench.end()


def utc(*words):
    return datetime.datetime(*words, tzinfo=datetime.timezone.utc)


def told_at(bench, moment):
    """What a view says of a diagnosis at that moment of local time."""
    bench.tell(more=(f"DG1|2||{moment}^^L|At {moment}|{moment}|A",))
    answer = bench.survivor.answer(bench.survivor.ask(WARD, bench.person))
    assert not isinstance(answer, grpc.RpcError), answer
    view = answer.view
    return next(str(entry.effective) for entry in view.entries if entry.what.text == f"At {moment}")


def the_hour_that_comes_twice(world, number):
    bench = Bench(world, number, utc(2027, 10, 31, 0, 59, 58)).start()
    assert "TIME_ZONE_AMBIGUOUS" in told_at(bench, "202710310130")
    bench.go(4)
    assert bench.ask() == "view"
    return bench.end()


def the_hour_that_is_not_there(world, number):
    bench = Bench(world, number, utc(2027, 3, 28, 0, 59, 58)).start()
    assert "TIME_ZONE_SKIPPED" in told_at(bench, "202703280130")
    bench.go(4)
    assert bench.ask() == "view"
    return bench.end()


def a_leap_second(world, number):
    bench = Bench(world, number, utc(2026, 12, 31, 23, 59, 58)).start()
    for seconds in (1, 1.9, 1, 1.5, 2):
        bench.go(seconds)
        bench.tell()
        assert bench.ask() == "view"
    return bench.end()


def senders_five_minutes_apart(world, number):
    """Each message's own clock is kept, and moves nothing: what came last is what is current."""
    bench = Bench(world, number).start()
    person, now = bench.person, datetime.datetime.now()
    for minutes, text in ((5, "From the one ahead"), (-5, "From the one behind")):
        said = finding(f"SENDER{minutes % 10}{text[-5:]}", person, more=(f"DG1|2||SAME^^L|{text}|20261121|A",))
        stamp = (now + datetime.timedelta(minutes=minutes)).strftime("%Y%m%d%H%M%S").encode()
        data = said.data.replace(b"20261121190000", stamp, 1)
        assert bench.survivor.send([type(said)(said.feed, said.control, person, said.finding, data)]) == ["AA"]
    view = bench.survivor.answer(bench.survivor.ask(WARD, person)).view
    texts = [entry.what.text for entry in view.entries]
    assert "From the one behind" in texts and "From the one ahead" not in texts, texts
    return bench.end()


def back_and_forth_under_load(world, number):
    """Evidence of a relationship begins when it came: after a jump back it counts once the clock is there again."""
    bench = Bench(world, number).start()
    life = Life(bench.survivor, 5000 + number)
    life.begin()
    for step in range(60):
        bench.survivor.witness.await_words(5, 5, bench.survivor.alive)
        bench.go((-1) ** step * FURTHEST * (step % 7) // 6)
    while len([c for c in bench.survivor.witness.acknowledged if c.startswith("L")]) < len(life.findings):
        bench.survivor.witness.await_words(1, 5, bench.survivor.alive)
    bench.go(FURTHEST + 1)
    life.check()
    life.stop()
    return bench.end()


def jumps_while_calls_wait_and_while_it_stops(world, number):
    """A refusal on its time grid, and the grace at the end, wait by a clock that nobody sets."""
    bench = Bench(world, number).start()
    for seconds in (-DAY, DAY):
        asked = bench.survivor.ask(STRANGER, bench.person)
        bench.go(seconds)
        answer = bench.survivor.answer(asked)
        assert not isinstance(answer, grpc.RpcError) or answer.code() != grpc.StatusCode.DEADLINE_EXCEEDED, answer
        bench.go(0)
    bench.survivor.hang_up()
    half = bench.survivor.mllp()
    half.socket.sendall(b"\x0bMSH|^~\\&|PAS")
    bench.survivor.process.send_signal(signal.SIGTERM)
    bench.go(-DAY)
    began = time.monotonic()
    assert bench.survivor.process.wait(timeout=60) == 0
    assert time.monotonic() - began < 20, "twice the grace of gateway.toml"
    half.close()
    bench.survivor.start()
    return bench.end()


CASES = (a_day_ahead_suddenly, a_day_back_suddenly, within_the_leeway, beyond_the_leeway, started_a_day_ahead,
         before_its_certificates, the_hour_that_comes_twice, the_hour_that_is_not_there, a_leap_second,
         senders_five_minutes_apart, back_and_forth_under_load, jumps_while_calls_wait_and_while_it_stops)


def run_case(number):
    """In a process of its own, under a clock that it can set; gives whether the log's wall clock went back."""
    with tempfile.TemporaryDirectory(prefix="milecastle-world.") as folder:
        world = {"SURVIVAL_WORLD": folder, "SURVIVAL_CASE": str(number), **Faults(folder).environment()}
        code = os.spawnve(os.P_WAIT, sys.executable, [sys.executable, __file__], {**os.environ, **world})
    assert code in (0, WENT_BACK), f"{CASES[number % len(CASES)].__name__} ended with {code}"
    return code == WENT_BACK


def main():
    if "SURVIVAL_CASE" in os.environ:
        number = int(os.environ["SURVIVAL_CASE"])
        world = Faults(os.environ["SURVIVAL_WORLD"], anew=False)
        sys.exit(WENT_BACK if CASES[number % len(CASES)](world, number) else 0)
    asked = Asked("R6", "clocks", ci=len(CASES), release=len(CASES) * 10)
    went_back = 0
    for number in asked:
        went_back += run_case(number)
        print(f"  {CASES[number % len(CASES)].__name__.replace('_', ' ')}", flush=True)
    asked.end(logs_whose_wall_clock_went_back_and_whose_order_did_not=went_back)


if __name__ == "__main__":
    main()
