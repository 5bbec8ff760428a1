"""T12, the answers: what a reader may not see is in no byte of what they are told, whatever they call and for whatever purpose.

Six people, each of whom one hospital (ZT1) holds a record with a canary in every field, hidden from others in a way of its own;
another organisation (ZT2) and its users have a part in five of them. `--count N` calls (4,000; a release asks for 100,000) by
readers of other organisations, for every purpose but an emergency's, over every call that speaks of a person: all bytes that come
back, errors with them, are searched. The hospital's own ward sees the canaries, so that they are there to be found.
"""

import concurrent.futures
import itertools
import pathlib
import sys
import unittest

import grpc

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/path"))

from counted import asked
from trial import PB, Trial, ack_code, admission, nhs_number, view_request

COUNT, AT_ONCE = 4_000, 16  # refusals wait for the time grid
MARK = "CANARY"
FAMILY = "Hadrian"
HIDDEN = ("sealed", "hidden", "restricted", "objected", "labelled", "elsewhere")
READERS = [("ZT2", "moorland-epr", "R8000"), ("ZT2", "moorland-epr", "R8006"), ("Z99001", "bridge-gp", "R8000"),
           ("ZT2", "moorland-epr", "R0001"), ("ZT2", "moorland-epr", "LIDENTITY")]
PURPOSES = [name for name in PB["view"].Purpose.keys() if name not in ("PURPOSE_UNSPECIFIED", "PURPOSE_EMERGENCY")]


def sensitive_code():
    """A (system, code) that the shipped sets label as sexual health."""
    for line in (ROOT / "config/code-sets/trial.csv").read_text().splitlines():
        system, code, label = line.split(",")
        if label == "sexual_health":
            return system, code
    raise AssertionError("no set has such a code")


class Hidden(unittest.TestCase):
    def setUp(self):
        self.trial = Trial({"user_refusals = 30": "user_refusals = 0"}).start()
        self.addCleanup(self.trial.end)
        self.numbers = itertools.count()
        self.people = {name: nhs_number(which) for which, name in enumerate(HIDDEN)}
        hospital = self.trial.mllp()
        for name in HIDDEN:
            self.take(hospital, self.message(name))
        for name in HIDDEN:  # and again in other words: what stood before is kept
            self.take(hospital, self.message(name).replace("|CAN-", "|NEW-"))
        hospital.close()
        self.entries = [row[0] for row in self.trial.query("SELECT id FROM entries ORDER BY seq")]
        other = self.trial.mllp("moorland-pas", "ZT2-moorland-pas")
        for name in HIDDEN[:-1]:
            self.take(other, admission(f"OTH-{name}", sender="ZT2", person=self.person(name, "ZT2", [])).replace("ZT1", "ZT2"))
        other.close()
        self.ward = self.trial.caller("ZT1", "quayside-epr", "dr", "R8000")
        consents = PB["consent"]
        of_hospital = consents.ConsentScope(sources=["ZT1"])
        self.choose("sealed", kind=consents.CONSENT_KIND_SEAL_AND_LOCK, team="ZT1/refuge", scope=of_hospital)
        self.choose("hidden", kind=consents.CONSENT_KIND_HIDE, scope=of_hospital)
        self.choose("restricted", kind=consents.CONSENT_KIND_RESTRICTION, scope=of_hospital)
        self.choose("objected", kind=consents.CONSENT_KIND_OBJECTION)

    def take(self, mllp, message):
        self.assertEqual(ack_code(mllp.exchange(message)), "AA")

    def choose(self, name, **choice):
        consents = PB["consent"]
        person = consents.PersonKey(nhs_number=self.people[name], birth_date="1962-07-13", family_name=FAMILY)
        consent = consents.Consent(by=consents.CONSENT_BY_PERSON, **choice)
        self.ward.call("ConsentService", "RecordConsent", consents.RecordConsentRequest(person=person, consent=consent))

    def canary(self):
        return f"{MARK}{next(self.numbers):06}"

    def fill(self, name, fields, keep):
        return "|".join([name] + [keep.get(i, self.canary()) for i in range(1, fields + 1)])

    def person(self, name, organisation, canaries):
        keep = {i: "" for i in range(1, 31)}
        keep.update({i: self.canary() for i in canaries})
        given = self.canary() if canaries else "Aelia"
        known = f"{self.people[name]}^^^NHS^NH~L{HIDDEN.index(name)}^^^{organisation}^MR"
        keep.update({1: "1", 3: known, 5: f"{FAMILY}^{given}^^^MS^^L", 7: "19620713", 8: "F"})
        return self.fill("PID", 30, keep) + "||NSTS01"

    def message(self, name):
        """Where one item alone is hidden, its segments alone hold canaries; else every field does."""
        system, code = sensitive_code()
        item = f"{code}^{self.canary()}^{system}" if name == "labelled" else f"91936005^{self.canary()}^SNM3"
        kept = {1: "1", 3: item, 5: "20261101", 6: "F"}
        if name == "labelled":
            return admission("CAN-labelled", person=self.person(name, "ZT1", []), more=[self.fill("DG1", 20, kept)])
        allergy = self.fill("AL1", 6, {1: "1", 2: "DA", 3: f"91936005^{self.canary()}^SNM3", 4: "SV", 6: "20100501"})
        kin = self.fill("NK1", 20, {1: "1", 2: f"{self.canary()}^{self.canary()}"})
        person = self.person(name, "ZT1", (9, 11, 13, 14, 23))
        return admission(f"CAN-{name}", person=person, more=[kin, allergy, self.fill("DG1", 20, kept)])

    def request(self, reader, n):
        name = HIDDEN[n % len(HIDDEN)]
        consents, policy, identity, audit = PB["consent"], PB["policy"], PB["identity"], PB["audit"]
        person = {"nhs_number": self.people[name], "birth_date": "1962-07-13", "family_name": FAMILY}
        if n % 4 == 3:
            person["family_name"] = "Severus"  # a warning says that it differs, and must not say from what
        declares = n % 5 == 0 and name != "elsewhere"  # a reader's own word opens what nobody chose to hide
        purpose = PB["view"].Purpose.Value(PURPOSES[n // len(HIDDEN) % len(PURPOSES)])
        asked = PB["view"].GetPatientViewRequest(**person, purpose=purpose, case_reference=f"C{n}",
                                                 declared_relationship="NEW-PATIENT" if declares else "")
        key = consents.PersonKey(**person)
        calls = [
            ("PatientViewService", "GetPatientView", asked),
            ("PatientViewService", "GetPatientView", asked),
            *[("PatientViewService", "GetEntryHistory", PB["view"].GetEntryHistoryRequest(request=asked, entry_id=entry))
              for entry in (self.entries[n // 7 % len(self.entries)], self.entries[n // 11 % len(self.entries)])],
            ("ConsentService", "ListConsents", consents.ListConsentsRequest(person=key)),
            ("PolicyService", "Explain", policy.ExplainRequest(request=asked, case_reference=f"C{n}")),
            ("AuditService", "SearchEntries", audit.SearchEntriesRequest(nhs_number=self.people[name], page_size=50)),
            ("AuditService", "GetEntry", audit.GetEntryRequest(leaf_index=n % 64, case_reference=f"C{n}")),
            ("IdentityService", "ListQueue", identity.ListQueueRequest(page_size=100)),
        ]
        return name, reader.call, calls[n // (len(HIDDEN) * len(PURPOSES)) % len(calls)]

    def test_no_answer_holds_what_its_reader_may_not_see(self):
        seen = self.ward.view(number=self.people["elsewhere"], family=FAMILY).SerializeToString()
        self.assertGreater(seen.count(MARK.encode()), 5, "the ward sees what is its own")
        asked = view_request(number=self.people["elsewhere"], family=FAMILY)
        versions = [len(self.ward.call("PatientViewService", "GetEntryHistory", PB["view"].GetEntryHistoryRequest(
            request=asked, entry_id=entry)).history.versions) for entry in self.entries]
        self.assertGreater(max(versions), 1, "and what it was before")
        readers = [self.trial.caller(*reader[:2], f"reader-{n}", reader[2]) for n, reader in enumerate(READERS)]

        def told(n):
            name, call, arguments = self.request(readers[n // 7 % len(readers)], n)
            try:
                return name, arguments, True, call(*arguments).SerializeToString()
            except grpc.RpcError as error:
                return name, arguments, False, f"{error.details()} {error.trailing_metadata()}".encode()

        answered, searched = 0, 0
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            for name, arguments, answer, text in pool.map(told, range(COUNT)):
                answered += answer
                searched += len(text)
                self.assertNotIn(MARK.encode(), text.upper(), f"{name}: {arguments}")
        print(f"T12: {COUNT} answers done of {COUNT} asked, {next(self.numbers)} canaries hidden in {len(HIDDEN)} ways, "
              f"{searched} bytes searched, 0 found; {answered} answered, {COUNT - answered} refused")
        self.assertGreater(answered, COUNT // 4)


if __name__ == "__main__":
    COUNT = asked(COUNT)
    unittest.main()
