"""A directory of services whose file is damaged, gone or in the way: nobody's record is harder to see for it."""

import json
import shutil
import unittest

import grpc

import directory_test
from directory_server import service
from trial import PB, admission


class Damaged(directory_test.Case):
    settings = {"interval_seconds": 3600}  # nothing is read again because its time came

    def setUp(self):
        super().setUp()
        self.await_state(lambda state: state.readings)
        self.bring([service(7)])
        self.file = self.trial.folder / "data/directory.db"
        mllp = self.trial.mllp()
        mllp.exchange(admission("PATH0001"))
        mllp.close()

    def start_again(self, damage):
        for caller in (self.nurse, self.operator):
            caller.channel.close()
        self.trial.stop()
        damage()
        self.trial.start()
        self.nurse = self.trial.caller("ZT1", "quayside-epr", "nurse", "R8001")
        self.operator = self.trial.caller("ZI1", "desk", "operator", "R8015")

    def records_are_there(self):
        ward = self.trial.caller("ZT1", "quayside-epr", "dr-agricola", "R8000")
        self.assertEqual(ward.view().WhichOneof("outcome"), "view")

    def health(self):
        told = self.operator.call("OperationsService", "GetHealth", PB["operations"].GetHealthRequest())
        return told.healthy, [line for line in told.lines if line.component == "directory"]

    def is_unavailable(self):
        """Said by every call that needs it, and by no other."""
        for act in (self.search, lambda: self.get("s1"), lambda: self.bring([service(1)])):
            self.assertTrue(self.refused(grpc.StatusCode.UNAVAILABLE, act))
        state = self.state("by-hand")
        self.assertEqual((state.state, state.error), ("unavailable", "store.unavailable"))
        self.assertTrue(state.advice)
        healthy, lines = self.health()
        self.assertTrue(healthy, "records can be seen: whoever shares the load must not be told otherwise")
        self.assertEqual([(line.healthy, line.place) for line in lines], [(False, str(self.file))])
        self.assertEqual(self.trial.samples()["milecastle_directory_unavailable"], 1)
        shown = self.trial.ask(self.operator, "sources")
        self.assertIn("unavailable, directory of services", shown.stdout)
        asked = self.trial.ask(self.nurse, "directory", "search", "--words", "lunch")
        self.assertEqual(asked.returncode, 4)
        self.records_are_there()

    def is_made_anew(self):
        """Read again from its source; what was brought by hand is said to be none, and can be brought again."""
        self.await_state(lambda state: state.state == "current")
        self.assertEqual(self.ids(source="tyneside"), ["s1", "s2", "s3", "s4", "s5"])
        self.assertEqual(self.state("by-hand").state, "never")
        self.bring([service(7)])
        self.assertEqual(self.ids(source="by-hand"), ["s7"])
        self.assertEqual(self.health(), (True, []))
        self.assertEqual(self.trial.samples()["milecastle_directory_unavailable"], 0)
        self.assertEqual(self.trial.log.read_text().count('"directory.set_aside"'), 1)
        self.records_are_there()

    def aside(self):
        return [path for path in self.file.parent.glob("directory.db.damaged-*") if not path.name.endswith(("-wal", "-shm"))]

    def test_garbage_is_set_aside_at_start(self):
        garbage = b"this is no database" * 1000
        self.start_again(lambda: self.file.write_bytes(garbage))
        self.is_made_anew()
        self.assertEqual([path.read_bytes() for path in self.aside()], [garbage])

    def test_a_truncated_file_is_set_aside_at_start(self):
        def cut():
            self.file.write_bytes(self.file.read_bytes()[:9000])
        self.start_again(cut)
        self.is_made_anew()
        self.assertEqual(len(self.aside()), 1)

    def test_a_folder_in_its_place_stops_nothing_and_is_looked_at_again(self):
        def put_folder():
            self.file.unlink()
            self.file.mkdir()
        self.start_again(put_folder)
        self.is_unavailable()
        asked = len(self.server.asked)
        self.file.rmdir()
        self.trial.reload()
        self.await_state(lambda state: state.state == "current")
        self.assertEqual(self.ids(source="tyneside"), ["s1", "s2", "s3", "s4", "s5"])
        self.assertEqual(self.health(), (True, []))
        self.assertGreater(len(self.server.asked), asked)
        self.assertEqual(self.aside(), [])

    def test_a_newer_gateways_file_is_left_alone(self):
        def make_newer():
            database = bytearray(self.file.read_bytes())
            database[60:64] = (99).to_bytes(4, "big")  # user_version
            self.file.write_bytes(database)
        self.start_again(make_newer)
        self.is_unavailable()
        self.assertEqual(self.aside(), [])

    def test_damage_that_is_met_while_it_runs_takes_the_directory_alone(self):
        # More than is kept in memory of the file.
        self.bring([service(n, description="Soup and company " * 60) for n in range(4000)])
        self.assertEqual((self.file.parent / "directory.db-wal").stat().st_size, 0, "all is in the file itself")
        damaged = self.file.read_bytes().replace(b"Soup and company", b"Soap and company")
        with self.file.open("r+b") as file:
            file.write(damaged)
        self.refused(grpc.StatusCode.UNAVAILABLE, lambda: self.search(words="dancing"))
        self.is_unavailable()
        self.assertEqual(self.trial.log.read_text().count('"directory.unavailable"'), 1, "once, not at each call")
        self.trial.reload()
        self.is_made_anew()
        self.assertEqual(len(self.aside()), 1)

    def copies(self):
        return sorted((self.trial.folder / "copies").iterdir())

    def test_what_was_brought_by_hand_comes_back_from_a_backup(self):
        done = self.trial.backup()
        self.assertEqual(done.returncode, 0, done.stderr)
        copy, = self.copies()
        self.assertEqual(sorted(path.name for path in copy.glob("directory.db*")), ["directory.db"])
        self.start_again(lambda: self.file.write_bytes(b"this is no database" * 1000))
        self.assertEqual(self.ids(source="by-hand"), [])
        self.start_again(lambda: self.trial.put_back(copy))
        self.assertEqual(self.ids(source="by-hand"), ["s7"])
        self.assertEqual(self.get("s7", "by-hand").places[0].postcode, "NE28 6HH")
        self.records_are_there()

    def test_damage_does_not_cost_the_backup_of_the_records(self):
        self.trial.stop()
        self.file.write_bytes(b"this is no database" * 1000)
        done = self.trial.backup()
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("without the directories of services", done.stderr)
        copy, = self.copies()
        self.assertFalse(copy.name.endswith(".unsound"))
        self.assertEqual(list(copy.glob("directory.db*")), [])
        self.assertTrue((copy / "store.db").is_file())

    def test_a_watched_folder_that_is_gone_stops_nothing(self):
        self.start_again(lambda: shutil.rmtree(self.inbox))
        self.assertTrue(self.state("files").error)
        self.records_are_there()
        self.inbox.mkdir()
        self.trial.reload()
        (self.inbox / "one.json").write_text(json.dumps([service(1)]))
        self.await_state(lambda state: state.services == 1, "files")


if __name__ == "__main__":
    unittest.main()
