"""How cost grows: with the records of a person, policies, people, the length of the audit log, and connections."""
import contextlib
import statistics
from collections.abc import Iterator
from dataclasses import replace

from running import Programs, RunningSide, told
from measure import Figures, Side

from measures.ingest import SLOW, SLOW_DISK, ingest, of_groups
from measures.view import view

MIB = 1 << 20


def _rounds(programs: Programs) -> int:
    return 1 if programs.size == 'short' else 3


@contextlib.contextmanager
def _started(programs: Programs, sides: list[Side]) -> Iterator[list[RunningSide]]:
    running = []
    try:
        for side in sides:
            running.append(RunningSide(programs, side))
        yield running
    finally:
        for each in running:
            each.close()


def _in_turn(programs: Programs, running: list[RunningSide], seconds: float) -> list[list[Figures]]:
    """A few rounds, in each of which every side is measured once; every second round backwards."""
    made = []
    for number in range(_rounds(programs)):
        order = range(len(running)) if number % 2 == 0 else reversed(range(len(running)))
        figures = {place: running[place].measure(seconds) for place in order}
        made.append([figures[place] for place in range(len(running))])
    return made


def _medians(rounds: list[list[Figures]]) -> list[Figures]:
    return [{name: statistics.median(made[place][name] for made in rounds) for name in rounds[0][place]}
            for place in range(len(rounds[0]))]


def _of_first(rounds: list[list[Figures]], place: int, name: str) -> str:
    """One side's figure as a multiple of the first side's in the same round: median and spread."""
    ratios = [made[place][name] / made[0][name] for made in rounds]
    return f'{statistics.median(ratios):.2f} [{min(ratios):.2f}–{max(ratios):.2f}]'


def _alternated(programs: Programs, seconds: float, sides: list[Side]) -> list[Figures]:
    """The median of a few rounds of each side, in turn."""
    with _started(programs, sides) as running:
        return _medians(_in_turn(programs, running, seconds))


def _records(programs: Programs, seconds: float) -> tuple[list[str], list[list[str]]]:
    rows, first, cpu = [], None, []
    for records in (30, 300, 3000):
        told(f'  {records} records')
        entries = ('--entries', str(records))
        ours, floor = _alternated(programs, seconds, [view('ours', *entries), view('floor', *entries)])
        ratio = ours['per_second'] / floor['per_second']
        first = first or ratio
        cpu.append(ours['cpu_us'])
        rows.append([str(records), f'{ratio:.2f}', f'{ratio / first:.2f}', f'{ours["cpu_us"]:.0f}',
                     f'{floor["cpu_us"]:.0f}'])
    rows.append(['each more, µs', '', '', f'{(cpu[2] - cpu[0]) / 2970:.3f}', ''])
    return ['records of a person', 'of raw gRPC', 'of 30 records (law: ≥ 0.8)', 'CPU µs', 'raw gRPC\'s'], rows


def _policies(programs: Programs, seconds: float) -> tuple[list[str], list[list[str]]]:
    rows, first = [], None
    for policies in (10, 100, 1000, 10000):
        extra = ('--agreements', str(policies))
        decided, compiled = _alternated(programs, seconds, [Side(load=('decide', '--step', 'all', *extra)),
                                                            Side(load=('decide', '--step', 'compile', *extra))])
        first = first or decided['cpu_us']
        compiling = compiled['cpu_us'] - decided['cpu_us']
        rows.append([str(policies), f'{decided["cpu_us"]:.1f}', f'{decided["cpu_us"] / first:.2f}', f'{compiling:.1f}',
                     f'{compiling / policies:.3f}'])
    return ['agreements', 'deciding a view, µs', 'of 10 (law: ≤ 1.25)', 'compiling a context, µs',
            'each (law: ≤ 0.3)'], rows


# People in the store, of how many entries each, and how many of them are asked for.
PEOPLE = {'short': ((20, 100), 30, 20), 'usual': ((1000, 10000, 50000), 30, 500), 'long': ((1000, 50000), 300, 500)}


def _house(people: int, entries: int, asked: int) -> Side:
    """A store just opened, and a load that asks for so many of its people, evenly spread."""
    side = view('ours', '--entries', str(entries), '--cold', 'yes', people=people)
    return Side(server=side.server, load=(*side.load, '--people', str(asked), '--of', str(people)))


def _people(programs: Programs, seconds: float) -> tuple[list[str], list[list[str]]]:
    sizes, entries, asked = PEOPLE[programs.size]
    rows = []
    told(f'  filling {", ".join(str(size) for size in sizes)} people of {entries} entries')
    with _started(programs, [_house(size, entries, asked) for size in sizes]) as running:
        once = ('--once', 'yes', '--outstanding', '1')
        cold = [each.measure(seconds, *once) for each in running]
        warm = [each.measure(seconds, *once) for each in running]
        rounds = _in_turn(programs, running, seconds)
    busy = _medians(rounds)
    for place, size in enumerate(sizes):
        alone = [f'{made[place]["p50_us"]:.0f} / {made[place]["p99_us"]:.0f}' for made in (warm, cold)]
        rows.append([str(size), _of_first(rounds, place, 'per_second'), f'{busy[place]["cpu_us"]:.0f}',
                     f'{busy[place]["p99_us"]:.0f}', alone[0], alone[1],
                     f'{warm[place]["cpu_us"]:.0f} / {cold[place]["cpu_us"]:.0f}'])
    return [f'people of {entries} entries, {asked} asked for', f'views/s, warm, of {sizes[0]} (law: ≥ 0.75)', 'CPU µs',
            'p99 µs', 'one at a time, warm: p50 / p99 µs', 'cold: p50 / p99 µs', 'CPU µs, warm / cold'], rows


LENGTHS = {'short': (1000, 10000), 'usual': (10**4, 10**5, 10**6), 'long': (10**4, 10**5, 10**6, 10**7)}
APPENDS = {'short': 5000}  # that are measured; else:
MOST_APPENDS = 50000


def _log(programs: Programs, seconds: float) -> tuple[list[str], list[list[str]]]:
    lengths = LENGTHS[programs.size]
    appends = str(APPENDS.get(programs.size, MOST_APPENDS))
    told(f'  logs of {", ".join(f"{each:,}" for each in lengths)} entries')
    with _started(programs, [Side(load=('audit_growth', '--before', str(each), '--appends', appends))
                             for each in lengths]) as running:
        rounds = _in_turn(programs, running, seconds)
    told('  views beside logs as long')
    with _started(programs, [view('ours', '--log', str(each)) for each in lengths]) as running:
        viewed = _in_turn(programs, running, seconds)
    rows = []
    for place, (log, shown) in enumerate(zip(_medians(rounds), _medians(viewed))):
        rows.append([f'{lengths[place]:,}', f'{log["cpu_us"]:.2f}', _of_first(rounds, place, 'cpu_us'),
                     f'{log["proof_hashes"]:.0f}', f'{log["prove_us"]:.0f}', f'{log["open_cpu_ms"]:.1f}',
                     f'{log["open_bytes"] / MIB:.2f} of {log["log_bytes"] / MIB:.0f}', f'{shown["cpu_us"]:.0f}',
                     _of_first(viewed, place, 'cpu_us')])
    return ['entries of the log', 'CPU µs of an append', f'of {lengths[0]:,} (law: ≤ 1.15)', 'hashes of a proof',
            'proving, µs', 'opening, CPU ms', 'reads, MiB (law: one segment, 16)', 'CPU µs of a view',
            f'of {lengths[0]:,}'], rows


def _connections(programs: Programs, seconds: float) -> tuple[list[str], list[list[str]]]:
    counts, patients = ((64, 256), '300') if programs.size == 'short' else ((64, 128, 256), '2000')
    sides = [ingest(count, SLOW) for count in counts]
    sides = [replace(side, load=(*side.load, '--patients', patients)) for side in sides]
    with _started(programs, [*sides, SLOW_DISK]) as running:
        rounds = _in_turn(programs, running, seconds)
    rows = []
    for place, count in enumerate(counts):
        shares = [of_groups(count)({'a': made[place], 'b': made[-1]}) for made in rounds]
        middle = _medians(rounds)[place]
        rows.append([str(count), f'{middle["per_second"]:.0f}', _of_first(rounds, place, 'per_second'),
                     f'{statistics.median(shares):.2f}', f'{middle["cpu_us"]:.0f}', f'{middle["p99_us"]:.0f}'])
    return ['MLLP connections, 5 ms sync', 'acknowledged per second', 'of 64 (law: ≥ 3 for 256)',
            'of as many for each sync', 'CPU µs', 'p99 µs'], rows


TABLES = {'records': _records, 'policies': _policies, 'people': _people, 'log': _log, 'connections': _connections}
