"""Texts that try to be more than a text in an HL7 v2 field, and the fields that carry them (HL7 v2.8.2 section 2.7).

`texts()`: (name, what the field holds, what it stands for); `None` where it must be refused. Escaping is written here again,
apart
from the product's.
"""

import itertools

USUAL = "|^~\\&"
DELIMITERS = [USUAL, "#$%!@", ";:*/=", "+,<>?"]  # field, component, repetition, escape, subcomponent
SEGMENTS = ["PID|1||9990000026^^^NHS^NH||SEVERUS^LUCIUS", "AL1|9|DA|injected", "ZU8|1|2|3", "DG1|9||injected",
            "OBX|1|TX|x||injected",
            "MSH|^~\\&|EVIL|ZT2|M|G|20261121||ADT^A01|EVIL|P|2.4", "EVN|A40", "MRG|Q100^^^ZT1^MR", "NK1|2|injected", "BTS|1",
            "\x1c\r\x0bMSH|^~\\&|"]
LINE_ENDS = ["\r", "\n", "\r\n", "\n\r", "\x85", "\u2028", "\x0b", "\x0c", "\x1c\r", "\x1e", "\x00"]
TEXTS = ["|", "||||", "^^^^", "a~AL1~b", "&amp;&", "\\", "\\\\", "\\\\\\\\x", "\\F\\", "\\S\\R\\T\\E\\", "\\X0D\\PID",
         "\\X0D0A\\ZU8", "\\.br\\", "\\.sp3\\x",
         "\\E\\X0D\\E\\", "\\H\\loud\\N\\", "\\Z9\\", "\\C2842\\", "\\M242842\\", "\\T", "F\\", "\\X\\", "\\XG0\\", "\\X0",
         'a""b', "|^~\\&|^~\\&",
         "#$%!@#$", ";:*/=;:", "+,<>?+,", "!X0D!", "/F/", ">X0D>", "\x1b$B|^\x1b(J", "\x1b%G", "\ufeff|", "\u202e|\u202c",
         "\uff5c\uff3e\uff3c", "e\u0301^é",
         "漢字|かな", "😀\\😀", "﷽", "\uffff", "=1+1|cmd", "<script>|</script>", "%7C%5E", "&#124;", "\\u007c", "${jndi:x}|",
         "x" * 3000 + "|", "|" * 3000]
# What stands in the field as it is, and for what: escapes that are whole, unknown, broken or within one another.
AS_SENT = [("a\\X0D\\PID\\F\\1", "a\nPID|1"), ("a\\X0A\\b", "a\nb"), ("a\\X0D0A\\b", "a\nb"), ("a\\.br\\ZU8", "a\nZU8"),
           ("\\E\\F\\E\\", "\\F\\"),
           ("\\E\\X0D\\E\\", "\\X0D\\"), ("a\\Z12\\b", "a\\Z12\\b"), ("a\\C2842\\b", "a\\C2842\\b"), ("a\\M242842\\b",
                                                                                                      "a\\M242842\\b"),
           ("a\\X0G\\b", "a\\X0G\\b"), ("a\\X\\b", "a\\X\\b"), ("a\\", "a\\"), ("\\F", "\\F"), ("a\\F\\\\F\\b", "a||b"),
           ("\\H\\a\\N\\b", "ab"),
           ("a\\XC3A9\\b", "aéb"), ("a\\XFF\\b", "a\\XFF\\b"), ("a\\XC0AF\\b", "a\\XC0AF\\b"), ("a\\X7C5E\\b", "a|^b"),
           ("a\\X1C0D0B\\b", "a\ufffd\n\ufffdb"),
           ("a\\X00\\b", "a\ufffdb"), ("a\\f\\b", "a\\f\\b"), ("a\\R\\AL1\\R\\b", "a~AL1~b"), ("a\\T\\b", "a&b"), ("a\x1b$Bb",
                                                                                                                   "a\ufffd$Bb")]
RAW_REFUSED = [b"a\rPID|1||9990000026^^^NHS^NH", b"a\rthis is no segment", b"a\rMSH|^~\\&|E|ZT1",
               b"a\nPID|1||9990000026^^^NHS^NH", b"a\nMSH|^~\\&|E|ZT1",
               b"a\0b", b"a\xffb", b"a\xc0\xafb", b"a\xed\xa0\x80b"]


def escaped(text, delimiters):
    """As a field of these delimiters carries the text."""
    mark = delimiters[3]
    named = dict(zip(delimiters, "FSRET"))
    return "".join(f"{mark}{named[c]}{mark}" if c in named else f"{mark}X{ord(c):02X}{mark}" if ord(c) < 32 else c for c in text)


def as_shown(text):
    """Line ends are LF, other control characters one that cannot be read, and white space around it is not kept."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c if c >= " " and c != "\x7f" or c in "\t\n" else "\ufffd" for c in text).strip(" \t\n")


def _trailing(codec, bytes_wanted):
    """Characters of a double-byte set whose second byte is a delimiter's."""
    found = {}
    for point in range(0x4E00, 0x9FFF):
        try:
            data = chr(point).encode(codec)
        except UnicodeEncodeError:
            continue
        if len(data) == 2 and data[1] in bytes_wanted:
            found.setdefault(data[1], chr(point))
    return "".join(found.values())


def texts():
    """(name, delimiters, MSH-18, bytes of the field, what is shown or None)."""
    turn = itertools.cycle(DELIMITERS)
    made = [f"x{end}{segment}" for end, segment in itertools.product(LINE_ENDS, SEGMENTS)] + TEXTS
    for n, text in enumerate(made):
        delimiters = next(turn)
        charset = ["", "UNICODE UTF-8"][n % 2]
        yield f"text {n} {text[:20]!r}", delimiters, charset, escaped(text, delimiters).encode(), as_shown(text)
    for n, (sent, shown) in enumerate(AS_SENT):
        yield f"as sent {n} {sent}", USUAL, "", sent.encode(), shown
    for n, sent in enumerate(RAW_REFUSED):
        yield f"raw {n} {sent!r}", USUAL, "", sent, None
    for name, codec in (("8859/1", "latin-1"), ("8859/15", "iso8859-15"), ("WINDOWS-1252", "cp1252")):
        yield f"{name}", USUAL, name, escaped("é|ÿ^½\\", USUAL).replace("½", "").encode(codec), "é|ÿ^\\"
    for name, codec in (("BIG-5", "big5"), ("GB 18030-2000", "gb18030")):
        for delimiters in DELIMITERS:
            text = _trailing(codec, b"|^~\\&@") + "|"
            yield f"{name} {delimiters}", delimiters, name, escaped(text, delimiters).encode(codec), text
    kanji = "".join(c for c in map(chr, range(0x4E00, 0x9FFF)) if set(_jis(c)) & set(b"|^~\\&"))[:60]
    for delimiters in DELIMITERS:
        yield f"ISO IR87 {delimiters}", delimiters, "ISO IR87", kanji.encode("iso2022_jp"), kanji


def _jis(character):
    try:
        return character.encode("iso2022_jp")[3:-3]
    except UnicodeEncodeError:
        return b""
