"""The way in over MLLP: acknowledgements, the journal behind them, and what a kill leaves."""

import ctypes
import os
import pathlib
import random
import select
import sqlite3
import threading
import unittest

from trial import ALLERGY, PB, Trial, ack_code, admission, person_segment


def journal(trial):
    """(control id, disposition) of every message, read past the gateway from its store."""
    with sqlite3.connect(f"file:{trial.folder}/data/store.db?mode=ro", uri=True) as database:
        return database.execute("SELECT control_id, disposition FROM journal ORDER BY rowid").fetchall()


class Intake(unittest.TestCase):
    def setUp(self):
        self.trial = Trial().start()
        self.mllp = self.trial.mllp()

    def tearDown(self):
        self.mllp.close()
        self.trial.end()

    def test_a_resend_is_a_duplicate_and_other_bytes_under_the_same_id_are_quarantined(self):
        first = admission("SAME0001", more=(ALLERGY,))
        other = admission("SAME0001", more=("DG1|1||R07.4^Chest pain^I10||20261121|A",))
        self.assertEqual([ack_code(self.mllp.exchange(m)) for m in (first, first, other)], ["AA"] * 3)
        self.assertEqual([row[1] for row in journal(self.trial)], ["accepted", "duplicate", "quarantined"])

    def test_what_may_not_be_sent_again_is_rejected_and_journalled_and_the_next_message_is_unaffected(self):
        wrong = [admission("BAD00001", processing="T"), admission("BAD00002", processing="D"),
                 admission("BAD00003", sender="ZT2"), admission("BAD00004", event="A99"), "this is no message",
                 "MSH|^~\\&|PAS|ZT1\r"]
        self.assertEqual([ack_code(self.mllp.exchange(m)) for m in wrong], ["AR"] * len(wrong))
        self.assertEqual(ack_code(self.mllp.exchange(admission("GOOD0001"))), "AA")
        dispositions = [row[1] for row in journal(self.trial)]
        self.assertEqual(dispositions, ["rejected"] * len(wrong) + ["accepted"])

    def test_a_rejection_names_segment_and_field_and_no_value(self):
        reply = self.mllp.exchange(admission("BAD00005", person="PID|1||||HADRIAN^AELIA||19621399|F"))
        self.assertEqual(ack_code(reply), "AR")
        self.assertIn("PID", reply)
        for value in ("HADRIAN", "AELIA", "19621399"):
            self.assertNotIn(value, reply)

    def test_pipelined_messages_are_answered_in_order(self):
        controls = [f"PIPE{i:04d}" for i in range(100)]
        for control in controls:
            self.mllp.send(admission(control))
        replies = [self.mllp.reply() for _ in controls]
        self.assertEqual([next(s for s in r.split("\r") if s.startswith("MSA")).split("|")[2] for r in replies], controls)

    def test_a_number_with_other_demographics_waits_for_an_officer_who_settles_it(self):
        self.assertEqual(ack_code(self.mllp.exchange(admission("WAIT0001", more=(ALLERGY,)))), "AA")
        other = person_segment(local="Q999", family="SEVERUS", given="LUCIUS", born="19700101")
        self.assertEqual(ack_code(self.mllp.exchange(admission("WAIT0002", person=other))), "AA")
        self.assertEqual([row[1] for row in journal(self.trial)], ["accepted", "awaiting_identity"])
        identity = PB["identity"]
        officer = self.trial.caller("ZI1", "desk", "identity-officer", "LIDENTITY")
        items = officer.call("IdentityService", "ListQueue", identity.ListQueueRequest()).items
        waiting = [item for item in items if item.kind == "awaiting_identity"]
        self.assertEqual(len(waiting), 1)
        shown = officer.call("IdentityService", "ShowQueueItem",
                             identity.ShowQueueItemRequest(item_id=waiting[0].item_id))
        self.assertTrue(shown.candidates)
        linked = officer.call("IdentityService", "Link", identity.LinkRequest(item_id=waiting[0].item_id))
        self.assertEqual(linked.messages_applied, 1)
        self.assertEqual(journal(self.trial)[1][1], "accepted")

    def test_an_acknowledged_message_survives_a_kill(self):
        acknowledged = []

        def feed():
            try:
                for i in range(100_000):
                    control = f"KILL{i:06d}"
                    if ack_code(self.mllp.exchange(admission(control, more=(ALLERGY,)))) == "AA":
                        acknowledged.append(control)
            except OSError:
                pass

        kills = 5
        for round_number in range(kills):
            feeder = threading.Thread(target=feed)
            feeder.start()
            wanted = len(acknowledged) + random.randint(5, 60)
            while len(acknowledged) < wanted and feeder.is_alive():
                feeder.join(0.005)  # a kill in the midst of the stream, wherever it is by then
            self.trial.kill()
            feeder.join()
            self.mllp.close()
            self.trial.start()
            self.mllp = self.trial.mllp()
        held = {row[0] for row in journal(self.trial) if row[1] in ("accepted", "duplicate")}
        print(f"{kills} kills, {len(set(acknowledged))} acknowledged, {len(set(acknowledged) - held)} lost")
        self.assertEqual(set(acknowledged) - held, set())


class IntakeOverTls(unittest.TestCase):
    def setUp(self):
        self.trial = Trial().start()
        self.addCleanup(self.trial.end)

    def test_a_feed_takes_messages_from_its_own_certificate_and_no_other(self):
        own = self.trial.mllp("moorland-pas", "ZT2-moorland-pas")
        self.assertEqual(ack_code(own.exchange(admission("TLS00001", sender="ZT2"))), "AA")
        self.assertEqual(ack_code(own.exchange(admission("TLS00002", sender="ZT1"))), "AR")
        own.close()
        other = self.trial.mllp("moorland-pas", "ZT1-quayside-epr")
        with self.assertRaises(OSError):
            other.exchange(admission("TLS00003", sender="ZT2"))
        other.close()
        self.assertEqual([row[0] for row in journal(self.trial)], ["TLS00001", "TLS00002"])

    def test_plain_bytes_on_a_tls_feed_get_nothing(self):
        plain = self.trial.mllp("moorland-pas")
        with self.assertRaises(OSError):
            plain.exchange(admission("TLS00004", sender="ZT2"))
        plain.close()
        self.assertEqual(journal(self.trial), [])


class Arrivals:
    """Waits for files to be moved into folders (inotify)."""

    def __init__(self, *folders):
        libc = ctypes.CDLL(None, use_errno=True)
        self.descriptor = libc.inotify_init()
        for folder in folders:
            folder.mkdir(exist_ok=True)
            libc.inotify_add_watch(self.descriptor, str(folder).encode(), 0x180)  # IN_MOVED_TO | IN_CREATE

    def wait(self):
        if not select.select([self.descriptor], [], [], 30)[0]:
            raise AssertionError("nothing arrived in half a minute")
        os.read(self.descriptor, 65536)


class Folder(unittest.TestCase):
    def test_a_file_is_taken_once_it_is_whole_and_moved_after_its_outcome(self):
        trial = Trial().start()
        self.addCleanup(trial.end)
        record = pathlib.Path(__file__).parents[2] / "deploy/trial/messages/gp-record.json"
        inbox = trial.folder / "inbox/practices"
        arrivals = Arrivals(inbox / "accepted", inbox / "refused")
        (inbox / ".record.part").write_bytes(record.read_bytes().replace(b"Z99001", b"Z99002"))
        (inbox / ".record.part").rename(inbox / "record.json")
        (inbox / "broken.json").write_bytes(b"{")
        while len([*inbox.glob("accepted/*"), *inbox.glob("refused/*")]) < 3:
            arrivals.wait()
        self.assertEqual([p.name for p in inbox.glob("accepted/*")], ["record.json"])
        self.assertEqual(sorted(p.name for p in inbox.glob("refused/*")), ["broken.json", "broken.json.reason.txt"])


if __name__ == "__main__":
    unittest.main()
