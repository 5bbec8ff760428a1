"""Starts and ends the programs of tests/bench, each by its own process id."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from measure import Figures, Side

READY_SECONDS = 120
LONG_READY_SECONDS = 1800


class Failed(Exception):
    pass


def told(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


class Programs:
    """The built programs, and a folder for what they write, on the disk of the build.

    `size` is how far the tables of growth go: 'short', 'usual' or 'long'.
    """

    def __init__(self, build: pathlib.Path, size: str = 'usual'):
        self.size = size
        self.ready_seconds = LONG_READY_SECONDS if size == 'long' else READY_SECONDS
        self.folder = build / 'tests' / 'bench'
        self.work = tempfile.TemporaryDirectory(prefix='bench.', dir=build)

    def close(self) -> None:
        self.work.cleanup()

    def command(self, words: tuple[str, ...], **more: object) -> list[str]:
        first, *rest = words
        program = self.folder / f'bench_{first}'
        if not program.exists():
            raise Failed(f'{program} is not built')
        return [str(program), *(word.format(**more) for word in rest)]

    def environment(self, sync: str) -> dict[str, str]:
        environment = dict(os.environ, TMPDIR=self.work.name)
        if sync:
            environment |= {'LD_PRELOAD': str(self.folder / 'libbench_sync_delay.so'), 'MILECASTLE_BENCH_SYNC': sync}
        return environment


class Server:
    """Runs until it is closed; the end of its standard input, and so also the end of this program, ends it."""

    def __init__(self, programs: Programs, side: Side):
        self.process = subprocess.Popen(programs.command(side.server), env=programs.environment(side.sync),
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            self.close()
            raise Failed(f'{side.server}: ended before it was ready')
        self.said = json.loads(line) | {'pid': self.process.pid}

    def close(self) -> None:
        self.process.stdin.close()
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class RunningSide:
    def __init__(self, programs: Programs, side: Side):
        self.programs, self.side = programs, side
        self.server = Server(programs, side) if side.server else None

    def measure(self, seconds: float, *more: str) -> Figures:
        said = self.server.said if self.server else {}
        command = self.programs.command(self.side.load, **said) + ['--seconds', str(seconds), *more]
        environment = self.programs.environment('' if self.server else self.side.sync)
        done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
                              timeout=seconds * 20 + self.programs.ready_seconds, check=False)
        if done.returncode != 0 or not done.stdout.strip():
            raise Failed(f'{" ".join(command)}: ended with {done.returncode}')
        return json.loads(done.stdout.splitlines()[-1])

    def close(self) -> None:
        if self.server:
            self.server.close()
