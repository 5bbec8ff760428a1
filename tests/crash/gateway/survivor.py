"""A gateway that is killed and made to fail, and a witness who remembers every word that it said.

What the witness heard (an acknowledgement, an answer with its receipt) is held against what the gateway has after its next
start: by its own calls, by its store read past it, and by proofs checked here.
"""

import atexit
import base64
import queue
import threading
import time

import grpc

from faults import Faults
from people import BORN, FAMILY
from trial import LOGS, PB, Caller, Trial, ack_code, root_of, view_request

QUIET = {'log_level = "debug"': 'log_level = "info"'}
FIRST, SECOND = "milecastle.example/northmarch/audit", "milecastle.example/northmarch/audit-second"
WARD = ("ZT1", "quayside-epr", "dr-agricola", "R8000")
STRANGER = ("ZT2", "moorland-epr", "dr-boudica", "R8000")
PRACTICE = ("Z99001", "bridge-gp", "dr-nero", "R8000")
OFFICER = ("ZI1", "desk", "privacy-officer", "R0001")
TOKEN_SECONDS = 20 * 60  # of the thirty minutes that a trial's token lives
PROOFS = 8  # asked for at a time


class Witness:
    """What was said to the outside. Thread-safe."""

    def __init__(self):
        self.changed = threading.Condition()
        self.acknowledged = {}  # by control id; for good
        self.unanswered = {}  # sent; the sender does not know, and will send it again
        self.receipts = []  # since they were last proved
        self.words = 0
        self.total_receipts = 0

    def sends(self, message):
        with self.changed:
            self.unanswered[message.control] = message

    def hears_acknowledgement(self, message):
        with self.changed:
            self.unanswered.pop(message.control, None)
            self.acknowledged[message.control] = message
            self._heard()

    def hears_answer(self, response):
        """The receipt of an answer that reached a reader, whatever it holds."""
        with self.changed:
            self.receipts.append(response.receipt)
            self.total_receipts += 1
            self._heard()

    def _heard(self):
        self.words += 1
        self.changed.notify_all()

    def await_words(self, count, timeout, alive):
        """Returns when so many more words were heard, or nobody can say any."""
        with self.changed:
            wanted = self.words + count
            end = time.monotonic() + timeout
            while self.words < wanted and alive() and time.monotonic() < end:
                self.changed.wait(0.2)


class Survivor(Trial):
    def __init__(self, settings=None):
        super().__init__({**QUIET, **(settings or {})})
        self.faults = Faults(self.folder)
        self.environment = self.faults.environment()
        self.witness = Witness()
        self.tokens = {}
        self.ready_seconds = []
        atexit.register(self.put_down)  # a test that fails leaves nothing running

    def start(self):
        began = time.monotonic()
        self.faults.forget_the_dead()
        super().start()
        self.ready_seconds.append(time.monotonic() - began)
        self.callers = {}
        return self

    def start_anew(self):
        """Starts, however often a fault that is armed ends the start or what follows it; gives how often."""
        ended = 0
        while True:
            try:
                self.start()
            except AssertionError:
                assert self.process.poll() == -9, self.log.read_text()[-2000:]
            armed = any(plan.armed for plan in self.faults.control.plans)
            self.faults.disarm()
            if not (armed and self.faults.struck()):
                return ended
            self.process.wait()
            ended += 1

    def hang_up(self):
        for caller in self.callers.values():
            caller.channel.close()
        self.callers.clear()

    def stop(self):
        self.hang_up()  # a client that is not called takes its time to see that the server goes
        return super().stop()

    def put_down(self):
        if self.process and self.alive():
            self.kill()

    def alive(self):
        return self.process.poll() is None

    def caller(self, ods, system, user, *roles, launch=None):
        """As Trial's, kept for the life of the process, with a token that outlives it."""
        who = (ods, system, user, *roles)
        if who not in self.callers:
            token, issued = self.tokens.get(who, ("", -TOKEN_SECONDS))
            if time.monotonic() - issued >= TOKEN_SECONDS:
                token = self.token(ods, system, user, *roles, launch=launch)
                self.tokens[who] = (token, time.monotonic())
            self.callers[who] = Caller(self, ods, system, token)
        return self.callers[who]

    # Sending.

    def send(self, messages, window=8):
        """Over MLLP, `window` of them under way; ends early where the gateway does. Gives the acknowledgement codes."""
        codes = []
        try:
            mllp = self.mllp()
            for at in range(0, len(messages), window):
                for message in messages[at:at + window]:
                    self.witness.sends(message)
                    mllp.send(message.data)
                for message in messages[at:at + window]:
                    codes.append(ack_code(mllp.reply()))
                    if codes[-1] == "AA":
                        self.witness.hears_acknowledgement(message)
            mllp.close()
        except OSError:
            pass
        return codes

    def submit(self, messages, window=4):
        """As send(), over a stream of IntakeService.Submit. Gives the dispositions."""
        intake = PB["intake"]
        dispositions, waiting = [], queue.SimpleQueue()
        caller = self.caller(*PRACTICE)
        stream = caller.channel.stream_stream(
            "/milecastle.v1.IntakeService/Submit", request_serializer=lambda m: m.SerializeToString(),
            response_deserializer=intake.SubmitResponse.FromString)(
                iter(waiting.get, None), timeout=60, metadata=caller.metadata)
        try:
            for at in range(0, len(messages), window):
                for message in messages[at:at + window]:
                    self.witness.sends(message)
                    waiting.put(intake.SubmitRequest(feed="bridge-gp", message=message.data))
                for message in messages[at:at + window]:
                    dispositions.append(next(stream).disposition)
                    if dispositions[-1] in (intake.DISPOSITION_ACCEPTED, intake.DISPOSITION_DUPLICATE):
                        self.witness.hears_acknowledgement(message)
        except (grpc.RpcError, StopIteration):
            pass
        waiting.put(None)
        return dispositions

    def send_again(self):
        """What a sender does after a break: all that it has no acknowledgement for, in its order."""
        unanswered = list(self.witness.unanswered.values())
        said = [self.send([m for m in unanswered if m.feed == "quayside-pas"]),
                self.submit([m for m in unanswered if m.feed == "bridge-gp"])]
        assert not self.witness.unanswered, f"not taken again: {sorted(self.witness.unanswered)}: {said}"

    # Asking.

    def ask(self, who, number, **more):
        """One view under way; answer() waits for it."""
        caller = self.caller(*who)
        request = view_request(number, BORN, FAMILY, **more)
        return caller.stub("PatientViewService", "GetPatientView").future(request, timeout=30, metadata=caller.metadata)

    def answer(self, asked):
        """The answer, once the witness has noted it; or the error."""
        try:
            response = asked.result()
        except grpc.RpcError as error:
            return error
        self.witness.hears_answer(response)
        return response

    # Comparing, after a start.

    def check_journal(self):
        """Every acknowledged message is there, taken once, however often it came."""
        taken = {}
        for control, disposition in self.journal():
            taken.setdefault(control, []).append(disposition)
        lost = [c for c in self.witness.acknowledged if taken.get(c, []).count("accepted") != 1]
        assert not lost, f"acknowledged, and not there once: {[(c, taken.get(c)) for c in lost[:5]]}"

    def check_visible(self, who, messages):
        """A view of each person holds the finding of each message once."""
        by_number = {}
        for message in messages:
            for number, shown in message.shown():
                by_number.setdefault(number, []).append(shown)
        asked = {number: self.ask(who, number) for number in by_number}
        for number, wanted in by_number.items():
            response = self.answer(asked[number])
            held = [entry.what.text for entry in response.view.entries]
            wrong = [finding for finding in wanted if held.count(finding) != 1]
            assert not wrong, f"not visible once: {wrong[:5]} of {len(wanted)} findings; {len(held)} entries"

    def check_whole(self, who, messages):
        """Of a message that speaks of several people, acknowledged or not, all is there or nothing."""
        for message in messages:
            answers = [self.answer(self.ask(who, number)) for number, _ in message.shown()]
            errors = [answer for answer in answers if isinstance(answer, grpc.RpcError)]
            assert not errors, f"no answer after a start: {errors}"
            there = [[entry.what.text for entry in response.view.entries].count(shown)
                     for response, (_, shown) in zip(answers, message.shown())]
            assert there in ([0] * len(there), [1] * len(there)), f"half there: {message.control}: {there}"

    def check_receipts(self):
        """Every answer that was heard has its leaf: proved here, against the signed checkpoint's root."""
        audit, caller = PB["audit"], self.caller(*STRANGER)
        receipts, self.witness.receipts = self.witness.receipts, []
        stub = caller.stub("AuditService", "GetInclusionProof")
        for at in range(0, len(receipts), PROOFS):
            some = receipts[at:at + PROOFS]
            asked = [stub.future(audit.GetInclusionProofRequest(leaf_hash=r.leaf_hash, origin=r.origin), timeout=30)
                     for r in some]
            for receipt, each in zip(some, asked):
                check_proof(receipt, each.result())

    def check_logs(self):
        """Offline, of a stopped gateway: logs and store are sound, and every committed event has its leaf."""
        for name in LOGS:
            done = self.fsck(name)
            assert done.returncode == 0, done.stdout + done.stderr
        assert self.query("SELECT count(*) FROM outbox") == [(0,)], "committed events without a leaf"


def check_proof(receipt, proof):
    assert proof.leaf_index == receipt.leaf_index
    root = root_of(receipt.leaf_hash, proof.leaf_index, proof.tree_size, proof.hashes)
    assert base64.b64encode(root).decode() == proof.checkpoint.split("\n")[2], "the leaf is not in the tree"
