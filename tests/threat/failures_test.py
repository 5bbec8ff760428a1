"""T18: what decides fails. A policy that is gone, cut, garbage, half new or forbidden to read never lets anybody in.

While it runs, a wrong policy changes nothing: the old one decides on, and its version says so. At a start it ends the gateway.
"""

import pathlib
import shutil
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/path"))

import attack
from trial import BINARY, Trial, ack_code, admission

RULES, SOURCES = "20-rules.toml", "10-organisations.toml"


def rewrite(name, change):
    return lambda folder: (folder / name).write_bytes(change((folder / name).read_bytes()))


def remove(name):
    return lambda folder: (folder / name).unlink()


def instead(name, make):
    def breaks(folder):
        (folder / name).unlink()
        make(folder / name)
    return breaks


def add(text):
    return lambda folder: (folder / "99-more.toml").write_bytes(text)


FAILURES = {
    "the rules are gone": remove(RULES),
    "the organisations are gone": remove(SOURCES),
    "nothing is there": lambda folder: shutil.rmtree(folder),
    "an empty folder": lambda folder: [each.unlink() for each in folder.glob("*.toml")],
    "empty rules": rewrite(RULES, lambda _: b""),
    "rules cut at a third": rewrite(RULES, lambda data: data[:len(data) // 3]),
    "rules cut at a half": rewrite(RULES, lambda data: data[:len(data) // 2]),
    "rules cut in a word": rewrite(RULES, lambda data: data[:data.index(b"\n[purposes.") + 6]),
    "organisations cut": rewrite(SOURCES, lambda data: data[:len(data) // 2]),
    "rules twice": rewrite(RULES, lambda data: data + data),
    "half new: a purpose's key is renamed": rewrite(RULES, lambda data: data.replace(b"\n[purposes.", b"\n[purpose.", 1)),
    "half new: an organisation that an agreement needs is gone": rewrite(
        SOURCES, lambda data: data.replace(b'code = "ZT1"', b'code = "ZT9"', 1)),
    "a flipped bit in a key": rewrite(RULES, lambda data: data.replace(b"\n[evidence.", b"\n[evidenbe.", 1)),
    "bytes of zero": rewrite(RULES, lambda data: bytes(len(data))),
    "noise": rewrite(RULES, lambda data: bytes(i * 7 % 256 for i in range(4096))),
    "not UTF-8": rewrite(SOURCES, lambda data: data.replace(b"Quayside", b"Quay\xff\xfeside", 1)),
    "a folder in its place": instead(RULES, pathlib.Path.mkdir),
    "a link to nothing": instead(RULES, lambda path: path.symlink_to("nowhere.toml")),
    "a link to itself": instead(RULES, lambda path: path.symlink_to(path.name)),
    "a lower layer that widens": add(b'layer = "place"\nplace = "tyneside"\n[[rules]]\nid = "x"\neffect = "permit"\n'),
    "a layer that nobody knows": add(b'layer = "above"\n'),
    "a key that nobody knows": add(b"grants_everything = true\n"),
}
# What a file may hold when its writer was stopped: any prefix of it.
FAILURES |= {f"rules written to {share} %": rewrite(RULES, lambda data, s=share: data[:len(data) * s // 100])
             for share in (1, 10, 90)}


class NothingIsAllowedByDefault(unittest.TestCase):
    def setUp(self):
        self.trial = Trial()
        self.addCleanup(self.trial.end)
        self.policies = self.trial.folder / "policies"
        self.sound = self.trial.folder / "sound"
        shutil.copytree(self.policies, self.sound)

    def broken(self):
        """Each failure by its name, done to a sound policy."""
        for what, breaks in FAILURES.items():
            shutil.rmtree(self.policies, ignore_errors=True)
            shutil.copytree(self.sound, self.policies)
            breaks(self.policies)
            yield what

    def refused(self):
        return self.trial.log.read_text().count("gateway.reload_refused")

    def test_a_running_gateway_goes_on_with_the_policy_that_it_has(self):
        self.trial.start()
        mllp = self.trial.mllp()
        self.assertEqual(ack_code(mllp.exchange(admission("FAIL01"))), "AA")
        mllp.close()
        ward = self.trial.caller("ZT1", "quayside-epr", "dr-agricola", "R8000")
        strangers = [self.trial.caller("ZT2", "moorland-epr", "dr-boudica", "R8000"),
                     self.trial.caller("ZT1", "quayside-epr", "nobody")]
        version = ward.view().view.policy_version
        for what in self.broken():
            with self.subTest(failure=what):
                before = self.refused()
                self.trial.reload()
                self.assertGreater(self.refused(), before)
                self.assertEqual(ward.view().view.policy_version, version)
                for stranger in strangers:
                    self.assertNotEqual(stranger.view().WhichOneof("outcome"), "view")
        attack.report("T18", failures_under_a_running_gateway=len(FAILURES), let_in=0)

    def test_a_start_is_refused(self):
        for what in self.broken():
            with self.subTest(failure=what):
                done = subprocess.run([BINARY, "serve", "--config", self.trial.config], capture_output=True, text=True,
                                      timeout=60)
                self.assertNotEqual(done.returncode, 0)
                self.assertFalse((self.trial.folder / "data/listeners").exists(), "it listened")
                self.assertIn("policies", done.stderr)
        attack.report("T18", failures_at_a_start=len(FAILURES), started=0)


if __name__ == "__main__":
    unittest.main()
