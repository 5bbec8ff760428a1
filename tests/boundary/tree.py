"""The project's files, as the boundary tests read them: text alone, nothing built, nothing installed."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
NOT_OURS = {".git", "build", ".cache", "__pycache__", "node_modules"}


def files(*tops):
    """Every file below the folders named, or below the whole project, as paths relative to it."""
    found = []
    pending = [ROOT / top for top in tops] or [ROOT]
    while pending:
        for path in pending.pop().iterdir():
            if path.name in NOT_OURS:
                continue
            if path.is_dir() and not path.is_symlink():
                pending.append(path)
            else:
                found.append(path.relative_to(ROOT))
    return sorted(found)


def text_of(path):
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")


def cpp_files(*tops):
    return [path for path in files(*tops) if path.suffix in (".h", ".cc")]


_TOKEN = re.compile(
    r'R"(?P<mark>[^(\s]*)\((?:.|\n)*?\)(?P=mark)"'  # raw strings
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'(?:\\.|[^'\\\n])+'"
    r"|//[^\n]*"
    r"|/\*(?:.|\n)*?\*/")


def code_of(text, keep_strings=False):
    """C++ without comments, and without what stands between quotes; every line keeps its number."""

    def blank(match):
        token = match.group()
        if token.startswith(("//", "/*")):
            return "\n" * token.count("\n")
        return token if keep_strings else '""' + "\n" * token.count("\n")

    return _TOKEN.sub(blank, text)


def call_at(code, opening):
    """From the opening bracket at `opening` to its closing one, both included. `code` comes from code_of."""
    depth = 0
    quoted = False
    for at in range(opening, len(code)):
        letter = code[at]
        if letter == '"' and code[at - 1] != "\\":
            quoted = not quoted
        if quoted:
            continue
        depth += (letter in "([{") - (letter in ")]}")
        if depth == 0:
            return code[opening:at + 1]
    return code[opening:]


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1
