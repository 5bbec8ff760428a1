"""T35: nothing of a record leaves before its audit entry is durable, whatever happens between the question and the answer.

At each call of the operating system on that way (the n-th, of any kind and file) and at each step of the audit logs, the
process is killed, the call fails, hangs until it is released, or finds the disk full. The reader's system keeps every byte that
it hears. If any is of the record, then the receipt that came with it names a leaf that is in the log after a kill at that
moment and a new start; and an answer never comes while the write or sync of its own leaf hangs. Whoever hears no answer hears
an error of the catalogue. An emergency is treated alike, and so is a call for one document's bytes.

Every case kills the process as soon as it is decided, so that what was not kept is lost.
"""

import base64
import concurrent.futures
import dataclasses
import errno
import time

import grpc

from asked import Asked
from faults import FAIL, HANG, KILL, OPEN, READ, RENAME, SEND, SYNC, WATCH, WRITE
from people import BORN, FAMILY, Message, finding
from survivor import FIRST, SECOND, WARD, PB, Survivor
from trial import nhs_number, person_segment, view_request
from wire import Wire

VIEW = PB["view"]
ANY = OPEN | WRITE | SYNC | RENAME | SEND | READ
LOG, OTHER_LOG = "/audit/segment/0", "/audit-second/segment/0"
NAMES = {OPEN: "open", WRITE: "write", SYNC: "sync", RENAME: "rename", SEND: "send", READ: "read"}
EXPECTED = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)
LOOK = 0.1  # seconds in which an answer that must not come might
SYNCS, STRIKE, BEFORE = range(3)  # the plans


@dataclasses.dataclass(frozen=True)
class Point:
    name: str
    operations: int
    path: str = ""
    skip: int = 0
    all: bool = False  # every one, not the first alone
    before: tuple = ()  # (operations, path) that has to be seen first
    fails: bool = False  # and that fails too
    receipt_of: str = ""  # where the call fails: there is an answer, with a receipt of this log


CALLS = 31  # a view makes some 33, the last of them to send the answer
POINTS = (*(Point(f"call {n}", ANY, skip=n) for n in range(CALLS)),
          Point("store: every read", READ, "store.db", all=True),
          Point("log: write", WRITE, LOG, receipt_of=SECOND),
          Point("log: sync", SYNC, LOG, receipt_of=SECOND),
          Point("log: read", READ, LOG),
          Point("both logs: write", WRITE, OTHER_LOG, all=True, before=(WRITE, LOG), fails=True),
          Point("both logs: sync", SYNC, OTHER_LOG, all=True, before=(SYNC, LOG), fails=True),
          Point("second log: write after the first's sync", WRITE, OTHER_LOG, all=True, before=(SYNC, LOG), fails=True),
          Point("second log: sync after the first's write", SYNC, OTHER_LOG, all=True, before=(WRITE, LOG), fails=True),
          Point("answer: send after the sync", SEND, before=(SYNC, LOG)))
NEVER_ANSWERED = ("store: every read", "both logs", "second log")  # where the call fails
ACTIONS = {"crash": (KILL, 0), "error": (FAIL, errno.EIO), "hang": (HANG, 0), "full disk": (FAIL, errno.ENOSPC)}
QUESTIONS = ("DIRECT_CARE", "EMERGENCY", "document")


def letter(control, number):
    """A hospital's letter, its bytes within."""
    text = f"Finding {control}"
    lines = [f"MSH|^~\\&|LIMS|ZT1|MILECASTLE|GATEWAY|20261121190000||ORU^R01|{control}|P|2.4",
             person_segment(number, local=f"Q{number}"), f"OBR|1||{control}|^Letter|||20261121",
             f"OBX|1|ED|^Letter||^TEXT^PLAIN^Base64^{base64.b64encode(text.encode()).decode()}||||||F"]
    return Message("quayside-pas", control, number, text, ("\r".join(lines) + "\r").encode())


class Trials:
    def __init__(self, survivor):
        self.survivor, self.person = survivor, nhs_number(35)
        self.secrets = [finding("T35", self.person, event="A01"), letter("LETTER35", self.person)]
        assert survivor.send(self.secrets) == ["AA", "AA"]
        view = survivor.answer(survivor.ask(WARD, self.person)).view
        self.letter, = [each.entry_id for each in view.entries if each.document.content == self.secrets[1].finding.encode()]
        self.steps, self.counts, self.leaves = set(), dict.fromkeys(("answered", "refused", "not struck", "held back"), 0), set()

    def arm(self, point, action, error):
        faults = self.survivor.faults
        faults.arm(SYNC, "/segment/0", WATCH, times=0, plan=SYNCS)
        if point.before:
            faults.arm(*point.before, FAIL if point.fails else WATCH, times=0, plan=BEFORE)
        return faults.arm(point.operations, point.path, action, error=error, skip=point.skip, times=0 if point.all else 1,
                          after=BEFORE if point.before else -1, plan=STRIKE)

    def ask(self, wire, question):
        """(the call under way, what it is answered with)."""
        purpose = {"purpose": "EMERGENCY", "reason_code": "UNCONSCIOUS"} if question == "EMERGENCY" else {}
        request, method, answer = view_request(self.person, BORN, FAMILY, **purpose), "GetPatientView", VIEW.GetPatientViewResponse
        if question == "document":
            request = VIEW.GetDocumentRequest(request=request, entry_id=self.letter)
            method, answer = "GetDocument", VIEW.GetDocumentResponse
        stub = wire.caller.stub("PatientViewService", method)
        return stub.future(request, timeout=30, metadata=wire.caller.metadata), answer

    def run(self, point, question, word):
        """One question, to a gateway that has just started; it is killed when the outcome is there."""
        survivor, (action, error) = self.survivor, ACTIONS[word]
        wire = Wire(survivor, WARD)
        plan = self.arm(point, action, error)
        asked, answer = self.ask(wire, question)
        if action == HANG:
            self.hold(asked, plan, wire)
        said = asked.exception()
        struck, hit, place = plan.struck, plan.hit, plan.hit_path.decode()
        self.end_process(struck and action == KILL)
        wire.hang_up()
        survivor.faults.disarm()
        self.note(struck, hit, place)
        self.check(word, said, wire, answer)
        if struck and word in ("error", "full disk"):
            self.check_failure(point, said, wire.responses(answer))

    def hold(self, asked, plan, wire):
        """While the call hangs nothing comes that waits for it; then it is released."""
        while not plan.struck and not asked.done():
            time.sleep(0.001)  # for the other process: there is nothing to be told by
        try:
            asked.exception(timeout=LOOK)
        except (grpc.FutureTimeoutError, concurrent.futures.TimeoutError):
            pass
        if plan.struck and "/segment/0" in plan.hit_path.decode() and plan.hit in (WRITE, SYNC):
            earlier = self.survivor.faults.control.plans[SYNCS].seen - (plan.hit == SYNC)
            assert earlier or not self.disclosed(wire), "it answers while the write or sync of its leaf hangs"
            self.counts["held back"] += not self.disclosed(wire)
        self.survivor.faults.disarm()

    def disclosed(self, wire):
        return any(secret.finding.encode() in wire.heard for secret in self.secrets)

    def end_process(self, killed):
        process = self.survivor.process
        if killed:
            assert process.wait(timeout=30) == -9
        process.kill()
        assert process.wait() in (-9, 70), f"ended with {process.returncode}"

    def note(self, struck, hit, place):
        if not struck:
            self.counts["not struck"] += 1
            return
        parts = place.rpartition("/data/")
        name = parts[2] if parts[1] else place.split(":")[0]
        self.steps.add(f"{NAMES[hit]} {name.removesuffix('00000000000000000000')}")

    def check(self, word, said, wire, answer):
        """Of what was heard; the leaf itself after the next start."""
        responses = wire.responses(answer)
        if said is None:
            assert len(responses) == 1 and responses[0].WhichOneof("outcome") in ("view", "document"), responses
        else:
            assert said.code() in EXPECTED or self.is_unreadable(said, word), said
        assert responses or not self.disclosed(wire), "a part of the record, and no receipt"
        for response in responses:
            assert response.receipt.leaf_hash not in self.leaves, "the leaf of another answer"
            self.leaves.add(response.receipt.leaf_hash)
            self.survivor.witness.hears_answer(response)
        self.counts["answered" if responses else "refused"] += 1

    def is_unreadable(self, said, word):
        """SQLite takes a store that cannot be read (EIO) for a corrupt one, and so does the gateway."""
        return word == "error" and said.code() == grpc.StatusCode.INTERNAL and said.details().startswith("store.corrupt at ")

    def check_failure(self, point, said, responses):
        if point.name.startswith(NEVER_ANSWERED):
            assert not responses, responses
        if point.receipt_of:
            assert responses and responses[0].receipt.origin == point.receipt_of, f"{said}, {responses}"


def main():
    cases = [(point, word) for point in POINTS for word in ACTIONS]
    asked = Asked("T35", "disclosures with a fault on their way", ci=160, release=3_200)
    survivor = Survivor().start()
    try:
        trials = Trials(survivor)
        for number in asked:
            point, word = cases[number % len(cases)]
            question = QUESTIONS[(number // len(ACTIONS) + number // len(cases)) % len(QUESTIONS)]
            try:
                trials.run(point, question, word)
                survivor.start()
                survivor.check_receipts()
            except (AssertionError, grpc.RpcError) as wrong:
                raise AssertionError(f"case {number}: {point.name}, {word}, {question}") from wrong
        assert survivor.answer(survivor.ask(WARD, trials.person)).receipt.origin == FIRST
        assert survivor.stop() == 0
        survivor.check_logs()
        for step in sorted(trials.steps):
            print(f"  {step}")
        asked.end(**trials.counts, without_its_leaf=0)
    finally:
        survivor.end()


if __name__ == "__main__":
    main()
