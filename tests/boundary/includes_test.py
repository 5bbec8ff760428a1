"""Who may include whom (gateway/ARCHITECTURE.md).

gateway/modules.cmake says what each module shows and uses; CMake builds from it, but what is linked publicly leaks
onwards, so every include line and every name of another module is read here as well. NEVER, below, is written a second
time on purpose: an edit of modules.cmake alone cannot open a door between two steps.
"""

import pathlib
import re
import unittest

from tree import ROOT, code_of, cpp_files, text_of

STEPS = {"receive", "normalise", "identify", "store", "sqlite", "gather", "decide", "audit", "disclose", "govern", "refer", "directory"}
EDGES = {"serve", "console", "command", "settings"}
DOORS = {"ingress", "authenticate", "workers"}
FORMATS = {"hl7v2", "fhir", "xml", "csv"}
# What readers of several sectors share of one format; acute, which reads no FHIR, sees none of it.
SHARED = {"resources", "r4", "stu3"}
TRANSPORTS = {"mllp", "folder", "https", "fhir_pull"}
# What sectors share: a format read by a feed's mapping, into the record.
SHAPES = {"sheet", "prsb"}
SECTORS = {"acute", "primary", "community", "social_care", "third_sector"}
PARTS = {"cda"}  # of a sector, which alone sees them
DIRECTORIES = {"open_referral"}  # of services: no patient data
OUTSIDERS = {"canonical"}  # reads what adapters outside the process made
ADAPTERS = FORMATS | SHARED | TRANSPORTS | SHAPES | SECTORS | PARTS | OUTSIDERS | DIRECTORIES
CONTRACT = {"proto", "proto_grpc"}
EVERYTHING = STEPS | EDGES | DOORS | ADAPTERS | CONTRACT | {"wire", "port", "record", "base"}

NEVER = {
    "base": EVERYTHING,
    "record": EVERYTHING - {"base"},
    "wire": STEPS | EDGES | DOORS | ADAPTERS | {"port", "proto_grpc"},
    "port": EVERYTHING - {"base", "record"},
    **{name: EVERYTHING - {"base"} for name in FORMATS},
    "fhir": EVERYTHING - {"base", "xml"},
    **{name: EVERYTHING - {"base", "record", "port"} for name in TRANSPORTS},
    "https": EVERYTHING - {"base"},
    "fhir_pull": EVERYTHING - {"base", "record", "https"},
    "resources": EVERYTHING - {"base", "record", "fhir"},
    **{name: EVERYTHING - {"base", "record", "fhir", "resources"} for name in ("r4", "stu3")},
    **{name: EVERYTHING - {"base", "record", "port"} - FORMATS - SHARED - SHAPES for name in SECTORS},
    **{name: EVERYTHING - {"base", "record", "port"} - FORMATS for name in SHAPES},
    **{name: EVERYTHING - {"base", "record", "fhir", "csv"} for name in DIRECTORIES},
    "primary": EVERYTHING - {"base", "record", "port", "resources", "stu3"} - FORMATS,
    "acute": EVERYTHING - {"base", "record", "port"} - FORMATS,
    "community": EVERYTHING - {"base", "record", "port", "cda"} - FORMATS - SHARED,
    "cda": EVERYTHING - {"base", "record", "port", "xml"},
    **{name: EVERYTHING - {"base", "record", "port", "wire"} for name in OUTSIDERS},
    "normalise": EVERYTHING - {"base", "record"},
    "identify": EVERYTHING - {"base", "record", "store"},
    "decide": EVERYTHING - {"base", "record"},
    "store": EVERYTHING - {"base", "record"},
    "sqlite": EVERYTHING - {"base", "record", "store", "wire", "proto"},
    "directory": EVERYTHING - {"base", "record", "store"},
    "audit": EVERYTHING - {"base", "record"},
    "receive": ADAPTERS | EDGES | DOORS | CONTRACT | {"decide", "sqlite", "gather", "disclose", "govern", "refer"},
    "gather": ADAPTERS | EDGES | DOORS | CONTRACT | {"decide", "sqlite", "audit", "receive", "disclose", "govern", "refer"},
    "disclose": ADAPTERS | EDGES | DOORS | CONTRACT | {"sqlite", "receive", "govern", "refer", "port"},
    "govern": ADAPTERS | EDGES | DOORS | CONTRACT | {"sqlite", "receive", "refer", "port"},
    "ingress": EVERYTHING - {"base", "record"},
    "authenticate": EVERYTHING - {"base", "record"},
    "workers": EVERYTHING - {"base"},
    "serve": ADAPTERS | {"sqlite", "command", "settings"},
    "command": ADAPTERS | DOORS | {"sqlite", "serve", "settings", "receive", "store", "identify", "disclose", "govern", "refer"},
    "settings": ADAPTERS | CONTRACT | {"sqlite", "serve", "command", "store", "decide", "audit", "receive", "govern", "wire"},
}

# Outside libraries: which modules may name them. "" is the composition root, the files directly in gateway/. None of
# them stands in a header that other modules can see, except generated messages in serve/.
OUTSIDE = [
    (r"grpc(pp)?/", {"serve", "command", ""}),
    (r"milecastle/v1/.*\.grpc\.pb\.h", {"serve", "command"}),
    (r"(google/protobuf/|milecastle/v1/)", {"wire", "serve", "command"}),
    (r"sqlite3\.h|SQLiteCpp/", {"sqlite"}),
    (r"boost/beast", {"serve", "https"}),
    (r"boost/asio", {"ingress", "workers", "mllp", "https", "serve"}),
    (r"boost/json", {"base", "fhir", "authenticate", "audit", "receive", "disclose", "govern", "command"}),
    (r"absl/", {"base"}),
    (r"openssl/", {"base", "ingress", "authenticate", "audit", "mllp", "https"}),
    (r"cjose/", {"authenticate"}),
    (r"simdjson\.h", {"fhir"}),
    (r"pugixml\.hpp", {"xml"}),
    (r"toml\+\+/", {"base"}),
    (r"(spdlog|fmt)/", {"base"}),
    (r"csv\.h", {"normalise"}),
    (r"unicode/", {"base", "hl7v2", "csv", "normalise", "open_referral", "store"}),
    (r"date/", {"record", "command"}),
    (r"prometheus/", {"serve"}),
    (r"CLI/", {"command"}),
    (r"systemd/", {""}),
]
# The operating system: who touches files, sockets and processes at all.
SYSTEM = re.compile(r"(sys|netinet|arpa|linux)/|(unistd|fcntl|poll|dirent|pthread|netdb|stdlib|signal|termios)\.h$")
MAY_TOUCH_THE_SYSTEM = {"base", "audit", "sqlite", "ingress", "mllp", "https", "folder", "command", "serve", ""}
# What only computes: the same bytes in, the same values out. No clock, no file, no thread of its own.
PURE = FORMATS | SHARED | SHAPES | SECTORS | PARTS | OUTSIDERS | DIRECTORIES | {"record", "port", "wire", "decide", "identify", "normalise"}
IMPURE = re.compile(r"\b(SystemClock|system_clock::now|steady_clock::now|std::(o?f?stream|thread|jthread|async|getenv)|getenv)\b")
# Reading a policy or a code set is a loader's work and stands in the file named for it.
READS_FILES = {"gateway/decide/policy_reader.cc", "gateway/decide/policy.cc", "gateway/normalise/code_set.cc",
               "gateway/normalise/release_table.cc"}


def modules_of(cmake):
    """name → (folder, shows, uses), from the lines `module(NAME FOLDER SHOWS … USES … LIBS …)`."""
    modules = {}
    for words in re.findall(r"^module\(([^)]*)\)", re.sub(r"#.*", "", cmake), re.M):
        name, folder, *rest = words.split()
        lists, current = {"SHOWS": [], "USES": [], "LIBS": []}, None
        for word in rest:
            if word in lists:
                current = lists[word]
            else:
                current.append(word)
        modules[name] = (folder, set(lists["SHOWS"]), set(lists["USES"]))
    return modules


def includes_of(text):
    for number, line in enumerate(text.splitlines(), 1):
        match = re.match(r'\s*#\s*include\s*(["<])([^">]+)[">]', line)
        if match:
            yield number, match[1] == '"', match[2]


class Map:
    def __init__(self, modules):
        self.modules = modules
        self.by_last = {pathlib.PurePath(folder).name: name for name, (folder, _, _) in modules.items()}

    def owner(self, path):
        """The module of a file and whether other modules can see it; ("", …) for the composition root."""
        holding = [(folder, name) for name, (folder, _, _) in self.modules.items() if path.is_relative_to(folder)]
        if not holding:
            return ("" if path.parent == pathlib.PurePath("gateway") else None), False
        folder, name = max(holding)
        return name, path.suffix == ".h" and path.parent == pathlib.PurePath(folder)

    def allowed(self, module, public):
        if module == "":
            return EVERYTHING
        _, shows, uses = self.modules[module]
        allowed = shows if public else shows | uses
        return allowed | ({"proto"} if "proto_grpc" in allowed else set())

    def target(self, header):
        """Which module a quoted header belongs to; None: a file of the includer's own folder."""
        if header.startswith("milecastle/v1/"):
            return "proto_grpc" if header.endswith(".grpc.pb.h") else "proto"
        first = header.split("/")[0]
        return self.by_last.get(first) if "/" in header else None


def check_quoted(house, path, text):
    module, public = house.owner(path)
    for line, quoted, header in includes_of(text):
        if not quoted:
            continue
        place = f"{path}:{line}: "
        if header.startswith("../") or "/../" in header:
            yield place + f'"{header}" climbs; name the module'
            continue
        target = house.target(header)
        if target is None:
            folder = ROOT / (house.modules[module][0] if module else "gateway")
            if not any((base / header).is_file() for base in (folder, ROOT / path.parent)):
                yield place + f'"{header}" is of no module and not of this folder'
            elif public:
                yield place + f'"{header}" is private, and other modules see this header'
        elif target != module:
            if target not in house.allowed(module, public):
                yield place + f"{module} {'shows' if public else 'uses'} {target}, which modules.cmake does not say"
            if target in NEVER.get(module, set()):
                yield place + f"{module} must never see {target}"


def check_outside(house, path, text):
    module, public = house.owner(path)
    for line, quoted, header in includes_of(text):
        if (quoted and not header.startswith("milecastle/v1/")) or not re.search(r"[./]", header):
            continue
        place = f"{path}:{line}: "
        if SYSTEM.match(header):
            if module not in MAY_TOUCH_THE_SYSTEM:
                yield place + f"<{header}>: {module} does not touch the system"
            continue
        allowed = next((names for pattern, names in OUTSIDE if re.match(pattern, header)), None)
        if allowed is None:
            yield place + f"<{header}>: no line of OUTSIDE says who may use it"
        elif module not in allowed:
            yield place + f"<{header}>: not in {module or 'the composition root'}"
        elif public and not (module == "serve" and header.startswith("milecastle/v1/")):
            yield place + f"<{header}> stands in a header that other modules see"


def check_names(house, path, text):
    """A name of another module is a use of it, even where its header came in through a third."""
    module, public = house.owner(path)
    if module == "":
        return
    for number, line in enumerate(code_of(text).splitlines(), 1):
        for used in re.findall(r"(?<![\w:.>])(?:milecastle::)?([a-z][a-z0-9_]*)::(?=[A-Za-z])", line):
            target = house.by_last.get(used)
            if target in (None, module) or re.match(r"\s*namespace\b", line):
                continue
            if target not in house.allowed(module, public) and target in EVERYTHING:
                yield f"{path}:{number}: {used}:: is used, and modules.cmake does not let {module} see it"


def check_pure(house, path, text):
    module, _ = house.owner(path)
    if module not in PURE or str(path) in READS_FILES:
        return
    for number, line in enumerate(code_of(text).splitlines(), 1):
        match = IMPURE.search(line)
        if match:
            yield f"{path}:{number}: {match[0]}: {module} only computes"


def check_appends(house, path, text):
    """The edge reads and proves the log; it never writes it. Only a use case appends, after a decision."""
    module, _ = house.owner(path)
    if module != "serve":
        return
    for number, quoted, header in includes_of(text):
        if quoted and header.startswith("audit/"):
            yield f'{path}:{number}: "{header}": serve reaches the audit log through govern alone'
    for number, line in enumerate(code_of(text).splitlines(), 1):
        if re.search(r"audit::(Append|Entry\b|MakePayload|Receipt)|\bAppend\(\{", line):
            yield f"{path}:{number}: serve appends nothing to the audit log"


def check_maps(house, path, text):
    """Whoever sends text could choose it so that all of it falls into one bucket of a hash that everybody knows."""
    code = code_of(text)
    for found in re.finditer(r"\bunordered_(?:multi)?(?:map|set)<\s*std::string[^;({]*|\bstd::hash<\s*std::string", code):
        if "TextHash" not in found[0]:
            number = code.count("\n", 0, found.start()) + 1
            yield f"{path}:{number}: text is hashed by base::TextHash alone (base/text_map.h)"


def check_table(modules):
    for name, (folder, shows, uses) in modules.items():
        if name not in NEVER:
            yield f"modules.cmake: {name} ({folder}) has no line in NEVER; say what it must never see"
        for other in sorted((shows | uses) & NEVER.get(name, set())):
            yield f"modules.cmake: {name} must never see {other}"
        for other in sorted((shows | uses) - set(modules) - CONTRACT):
            yield f"modules.cmake: {name} names {other}, which is no module"
    last = [pathlib.PurePath(folder).name for folder, _, _ in modules.values()]
    for folder in sorted(set(name for name in last if last.count(name) > 1)):
        yield f"modules.cmake: two folders are called {folder}; an include could mean either"


def check_file(house, path, text):
    if house.owner(path)[0] is None:
        yield f"{path}: belongs to no module of modules.cmake"
        return
    for check in (check_quoted, check_outside, check_names, check_pure, check_appends, check_maps):
        yield from check(house, path, text)


class Includes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.modules = modules_of(text_of("gateway/modules.cmake"))
        cls.house = Map(cls.modules)

    def problems(self, path, text):
        return list(check_file(self.house, pathlib.PurePath(path), text))

    def test_the_table_opens_no_door_that_is_shut(self):
        self.assertEqual(list(check_table(self.modules)), [])

    def test_every_include_and_every_name_is_allowed(self):
        read = cpp_files("gateway", "adapters")
        self.assertGreater(len(read), 100)
        found = [problem for path in read for problem in check_file(self.house, path, text_of(path))]
        self.assertEqual(found, [], "\n" + "\n".join(found))

    def test_finds_what_it_is_for(self):
        for path, line in [
            ("gateway/decide/x.cc", '#include "store/store.h"'),
            ("gateway/disclose/x.cc", '#include "../decide/decision.h"'),
            ("gateway/disclose/x.cc", '#include "sqlite/store.h"'),
            ("gateway/disclose/x.h", '#include "inside/secret.h"'),
            ("gateway/receive/x.cc", "#include <grpcpp/grpcpp.h>"),
            ("gateway/receive/x.h", '#include "audit/log.h"'),  # USES, not SHOWS
            ("gateway/store/x.cc", "#include <sqlite3.h>"),
            ("gateway/store/x.cc", '#include "milecastle/v1/record.pb.h"'),
            ("gateway/wire/x.h", '#include "milecastle/v1/record.pb.h"'),
            ("gateway/ingress/x.h", "#include <boost/asio/post.hpp>"),
            ("gateway/govern/x.cc", "#include <nlohmann/json.hpp>"),
            ("gateway/serve/x.cc", '#include "audit/log.h"'),
            ("gateway/serve/x.cc", "log.Append({.event_id = id});"),
            ("gateway/decide/x.cc", "const auto now = base::SystemClock().Now();"),
            ("gateway/normalise/x.cc", "store::Transaction* leaked;"),
            ("adapters/acute/x.cc", "#include <sys/stat.h>"),
            ("adapters/acute/x.cc", "std::unordered_map<std::string, int> by_key;"),
            ("adapters/acute/x.cc", "std::unordered_map<\n    std::string_view, int> by_key;"),
            ("adapters/acute/x.cc", "return std::hash<std::string_view>()(key);"),
            ("adapters/acute/x.cc", '#include "decide/decider.h"'),
            ("adapters/formats/fhir/x.cc", '#include "record/entry.h"'),
            ("adapters/transports/mllp/x.cc", '#include "hl7v2/message.h"'),
            ("gateway/nowhere/x.cc", ""),
        ]:
            with self.subTest(path=path, line=line):
                self.assertNotEqual(self.problems(path, line + "\n"), [])

    def test_an_edit_of_the_table_alone_is_found(self):
        edited = text_of("gateway/modules.cmake").replace("module(decide gateway/decide SHOWS",
                                                          "module(decide gateway/decide SHOWS store")
        self.assertNotEqual(list(check_table(modules_of(edited))), [])

    def test_comments_and_strings_are_no_code(self):
        self.assertEqual(self.problems("gateway/decide/x.cc", '// store::Store\nconst char* a = "store::Store";\n'), [])


if __name__ == "__main__":
    unittest.main()
