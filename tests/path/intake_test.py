"""The way in over MLLP: acknowledgements, the journal behind them, and what a kill leaves."""

import ctypes
import os
import pathlib
import random
import select
import subprocess
import threading
import unittest

import grpc

from trial import ALLERGY, PB, SOURCE, Trial, ack_code, admission, nhs_number, person_segment


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
        self.assertEqual([row[1] for row in self.trial.journal()], ["accepted", "duplicate", "quarantined"])

    def test_what_may_not_be_sent_again_is_rejected_and_journalled_and_the_next_message_is_unaffected(self):
        wrong = [admission("BAD00001", processing="T"), admission("BAD00002", processing="D"),
                 admission("BAD00003", sender="ZT2"), admission("BAD00004", event="A99"), "this is no message",
                 "MSH|^~\\&|PAS|ZT1\r"]
        self.assertEqual([ack_code(self.mllp.exchange(m)) for m in wrong], ["AR"] * len(wrong))
        self.assertEqual(ack_code(self.mllp.exchange(admission("GOOD0001"))), "AA")
        dispositions = [row[1] for row in self.trial.journal()]
        self.assertEqual(dispositions, ["rejected"] * len(wrong) + ["accepted"])

    def test_a_rejection_says_which_message_it_rejects_wherever_its_header_can_be_read(self):
        whole = admission("ECHO0001")
        header = whole.split("\r")[0]
        wrong = {
            "a character set that nobody knows": (whole.replace("|P|2.4", "|P|2.4||||||KLINGON"), "MSH-18"),
            "and bytes that are in none": (whole.replace("|P|2.4", "|P|2.4||||||KLINGON").encode() + b"ZZZ|\xff\r", "MSH-18"),
            "bytes that the set does not hold": (whole.encode() + b"NTE|1||\xff\xfe\r", "NTE-3"),
            "a version that is not read": (whole.replace("|P|2.4", "|P|3.0"), "MSH-12"),
            "a training message": (whole.replace("|P|2.4", "|T|2.4"), "MSH-11"),
            "no processing id": (whole.replace("|P|2.4", "||2.4"), "MSH-11"),
            "an event that is not carried": (whole.replace("ADT^A01", "ADT^A99"), "MSH-9"),
            "somebody else's message": (whole.replace("PAS|ZT1", "PAS|ZT2"), "MSH-4"),
            "a later line that is no segment": (header + "\rEVN|A01\rthis is none\r", "line 3"),
            "a second header": (whole + header + "\r", "MSH[2]"),
            "no ends of segments at all": (whole.replace("\r", " ") + "X" * 5000, ""),
        }
        for why, (message, place) in wrong.items():
            with self.subTest(why):
                reply = self.mllp.exchange(message)
                msa = next(s for s in reply.split("\r") if s.startswith("MSA")).split("|")
                self.assertEqual(msa[1:3], ["AR", "ECHO0001"], reply)
                self.assertIn(place, msa[3])
        self.assertEqual({row for row in self.trial.journal()}, {("ECHO0001", "rejected")})

    def test_a_rejection_names_segment_and_field_and_no_value(self):
        reply = self.mllp.exchange(admission("BAD00005", person="PID|1||||HADRIAN^AELIA||19621399|F"))
        self.assertEqual(ack_code(reply), "AR")
        self.assertIn("PID", reply)
        for value in ("HADRIAN", "AELIA", "19621399"):
            self.assertNotIn(value, reply)

    def test_results_of_several_patients_are_answered_once_and_each_is_in_the_right_record(self):
        people = {"9990000018": "Sodium of Aelia", "9990000026": "Potassium of Claudia"}
        for at, number in enumerate(people):
            person = person_segment(number, local=f"Q{number}")
            self.assertEqual(ack_code(self.mllp.exchange(admission(f"IN00000{at}", person=person))), "AA")
        lines = ["MSH|^~\\&|LIMS|ZT1|MILECASTLE|GATEWAY|20261121190000||ORU^R01|BATCH001|P|2.4"]
        for number, report in people.items():
            lines += [person_segment(number, local=f"Q{number}"), f"OBR|1||F1|^{report}|||20261121",
                      "PID|||||NOBODY^NAMED", "OBR|1||F1|^Report of nobody|||20261121"]
        reply = self.mllp.exchange("\r".join(lines) + "\r")
        self.assertEqual(ack_code(reply), "AA")
        self.assertIn("|4 patients: 2 accepted, 2 quarantined; patient 2 was not read, at PID[2]", reply)
        self.assertEqual(self.trial.journal()[-1], ("BATCH001", "quarantined"))
        ward = self.trial.caller("ZT1", "quayside-epr", "dr-agricola", "R8000")
        for number, report in people.items():
            shown = str(ward.view(number).view.entries)
            self.assertIn(report, shown)
            self.assertFalse([other for other in (*people.values(), "nobody") if other != report and other in shown])

    def test_of_several_patients_a_later_word_replaces_the_earlier_and_groups_out_of_order_reach_nobody(self):
        people = ("9990000018", "9990000026")
        one, other = (person_segment(number, local=f"Q{number}") for number in people)
        for at, person in enumerate((one, other)):
            self.assertEqual(ack_code(self.mllp.exchange(admission(f"IN00000{at}", person=person))), "AA")

        def results(control, *segments):
            header = f"MSH|^~\\&|LIMS|ZT1|MILECASTLE|GATEWAY|20261121190000||ORU^R01|{control}|P|2.4"
            return self.mllp.exchange("\r".join((header, *segments)) + "\r")

        def report(filler, value, status):
            return (f"OBR|1||{filler}|^Report {filler}|||20261121" + "|" * 18 + status,
                    f"OBX|1|ST|^Potassium||{value}||||||{status}")

        reply = results("TWICE001", one, *report("F1", "value-wrong", "F"), *report("F2", "value-deleted", "F"),
                        other, *report("F1", "value-other", "F"),
                        one, *report("F1", "value-right", "C"), *report("F2", "value-deleted", "D"))
        self.assertIn("|3 patients: 3 accepted\r", reply)
        reply = results("ORDER001", *report("F3", "value-stray", "F"), one, *report("F4", "value-stray", "F"), other)
        self.assertEqual(ack_code(reply), "AR")
        self.assertIn(" at OBR: ", reply)
        ward = self.trial.caller("ZT1", "quayside-epr", "dr-agricola", "R8000")
        values = ("value-wrong", "value-deleted", "value-right", "value-other", "value-stray")
        shown = [str(ward.view(number).view.entries) for number in people]
        self.assertEqual([[value for value in values if value in each] for each in shown], [["value-right"], ["value-other"]])

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
        self.assertEqual([row[1] for row in self.trial.journal()], ["accepted", "awaiting_identity"])
        identity = PB["identity"]
        officer = self.trial.caller("ZI1", "desk", "identity-officer", "LIDENTITY")
        items = officer.call("IdentityService", "ListQueue", identity.ListQueueRequest()).items
        waiting = [item for item in items if item.kind == "awaiting_identity"]
        self.assertEqual(len(waiting), 1)
        shown = officer.call("IdentityService", "ShowQueueItem",
                             identity.ShowQueueItemRequest(item_id=waiting[0].item_id))
        self.assertTrue(shown.candidates)
        with self.assertRaises(grpc.RpcError) as unexplained:
            officer.call("IdentityService", "Link", identity.LinkRequest(item_id=waiting[0].item_id))
        self.assertEqual(unexplained.exception.code(), grpc.StatusCode.INVALID_ARGUMENT)
        link = identity.LinkRequest(item_id=waiting[0].item_id, reason_code="demographics-agree")
        linked = officer.call("IdentityService", "Link", link)
        self.assertEqual(linked.messages_applied, 1)
        self.assertEqual(self.trial.journal()[1][1], "accepted")

    def test_a_person_is_severed_by_who_works_the_whole_system_and_confirmed_or_undone_by_a_second_person(self):
        self.assertEqual(ack_code(self.mllp.exchange(admission("SEVER001", more=(ALLERGY,)))), "AA")
        identity = PB["identity"]
        officer = self.trial.caller("ZI1", "desk", "identity-officer", "LIDENTITY")
        person = officer.call("IdentityService", "ShowPerson",
                              identity.ShowPersonRequest(nhs_number="9990000018")).person_id
        sever = ("identify", "sever", person, "--reason", "superseded")
        own = self.trial.caller("ZT1", "quayside-epr", "own-officer", "LIDENTITY")
        doctor = self.trial.caller("ZT1", "quayside-epr", "dr", "R8000")
        for other in (own, doctor):
            self.assertEqual(self.trial.ask(other, *sever).returncode, 3)
        self.assertEqual(self.trial.ask(officer, "identify", "sever", person, "--reason", "Anna Example").returncode, 2)
        done = self.trial.ask(officer, *sever)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(self.trial.ask(officer, *sever).returncode, 1, "it is done once")
        guardian = self.trial.caller("ZI1", "desk", "caldicott-guardian", "R5105")
        self.assertIn("sever_review", self.trial.ask(guardian, "identify", "queue").stdout)
        review, = self.trial.queue(guardian, "sever_review")
        self.assertEqual(done.stdout.count(review.item_id), 1)
        self.assertTrue(review.HasField("due"))
        self.assertEqual(self.trial.ask(officer, "identify", "close", review.item_id, "--outcome", "undone").returncode, 3)
        self.assertEqual(self.trial.ask(guardian, "identify", "close", review.item_id, "--outcome", "undone").returncode, 0)
        self.assertEqual(officer.call("IdentityService", "ShowPerson",
                                      identity.ShowPersonRequest(nhs_number="9990000018")).person_id, person, "found again")
        self.assertEqual(self.trial.ask(officer, *sever).returncode, 0)
        review, = self.trial.queue(guardian, "sever_review")
        self.assertEqual(self.trial.ask(guardian, "identify", "close", review.item_id, "--outcome", "confirmed").returncode, 0)
        self.assertEqual(self.trial.ask(guardian, "identify", "close", review.item_id, "--outcome", "undone").returncode, 1)
        # A later message that names the number under other details joins nobody, and names nobody.
        joins = admission("SEVER002", person=person_segment(local="Q200", family="OTHER", born="19900101"))
        self.assertEqual(ack_code(self.mllp.exchange(joins)), "AA")
        self.assertEqual(self.trial.journal()[1][1], "quarantined")
        audit = PB["audit"]
        privacy = self.trial.caller("ZI1", "desk", "privacy-officer", "R0001")
        entries = privacy.call("AuditService", "SearchEntries", audit.SearchEntriesRequest(case_reference="CASE-1")).entries
        said = [(entry.kind, entry.purpose, entry.outcome) for entry in entries]
        self.assertEqual(said.count(("refusal", "identity.sever", "refused")), 2)
        self.assertEqual(said.count(("identity", "identity.sever", "permitted")), 2)
        self.assertEqual(said.count(("identity", "identity.confirm", "permitted")), 2)
        self.assertEqual(said.count(("refusal", "identity.confirm", "refused")), 1)

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
        held = {row[0] for row in self.trial.journal() if row[1] in ("accepted", "duplicate")}
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
        self.assertEqual([row[0] for row in self.trial.journal()], ["TLS00001", "TLS00002"])

    def submit(self, *more, holder="ZT2-moorland-pas", to="localhost", ca="authority.pem", message="TLS00005"):
        certificates, file = self.trial.folder / "certificates", self.trial.folder / "message.hl7"
        file.write_text(admission(message, sender="ZT2"))
        return self.trial.run("submit", "--mllp", f"{to}:{self.trial.ports['moorland-pas']}", "--timeout", "10",
                              "--cert", certificates / f"clients/{holder}.pem", "--key",
                              certificates / f"clients/{holder}.key", "--ca", certificates / ca, *more, file)

    def test_the_command_line_submits_over_mutual_tls(self):
        for host in ("localhost", "127.0.0.1"):
            done = self.submit("--tls", to=host, message="TLS" + host)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn("AA", done.stdout)
        self.assertEqual([row[1] for row in self.trial.journal()], ["accepted"] * 2)

    def test_the_command_line_sends_nothing_to_a_listener_that_is_not_whom_it_should_be(self):
        named = self.submit("--tls", "--server-name", "elsewhere.example")
        self.assertEqual(named.returncode, 4)
        self.assertIn("--server-name", named.stderr)
        authority = self.submit("--tls", ca="issuers/ZT1.pem")
        self.assertEqual(authority.returncode, 2, authority.stderr)
        self.assertIn("ZT1.pem", authority.stderr)
        other = self.trial.folder / "certificates/other"
        subprocess.run([SOURCE / "deploy/trial-certificates", other], check=True, stdout=subprocess.DEVNULL)
        unknown = self.submit("--tls", ca="other/authority.pem")
        self.assertEqual(unknown.returncode, 4)
        self.assertIn("--ca", unknown.stderr)
        self.assertEqual(self.trial.journal(), [])

    def test_the_command_line_is_refused_with_a_certificate_that_is_not_the_feeds(self):
        self.assertEqual(self.submit("--tls", holder="ZT1-quayside-epr").returncode, 4)
        self.assertEqual(self.trial.journal(), [])

    def test_the_command_line_sends_in_plain_to_loopback_alone(self):
        done = self.submit(to="192.0.2.1")
        self.assertEqual(done.returncode, 2)
        self.assertIn("TLS", done.stderr)
        self.assertNotEqual(self.submit().returncode, 0, "a TLS feed, asked in plain")

    def test_plain_bytes_on_a_tls_feed_get_nothing(self):
        plain = self.trial.mllp("moorland-pas")
        with self.assertRaises(OSError):
            plain.exchange(admission("TLS00004", sender="ZT2"))
        plain.close()
        self.assertEqual(self.trial.journal(), [])


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

    def test_good_rows_of_a_councils_table_are_shown_and_bad_ones_listed_with_line_and_column(self):
        trial = Trial({'folder = "inbox/council"': 'folder = "inbox/council"\nshare_untraced = true\npatient_limit = 2'}).start()
        self.addCleanup(trial.end)
        row = "999;01.04.2026;30.06.2026;{number};TC-{at};{born};Adult;{what};20.04.2026;{to};Home care;Meals on wheels;{note}"
        rows = [row.format(number=nhs_number(at), at=at, born="13.07.1962", what="Package", to="", note=f"note of {at}")
                for at in range(5)]
        rows[1] = rows[1].replace("Package", "Parcel of Aelia")
        rows[3] = rows[3].replace("13.07.1962", "31.02.1962")
        rows[4] = rows[4].replace(";note", ';"note\nover lines') + '"'
        rows.append(rows[0] + ";too many")
        header = "Authority;Period from;Period to;NHS No;Mosaic ID;Born;Who;What;From;To;Kind of service;Component;Event_Description"
        inbox = trial.folder / "inbox/council"
        arrivals = Arrivals(inbox / "accepted", inbox / "refused")
        (inbox / ".return.csv").write_bytes("\r\n".join([header, *rows]).encode("cp1252"))
        (inbox / ".return.csv").rename(inbox / "return.csv")
        while len([*inbox.glob("accepted/*"), *inbox.glob("refused/*")]) < 2:
            arrivals.wait()
        reason = (inbox / "accepted/return.csv.reason.txt").read_text()
        self.assertEqual([line.split(": ")[1] for line in reason.splitlines()],
                         ["message.invalid at line 3, column Event_Type", "message.invalid at line 5, column Date_of_Birth",
                          "message.invalid at line 8, column 14"], reason)
        self.assertNotIn("Aelia", reason + trial.log.read_text())
        caller = trial.caller("ZT1", "quayside-epr", "dr-agricola", "R8000")
        for at, shown in enumerate([True, False, True, False, True]):
            seen = caller.view(nhs_number(at), purpose="EMERGENCY", reason_code="LIFE").view
            self.assertEqual(f"note" in str(seen.entries) and f"of {at}" in str(seen.entries), shown, seen)
            self.assertFalse([other for other in range(5) if other != at and f"of {other}" in str(seen.entries)])
            if shown:
                lagging = [line for line in seen.manifest.lines if line.reason == "lagging_return"]
                self.assertEqual({line.source for line in lagging}, {"ZL1"})
                self.assertEqual({line.as_of.seconds for line in lagging}, {1782777600})


if __name__ == "__main__":
    unittest.main()
