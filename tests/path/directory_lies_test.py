"""Directories of services that lie, hang or break off, and one that is old."""

import unittest

import directory_test
from directory_server import asked_for, holds, page_of, service
from provider import MISBEHAVIOURS, http


class Lying(directory_test.Case):
    """Whatever a server does, what was read before stays whole, and somebody is told. Each lies to a source of its own, all at
    the same time."""

    settings = {"page_limit": 20, "service_limit": 50, "service_kilobytes": 8, "answer_limit_kilobytes": 64}

    @staticmethod
    def liars():
        many = [service(n) for n in range(1, 6)]

        def pages(change):
            return holds(many, page=lambda services, n: {**page_of(services, n), **change(n)})

        def moved(server, peer, asked):
            """A service slips onto the next page while it is read."""
            kind, what = asked_for(asked)
            first = [service(0), *many] if kind == "list" and what > 1 else many
            holds(first, page=lambda services, n: {**page_of(services, n), "total_items": 6, "total_pages": 3})(server, peer, asked)

        def vanished(server, peer, asked):
            kind, _ = asked_for(asked)
            holds(many if kind == "list" else many[:3])(server, peer, asked)

        def dies(server, peer, asked):
            """In the middle of the second page."""
            kind, what = asked_for(asked)
            if (kind, what) == ("list", 2):
                return peer.sendall(http(page_of(many, 2), length=100_000))
            return holds(many)(server, peer, asked)

        return {
            "more pages than are there": pages(lambda n: {"total_pages": 9}),
            "fewer items than are there": pages(lambda n: {"total_items": 3}),
            "more items than are there": pages(lambda n: {"total_items": 7}),
            "pages without end": pages(lambda n: {"total_pages": 10 ** 12}),
            "a total that grows": pages(lambda n: {"total_pages": n + 3}),
            "the same page for ever": holds(many, page=lambda services, n: page_of(services, 1)),
            "a service twice": holds(many, page=lambda services, n: {**page_of([*services[:4], services[0]], n)}),
            "another service than asked for": holds(many, whole=lambda each: service(77)),
            "nothing at all": holds([]),
            "less than half": holds(many[:2]),
            "moved meanwhile": moved,
            "vanished meanwhile": vanished,
            "dies in the middle": dies,
            "no page": lambda server, peer, asked: peer.sendall(http({"version": "HSDS-UK-3.0"})),
            "too many services": holds([service(n) for n in range(1, 60)],
                                       page=lambda services, n: page_of(services, n, per_page=30)),
            **{name: MISBEHAVIOURS[name] for name in
               ("reset", "cut_short", "until_the_end", "endless_header", "endless_body", "compressed", "elsewhere", "no_fhir",
                "silent", "byte_by_byte", "no_tls", "not_listening")},
        }

    def test_what_was_read_before_stays_whole(self):
        liars = dict(zip(self.beside, self.liars().items()))
        self.await_states(lambda state: state.readings, liars)
        before = {source: self.stable(source) for source in liars}
        for source, (_, behave) in liars.items():
            self.servers[source].behave = behave
        lied = self.await_nexts(liars, "failures")
        for source, (name, _) in liars.items():
            with self.subTest(name=name):
                state = lied[source]
                self.assertTrue(state.error and state.advice, state)
                self.assertEqual(self.stable(source), before[source])
                self.assertEqual((state.services, state.gone), (5, 0))
        for source in liars:
            self.servers[source].release()
            self.servers[source].behave = holds(self.services)
        good = self.await_nexts(liars)
        for source, (name, _) in liars.items():
            with self.subTest(name=name):
                self.assertEqual(good[source].error, "")
        log = self.trial.log.read_text()
        self.assertLess(log.count('"directory.failed"'), 3 * len(liars), "each reason once, not each try")
        self.assertNotIn("Fort Lane", log)

    def stable(self, source):
        found = list(self.search(source=source).services)
        for each in found:
            each.ClearField("read")
        self.assertEqual(len(found), 5)
        return [each.SerializeToString(deterministic=True) for each in found]

    beside = tuple(f"liar-{number}" for number in range(len(liars.__func__())))


class Old(directory_test.Case):
    def test_an_old_directory_says_how_old_it_is(self):
        self.await_state(lambda state: state.readings)
        self.server.behave = "not_listening"
        self.await_state(lambda state: state.state == "stale")
        told, = [each for each in self.search().directories if each.source == "tyneside"]
        self.assertTrue(told.stale)
        self.assertEqual(len(self.ids()), 5)
        samples = self.trial.metrics()
        self.assertIn('milecastle_directory_stale{source="tyneside"} 1', samples)
        self.assertIn('milecastle_directory_age_seconds{source="tyneside"}', samples)


if __name__ == "__main__":
    unittest.main()
