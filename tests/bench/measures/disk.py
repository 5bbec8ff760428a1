"""What the disk itself does: shown beside the measures that speak of it."""
from running import Programs, RunningSide
from measure import Side

SYNC = Side(load=('sync',))


def _sync(programs: Programs, seconds: float) -> tuple[list[str], list[list[str]]]:
    rows = []
    for delay in ('', '1000', '5000'):
        side = RunningSide(programs, Side(load=SYNC.load, sync=delay))
        figures = side.measure(seconds)
        rows.append([f'{int(delay or 0) // 1000} ms', f'{figures["per_second"]:.0f}', f'{figures["p50_us"]:.0f}',
                     f'{figures["p99_us"]:.0f}'])
    return ['4 KiB and fdatasync, delay', 'per second', 'p50 µs', 'p99 µs'], rows


TABLES = {'sync': _sync}
