"""A made-up integrated care system loaded through the shipped binary: generated, sent over every feed, and checked.

tests/kit/system writes its configuration, its messages and the truth about it. Practices send first, as when a system
begins; then every other feed sends side by side. What is measured is told in words by Loaded.report(), and is no gate.
"""

import json
import os
import pathlib
import random
import re
import shutil
import socket
import statistics
import subprocess
import threading
import time

from intake_test import Arrivals
from trial import BINARY, LOGS, SOURCE, Caller, Trial

GENERATOR = os.environ.get("MILECASTLE_SYSTEM", str(SOURCE / "build/dev/tests/kit/system/system"))
WORD = re.compile(r"zq(\d+)n\d+")
HOUR = 3600


class Whole(Trial):
    """Trial's gateway, on the made-up system's own configuration in `folder`."""

    def __init__(self, folder, patients, seed=1):  # pylint: disable=super-init-not-called
        self.folder = pathlib.Path(folder)
        began = time.monotonic()
        subprocess.run([GENERATOR, "--seed", str(seed), "--patients", str(patients), "--out", self.folder], check=True,
                       stdout=subprocess.DEVNULL)
        self.generated_seconds = time.monotonic() - began
        self.config = self.folder / "gateway.toml"
        holders = [word for holder in (self.folder / "holders").read_text().split() for word in ("--organisation", holder)]
        subprocess.run([SOURCE / "deploy/trial-certificates", self.folder / "certificates", *holders], check=True,
                       stdout=subprocess.DEVNULL)
        self.expected = json.loads((self.folder / "expected.json").read_text())
        with (self.folder / "truth.jsonl").open(encoding="utf-8") as lines:
            self.truth = [json.loads(line) for line in lines]
        readers = {holder.split(":")[0] for holder in (self.folder / "holders").read_text().split() if holder.endswith(":gp")}
        self.readable = [person for person in self.truth if person["practice"] in readers]
        self.process = None
        self.environment = {}
        self.notices = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notices.bind(str(self.folder / "notify"))
        self.log = self.folder / "gateway.log"

    def run(self, *arguments, **kwargs):
        return subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True, timeout=HOUR, **kwargs)

    def reader(self, ods, system="gp", *roles):
        """Somebody of an organisation, vouched for by the one issuer."""
        certificates = self.folder / "certificates"
        words = [word for role in roles or ["R8000"] for word in ("--role", role)]
        done = self.run("token", "--key", certificates / "issuers/ZI1.key", "--key-id", "ZI1-1", "--certificate",
                        certificates / f"clients/{ods}-{system}.pem", "--issuer", "https://idp.zi1.example", "--audience",
                        "milecastle.three-rivers", "--organisation", ods, "--user", f"user-{ods}", *words)
        assert done.returncode == 0, done.stderr
        return Caller(self, ods, system, done.stdout.strip())

    def peak_memory(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) * 1024

    # The way in, by each kind of feed.

    def feed(self, name):
        section = self.config.read_text().split(f'name = "{name}"')[1].split("[[feed]]")[0]
        setting = dict(re.findall(r'^(\w+) = (.*)$', section, re.M))
        return {key: json.loads(value) for key, value in setting.items()}

    def submit(self, name):
        """`milecastle submit` with a position, as a large load is sent. The outcomes stand in load/NAME.json."""
        feed, certificates, load = self.feed(name), self.folder / "certificates", self.folder / "load"
        load.mkdir(exist_ok=True)
        if feed["transport"] == "mllp":
            words = ["--mllp", f"127.0.0.1:{self.ports[name]}"]
        else:
            holder = feed["certificates"][0].replace("/", "-")
            words = ["--feed", name, "--connect", f"127.0.0.1:{self.ports['grpc']}", "--ca", certificates / "authority.pem",
                     "--cert", certificates / f"clients/{holder}.pem", "--key", certificates / f"clients/{holder}.key"]
        with (load / f"{name}.json").open("wb") as out, (load / f"{name}.err").open("wb") as err:
            done = subprocess.run([BINARY, "submit", "--json", "--adapter", feed["adapter"], "--timeout", "600", "--resume",
                                   load / f"{name}.position", *words, self.folder / "messages" / name],
                                  stdout=out, stderr=err, check=False)
        assert done.returncode in (0, 1), (name, done.returncode, (load / f"{name}.err").read_text()[-500:])

    def drop(self, name):
        """Files into a watched folder, until each was taken."""
        inbox = self.folder / "inbox" / name
        arrivals = Arrivals(inbox / "accepted", inbox / "refused")
        files = sorted((self.folder / "messages" / name).iterdir())
        for file in files:
            shutil.copy(file, inbox / f".{file.name}")
            (inbox / f".{file.name}").rename(inbox / file.name)
        while len([f for f in inbox.glob("*/*.csv")]) < len(files):
            arrivals.wait()

    def load(self, name):
        if any((self.folder / "messages" / name).iterdir()):
            (self.drop if self.feed(name)["transport"] == "folder" else self.submit)(name)

    def load_side_by_side(self, names):
        """Seconds that each took."""
        took, wrong = {}, []

        def one(name):
            began = time.monotonic()
            try:
                self.load(name)
            except Exception as problem:  # pylint: disable=broad-exception-caught
                wrong.append((name, problem))
            took[name] = time.monotonic() - began
        threads = [threading.Thread(target=one, args=(name,)) for name in names]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not wrong, wrong
        return took

    # What must be so.

    def journalled(self):
        """Feed → disposition → messages, as the journal has them."""
        counts = {feed: {} for feed in self.expected}
        for feed, disposition, count in self.query("SELECT feed, disposition, count(*) FROM journal GROUP BY feed, disposition"):
            counts[feed][disposition] = count
        return counts

    @staticmethod
    def wrong_in(person, answer):
        """What is wrong in the answer about a person, in words; nothing where all is right."""
        found = {match[0] for match in WORD.finditer(str(answer))}
        wrong = []
        if answer.refusal.reason != person["refused"]:
            wrong = [f"refused for '{answer.refusal.reason}', not '{person['refused']}'"]
        wrong += [f"another's word {word}" for word in found if WORD.match(word)[1] != str(person["person"])]
        wrong += [f"{word} is missing" for word in person["seen"] if word not in found]
        return wrong + [f"{word} may not be seen" for word in person["unseen"] if word in found]

    def view_all(self, people):
        """(seconds of each view, person → what is wrong), asked for by a clinician of the person's practice."""
        readers = {ods: self.reader(ods) for ods in sorted({person["practice"] for person in people})}
        took, wrong = [], {}
        for person in people:
            began = time.perf_counter()
            answer = readers[person["practice"]].view(person["number"], person["born"], person["family"])
            took.append(time.perf_counter() - began)
            if problems := self.wrong_in(person, answer):
                wrong[person["person"]] = problems
        return took, wrong

    def sample(self, most, seed=1):
        return random.Random(seed).sample(self.readable, min(most, len(self.readable)))

    def size_of(self, *names):
        files = [file for name in names for file in self.folder.glob(f"data/{name}")]
        return sum(f.stat().st_size for top in files for f in ([top] if top.is_file() else top.rglob("*")) if f.is_file())

    def unsound(self):
        """What `audit fsck` of both logs and `audit verify` of an export say where they find something; the gateway runs."""
        officer, found = self.reader("ZI1", "desk", "R0001"), []
        export = self.folder / "export"
        exported = self.ask(officer, "audit", "export", export, "--case", "SYSTEM-1", "--timeout", "600")
        verified = self.run("audit", "verify", export, "--key", self.folder / "data/audit.vkey")
        assert self.stop() == 0
        for done in (exported, verified, *(self.fsck(name) for name in LOGS)):
            if done.returncode:
                found.append(done.stdout + done.stderr)
        return found

    def end(self):
        if self.process and self.process.poll() is None:
            self.kill()
        self.notices.close()


def milliseconds(took):
    cut = statistics.quantiles(took, n=100)
    return {"p50": round(cut[49] * 1000, 2), "p99": round(cut[98] * 1000, 2)}
