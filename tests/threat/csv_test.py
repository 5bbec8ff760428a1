"""T25: tables that inject formulas, break quotes, mix encodings, shift columns or blow up, put into a council's folder. Each
has its outcome, and what is refused says on which line."""

import pathlib
import re
import sys
import time
import unittest

from attack import MEBIBYTE, Good, attacked, report

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "path"))
from intake_test import Arrivals
from trial import nhs_number

MOST_GROWTH = 600 * MEBIBYTE  # a file of 64 MiB is read whole, decoded, and handed on in parts
HEADER = "LA_Code,NHS_Number,LA_Person_Unique_Identifier,Date_of_Birth,Client_Type,Event_Type,Event_Start_Date,Event_Description"
FORMULAS = ["=1+1", "=HYPERLINK(\"http://127.0.0.1/\",\"x\")", "@SUM(1)", "-2+3", "+44 191 000 0000", "=cmd|' /C calc'!A0",
            "\t=1+1", "＝1+1", "%0A=1+1", "=IMPORTXML(\"http://127.0.0.1\")"]
CANARY = "Quintilla"


def row(person, text="", event="Service", born="1962-07-13"):
    quoted = '"' + text.replace('"', '""') + '"'
    return f"ZL1,{nhs_number(person)},P{person},{born},Service user,{event},2026-04-01,{quoted}"


def table(*rows, end="\r\n"):
    return end.join([HEADER, *rows]).encode()


def cases():
    """(name, bytes, folder, lines and columns of what is refused). Canaries stand where a value is wrong."""
    good, other = row(900, "good"), row(901, "other")
    bad = row(902, event=CANARY)
    yield from ((f"formula {at}", table(row(at, text)), "accepted", []) for at, text in enumerate(FORMULAS))
    for end in ("\n", "\r\n", "\r"):
        name = repr(end)
        yield f"a bad row between {name}", table(good, bad, other, end=end), "accepted", ["line 3, column Event_Type"]
        yield f"empty lines of {name}", table(good, "", "", bad, end=end), "accepted", ["line 5, column Event_Type"]
        yield f"line ends in a cell and {name}", table(row(903, f"a{end}b{end}c"), bad, end=end), "accepted", ["line 5, column Event_Type"]
    # Quotes.
    yield "a quote that never closes", table(good, good[:-1] + CANARY), "refused", ["line 3, column 8"]
    yield "a quote that never closes, first", table('"' + CANARY + good, other), "refused", ["line 2, column 1"]
    yield "text behind a quote", table(good[:-1] + '"' + CANARY), "refused", ["line 2, column 8"]
    yield "a quote in a bare cell", table(good, f'ZL1,{CANARY}"x,P,1962-07-13,Service user,Service,2026-04-01,'), "accepted", ["line 3, column 2"]
    yield "a formula in quotes of its own", table(good, f'ZL1,="{CANARY}",P,1962-07-13,Service user,Service,2026-04-01,'), "accepted", ["line 3, column 2"]
    yield "single quotes", table(good, "'" + bad), "accepted", ["line 3, column LA_Code"]
    yield "ten thousand doubled quotes", table(row(904, '"' * 10_000)), "accepted", []
    yield "an open quote in the header", (f'"{CANARY}' + HEADER + "\r\n" + good).encode(), "refused", ["line 2, column 1"]
    # NUL and encodings.
    yield "NUL in a cell", table(good, other.replace("other", "\0")), "refused", ["line 3"]
    yield "NUL in the header", table(good).replace(b"Event_Type", b"Event\0Type"), "refused", ["line 1"]
    yield "UTF-16", b"\xff\xfe" + table(good).decode().encode("utf-16-le"), "refused", ["file"]
    yield "UTF-16 of the other end", b"\xfe\xff" + table(good).decode().encode("utf-16-be"), "refused", ["file"]
    yield "UTF-16 without a mark", table(good).decode().encode("utf-16-le"), "refused", ["line 1"]
    yield "Windows-1252", table(good, row(905, "Zoë")).decode().encode("cp1252"), "refused", ["line 3"]
    yield "mixed", table(row(905, "Zoë"), good) + b"\r\n" + row(906, "Zoë").encode("cp1252"), "refused", ["line 4"]
    yield "overlong", table(good, row(905, "xx")).replace(b"xx", b"\xc0\xaf"), "refused", ["line 3"]
    yield "a surrogate", table(good, row(905, "xxx")).replace(b"xxx", b"\xed\xa0\x80"), "refused", ["line 3"]
    yield "a byte order mark", b"\xef\xbb\xbf" + table(good), "accepted", []
    yield "two byte order marks", b"\xef\xbb\xbf\xef\xbb\xbf" + table(good), "accepted", []
    yield "control characters", table(row(905, "\x1b[31mred\x07\x7f")), "accepted", []
    yield "right-to-left marks", table(row(905, "\u202eevil")), "accepted", []
    # Shifted, ragged and wrong columns.
    yield "a column too few", table(good, other.rsplit(",", 1)[0], bad), "accepted", ["line 3, column 8", "line 4, column Event_Type"]
    yield "a column too many", table(good, other + "," + CANARY), "accepted", ["line 3, column 9"]
    yield "shifted right", table(good, CANARY + "," + other.rsplit(",", 1)[0]), "accepted", ["line 3, column LA_Code"]
    yield "shifted left", table(good, other.split(",", 1)[1] + ","), "accepted", ["line 3, column LA_Code"]
    yield "swapped cells", table(good, other.replace("Service user,Service", "Service,Service user")), "accepted", ["line 3, column Event_Type"]
    yield "a header twice", table(HEADER, good), "accepted", ["line 2, column LA_Code"]
    yield "no header", good.encode() + b"\r\n" + other.encode(), "refused", ["line 1"]
    yield "one name twice", (HEADER + ",event-type\r\n" + good + ",x").encode(), "refused", ["line 1, column 9"]
    yield "a name that is empty", (HEADER + ",\r\n" + good + ",x").encode(), "refused", ["line 1, column 9"]
    yield "a column that nobody knows", (HEADER + f",{CANARY}\r\n" + good + ",x").encode(), "accepted", []
    yield "semicolons", table(good).replace(b",", b";"), "refused", ["line 1"]
    yield "tabs", table(good).replace(b",", b"\t"), "refused", ["line 1"]
    yield "a header alone", HEADER.encode(), "refused", ["line 1"]
    yield "line ends alone", b"\r\n" * 1000, "refused", ["line 1"]
    yield "commas alone", table(good, "," * 7), "accepted", ["line 3, column LA_Person_Unique_Identifier"]
    # Values that decide.
    yield "Excel's scientific number", table(f"ZL1,9.99E+09,P907,1962-07-13,Service user,Service,2026-04-01,"), "accepted", []
    yield "Excel's serial date", table(good, row(902, born="22840")), "accepted", ["line 3, column Date_of_Birth"]
    yield "a day that is none", table(good, row(902, born="31/02/1962")), "accepted", ["line 3, column Date_of_Birth"]
    yield "month first", table(good, row(902, born="07/13/1962")), "accepted", ["line 3, column Date_of_Birth"]
    yield "two people of one identifier", table(good, row(908), row(909).replace("P909", "P908")), "accepted", ["line 4, column NHS_Number"]
    yield "another council's row", table(good, other.replace("ZL1", "ZL2")), "accepted", ["line 3, column LA_Code"]
    yield "another council's file", table(good).replace(b"ZL1", b"ZL2"), "refused", ["sending organisation"]
    # Size.
    yield "a cell of 1 MiB", table(good, row(902, CANARY * (MEBIBYTE // len(CANARY)))), "refused", ["line 3, column 8"]
    yield "a line of 30 MiB", table(good, row(902, "x" * (30 * MEBIBYTE))), "refused", [""]
    yield "a line of 100 MiB", table(good, row(902, "x" * (100 * MEBIBYTE))), "refused", [""]
    yield "a million columns", table(good, "," * 1_000_000), "accepted", ["line 3, column 513"]
    yield "a header of a million columns", ("a," * 1_000_000).encode() + b"\r\n1\r\n", "refused", ["line 1, column 513"]
    yield "a header of 20 KiB", (HEADER + "," + "h" * 20_000 + "\r\n" + good + ",x").encode(), "refused", ["line 1"]
    yield "five thousand rows of one person", table(*[good.replace("2026-04-01", "2026-04-02")] * 5000), "accepted", []
    yield "a mark of a part that is none", b"#part,9\n" + table(good, bad), "accepted", ["line 10, column Event_Type"]
    yield "a mark that is too large", b"#part,99999999999999999999999\n" + table(good), "refused", ["line 1"]


SHEET = "Organisation,NHS number,NHS number traced,Local id,Family name,Given names,Date of birth,Record type,Reference,Date,Details"


def sheet_row(person, text="", record="Care plan", born="1962-07-13", **more):
    quoted = '"' + text.replace('"', '""') + '"'
    organisation = more.get("organisation", "LOCALHEARTH")
    return f"{organisation},{nhs_number(person)},Yes,P{person},Hadrian,Aelia,{born},{record},R-{person},2026-11-05,{quoted}"


def sheet(*rows, end="\r\n", header=SHEET):
    return end.join([header, *rows]).encode()


def sheet_cases():
    """The same of a voluntary organisation's sheet."""
    good, other, bad = sheet_row(900, "good"), sheet_row(901, "other"), sheet_row(902, record=CANARY)
    yield from ((f"formula {at}", sheet(sheet_row(at, text)), "accepted", []) for at, text in enumerate(FORMULAS))
    yield from ((f"formula {at} for a kind", sheet(good, sheet_row(902, record=f'"{text}"')), "accepted", ["line 3, column Record type"])
                for at, text in enumerate(FORMULAS[:4] + FORMULAS[6:8]) if '"' not in text)
    for end in ("\n", "\r\n", "\r"):
        yield f"a bad row between {end!r}", sheet(good, bad, other, end=end), "accepted", ["line 3, column Record type"]
        yield f"line ends in a cell and {end!r}", sheet(sheet_row(903, f"a{end}b"), bad, end=end), "accepted", ["line 4, column Record type"]
    yield "a quote that never closes", sheet(good, good[:-1] + CANARY), "refused", ["line 3, column 11"]
    yield "text behind a quote", sheet(good[:-1] + '"' + CANARY), "refused", ["line 2, column 11"]
    yield "a quote in a bare cell", sheet(good, f'LOCALHEARTH,{CANARY}"x' + "," * 9), "accepted", ["line 3, column 2"]
    yield "NUL in a cell", sheet(good, other.replace("other", "\0")), "refused", ["line 3"]
    yield "UTF-16", b"\xff\xfe" + sheet(good).decode().encode("utf-16-le"), "refused", ["file"]
    yield "Windows-1252", sheet(good, sheet_row(905, "Zoë")).decode().encode("cp1252"), "refused", ["line 3"]
    yield "overlong", sheet(good, sheet_row(905, "xx")).replace(b"xx", b"\xc0\xaf"), "refused", ["line 3"]
    yield "a column too few", sheet(good, other.rsplit(",", 1)[0]), "accepted", ["line 3, column 11"]
    yield "a column too many", sheet(good, other + "," + CANARY), "accepted", ["line 3, column 12"]
    yield "shifted right", sheet(good, CANARY + "," + other.rsplit(",", 1)[0]), "accepted", ["line 3, column Organisation"]
    yield "shifted left", sheet(good, other.split(",", 1)[1] + ","), "accepted", ["line 3, column Organisation"]
    yield "a header twice", sheet(SHEET, good), "accepted", ["line 2, column Organisation"]
    yield "no header", good.encode() + b"\r\n" + other.encode(), "refused", ["line 1"]
    yield "one name twice", sheet(good + ",x", header=SHEET + ",record-type"), "refused", ["line 1, column 12"]
    yield "a day that is none", sheet(good, sheet_row(902, born="31/02/1962")), "accepted", ["line 3, column Date of birth"]
    yield "Excel's serial date", sheet(good, sheet_row(902, born="22840")), "accepted", ["line 3, column Date of birth"]
    yield "two people of one identifier", sheet(sheet_row(908), sheet_row(909).replace("P909", "P908")), "refused", ["line 3, column NHS number"]
    yield "another organisation's row", sheet(good, sheet_row(901, organisation="LOCALHAVEN")), "accepted", ["line 3, column Organisation"]
    yield "another organisation's file", sheet(good).replace(b"LOCALHEARTH", b"LOCALHAVEN"), "refused", ["sending organisation"]
    yield "a cell of 1 MiB", sheet(good, sheet_row(902, CANARY * (MEBIBYTE // len(CANARY)))), "refused", ["line 3, column 11"]
    yield "a line of 30 MiB", sheet(good, sheet_row(902, "x" * (30 * MEBIBYTE))), "refused", [""]
    yield "a header of a million columns", ("a," * 1_000_000).encode() + b"\r\n1\r\n", "refused", ["line 1, column 513"]


class Tables(unittest.TestCase):
    inbox_name, cases, row, table = "council", staticmethod(cases), staticmethod(row), staticmethod(table)

    def setUp(self):
        self.trial = attacked({'mapping = "mappings/tyneside-council.toml"': "share_untraced = true", 'mapping = "mappings/hearth.toml"': ""})
        self.addCleanup(self.trial.end)
        self.inbox = self.trial.folder / "inbox" / self.inbox_name

    def peak(self):
        return int(re.search(r"VmHWM:\s+(\d+)", pathlib.Path(f"/proc/{self.trial.process.pid}/status").read_text())[1]) * 1024

    def outcome(self, number, data, arrivals):
        """Where the file went, and the places that its reasons name."""
        name = f"{number:03d}.csv"
        (self.inbox / f".{name}").write_bytes(data)
        (self.inbox / f".{name}").rename(self.inbox / name)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            for box in ("accepted", "refused"):
                if (self.inbox / box / name).exists():
                    (self.inbox / box / name).unlink()
                    reason = self.inbox / box / f"{name}.reason.txt"
                    return box, reason.read_text() if reason.exists() else ""
            arrivals.wait()
        raise AssertionError(f"{name} was not taken in a minute")

    def test_T25_each_table_has_its_outcome_and_says_which_line_is_wrong(self):
        arrivals = Arrivals(self.inbox / "accepted", self.inbox / "refused")
        before, found, refused = self.peak(), [], 0
        with Good(self.trial) as good:
            tried = 0
            for name, data, box, places in self.cases():
                went, reason = self.outcome(tried, data, arrivals)
                said = re.findall(r"message\.\w+(?: at (.*?))?: |sender\.not_allowed at (.*?): ", reason)
                said = [one or other for one, other in said]
                refused += went == "refused"
                if (went, said) != (box, places) or CANARY in reason:
                    found.append((name, went, said, reason[:300], box, places))
                tried += 1
        growth = self.peak() - before
        report(f"T25 {self.inbox_name}", tables=tried, refused=refused, otherwise=len(found), most_growth=f"{growth / MEBIBYTE:.0f} MiB",
               good_calls=len(good.took), good_failures=len(good.failures))
        self.assertEqual(found, [], "\n".join(map(str, found)))
        self.assertEqual(good.failures, [])
        self.assertIsNone(self.trial.process.poll())
        self.assertLessEqual(growth, MOST_GROWTH)
        self.assertNotIn(CANARY, self.trial.log.read_text())

    def test_T25_a_formula_is_shown_as_the_text_that_it_is(self):
        arrivals = Arrivals(self.inbox / "accepted", self.inbox / "refused")
        self.outcome(0, self.table(*[self.row(at, text) for at, text in enumerate(FORMULAS)]), arrivals)
        doctor = self.trial.caller("ZT1", "quayside-epr", "dr-agricola", "R8000")
        for at, text in enumerate(FORMULAS):
            entries = doctor.view(nhs_number(at), purpose="EMERGENCY", reason_code="LIFE").view.entries
            shown = [words for entry in entries for words in entry.free_text]
            self.assertEqual(shown, [text.strip()])


class Sheets(Tables):
    inbox_name, cases, row, table = "hearth", staticmethod(sheet_cases), staticmethod(sheet_row), staticmethod(sheet)


if __name__ == "__main__":
    unittest.main()
