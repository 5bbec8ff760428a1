"""What is linked to a sensitive code, and the words that give it away, are shut to whom the code is shut: from outside."""

import json
import time
import unittest

from trial import PB, Trial, admission, person_segment

RECORD = PB["record"]
CODE = RECORD.Coding(system="https://milecastle.example/trial-codes", code="SH-100", display="Trial code 100")
# A rule of an operator's own, with a word that means nothing.
LIGHTHOUSE = ('[[rule]]\nid = "lighthouse"\nlabel = "sexual_health"\nwords = ["lighthouse"]\n'
              '[[case]]\ntext = "the Lighthouse"\nlabels = ["sexual_health"]\n')


def entry(text, section="PROBLEMS", kind="PROBLEM", **more):
    return RECORD.Entry(section=getattr(RECORD, f"SECTION_{section}"), kind=getattr(RECORD, f"ENTRY_KIND_{kind}"),
                        status=RECORD.CLINICAL_STATUS_ACTIVE, verification=RECORD.VERIFICATION_CONFIRMED,
                        subject=RECORD.ENTRY_SUBJECT_PATIENT, intent=RECORD.INTENT_DONE,
                        what=more.pop("what", RECORD.Coded(text=text)), **more)


class Labels(unittest.TestCase):
    def setUp(self):
        self.trial = Trial({'name = "bridge-gp"\nadapter = "primary"': 'name = "bridge-gp"\nadapter = "canonical"\ntraces_numbers = true'}).start()
        self.addCleanup(self.trial.end)
        hospital = self.trial.mllp()
        hospital.exchange(admission("LAB00001"))
        hospital.close()
        self.sent = 0
        self.connect()

    def connect(self):
        self.practice = self.trial.caller("Z99001", "bridge-gp", "dr-galen", "R8000")
        # Its agreement covers the practice's record, and no sexual health.
        self.ward = self.trial.caller("ZT1", "quayside-epr", "dr-agricola", "R8000")

    def message(self, *drafts, withdrawn=()):
        self.sent += 1
        made = PB["contribution"].Contribution()
        made.header.control_id, made.header.event, made.header.sender = f"GP{self.sent}", "record", "Z99001"
        own = {key for key, _, _ in drafts}
        patient = made.patients.add(withdrawn_keys=withdrawn,
                                    earlier_keys=sorted({key for _, _, links in drafts for key in links} - own))
        patient.patient.CopyFrom(type(patient.patient)(
            nhs_number="9990000018", gp_practice="Z99001", birth_date="1962-07-13",
            tracing=PB["contribution"].NHS_NUMBER_TRACING_VERIFIED,
            names={"names": [{"family": "Hadrian", "given": "Aelia"}]},
            local_identifiers=[{"authority": "Z99001", "type": "PI", "value": "7"}]))
        for key, given, links in drafts:
            draft = patient.drafts.add(source_key=key)
            draft.entry.CopyFrom(given)
            for target in links:
                draft.links.add(relation="problem", source_key=target)
        return made.SerializeToString()

    def send(self, *drafts, **more):
        for outcome in self.practice.submit("bridge-gp", self.message(*drafts, **more)):
            self.assertEqual(outcome.disposition, PB["intake"].DISPOSITION_ACCEPTED, outcome)

    def seen(self, caller, source="Z99001"):
        response = caller.view()
        self.assertEqual(response.WhichOneof("outcome"), "view", response)
        return {e.what.text for e in response.view.entries if e.source == source and e.what.text}

    def hospital_says(self, event, clinic, *segments):
        """Of visit V2002."""
        self.sent += 1
        hospital = self.trial.mllp()
        reply = hospital.exchange("\r".join([
            f"MSH|^~\\&|PAS|ZT1|MILECASTLE|GATEWAY|20261122090000||{event}|V{self.sent}|P|2.4", person_segment(),
            f"PV1|1|O|{clinic}" + "|" * 16 + "V2002", *segments]) + "\r")
        hospital.close()
        self.assertIn("|AA|", reply)

    def send_the_record(self):
        """One message each; the letter before what it is of."""
        self.send(("letter", entry("Letter of May", "DOCUMENTS", "DOCUMENT", document=RECORD.Document(
            media_type="text/plain", title="Letter", content=b"See you again in a month.")), ["problem"]))
        self.send(("asthma", entry("Asthma"), []),
                  ("allergy", entry("Latex", "ALLERGIES", "ALLERGY"), ["problem"]))
        before = self.seen(self.ward)
        self.send(("problem", entry("", what=RECORD.Coded(text="Trial problem", codings=[CODE])), []))
        self.send(("visit", entry("Appointment of June", "CONTACTS_WITH_PROFESSIONALS", "ENCOUNTER"), ["problem"]))
        self.send(("result", entry("Swab of June", "INVESTIGATION_RESULTS", "OBSERVATION"), ["problem"]))
        self.send(("note", entry("Note of June", "CONTACTS_WITH_PROFESSIONALS", "STATEMENT",
                                 free_text=["Asked whether the G.U.M. had written."]), []))
        self.send(("page", entry("Page of June", "DOCUMENTS", "DOCUMENT", document=RECORD.Document(
            media_type="text/html", title="Page", content=b"<p>Se<b>xual</b>-health<br>Quayside</p>")), []))
        return before

    def test_letter_appointment_result_and_words_follow_the_code_whichever_came_first(self):
        self.assertEqual(self.send_the_record(), {"Letter of May", "Asthma", "Latex"})
        everything = {"Letter of May", "Asthma", "Latex", "Trial problem", "Appointment of June", "Swab of June",
                      "Note of June", "Page of June"}
        self.assertEqual(self.seen(self.practice), everything)
        self.assertEqual(self.seen(self.ward), {"Asthma", "Latex"}, "an allergy is never hidden by a link")

    def test_what_a_hospital_says_of_a_clinic_s_visit_follows_it_by_its_number_whichever_came_first(self):
        with (self.trial.folder / "code-sets/trial.csv").open("a") as codes:
            codes.write("http://snomed.info/sct,91936005,headline:allergy\n")
        self.trial.reload()
        self.send(("asthma", entry("Asthma"), []))  # the person is theirs
        of_before = self.seen(self.practice, "ZT1")
        self.hospital_says("ORU^R01", "", "OBR|1|P1|F1|^Swab", "OBX|1|ST|^Culture||growth")
        self.assertEqual(self.seen(self.practice, "ZT1") - of_before, {"Swab", "Culture"}, "nothing is known of the visit yet")
        self.hospital_says("ADT^A04", "GUM clinic", "DG1|1||A54^^I10|Infection", "DG1|2||91936005^^SNM3|Penicillin, told as a problem")
        self.hospital_says("MDM^T02", "", "TXA|1|^Letter||20261122||||||||D1", "OBX|1|TX|^Text||Come again.")
        self.hospital_says("ORM^O01", "", "ORC|NW|P2", "OBR|1|P2||^Blood test")
        self.assertEqual(self.seen(self.practice, "ZT1") - of_before, {"Penicillin, told as a problem"})
        self.assertLessEqual({"Swab", "Culture", "Infection", "Letter", "Blood test", "Outpatient attendance"},
                             self.seen(self.ward, "ZT1"))

    def test_neither_manifest_nor_log_gives_it_away(self):
        self.send_the_record()
        told = str(self.ward.view()) + self.trial.metrics() + self.trial.log.read_text()
        for word in ("sexual", "SH-100", "Trial problem", "G.U.M", "June", "lighthouse", "health-services"):
            self.assertNotIn(word, told)

    def test_what_was_withdrawn_still_shuts_what_is_linked_to_it(self):
        self.send_the_record()
        self.send(withdrawn=["problem"])
        self.assertEqual(self.seen(self.ward), {"Asthma", "Latex"})
        self.assertIn("Letter of May", self.seen(self.practice))

    def await_labels(self):
        """What changed, when all that is stored has the labels of the rules in force."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            samples = self.trial.samples()
            if samples.get("milecastle_labels_due") == 0:  # not there: nothing is noted of the rules yet
                return {change: samples[f'milecastle_labels_changed{{change="{change}"}}'] for change in ("gained", "lost")}
            time.sleep(0.05)
        raise AssertionError("what is stored was not labelled in a minute")

    def test_a_code_that_becomes_sensitive_shuts_what_is_stored_from_the_next_view_on(self):
        code = RECORD.Coding(system=CODE.system, code="TC-7", display="Trial code 7")
        self.send(("problem", entry("", what=RECORD.Coded(text="Plain problem", codings=[code])), []), ("asthma", entry("Asthma"), []),
                  ("letter", entry("Letter of May", "DOCUMENTS", "DOCUMENT"), ["problem"]))
        self.assertEqual(self.seen(self.ward), {"Plain problem", "Letter of May", "Asthma"})
        with (self.trial.folder / "code-sets/trial.csv").open("a") as codes:
            codes.write(f"{CODE.system},TC-7,sexual_health\n")
        self.trial.reload()
        self.assertEqual(self.seen(self.ward), {"Asthma"})
        self.assertEqual(self.seen(self.practice), {"Plain problem", "Letter of May", "Asthma"})
        self.assertEqual(self.await_labels(), {"gained": 1, "lost": 0})
        self.assertEqual(self.seen(self.ward), {"Asthma"})
        self.assertIn("labels.changed", self.trial.log.read_text())

    def test_a_word_that_becomes_a_rule_shuts_the_letter_and_opens_it_again_when_it_goes(self):
        rules = self.trial.folder / "label-rules/own.toml"
        self.send(("old", entry("Letter of May", "DOCUMENTS", "DOCUMENT", document=RECORD.Document(
            media_type="text/plain", title="Letter", content=b"Seen at the lighthouse.")), []), ("asthma", entry("Asthma"), []))
        self.assertEqual(self.seen(self.ward), {"Letter of May", "Asthma"})
        rules.write_text(LIGHTHOUSE)
        self.trial.reload()
        self.assertEqual(self.seen(self.ward), {"Asthma"})
        self.send(("new", entry("At the lighthouse, after"), []))
        self.assertEqual(self.seen(self.ward), {"Asthma"})
        self.await_labels()
        rules.unlink()
        self.trial.reload()
        self.assertEqual(self.await_labels(), {"gained": 0, "lost": 2})
        self.assertEqual(self.seen(self.ward), {"Letter of May", "At the lighthouse, after", "Asthma"})

    def test_a_kill_in_the_middle_shows_nothing_and_the_next_start_goes_on(self):
        count = 3000
        for first in range(0, count, 500):
            self.send(*[(f"p{i}", entry(f"At the lighthouse {i}"), []) for i in range(first, first + 500)])
        self.assertEqual(len(self.seen(self.ward)), count)
        (self.trial.folder / "label-rules/own.toml").write_text(LIGHTHOUSE)
        self.trial.reload()
        newest = "SELECT looked_at, upto FROM labellings ORDER BY seq DESC LIMIT 1"
        # At its first moment, and once it has begun to write; crash_store kills it at every operation.
        for written in (0, 1):
            while self.trial.query(newest)[0][0] < written:
                time.sleep(0.001)
            self.trial.kill()
            self.trial.start()
            self.connect()
            self.assertEqual(self.seen(self.ward), set())
        self.assertEqual(self.await_labels()["gained"], count)
        looked_at, upto = self.trial.query(newest)[0]
        self.assertEqual(looked_at, upto, "each of them once")
        self.assertEqual(self.seen(self.ward), set())
        self.assertEqual(self.trial.stop(), 0)
        self.assertEqual(self.trial.fsck("audit").returncode, 0)

    def test_a_start_with_other_rules_is_as_a_reload(self):
        self.send(("old", entry("At the lighthouse, before"), []))
        self.assertEqual(self.trial.stop(), 0)
        (self.trial.folder / "label-rules/own.toml").write_text(LIGHTHOUSE)
        self.trial.start()
        self.connect()
        self.assertEqual(self.seen(self.ward), set())
        self.assertEqual(self.await_labels()["gained"], 1)
        health = self.trial.ask(self.trial.caller("ZI1", "desk", "operator", "R8015"), "health")
        self.assertIn("labels", health.stdout + health.stderr)

    def test_what_rules_would_change_is_counted_before_they_are_in_force(self):
        self.send(("old", entry("At the lighthouse, before"), []),
                  ("letter", entry("Letter of May", "DOCUMENTS", "DOCUMENT"), ["old"]))
        (self.trial.folder / "label-rules/own.toml").write_text(LIGHTHOUSE)
        tried = self.trial.run("policy", "stored-labels", "--config", self.trial.config, "--json")
        self.assertEqual(tried.returncode, 0, tried.stderr)
        told = json.loads(tried.stdout)
        self.assertEqual([(c["source"], c["section"], c["label"], c["change"], c["entries"], c["people"]) for c in told["changes"]],
                         [("Z99001", "problems", "sexual_health", "gains", 1, 1), ("Z99001", "documents", "sexual_health", "gains", 1, 1)])
        self.assertNotIn("ighthouse", tried.stdout)
        self.assertEqual(self.seen(self.ward), {"At the lighthouse, before", "Letter of May"}, "nothing is in force yet")
        plain = self.trial.run("policy", "stored-labels", "--config", self.trial.config)
        self.assertIn("gains sexual_health: 1 entry of 1 person, problems of Z99001", plain.stdout)
        (self.trial.folder / "label-rules/own.toml").write_text(LIGHTHOUSE + '[[case]]\ntext = "the Lighthouse"\nlabels = []\n')
        self.assertEqual(self.trial.run("policy", "stored-labels", "--config", self.trial.config).returncode, 1)

    def test_rules_that_are_wrong_are_refused_whole_and_those_of_before_stay(self):
        rules = self.trial.folder / "label-rules/own.toml"
        rules.write_text(LIGHTHOUSE + '[[case]]\ntext = "the Lighthouse"\nlabels = []\n')
        self.trial.reload()
        self.assertIn("own.toml:9", self.trial.log.read_text())
        self.send(("a", entry("At the lighthouse"), []), ("b", entry("Seen in GUM"), []))
        self.assertEqual(self.seen(self.ward), {"At the lighthouse"})
        checked = self.trial.run("serve", "--config", self.trial.config, "--check")
        self.assertNotEqual(checked.returncode, 0)
        self.assertIn("own.toml:9", checked.stdout + checked.stderr)

    def test_words_give_no_label_that_is_unknown_or_a_statute_s(self):
        rules = self.trial.folder / "label-rules/own.toml"
        for label in ("sexual_helth", "hfea"):
            rules.write_text(LIGHTHOUSE.replace("sexual_health", label))
            checked = self.trial.run("serve", "--config", self.trial.config, "--check")
            self.assertNotEqual(checked.returncode, 0)
            self.assertIn("own.toml:3", checked.stdout + checked.stderr)

    def test_a_message_is_tried_offline_with_the_rule_and_the_place(self):
        file = self.trial.folder / "message"
        file.write_bytes(self.message(
            ("problem", entry("", what=RECORD.Coded(text="Trial problem", codings=[CODE])), []),
            ("letter", entry("Letter", "DOCUMENTS", "DOCUMENT"), ["problem"]),
            ("note", entry("Note", free_text=["Seen in GUM"]), [])))
        done = self.trial.run("normalise", "--adapter", "canonical", "--label-rules", self.trial.folder / "label-rules",
                              "--code-set", self.trial.folder / "code-sets/trial.csv", file)
        entries = {e["source_key"]: e for e in json.loads(done.stdout)["entries"]}
        self.assertEqual({key: e["labels"] for key, e in entries.items()}, dict.fromkeys(entries, ["sexual_health"]))
        self.assertEqual(entries["letter"]["labels_by_links"], ["sexual_health"])
        self.assertEqual(entries["note"]["labels_by_words"],
                         [{"label": "sexual_health", "rule": "sexual-health-services", "place": "free_text"}])
        self.assertNotIn("labels_by_links", entries["problem"])


if __name__ == "__main__":
    unittest.main()
