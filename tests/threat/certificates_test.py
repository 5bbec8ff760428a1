"""T9: bad certificates. Each of the kinds below is shown to each listener over TLS, by the very organisation and system that the
listener would let in: none is answered, the log says why, and a good one is answered after it.
"""

import json
import pathlib
import ssl
import sys
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/path"))

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

from attack import Attacked, Good, report
from certificates import CLIENT, DOORS, HOUR, Authority, Issued, Knock, context, named, new_key, new_rsa, organisation, usage

DAY = 24 * HOUR
STRANGE = (x509.UnrecognizedExtension(ObjectIdentifier("1.3.6.1.4.1.99999.1"), b"\x05\x00"), True)
NOT_BEFORE, ENDED = "certificate is not yet valid", "certificate has expired"
NO_ISSUER, FORGED = "unable to get local issuer certificate", "certificate signature failure"
PURPOSE, IDENTITY = "unsuitable certificate purpose", "the subject does not name one organisation"
SELF_SIGNED, REVOKED = "self-signed certificate", "certificate revoked"
WEAK_KEY, WEAK_DIGEST = "key too weak", "digest algorithm too weak"
NO_AUTHORITY = "invalid CA certificate"
TOLD_WITHIN = 30  # seconds: ten lines a second are written for a listener, and a try whose line was left out is made again


class World:
    """The authorities that the gateway trusts, and those that it does not."""

    def __init__(self, folder):
        self.trial = Authority.read(folder / "authority.pem", folder / "authority.key")  # with a path length of 0
        self.root = Authority.root("A root")
        self.below = self.root.below("Below the root", path_length=0)
        self.unlisted = self.root.below("Without a list", path_length=0)
        self.withdrawn = self.root.below("Withdrawn", path_length=0)
        self.weak = self.root.below("Of a weak key", key=new_rsa(1024))
        self.old = self.root.below("Signed with SHA-1", digest=hashes.SHA1())
        self.odd = self.root.below("Of a strange kind", more=[STRANGE])
        self.ended = self.root.below("Ended", ends=-60)
        only = x509.NameConstraints([x509.DirectoryName(named(("O", "ZT9")))], None)
        self.bounded = Authority.root("Of ZT9 alone", more=[(only, True)])
        not_these = x509.NameConstraints(None, [x509.DNSName("forbidden.example")])
        self.excluding = self.root.below("But for one name", more=[(not_these, True)])
        self.of_rsa = Authority.root("A root of RSA", key=new_rsa(2048))
        self.foreign = Authority.root("A foreign one")
        self.twin = Authority.root(self.trial.certificate.subject.rfc4514_string().removeprefix("CN="))
        self.revoked = [self.root.issue(door.subject()) for door in DOORS]
        trusted = (self.trial, self.root, self.withdrawn, self.bounded, self.of_rsa)
        (folder / "authority.pem").write_text("".join(each.pem() for each in trusted))
        lists = [self.root.list([*self.revoked, self.withdrawn]), *(each.list() for each in trusted[2:])]
        (folder / "revoked.pem").write_text((folder / "revoked.pem").read_text() + "".join(lists))

    def good(self, door):
        return self.root.issue(door.subject())


def forged(issued):
    """Its signature with a bit turned."""
    data = bytearray(issued.certificate.public_bytes(serialization.Encoding.DER))
    data[-1] ^= 1
    return Issued(x509.load_der_x509_certificate(bytes(data)), issued.key)


def own(door, **how):
    """Signed by its own key."""
    key = new_key()
    return Authority(Issued(None, key)).issue(door.subject(), key=key, issuer=door.subject(), **how)


def kinds(world, door):
    """kind: [(what is shown, what is brought with it, the reason)]."""
    subject, root, below = door.subject(), world.root, world.below
    other = [("O", "ZT9"), ("CN", door.system)]
    deeper = below.below("Below that")

    def leaf(by=root, named_as=subject, **how):
        return by.issue(named_as, **how)

    twin_as_the_authority = Authority(Issued(world.trial.certificate, world.twin.key))
    return {
        "expired": [(leaf(ends=-60), [], ENDED), (leaf(begins=-800 * DAY, ends=-400 * DAY), [], ENDED),
                    (leaf(by=world.trial, ends=-1), [], ENDED), (leaf(by=world.ended), [world.ended], ENDED)],
        "not yet valid": [(leaf(begins=HOUR), [], NOT_BEFORE), (leaf(begins=300 * DAY, ends=400 * DAY), [], NOT_BEFORE),
                          (leaf(by=below, begins=60), [below], NOT_BEFORE)],
        "wrong authority": [(leaf(by=world.foreign), [], NO_ISSUER), (leaf(by=world.foreign), [world.foreign], SELF_SIGNED),
                            (leaf(by=world.foreign.below("A foreign one below")), [], NO_ISSUER)],
        "authority of the same name": [(leaf(by=world.twin), [], (NO_ISSUER, FORGED)),
                                       (leaf(by=world.twin), [world.twin], (NO_ISSUER, FORGED, "self-signed")),
                                       (leaf(by=twin_as_the_authority), [], (NO_ISSUER, FORGED)), (forged(leaf()), [], FORGED)],
        "wrong purpose": [(leaf(purposes=[purpose]), [], PURPOSE) for purpose in (
            ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.EMAIL_PROTECTION, ExtendedKeyUsageOID.CODE_SIGNING,
            ExtendedKeyUsageOID.OCSP_SIGNING, ExtendedKeyUsageOID.TIME_STAMPING)] + [
            (leaf(purposes=()), [], PURPOSE), (leaf(key_usage=usage(key_encipherment=True)), [], PURPOSE)],
        "self-signed": [(own(door), [], SELF_SIGNED), (own(door, authority=True), [], SELF_SIGNED), (root, [], SELF_SIGNED),
                        (world.trial, [], PURPOSE)],
        "revoked": [(world.revoked[DOORS.index(door)], [], REVOKED), (leaf(by=world.withdrawn), [world.withdrawn], REVOKED),
                    (leaf(by=world.withdrawn), [], REVOKED)],
        "too weak a key": [(leaf(key=new_rsa(1024)), [], WEAK_KEY), (leaf(key=new_rsa(1536)), [], WEAK_KEY),
                           (leaf(by=world.weak), [world.weak], WEAK_KEY)],
        "too weak a digest": [(leaf(digest=hashes.SHA1()), [], WEAK_DIGEST), (leaf(by=world.trial, digest=hashes.SHA1()), [], WEAK_DIGEST),
                              (leaf(by=world.of_rsa, digest=hashes.MD5()), [], WEAK_DIGEST),
                              (leaf(by=world.old), [world.old], WEAK_DIGEST)],
        "no clear identity": [(leaf(named_as=named(*pairs), names=names), [], IDENTITY) for pairs, names in (
            ([("O", door.ods)], ()), ([("CN", door.system)], ()), ([("O", door.ods), *other], ()),
            ([("O", door.ods), ("CN", door.system), ("CN", "other")], ()), ([("O", door.ods.lower()), ("CN", door.system)], ()),
            ([("O", "A Trust"), ("CN", door.system)], ()), ([("O", door.ods + "\0"), ("CN", door.system)], ()),
            ([("O", door.ods), ("CN", door.system + "\n{\"event\":\"x\"}")], ()), ([("O", door.ods), ("CN", "café")], ()))] + [
            (leaf(names=[organisation("ZT9")]), [], IDENTITY),
            (leaf(names=[organisation(door.ods), organisation("ZT9")]), [], IDENTITY)],
        "an authority as a client": [(leaf(authority=True, purposes=CLIENT), [], PURPOSE),
                                     (leaf(authority=True, more=[(x509.ExtendedKeyUsage(CLIENT), False)]), [], PURPOSE),
                                     (leaf(constraints=False, key_usage=usage(digital_signature=True, key_cert_sign=True)), [],
                                      PURPOSE)],
        "a client as an authority": [below_a_leaf(root, subject)],
        "constrained name": [(leaf(by=world.bounded), [], "permitted subtree violation"),
                             (leaf(by=world.excluding, names=[x509.DNSName("forbidden.example")]), [world.excluding],
                              "excluded subtree violation")],
        "path too long": [(leaf(by=deeper), [deeper, below], "path length constraint exceeded"), too_deep(world.trial, subject)],
        "missing issuer": [(leaf(by=below), [], NO_ISSUER), (leaf(by=below), [world.unlisted], NO_ISSUER),
                           (leaf(by=world.unlisted), [world.unlisted], "unable to get certificate CRL"),
                           (leaf(by=below), [below], "unable to get certificate CRL")],
        "critical and unknown": [(leaf(more=[STRANGE]), [], "unhandled critical extension"),
                                 (leaf(by=world.odd), [world.odd], "unhandled critical extension")],
        "none at all": [(None, [], "peer did not return a certificate")],
    }


def below_a_leaf(root, subject):
    """A client's certificate signs another's."""
    client = Authority(root.issue(subject))
    return client.issue(subject), [client], NO_AUTHORITY


def too_deep(authority, subject):
    """The authority may sign clients alone."""
    between = authority.below("Between")
    return between.issue(subject), [between], "path length constraint exceeded"


class Certificates(Attacked):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world = World(cls.trial.folder / "certificates")
        cls.trial.reload()

    def reasons(self, door, address):
        """What the log says of that address's handshakes; every line is one of the catalogue's."""
        lines = [json.loads(line) for line in self.trial.log.read_text().splitlines() if line.startswith("{") and address in line]
        return [each["reason"] for each in lines if (each["event"], each["listener"], each["address"]) ==
                ("connection.handshake_failed", door.name, address)]

    def refusal(self, door, tls):
        """The reason in the log, once it is told; it is never answered."""
        deadline = time.monotonic() + TOLD_WITHIN
        while time.monotonic() < deadline:
            with Knock(self.trial.ports[door.name], door, tls) as knock:
                self.assertFalse(knock.let_in(), knock.answered)
            told = self.reasons(door, knock.address)
            if told:
                return told
        raise AssertionError("refused, and never said why")

    def assert_let_in(self, door, shown, brought=()):
        with Knock(self.trial.ports[door.name], door, context(door, shown, brought)) as knock:
            self.assertTrue(knock.let_in(), knock.error)

    def try_one(self, door, number, case):
        """Gives the reason. Every other case is shown over TLS 1.2, where a client hears at once that it is refused."""
        shown, brought, expected = case
        tls = context(door, shown, brought)
        if number % 2:
            tls.maximum_version = ssl.TLSVersion.TLSv1_2
        reasons = self.refusal(door, tls)
        words = (expected,) if isinstance(expected, str) else expected
        self.assertTrue(len(reasons) == 1 and any(word in reasons[0] for word in words), reasons)
        return reasons[0]

    def test_each_kind_is_refused_with_its_reason_and_a_good_one_is_answered_after(self):
        cases = {door: kinds(self.world, door) for door in DOORS}
        tried, told = dict.fromkeys((door.name for door in DOORS), 0), {}
        with Good(self.trial) as good:
            for kind in cases[DOORS[0]]:
                for number in range(len(cases[DOORS[0]][kind])):
                    for door in DOORS:
                        with self.subTest(door=door.name, kind=kind, case=number):
                            told.setdefault(kind, set()).add(self.try_one(door, number, cases[door][kind][number]))
                            tried[door.name] += 1
                for door in DOORS:
                    self.assert_let_in(door, self.world.good(door))
            good.await_calls(1)
        self.assertEqual(good.failures, [])
        self.assert_log_is_clean()
        for kind, reasons in told.items():
            print(f"  {kind}: {'; '.join(sorted(reasons))}")
        report("T9", kinds=len(told), tried=tried, let_in=0, good_calls=len(good.took))

    def assert_log_is_clean(self):
        """Nothing that a certificate or a first word holds is in it."""
        text = self.trial.log.read_text()
        for line in text.splitlines():
            json.loads(line)
        for word in ("9990000018", "HADRIAN", "A Trust", "café", '"event":"x"', "forbidden.example"):
            self.assertNotIn(word, text)


if __name__ == "__main__":
    unittest.main()
