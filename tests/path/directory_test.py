"""Directories of services: read from their servers, folders and hands, searched by whom the policy names, and never taken by
half."""

import json
import threading
import unittest

import grpc

from directory_server import DirectoryServer, holds, page_of, service, source_of
from trial import PB, SOURCE, Trial

D = PB["directory"]
REFUGE = {"attributes": [{"taxonomy_term": {"id": "t9", "name": "Domestic abuse refuges"}}]}


class Case(unittest.TestCase):
    """A gateway with one source that is asked every second, one folder and one that is brought by hand."""

    settings = {}
    services = [service(n) for n in range(1, 6)]
    beside = ()  # names of further sources, each with a server of its own: what they do, they do at the same time

    def setUp(self):
        self.trial = Trial()
        self.addCleanup(self.trial.end)
        self.servers = {name: self.serve() for name in ("tyneside", *self.beside)}
        self.server = self.servers["tyneside"]
        self.prepare(self.trial.folder / "certificates")
        self.inbox = self.trial.folder / "inbox/directory"
        self.inbox.mkdir(parents=True)
        with self.trial.config.open("a") as config:
            for name, server in self.servers.items():
                config.write(source_of(server.port, name=name, **self.settings))
            config.write('\n[[directory.source]]\nname = "files"\nfolder = "inbox/directory"\n')
            config.write('\n[[directory.source]]\nname = "by-hand"\n')
        self.trial.start()
        self.nurse = self.trial.caller("ZT1", "quayside-epr", "nurse", "R8001")
        self.operator = self.trial.caller("ZI1", "desk", "operator", "R8015")

    def serve(self):
        server = DirectoryServer(self.trial.folder / "certificates", self.services)
        self.addCleanup(server.end)
        return server

    def prepare(self, folder):
        """What more the configuration needs, among the certificates."""

    def search(self, caller=None, **asked):
        return (caller or self.nurse).call("DirectoryService", "SearchServices", D.SearchServicesRequest(page_size=50, **asked))

    def ids(self, **asked):
        return [each.service_id for each in self.search(**asked).services]

    def get(self, service_id, source="", caller=None):
        return (caller or self.nurse).call("DirectoryService", "GetService",
                                           D.GetServiceRequest(service_id=service_id, source=source)).service

    def bring(self, *files, caller=None, source="by-hand", accept_loss=False):
        return (caller or self.operator).call("DirectoryService", "ImportServices", D.ImportServicesRequest(
            source=source, files=[json.dumps(each).encode() for each in files], accept_loss=accept_loss))

    def states(self):
        listed = self.operator.call("OperationsService", "ListSources", PB["operations"].ListSourcesRequest())
        return {each.source: each for each in listed.directories}

    def state(self, name="tyneside"):
        return self.states()[name]

    def await_states(self, reached, names):
        """Asks until each source is so: a reading of it is an event that nobody else tells of."""
        for _ in range(600):
            states = self.states()
            late = [name for name in names if not reached(states[name])]
            if not late:
                return states
            threading.Event().wait(0.1)
        self.fail(f"never reached: {[states[name] for name in late]}")

    def await_state(self, reached, name="tyneside"):
        return self.await_states(reached, [name])[name]

    def await_nexts(self, names, what="readings"):
        """Of each source the reading, or the failure, after the one that may be under way."""
        for _ in range(2):
            before = {name: getattr(state, what) for name, state in self.states().items()}
            states = self.await_states(lambda now, before=before: getattr(now, what) > before[now.source], names)
        return states

    def await_next(self, what="readings", name="tyneside"):
        return self.await_nexts([name], what)[name]

    def refused(self, code, act):
        with self.assertRaises(grpc.RpcError) as caught:
            act()
        self.assertEqual(caught.exception.code(), code, caught.exception.details())
        return caught.exception.details()


class Pulled(Case):
    def test_all_pages_and_each_service_are_read_and_found(self):
        self.await_state(lambda state: state.readings)
        self.assertEqual(self.ids(), ["s1", "s2", "s3", "s4", "s5"])
        found = self.get("s3")
        self.assertEqual((found.name, found.source, found.places[0].postcode), ("Lunch club 3", "tyneside", "NE28 6HH"))
        self.assertEqual(self.ids(postcode="ne28", term="food", words="soup hearth", age=70, open_on="TH"), self.ids())
        for nothing in ({"postcode": "NE1"}, {"age": 59}, {"open_on": "SU"}, {"words": "dancing"}, {"status": "defunct"}):
            self.assertEqual(self.ids(**nothing), [], nothing)
        lines = [each.line for each in self.server.asked[:8]]
        self.assertEqual(lines[0], "GET /api/services?page=1&per_page=100 HTTP/1.1")
        self.assertNotIn("authorization", self.server.asked[0].headers)
        state, = [each for each in self.search().directories if each.source == "tyneside"]
        self.assertTrue(state.HasField("read"))

    def test_pages_of_a_search_go_on_where_the_one_before_ended(self):
        self.await_state(lambda state: state.readings)
        seen, token = [], ""
        while True:
            page = self.nurse.call("DirectoryService", "SearchServices",
                                   D.SearchServicesRequest(page_size=2, page_token=token))
            seen += [each.service_id for each in page.services]
            token = page.next_page_token
            if not token:
                break
        self.assertEqual(seen, ["s1", "s2", "s3", "s4", "s5"])
        self.refused(grpc.StatusCode.INVALID_ARGUMENT,
                     lambda: self.search(page_token="zz"))

    def test_a_later_reading_takes_the_place_and_what_it_lacks_is_gone(self):
        self.await_state(lambda state: state.readings)
        self.server.behave = holds([service(1, name="Supper club"), *(service(n) for n in (2, 3, 4))])
        self.await_next()
        self.assertEqual(self.ids(), ["s2", "s3", "s4", "s1"], "by name")
        gone = self.get("s5")
        self.assertTrue(gone.HasField("gone"))
        self.assertEqual((gone.name, list(gone.places), gone.description), ("Lunch club 5", [], ""),
                         "why it was taken away is not known: where it is may have to be")
        self.server.behave = holds(self.services)
        self.await_next()
        self.assertFalse(self.get("s5").HasField("gone"))

    def test_a_refuge_that_only_its_terms_tell_is_found_without_its_place(self):
        self.server.behave = holds([*self.services, service(9, name="Haven", **REFUGE)])
        self.await_next()
        haven = self.get("s9")
        self.assertTrue(haven.address_kept_back)
        self.assertEqual((list(haven.places), list(haven.schedules), haven.description), ([], [], ""))
        self.assertNotIn("s9", self.ids(postcode="NE28"))
        self.assertNotIn("s9", self.ids(words="soup"))
        self.assertIn("s9", self.ids(words="haven"))

    def test_a_refuge_that_was_none_before_leaves_no_place_in_any_file(self):
        canary = {"addresses": [{"address_1": "9 Marzipan Yard", "postal_code": "NE28 6HH"}]}
        place = {"service_at_locations": [{"id": "p", "location": {"id": "l", "location_type": "physical", **canary}}]}
        self.server.behave = holds([*self.services, service(9, name="Haven", **place)])
        self.await_next()
        self.assertIn("Marzipan", str(self.get("s9")))
        self.server.behave = holds([*self.services, service(9, name="Haven", **place, **REFUGE)])
        self.await_next()
        self.assertTrue(self.get("s9").address_kept_back)
        for path in (self.trial.folder / "data").glob("directory.db*"):
            self.assertNotIn(b"Marzipan", path.read_bytes(), path.name)

    def test_a_service_that_cannot_be_read_any_more_stays_as_it_was(self):
        self.await_state(lambda state: state.readings)
        read = self.get("s2").read
        broken = [{**each, "status": "who knows"} if each["id"] == "s2" else each for each in self.services]
        self.server.behave = holds(broken)
        state = self.await_next()
        self.assertEqual((state.services, state.refused, state.gone), (5, 1, 0))
        self.assertIn("s2", self.ids())
        self.assertLess(self.get("s2").read.ToNanoseconds(), self.get("s1").read.ToNanoseconds())
        self.assertGreaterEqual(self.get("s2").read.ToNanoseconds(), read.ToNanoseconds())

    def test_a_restart_keeps_what_was_read(self):
        self.await_state(lambda state: state.readings)
        self.server.behave = "not_listening"
        for caller in (self.nurse, self.operator):
            caller.channel.close()
        self.trial.stop()
        self.trial.start()
        self.nurse = self.trial.caller("ZT1", "quayside-epr", "nurse", "R8001")
        self.assertEqual(len(self.ids()), 5)


class Configured(unittest.TestCase):
    def test_what_is_wrong_is_told_with_its_line_and_what_to_write(self):
        trial = Trial()
        self.addCleanup(trial.end)
        sound = trial.config.read_text()
        for wrong, place in (({"url": "http://127.0.0.1/api"}, "url"), ({"url": "https://127.0.0.1/a b"}, "url"),
                             ({"url": "https://127.0.0.1/api", "folder": "inbox"}, "folder"), ({"interval": 3}, "interval"),
                             ({"may_lose_percent": 101}, "may_lose_percent"), ({"name": "two words"}, "name"),
                             ({"authority": "certificates/none.pem"}, "none.pem")):
            trial.config.write_text(sound + source_of(1, **wrong))
            done = trial.run("serve", "--config", trial.config, "--check")
            self.assertNotEqual(done.returncode, 0, wrong)
            self.assertIn(place, done.stderr)

    def test_a_name_stands_for_one_source(self):
        trial = Trial()
        self.addCleanup(trial.end)
        with trial.config.open("a") as config:
            config.write(source_of(1) + source_of(2))
        done = trial.run("serve", "--config", trial.config, "--check")
        self.assertIn("name of its own", done.stderr)


class Brought(Case):
    def test_only_whom_the_policy_names_searches_and_imports(self):
        self.bring([service(1)])
        stranger = self.trial.caller("ZI1", "desk", "nobody", "R9999")
        for act in (lambda: self.search(stranger), lambda: self.get("s1", caller=stranger),
                    lambda: self.bring([service(1)], caller=stranger), lambda: self.bring([service(1)], caller=self.nurse)):
            self.refused(grpc.StatusCode.PERMISSION_DENIED, act)
        nobody = self.trial.caller("ZT1", "quayside-epr", "nurse", "R8001")
        nobody.metadata = ()
        self.refused(grpc.StatusCode.UNAUTHENTICATED, lambda: self.search(nobody))
        officer = self.trial.caller("ZI1", "desk", "po", "R0001")
        entries = officer.call("AuditService", "SearchEntries", PB["audit"].SearchEntriesRequest(page_size=100)).entries
        told = [(each.purpose, each.outcome) for each in entries if each.purpose.startswith("directory")]
        self.assertEqual(sorted(told), [("directory.import", "permitted"), ("directory.import", "refused"),
                                        ("directory.import", "refused"), ("directory.read", "refused"),
                                        ("directory.read", "refused")], "a search itself discloses nobody")

    def test_an_import_is_whole_or_nothing(self):
        services = [service(n) for n in range(1, 6)]
        done = self.bring(page_of(services, 3), page_of(services, 1), page_of(services, 2))
        self.assertEqual((done.services, done.added, done.gone), (5, 5, 0))
        self.assertGreater(len(done.receipt.leaf_hash), 0)
        for code, files in ((grpc.StatusCode.INVALID_ARGUMENT, [page_of(services, 1), page_of(services, 3)]),
                            (grpc.StatusCode.INVALID_ARGUMENT, [{"version": "HSDS-UK-3.0"}]),
                            (grpc.StatusCode.FAILED_PRECONDITION, [[service(1), service(1)]]),
                            (grpc.StatusCode.FAILED_PRECONDITION, [[]]),
                            (grpc.StatusCode.FAILED_PRECONDITION, [services[:1]])):
            details = self.refused(code, lambda files=files: self.bring(*files))
            self.assertNotIn("Lunch", details)
        self.assertEqual(len(self.ids(source="by-hand")), 5)
        done = self.bring(services[:1], accept_loss=True)
        self.assertEqual((done.services, done.gone), (1, 4))
        self.refused(grpc.StatusCode.NOT_FOUND, lambda: self.bring(services, source="nowhere"))

    def test_of_two_sources_with_one_id_the_caller_names_one(self):
        self.await_state(lambda state: state.readings)
        self.bring([service(1, name="Another")])
        self.refused(grpc.StatusCode.INVALID_ARGUMENT, lambda: self.get("s1"))
        self.assertEqual(self.get("s1", "by-hand").name, "Another")
        self.refused(grpc.StatusCode.NOT_FOUND, lambda: self.get("s99"))

    def test_a_file_in_the_folder_is_a_whole_directory(self):
        def put(name, content):
            (self.inbox / f".{name}").write_text(json.dumps(content))
            (self.inbox / f".{name}").rename(self.inbox / name)
        put("one.json", [service(21), service(22, status="temporarily closed")])
        self.await_state(lambda state: state.readings == 1, "files")
        self.assertEqual(self.ids(source="files"), ["s21"])
        self.assertEqual(self.ids(source="files", status="temporarily closed"), ["s22"])
        put("half.json", page_of([service(n) for n in range(30, 36)], 1))
        state = self.await_state(lambda state: state.failures == 1, "files")
        self.assertEqual((state.services, state.error), (2, "message.invalid"))
        for _ in range(100):
            if list(self.inbox.glob("refused/half.json")):
                break
            threading.Event().wait(0.1)
        self.assertTrue(list(self.inbox.glob("accepted/one.json")) and list(self.inbox.glob("refused/half.json")))

    def test_the_command_line_imports_searches_and_shows(self):
        file = self.trial.folder / "services.json"
        file.write_text(json.dumps([service(1), service(2, name="Tyne refuge")]))
        done = self.trial.ask(self.operator, "directory", "import", "--source", "by-hand", str(file))
        self.assertEqual((done.returncode, done.stdout.splitlines()[0]), (0, "2 services kept: 2 added, 0 changed, 0 gone"))
        found = self.trial.ask(self.nurse, "directory", "search", "--source", "by-hand", "--words", "lunch")
        self.assertEqual(found.returncode, 0, found.stderr)
        self.assertIn("NE28 6HH", found.stdout)
        shown = self.trial.ask(self.nurse, "directory", "show", "--id", "s2", "--source", "by-hand")
        self.assertIn("kept back", shown.stdout)
        self.assertNotIn("NE28", shown.stdout)
        refused = self.trial.ask(self.nurse, "directory", "import", "--source", "by-hand", str(file))
        self.assertEqual(refused.returncode, 3, refused.stderr)
        offline = self.trial.run("directory", "search", "--words", "lunch", str(file))
        self.assertEqual([json.loads(line)["id"] for line in offline.stdout.splitlines()], ["s1"])


class Tables(Case):
    """HSDS as CSV files in a folder."""

    def folder(self, name="lunch-clubs"):
        """The files of a golden case, as files."""
        folder = self.trial.folder / name
        folder.mkdir()
        text = (SOURCE / f"tests/golden/open_referral/{name}.tables").read_text()
        for part in text.split("== ")[1:]:
            file, _, content = part.partition("\n")
            (folder / file).write_text(content)
        return folder

    def import_(self, folder):
        return self.trial.ask(self.operator, "directory", "import", "--source", "by-hand", folder)

    def test_a_folder_of_tables_is_imported_and_found(self):
        done = self.import_(self.folder())
        self.assertEqual((done.returncode, done.stdout.splitlines()[0]), (0, "2 services kept: 2 added, 0 changed, 0 gone"), done.stderr)
        found = self.get("s1", "by-hand")
        self.assertEqual((found.name, found.places[0].postcode, found.organisation), ("Lunch club", "NE28 6HH", "Hearth of the North"))
        self.assertEqual(self.ids(source="by-hand", open_on="TH", words="soup"), ["s1"])

    def test_a_refuge_of_tables_is_found_without_its_place(self):
        done = self.import_(self.folder("refuges"))
        self.assertIn("! 5 parts could not be read", done.stdout)
        self.assertEqual(self.ids(source="by-hand", words="soup"), ["s1"])
        for refuge in ("s2", "s3", "s4", "s5"):
            self.assertTrue(self.get(refuge, "by-hand").address_kept_back)
            self.assertNotIn("Marzipan", str(self.get(refuge, "by-hand")))
        for path in (self.trial.folder / "data").glob("directory.db*"):
            self.assertNotIn(b"Marzipan", path.read_bytes(), path.name)

    def test_tables_that_cannot_be_read_change_nothing(self):
        self.import_(self.folder())
        for name in ("refuge-told-by-a-broken-row", "terms-that-were-forgotten"):
            refused = self.import_(self.folder(name))
            self.assertEqual(refused.returncode, 2, refused.stdout + refused.stderr)
            self.assertIn("refuge", refused.stderr)
        self.refused(grpc.StatusCode.INVALID_ARGUMENT, lambda: self.operator.call(
            "DirectoryService", "ImportServices",
            D.ImportServicesRequest(source="by-hand", files=[b"id\n", b"id\n"], file_names=["services.csv"])))
        self.assertEqual(self.ids(source="by-hand", status="temporarily closed") + self.ids(source="by-hand"), ["s2", "s1"])

    def test_the_command_line_searches_a_folder_and_says_what_it_cannot_read(self):
        offline = self.trial.run("directory", "search", "--words", "soup", self.folder())
        self.assertEqual((offline.returncode, [json.loads(line)["id"] for line in offline.stdout.splitlines()]), (0, ["s1"]))
        broken = self.trial.run("directory", "show", "--id", "s1", self.folder("broken-rows"))
        self.assertEqual((broken.returncode, json.loads(broken.stdout)["name"]), (1, "Lunch club"))
        self.assertIn("services.csv, line 3, column name", broken.stderr)
        mixed = self.trial.folder / "one.json"
        mixed.write_text(json.dumps(service(1)))
        self.assertEqual(self.trial.run("directory", "search", mixed, self.trial.folder / "lunch-clubs").returncode, 2)
        empty = self.trial.folder / "empty"
        empty.mkdir()
        self.assertEqual(self.trial.run("directory", "search", empty).returncode, 2)


if __name__ == "__main__":
    unittest.main()
