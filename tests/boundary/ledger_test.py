"""T43: what Milecastle stands on is written down, with what stands against its known weaknesses (deploy/safety/ledger.toml).

A security update of Debian changes no upstream version: it is reported, with what to review, and fails a release alone
(MILECASTLE_LEDGER=strict). Anything else that differs from the ledger fails.
"""

import os
import pathlib
import re
import shutil
import subprocess
import tomllib
import unittest

from hazards_test import tests_of
from tree import ROOT, cpp_files, files, text_of

LEDGER = "deploy/safety/ledger.toml"
BINARY = pathlib.Path(os.environ.get("MILECASTLE_BINARY", ROOT / "build/dev/milecastle"))
# What every C++ program on Debian stands on; the distribution's own care, and no part of the choice made here.
COMPILERS = {"libc6", "libstdc++6", "libgcc-s1"}


def installed(package):
    done = subprocess.run(["dpkg-query", "-W", "-f", "${db:Status-Abbrev}${Version}", package], capture_output=True, text=True)
    return done.stdout[3:] if done.returncode == 0 and done.stdout.startswith("ii") else None


def is_newer(version, than):
    return subprocess.run(["dpkg", "--compare-versions", version, "gt", than], check=False).returncode == 0


def upstream(version):
    return re.sub(r"-[^-]*$", "", version)


def check_rows(ledger, known):
    for package in ledger["package"]:
        name = package["name"]
        if not package["patched"] and not package.get("weakness"):
            yield f"{name}: nobody mends it, and no weakness is written down"
        for weakness in package.get("weakness", []):
            place = f"{name}, {weakness['id']}: "
            yield from (f"{place}no {key}" for key in ("what", "against") if not weakness.get(key))
            if not weakness.get("tests") and not weakness.get("owed"):
                yield f"{place}no test, and nothing said to be owed"
            yield from (f"{place}there is no test {test}" for test in weakness.get("tests", []) if test not in known)


def check_version(package, there, newer=is_newer):
    """(what is wrong, what is to be reviewed): either may be None."""
    name, reviewed = package["name"], package["version"]
    if there is None or there == reviewed:
        return None, None
    rows = ", ".join(weakness["id"] for weakness in package.get("weakness", [])) or "none"
    advice = (f"{name} is {there}, reviewed was {reviewed}. Read /usr/share/doc/{name.partition(':')[0]}/changelog.Debian.gz, "
              f"look at its rows again ({rows}), run the tests that they name, and write the version into {LEDGER}")
    if upstream(there) != upstream(reviewed):
        return f"another upstream version: {advice}", None
    if not newer(there, reviewed):
        return f"older than what was reviewed, without Debian's newest mending: {advice}", None
    return None, advice


class Ledger(unittest.TestCase):
    ledger = tomllib.loads(text_of(LEDGER))
    known = {test for path in files("tests") for test in tests_of(path, text_of(path))}

    def test_every_row_names_tests_that_exist(self):
        found = list(check_rows(self.ledger, self.known))
        self.assertEqual(found, [], "\n" + "\n".join(found))
        weaknesses = [w for package in self.ledger["package"] for w in package.get("weakness", [])]
        owed = [w["id"] for w in weaknesses if w.get("owed")]
        print(f"T43: {len(self.ledger['package'])} packages, {len(weaknesses)} weaknesses, {len(owed)} with something owed: {owed}")

    @unittest.skipUnless(shutil.which("dpkg-query"), "no Debian: the ledger's packages are not here")
    def test_what_is_installed_is_what_was_reviewed(self):
        outcomes = [check_version(package, installed(package["name"])) for package in self.ledger["package"]]
        wrong = [wrong for wrong, _ in outcomes if wrong]
        review = [review for _, review in outcomes if review]
        for line in review:
            print(f"REVIEW: {line}")
        self.assertEqual(wrong, [], "\n" + "\n".join(wrong))
        if os.environ.get("MILECASTLE_LEDGER") == "strict":
            self.assertEqual(review, [], "\n" + "\n".join(review))

    @unittest.skipUnless(BINARY.exists() and shutil.which("dpkg-query"), "the program is not built here")
    def test_every_library_that_the_program_names_is_of_a_listed_package(self):
        dynamic = subprocess.run(["readelf", "-d", BINARY], capture_output=True, text=True, check=True).stdout
        listed = {package["name"] for package in self.ledger["package"]} | COMPILERS
        libraries = [library for library in re.findall(r"\(NEEDED\).*\[(.+)\]", dynamic)
                     if not re.match(r"ld-|lib(asan|ubsan|tsan)", library)]
        found = subprocess.run(["dpkg-query", "-S", *(f"*/{library}" for library in libraries)], capture_output=True, text=True)
        owners = {(line.split(":")[0], line.rsplit("/", 1)[1]) for line in found.stdout.splitlines()}
        missing = [library for library in libraries
                   if not any(package in listed for package, name in owners if name == library)]
        self.assertEqual(missing, [], owners)

    def test_no_zero_copy_is_asked_for(self):
        asking = [str(path) for path in cpp_files("gateway", "adapters") if re.search("zerocopy", text_of(path), re.I)]
        self.assertEqual(asking, [])

    def test_finds_what_it_is_for(self):
        sound = {"name": "libx1", "version": "1.2-3+deb12u1", "patched": False, "weakness": [
            {"id": "CVE-1", "what": "x", "against": "y", "tests": ["Ledger.test_finds_what_it_is_for"]}]}
        self.assertEqual(list(check_rows({"package": [sound]}, self.known)), [])
        for weakness in ({"id": "CVE-1", "what": "x", "against": "y"}, {**sound["weakness"][0], "tests": ["Ledger.test_nothing"]}):
            self.assertTrue(list(check_rows({"package": [{**sound, "weakness": [weakness]}]}, self.known)))
        self.assertTrue(list(check_rows({"package": [{**sound, "weakness": []}]}, self.known)))

        def outcome(there, newer):
            wrong, review = check_version(sound, there, lambda *_: newer)
            return bool(wrong), bool(review)

        self.assertEqual(outcome("1.2-3+deb12u1", False), (False, False))
        self.assertEqual(outcome("1.2-3+deb12u2", True), (False, True), "a security update asks for a review")
        self.assertEqual(outcome("1.2-3", False), (True, False), "an unmended package")
        self.assertEqual(outcome("1.3-1", True), (True, False), "another upstream version")


if __name__ == "__main__":
    unittest.main()
