"""The patient view: 300 entries of one person, decided one by one, audited durably, then shown (README.md: a1 to c2)."""
from collections.abc import Callable
from dataclasses import replace

from measure import Figures, Goals, Measure, Side
from running import Programs, RunningSide


def view(kind: str, *server: str, outstanding: int = 64, sync: str = '', people: int = 1) -> Side:
    return Side(server=('view_server', '--kind', kind, '--people', str(people), *server), sync=sync,
                load=('view_load', '--port', '{port}', '--pid', '{pid}', '--tls', '{tls}', '--people', str(people),
                      '--outstanding', str(outstanding)))


def beyond(side: str, other: str) -> Callable[[dict[str, Figures]], float]:
    """The server CPU that one side costs beyond another, as a share of the other's."""
    return lambda sides: sides[side]['cpu_us'] / sides[other]['cpu_us'] - 1


def of_rate(side: str, other: str) -> Callable[[dict[str, Figures]], float]:
    return lambda sides: sides[side]['per_second'] / sides[other]['per_second']


def cpu(sides: dict[str, Figures]) -> float:
    return sides['a']['cpu_us'] / sides['b']['cpu_us']


def syncs_beyond_floor(sides: dict[str, Figures], allowed_us: float = 0) -> float:
    return (sides['a']['p50_us'] - sides['b']['p50_us'] - allowed_us) / sides['sync']['p50_us']


PLAIN = {'a': view('ours'), 'b': view('floor')}
ALONE = {'a': view('ours', outstanding=1), 'b': view('floor', outstanding=1), 'sync': Side(load=('sync',))}
GUARDED = view('ours', '--door', 'tls')
# The same gateway three times: what ends mutual TLS differs, and nothing else.
DOORS = {'a': GUARDED, 'b': view('ours', '--door', 'grpc'), 'open': view('ours', '--door', 'tls', '--guard', 'off')}
MANY = 500
DECIDING = {'a': Side(load=('decide', '--step', 'all')), 'b': Side(load=('decide', '--step', 'look-up')),
            'entry': Side(load=('decide', '--step', 'entry'))}

MEASURES = [
    Measure('a1', 'a view of 300 entries, 64 at a time', 'raw gRPC with the same bytes', PLAIN,
            Goals(0.30, 0.45, 0.55)),
    Measure('a2', 'the same over mutual TLS, with a user\'s token', 'raw gRPC behind the same ingress',
            {'a': GUARDED, 'b': view('floor', '--door', 'tls')}, Goals(0.40, 0.55, 0.65)),
    Measure('a3', f'a1, of {MANY} people in turn', 'raw gRPC with the same bytes',
            {'a': view('ours', people=MANY), 'b': view('floor', people=MANY)}, Goals(0.20, 0.40, 0.50)),
    Measure('a4', 'server CPU of a view', 'of raw gRPC with the same bytes', PLAIN, Goals(4.5, 3, 2.5, at_most=True),
            ratio=cpu),
    Measure('a5', 'a view', 'a typed message made for every call, no policy, no audit',
            {'a': view('ours'), 'b': view('typed')}, Goals(3, 4, 6)),
    Measure('a6', 'a view', 'a view whose log syncs nothing', {'a': view('ours'), 'b': view('ours', sync='none')},
            Goals(0.80, 0.90, 0.95)),
    Measure('a7', 'p50 of a view, one at a time, less raw gRPC\'s', 'one sync of the disk', ALONE,
            Goals(3, 2, 1.5, at_most=True), ratio=syncs_beyond_floor,
            # The goal allows 100 µs more.
            goal_ratio=lambda sides: syncs_beyond_floor(sides, 100)),
    Measure('ingress', 'server CPU that ingress and frame guard add to a view over mutual TLS',
            'of the same gateway, gRPC ending mutual TLS itself', DOORS, Goals(0.35, 0.20, 0.10, at_most=True),
            ratio=beyond('a', 'b'), extras={'of_rate': of_rate('a', 'b')}),
    Measure('ingress-open', 'the same without the frame guard', 'of the same', DOORS,
            Goals(0.35, 0.20, 0.10, at_most=True), ratio=beyond('open', 'b'), shown=('open', 'b'),
            extras={'of_rate': of_rate('open', 'b'), 'guard_alone': beyond('a', 'open')}),
    Measure('c1', 'ns of a decision with reason and consent, for each of 300 entries', '(ns)', DECIDING,
            Goals(100, 30, 10, at_most=True), ratio=lambda sides: sides['a']['entry_ns'],
            extras={'times_look_up': lambda sides: sides['a']['entry_ns'] / sides['b']['entry_ns'],
                    'entry_alone_ns': lambda sides: sides['entry']['entry_ns']}),
    Measure('c2', 'CPU of deciding', 'server CPU of a view', {'a': DECIDING['a'], 'b': PLAIN['a']},
            Goals(0.20, 0.10, 0.05, at_most=True), ratio=cpu),
]


def _percentiles(programs: Programs, side: Side, seconds: float, outstanding: int) -> list[str]:
    running = RunningSide(programs, replace(side, load=(*side.load[:-1], str(outstanding))))
    try:
        peak = running.measure(seconds)['per_second']
        figures = running.measure(3 * seconds, '--rate', f'{peak / 2:.0f}')
    finally:
        running.close()
    return [f'{peak / 2:.0f}', *(f'{figures[name]:.0f}' for name in ('p50_us', 'p99_us', 'p999_us'))]


def _latency(programs: Programs, seconds: float) -> tuple[list[str], list[list[str]]]:
    """Open loop, at half of what a closed loop of so many calls at a time reached just before."""
    rows = [[name, str(outstanding), *_percentiles(programs, side, seconds, outstanding)]
            for name, side in (('view', view('ours')), ('view, mutual TLS', view('ours', '--door', 'tls')),
                               ('raw gRPC', view('floor')))
            for outstanding in (1, 8, 64)]
    return ['what', 'peak of', 'asked per second', 'p50 µs', 'p99 µs', 'p99.9 µs'], rows


TABLES = {'latency': _latency}
