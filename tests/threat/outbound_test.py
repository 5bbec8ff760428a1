"""T9 and T33 of connections that the gateway opens itself: a practice that cannot prove that it is the one, and answers that
would have the gateway connect to somewhere else.
"""

import ipaddress
import pathlib
import socket
import ssl
import sys
import threading
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/path"))

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

from attack import report
from certificates import HOUR, Authority, Issued, named, new_key, new_rsa
from live_test import LiveCase, lines_of
from provider import http, record, resource

SERVER = [ExtendedKeyUsageOID.SERVER_AUTH]
HERE = [x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
SUBJECT = named(("CN", "127.0.0.1"))
STRANGE = (x509.UnrecognizedExtension(ObjectIdentifier("1.3.6.1.4.1.99999.1"), b"\x05\x00"), True)
NOT_REACHED = ("UNAVAILABLE", "Z99001", "source_not_available")


class World:
    """Whom the gateway trusts to name practices, and whom it does not."""

    def __init__(self):
        self.root = Authority.root("Of practices")
        self.below = self.root.below("Below it", path_length=0)
        self.foreign = Authority.root("A foreign one")
        self.twin = Authority.root("Of practices")
        self.revoked = self.leaf()

    def leaf(self, by=None, subject=SUBJECT, purposes=tuple(SERVER), names=tuple(HERE), **how):
        return (by or self.root).issue(subject, purposes=purposes, names=names, **how)

    def kinds(self):
        """kind: [(what is shown, what is brought with it)]."""
        own = new_key()
        alone = Authority(Issued(None, own)).issue(SUBJECT, key=own, issuer=SUBJECT, purposes=SERVER, names=HERE)
        far = [x509.IPAddress(ipaddress.ip_address("127.0.0.2"))]
        other = [x509.DNSName("other.example")]
        return {
            "expired": [(self.leaf(ends=-60), []), (self.leaf(begins=-800 * 24 * HOUR, ends=-400 * 24 * HOUR), [])],
            "not yet valid": [(self.leaf(begins=HOUR), [])],
            "wrong authority": [(self.leaf(self.foreign), []), (self.leaf(self.foreign), [self.foreign])],
            "authority of the same name": [(self.leaf(self.twin), []), (self.leaf(self.twin), [self.twin])],
            "self-signed": [(alone, [])],
            "another's name": [(self.leaf(names=far), []), (self.leaf(names=other), []), (self.leaf(names=()), []),
                               (self.leaf(names=[x509.DNSName("127.0.0.1")]), []), (self.leaf(names=[x509.DNSName("*")]), [])],
            "wrong purpose": [(self.leaf(purposes=[ExtendedKeyUsageOID.CLIENT_AUTH]), []),
                              (self.leaf(purposes=[ExtendedKeyUsageOID.EMAIL_PROTECTION]), [])],
            "revoked": [(self.revoked, [])],
            "too weak a key": [(self.leaf(key=new_rsa(1024)), [])],
            "too weak a digest": [(self.leaf(digest=hashes.SHA1()), [])],
            "missing issuer": [(self.leaf(self.below), [])],
            "issuer without a list": [(self.leaf(self.below), [self.below])],
            "critical and unknown": [(self.leaf(more=[STRANGE]), [])],
        }


def proof(folder, issued, brought=(), version=None):
    """What a server shows that proves itself so, whatever a sound one would refuse to show."""
    chain, key = folder / "shown.pem", folder / "shown.key"
    chain.write_text(issued.pem() + "".join(each.pem() for each in brought))
    key.write_text(issued.key_pem())
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.set_ciphers("ALL:@SECLEVEL=0")
    if version:
        tls.minimum_version = tls.maximum_version = version
    tls.load_cert_chain(chain, key)
    return tls


def show(provider, folder, issued, brought=(), version=None):
    """From the next connection on the practice proves itself so."""
    tls = proof(folder, issued, brought, version)
    tls.load_verify_locations(folder / "authority.pem")
    tls.verify_mode = ssl.CERT_REQUIRED
    provider.tls = tls


class Outbound(LiveCase):
    settings = {**LiveCase.settings, "failures": 1000, "authority": "certificates/practices.pem",
                "revocation_lists": ["certificates/practices-revoked.pem"]}

    @classmethod
    def setUpClass(cls):
        cls.world = World()
        super().setUpClass()

    @classmethod
    def prepare(cls, folder):
        (folder / "practices.pem").write_text(cls.world.root.pem())
        (folder / "practices-revoked.pem").write_text(cls.world.root.list([cls.world.revoked]))

    def setUp(self):
        super().setUp()
        self.folder = self.trial.folder / "certificates"
        show(self.provider, self.folder, self.world.leaf())

    def test_a_practice_that_cannot_prove_itself_is_told_nothing(self):
        tried = 0
        for kind, cases in self.world.kinds().items():
            for issued, brought in cases:
                with self.subTest(kind=kind):
                    show(self.provider, self.folder, issued, brought)
                    self.assertIn(NOT_REACHED, lines_of(self.ward.view()))
                    self.assertEqual(self.provider.asked, [], "not one byte of a question")
                    tried += 1
            show(self.provider, self.folder, self.world.leaf())
            self.assertTrue(lines_of(self.ward.view(), "live"), f"a good one after {kind}")
            self.provider.asked.clear()
        report("T9 outbound", kinds=len(self.world.kinds()), certificates=tried, asked=0)

    def test_old_tls_is_not_spoken(self):
        for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
            show(self.provider, self.folder, self.world.leaf(), version=version)
            self.assertIn(NOT_REACHED, lines_of(self.ward.view()))
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            show(self.provider, self.folder, self.world.leaf(), version=version)
            self.assertTrue(lines_of(self.ward.view(), "live"), version)

    def test_a_revocation_counts_from_the_next_reload_on(self):
        (self.folder / "practices-revoked.pem").write_text(self.world.root.list([self.world.revoked, good := self.world.leaf()]))
        show(self.provider, self.folder, good)
        self.assertTrue(lines_of(self.ward.view(), "live"))
        self.trial.reload()
        self.assertIn(NOT_REACHED, lines_of(self.ward.view()))
        (self.folder / "practices-revoked.pem").write_text("nothing")
        self.trial.reload()  # refused: the old one is kept
        self.assertIn(NOT_REACHED, lines_of(self.ward.view()))
        self.assertIn("gateway.reload_refused", self.trial.log.read_text())
        self.prepare(self.folder)
        self.trial.reload()
        self.assertTrue(lines_of(self.ward.view(), "live"))


class Decoy:
    """Listens where nobody should connect."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.met = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            self.met += 1
            peer.close()

    def end(self):
        self.listener.close()


def addresses(port):
    return [f"https://127.0.0.1:{port}/x", f"http://127.0.0.1:{port}/x", f"https://[::ffff:127.0.0.1]:{port}/x",
            f"http://2130706433:{port}/x", f"https://0x7f.1:{port}/x", f"//127.0.0.1:{port}/x", f"https://localhost:{port}/x"]


def headed(status, name, url):
    return lambda provider, peer, asked: peer.sendall(http(record(asked), status, [f"{name}: {url}"]))


def referring(change, url):
    def behave(provider, peer, asked):
        bundle = record(asked)
        change(bundle, url)
        peer.sendall(http(bundle))
    return behave


def _organisation(bundle, url):
    resource(bundle, "Patient")["managingOrganization"] = {"reference": url}


def _recorder(bundle, url):
    resource(bundle, "AllergyIntolerance")["recorder"] = {"reference": url}


def _attachment(bundle, url):
    bundle["entry"].append({"resource": {
        "resourceType": "DocumentReference", "id": "d1", "status": "current", "type": {"text": "Letter"},
        "content": [{"attachment": {"contentType": "application/pdf", "url": url}}]}})


def _listed(bundle, url):
    next(e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == "List")["entry"] = [{"item": {"reference": url}}]


def _next(bundle, url):
    bundle["link"] = [{"relation": "next", "url": url}]


def _full_url(bundle, url):
    bundle["entry"][0]["fullUrl"] = url


def _profile(bundle, url):
    bundle["meta"] = {"profile": [url]}


WAYS = {
    **{f"redirect {status[:3]}": lambda url, status=status: headed(status, "Location", url)
       for status in ("301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent")},
    **{name: lambda url, name=name: headed("200 OK", name, url) for name in ("Location", "Content-Location", "Refresh", "Link")},
    **{change.__name__: lambda url, change=change: referring(change, url)
       for change in (_organisation, _recorder, _attachment, _listed, _next, _full_url, _profile)},
}


class Elsewhere(LiveCase):
    settings = {**LiveCase.settings, "failures": 1000}

    def test_no_answer_makes_the_gateway_connect_to_somewhere_else(self):
        decoy = Decoy()
        self.addCleanup(decoy.end)
        tried = 0
        for name, way in WAYS.items():
            for url in addresses(decoy.port):
                with self.subTest(way=name, url=url):
                    met = self.provider.connections
                    self.provider.behave = way(url)
                    self.assertEqual(self.ward.view().WhichOneof("outcome"), "view")
                    self.assertEqual(self.provider.connections - met, 1)
                    tried += 1
        self.assertEqual(decoy.met, 0)
        report("T33", ways=len(WAYS), addresses=len(addresses(1)), answers=tried, connections_elsewhere=decoy.met)


if __name__ == "__main__":
    unittest.main()
