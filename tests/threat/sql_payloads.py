"""Attempts at SQL by grammars, class by class: the ways out of a text, what is done there, and how the rest is hidden.

`payloads(count, folder)` names as many of each class, always the same ones for the same count. They are bytes, for some are no
UTF-8.
"""

import random
import urllib.parse

OUT = ["'", '"', "`", "]", "')", "'))", '")', "''", "\\'", "%'", "'||'", "0", "", "';", "x'\n"]
REST = ["--", "-- -", "--\n", "#", "/*", ";", ";--", " AND '1'='1", " OR 'a'='a", "", "/*!*/", ";%00", "'"]
TABLES = ["journal", "journal_bytes", "entries", "persons", "identities", "consents", "outbox", "trail", "queue",
          "sqlite_master", "migrations"]
TRUE = ["1=1", "'a'='a'", "1 LIKE 1", "NOT 0", "EXISTS(SELECT 1 FROM persons)", "rowid=rowid", "(SELECT COUNT(*) FROM entries)>0",
        "unicode(substr((SELECT sql FROM sqlite_master LIMIT 1),1,1))=67", "nhs_number IS NOT NULL", "1 IN (1)", "NULL IS NULL"]
SLOW = ["(SELECT COUNT(*) FROM entries a,entries b,entries c,entries d,entries e)", "LENGTH(RANDOMBLOB(900000000))",
        "(WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c) SELECT COUNT(*) FROM c)",
        "LIKE('a%b%c%d',ZEROBLOB(900000000))",
        "SLEEP(9)", "pg_sleep(9)", "BENCHMARK(99999999,SHA2(1,2))"]
LIKE_QUOTES = ["\u2019", "\u2018", "\u02bc", "\uff07", "\u2032", "\u201c", "\uff02", "\u00b4", "\u0060\u0301", "\u275c", "\u2039"]
RAW_QUOTES = [b"\xc0\xa7", b"\xe0\x80\xa7", b"\xf0\x80\x80\xa7", b"\xbf'", b"\xaf'", b"\x81'",
              b"\xed\xa0\x80'", b"\xff'", b"\xfe\xff\x00'", b"'\xc2"]
NEVER = "written-by-sql"  # a file that would be there if one of them ran


def _both(first, second):
    return [a + b for a in first for b in second]


def _around(middles):
    return [f"{out}{middle}{rest}" for out in OUT for middle in middles for rest in REST]


def _stacked():
    done = [f"DROP TABLE {t}" for t in TABLES] + [f"DELETE FROM {t}" for t in TABLES]
    done += [f"UPDATE {t} SET rowid=rowid+1" for t in TABLES]
    done += ["CREATE TABLE owned(x)", "DROP TRIGGER IF EXISTS x", "BEGIN EXCLUSIVE", "ROLLBACK", "COMMIT",
             "ALTER TABLE persons RENAME TO p", "INSERT INTO consents DEFAULT VALUES",
             "CREATE TRIGGER t AFTER INSERT ON journal BEGIN DELETE FROM journal; END", "REINDEX"]
    return _around([f"; {statement}" for statement in done])


def _union():
    columns = [", ".join(["NULL"] * n) for n in range(1, 25)] + ["sql FROM sqlite_master", "name, sql FROM sqlite_master",
                                                                 "* FROM persons"]
    columns += ["nhs_number FROM identities", "payload FROM outbox", "sqlite_version()"]
    return _around([f" UNION {kind}SELECT {what}" for kind in ("", "ALL ", "DISTINCT ") for what in columns])


def _comments():
    words = ["UN/**/ION/**/SEL/**/ECT", "/*!50000UNION*/ SELECT", "UNION--\nSELECT", "OR/**/1=1", "DR/**/OP/**/TABLE/**/journal",
             "/*/**/*/ OR 1", "UNION\tSELECT", "UNION\x0bSELECT", "UNION\x0cSELECT", "uNiOn sElEcT",
             "/* */;/* */DELETE/* */FROM/* */entries", "--'\n; VACUUM"]
    return _around([" " + word for word in words])


def _sqlite(folder):
    words = [f"ATTACH DATABASE '{folder}/{NEVER}' AS o", f"VACUUM INTO '{folder}/{NEVER}'",
             f"SELECT writefile('{folder}/{NEVER}','x')",
             "SELECT load_extension('/tmp/x.so')", "PRAGMA writable_schema=ON", "PRAGMA journal_mode=DELETE",
             "PRAGMA user_version=99",
             "PRAGMA synchronous=OFF", "PRAGMA foreign_keys=OFF", "DETACH main", "SELECT readfile('/etc/passwd')",
             "SELECT edit('x','true')", "SELECT printf('%99999999d',1)", "SELECT json_extract('{','$')",
             "SELECT fts3_tokenizer('x')",
             "SELECT zeroblob(2147483647)"]
    return _around([f"; {word}" for word in words])


def _encoded():
    plain = ["' OR 1=1--", "'; DROP TABLE journal;--", "' UNION SELECT sql FROM sqlite_master--", "\") OR (\"a\"=\"a",
             "'; DELETE FROM entries/*"]
    ways = [urllib.parse.quote, lambda t: urllib.parse.quote(urllib.parse.quote(t)),
            lambda t: "".join(f"\\u{ord(c):04x}" for c in t),
            lambda t: "".join(f"&#{ord(c)};" for c in t), lambda t: "".join(f"\\x{ord(c):02x}" for c in t),
            lambda t: f"x'{t.encode().hex()}'", lambda t: "||".join(f"CHAR({ord(c)})" for c in t), lambda t: t.replace("'",
                                                                                                                       "+ACc-"),
            lambda t: t.replace("'", "\\47 "),
            lambda t: t.encode("utf-16-le").decode("latin-1"), lambda t: "".join(f"%u00{ord(c):02x}" for c in t),
            lambda t: f"0x{t.encode().hex()}"]
    return [way(text) for way in ways for text in plain]


def _nul():
    texts = _both(OUT, [" OR 1=1", "; DROP TABLE journal", " UNION SELECT sql FROM sqlite_master", ""])
    return [text for whole in texts for text in (whole + "\x00--", "\x00" + whole, "nobody\x00" + whole,
                                                 "nobody" + whole + "\x00'")]


def _typographic():
    tails = [" OR 1=1--", "; DROP TABLE journal;--", " UNION SELECT sql FROM sqlite_master--",
             "\uff1bDELETE FROM entries\u2014\u2014"]
    return _both(_both(["", "nobody", "\ufeff"], LIKE_QUOTES), tails)


def _patterns():
    words = ["%", "_", "%%", "__________", "[0-9]*", "*", "?", "999%", "%' ESCAPE '\\", "*' GLOB '*", "[^x]*", "%\\",
             "NEAR/0", "a* OR b*", "NULL"]
    return _both(words, ["", "%", "_", "*", "'", "\\", " "])


def _raw():
    tails = [" OR 1=1--", "; DROP TABLE journal;--", " UNION SELECT sql FROM sqlite_master--", "", "/*", "\x00"]
    return [out + tail.encode() for out in RAW_QUOTES for tail in tails]


def payloads(count, folder):
    """class → its payloads; `count` of them in all, each once."""
    chance = random.Random(26)
    made = {"quotes": _both(OUT, REST), "stacked": _stacked(), "union": _union(), "true": _around([f" OR {t}" for t in TRUE]),
            "blind": _around([f" AND {t}" for t in TRUE] + [f" AND NOT {t}" for t in TRUE]),
            "slow": _around([f" OR {s}" for s in SLOW]),
            "comments": _comments(), "sqlite": _sqlite(folder), "encoded": _encoded(), "nul": _nul(),
            "typographic": _typographic(),
            "patterns": _patterns(), "raw bytes": _raw()}
    chosen, seen = {}, {b""}
    for left, (name, texts) in zip(range(len(made), 0, -1), made.items()):
        unused = sorted({t if isinstance(t, bytes) else t.encode() for t in texts} - seen)
        share = min(len(unused), -(-(count - sum(map(len, chosen.values()))) // left))
        chosen[name] = chance.sample(unused, share)
        seen.update(chosen[name])
    return chosen
