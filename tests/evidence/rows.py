"""The rows that tests/release works at: how each is run, in pieces of which size, and how many are asked.

`ci` is what one run of tests/run does, `whole` what a release asks in the end. Ten times `ci` (`tenfold`) comes first, but
never more than `whole`.
"""

import dataclasses
import pathlib

PYTHON = "/usr/bin/python3"  # for which deploy/install-packages brings the modules


@dataclasses.dataclass(frozen=True)
class Row:
    name: str
    what: str
    unit: str
    ci: int
    whole: int
    piece: int  # how many at a time
    tells = False  # whether it says itself how many it did

    @property
    def tenfold(self):
        return min(10 * self.ci, self.whole)

    def folder(self, root):
        return root

    def environment(self, build, binary):
        return {"MILECASTLE_BINARY": str(binary), "PYTHONDONTWRITEBYTECODE": "1"}


@dataclasses.dataclass(frozen=True)
class Survival(Row):
    """A program of tests/crash/gateway: --count and --from."""

    program: str = ""
    tells = True

    def folder(self, root):
        return root / "tests/crash/gateway"

    def command(self, first, count, piece):
        return [PYTHON, f"{self.program}.py", "--count", str(count), "--from", str(first)]

    def environment(self, build, binary):
        return {**super().environment(build, binary), "PYTHONPATH": "../../path",
                "SURVIVAL_FAULTS": str(build / "dev/tests/crash/gateway/survival_faults.so")}


class Soak(Survival):
    """Its leaks show over hours: the first of them is asked together with ten times the rest."""

    tenfold = 60


@dataclasses.dataclass(frozen=True)
class Threat(Row):
    """A program of tests/threat. `seeded`: each piece tries other cases; the rest do the same once more."""

    program: str = ""
    seeded: bool = False
    counted: bool = True  # takes --count

    def command(self, first, count, piece):
        counts = ["--count", str(count)] if self.counted else []
        return [PYTHON, f"tests/threat/{self.program}_test.py", *counts, *(["--seed", str(piece + 1)] if self.seeded else [])]

    def environment(self, build, binary):
        helpers = {f"MILECASTLE_{name.upper()}": str(build / f"dev/tests/threat/threat_{name}")
                   for name in ("decide_cases", "log_cases", "forgeries")}
        return {**super().environment(build, binary), **helpers}


@dataclasses.dataclass(frozen=True)
class Fuzz(Row):
    """Seconds of one fuzzer; what it learnt is where the next piece goes on."""

    target: str = ""

    def command(self, first, count, piece):
        return ["tests/fuzz/run", "--only", self.target, "--seconds", str(count)]


@dataclasses.dataclass(frozen=True)
class Suite(Row):
    """Tests of ctest, by a pattern of their names."""

    pattern: str = ""

    def command(self, first, count, piece):
        return ["ctest", "--preset", "dev", "-R", self.pattern, "--parallel", "2"]


@dataclasses.dataclass(frozen=True)
class Sanitized(Row):
    """Every test that floods and kills nothing, built with a sanitizer: half an hour on two cores. tests/run leaves it out."""

    preset: str = ""

    def command(self, first, count, piece):
        return ["tests/run", "--preset", self.preset, "--", "-LE", "survival|threat|bench|fuzz"]


def _fuzzers():
    listed = (pathlib.Path(__file__).resolve().parents[1] / "fuzz/CMakeLists.txt").read_text().splitlines()
    targets = [line.split("(")[1].split()[0] for line in listed if line.startswith("fuzz_target(")]
    return [Fuzz(f"T41 {t}", "any bytes, ASan and UBSan", "seconds", 60, 8 * 3600, 300, target=t) for t in targets]


ROWS = [
    Survival("R1", "kills with -9", "kills", 500, 10_000, 250, program="kills"),
    Survival("R1 steps", "durable steps that fail", "steps", 24, 240, 24, program="step_table"),
    Survival("R2", "failed syncs", "syncs", 100, 1_000, 50, program="failed_syncs"),
    Survival("R3", "full disks", "disks", 20, 100, 20, program="full_disk"),
    Survival("R4", "live sources that misbehave", "cases", 360, 3_600, 360, program="sources"),
    Survival("R6", "wrong clocks", "cases", 12, 120, 12, program="clocks"),
    Survival("R7", "duplicates, disorder, replays", "messages", 20_000, 100_000, 100_000, program="stream"),
    Survival("R7 formats", "the same, by six formats", "messages", 20_000, 100_000, 100_000, program="stream_formats"),
    Survival("R8", "rotations of certificates", "rotations", 100, 1_000, 100, program="rotations"),
    Survival("R9", "reloads of policy and lists", "reloads", 250, 2_500, 250, program="reloads"),
    Survival("R10", "overload", "loads", 4, 40, 4, program="overload"),
    Survival("R12", "flipped bits", "flips", 150, 2_000, 150, program="corruption"),
    Soak("R14", "mixed work without a leak", "minutes", 2, 1_440, 60, program="soak"),
    Survival("R16", "n-th failures", "cases", 6, 60, 6, program="nth_failure"),
    Survival("T35", "disclosures with a fault on their way", "cases", 160, 3_200, 160, program="disclosure"),
    Suite("R15", "kills in migrations", "runs", 1, 10, 1, pattern="StoreKill"),
    Suite("T38", "flipped bits, 2,000 a run", "runs", 1, 10, 1, pattern="Flip"),
    Threat("T1", "descriptors run out", "runs", 1, 10, 1, program="exhaustion", counted=False),
    Threat("T2, T3", "floods over HTTP/2", "runs", 1, 10, 1, program="floods", counted=False),
    Threat("T5", "message bombs", "runs", 1, 10, 1, program="bombs", counted=False),
    Threat("T6", "slow clients", "runs", 1, 10, 1, program="slow", counted=False),
    Threat("T8", "protocols, suites, groups, signatures of TLS", "runs", 1, 10, 1, program="tls", counted=False),
    Threat("T9", "bad certificates", "runs", 1, 10, 1, program="certificates", counted=False),
    Threat("T9, T33", "connections that the gateway opens", "runs", 1, 10, 1, program="outbound", counted=False),
    Threat("T9, T33", "the same, to directories of services", "runs", 1, 10, 1, program="outbound_directory", counted=False),
    Threat("T10", "revocation", "runs", 1, 10, 1, program="revocation", counted=False),
    Threat("T4, T7, T11", "calls and forged headers", "runs", 1, 10, 1, program="calls", counted=False),
    Threat("T11", "policy against its oracle", "cases", 10_000, 1_000_000, 50_000, program="policy", seeded=True),
    Threat("T12", "canaries", "requests", 20_000, 1_000_000, 50_000, program="canaries"),
    Threat("T12 answers", "what is hidden, in every answer", "answers", 4_000, 100_000, 20_000, program="hidden"),
    Threat("T14", "time tells nothing", "calls a class", 400, 20_000, 2_000, program="timing"),
    Threat("T15", "enumeration", "numbers a scan", 1_000, 10_000, 10_000, program="enumeration"),
    Threat("T16, T17", "forged and stolen tokens", "runs", 1, 10, 1, program="tokens", counted=False),
    Threat("T18", "failures of what decides", "runs", 1, 10, 1, program="failures", counted=False),
    Threat("T21", "texts that try to be HL7 v2", "runs", 1, 10, 1, program="hl7", counted=False),
    Threat("T22", "MLLP badly framed and by many", "runs", 1, 10, 1, program="mllp", counted=False),
    Threat("T23, T33", "hostile XML, and addresses in what is sent", "runs", 1, 10, 1, program="xml", counted=False),
    Threat("T24", "broken and blown-up bundles", "runs", 1, 10, 1, program="json", counted=False),
    Threat("T25", "hostile tables", "runs", 1, 10, 1, program="csv", counted=False),
    Threat("T26", "SQL in every text", "payloads a text", 104, 500, 500, program="injection"),
    Threat("T36", "Merkle proofs", "sizes", 1_101, 1_101, 1_101, program="rfc6962"),
    Threat("T37", "forged proofs", "forgeries", 20_000, 1_000_000, 100_000, program="forgeries", seeded=True),
    Threat("T40", "keys of the log lost, spoilt, swapped, given up", "runs", 1, 10, 1, program="keys", counted=False),
    Sanitized("T42 asan", "wrong memory, undefined behaviour", "runs", 1, 5, 1, preset="asan"),
    Sanitized("T42 tsan", "races", "runs", 1, 5, 1, preset="tsan"),
    Threat("T45", "processor time a byte", "runs", 1, 10, 1, program="asymmetry", counted=False),
    *_fuzzers(),
]
