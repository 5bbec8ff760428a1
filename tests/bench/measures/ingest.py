"""The way in: messages over MLLP, their parser, and practices' records in FHIR."""
import pathlib
import shutil
import subprocess
import sys
import tempfile

from measure import Figures, Goals, Measure, Side

SLOW = '5000'  # µs more for each sync


def ingest(connections: int, sync: str = '') -> Side:
    return Side(load=('mllp_ingest', '--connections', str(connections)), sync=sync)


def of_groups(waiting: int):
    """A rate as a share of what full groups would give: so many, each time that the disk syncs."""
    def share(sides: dict[str, Figures]) -> float:
        return sides['a']['per_second'] / (waiting * sides['b']['per_second'])
    return share


def by_cpu(sides: dict[str, Figures]) -> float:
    """Of two sides on one thread each that do no I/O and take the same bytes: steadier than their rates."""
    return sides['b']['cpu_us'] / sides['a']['cpu_us']


def p50(sides: dict[str, Figures]) -> float:
    return sides['a']['p50_us'] / sides['b']['p50_us']


DISK = Side(load=('sync',))
SLOW_DISK = Side(load=('sync',), sync=SLOW)


def read(name: str) -> Side:
    return Side(load=('format_read', '--format', name))


def stored(name: str) -> Side:
    return Side(load=('format_ingest', '--format', name))


def fields(name: str) -> Side:
    return Side(load=('raw_json', '--format', name, '--parser', 'simdjson-on-demand'))


def tree(name: str) -> Side:
    return Side(load=('raw_json', '--format', name, '--parser', 'boost-heap'))


def least(name: str) -> Side:
    return Side(load=('raw_text', '--format', name))


FIELDS = 'simdjson, 5 fields of each resource'
TREE = 'Boost.JSON, tree on the heap'
CELLS = 'memchr, cells counted'
MARKUP = 'pugixml, tree in place'

# The npm package that parses and reads four fields the fastest.
PEER = 'simple-hl7@3.3.0'


def peer() -> pathlib.Path | None:
    """The folder that npm installed the peer into, outside the repository; nothing where it cannot be had."""
    if '--short' in sys.argv:  # runs without a network
        return None
    folder = pathlib.Path(tempfile.gettempdir()) / 'milecastle-bench-peer'
    if (folder / 'node_modules' / 'simple-hl7').is_dir():
        return folder
    if not shutil.which('node') or not shutil.which('npm'):
        print('b4 is left out: it needs node and npm', file=sys.stderr)
        return None
    command = ['npm', 'install', '--prefix', str(folder), '--ignore-scripts', '--no-audit', '--no-fund', PEER]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120, check=False)
    if done.returncode == 0:
        return folder
    print(f'b4 is left out: npm could not fetch {PEER}', file=sys.stderr)
    return None


def parsers() -> list[Measure]:
    folder = peer()
    if folder is None:
        return []
    return [Measure('b4', 'HL7 v2, whole tree and 4 fields', f'{PEER} on node, 4 fields',
                    {'a': Side(load=('hl7_read',)), 'b': Side(load=('hl7_peer', '--peer', str(folder)))},
                    Goals(10, 25, 50))]


MEASURES = [
    *parsers(),
    Measure('b1', 'MLLP, acknowledged when durable, 3 entries and audit, 64 connections',
            'the bare message into SQLite, batches of 64',
            {'a': ingest(64), 'b': Side(load=('raw_store', '--batch', '64'))}, Goals(0.10, 0.18, 0.25)),
    Measure('b2', 'the same', 'syncs of 4 KiB', {'a': ingest(64), 'b': DISK}, Goals(1, 2, 4)),
    Measure('b3', 'the same, 5 ms sync, 256 connections', '256 for each sync',
            {'a': ingest(256, SLOW), 'b': SLOW_DISK}, Goals(0.25, 0.40, 0.60), ratio=of_groups(256)),
    Measure('b5', 'p50 of an acknowledgement, 1 connection', 'p50 of a sync',
            {'a': ingest(1), 'b': DISK}, Goals(4, 2.5, 2, at_most=True), ratio=p50),
    Measure('d1', 'audit entries, 64 wait, a signed checkpoint for each group', '64 for each sync',
            {'a': Side(load=('audit_append', '--waiters', '64')), 'b': DISK}, Goals(0.35, 0.55, 0.70),
            ratio=of_groups(64)),
    Measure('d2', 'the same, 5 ms sync', '64 for each sync',
            {'a': Side(load=('audit_append', '--waiters', '64'), sync=SLOW), 'b': SLOW_DISK}, Goals(0.40, 0.80, 0.95),
            ratio=of_groups(64)),
    Measure('e1', 'FHIR bundle read, mapped and hashed, CPU', FIELDS, {'a': read('stu3'), 'b': fields('stu3')},
            Goals(0.08, 0.12, 0.16), ratio=by_cpu),
    Measure('e2', 'FHIR bundles, durable, MB/s', FIELDS, {'a': stored('stu3'), 'b': fields('stu3')},
            Goals(0.015, 0.03, 0.04)),
    Measure('e3', 'the same', TREE, {'a': stored('stu3'), 'b': tree('stu3')}, Goals(0.2, 0.45, 0.8)),
    Measure('e1-r4', 'UK Core R4 bundle read, mapped and hashed, CPU', FIELDS, {'a': read('r4'), 'b': fields('r4')},
            Goals(0.08, 0.12, 0.16), ratio=by_cpu),
    Measure('e2-r4', 'UK Core R4 bundles, durable, MB/s', FIELDS, {'a': stored('r4'), 'b': fields('r4')},
            Goals(0.015, 0.03, 0.04)),
    Measure('e3-r4', 'the same', TREE, {'a': stored('r4'), 'b': tree('r4')}, Goals(0.2, 0.45, 0.8)),
    Measure('e1-csv', 'a return of a council read, mapped and hashed, CPU', CELLS,
            {'a': read('csv'), 'b': least('csv')}, None, ratio=by_cpu),
    Measure('e2-csv', 'returns of councils, durable, MB/s', CELLS, {'a': stored('csv'), 'b': least('csv')}, None),
    Measure('e1-cda', 'a CDA document read, mapped and hashed, CPU', MARKUP, {'a': read('cda'), 'b': least('cda')},
            None, ratio=by_cpu),
    Measure('e2-cda', 'CDA documents, durable, MB/s', MARKUP, {'a': stored('cda'), 'b': least('cda')}, None),
]
