"""Certificates of every kind that must be let in or kept out, made by another implementation than the gateway's, and a client
that knocks with them at a listener over TLS.

A client counts as let in when the service behind TLS has answered it: an HTTP/2 frame, or a reply to a message.
"""

import contextlib
import dataclasses
import datetime
import itertools
import pathlib
import socket
import ssl
import subprocess
import tempfile

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from attack import PREFACE, SETTINGS, frame
from trial import admission, person_segment

HOUR = 3600
CLIENT = [ExtendedKeyUsageOID.CLIENT_AUTH]
SIGN_LISTS = {"digital_signature": True, "key_cert_sign": True, "crl_sign": True}
PERSON = person_segment(local="M5").replace("ZT1", "ZT2")


def moment(seconds):
    return datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None) + datetime.timedelta(seconds=seconds)


def usage(**wanted):
    names = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign",
             "crl_sign", "encipher_only", "decipher_only")
    return x509.KeyUsage(**{name: wanted.get(name, False) for name in names})


def new_key():
    return ec.generate_private_key(ec.SECP256R1())


def new_rsa(bits):
    return rsa.generate_private_key(65537, bits)


def named(*pairs):
    kinds = {"O": NameOID.ORGANIZATION_NAME, "CN": NameOID.COMMON_NAME}
    return x509.Name([x509.NameAttribute(kinds[kind], text) for kind, text in pairs])


@dataclasses.dataclass
class Issued:
    certificate: x509.Certificate
    key: object

    def pem(self):
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    def key_pem(self):
        return self.key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                      serialization.NoEncryption()).decode()


class Authority(Issued):
    """Signs what it is told to, however wrong. Lists are as old as they are asked to be."""

    def __init__(self, issued):
        super().__init__(issued.certificate, issued.key)

    @classmethod
    def root(cls, name="An authority", key=None, more=(), path_length=None):
        key = key or new_key()
        self_signed = cls(Issued(None, key))
        return cls(self_signed.issue(named(("CN", name)), key=key, issuer=named(("CN", name)), authority=True,
                                     path_length=path_length, more=more))

    @classmethod
    def read(cls, certificate, key):
        return cls(Issued(x509.load_pem_x509_certificate(certificate.read_bytes()),
                          serialization.load_pem_private_key(key.read_bytes(), None)))

    def below(self, name, **how):
        return Authority(self.issue(named(("CN", name)), authority=True, **how))

    def issue(self, subject, *, begins=-HOUR, ends=24 * HOUR, key=None, issuer=None, authority=False, path_length=None,
              purposes=tuple(CLIENT), names=(), digest=None, key_usage=None, constraints=True, more=()):
        key = key or new_key()
        made = (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer or self.certificate.subject)
                .public_key(key.public_key()).serial_number(x509.random_serial_number())
                .not_valid_before(moment(begins)).not_valid_after(moment(ends)))
        if constraints:
            made = made.add_extension(x509.BasicConstraints(authority, path_length), critical=True)
        stated = key_usage or usage(**(SIGN_LISTS if authority else {"digital_signature": True}))
        made = made.add_extension(stated, critical=True)
        made = made.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        made = made.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
        if purposes and not authority:
            made = made.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
        if names:
            made = made.add_extension(x509.SubjectAlternativeName(names), critical=False)
        for extension, critical in more:
            made = made.add_extension(extension, critical=critical)
        return Issued(made.sign(self.key, digest or hashes.SHA256()), key)

    def list(self, revoked=(), *, made=-HOUR, next_update=24 * HOUR, more=(), name=None):
        """PEM."""
        begun = (x509.CertificateRevocationListBuilder().issuer_name(name or self.certificate.subject)
                 .last_update(moment(made)).next_update(moment(next_update)))
        for each in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(each.certificate.serial_number).revocation_date(moment(made))
            begun = begun.add_revoked_certificate(entry.build())
        for extension, critical in more:
            begun = begun.add_extension(extension, critical=critical)
        return begun.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()

    def long_list(self, count, last):
        """One of `count` numbers of nobody and, at its end, those of `last`; by openssl, which makes it in a moment."""
        with tempfile.TemporaryDirectory(prefix="milecastle-list.") as name:
            folder = pathlib.Path(name)
            (folder / "authority.pem").write_text(self.pem())
            (folder / "authority.key").write_text(self.key_pem())
            numbers = [each.certificate.serial_number for each in last]
            serials = [f"{0x5000000000000000 + i:X}" for i in range(count)]
            serials += [f"{number:0{2 * -(-number.bit_length() // 8)}X}" for number in numbers]
            lines = (f"R\t351121000000Z\t261101000000Z\t{serial}\tunknown\t/CN=nobody" for serial in serials)
            (folder / "index").write_text("\n".join(lines) + "\n")
            (folder / "settings").write_text(f"[ca]\ndefault_ca = it\n[it]\ndatabase = {folder}/index\ndefault_md = sha256\n")
            return subprocess.run(["openssl", "ca", "-gencrl", "-crldays", "1", "-config", folder / "settings", "-cert",
                                   folder / "authority.pem", "-keyfile", folder / "authority.key"],
                                  check=True, capture_output=True, text=True).stdout


def organisation(code):
    return x509.UniformResourceIdentifier(f"urn:milecastle:ods:{code}")


@dataclasses.dataclass(frozen=True)
class Door:
    """A listener that ends mutual TLS, who may come through it, and what they say first."""

    name: str
    ods: str
    system: str
    says: bytes
    protocol: str = ""

    def subject(self):
        return named(("O", self.ods), ("CN", self.system))


DOORS = (Door("grpc", "ZT1", "quayside-epr", PREFACE + frame(SETTINGS), "h2"),
         Door("moorland-pas", "ZT2", "moorland-pas",
              b"\x0b" + admission("KNOCK", sender="ZT2", person=PERSON).encode() + b"\x1c\r"))

_knocks = itertools.count(1)


def context(door, holder=None, brought=()):
    """A client's, that takes any server and any strength; `holder` an Issued, or (certificate, key) files."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
    made.set_ciphers("ALL:@SECLEVEL=0")
    if door.protocol:
        made.set_alpn_protocols([door.protocol])
    if isinstance(holder, Issued):
        with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
            file.write(holder.key_pem() + holder.pem() + "".join(each.pem() for each in brought))
            file.flush()
            made.load_cert_chain(file.name)
    elif holder:
        made.load_cert_chain(*holder)
    return made


class Knock:
    """One connection from an address of its own, so that the gateway's log tells it from all others."""

    def __init__(self, port, door, tls, session=None):
        number = next(_knocks)
        self.address = f"127.{1 + number // 62500 % 200}.{1 + number // 250 % 250}.{1 + number % 250}"
        self.door, self.error, self.answered = door, "", b""
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20, source_address=(self.address, 0))
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = tls.wrap_bio(self.incoming, self.outgoing, server_hostname="localhost", session=session)

    def let_in(self):
        """Whether the service answered what it says first."""
        if not self.shakes_hands():
            return False
        try:
            self.tls.write(self.door.says)
            self.answered = self._do(lambda: self.tls.read(65536))
        except (ssl.SSLError, OSError) as refused:
            self.error = str(refused)
        return bool(self.answered)

    def shakes_hands(self):
        try:
            self._do(self.tls.do_handshake)
            return True
        except (ssl.SSLError, OSError) as refused:
            self.error = str(refused)
            return False

    def _do(self, act):
        while True:
            try:
                done = act()
                self._flush()
                return done
            except ssl.SSLWantReadError:
                self._flush()
                data = self.socket.recv(65536)
                self.incoming.write(data) if data else self.incoming.write_eof()

    def _flush(self):
        if self.outgoing.pending:
            self.socket.sendall(self.outgoing.read())

    def await_end(self, seconds=20):
        """Whether the gateway closes it; what comes until then is not read."""
        self.socket.settimeout(seconds)
        try:
            while self.socket.recv(65536):
                pass
        except TimeoutError:
            return False
        except OSError:
            pass
        return True

    def still_there(self):
        """Whether the service answers once more."""
        self.answered = b""
        with contextlib.suppress(OSError, ssl.SSLError):
            says = self.door.says if not self.door.protocol else frame(6, payload=bytes(8))  # a PING
            self.tls.write(says)
            self.answered = self._do(lambda: self.tls.read(65536))
        return bool(self.answered)

    def leave(self):
        """Says that it has no more, and waits until the gateway has closed too: its log line is written by then."""
        with contextlib.suppress(OSError, ssl.SSLError):
            self.tls.unwrap()  # says so, and does not wait for the answer
        with contextlib.suppress(OSError):
            self._flush()
            self.socket.shutdown(socket.SHUT_WR)
        ended = self.await_end()
        self.socket.close()
        assert ended, "the gateway keeps a connection whose client has finished"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.leave()
