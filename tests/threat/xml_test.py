"""T23, and T33 of documents that are sent: XML that would have its reader open files, connect to hosts or run out of memory. Each has
its outcome, and whatever it is, no file was opened and nobody was called."""

import ctypes
import os
import pathlib
import re
import select
import socket
import unittest

import grpc

import address_cases
import xml_cases
from attack import MEBIBYTE, Good, ack_code, attacked, report
from told.house import FEEDS, AllFeeds
from trial import PB, Trial, nhs_number

MOST_GROWTH = 400 * MEBIBYTE  # a message of 16 MiB takes some ten times that while it is read, and two are read at once
OUTCOMES = {PB["intake"].DISPOSITION_ACCEPTED: "accepted", PB["intake"].DISPOSITION_REJECTED: "rejected"}
IN_ACCESS_OR_OPEN = 0x21


class Snare:
    """A file that tells when it is opened, and a port that tells when it is called, on all addresses of this host."""

    def __init__(self, folder):
        self.file = folder / "bait.txt"
        self.file.write_text("canary-of-the-file")
        libc = ctypes.CDLL(None, use_errno=True)
        self.watch = libc.inotify_init()
        assert libc.inotify_add_watch(self.watch, str(self.file).encode(), IN_ACCESS_OR_OPEN) > 0
        self.listener = socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True)
        self.listener.setblocking(False)

    def bait(self):
        return xml_cases.Bait(str(self.file), f"127.0.0.1:{self.listener.getsockname()[1]}")

    def sprung(self):
        """What touched it since it was last asked."""
        opened = bool(select.select([self.watch], [], [], 0)[0]) and bool(os.read(self.watch, 65536))
        called = bool(select.select([self.listener], [], [], 0)[0])
        if called:
            self.listener.accept()[0].close()
        return [what for what, was in (("opened", opened), ("called", called)) if was]

    def close(self):
        os.close(self.watch)
        self.listener.close()


class Documents(unittest.TestCase):
    def setUp(self):
        self.trial = attacked()
        self.addCleanup(self.trial.end)
        self.nurses = self.trial.caller("ZC1", "district-nursing", "nurse-system", "R8000")
        self.snare = Snare(self.trial.folder)
        self.addCleanup(self.snare.close)

    def peak(self):
        """The most memory that the gateway ever had, in bytes."""
        return int(re.search(r"VmHWM:\s+(\d+)", pathlib.Path(f"/proc/{self.trial.process.pid}/status").read_text())[1]) * 1024

    def outcome(self, data):
        """What became of it, and the error that says why."""
        try:
            response, = self.nurses.submit("district-nursing", data)
        except grpc.RpcError as error:
            return error.code().name, ""
        return OUTCOMES.get(response.disposition, str(response.disposition)), response.error

    def test_T23_T33_each_document_has_its_outcome_and_nothing_is_opened_or_called(self):
        before, found, taken, tried = self.peak(), [], 0, 0
        with Good(self.trial) as good:
            for name, data, expected in xml_cases.cases(self.snare.bait()):
                said = self.outcome(data)
                tried += 1
                taken += said[0] == "accepted"
                right = said == ("accepted", "") if expected == xml_cases.TAKEN else said[0] == "rejected" and said[1] in expected
                sprung = self.snare.sprung()
                if not right or sprung:
                    found.append((name, said, sorted(expected), sprung))
        growth = self.peak() - before
        report("T23, T33", documents=tried, taken=taken, otherwise=len(found), most_growth=f"{growth / MEBIBYTE:.0f} MiB",
               good_calls=len(good.took), good_failures=len(good.failures))
        self.assertEqual(found, [], "\n".join(map(str, found)))
        self.assertEqual(good.failures, [])
        self.assertIsNone(self.trial.process.poll())
        self.assertLessEqual(growth, MOST_GROWTH)
        self.assertNotIn("canary-of-the-file", str(self.trial.caller("ZT1", "quayside-epr", "dr", "R8000").view()))
        rows = dict(self.trial.query("SELECT disposition, COUNT(*) FROM journal WHERE feed = 'district-nursing' GROUP BY 1"))
        self.assertEqual(rows, {"accepted": taken, "rejected": tried - taken})

    def test_the_snare_tells_when_it_is_touched(self):
        self.assertEqual(self.snare.sprung(), [])
        self.snare.file.read_text()
        socket.create_connection(self.snare.bait().host.split(":"), timeout=10).close()
        self.assertEqual(self.snare.sprung(), ["opened", "called"])
        self.assertEqual(self.snare.sprung(), [])


class EveryFeed(AllFeeds, Trial):
    pass


class Addresses(unittest.TestCase):
    """Of T33: every format that can hold an address, and the views of what was sent."""

    def test_T33_no_address_in_any_format_is_opened_or_called(self):
        trial = attacked(FEEDS, of=EveryFeed)
        self.addCleanup(trial.end)
        snare = Snare(trial.folder)
        self.addCleanup(snare.close)
        hospital = trial.mllp("moorland-pas", "ZT2-moorland-pas")
        self.addCleanup(hospital.close)
        doctor, found, feeds, tried = trial.caller("ZT1", "quayside-epr", "dr", "R8000"), [], set(), 0
        for feed, name, message in address_cases.cases(snare.bait(), nhs_number):
            if feed == "moorland-pas":
                taken, why = ack_code(hospital.exchange(message)) == "AA", ""
            else:
                answer, = trial.submit_to(feed, [message])
                taken, why = answer.disposition == PB["intake"].DISPOSITION_ACCEPTED, f"{answer.error} {answer.place}"
            tried += 1
            feeds.add(feed)
            if not taken or snare.sprung():
                found.append((name, why))
        for person in range(len(snare.bait().addresses())):
            view = doctor.view(nhs_number(person), purpose="EMERGENCY", reason_code="LIFE").view
            self.assertTrue(view.entries)
        report("T33 every format", messages=tried, feeds=len(feeds), otherwise=len(found))
        self.assertEqual(found, [], "\n".join(map(str, found)))
        self.assertEqual(snare.sprung(), [])


if __name__ == "__main__":
    unittest.main()
