"""Running it: configuration, reload, revocation, stopping, and the log verified offline."""

import json
import os
import re
import shutil
import subprocess
import threading
import time
import unittest

import grpc

from trial import ALLERGY, BINARY, PB, SOURCE, Trial, ack_code, admission


class Configuration(unittest.TestCase):
    def refused(self, old, new):
        trial = Trial({old: new})
        self.addCleanup(trial.end)
        return trial.run("serve", "--config", trial.config, "--check")

    def test_a_wrong_value_is_refused_with_file_line_and_what_to_write(self):
        done = self.refused("refusal_grid_ms = 50", "refusal_grid_ms = 5000")
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr, r"gateway\.toml:\d+")
        self.assertIn("0 to 1000", done.stderr)

    def test_a_setting_that_nobody_knows_is_refused(self):
        done = self.refused("call_threads = 4", "cal_threads = 4")
        self.assertEqual(done.returncode, 2)
        self.assertIn("cal_threads", done.stderr)

    def test_plain_mllp_off_loopback_is_refused(self):
        trial = Trial({'address = "127.0.0.1"\nport = 0\nplain = true': 'address = "0.0.0.0"\nport = 0\nplain = true'})
        self.addCleanup(trial.end)
        done = trial.run("serve", "--config", trial.config, "--check")
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr, r"gateway\.toml:\d+")
        with self.assertRaises(AssertionError):
            trial.start()

    def test_an_adapter_that_does_not_exist_is_refused_with_file_line_and_the_names_there_are(self):
        trial = Trial({'adapter = "primary"': 'adapter = "primery"'})
        self.addCleanup(trial.end)
        done = trial.run("serve", "--config", trial.config, "--check")
        self.assertEqual(done.returncode, 2)
        line = 1 + next(i for i, text in enumerate(trial.config.read_text().splitlines()) if "primery" in text)
        self.assertIn(f"gateway.toml:{line}", done.stderr)
        for name in ("acute", "community", "primary"):
            self.assertIn(f'"{name}"', done.stderr)

    def test_a_wrong_mapping_is_refused_with_its_own_file_and_line_and_what_to_write(self):
        trial = Trial()
        self.addCleanup(trial.end)
        mapping = trial.folder / "mappings/tyneside-council.toml"
        mapping.write_text(mapping.read_text().replace('"LA_Code"', '"LA_Coda"').replace("[units]", "[unitz]"))
        done = trial.run("serve", "--config", trial.config, "--check")
        self.assertEqual(done.returncode, 2, done.stdout)
        line = 1 + next(i for i, text in enumerate(mapping.read_text().splitlines()) if "LA_Coda" in text)
        self.assertIn(f'tyneside-council.toml:{line}', done.stderr)
        self.assertIn('write "LA_Code"', done.stderr)
        self.assertIn("`unitz` is not a setting here", done.stderr)

    def test_a_reference_set_and_a_code_map_are_read_at_a_start_and_refused_with_their_line(self):
        trial = Trial({"# [[normalise.reference_set]]": "[[normalise.reference_set]]", '# file = "code-sets/der2': 'file = "code-sets/der2',
                       '# id = "999004381000000103"': 'id = "999004381000000103"', '# label = "sexual_health"': 'label = "sexual_health"',
                       "# [[normalise.code_map]]": "[[normalise.code_map]]", '# file = "code-sets/rcsctmap2': 'file = "code-sets/rcsctmap2',
                       '# from = "read_v2"': 'from = "read_v2"'})
        self.addCleanup(trial.end)
        snapshot, codes = (trial.folder / "code-sets" / name for name in ("der2_Refset_SimpleUKCLSnapshot.txt", "rcsctmap2_uk.txt"))
        header = "id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId\n"
        snapshot.write_text(header + "a\t20260401\t1\tm\t999004381000000103\t111\n")
        codes.write_text("MapId\tReadCode\tTermCode\tConceptId\tDescriptionId\tIS_ASSURED\tEffectiveDate\tMapStatus\n")
        done = trial.run("serve", "--config", trial.config, "--check")
        self.assertEqual(done.returncode, 0, done.stderr)
        snapshot.write_text(header + "a\t20260401\n")
        codes.unlink()
        done = trial.run("serve", "--config", trial.config, "--check")
        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertIn(f"{snapshot}:2", done.stderr)
        self.assertIn(str(codes), done.stderr)

    def test_a_policy_folder_that_is_absent_or_holds_none_is_refused_by_its_name(self):
        for why, files in (("absent", []), ("empty", []), ("of other files", ["notes.txt"])):
            with self.subTest(why):
                trial = Trial()
                self.addCleanup(trial.end)
                shutil.rmtree(trial.folder / "policies")
                if why != "absent":
                    (trial.folder / "policies").mkdir()
                for name in files:
                    (trial.folder / "policies" / name).write_text("")
                done = trial.run("serve", "--config", trial.config, "--check")
                self.assertEqual(done.returncode, 2, done.stdout)
                self.assertIn(f"{trial.folder}/policies", done.stderr)
                self.assertIn("policy's", done.stderr)

    @unittest.skipIf(os.geteuid() == 0 and not shutil.which("setpriv"), "root reads everything")
    def test_a_policy_folder_that_may_not_be_read_is_refused_by_its_name(self):
        trial = Trial()
        self.addCleanup(trial.end)
        (trial.folder / "policies").chmod(0)
        drop = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
        done = subprocess.run([*drop, BINARY, "serve", "--config", trial.config, "--check"],
                              capture_output=True, text=True, timeout=60)
        (trial.folder / "policies").chmod(0o700)
        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertIn(f"{trial.folder}/policies", done.stderr)
        self.assertIn("read this folder", done.stderr)

    def test_a_policy_without_any_agreement_is_warned_of_at_check_and_at_start(self):
        trial = Trial()
        self.addCleanup(trial.end)
        (trial.folder / "policies/30-agreements.toml").unlink()
        done = trial.run("serve", "--config", trial.config, "--check")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("[[agreements]]", done.stderr)
        told = json.loads(trial.run("serve", "--config", trial.config, "--check", "--json").stdout)
        self.assertTrue(told["valid"])
        self.assertEqual(len(told["warnings"]), 1)
        trial.start()
        self.assertEqual(trial.log.read_text().count('"policy.warning"'), 1)

    def test_the_shipped_configuration_is_right_without_a_warning(self):
        trial = Trial()
        self.addCleanup(trial.end)
        done = trial.run("serve", "--config", trial.config, "--check")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_a_policy_that_tries_to_widen_is_refused_at_load(self):
        trial = Trial()
        self.addCleanup(trial.end)
        (trial.folder / "policies/90-place.toml").write_text(
            'layer = "place"\nat = "tyneside"\n[[agreements]]\nid = "X"\n')
        done = trial.run("serve", "--config", trial.config, "--check")
        self.assertEqual(done.returncode, 2)
        self.assertIn("90-place.toml", done.stderr)


class Running(unittest.TestCase):
    def setUp(self):
        self.trial = Trial().start()
        mllp = self.trial.mllp()
        self.assertEqual(ack_code(mllp.exchange(admission("RUN00001", more=(ALLERGY,)))), "AA")
        mllp.close()
        self.ward = self.trial.caller("ZT1", "quayside-epr", "dr", "R8000")

    def tearDown(self):
        self.trial.end()

    def test_a_broken_policy_is_refused_at_reload_and_the_old_one_stays_in_force(self):
        version = self.ward.view().view.policy_version
        for refused, broken in enumerate(("layer = \n", "[[[\n", "[=]\n", "\0"), start=1):
            (self.trial.folder / "policies/99-broken.toml").write_text(broken)
            self.trial.reload()
            self.assertEqual(self.trial.log.read_text().count("gateway.reload_refused"), refused)
            self.assertEqual(self.ward.view().view.policy_version, version)

    def test_a_revoked_certificate_is_cut_and_refused_after_a_reload(self):
        self.assertEqual(self.ward.view().WhichOneof("outcome"), "view")
        self.trial.certify("--revoke", "ZT1:quayside-epr")
        self.trial.reload()
        with self.assertRaises(grpc.RpcError) as refused:
            for _ in range(20):
                self.ward.view()
        self.assertEqual(refused.exception.code(), grpc.StatusCode.UNAVAILABLE)

    def test_streams_and_half_messages_that_stay_open_do_not_hold_up_the_end_beyond_the_grace(self):
        gp = self.trial.caller("Z99001", "bridge-gp", "gp-system", "R8000")
        intake, open_end = PB["intake"], threading.Event()
        record = (SOURCE / "deploy/trial/messages/gp-record.json").read_bytes()

        def messages():
            yield intake.SubmitRequest(feed="bridge-gp", message=record)
            open_end.wait(60)

        submit = gp.channel.stream_stream("/milecastle.v1.IntakeService/Submit",
                                          request_serializer=lambda m: m.SerializeToString(),
                                          response_deserializer=intake.SubmitResponse.FromString)
        streams = [submit(messages()) for _ in range(4)]
        for stream in streams:
            next(stream)
        half = self.trial.mllp()
        half.socket.sendall(b"\x0bMSH|^~\\&|PAS")
        began = time.monotonic()
        self.assertEqual(self.trial.stop(), 0)
        open_end.set()
        half.close()
        self.assertLess(time.monotonic() - began, 20, "twice the grace of gateway.toml")

    def test_a_log_that_is_gone_gives_no_receipt_and_never_begins_anew_under_its_name(self):
        origin = self.ward.view().receipt.origin
        officer = self.trial.caller("ZI1", "desk", "privacy-officer", "R0001")
        officer.call("AuditService", "SearchEntries", PB["audit"].SearchEntriesRequest())  # the store has read it all
        shutil.rmtree(self.trial.folder / "data/audit")
        second = self.ward.view()
        self.assertNotEqual(second.receipt.origin, origin)
        self.assertEqual(second.WhichOneof("outcome"), "view")
        self.assertEqual(self.trial.stop(), 0)
        self.trial.start()
        ward = self.trial.caller("ZT1", "quayside-epr", "dr", "R8000")
        self.assertEqual(ward.view().receipt.origin, second.receipt.origin)
        health = ward.call("OperationsService", "GetHealth", PB["operations"].GetHealthRequest(), metadata=())
        self.assertIn("audit", [line.component for line in health.lines if not line.healthy])

    def test_a_log_cut_after_a_clean_stop_is_not_gone_on_from_whatever_its_own_folder_says(self):
        audit = self.trial.folder / "data/audit"
        older = self.trial.folder / "older"
        origin = self.ward.view().receipt.origin
        self.assertEqual(self.trial.stop(), 0)
        shutil.copytree(audit, older)
        self.trial.start()
        self.trial.caller("ZT1", "quayside-epr", "dr", "R8000").view()
        self.assertEqual(self.trial.stop(), 0)
        for witness in (True, False):  # what stands beside the second log, and then the store alone
            shutil.rmtree(audit)
            shutil.copytree(older, audit)
            if not witness:
                (self.trial.folder / "data/audit-second/witness").unlink()
            self.trial.start()
            ward = self.trial.caller("ZT1", "quayside-epr", "dr", "R8000")
            self.assertNotEqual(ward.view().receipt.origin, origin)
            self.assertEqual(self.trial.stop(), 0)

    def test_a_log_cut_under_a_running_gateway_is_sealed_and_its_place_told_to_operators_alone(self):
        origin = self.ward.view().receipt.origin
        segment = self.trial.folder / "data/audit/segment/00000000000000000000"
        os.truncate(segment, 8192)
        self.assertNotEqual(self.ward.view().receipt.origin, origin)
        self.assertIn("audit.fault", self.trial.log.read_text())
        health = PB["operations"].GetHealthRequest()
        told = self.ward.call("OperationsService", "GetHealth", health, metadata=())
        self.assertEqual({line.place for line in told.lines}, {""})
        operator = self.trial.caller("ZI1", "desk", "operator", "R8015")
        lines = {line.component: line for line in operator.call("OperationsService", "GetHealth", health).lines}
        self.assertFalse(lines["audit"].healthy)
        self.assertIn("data/audit", lines["audit"].place)

    def test_what_cannot_be_read_names_no_file_of_the_server_to_a_caller(self):
        receipt = self.ward.view().receipt
        self.trial.stop()
        self.trial.start()
        officer = self.trial.caller("ZI1", "desk", "privacy-officer", "R0001")
        segment = self.trial.folder / "data/audit/segment/00000000000000000000"
        content = bytearray(segment.read_bytes())
        at = content.find(b'"purpose":"direct-care"')
        with segment.open("r+b") as file:
            file.seek(at)
            file.write(b"#")
        with self.assertRaises(grpc.RpcError) as failed:
            officer.call("AuditService", "GetEntry", PB["audit"].GetEntryRequest(leaf_index=receipt.leaf_index))
        self.assertNotIn("segment", failed.exception.details())
        self.assertNotIn(str(self.trial.folder), failed.exception.details())
        self.assertIn("/segment/", self.trial.log.read_text())
        search = PB["audit"].SearchEntriesRequest(kind="audit_read")
        outcomes = [entry.outcome for entry in officer.call("AuditService", "SearchEntries", search).entries]
        self.assertIn("failed", outcomes)

    def test_a_first_log_that_cannot_be_read_holds_up_no_review_of_what_the_second_took(self):
        self.ward.view()
        shutil.rmtree(self.trial.folder / "data/audit")  # before the store has read that view's leaf
        broken = self.ward.view(purpose="EMERGENCY", reason_code="LIFE")
        self.assertIn("second", broken.receipt.origin)
        officer = self.trial.caller("ZI1", "desk", "privacy-officer", "R0001")
        asked = PB["identity"].ListQueueRequest(kinds=["break_glass_review"])
        deadline, reviews = time.monotonic() + 30, []
        while not reviews and time.monotonic() < deadline:
            reviews = officer.call("IdentityService", "ListQueue", asked).items
        self.assertTrue(reviews)
        self.assertEqual(reviews[0].entry.origin, broken.receipt.origin)
        self.assertEqual(reviews[0].entry.leaf_index, broken.receipt.leaf_index)
        search = PB["audit"].SearchEntriesRequest(kind="emergency")
        found = officer.call("AuditService", "SearchEntries", search)
        self.assertEqual([(entry.origin, entry.leaf_index) for entry in found.entries],
                         [(broken.receipt.origin, broken.receipt.leaf_index)])

    def test_it_stops_cleanly_and_its_log_verifies_offline_with_the_public_key_alone(self):
        officer = self.trial.caller("ZI1", "desk", "privacy-officer", "R0001")
        self.ward.view()
        export = self.trial.folder / "export"
        done = self.trial.ask(officer, "audit", "export", export, "--case", "CASE-1")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.trial.stop(), 0)
        key = self.trial.folder / "data/audit.vkey"
        self.assertEqual(self.trial.run("audit", "verify", export, "--key", key).returncode, 0)
        largest = max((p for p in export.rglob("*") if p.is_file()), key=lambda p: p.stat().st_size)
        data = bytearray(largest.read_bytes())
        data[len(data) // 2] ^= 1
        largest.write_bytes(data)
        tampered = self.trial.run("audit", "verify", export, "--key", key)
        self.assertEqual(tampered.returncode, 1, tampered.stdout)
        sound = self.trial.fsck("audit")
        self.assertEqual(sound.returncode, 0, sound.stdout + sound.stderr)

    def test_health_and_sources_are_told_without_patient_data(self):
        operations = PB["operations"]
        health = self.ward.call("OperationsService", "GetHealth", operations.GetHealthRequest(), metadata=())
        self.assertTrue(health.healthy, health)
        self.assertIn("wrote at", next(line.text for line in health.lines if line.component == "store"))
        operator = self.trial.caller("ZI1", "desk", "operator", "R8015")
        sources = operator.call("OperationsService", "ListSources", operations.ListSourcesRequest()).sources
        states = {source.feed: source.state for source in sources}
        self.assertEqual(states["quayside-pas"], "live")
        self.assertEqual(states["moorland-pas"], "never")
        with self.assertRaises(grpc.RpcError) as refused:
            self.ward.call("OperationsService", "ListSources", operations.ListSourcesRequest())
        self.assertEqual(refused.exception.code(), grpc.StatusCode.PERMISSION_DENIED)
        officer = self.trial.caller("ZI1", "desk", "privacy-officer", "R0001")
        found = officer.call("AuditService", "SearchEntries", PB["audit"].SearchEntriesRequest(kind="refusal"))
        self.assertEqual([entry.purpose for entry in found.entries], ["operations"])


class Metrics(unittest.TestCase):
    def setUp(self):
        self.trial = Trial().start()
        self.addCleanup(self.trial.end)

    def test_tell_which_log_is_sealed(self):
        origins = ["milecastle.example/northmarch/audit" + more for more in ("", "-second")]
        sealed = [f'milecastle_audit_sealed{{origin="{origin}"}}' for origin in origins]
        before = self.trial.samples()
        self.assertEqual([before[name] for name in sealed], [0, 0])
        shutil.rmtree(self.trial.folder / "data/audit")
        self.trial.caller("ZT1", "quayside-epr", "dr", "R8000").view()
        after = self.trial.samples()
        self.assertEqual([after[name] for name in sealed], [1, 0])

    def test_tell_how_many_days_each_certificate_in_use_has(self):
        certificates = self.trial.folder / "certificates"
        days = {key: value for key, value in self.trial.samples().items() if key.startswith("milecastle_certificate_days")}
        named = {(m[1], m[2]): v for k, v in days.items() if (m := re.search(r'use="(.*)",file="(.*)"', k))}
        self.assertEqual(set(named), {("server", f"{certificates}/server.pem"),
                                      ("client_authority", f"{certificates}/authority.pem")})
        self.assertAlmostEqual(named["server", f"{certificates}/server.pem"], 90, delta=1.1)
        self.assertAlmostEqual(named["client_authority", f"{certificates}/authority.pem"], 730, delta=1.1)

    def test_tell_connections_by_listener_and_kind(self):
        mllp = self.trial.mllp()
        self.assertEqual(ack_code(mllp.exchange(admission("METRIC01"))), "AA")
        ward = self.trial.caller("ZT1", "quayside-epr", "dr", "R8000")
        ward.view()
        values = self.trial.samples()
        mllp.close()
        ward.channel.close()
        self.assertEqual(values['milecastle_connections{listener="quayside-pas",kind="mllp"}'], 1)
        self.assertEqual(values['milecastle_connections{listener="grpc",kind="grpc"}'], 1)
        self.assertEqual(values['milecastle_connections_total{listener="grpc",kind="grpc",outcome="handed_on"}'], 1)
        self.assertGreater(values['milecastle_bytes_total{listener="quayside-pas",kind="mllp",direction="in"}'], 100)
        self.assertFalse([key for key in values if re.search(r"\b\d{10}\b|HADRIAN|Hadrian", key)])


class DryRun(unittest.TestCase):
    def test_normalise_prints_one_json_line_per_message(self):
        trial = Trial()
        self.addCleanup(trial.end)
        files = sorted((SOURCE / "deploy/trial/messages").glob("*.hl7"))
        done = trial.run("normalise", "--adapter", "acute", *files)
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(len(lines), len(files))
        for line in lines:
            self.assertEqual(line["outcome"], "accepted")
            self.assertLessEqual({"file", "index", "outcome", "error", "patient", "entries", "not_carried"}, set(line))
        self.assertEqual(trial.run("normalise", "--adapter", "acute", __file__).returncode, 1)
        self.assertEqual(trial.run("normalise", "--adapter", "nobody", files[0]).returncode, 2)


if __name__ == "__main__":
    unittest.main()
