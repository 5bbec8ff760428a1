"""R12: bits that flip on a disk while the gateway is stopped: `audit fsck` finds each, and names where.

In the log any bit of a segment in use; in the store any bit of the messages and of what was made of them. (The store's other
bytes, its free pages and indexes: crash.StoreBitFlips, in process.)
"""

import random
import re

from asked import Asked
from people import finding
from survivor import WARD, Survivor
from trial import nhs_number

MARK = b"Finding C"  # stands in every message and entry of this test
BLOCK = 4096


def fill():
    """A stopped gateway with something in its store and its log."""
    survivor = Survivor().start()
    person = nhs_number(1)
    messages = [finding(f"C{i}", person, event="A01" if i == 0 else "A31") for i in range(40)]
    assert survivor.send(messages) == ["AA"] * len(messages)
    for _ in range(10):
        survivor.answer(survivor.ask(WARD, person))
    assert survivor.stop() == 0
    survivor.check_logs()
    return survivor


def used_bytes(segment):
    """Up to the end of the last group, and one block of the zeros behind it, which must be zeros."""
    data = segment.read_bytes().rstrip(b"\0")
    return (len(data) // BLOCK + 2) * BLOCK


def flip(path, bit):
    with path.open("r+b") as file:
        file.seek(bit // 8)
        byte = file.read(1)[0]
        file.seek(bit // 8)
        file.write(bytes([byte ^ 1 << bit % 8]))


def fsck(survivor):
    done = survivor.fsck("audit")
    return done.returncode, done.stdout + done.stderr


def try_log(survivor, chance, segment, used):
    bit = chance.randrange(used * 8)
    flip(segment, bit)
    code, said = fsck(survivor)
    flip(segment, bit)
    assert code == 1, f"bit {bit} of the segment was missed: {said}"
    places = [(int(at), int(length)) for at, length in re.findall(r"segment/0{20}, byte (\d+), length (\d+)", said)]
    assert any(at <= bit // 8 < at + max(length, 1) for at, length in places), f"byte {bit // 8}: {said}"


def try_store(survivor, chance, store, marks):
    bit = (chance.choice(marks) + chance.randrange(len(MARK))) * 8 + chance.randrange(8)
    flip(store, bit)
    code, said = fsck(survivor)
    flip(store, bit)
    assert code != 0, f"bit {bit} of the store was missed: {said}"
    assert "STORE" in said and ("journal" in said or "entries" in said), said


def main():
    asked = Asked("R12", "flipped bits", ci=150, release=2_000)
    survivor = fill()
    segment = survivor.folder / "data/audit/segment/00000000000000000000"
    store = survivor.folder / "data/store.db"
    marks = [found.start() for found in re.finditer(re.escape(MARK), store.read_bytes())]
    used, found = used_bytes(segment), {"log": 0, "store": 0}
    try:
        assert marks
        for number in asked:
            chance = random.Random(number)
            if number % 3:
                try_log(survivor, chance, segment, used)
            else:
                try_store(survivor, chance, store, marks)
            found["store" if number % 3 == 0 else "log"] += 1
        code, said = fsck(survivor)
        assert code == 0, said
        asked.end(found=found, missed=0)
    finally:
        survivor.end()


if __name__ == "__main__":
    main()
