"""R3: the disk is full, and then has space again.

Meanwhile a message is answered AE or FAILED and never taken for done, a call that must write is UNAVAILABLE, and views go
on: the log wrote its room beforehand. When space returns all goes on, in the same process.

Every write to the store's WAL fails from the n-th on; the last cases stand on a file system of their own that is really
full, where mounting one is permitted (they are replaced by the former, and said so, where it is not).
"""

import errno
import pathlib
import subprocess
import time

import grpc

from asked import Asked, percentile
from faults import FAIL, WRITE
from people import BORN, FAMILY, finding, practice_record
from survivor import WARD, PB, Survivor
from trial import nhs_number

REAL = 4  # of every twenty
SMALL_MEGABYTES = 96  # two logs with a segment in use and one ready, and a store


class SmallDisk:
    """A file system of its own below the gateway's data, filled at will."""

    def __init__(self, folder):
        self.folder = folder
        self.ballast = folder / "ballast"
        folder.mkdir()
        options = ["-t", "tmpfs", "-o", f"size={SMALL_MEGABYTES}m", "tmpfs", folder]
        self.mounted = subprocess.run(["mount", *options], capture_output=True, check=False).returncode == 0

    def fill(self):
        with self.ballast.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError as error:
                assert error.errno == errno.ENOSPC

    def end(self):
        if self.mounted:
            subprocess.run(["umount", "-l", self.folder], check=True)


class Full:
    """The moments of one case: full, and with space again."""

    def __init__(self, survivor, disk, number):
        self.survivor, self.disk, self.number = survivor, disk, number

    def __enter__(self):
        if self.disk:
            self.disk.fill()
        else:
            self.survivor.faults.arm(WRITE, "store.db-wal", FAIL, error=errno.ENOSPC, times=0, skip=self.number // 4 % 5)

    def __exit__(self, *_):
        if self.disk:
            self.disk.ballast.unlink()
        else:
            assert self.survivor.faults.struck(), "it was never full"
            self.survivor.faults.disarm()


def object_to_sharing(survivor, person):
    """A call that writes: gives the status it ended with."""
    consent = PB["consent"]
    request = consent.RecordConsentRequest(
        person=consent.PersonKey(nhs_number=person, birth_date=BORN, family_name=FAMILY),
        consent=consent.Consent(kind=consent.CONSENT_KIND_OBJECTION, by=consent.CONSENT_BY_PERSON))
    try:
        survivor.caller(*WARD).call("ConsentService", "RecordConsent", request)
        return grpc.StatusCode.OK
    except grpc.RpcError as error:
        return error.code()


def try_case(survivor, number, disk):
    """Gives the seconds from the return of space to the first acknowledgement."""
    person = nhs_number(3 * number)
    assert survivor.send([finding(f"F{number}", person, event="A01")]) == ["AA"]
    messages = [finding(f"F{number}-{i}", person) for i in range(3)]
    record = practice_record(f"G{number}", nhs_number(3 * number + 1))
    failed = PB["intake"].DISPOSITION_FAILED
    with Full(survivor, disk, number):
        assert survivor.send(messages, window=1) == ["AE"] * 3
        assert survivor.submit([record]) == [failed]
        assert object_to_sharing(survivor, person) == grpc.StatusCode.UNAVAILABLE
        assert survivor.answer(survivor.ask(WARD, person)).WhichOneof("outcome") == "view"
    began = time.monotonic()
    survivor.send_again()
    took = time.monotonic() - began
    assert survivor.submit([record]) and not survivor.witness.unanswered
    survivor.check_journal()
    survivor.check_visible(WARD, messages)
    assert object_to_sharing(survivor, person) == grpc.StatusCode.OK
    survivor.check_receipts()
    return took


def main():
    asked = Asked("R3", "disks that are full", ci=20, release=100)
    plain, survivor = Survivor().start(), Survivor()
    disk = SmallDisk(pathlib.Path(survivor.folder) / "data")
    took, really = [], 0
    try:
        if disk.mounted:
            survivor.start()
        for number in asked:
            real = disk.mounted and number % 20 >= 20 - REAL
            really += real
            took.append(try_case(survivor if real else plain, number, disk if real else None))
        for each in [plain, survivor] if disk.mounted else [plain]:
            assert each.stop() == 0
            each.check_logs()
        asked.end(on_a_file_system_really_full=really, lost=0, restarts=0,
                  taken_again_within_ms=round(1000 * percentile(took, 1)))
    finally:
        plain.end()
        disk.end()
        survivor.end()


if __name__ == "__main__":
    main()
