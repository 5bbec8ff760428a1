"""A gateway with a feed for every format, a ward that has everybody in its care, and a practice that is asked."""

import json

from provider import Provider, http, source_of
from trial import PB, Caller, Trial, admission, nhs_number, person_segment

from told.formats import FORMATS
from told.person import GIVEN, SENSITIVE, TRIAL_CODES, Person
from told.tables import CODED

OTHER_ALLERGY = "Cyclamen"
# The folders' feeds as calls, with a certificate of their own; the standards' own names, and a code for one value.
FEEDS = {
    'organisations = ["ZL1"]\ntransport = "folder"\nfolder = "inbox/council"':
        'organisations = ["ZL1"]\ntransport = "grpc"\ncertificates = ["ZL1/council"]\nshare_untraced = true',
    "mappings/tyneside-council.toml": "mappings/told-return.toml",
    'organisations = ["LOCALHEARTH"]\ntransport = "folder"\nfolder = "inbox/hearth"':
        'organisations = ["LOCALHEARTH"]\ntransport = "grpc"\ncertificates = ["LOCALHEARTH/sheet"]',
    "mappings/hearth.toml": "mappings/told-sheet.toml",
}
HOLDERS = {"bridge-gp": ("Z99001", "bridge-gp"), "district-nursing": ("ZC1", "district-nursing"),
           "dale-befriending": ("LOCALFRIENDS", "visits-sheet"), "tyneside-council": ("ZL1", "council"),
           "hearth-sheet": ("LOCALHEARTH", "sheet")}
CODE = '[[code]]\nfield = "{field}"\nvalue = "{value}"\nsystem = "{system}"\ncode = "{code}"\n'
AGREEMENT = """
[[agreements]]
id = "DSA-900"
title = "All that anybody tells, for the ward"
sources = ["ZL1", "LOCALHEARTH", "LOCALFRIENDS", "ZC1", "ZT2", "@practices"]
consumers = ["ZT1"]
purposes = ["direct-care"]
sections = ["*"]
labels = ["safeguarding", "source:*"]
gdpr_basis = "6(1)(e)"
special_category_basis = "9(2)(h)"
confidentiality_basis = "implied"
statute = "Health and Social Care Act 2012 s251B"
from = "2026-04-01"
review_by = "2027-04-01"
"""


class AllFeeds:
    """Of a Trial: a feed for every format, and an agreement by which the ward sees all that they tell."""

    def __init__(self, settings=FEEDS):
        super().__init__(settings)
        policy = self.folder / "policies/30-agreements.toml"
        policy.write_text(policy.read_text() + AGREEMENT)
        for name, field in (("return", "Service_Component"), ("sheet", "What")):
            (self.folder / f"mappings/told-{name}.toml").write_text(
                CODE.format(field=field, value=CODED, system=TRIAL_CODES, code=SENSITIVE))

    def certify(self, *arguments):
        super().certify("--organisation", "ZL1:council", "--organisation", "LOCALHEARTH:sheet", *arguments)

    def start(self):
        self.senders = {}
        return super().start()

    def submit_to(self, feed, messages):
        """The answers, in their order."""
        if feed not in self.senders:
            self.senders[feed] = Caller(self, *HOLDERS[feed], "")
        return self.senders[feed].submit(feed, *messages)


def disposition_of(answer):
    return PB["intake"].Disposition.Name(answer.disposition).removeprefix("DISPOSITION_")


class House(AllFeeds, Trial):
    def __init__(self, settings=FEEDS):
        super().__init__(settings)
        self.answers = {}  # what the practice Z99002 answers, by NHS number
        self.provider = Provider(self.folder / "certificates", self._answer)
        with self.config.open("a") as config:
            config.write(source_of(self.provider.port, name="harbour-live", organisation="Z99002", match_answer_id=False))
        self.hospitals, self.people = {}, 0

    def end(self):
        self.provider.end()
        for hospital in self.hospitals.values():
            hospital.close()
        super().end()

    def _answer(self, provider, peer, asked):
        number = asked.body["parameter"][0]["valueIdentifier"]["value"]
        peer.sendall(http(json.loads(self.answers[number])))

    def hospital(self, feed):
        if feed not in self.hospitals:
            self.hospitals[feed] = self.mllp(feed, "ZT2-moorland-pas" if feed == "moorland-pas" else None)
        return self.hospitals[feed]

    def admitted(self, *segments, practice="", **more):
        """Somebody new whom the ward has in its care, with what it says of them beside."""
        person = Person(nhs_number(self.people), **more)
        self.people += 1
        pid = person_segment(person.number, person.local, person.family.upper(), GIVEN.upper(), person.born_hl7)
        practices = [f"PD1|||A SURGERY^^{practice}"] if practice else []
        lines = admission(f"W{self.people}", person=pid).rstrip("\r").split("\r")
        reply = self.hospital("quayside-pas").exchange("\r".join([*lines[:3], *practices, *lines[3:], *segments]) + "\r")
        assert "MSA|AA" in reply, reply
        return person

    def send(self, format_, message):
        """The disposition that it came to, by name; where it was not taken, with the reason."""
        if format_.feed == "moorland-pas":
            reply = self.hospital(format_.feed).exchange(message)
            return "ACCEPTED" if "MSA|AA" in reply else reply
        answer, = self.submit_to(format_.feed, [message])
        name = disposition_of(answer)
        return name if name == "ACCEPTED" else f"{name} {answer.error} {answer.place}"

    def say(self, key, law, person):
        """All that a format says of a law. A live source answers it when it is asked."""
        format_ = FORMATS[key]
        messages = format_.says[law](person)
        if not format_.feed:
            self.answers[person.number], = messages
            return []
        return [self.send(format_, message) for message in messages]
