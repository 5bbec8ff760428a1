"""T10: revocation. Who is revoked is cut and kept out from the reload on; a list that is missing, old, foreign or damaged lets
nobody in whom the last good one kept out.

Each case has a gateway of its own, with both listeners; the longest wait is for the gateway's own look at the certificates of
live connections, every 30 seconds, beside which the other cases run.
"""

import base64
import contextlib
import json
import pathlib
import subprocess
import sys
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/path"))

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from attack import report
from certificates import DOORS, HOUR, Authority, Knock, context
from trial import BINARY, Trial

GRACE = 24 * HOUR  # revocation_grace_hours of gateway.toml
SOON = 10  # seconds: within it the gateway starts and lets its holders in
MANY = 100_000


class Gateway(Trial):
    """With an authority of the test's own beside the trial's, whose list it writes as it likes."""

    def __init__(self):
        super().__init__({'log_level = "debug"': 'log_level = "info"'})
        folder = self.folder / "certificates"
        self.root = Authority.root("A root")
        self.trial_authority, self.trial_list = (folder / "authority.pem").read_text(), (folder / "revoked.pem").read_text()
        self.trust(self.root)
        self.publish(self.root.list())

    def trust(self, *authorities):
        text = self.trial_authority + "".join(each.pem() for each in authorities)
        (self.folder / "certificates/authority.pem").write_text(text)

    def publish(self, *lists):
        (self.folder / "certificates/revoked.pem").write_text(self.trial_list + "".join(lists))

    def lists(self):
        return self.folder / "certificates/revoked.pem"

    def knock(self, door, holder, brought=()):
        return Knock(self.ports[door.name], door, context(door, holder, brought))

    def lets_in(self, door, holder, brought=()):
        with self.knock(door, holder, brought) as knock:
            return knock.let_in()

    def events(self, name):
        lines = (json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{"))
        return [line for line in lines if line["event"] == name]

    def refuses_to_start(self):
        done = subprocess.run([BINARY, "serve", "--config", self.config], capture_output=True, text=True, timeout=60)
        return done.stderr if done.returncode not in (0, None) else ""


def issued(authority):
    """For each door a certificate of its own."""
    return {door.name: authority.issue(door.subject()) for door in DOORS}


class Revocation(unittest.TestCase):
    cases = 0

    @classmethod
    def setUpClass(cls):
        gateway = Gateway()
        cls.addClassCleanup(gateway.end)
        gateway.publish(gateway.root.list(made=-GRACE - HOUR, next_update=-GRACE + SOON))
        gateway.start()
        holders = issued(gateway.root)
        knocks = {door.name: gateway.knock(door, holders[door.name]) for door in DOORS}
        for knock in knocks.values():
            assert knock.let_in(), knock.error
        cls.lapsing = gateway, holders, knocks

    def gateway(self):
        made = Gateway()
        self.addCleanup(made.end)
        return made

    def case(self, name, **figures):
        Revocation.cases += 1
        report(f"T10 {name}", **figures)

    @contextlib.contextmanager
    def connected(self, gateway, holders):
        """One connection at each door, let in."""
        with contextlib.ExitStack() as opened:
            knocks = {}
            for door in DOORS:
                knocks[door.name] = opened.enter_context(gateway.knock(door, holders[door.name]))
                self.assertTrue(knocks[door.name].let_in(), knocks[door.name].error)
            yield knocks

    def assert_doors(self, gateway, holders, are_let_in):
        for door in DOORS:
            self.assertEqual(gateway.lets_in(door, holders[door.name]), are_let_in, door.name)

    def test_revoked_while_connected_is_cut_at_the_reload_and_others_live_on(self):
        gateway = self.gateway().start()
        leaving, staying = issued(gateway.root), issued(gateway.root)
        with self.connected(gateway, leaving) as cut, self.connected(gateway, staying) as kept:
            gateway.publish(gateway.root.list(leaving.values()))
            began = time.monotonic()
            gateway.reload()
            for door in DOORS:
                self.assertTrue(cut[door.name].await_end(), f"{door.name}: it is still connected")
            took = time.monotonic() - began
            for door in DOORS:
                self.assertTrue(kept[door.name].still_there(), f"{door.name}: another's connection was cut")
        self.assert_doors(gateway, leaving, False)
        self.assert_doors(gateway, staying, True)
        told = gateway.events("connection.revoked")
        self.assertEqual([(each["listener"], each["reason"]) for each in sorted(told, key=lambda each: each["listener"])],
                         [(door.name, "certificate revoked") for door in DOORS])
        self.case("revoked while connected", cut=len(told), seconds=f"{took:.2f}")

    def test_those_whose_issuer_is_revoked_are_cut(self):
        gateway = self.gateway()
        below = gateway.root.below("Below", path_length=0)
        gateway.trust(gateway.root, below)
        gateway.publish(gateway.root.list(), below.list())
        gateway.start()
        holders = issued(below)
        with self.connected(gateway, holders) as knocks:
            gateway.publish(gateway.root.list([below]), below.list())
            gateway.reload()
            for door in DOORS:
                self.assertTrue(knocks[door.name].await_end())
        self.assert_doors(gateway, holders, False)
        self.case("issuer revoked", cut=len(DOORS))

    def test_an_old_list_counts_for_its_grace_with_an_alarm(self):
        gateway = self.gateway()
        holders, revoked = issued(gateway.root), issued(gateway.root)
        gateway.publish(gateway.root.list(revoked.values(), made=-3 * HOUR, next_update=-2 * HOUR))
        gateway.start()
        self.assert_doors(gateway, revoked, False)
        self.assert_doors(gateway, holders, True)
        alarms = gateway.events("revocation_list.stale")
        self.assertEqual({(each["severity"], each["file"]) for each in alarms}, {("alarm", str(gateway.lists()))})
        self.case("an old list within its grace", alarms=len(alarms))

    def test_when_the_grace_is_over_nobody_is_let_in_and_who_is_there_is_cut(self):
        """With nobody telling the gateway to look: begun before the other cases, for it looks every 30 seconds."""
        gateway, holders, knocks = self.lapsing
        closed, deadline = set(), time.monotonic() + 60
        while closed != {door.name for door in DOORS}:
            self.assertLess(time.monotonic(), deadline, "it lets in for ever")
            closed |= {door.name for door in DOORS if not gateway.lets_in(door, holders[door.name])}
        for door in DOORS:
            self.assertTrue(knocks[door.name].await_end(60), f"{door.name}: it lives on")
        self.assertEqual({each["reason"] for each in gateway.events("connection.revoked")}, {"CRL has expired"})
        self.case("a grace that ends", cut=len(DOORS))

    def test_a_list_too_old_lets_nobody_in_from_the_start_and_a_fresh_one_opens(self):
        gateway = self.gateway()
        holders = issued(gateway.root)
        gateway.publish(gateway.root.list(made=-GRACE - 2 * HOUR, next_update=-GRACE - HOUR))
        gateway.start()
        self.assert_doors(gateway, holders, False)
        gateway.publish(gateway.root.list())
        gateway.reload()
        self.assert_doors(gateway, holders, True)
        self.case("a list beyond its grace")

    def test_a_start_without_a_list_is_refused(self):
        gateway = self.gateway()
        whole = gateway.lists().read_text()
        for name, text, said in (("is missing", None, "put the authority's revocation list here"),
                                 ("is empty", "", "holds no revocation list"),
                                 ("is noise", "noise " * 100, "holds no revocation list"),
                                 ("is not there for one authority", gateway.trial_list, "a client authority has none"),
                                 ("is cut", whole[:len(gateway.trial_list) + 200], "a client authority has none")):
            with self.subTest(name):
                gateway.lists().unlink() if text is None else gateway.lists().write_text(text)
                self.assertIn(said, gateway.refuses_to_start())
        self.case("no list, no start", starts=5)

    def test_a_list_that_goes_missing_or_bad_leaves_the_last_good_one_in_force(self):
        gateway = self.gateway()
        holders, revoked = issued(gateway.root), issued(gateway.root)
        good = gateway.root.list(revoked.values())
        gateway.publish(good)
        gateway.start()
        with self.connected(gateway, holders) as knocks:
            for name, lists in self.bad_lists(gateway, good).items():
                with self.subTest(name):
                    before = len(gateway.events("gateway.reload_refused"))
                    gateway.lists().unlink() if lists is None else gateway.publish(*lists)
                    gateway.reload()
                    refused = gateway.events("gateway.reload_refused")[before:]
                    self.assertEqual([(each["severity"], each["error"]) for each in refused], [("alarm", "certificate.invalid")])
                    self.assert_doors(gateway, revoked, False)
                    self.assert_doors(gateway, holders, True)
                    gateway.publish(good)
            for door in DOORS:
                self.assertTrue(knocks[door.name].still_there(), "a good connection was cut")
        self.case("bad lists under a running gateway", lists=len(self.bad_lists(gateway, good)))

    def bad_lists(self, gateway, good):
        root = gateway.root
        twin = Authority.root("A root")
        leaf = Authority(root.issue(DOORS[0].subject()))
        issuer = x509.IssuingDistributionPoint(full_name=None, relative_name=None, only_contains_user_certs=True,
                                               only_contains_ca_certs=False, only_some_reasons=None, indirect_crl=False,
                                               only_contains_attribute_certs=False)
        return {"missing": None, "none of this authority": [], "of an authority of the same name": [twin.list()],
                "signed by a client": [leaf.list(name=root.certificate.subject)],
                "of a foreign one beside it": [good, twin.list()],
                "a bit of its signature turned": [turned(good)],
                "a delta": [root.list(more=[(x509.DeltaCRLIndicator(1), True)])], "a part": [root.list(more=[(issuer, True)])],
                "older than the one in use": [root.list(made=-2 * HOUR)],
                "of tomorrow": [root.list(made=24 * HOUR, next_update=48 * HOUR)]}

    def test_a_list_of_100_000_finds_its_last_entry(self):
        gateway = self.gateway()
        holders, revoked = issued(gateway.root), issued(gateway.root)
        gateway.start()
        self.assert_doors(gateway, revoked, True)
        made = gateway.root.long_list(MANY, revoked.values())
        gateway.publish(made)
        before = gateway.rss()
        gateway.reload()
        self.assertEqual(gateway.events("gateway.reload_refused"), [])
        self.assert_doors(gateway, revoked, False)
        self.assert_doors(gateway, holders, True)
        growth = f"{(gateway.rss() - before) >> 20} MiB"
        self.case("a long list", entries=MANY + len(revoked), mebibytes=len(made) >> 20, growth=growth)

    def test_an_authority_is_rotated(self):
        """Both for a while, then the new one alone: who holds one of the old is cut, and the others live on."""
        gateway = self.gateway()
        gateway.start()
        old, following = gateway.root, Authority.root("The next root")
        held, fresh = issued(old), issued(following)
        self.assert_doors(gateway, fresh, False)
        with self.connected(gateway, held) as leaving:
            gateway.trust(old, following)
            gateway.publish(old.list(), following.list())
            gateway.reload()
            with self.connected(gateway, fresh) as staying:
                for door in DOORS:
                    self.assertTrue(leaving[door.name].still_there())
                gateway.trust(following)
                gateway.publish(following.list())
                gateway.reload()
                for door in DOORS:
                    self.assertTrue(leaving[door.name].await_end())
                    self.assertTrue(staying[door.name].still_there())
        self.assert_doors(gateway, held, False)
        self.assert_doors(gateway, fresh, True)
        self.case("an authority rotated")

    def test_a_new_authority_without_a_list_is_not_trusted(self):
        gateway = self.gateway()
        gateway.start()
        following = Authority.root("The next root")
        gateway.trust(gateway.root, following)
        gateway.reload()
        self.assertEqual(len(gateway.events("gateway.reload_refused")), 1)
        self.assert_doors(gateway, issued(following), False)
        self.assert_doors(gateway, issued(gateway.root), True)
        self.case("an authority without a list")

    def test_a_newer_list_wins_over_an_older_one_beside_it(self):
        gateway = self.gateway()
        holders, revoked = issued(gateway.root), issued(gateway.root)
        lists = [gateway.root.list(made=-3 * HOUR), gateway.root.list(revoked.values()), gateway.root.list(made=-2 * HOUR)]
        gateway.publish(*lists)
        gateway.start()
        self.assert_doors(gateway, revoked, False)
        self.assert_doors(gateway, holders, True)
        self.case("lists of several ages", lists=len(lists))

    @classmethod
    def tearDownClass(cls):
        report("T10", cases=cls.cases)


def turned(pem):
    """The list with the last bit of its signature turned."""
    der = bytearray(x509.load_pem_x509_crl(pem.encode()).public_bytes(serialization.Encoding.DER))
    der[-1] ^= 1
    return f"-----BEGIN X509 CRL-----\n{base64.encodebytes(bytes(der)).decode()}-----END X509 CRL-----\n"


if __name__ == "__main__":
    unittest.main()
