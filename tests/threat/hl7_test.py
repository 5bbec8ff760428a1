"""T21: a text in an HL7 v2 field stays a text. Each message is accepted, and its view differs from that of a message which holds
a
plain word in nothing but that word; what cannot be a text is refused, and leaves nothing.

`unit/hl7v2` shows the same of any text and any delimiters within the reader; here it goes from the socket to the view.
"""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "path"))

import hl7_cases
from trial import Trial, admission, nhs_number, person_segment

WORD = "plainword"
FIRST = 10  # of the people of whom the messages speak, each of one


def strings(message, path=""):
    """(path, text) of every text of a view, in its order."""
    for field, value in message.ListFields():
        for item in value if field.label == field.LABEL_REPEATED else [value]:
            if field.message_type:
                yield from strings(item, f"{path}.{field.name}")
            elif field.type == field.TYPE_STRING:
                yield f"{path}.{field.name}", item


def code_of(reply):
    """Of an acknowledgement, which comes in the sender's delimiters."""
    return next(segment for segment in reply.split("\r") if segment.startswith("MSA"))[4:6]


class Texts(unittest.TestCase):
    def setUp(self):
        self.trial = Trial({"user_refusals = 30": "user_refusals = 0", "refusal_grid_ms = 50": "refusal_grid_ms = 0"}).start()
        self.addCleanup(self.trial.end)
        self.mllp = self.trial.mllp()
        self.ward = self.trial.caller("ZT1", "quayside-epr", "dr", "R8000")

    def tearDown(self):
        self.mllp.close()
        self.ward.channel.close()

    def message(self, n, delimiters, charset, sent):
        """With the text in an allergy, a diagnosis, a contact and a name, between other fields that must stay what they are."""
        more = (f"AL1|1|DA|A1^{WORD}^SNM3|SV|R1^{WORD}|20100501", f"DG1|1||D1^{WORD}^I10||20261121|A",
                f"NK1|1|LAST^{WORD}^MID|FTH|1 Road^{WORD}^Town")
        text = admission(f"T21-{n}", person=person_segment(nhs_number(n), local=f"Q{n}", given=WORD), more=more)
        text = text.replace("|P|2.4", f"|P|2.4||||||{charset}" if charset else "|P|2.4")
        kept = delimiters == hl7_cases.USUAL or not set(text) & set(delimiters)
        self.assertTrue(kept, "a delimiter stands in the message itself")
        return text.translate(str.maketrans(hl7_cases.USUAL, delimiters)).encode().replace(WORD.encode(), sent)

    def view(self, n):
        view = self.ward.view(nhs_number(n)).view
        return len(view.entries), len(view.demographics), list(strings(view))

    def test_T21_no_text_becomes_more_than_a_text(self):
        self.assertEqual(code_of(self.mllp.exchange(self.message(1, hl7_cases.USUAL, "", WORD.encode()))), "AA")
        entries, demographics, plain = self.view(1)
        carried = sum(text.count(WORD) for _, text in plain)
        self.assertGreaterEqual(carried, 4)
        done, refused, found = 0, 0, []
        for n, (name, delimiters, charset, sent, shown) in enumerate(hl7_cases.texts(), start=FIRST):
            code = code_of(self.mllp.exchange(self.message(n, delimiters, charset, sent)))
            done += 1
            if shown is None:
                refused += code == "AR"
                if code != "AR":
                    found.append((name, code))
                continue
            expected = (entries, demographics, [(path, text.replace(WORD, shown)) for path, text in plain])
            if code != "AA" or self.view(n) != expected:
                got = self.view(n)[2] if code == "AA" else []
                found.append((name, code, sorted(set(got) - set(expected[2]))[:3], sorted(set(expected[2]) - set(got))[:3]))
        print(f"T21: {done} messages done, {refused} refused as they must be, {carried} places each; {len(found)} otherwise")
        self.assertEqual(found, [], "\n".join(map(str, found)))
        rows = dict(self.trial.query("SELECT disposition, COUNT(*) FROM journal GROUP BY 1"))
        self.assertEqual(rows, {"accepted": done - refused + 1, "rejected": refused})


if __name__ == "__main__":
    unittest.main()
