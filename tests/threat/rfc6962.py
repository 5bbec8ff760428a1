"""A second implementation of the log's mathematics: RFC 6962 section 2.1, and the export of gateway/audit/FORMAT.md, written
from these two texts alone."""

import base64
import hashlib
import re

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def sha256(data):
    return hashlib.sha256(data).digest()


class Tree:
    """MTH, PATH and PROOF as the RFC defines them, with what was computed before kept."""

    def __init__(self, leaf_hashes):
        self.leaves = leaf_hashes
        self.kept = {}

    def root(self, start, end):
        size = end - start
        if size == 0:
            return sha256(b"")
        if size == 1:
            return self.leaves[start]
        if (start, end) not in self.kept:
            middle = start + split(size)
            self.kept[start, end] = sha256(b"\x01" + self.root(start, middle) + self.root(middle, end))
        return self.kept[start, end]

    def path(self, index, end):
        """PATH(m, D[n]), from the leaf up."""
        start, found = 0, []
        while end - start > 1:
            middle = start + split(end - start)
            if index < middle:
                found.append(self.root(middle, end))
                end = middle
            else:
                found.append(self.root(start, middle))
                start = middle
        return found[::-1]

    def consistency(self, first, end):
        """PROOF(m, D[n]) = SUBPROOF(m, D[n], true)."""
        start, found, whole = 0, [], True
        while first != end:
            middle = start + split(end - start)
            if first <= middle:
                found.append(self.root(middle, end))
                end = middle
            else:
                found.append(self.root(start, middle))
                start, whole = middle, False
        return ([] if whole else [self.root(start, end)]) + found[::-1]


def split(size):
    """The largest power of two smaller than the size."""
    return 1 << ((size - 1).bit_length() - 1)


def tile_path(kind, index, width=256):
    digits = f"{index:03}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[i:i + 3] for i in range(0, len(digits), 3)]
    name = "/".join([*("x" + group for group in groups[:-1]), groups[-1]])
    return f"{kind}/{name}" + (f".p/{width}" if width < 256 else "")


def tiles_of(tree, size):
    """Every tile that an export of this size holds: path → bytes."""
    found, level, hashes = {}, 0, size
    while hashes > 0:
        for first in range(0, hashes, 256):
            width = min(256, hashes - first)
            span = 256 ** level
            data = b"".join(tree.root((first + i) * span, (first + i + 1) * span) for i in range(width))
            found[tile_path(f"tile/{level}", first // 256, width)] = data
        level, hashes = level + 1, hashes // 256
    return found


def entries_of(folder, size):
    """The leaves of an export's entry bundles."""
    leaves = []
    for first in range(0, size, 256):
        data = (folder / tile_path("tile/entries", first // 256, min(256, size - first))).read_bytes()
        while data:
            length = int.from_bytes(data[:2], "big")
            leaves.append(data[2:2 + length])
            data = data[2 + length:]
    return leaves


def payloads_of(folder, size):
    """(state, bytes) of each entry's item in the payload bundles."""
    items = []
    for first in range(0, size, 256):
        data = (folder / tile_path("payload", first // 256, min(256, size - first))).read_bytes()
        while data:
            length = int.from_bytes(data[1:5], "big")
            items.append((data[0], data[5:5 + length]))
            data = data[5 + length:]
    return items


def checkpoint_of(note, vkey):
    """The size and root that a checkpoint of this key states; raises for anything else."""
    name, key_hash, key = re.fullmatch(r"([^+]+)\+([0-9a-f]{8})\+(\S+)", vkey).groups()
    key = base64.b64decode(key, validate=True)
    if key[:1] != b"\x01" or sha256(name.encode() + b"\n" + key)[:4].hex() != key_hash:
        raise ValueError("no vkey")
    text, signatures = note.split("\n\n")
    signature = re.fullmatch("\u2014 " + re.escape(name) + r" (\S+)\n", signatures).group(1)
    signature = base64.b64decode(signature, validate=True)
    if signature[:4].hex() != key_hash:
        raise ValueError("another key")
    Ed25519PublicKey.from_public_bytes(key[1:]).verify(signature[4:], (text + "\n").encode())
    origin, size, root = text.split("\n")
    if origin != name or str(int(size)) != size:
        raise ValueError("no checkpoint")
    return int(size), base64.b64decode(root, validate=True)
