"""A running gateway for end-to-end tests: the shipped binary and configuration, trial certificates, real sockets.

The client side is independent of the product: Python's gRPC over stubs made from the proto files alone, and MLLP framed
here. Everything stands in a temporary folder, on loopback, on ports that the gateway chose.
"""

import atexit
import hashlib
import importlib
import os
import pathlib
import re
import shutil
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request

import grpc

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("MILECASTLE_BINARY", str(SOURCE / "build/dev/milecastle"))
HOLDERS = ["ZT1:quayside-epr", "ZT2:moorland-epr", "ZT2:moorland-pas", "Z99001:bridge-gp", "ZC1:district-nursing", "ZI1:desk",
           "LOCALFRIENDS:visits-sheet"]

LOGS = ("audit", "audit-second")  # folders of both logs


def _stubs():
    """Messages made from the proto files by protoc, as an integrator in another language would."""
    folder = tempfile.mkdtemp(prefix="milecastle-stubs.")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    protos = sorted(str(p.relative_to(SOURCE / "proto")) for p in (SOURCE / "proto").rglob("*.proto"))
    subprocess.run(["protoc", "-I", str(SOURCE / "proto"), "--python_out", folder, *protos], check=True)
    sys.path.insert(0, folder)
    names = [pathlib.Path(p).stem for p in protos]
    return {name: importlib.import_module(f"milecastle.v1.{name}_pb2") for name in names}


PB = _stubs()


class Mllp:
    """One connection of a hospital system."""

    def __init__(self, port, tls=None):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_hostname="localhost")
        self.received = b""

    def send(self, message):
        data = message if isinstance(message, bytes) else message.encode()
        self.socket.sendall(b"\x0b" + data + b"\x1c\x0d")

    def reply(self):
        while b"\x1c\x0d" not in self.received:
            chunk = self.socket.recv(65536)
            if not chunk:
                raise ConnectionError("closed before a reply")
            self.received += chunk
        frame, self.received = self.received.split(b"\x1c\x0d", 1)
        return frame.lstrip(b"\x0b").decode()

    def exchange(self, message):
        self.send(message)
        return self.reply()

    def close(self):
        self.socket.close()


def ack_code(reply):
    return next(s for s in reply.split("\r") if s.startswith("MSA")).split("|")[1]


class Trial:
    def __init__(self, settings=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="milecastle-path."))
        shutil.copytree(SOURCE / "config", self.folder, dirs_exist_ok=True)
        self.config = self.folder / "gateway.toml"
        lines = self.config.read_text().splitlines()
        for i, line in enumerate(lines):
            if line.split(" = ")[0] in ("port", "metrics_port"):
                lines[i] = line.split(" = ")[0] + " = 0"
            if line.startswith("log_level"):
                lines[i] = 'log_level = "debug"'  # everything that can be logged is
        text = "\n".join(lines) + "\n"
        for old, new in (settings or {}).items():
            assert old in text, old
            text = text.replace(old, new)
        self.config.write_text(text)
        self.certify()
        for inbox in ("practices", "council", "hearth", "haven"):
            (self.folder / "inbox" / inbox).mkdir(parents=True)
        self.process = None
        self.environment = {}  # more of it, for the gateway's process alone
        # What systemd would hear: READY=1 when every listener accepts, RELOADING=1 before and READY=1 after a reload.
        self.notices = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notices.bind(str(self.folder / "notify"))
        self.log = self.folder / "gateway.log"

    def certify(self, *arguments):
        holders = [word for holder in HOLDERS for word in ("--organisation", holder)]
        subprocess.run([SOURCE / "deploy/trial-certificates", self.folder / "certificates", *holders, *arguments],
                       check=True, stdout=subprocess.DEVNULL)

    def start(self):
        log = self.log.open("ab")
        environment = {**os.environ, "NOTIFY_SOCKET": str(self.folder / "notify"), **self.environment}
        self.process = subprocess.Popen([BINARY, "serve", "--config", self.config], stderr=log, env=environment)
        log.close()
        self.await_notice("READY=1")
        pairs = (line.split() for line in (self.folder / "data/listeners").read_text().splitlines())
        self.ports = {name: int(port) for name, port in pairs}
        return self

    def await_notice(self, wanted):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            self.notices.settimeout(0.2)
            try:
                if wanted in self.notices.recv(4096).decode().splitlines():
                    return
            except TimeoutError:
                if self.process.poll() is not None:
                    raise AssertionError("the gateway ended: " + self.log.read_text()[-2000:]) from None
        raise AssertionError(f"no {wanted} in a minute")

    def reload(self):
        self.process.send_signal(signal.SIGHUP)
        self.await_notice("RELOADING=1")
        self.await_notice("READY=1")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def end(self):
        if self.process and self.process.poll() is None:
            self.kill()
        self.notices.close()
        shutil.rmtree(self.folder)

    def run(self, *arguments, **kwargs):
        return subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True, timeout=120, **kwargs)

    # What it has, read past its calls.

    def metrics(self):
        """The page of metrics, as it is served."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.ports['metrics']}/metrics", timeout=30) as page:
            return page.read().decode()

    def samples(self):
        """The values of that page by name and labels, `milecastle_audit_leaves{origin="..."}`."""
        lines = [line.rsplit(" ", 1) for line in self.metrics().splitlines() if not line.startswith("#")]
        return {name: float(value) for name, value in lines}

    def rss(self):
        """Bytes in memory, as the kernel counts them."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) * 1024

    def query(self, sql):
        """Rows of the store, opened beside the gateway and for reading alone."""
        with sqlite3.connect(f"file:{self.folder}/data/store.db?mode=ro", uri=True) as database:
            return database.execute(sql).fetchall()

    def journal(self):
        """(control id, disposition) of every message, in the order of their coming."""
        return self.query("SELECT control_id, disposition FROM journal ORDER BY rowid")

    def fsck(self, name):
        """`audit fsck` of one of the logs, audit or audit-second, with the store beside it."""
        data = self.folder / "data"
        return self.run("audit", "fsck", data / name, "--key", data / f"{name}.vkey", "--store", data / "store.db")

    def backup(self):
        """deploy/backup of the store, the directories and both logs, whether or not the gateway runs, into the folder `copies`."""
        data = self.folder / "data"
        logs = [word for name in LOGS for word in ("--log", data / name, "--key", data / f"{name}.vkey")]
        return subprocess.run([SOURCE / "deploy/backup", "--store", data / "store.db", *logs, "--directory", data / "directory.db",
                               "--to", self.folder / "copies"],
                              env={**os.environ, "MILECASTLE": BINARY}, capture_output=True, text=True, timeout=120)

    def put_back(self, copy):
        """What backup() made, in place of all that a stopped gateway had."""
        data = self.folder / "data"
        for name in ("store.db", "directory.db"):
            for file in data.glob(f"{name}*"):
                file.unlink()
            shutil.copy(copy / name, data / name)
        for number, name in enumerate(LOGS, start=1):
            shutil.rmtree(data / name)
            shutil.copytree(copy / f"audit-{number}", data / name)

    def token(self, ods, system, user, *roles, launch=None):
        certificates = self.folder / "certificates"
        more = [word for role in roles for word in ("--role", role)]
        if launch:
            more += ["--launch-nhs-number", launch]
        done = self.run("token", "--key", certificates / f"issuers/{ods}.key", "--key-id", f"{ods}-1",
                        "--certificate", certificates / f"clients/{ods}-{system}.pem",
                        "--issuer", f"https://idp.{ods.lower()}.example", "--audience", "milecastle.northmarch",
                        "--organisation", ods, "--user", user, *more)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def ask(self, caller, *arguments):
        """The command line, as the user and system of a caller."""
        certificates, token = self.folder / "certificates", self.folder / "token"
        token.write_text(caller.metadata[0][1].removeprefix("Bearer "))
        return self.run(*arguments, "--connect", f"127.0.0.1:{self.ports['grpc']}", "--token", token,
                        "--ca", certificates / "authority.pem", "--cert", certificates / f"clients/{caller.holder}.pem",
                        "--key", certificates / f"clients/{caller.holder}.key")

    def caller(self, ods, system, user, *roles, launch=None):
        return Caller(self, ods, system, self.token(ods, system, user, *roles, launch=launch))

    def queue(self, caller, *kinds):
        return caller.call("IdentityService", "ListQueue", PB["identity"].ListQueueRequest(kinds=kinds, page_size=200)).items

    def mllp(self, feed="quayside-pas", holder=None):
        """In plain, or over mutual TLS with the certificate of a holder such as ZT2-moorland-pas."""
        if not holder:
            return Mllp(self.ports[feed])
        certificates = self.folder / "certificates"
        tls = ssl.create_default_context(cafile=certificates / "authority.pem")
        tls.load_cert_chain(certificates / f"clients/{holder}.pem", certificates / f"clients/{holder}.key")
        return Mllp(self.ports[feed], tls)


def view_request(number="9990000018", born="1962-07-13", family="Hadrian", purpose="DIRECT_CARE", **more):
    view = PB["view"]
    return view.GetPatientViewRequest(nhs_number=number, birth_date=born, family_name=family,
                                      purpose=view.Purpose.Value("PURPOSE_" + purpose), **more)


class Caller:
    """One user on one system's certificate."""

    def __init__(self, trial, ods, system, token):
        self.holder = f"{ods}-{system}"
        certificates = trial.folder / "certificates"
        credentials = grpc.ssl_channel_credentials(
            (certificates / "authority.pem").read_bytes(),
            (certificates / f"clients/{ods}-{system}.key").read_bytes(),
            (certificates / f"clients/{ods}-{system}.pem").read_bytes())
        options = [("grpc.use_local_subchannel_pool", 1)]
        self.channel = grpc.secure_channel(f"127.0.0.1:{trial.ports['grpc']}", credentials, options)
        self.metadata = (("authorization", f"Bearer {token}"),) if token else ()

    def stub(self, service, method):
        module = next(m for m in PB.values() if service in m.DESCRIPTOR.services_by_name)
        described = module.DESCRIPTOR.services_by_name[service].methods_by_name[method]
        response = getattr(next(m for m in PB.values() if hasattr(m, described.output_type.name)),
                           described.output_type.name)
        return self.channel.unary_unary(f"/milecastle.v1.{service}/{method}",
                                        request_serializer=lambda m: m.SerializeToString(),
                                        response_deserializer=response.FromString)

    def call(self, service, method, request, metadata=None):
        return self.stub(service, method)(request, timeout=30, metadata=self.metadata if metadata is None else metadata)

    def view(self, *arguments, **more):
        return self.call("PatientViewService", "GetPatientView", view_request(*arguments, **more))

    def submit(self, feed, *messages):
        intake = PB["intake"]
        stub = self.channel.stream_stream("/milecastle.v1.IntakeService/Submit",
                                          request_serializer=lambda m: m.SerializeToString(),
                                          response_deserializer=intake.SubmitResponse.FromString)
        requests = (intake.SubmitRequest(feed=feed, sequence=i, message=m) for i, m in enumerate(messages))
        return list(stub(requests, timeout=60, metadata=self.metadata))


def nhs_number(which):
    """The which-th valid number of the 999 range, which is nobody's."""
    for serial in range(100_000 + which * 2, 1_000_000):
        digits = f"999{serial:06d}"
        check = 11 - sum(int(d) * w for d, w in zip(digits, range(10, 1, -1))) % 11
        if check != 10:
            return digits + str(check % 11)
    raise AssertionError("the range has no more")


def root_of(leaf, index, size, hashes):
    """RFC 9162 2.1.3.2, written apart from the product."""
    def node(left, right):
        return hashlib.sha256(b"\x01" + left + right).digest()
    fn, sn, result = index, size - 1, leaf
    for sibling in hashes:
        if fn % 2 == 1 or fn == sn:
            result = node(sibling, result)
            while fn % 2 == 0 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            result = node(result, sibling)
        fn, sn = fn >> 1, sn >> 1
    return result


def person_segment(number="9990000018", local="Q100", family="HADRIAN", given="AELIA", born="19620713", tracing="NSTS01"):
    fields = ["PID"] + [""] * 39
    fields[3] = f"{number}^^^NHS^NH~{local}^^^ZT1^MR"
    fields[5] = f"{family}^{given}^^^MS^^L"
    fields[7], fields[8] = born, "F"
    fields[11] = "1 The Wall^Segedunum^Wallsend^^ZZ1 1ZZ^^H"
    fields[32] = tracing
    return "|".join(fields).rstrip("|")


def admission(control, event="A01", sender="ZT1", processing="P", person=None, more=()):
    return "\r".join([
        f"MSH|^~\\&|PAS|{sender}|MILECASTLE|GATEWAY|20261121190000||ADT^{event}|{control}|{processing}|2.4",
        f"EVN|{event}|20261121183000", person or person_segment(),
        "PV1|1|I|WARD3^BAY1^2^ZT1|||||C9999991^Agricola^Gnaeus^^^Dr^^^GMC||300|||||||||V1001" + "|" * 25 + "20261121183000",
        *more]) + "\r"


ALLERGY = "AL1|1|DA|91936005^Allergy to penicillin^SNM3|SV|Anaphylaxis|20100501"
