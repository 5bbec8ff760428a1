"""The contract and the edge say the same: every call of proto/ is answered, behind one way of knowing who calls. So do the
alert rules and the metrics.

`buf lint` runs where buf is installed; the rest needs nothing.
"""

import pathlib
import re
import shutil
import subprocess
import unittest

from proto_text import all_calls, services_in
from tree import ROOT, call_at, code_of, cpp_files, text_of

# The whole surface: every call, and who may make it. "user": a certified system with a signed user token; "peer": a
# certified system. A new call is added here by hand, by somebody who has thought of who may make it.
SURFACE = {
    "PatientViewService.GetPatientView": "user",
    "PatientViewService.GetEntryHistory": "user",
    "PatientViewService.GetDocument": "user",
    "IntakeService.Submit": "peer",
    "ConsentService.RecordConsent": "user",
    "ConsentService.WithdrawConsent": "user",
    "ConsentService.ListConsents": "user",
    "IdentityService.ListQueue": "user",
    "IdentityService.ShowQueueItem": "user",
    "IdentityService.Link": "user",
    "IdentityService.CloseReview": "user",
    "IdentityService.Unlink": "user",
    "IdentityService.SeverPerson": "user",
    "IdentityService.ShowPerson": "user",
    "QuarantineService.ListMessages": "user",
    "QuarantineService.ShowMessage": "user",
    "QuarantineService.ReplayMessage": "user",
    "QuarantineService.CorrectMessage": "user",
    "QuarantineService.CloseMessage": "user",
    "AuditService.SearchEntries": "user",
    "AuditService.GetEntry": "user",
    "AuditService.GetCheckpoint": "peer",
    "AuditService.GetInclusionProof": "peer",
    "AuditService.GetConsistencyProof": "peer",
    "AuditService.ExportLog": "user",
    "PolicyService.Explain": "user",
    "OperationsService.ListSources": "user",
    "OperationsService.GetHealth": "peer",
    "DirectoryService.SearchServices": "user",
    "DirectoryService.GetService": "user",
    "DirectoryService.ImportServices": "user",
}
# Streams ask who calls in a class of their own.
STREAMS = {
    "IntakeService.Submit": ("gateway/serve/intake_service.cc", r"\.PeerOf\("),
    "AuditService.ExportLog": ("gateway/serve/export_stream.cc", r"\.RequesterOf\("),
}
ASKS = {"user": r"\.ForUser\(", "peer": r"\.ForPeer\("}


# Where the gateway keeps the fixed codes that `identify` prints, by the name of the table.
CODE_TABLES = [
    ("gateway/store/queue_kind.cc", "kKinds"), ("gateway/identify/identify.cc", "kKeys"), ("gateway/receive/effect.cc", "kReasons"),
    ("gateway/serve/identity_service.cc", "kNames"),
]


def codes_of(path, table):
    return re.findall(r'"(\w+)"', re.search(rf"\b{table} = \{{(.*?)\}};", text_of(path), re.S)[1])


def check_surface(calls, surface):
    names = {f"{call.service}.{call.name}" for call in calls}
    yield from (f"{name}: not in SURFACE; who may call it?" for name in sorted(names - set(surface)))
    yield from (f"{name}: in SURFACE, and no longer in proto/" for name in sorted(set(surface) - names))


def override_of(code, call):
    """The body of the method that answers a call; None where there is none."""
    pattern = rf"\*\s+{call.name}\(\s*grpc::CallbackServerContext\*[^{{;]*\)\s*override\s*\{{"
    match = re.search(pattern, code)
    return call_at(code, match.end() - 1) if match else None


def check_edge(calls, sources):
    """`sources`: path → code of gateway/serve."""
    for call in calls:
        full = f"{call.service}.{call.name}"
        holding = [code for code in sources.values() if re.search(rf"class {call.service} final : public", code)]
        body = override_of(holding[0], call) if len(holding) == 1 else None
        if body is None:
            yield f"{full}: no override in gateway/serve answers it"
            continue
        if full in STREAMS:
            path, pattern = STREAMS[full]
            if not re.search(pattern, sources[path]):
                yield f"{full}: {path} does not ask who calls"
            continue
        if not re.search(ASKS[SURFACE.get(full, "user")], body):
            yield f"{full}: does not ask for a {SURFACE.get(full, 'user')} before it answers"
        other = next((who for who in ASKS if re.search(ASKS[who], body) and who != SURFACE.get(full)), None)
        if other:
            yield f"{full}: SURFACE says {SURFACE.get(full)}, and it takes a {other}"
    making = sources["gateway/serve/services.cc"]
    for service in {call.service for call in calls}:
        if f"Make{service}(parts)" not in making:
            yield f"{service}: gateway/serve/services.cc does not make it"


def buf():
    """How to run buf here, or None. Nothing is downloaded."""
    if shutil.which("buf"):
        return ["buf"]
    for command in (["npx", "--no-install", "buf"], ["npx", "--no-install", "@bufbuild/buf"]):
        if shutil.which("npx"):
            try:
                if subprocess.run([*command, "--version"], capture_output=True, timeout=30, cwd=ROOT).returncode == 0:
                    return command
            except subprocess.TimeoutExpired:
                pass
    return None


class Contract(unittest.TestCase):
    calls = all_calls()
    sources = {str(path): code_of(text_of(path)) for path in cpp_files("gateway/serve")}

    def test_the_surface_is_what_is_written_down(self):
        self.assertEqual(list(check_surface(self.calls, SURFACE)), [])

    def test_every_call_is_answered_and_asks_who_calls(self):
        found = list(check_edge(self.calls, self.sources))
        self.assertEqual(found, [], "\n" + "\n".join(found))

    def test_alerts_and_log_events_have_names_that_exist(self):
        code = "".join(text_of(path) for path in cpp_files("gateway"))
        alerts = text_of("deploy/prometheus/alerts.yml")
        found = [name for name in set(re.findall(r"\bmilecastle_\w+", alerts))
                 if f'"{re.sub("_(bucket|count|sum)$", "", name)}"' not in code]
        found += [name for name in re.findall(r"(?<![\w/])[a-z_]+\.[a-z_]+(?=[,.;]\s)", alerts.split("groups:")[0])
                  if f'"{name}"' not in code]
        self.assertEqual(found, [])

    def test_every_fixed_code_of_the_queues_has_its_words_for_people(self):
        words = set(re.findall(r'^    \{"(\w+)",', text_of("gateway/command/words.cc"), re.M))
        codes = [code for path, table in CODE_TABLES for code in codes_of(path, table)]
        self.assertGreaterEqual(len(codes), 30)
        self.assertEqual(sorted(set(codes) - words), [])

    def test_buf_finds_nothing(self):
        command = buf()
        if command is None:
            print("buf lint: SKIPPED, buf is not installed (npm install @bufbuild/buf)")
            return
        done = subprocess.run([*command, "lint"], cwd=ROOT / "proto", capture_output=True, text=True, timeout=100)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_finds_what_it_is_for(self):
        new = services_in("service PatientViewService {\n  rpc Dump(DumpRequest) returns (stream DumpResponse);\n}\n")
        self.assertTrue(list(check_surface([*self.calls, *new], SURFACE)))
        self.assertTrue(list(check_edge(new, self.sources)))
        self.assertTrue(list(check_surface(self.calls[1:], SURFACE)))
        path = "gateway/serve/consent_service.cc"
        for asked, other in [(".ForUser(", ".ForPeer("), (".ForUser(", ".Answer(")]:
            bent = {**self.sources, path: self.sources[path].replace(asked, other, 1)}
            self.assertTrue(list(check_edge(self.calls, bent)), other)


if __name__ == "__main__":
    unittest.main()
