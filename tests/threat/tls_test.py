"""T8: weak TLS. Of every protocol, suite, group and signature that there is, each listener agrees to those of the list below,
which SECURITY.md documents, and to nothing else.

Every suite that OpenSSL has is tried as a whole connection, with a server's certificate of either kind, and first against a
server that takes anything, so that a refusal is the gateway's. What no library offers any more is offered by hand.
"""

import contextlib
import ipaddress
import pathlib
import socket
import ssl
import subprocess
import sys
import threading
import unittest
import warnings

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/path"))

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa
from cryptography.x509.oid import ExtendedKeyUsageOID

import hello
from attack import Attacked, Good, report
from certificates import DOORS, Authority, Knock, context, named, new_key, new_rsa
from hello import SSL3, TLS10, TLS11, TLS12, TLS13

warnings.simplefilter("ignore", DeprecationWarning)  # of the old protocols, which are tried here

# The list: TLS 1.2 and 1.3, and of each these.
MODERN = {0x1301: "TLS_AES_128_GCM_SHA256", 0x1302: "TLS_AES_256_GCM_SHA384", 0x1303: "TLS_CHACHA20_POLY1305_SHA256"}
OLDER = {"EC": {0xC02B: "ECDHE-ECDSA-AES128-GCM-SHA256", 0xC02C: "ECDHE-ECDSA-AES256-GCM-SHA384",
                0xCCA9: "ECDHE-ECDSA-CHACHA20-POLY1305"},
         "RSA": {0xC02F: "ECDHE-RSA-AES128-GCM-SHA256", 0xC030: "ECDHE-RSA-AES256-GCM-SHA384",
                 0xCCA8: "ECDHE-RSA-CHACHA20-POLY1305"}}
GROUPS = {0x0017: "P-256", 0x0018: "P-384", 0x001D: "X25519"}
# Of 112 bits and more: no MD5, no SHA-1.
SIGNATURES = {"EC": {0x0303, 0x0403, 0x0503, 0x0603},
              "RSA": {0x0301, 0x0401, 0x0501, 0x0601, 0x0804, 0x0805, 0x0806}}

VERSIONS = {"tls1": ssl.TLSVersion.TLSv1, "tls1_1": ssl.TLSVersion.TLSv1_1, "tls1_2": ssl.TLSVersion.TLSv1_2}
FALLBACK = 0x5600  # says that a better protocol failed; is no suite, and a refusal of its own
EVERY_GROUP = [*range(1, 42), *range(0x0100, 0x0105), *range(0x11EB, 0x11EF), 0x6399, 0xFE30, 0xFF01, 0xFF02]
EVERY_SIGNATURE = [*(digest << 8 | kind for digest in range(7) for kind in range(4)), *range(0x0704, 0x0710),
                   *range(0x0804, 0x0820), 0x0904, 0x0905, 0x0906]
LOOPBACK = ipaddress.ip_address("127.0.0.1")
AT_ONCE = 8000  # suites of one hello


def suites_of(option):
    listed = subprocess.run(["openssl", "ciphers", "-s", f"-{option}", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"],
                            check=True, capture_output=True, text=True).stdout
    return [name for name in listed.strip().split(":") if not name.startswith("TLS_")]


class Lenient:
    """OpenSSL's own server, which agrees to anything that it has."""

    def __init__(self, folder, *holders):
        files = []
        for option, holder in zip(("", "d"), holders):
            path = folder / f"lenient{option}.pem"
            path.write_text(holder.key_pem() + holder.pem())
            files += [f"-{option}cert", path, f"-{option}key", path]
        self.process = subprocess.Popen(
            ["openssl", "s_server", "-accept", "127.0.0.1:0", "-cipher", "ALL:COMPLEMENTOFALL:@SECLEVEL=0", *files],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        line = next(line for line in self.process.stdout if line.startswith("ACCEPT"))
        self.port = int(line.rpartition(":")[2])
        threading.Thread(target=self.process.stdout.read, daemon=True).start()  # what it tells of each client

    def agrees(self, tls, suite):
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as raw, contextlib.suppress(OSError):
            with tls.wrap_socket(raw, server_hostname="localhost") as client:
                return client.cipher()[0] == suite
        return False

    def end(self):
        self.process.kill()
        self.process.wait()


class Tls(Attacked):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = cls.trial.folder / "certificates"
        cls.authority = Authority.read(folder / "authority.pem", folder / "authority.key")
        how = {"purposes": [ExtendedKeyUsageOID.SERVER_AUTH], "names": [x509.DNSName("localhost"), x509.IPAddress(LOOPBACK)]}
        cls.servers = {kind: cls.authority.issue(named(("O", "GATEWAY"), ("CN", "localhost")), key=key, **how)
                       for kind, key in (("EC", new_key()), ("RSA", new_rsa(2048)))}
        cls.holders = {door.name: cls.authority.issue(door.subject()) for door in DOORS}

    def serve_as(self, kind):
        """Both listeners show a certificate of that kind from now on."""
        folder, server = self.trial.folder / "certificates", self.servers[kind]
        (folder / "server.pem").write_text(server.pem())
        (folder / "server.key").write_text(server.key_pem())
        self.trial.reload()

    def port(self, door):
        return self.trial.ports[door.name]

    def assert_good_is_answered(self):
        for door in DOORS:
            with Knock(self.port(door), door, context(door, self.holders[door.name])) as knock:
                self.assertTrue(knock.let_in(), f"{door.name}: {knock.error}")
                self.assertEqual(knock.tls.version(), "TLSv1.3")

    def test_every_protocol_and_every_suite_of_openssl(self):
        lenient = Lenient(self.trial.folder, *self.servers.values())
        self.addCleanup(lenient.end)
        of_dsa = Lenient(self.trial.folder, self.authority.issue(named(("CN", "localhost")), key=dsa.generate_private_key(1024)))
        self.addCleanup(of_dsa.end)
        tried, agreed = 0, {}
        with Good(self.trial) as good:
            for kind in self.servers:
                self.serve_as(kind)
                for door in DOORS:
                    for version, number in VERSIONS.items():
                        for suite in suites_of(version):
                            tls = context(door, self.holders[door.name])
                            tls.minimum_version = tls.maximum_version = number
                            tls.set_ciphers(f"{suite}:@SECLEVEL=0")
                            able = (of_dsa if "DSS" in suite else lenient).agrees(tls, suite)
                            self.assertTrue(able, f"this client cannot: {version} {suite}")
                            tried += 1
                            with Knock(self.port(door), door, tls) as knock:
                                if knock.let_in():
                                    agreed.setdefault((kind, door.name), set()).add((version, knock.tls.cipher()[0]))
                self.assert_good_is_answered()
            good.await_calls(1)
        for kind in self.servers:
            for door in DOORS:
                self.assertEqual(agreed.get((kind, door.name)), {("tls1_2", suite) for suite in OLDER[kind].values()})
        self.assertEqual(good.failures, [])
        report("T8 whole connections", tried=tried, agreed=sum(map(len, agreed.values())), good_calls=len(good.took))

    def test_every_suite_of_tls_1_3_as_a_whole_connection(self):
        tried = 0
        for door in DOORS:
            holder = self.holders[door.name]
            with contextlib.ExitStack() as files:
                path = self.trial.folder / "holder.pem"
                files.callback(path.unlink)
                path.write_text(holder.key_pem() + holder.pem())
                for suite in [*MODERN.values(), "TLS_AES_128_CCM_SHA256", "TLS_AES_128_CCM_8_SHA256"]:
                    done = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{self.port(door)}", "-tls1_3",
                                           "-ciphersuites", suite, "-cert", path, "-key", path],
                                          input="", capture_output=True, text=True, timeout=30)
                    tried += 1
                    self.assertEqual(f"Cipher is {suite}" in done.stdout, suite in MODERN.values(), f"{door.name}: {suite}")
        report("T8 suites of TLS 1.3", tried=tried)

    def test_every_number_of_a_suite(self):
        """All 65,536, and of every protocol: alone they are refused; with one of the list beside them, that one is taken."""
        self.serve_as("EC")
        tried = 0
        groups, signatures = list(GROUPS), sorted(SIGNATURES["EC"] | SIGNATURES["RSA"])
        for door in DOORS:
            for version, listed in ((TLS12, OLDER["EC"]), (TLS13, MODERN)):
                rest = [number for number in range(65536) if number not in listed and number != FALLBACK]
                for at in range(0, len(rest), AT_ONCE):
                    some = rest[at:at + AT_ONCE]
                    self.assertIsNone(self.say(door, version, some, groups, signatures), f"one of {some[0]:04x}–{some[-1]:04x}")
                    for one in listed:
                        said = self.say(door, version, [*some, one], groups, signatures)
                        self.assertEqual((said.version, said.suite, said.compression), (version, one, 0))
                        tried += 1
                    tried += 1
            for version in (SSL3, TLS10, TLS11):
                for at in range(0, 65536, AT_ONCE):
                    some = [number for number in range(at, min(at + AT_ONCE, 65536)) if number != FALLBACK]
                    self.assertIsNone(self.say(door, version, some, groups, signatures), f"protocol {version:04x}")
                    tried += 1
            self.assertIsNone(hello.said_to(self.port(door), hello.ssl2_hello()), "SSL 2")
            tried += 1
        self.assert_good_is_answered()
        report("T8 suites by their numbers", hellos=tried, numbers=65536 - 1)

    def say(self, door, version, suites, groups, signatures):
        return hello.said_to(self.port(door), hello.client_hello(version, suites, groups, signatures))

    def test_every_group(self):
        """With a certificate of RSA, so that its own curve does not decide."""
        self.serve_as("RSA")
        taken, signatures = {}, sorted(SIGNATURES["RSA"])
        for door in DOORS:
            for version, suites in ((TLS12, list(OLDER["RSA"])), (TLS13, list(MODERN))):
                for group in EVERY_GROUP:
                    said = self.say(door, version, suites, [group], signatures)
                    if said:
                        self.assertEqual(said.group, group)
                        taken.setdefault((door.name, version), set()).add(group)
                rest = [group for group in range(1, 20000) if group not in GROUPS]
                self.assertIsNone(self.say(door, version, suites, rest, signatures))
        for door in DOORS:
            for version in (TLS12, TLS13):
                self.assertEqual(taken.get((door.name, version)), set(GROUPS))
        self.assert_good_is_answered()
        report("T8 groups", hellos=len(DOORS) * 2 * (len(EVERY_GROUP) + 1))

    def test_every_signature(self):
        """Of the gateway, and those that it asks a client for."""
        tried = 0
        for kind in self.servers:
            self.serve_as(kind)
            for door in DOORS:
                taken, asked = set(), set()
                for signature in EVERY_SIGNATURE:
                    said = self.say(door, TLS12, list(OLDER[kind]), list(GROUPS), [signature])
                    tried += 1
                    if said:
                        self.assertEqual(said.signature, signature)
                        taken.add(signature)
                        asked |= set(said.asked_signatures)
                self.assertEqual(taken, SIGNATURES[kind], f"{door.name}, {kind}")
                self.assertTrue(asked)
                self.assertEqual([number for number in asked if number >> 8 in (1, 2)], [], "SHA-1 or MD5 of a client")
        self.assert_good_is_answered()
        report("T8 signatures", hellos=tried)

    def test_nothing_is_resumed_renegotiated_or_plain(self):
        for door in DOORS:
            for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
                tls = context(door, self.holders[door.name])
                tls.minimum_version = tls.maximum_version = version
                with Knock(self.port(door), door, tls) as first:
                    self.assertTrue(first.let_in(), first.error)
                    session = first.tls.session
                    self.assertFalse(session and session.has_ticket)
                with Knock(self.port(door), door, tls, session=session) as second:
                    self.assertTrue(second.let_in(), second.error)
                    self.assertFalse(second.tls.session_reused, "a resumed session would not be verified again")
            with socket.create_connection(("127.0.0.1", self.port(door)), timeout=20) as plain:
                plain.sendall(door.says)
                with contextlib.suppress(ConnectionError):
                    said = b"".join(iter(lambda: plain.recv(4096), b""))
                self.assertLess(len(said), 8, "an alert at most")
            self.assertIn("no renegotiation", self.renegotiated(door))
        self.assert_good_is_answered()
        report("T8 resumption, renegotiation, plain", doors=len(DOORS))

    def renegotiated(self, door):
        holder, path = self.holders[door.name], self.trial.folder / "holder.pem"
        path.write_text(holder.key_pem() + holder.pem())
        done = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{self.port(door)}", "-tls1_2", "-cert", path,
                               "-key", path], input="R\n", capture_output=True, text=True, timeout=30)
        self.assertIn("RENEGOTIATING", done.stdout + done.stderr)
        return done.stdout + done.stderr


if __name__ == "__main__":
    unittest.main()
