"""R7 over every format: duplicates, disorder, replays and merges before creation, held against an oracle written apart.

Six sources tell of the same people: HL7 v2, GP Connect, UK Core R4, CDA, a sheet and contributions. Of 100 messages 5 come
twice, 5 change places with the next on the same matter, 1 has the id of an earlier one and other content; now and then the process
is killed and the last messages of each feed are sent again. The oracle knows of each format what its documentation says of
order (adapters/README.md, gateway/record/version.h): a document by its number, a resource by meta.lastUpdated, a practice's list
whole by Bundle.timestamp, and HL7 v2, a sheet's row and a contribution by their coming.
"""

import collections
import concurrent.futures
import dataclasses
import datetime
import random

import stream
from asked import Asked
from survivor import WARD, Survivor
from told import cda, contribution, r4, stu3, tables
from told.house import AllFeeds, disposition_of
from told.person import Person
from trial import nhs_number, view_request

CODES = 4  # that one source tells of one person: a later message of one replaces the earlier
SPREAD = 60  # messages a person, about
CHUNK = 2_000
REPLAYED = 30
SOURCES = {"bridge-gp": "Z99001", "district-nursing": "ZC1", "hearth-sheet": "LOCALHEARTH", "dale-befriending": "LOCALFRIENDS",
           "quayside-pas": "ZT1"}
LATE = 4_000  # messages of its feed by which one may be late
MERGED = 10  # every so many-th person has an old number that ends before it was seen


@dataclasses.dataclass(frozen=True)
class Said:
    """One message, and what it says: of `key` alone, or of all of `whole` at `version`."""

    feed: str
    control: str  # empty: it is known by its bytes
    data: bytes
    person: int
    whole: tuple  # what it gives whole: the texts of a document or list; of one thing, its key
    texts: tuple  # none: it is withdrawn
    version: int = 0  # 0: it has none, and the order is that of coming


class House(AllFeeds, Survivor):
    pass


def moment(number):
    return (datetime.datetime(2026, 1, 1) + datetime.timedelta(seconds=number)).isoformat() + "Z"


def somebody(person, old=False):
    number = nhs_number(person)
    return OldPerson(number) if old else Person(number)


class OldPerson(Person):
    """Under the local number that a merge ended."""

    @property
    def local(self):
        return "OLD" + self.number


class Speakers:
    """What each feed may send next, all different from what it sent before."""

    def __init__(self, chance):
        self.chance = chance
        self.documents = collections.Counter()  # versions given, by person and document

    def hl7(self, number, person, code, control=None, word="Text"):
        old = person % MERGED == 0 and self.chance.random() < 0.3
        made = stream.diagnosis(control or f"D{number}", person, code, f"{word} {number}", old)
        return Said("quayside-pas", made.control, made.data, person, ("hl7", old, code), (made.finding,))

    def r4(self, number, person, code, control=None, word="Text"):
        said = r4.condition({"text": f"{word} {number}"}) | {"id": f"c{code}-{person}", "meta": {"lastUpdated": moment(number)}}
        tree = r4.bundle("collection", [r4.patient(somebody(person)), said]) | {"id": control or f"R{number}"}
        return Said("district-nursing", tree["id"], r4.of(somebody(person), r4.to_json(tree)), person, ("r4", code), (f"{word} {number}",), number)

    def cda(self, number, person, code, control=None, word="Text"):
        """A document of one or two problems, in its next version."""
        document = (person, code % 2)
        self.documents[document] += 1
        version = self.documents[document]
        texts = tuple(f"{word} {number} {part}" for part in ("a", "b")[:1 + number % 2])
        content = cda.body(cda.problems(*(cda.observation(cda.coded(text), which) for which, text in enumerate(texts, number * 2))))
        own = int(control) if control else number
        data = cda.DOCUMENT.format(id=own, set=person * 2 + code % 2, version=version, made=f"{20250101 + version % 28}",
                                   number=nhs_number(person), given="Aelia", family="Hadrian", born="19620713", address="1 The Wall",
                                   body=content, participants="", authorization="").encode()
        return Said("district-nursing", str(own), data, person, ("cda", code % 2), texts, version)

    def stu3(self, number, person, code, control=None, word="Text"):
        """All the problems that the practice has now."""
        told = [stu3.condition(code={"text": f"{word} {number} {which}"}) | {"id": f"c{which}"} for which in range(code)]
        resources = [*stu3.patient(somebody(person), "Z99001"), stu3.listing("problems", *told), *told]
        tree = {"resourceType": "Bundle", "id": control or f"G{number}", "type": "collection", "timestamp": moment(number),
                "meta": {"profile": [f"{stu3.ROOT}/StructureDefinition/GPConnect-StructuredRecord-Bundle-1"]},
                "entry": [{"resource": each} for each in resources]}
        texts = tuple(each["code"]["text"] for each in told)
        return Said("bridge-gp", tree["id"], r4.to_json(tree).encode(), person, ("stu3",), texts, number)

    def sheet(self, number, person, code, control=None, word="Text"):
        row = tables.sheet_row(somebody(person), Reference=f"R-{code}", What=f"{word} {number}", Record_type="Care plan")
        return Said("hearth-sheet", "", tables.table(row), person, ("sheet", code), (row["What"],))

    def canonical(self, number, person, code, control=None, word="Text"):
        old = person % MERGED == 0 and self.chance.random() < 0.3
        gone = not control and self.chance.random() < 0.1
        text = f"{word} {number}"
        drafts = [] if gone else [(f"k{code}", contribution.entry(text=text))]
        data = contribution.message(somebody(person, old), drafts, control or f"C{number}", **({"withdrawn_keys": [f"k{code}"]} if gone else {}))
        return Said("dale-befriending", control or f"C{number}", data, person, ("canonical", old, code), () if gone else (text,))


KINDS = ("hl7", "r4", "cda", "stu3", "sheet", "canonical")


def beginnings(person):
    """The admission, and where an old number ends, in every format that can say it."""
    created = stream.creation(f"A{person}", person)
    yield Said("quayside-pas", created.control, created.data, person, ("created",), ())
    if person % MERGED:
        return
    merged = stream.merge(f"M{person}", person)
    yield Said("quayside-pas", merged.control, merged.data, person, ("merged",), ())
    local = [contribution.MADE.LocalIdentifier(authority=contribution.SENDER, type="MEMBER", value=each.local)
             for each in (somebody(person), somebody(person, True))]
    data = contribution.message(somebody(person), control=f"CM{person}",
                                merge=contribution.MADE.MergeClaim(surviving=local[:1], discarded=local[1:]))
    yield Said("dale-befriending", f"CM{person}", data, person, ("merged",), ())


def told(first, count):
    """By feed, the messages as they come: out of order and twice as they are."""
    chance = random.Random(first)
    speakers = Speakers(chance)
    people = range(first // SPREAD, (first + count) // SPREAD + 1)
    feeds = collections.defaultdict(list)
    for person in people:
        for said in beginnings(person):
            feeds[said.feed].append(said)
    began = {feed: len(messages) for feed, messages in feeds.items()}
    total = sum(began.values())
    while total < count:
        number = first + total + 1
        kind = chance.choice(KINDS)
        said = getattr(speakers, kind)(number, chance.choice(people), chance.randrange(CODES))
        messages = feeds[said.feed]
        messages.append(said)
        total += 1
        if chance.random() < 0.05:
            messages.append(messages[chance.randrange(max(began.get(said.feed, 0), len(messages) - 30), len(messages))])
            total += 1
        if chance.random() < 0.01 and said.control:
            messages.append(getattr(speakers, kind)(number, said.person, CODES - 1, said.control, "Other"))
            total += 1
    for feed, messages in feeds.items():
        for at in range(began.get(feed, 0), len(messages) - 1):
            if chance.random() < 0.05:
                other = next_of_the_same(messages, at)
                messages[at], messages[other] = messages[other], messages[at]
    return people, feeds


def next_of_the_same(messages, at):
    """Where the next word on the same matter stands, or the next message if there is none for long: a newer that comes first."""
    said = messages[at]
    return next((other for other in range(at + 1, min(at + LATE, len(messages)))
                 if messages[other].person == said.person and messages[other].whole == said.whole), at + 1)


class Oracle:
    def __init__(self):
        self.taken = collections.defaultdict(set)  # by feed and control id
        self.current = collections.defaultdict(dict)  # (person, source): what was given whole: (version, texts)
        self.journal = collections.Counter()

    def takes(self, said):
        """What the feed is answered."""
        before = self.taken[said.feed, said.control or said.data]
        answer = "accepted" if not before else "duplicate" if said.data in before else "quarantined"
        before.add(said.data)
        self.journal[said.feed, answer] += 1
        if answer == "accepted":
            self.applies(said)
        return answer

    def applies(self, said):
        held = self.current[said.person, SOURCES[said.feed]]
        version, _ = held.get(said.whole, (0, ()))
        if not said.version or said.version > version:
            held[said.whole] = said.version, said.texts

    def texts(self, person, source):
        return sorted(text for _, texts in self.current[person, source].values() for text in texts)


def send(house, feed, messages):
    if feed == "quayside-pas":
        mllp = house.mllp()
        for said in messages:
            mllp.send(said.data)
        codes = [stream_code(mllp.reply()) for _ in messages]
        mllp.close()
        return codes
    return [disposition_of(answer).lower() for answer in house.submit_to(feed, [said.data for said in messages])]


def stream_code(reply):
    """HL7 v2 is answered AA for what is kept, whatever becomes of it."""
    return "kept" if "MSA|AA" in reply else reply


def send_all(house, oracle, chunks):
    """The feeds side by side, each in its order; every answer is what the oracle says."""
    with concurrent.futures.ThreadPoolExecutor() as pool:
        sent = {feed: pool.submit(send, house, feed, messages) for feed, messages in chunks.items()}
    for feed, messages in chunks.items():
        for said, answer in zip(messages, sent[feed].result(), strict=True):
            wanted = oracle.takes(said)
            assert answer in (wanted, "kept"), f"{feed} {said.control}: {answer}, and the oracle says {wanted}"


def compare(house, oracle, people):
    caller = house.caller(*WARD)
    for person in people:
        view = caller.call("PatientViewService", "GetPatientView", view_request(nhs_number(person))).view
        shown = collections.defaultdict(list)
        for entry in view.entries:
            for text in {entry.what.text, *(coding.display for coding in entry.what.codings)}:
                if text.startswith(("Text", "Other")):
                    shown[entry.source].append(text)
        for source in SOURCES.values():
            wanted = oracle.texts(person, source)
            assert sorted(shown[source]) == wanted, f"person {person}, {source}: {sorted(shown[source])}, and the oracle says {wanted}"
    journal = {(feed, disposition): count for feed, disposition, count in house.query(
        "SELECT feed, disposition, count(*) FROM journal GROUP BY feed, disposition")}
    assert journal == dict(oracle.journal), f"{journal}, and the oracle says {dict(oracle.journal)}"


def run(asked, house, oracle):
    people, feeds = told(asked.first, asked.count)
    total, at, kills = sum(map(len, feeds.values())), 0, 0
    while any(len(messages) > at for messages in feeds.values()):
        size = max(1, CHUNK // len(feeds))
        chunks = {feed: messages[at:at + size] for feed, messages in feeds.items() if messages[at:at + size]}
        send_all(house, oracle, chunks)
        at += size
        if at // size % 3 == 0:
            house.kill()
            house.start()
            kills += 1
            send_all(house, oracle, {feed: messages[-REPLAYED:] for feed, messages in chunks.items()})
    compare(house, oracle, people)
    assert house.stop() == 0
    house.check_logs()
    asked.done = min(total, asked.count)
    sums = collections.Counter()
    for (_, disposition), count in oracle.journal.items():
        sums[disposition] += count
    asked.end(people=len(people), feeds=len(feeds), kills_with_replay=kills, journal=dict(sums), differences=0)


def main():
    asked = Asked("R7 formats", "messages of six formats against the oracle", ci=20_000, release=100_000)
    house = House().start()
    try:
        run(asked, house, Oracle())
    finally:
        house.end()


if __name__ == "__main__":
    main()
