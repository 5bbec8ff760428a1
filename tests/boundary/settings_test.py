"""config/gateway.toml shows every setting that gateway/settings reads, in its table, if only as a comment."""

import re
import unittest

from tree import code_of, cpp_files, line_of, text_of

CONFIG = "config/gateway.toml"
# A mapping is a file of its own, and its page shows every key of it.
MAPPING, MAPPINGS = "gateway/settings/mapping.cc", "config/mappings/README.md"
# In which tables what each function reads stands. Of each group one table must show it; two groups: it stands twice.
TABLES = {
    "ReadGateway": [("gateway",)],
    "SeverityOf": [("gateway",)],
    "ReadGrpc": [("grpc",)],
    "ReadListener": [("grpc",), ("feed",)],
    "ReadIngress": [("ingress",)],
    "ReadTls": [("tls",)],
    "ReadTokens": [("tokens",)],
    "ReadIssuer": [("tokens.issuer", "tokens.issuer.key")],
    "ReadAudit": [("audit",)],
    "ReadLog": [("audit",), ("audit.second",)],
    "ReadNormalise": [("normalise",)],
    "ReadReleases": [("normalise", "normalise.reference_set", "normalise.code_map")],
    "Load": [("policy",)],
    "IgnoredNames": [("identify.trace",)],
    "ReadTrace": [("identify.trace", "identify")],
    "ReadFeeds": [()],
    "ReadFeed": [("feed",)],
    "ReadCallers": [("feed",)],
    "ReadTransport": [("feed",)],
    "ReadMllp": [("feed",)],
    "ReadOne": [("feed",)],
    "CheckAdapter": [("feed",)],
    "ReadMapping": [("feed",)],
    "ReadLive": [("live",)],
    "ReadLiveSource": [("live.source",)],
    "ReadAddress": [("live.source",)],
    "ReadFiles": [("live.source",)],
    "ReadGives": [("live.source",)],
    "ReadLiveSections": [("live.source",)],
    "ReadLiveLimits": [("live.source",)],
    "ReadDirectories": [("directory",)],
    "ReadDirectorySource": [("directory.source",)],
    "ReadDirectoryPull": [("directory.source",)],
    "ReadDirectoryLimits": [("directory.source",)],
}
FUNCTION = re.compile(r"^[A-Za-z][^;{}()#]*?\b(?P<name>\w+)\((?:[^(){};]|\([^()]*\))*\)(?: const)? \{", re.M)
READING = re.compile(
    r"\b(?:RequiredString|String|RequiredInt|Int|Flag|Strings|Tables?|Has|Required|Paths?|Size|Codes|Plain|Time|Seconds)\("
    r'(?:\*?\w+, )?\s*"(?P<key>[a-z][a-z0-9_]*)"')


def keys_read(path, text):
    """Each key that the file reads, with the function that does."""
    code = code_of(text, keep_strings=True)
    functions = list(FUNCTION.finditer(code))
    for read in READING.finditer(code):
        within = [each["name"] for each in functions if each.start() < read.start()]
        yield f"{path}:{line_of(code, read.start())}", within[-1] if within else "", read["key"]


def shown_in(toml):
    """(table, key) of every line that sets one, or would without its comment sign; tables are keys of their parents."""
    shown, table = set(), ""
    for line in toml.splitlines():
        header = re.match(r"(?:# )?\[\[?([a-z_.]+)\]\]?", line)
        if header:
            table = header[1]
            shown.add(tuple(("." + table).rsplit(".", 1)))
        setting = re.match(r"(?:# )?([a-z][a-z0-9_]*) = ", line)
        if setting:
            shown.add((table, setting[1]))
    return {(table.lstrip("."), key) for table, key in shown}


def check(path, text, shown):
    for place, function, key in keys_read(path, text):
        if function not in TABLES:
            yield f"{place}: {function} reads \"{key}\": say in TABLES in which table of {CONFIG} it stands"
            continue
        for group in TABLES[function]:
            if not any((table, key) in shown for table in ("", *group)):
                yield f"{place}: {CONFIG} does not show \"{key}\" in [{' or '.join(group)}]"


class Settings(unittest.TestCase):
    def test_the_worked_configuration_shows_every_setting(self):
        shown = shown_in(text_of(CONFIG))
        wrong = [fault for path in cpp_files("gateway/settings") if str(path) != MAPPING
                 for fault in check(path, text_of(path), shown)]
        self.assertEqual(wrong, [])

    def test_the_page_of_mappings_names_every_key(self):
        page = text_of(MAPPINGS)
        keys = {key for _, _, key in keys_read(MAPPING, text_of(MAPPING))}
        self.assertGreater(len(keys), 10, "the reading functions have other names")
        self.assertEqual([key for key in sorted(keys) if not re.search(rf"`\[*(local\.)?{key}\b", page)], [])

    def test_every_weight_of_the_trace_is_shown_as_it_is_by_default(self):
        members = dict(re.findall(r"std::int32_t (\w+) = (-?\d+);", text_of("gateway/identify/trace.h")))
        lines = re.findall(r'\{"(\w+)", &Weights::(\w+)\}', text_of("gateway/identify/trace.cc"))
        self.assertGreater(len(lines), 20)
        self.assertEqual([key for key, member in lines if key != member], [])
        table = text_of(CONFIG).split("[identify.trace.weights]")[1].split("\n[")[0]
        shown = dict(re.findall(r"^(\w+) = (-?\d+)", table, re.M))
        self.assertEqual(shown, {key: members[key] for key, _ in lines})

    def test_what_is_not_shown_is_found(self):
        code = 'void ReadListener(const T& table) {\n  a = Size(table, "max_connections", a, {1, 2});\n}\n'
        shown = shown_in("[grpc]\nmax_connections = 1\n[[feed]]\n# something else\n")
        self.assertEqual(len(list(check("x.cc", code, shown))), 1)
        shown = shown_in("[grpc]\nmax_connections = 1\n[[feed]]\n# max_connections = 2\n")
        self.assertEqual(list(check("x.cc", code, shown)), [])

    def test_most_keys_are_seen(self):
        read = {key for path in cpp_files("gateway/settings") for _, _, key in keys_read(path, text_of(path))}
        self.assertGreater(len(read), 60, "the reading functions have other names")


if __name__ == "__main__":
    unittest.main()
