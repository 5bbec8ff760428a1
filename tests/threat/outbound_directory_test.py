"""T9 and T33 of the directories of services that the gateway asks for: a server that cannot prove that it is the one, and
answers that would have the gateway connect to somewhere else.
"""

import pathlib
import ssl
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/path"))

import directory_test
from attack import report
from directory_server import asked_for, holds, page_of, service
from outbound_test import Decoy, World, addresses, proof
from provider import http

REDIRECTS = ("301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent")
HEADERS = ("Location", "Content-Location", "Refresh", "Link")
# Members that hold an address, or might.
MEMBERS = ("url", "logo", "uri", "next", "next_page", "first", "last", "self", "href", "@id", "$ref", "schedule_link", "openapi_url")


def unproven(world):
    """(kind, what is shown, what is brought with it, the version of TLS)."""
    for kind, cases in world.kinds().items():
        for issued, brought in cases:
            yield kind, issued, brought, None
    for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
        yield f"TLS {version.name}", world.leaf(), (), version


class Outbound(directory_test.Case):
    """Each certificate is shown to a source of its own, all at the same time."""

    world = World()
    settings = {"authority": "certificates/directories.pem", "revocation_lists": ["certificates/directories-revoked.pem"],
                "answer_limit_seconds": 20}
    shown = list(unproven(world))
    beside = tuple(f"server-{number}" for number in range(len(shown)))

    def prepare(self, folder):
        (folder / "directories.pem").write_text(self.world.root.pem())
        (folder / "directories-revoked.pem").write_text(self.world.root.list([self.world.revoked]))
        for name in self.servers:
            self.show(name, self.world.leaf())

    def show(self, name, issued, brought=(), version=None):
        """From the next connection on the server proves itself so."""
        self.servers[name].tls = proof(self.trial.folder / "certificates", issued, brought, version)

    def test_a_server_that_cannot_prove_itself_is_asked_nothing(self):
        self.await_states(lambda state: state.readings, self.beside)
        for name, (_, *proves) in zip(self.beside, self.shown):
            self.show(name, *proves)
        self.await_nexts(self.beside, "failures")
        for name in self.beside:
            self.servers[name].asked.clear()
        states = self.await_nexts(self.beside, "failures")
        for name, (kind, *_) in zip(self.beside, self.shown):
            with self.subTest(kind=kind):
                self.assertEqual(self.servers[name].asked, [], "not one byte of a question")
                self.assertEqual((states[name].error, states[name].services), ("certificate.invalid", 5))
            self.show(name, self.world.leaf())
        self.await_nexts(self.beside)
        report("T9 directories", kinds=len(self.world.kinds()), certificates=len(self.shown) - 2, asked=0)


class Elsewhere(directory_test.Case):
    """Each answer is given to a source of its own, all at the same time."""

    settings = {"answer_limit_seconds": 20}

    @classmethod
    def answers(cls, port):
        """name: a behaviour that names the decoy in every form of its address."""
        for status in REDIRECTS:
            for url in addresses(port):
                yield f"{status[:3]} {url}", lambda server, peer, asked, status=status, url=url: peer.sendall(
                    http({}, status, [f"Location: {url}"]))
        headers = [f"{name}: {url}" for name in HEADERS for url in addresses(port)]
        linked = {member: url for member, url in zip(MEMBERS, addresses(port) * 2)}
        services = [{**each, **linked} for each in cls.services]

        def headed(server, peer, asked):
            kind, what = asked_for(asked)
            body = page_of(cls.services, what) if kind == "list" else next(s for s in cls.services if s["id"] == what)
            peer.sendall(http(body, headers=headers))

        yield "headers", headed
        yield "members", holds(services, page=lambda all_of, n: {**page_of(all_of, n), **linked})

        def named(server, peer, asked):
            """An id that would leave the path, or the host."""
            ids = [*addresses(port), "../../x", "@127.0.0.1:" + str(port), "?page=2", "\r\nHost: elsewhere\r\n\r\nGET /x"]
            kind, what = asked_for(asked)
            many = [{**service(n), "id": each} for n, each in enumerate(ids)]
            if kind == "list":
                return peer.sendall(http(page_of(many, what, per_page=50)))
            return peer.sendall(http(next(s for s in many if s["id"] == what)))

        yield "ids", named

    def setUp(self):
        self.decoy = Decoy()
        self.addCleanup(self.decoy.end)
        self.given = dict(self.answers(self.decoy.port))
        self.beside = tuple(f"server-{number}" for number in range(len(self.given)))
        super().setUp()

    def test_no_answer_makes_the_gateway_connect_to_somewhere_else(self):
        self.await_states(lambda state: state.readings, self.beside)
        for name, behave in zip(self.beside, self.given.values()):
            self.servers[name].asked.clear()
            self.servers[name].behave = behave
        before = {name: state.readings + state.failures for name, state in self.states().items()}
        self.await_states(lambda now: now.readings + now.failures > before[now.source] + 1, self.beside)
        for name, way in zip(self.beside, self.given):
            with self.subTest(way=way):
                self.assertTrue(self.servers[name].asked)
                for asked in self.servers[name].asked:
                    self.assertTrue(asked.line.startswith("GET /api/services"), asked.line)
                    self.assertNotIn("..", asked.line)
        self.assertEqual(self.decoy.met, 0)
        report("T33 directories", answers=len(self.given), connections_elsewhere=self.decoy.met)


if __name__ == "__main__":
    unittest.main()
