"""R4: live sources that are slow, silent, broken or lying.

Twenty practices hold something of one person; one of them misbehaves at a time. Each view is answered within the caller's
deadline, shows what the other nineteen answered, and names the one with what became of it; nothing that it sent is used. One
that goes on so is asked nothing after five failures, costs nobody time from then on, and is tried again and used once it is
well. Only correctness is a gate: what others waited is printed.
"""

import copy
import json
import time

from asked import Asked, percentile
from provider import MISBEHAVIOURS, RECORD, Provider, answers, resource, source_of
from survivor import WARD, Survivor
from trial import ALLERGY, PB, admission, view_request

CODES = [f"Z98{number:03d}" for number in range(1, 21)]
DEADLINE = 4.0  # the caller's
LIMITS = {"deadline_ms": 2000, "first_byte_ms": 1900, "connect_ms": 1900, "pause_ms": 1000, "match_answer_id": True}
FAILURES = 5
SECONDS_TO_HALF_OPEN = 10
WORDS = {  # of the manifest, for what each misbehaviour comes to
    **dict.fromkeys(MISBEHAVIOURS, {"answer_not_usable"}),
    **dict.fromkeys(("late", "silent", "byte_by_byte", "slow_tls"), {"no_answer_in_time"}),
    **dict.fromkeys(("half_closed", "reset", "no_tls", "not_listening", "failing"), {"source_not_available"}),
}
STATES = PB["view"].ManifestState


def practices_configured():
    """Replacements in the trial's configuration by which the twenty are known, and feed."""
    listed = ", ".join(f'"{code}"' for code in CODES)
    return {'organisations = ["Z99001"]\ntransport = "grpc"': f'organisations = [{listed}]\ntransport = "grpc"'}


def know(folder):
    """The policy knows the twenty as practices of every agreement."""
    path = folder / "policies/10-organisations.toml"
    listed = ", ".join(f'"{code}"' for code in CODES)
    text = path.read_text().replace('organisations = ["Z99001", "Z99002"', f'organisations = [{listed}, "Z99001", "Z99002"')
    more = "".join(f'\n[[organisations]]\ncode = "{code}"\nname = "Practice {code}"\nkind = "primary"\nplace = "tyneside"\n'
                   for code in CODES)
    path.write_text(text.replace("\n# [groups.ID]", more + "\n# [groups.ID]", 1))


def well(code):
    return answers(ods=code, text=f"Allergy told by {code}")


class Region:
    """A gateway and its twenty practices."""

    def __init__(self):
        self.survivor = Survivor(practices_configured())
        know(self.survivor.folder)
        certificates = self.survivor.folder / "certificates"
        self.practices = {code: Provider(certificates, well(code)) for code in CODES}
        with self.survivor.config.open("a") as config:
            for code, practice in self.practices.items():
                config.write(source_of(practice.port, name=f"live-{code}", organisation=code, **LIMITS))
        self.survivor.start()
        mllp = self.survivor.mllp()
        mllp.exchange(admission("R4", more=(ALLERGY, "ZU8||1|Yes|0")))
        mllp.close()
        caller = self.survivor.caller("Z99001", "bridge-gp", "dr-nero", "R8000")
        for outcome in caller.submit("bridge-gp", *map(self.pushed, CODES)):
            assert outcome.disposition == PB["intake"].DISPOSITION_ACCEPTED, outcome

    @staticmethod
    def pushed(code):
        bundle = copy.deepcopy(RECORD)
        bundle["id"] = f"pushed-by-{code}"
        resource(bundle, "Organization")["identifier"][0]["value"] = code
        return json.dumps(bundle).encode()

    def view(self):
        """A view, and how long it took; an error is the caller's deadline, or worse."""
        caller = self.survivor.caller(*WARD)
        began = time.monotonic()
        response = caller.stub("PatientViewService", "GetPatientView")(view_request(), timeout=DEADLINE, metadata=caller.metadata)
        self.survivor.witness.hears_answer(response)
        assert response.WhichOneof("outcome") == "view", response
        return response, time.monotonic() - began

    def broken(self, code):
        return self.survivor.samples()[f'milecastle_live_broken{{live="live-{code}"}}'] == 1

    def end(self):
        for practice in self.practices.values():
            practice.end()
        self.survivor.end()


def reasons_of(response, code):
    return {line.reason for line in response.view.manifest.lines if line.source == code and line.reason}


def check_others(response, bad):
    for code in CODES:
        if code == bad:
            continue
        assert "live" in reasons_of(response, code), (code, reasons_of(response, code))
        assert f"Allergy told by {code}" in str(response.view.entries), code


def misbehave(region, kind, code):
    practice = region.practices[code]
    practice.behave = MISBEHAVIOURS[kind]
    try:
        response, seconds = region.view()
    finally:
        practice.release()
        practice.behave = well(code)
    told = reasons_of(response, code)
    assert told & WORDS[kind], f"{kind}: {code} is told as {told}"
    assert "live" not in told and f"Allergy told by {code}" not in str(response), kind
    assert STATES.Value("MANIFEST_STATE_NONE_HELD") not in {
        line.state for line in response.view.manifest.lines if line.source == code}, kind
    check_others(response, code)
    return seconds


def check_breaker(region, kind, code):
    """One that goes on misbehaving is left alone after so many failures, and asked again once it is well."""
    practice = region.practices[code]
    practice.behave = MISBEHAVIOURS[kind]
    views = 0
    while not region.broken(code):
        views += 1
        assert views <= FAILURES, f"{kind}: not broken after {FAILURES} failures"
        region.view()
    met = practice.connections
    response, _ = region.view()
    told = reasons_of(response, code)
    assert "source_failing" in told or practice.connections > met, f"{kind}: {told}"
    check_others(response, code)
    practice.release()
    practice.behave = well(code)
    began = time.monotonic()
    while "live" not in reasons_of(region.view()[0], code):
        assert time.monotonic() - began < SECONDS_TO_HALF_OPEN, f"{kind}: not asked again"
    assert not region.broken(code)
    return views


def main():
    kinds = sorted(MISBEHAVIOURS)
    asked = Asked("R4", "sources that misbehave", ci=360, release=3_600)
    assert len(kinds) * len(CODES) == 360
    region = Region()
    try:
        for _ in range(3):
            check_others(region.view()[0], None)
        before, good = region.survivor.rss(), [region.view()[1] for _ in range(20)]
        seconds = {kind: [] for kind in kinds}
        for number in asked:
            kind, code = kinds[number // len(CODES) % len(kinds)], CODES[number % len(CODES)]
            seconds[kind].append(misbehave(region, kind, code))
        views = {kind: check_breaker(region, kind, CODES[0]) for kind in ("silent", "failing", "wrong_patient", "slow_tls")}
        region.survivor.check_receipts()
        for kind in kinds:
            if seconds[kind]:
                print(f"  {kind}: p99 {percentile(seconds[kind], .99):.2f} s")
        print(f"  all well: p99 {percentile(good, .99):.2f} s; views until broken: {views}; "
              f"memory {(region.survivor.rss() - before) / (1 << 20):+.0f} MB")
        assert region.survivor.stop() == 0
        region.survivor.check_logs()
        asked.end(kinds=len(kinds), sources=len(CODES))
    finally:
        region.end()


if __name__ == "__main__":
    main()
