"""Of whom something is said, and the words by which it is found again in a view.

The builders of this folder say the same clinical fact in every format that a source may send: each gives the messages, in the
order in which they are sent. What a format cannot say is a No, with the reason; laws.py has what must become of each.
"""

import dataclasses

FACT = "Larkspur"  # what is said
LATER = "Foxglove"  # what takes its place
WORDS = "as they told it"  # the source's own beside a value
HIDDEN = "9 Hidden Row"
TRIAL_CODES = "https://milecastle.example/trial-codes"
SENSITIVE = "SH-100"  # of config/code-sets/trial.csv
PDF_THAT_WAS_CUT = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n"
FAMILY, GIVEN, BORN = "Hadrian", "Aelia", "1962-07-13"


@dataclasses.dataclass(frozen=True)
class Person:
    number: str
    family: str = FAMILY
    given: str = GIVEN
    born: str = BORN
    address: str = "1 The Wall"

    @property
    def local(self):
        return "L" + self.number

    @property
    def born_hl7(self):
        return self.born.replace("-", "")


@dataclasses.dataclass(frozen=True)
class No:
    """The format cannot say it, or says it in a way that another test shows."""

    why: str
    tests: tuple = ()  # by name, where another shows it
