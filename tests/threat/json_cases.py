"""Bundles that are ambiguous, broken or made to blow up (RFC 8259, FHIR JSON), each with what must become of it.

`cases()` gives (name, bytes, expected): TAKEN, or the errors of the catalogue of which one must be named. Every one is a bundle
of
the same patient, whole but for what the name says.
"""

import gzip
import itertools
import json

TAKEN = frozenset()
BROKEN = frozenset({"message.unparseable"})
CHARACTERS = frozenset({"message.character_set"})
LARGE = frozenset({"message.too_large"})
OTHER = frozenset({"message.unsupported"})
MEBIBYTE = 1 << 20

# What no JSON may hold, in the place of a value.
NO_VALUES = {
    "NaN": b"NaN", "-NaN": b"-NaN", "Infinity": b"Infinity", "-Infinity": b"-Infinity", "1e400": b"1e400", "-1e400": b"-1e400",
    "1e99999": b"1e99999", "400 digits": b"9" * 400, "2^64": b"18446744073709551616", "01": b"01", "-01": b"-01", "+1": b"+1",
    ".5": b".5", "1.": b"1.", "1.e3": b"1.e3",
    "1e": b"1e", "1e+": b"1e+", "0x10": b"0x10", "1_000": b"1_000", "1;5": b"1;5", "-": b"-", "--1": b"--1",
    "fullwidth digit": "１".encode(),
    "undefined": b"undefined", "None": b"None", "True": b"True", "nul": b"nul", "nothing": b"", "a comma more": b"[1,]",
    "a comma first": b"[,1]",
    "an object's comma": b'{"a":1,}', "no colon": b'{"a" 1}', "two colons": b'{"a"::1}', "no name": b"{1:1}",
    "a bare name": b"{a:1}",
    "single quotes": b"'x'", "a comment": b"/* x */ 1", "a comment to the end": b"1 // x\n", "a hash": b"1 # x\n", "open": b"[[[",
    "closed by another": b"[1}", "unfinished text": b'"x', "half a high surrogate": rb'"\ud800"',
    "half a low surrogate": rb'"\udc00"',
    "two high surrogates": rb'"\ud800\ud800"', "surrogates the wrong way round": rb'"\udc00\ud800"',
    "a surrogate and a letter": rb'"\ud800A"',
    "two digits of four": rb'"\u12"', "letters that are no digits": rb'"\uZZZZ"', "\\x41": rb'"\x41"', "\\'": rb'"\'"',
    "\\0": rb'"\0"',
    "a backslash and a line": b'"\\\n"', "a tab": b'"\t"', "a line end": b'"\n"', "a NUL": b'"\0"',
    "an escape character": b'"\x1b"',
    "a name twice": b'{"a":1,"a":2}', "a name twice, alike": b'{"a":1,"a":1}', "a name twice, by escapes": rb'{"a":1,"\u0061":2}',
    "a name twice, by both cases of escapes": rb'{"\u00e9":1,"\u00E9":2}', "a name twice, among many": b"{%s}" % b",".join(
        b'"n%d":1' % (n % 40) for n in range(41)), "a name twice, deep": b'[[[[{"b":{"a":1,"a":2}}]]]]',
        "an empty name twice": b'{"":1,"":2}',
}
NO_TEXTS = {
    "overlong '": b"\xc0\xa7", "overlong /": b"\xc0\xaf", "overlong in three": b"\xe0\x80\xaf",
    "overlong in four": b"\xf0\x80\x80\xaf",
    "overlong NUL": b"\xc0\x80", "a surrogate": b"\xed\xa0\x80", "a pair of them": b"\xed\xa0\xbd\xed\xb8\x80",
    "beyond Unicode": b"\xf4\x90\x80\x80",
    "five bytes": b"\xf8\x88\x80\x80\x80", "no byte of it": b"\xff", "a lone continuation": b"\x80", "cut": b"\xe2\x82",
    "Latin-1": "é".encode("latin-1"),
    "two continuations too few": b"\xf0\x9f",
}
VALUES = {
    "null": b"null", "an empty object": b"{}", "an empty list": b"[]", "an empty text": b'""', "-0": b"-0", "1e308": b"1e308",
    "1E-400": b"1E-400",
    "40 digits": b"1.2345678901234567890123456789012345678901", "2^64 - 1": b"18446744073709551615",
    "2^64 with a fraction": b"18446744073709551616.0", "a pair of surrogates": rb'"\ud83d\ude00"',
    "an escaped solidus": rb'"\/"', "an escaped NUL": rb'"\u0000"', "no character": rb'"\uffff"',
    "right to left": '"\u202e"'.encode(),
    "names by case": b'{"a":1,"A":2}', "names by accents": '{"é":1,"e\u0301":2}'.encode(), "an empty name": b'{"":1}',
    "__proto__": b'{"__proto__":{"a":1}}',
    "30 deep": b"[" * 30 + b"]" * 30, "30 objects deep": b'{"a":' * 30 + b"1" + b"}" * 30,
    "4,000 items": b"[" + b",".join([b"1"] * 4000) + b"]",
    "a key of 1 MiB": b'{"%s":1}' % (b"k" * MEBIBYTE), "a text of 1 MiB": b'"%s"' % (b"t" * MEBIBYTE),
    "white space": b" \t\r\n" * 3000 + b"1" + b"\r\n\t " * 3000,
    "900 names": b"{" + b",".join(b'"n%d":1' % n for n in range(900)) + b"}",
}
BLOWN_UP = {
    "100 deep": b"[" * 100 + b"]" * 100, "1,000 deep": b"[" * 1000 + b"]" * 1000, "100,000 deep": b"[" * 100_000 + b"]" * 100_000,
    "1 M deep": b"[" * MEBIBYTE + b"]" * MEBIBYTE, "1 M objects deep": b'{"a":' * MEBIBYTE + b"1" + b"}" * MEBIBYTE,
    "1 M open": b"[" * MEBIBYTE, "5,001 items": b"[" + b",".join([b"1"] * 5001) + b"]",
    "1 M items": b"[" + b",".join([b"1"] * MEBIBYTE) + b"]",
    "1,001 names": b"{" + b",".join(b'"n%d":1' % n for n in range(1001)) + b"}",
    "200,000 names": b"{" + b",".join(b'"n%d":1' % n for n in range(200_000)) + b"}",
    "1.2 M values": b"[" + b",".join([b"[" + b",".join([b"1"] * 4000) + b"]"] * 300) + b"]",
}
# Where a value stands: `V` is replaced. Some are read by the adapter, some by nobody.
PLACES = {
    "of the bundle": ("bundle", '"x":V,'), "of the patient": ("patient", '"x":V,'), "of a name": ("name", '"x":V,'),
    "of an extension": ("patient", '"extension":[{"url":"u","valueString":V}],'), "of a given name": ("name",
                                                                                                      '"given":["Aelia",V],'),
    "of a contained resource": ("patient", '"contained":[{"resourceType":"Basic","id":"c","x":V}],'),
}


def bundle(serial, bundle="", patient="", name="", after="", family="Hadrian"):
    person = (f'{{"resourceType":"Patient","id":"p",{patient}"identifier":[{{"system":"https://fhir.nhs.uk/Id/nhs-number",'
              '"value":"9990000018"}],"birthDate":"1962-07-13","gender":"female",'
              '"managingOrganization":{"reference":"Organization/o"},'
              f'"name":[{{{name}"use":"official","family":"{family}"}}]}}')
    practice = ('{"resourceType":"Organization","id":"o","identifier":[{"system":"https://fhir.nhs.uk/Id/ods-organization-code",'
                '"value":"Z99001"}]}')
    return (f'{{"resourceType":"Bundle","id":"json-{serial}","type":"collection",{bundle}"entry":[{{"resource":{person}}},'
            f'{{"resource":{practice}}}{after}]}}').encode()


def _placed(serial, place, value):
    where, text = PLACES[place]
    whole = bundle(serial, **{where: text.replace("V", "\x01")})
    return whole.replace(b"\x01", value)


def _whole(serial):
    """Cases of the document as a whole."""
    good = bundle(serial)
    half = good.index(b'"entry"')
    yield from ((f"cut after {n} of {len(good)} bytes", good[:n], BROKEN) for n in range(1, len(good), len(good) // 24))
    yield "white space alone", b" \r\n\t ", BROKEN
    yield "a byte order mark alone", b"\xef\xbb\xbf", BROKEN
    yield from ((f"{text} alone", text.encode(), BROKEN) for text in ("[]", "null", "7", '""', "{}", "true",
                                                                      '{"resourceType":[]}'))
    yield "of a type that nobody knows", b'{"resourceType":"Bundel"}', OTHER
    yield "XML", b'<?xml version="1.0"?><Bundle xmlns="http://hl7.org/fhir"/>', OTHER
    yield "two documents", good + good, BROKEN
    yield "two documents, a line each", good + b"\n" + good, BROKEN
    yield "a NUL behind", good + b"\0", BROKEN
    yield "a bracket behind", good + b"]", BROKEN
    yield "a word before", b"x" + good, BROKEN
    yield ")]}' before", b")]}',\n" + good, BROKEN
    yield "two byte order marks", b"\xef\xbb\xbf" * 2 + good, BROKEN
    yield "gzip", gzip.compress(good), BROKEN | CHARACTERS
    yield from ((f"in {name}", good.decode().encode(name), BROKEN | CHARACTERS) for name in ("utf-16", "utf-16-le", "utf-16-be",
                                                                                             "utf-32"))
    yield "in EBCDIC", good.decode().encode("cp037"), BROKEN | CHARACTERS
    yield "a second list of entries", good[:half] + b'"entry":[],' + good[half:], BROKEN
    for twice in ('"identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000026"}],',
                  '"birthDate":"1970-01-01",', '"id":"q",',
                  '"resourceType":"Group",', rb'"n\u0061me":[{"family":"Severus"}],'.decode()):
        yield f"a second {twice.split(':')[0]} of the patient", bundle(serial, patient=twice), BROKEN
    yield "a second family name", bundle(serial, name='"family":"Severus",'), BROKEN
    yield "50,001 entries", bundle(serial, after=',{"fullUrl":"u"}' * 50_000), LARGE
    yield "15 MiB of entries", bundle(serial, after=",{}" * (5 * MEBIBYTE - 1000)), LARGE
    yield "15 MiB of white space", bundle(serial, after=" " * (15 * MEBIBYTE)), TAKEN
    yield "15 MiB of one text", bundle(serial, patient='"x":"%s",' % ("t" * (15 * MEBIBYTE))), TAKEN
    yield "15 MiB of quotation marks", bundle(serial, after=',"\\""' * (3 * MEBIBYTE)), LARGE
    unread = '{"system":"phone","value":"1",' + ",".join(f'"n{n}":1' for n in range(150)) + "}"
    yield "300,000 names that nobody reads", bundle(serial, patient='"telecom":[%s],' % ",".join([unread] * 2000)), TAKEN
    yield "a byte order mark before", b"\xef\xbb\xbf" + good, TAKEN
    yield "white space around", b"\r\n \t" + good + b"\r\n \t", TAKEN
    yield "names that differ by case", bundle(serial, name='"Family":"Severus","FAMILY":"Nero",'), TAKEN
    yield "names that differ by a space", bundle(serial, name='"family ":"Severus"," family":"Nero",'), TAKEN
    yield "a family name by escapes", bundle(serial, family="\\u0048\\u0061\\u0064rian"), TAKEN


def _made():
    serial = itertools.count()
    one = list(PLACES)
    for at, (name, value) in enumerate(NO_VALUES.items()):
        for place in (one[at % len(one)], one[(at + 2) % len(one)], one[(at + 3) % len(one)]):
            yield f"{name} {place}", _placed(next(serial), place, value), BROKEN
    for at, (name, text) in enumerate(NO_TEXTS.items()):
        yield f"{name} {one[at % len(one)]}", _placed(next(serial), one[at % len(one)], b'"%s"' % text), CHARACTERS
        yield f"{name} in a name {one[at % len(one)]}", _placed(next(serial), one[at % 3], b'{"%s":1}' % text), CHARACTERS
    for name, value in VALUES.items():
        for place in ("of the bundle", "of the patient"):
            yield f"{name} {place}", _placed(next(serial), place, value), TAKEN
    for at, (name, value) in enumerate(BLOWN_UP.items()):
        for place in (one[at % len(one)], one[(at + 1) % len(one)]):
            yield f"{name} {place}", _placed(next(serial), place, value), LARGE | BROKEN if name == "1 M open" else LARGE
    for name, data, expected in _whole(next(serial)):
        yield name, data.replace(b'"json-', b'"json-%d-' % next(serial)) if expected == TAKEN else data, expected


# The same patient in the other formats that are JSON: `T` stands at the top, `P` among what is said of the person.
_PERSON = ('"identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"}],"birthDate":"1962-07-13",'
           '"name":[{"family":"Hadrian","given":["Aelia"]}]')
_PRSB = ('{"Standard":"%s",T"%s":{"Organisation code":"%s"},"Consent":{"Date":"2026-11-05","Version":"S"},"Person demographics":{P'
         '"NHS number":"9990000018","Date of birth":"1962-07-13","Person name":{"Person first name":"Aelia","Person family name":"Hadrian"}}}')
OTHERS = {
    "R4": ("district-nursing", '{"resourceType":"Bundle","id":"r4-S","type":"collection",T"entry":[{"resource":{"resourceType":"Patient",P'
           + _PERSON + "}}]}"),
    "BaRS": ("district-nursing",
             '{"resourceType":"Bundle","id":"bars-S","meta":{"versionId":"1.4.0"},"type":"message",T"timestamp":"2026-11-20T10:00:00Z","entry":['
             '{"fullUrl":"urn:uuid:00000000-0000-4000-8000-000000000001","resource":{"resourceType":"MessageHeader","eventCoding":{"system":'
             '"https://fhir.nhs.uk/CodeSystem/message-events-bars","code":"servicerequest-request"},"reason":{"coding":[{"code":"new"}]},'
             '"focus":[{"reference":"urn:uuid:00000000-0000-4000-8000-000000000010"}],"source":{"endpoint":"https://sender.example/bars"}}},'
             '{"fullUrl":"urn:uuid:00000000-0000-4000-8000-000000000002","resource":{"resourceType":"Patient",P' + _PERSON + "}},"
             '{"fullUrl":"urn:uuid:00000000-0000-4000-8000-000000000010","resource":{"resourceType":"ServiceRequest","status":"active",'
             '"intent":"order","subject":{"reference":"urn:uuid:00000000-0000-4000-8000-000000000002"}}}]}'),
    "ITK3": ("district-nursing",
             '{"resourceType":"Bundle","id":"itk3-S","meta":{"profile":["https://fhir.nhs.uk/STU3/StructureDefinition/ITK-Message-Bundle-1"]},'
             '"type":"message",T"entry":[{"resource":{"resourceType":"MessageHeader","id":"mh-S","event":{"code":"ITK014M"},'
             '"source":{"endpoint":"MAILBOX"}}},{"resource":{"resourceType":"Bundle","type":"document","entry":['
             '{"resource":{"resourceType":"Patient",P' + _PERSON + "}}]}}]}"),
    "PRSB local authority": ("tyneside-council", _PRSB % ("Local authority information", "Local authority", "ZL1")),
    "PRSB social prescribing": ("hearth-sheet", _PRSB % ("Social prescribing", "Organisation", "LOCALHEARTH")),
}


def _other(form, serial, place, value):
    text = form.replace("S\"", f'{serial}"').replace("T\"", '"x":\x01,"' if place == "top" else '"', 1)
    text = text.replace("P\"", '"x":\x01,"' if place == "person" else '"', 1)
    return text.encode().replace(b"\x01", value)


def of_other_formats():
    """(feed, name, bytes, expected)."""
    serial = itertools.count()
    for format_, (feed, form) in OTHERS.items():
        kinds = [(NO_VALUES, BROKEN), (VALUES, TAKEN), (BLOWN_UP, LARGE),
                 ({name: b'"%s"' % text for name, text in NO_TEXTS.items()}, CHARACTERS)]
        for values, expected in kinds:
            for at, (name, value) in enumerate(values.items()):
                place = ("top", "person")[at % 2]
                allowed = LARGE | BROKEN if name == "1 M open" else expected
                yield feed, f"{format_}, {name} {place}", _other(form, next(serial), place, value), allowed


def cases():
    made = list(_made())
    assert len({name for name, _, _ in made}) == len(made)
    for _, data, expected in made:
        if expected == TAKEN:
            json.loads(data)  # another reader's word for it
    return made
