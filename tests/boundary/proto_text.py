"""The contract, read from its source: messages with their fields, services with their calls."""

import re
from typing import NamedTuple

from tree import files, text_of


class Field(NamedTuple):
    message: str
    name: str
    type: str
    sensitive: bool
    path: str

    @property
    def full(self):
        return f"{self.message}.{self.name}"


class Call(NamedTuple):
    service: str
    name: str
    streams_in: bool
    streams_out: bool


def contract_files():
    return [path for path in files("proto") if path.suffix == ".proto"]


def _plain(text):
    return re.sub(r"//[^\n]*", "", text)


def messages_in(text, path=""):
    """message name → its fields. Messages are not nested in this contract; a nested one is an error."""
    found = {}
    message = None
    for line in _plain(text).splitlines():
        if match := re.match(r"\s*message (\w+) \{", line):
            if message is not None:
                raise ValueError(f"{path}: {match[1]} is nested; give it a place of its own")
            message = match[1]
            found[message] = []
        field = re.match(r"\s*(?:repeated |optional )?(map<[^>]+>|[\w.]+) (\w+) = \d+\s*(\[.*\])?;", line)
        if message and field:
            sensitive = bool(re.search(r"\(sensitive\) = true", field[3] or ""))
            found[message].append(Field(message, field[2], field[1], sensitive, str(path)))
        if message and re.search(r"^\}|\{\}", line):
            message = None
    return found


def services_in(text):
    calls = []
    for service, body in re.findall(r"^service (\w+) \{(.*?)^\}", _plain(text), re.M | re.S):
        for name, into, out in re.findall(r"rpc (\w+)\((stream )?\w+\) returns \((stream )?\w+\)", body):
            calls.append(Call(service, name, bool(into), bool(out)))
    return calls


def all_messages():
    found = {}
    for path in contract_files():
        found.update(messages_in(text_of(path), path))
    return found


def all_calls():
    return [call for path in contract_files() for call in services_in(text_of(path))]
