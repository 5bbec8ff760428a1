"""R16: in each kind of request the n-th open, write, sync or send fails, for every n until the request gets through.

Each time the caller hears an error of the catalogue, or the process ends as steps.py has it; afterwards the gateway serves,
and has kept all that it acknowledged. (A failed allocation ends the process, in gRPC and in the C++ runtime alike: R1 covers
an end at any moment.)
"""

import grpc

from asked import Asked
from faults import FAIL, OPEN, RENAME, SEND, SYNC, WRITE
from people import BORN, FAMILY, finding, practice_record
from survivor import OFFICER, WARD, PB, Survivor
from trial import nhs_number

OPERATIONS = {"open": (OPEN, "/data/"), "store write": (WRITE, "store.db"), "store sync": (SYNC, "store.db"),
              "log write": (WRITE, "/segment/0"), "log sync": (SYNC, "/segment/0"), "rename": (RENAME, "/data/"),
              "send": (SEND, "")}
EXPECTED = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)
MOST = 400  # far more than any request needs
STRIDE = {"store write": 5}  # a commit has many, all alike, and each ends the process: crash_store fails every one


class Requests:
    """One of each kind; gives the error's status, or None where it got through."""

    def __init__(self, survivor):
        self.survivor, self.sent = survivor, 0
        self.person, self.objector = nhs_number(1), nhs_number(2)
        for person in (self.person, self.objector):
            assert survivor.send([finding(f"N-{person}", person, event="A01")]) == ["AA"]

    def view(self):
        answer = self.survivor.answer(self.survivor.ask(WARD, self.person))
        return answer.code() if isinstance(answer, grpc.RpcError) else None

    def message(self):
        self.sent += 1
        codes = self.survivor.send([finding(f"N{self.sent}", self.person)])
        assert codes in ([], ["AA"], ["AE"]), codes
        return None if codes == ["AA"] else grpc.StatusCode.UNAVAILABLE

    def submission(self):
        self.sent += 1
        intake = PB["intake"]
        done = self.survivor.submit([practice_record(f"N{self.sent}", nhs_number(100 + self.sent))])
        assert done in ([], [intake.DISPOSITION_ACCEPTED], [intake.DISPOSITION_FAILED]), done
        return None if done == [intake.DISPOSITION_ACCEPTED] else grpc.StatusCode.UNAVAILABLE

    def call(self, who, service, method, request):
        try:
            self.survivor.caller(*who).call(service, method, request)
        except grpc.RpcError as error:
            return error.code()
        return None

    def consent(self):
        consent = PB["consent"]
        request = consent.RecordConsentRequest(
            person=consent.PersonKey(nhs_number=self.objector, birth_date=BORN, family_name=FAMILY),
            consent=consent.Consent(kind=consent.CONSENT_KIND_OBJECTION, by=consent.CONSENT_BY_PERSON))
        return self.call(WARD, "ConsentService", "RecordConsent", request)

    def search(self):
        request = PB["audit"].SearchEntriesRequest(nhs_number=self.person, case_reference="R16")
        return self.call(OFFICER, "AuditService", "SearchEntries", request)

    def checkpoint(self):
        return self.call(WARD, "AuditService", "GetCheckpoint", PB["audit"].GetCheckpointRequest())


def fail_each(survivor, kind, name):
    """Gives at how many points it failed."""
    operation, path = OPERATIONS[name]
    stride = STRIDE.get(name, 1)
    for number in range(0, MOST, stride):
        plan = survivor.faults.arm(operation, path, FAIL, skip=number)
        said = kind()
        survivor.faults.disarm()
        struck = plan.struck
        if struck:
            assert said is None or said in EXPECTED, said
        if name == "send":
            survivor.hang_up()  # a client comes again on a new connection
        if struck and must_restart(survivor, name):
            restart(survivor)
        said = kind()
        assert said is None, f"it does not serve again: {kind.__name__}, {name} {number}: {said}"
        if not struck:
            return number // stride
    raise AssertionError(f"{kind.__name__} never gets through {path}")


def must_restart(survivor, name):
    """Whether the process has ended, or the first log is sealed, which it stays until the next start."""
    if name.startswith("store"):
        assert survivor.process.wait(timeout=30) == 70, "a store that failed to write ends the process"
        return True
    try:
        lines = survivor.caller(*WARD).call("OperationsService", "GetHealth", PB["operations"].GetHealthRequest(),
                                            metadata=()).lines
    except grpc.RpcError:
        assert survivor.process.wait(timeout=30) == 70
        return True
    return any(line.component == "audit" and not line.healthy for line in lines)


def restart(survivor):
    if survivor.alive():
        survivor.kill()
    survivor.start()


def main():
    kinds = ("view", "message", "submission", "consent", "search", "checkpoint")
    asked = Asked("R16", "kinds of request with every n-th failure", ci=len(kinds), release=len(kinds) * 10)
    survivor = Survivor().start()
    points = {}
    try:
        requests = Requests(survivor)
        for number in asked:
            kind = kinds[number % len(kinds)]
            for name in OPERATIONS:
                points[f"{kind} {name}"] = fail_each(survivor, getattr(requests, kind), name)
            survivor.send_again()
            survivor.check_journal()
            survivor.check_receipts()
        assert survivor.stop() == 0
        survivor.check_logs()
        asked.end(points_of_failure=sum(points.values()), by_kind=points)
    finally:
        survivor.end()


if __name__ == "__main__":
    main()
