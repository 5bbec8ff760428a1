"""How cost grows: with the records of a person, and with the policies in force."""
from running import Programs, RunningSide, told
from measure import Figures, Side

from measures.view import view

ROUNDS = 3


def _alternated(programs: Programs, seconds: float, sides: list[Side]) -> list[Figures]:
    """The median of a few rounds of each side, in turn."""
    running = [RunningSide(programs, side) for side in sides]
    try:
        rounds = [[each.measure(seconds) for each in running] for _ in range(ROUNDS)]
    finally:
        for each in running:
            each.close()
    middle = ROUNDS // 2
    return [{name: sorted(made[place][name] for made in rounds)[middle] for name in rounds[0][place]}
            for place in range(len(sides))]


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


TABLES = {'records': _records, 'policies': _policies}
