"""What a measure is: its words, its goals, and the commands that make its two sides.

Every program takes --seconds S and options of its own, measures one side once, prints one line of JSON and ends. A
server prints one line of JSON when it is ready, and ends when its standard input does.
"""
from collections.abc import Callable
from dataclasses import dataclass, field

Figures = dict[str, float]


@dataclass(frozen=True)
class Side:
    """One side of a comparison: a load, and the server that it is put on, if there is one.

    A command's first word is the program without `bench_`. A word of a load may hold {pid} of the server and {name} of
    anything that the server's first line said.
    """
    load: tuple[str, ...]
    server: tuple[str, ...] = ()
    # How long a sync takes in the server, or in the load where there is none: 'none' (nothing is synced), or
    # microseconds added to the disk's own; empty: the disk's own.
    sync: str = ''


@dataclass(frozen=True)
class Goals:
    must: float
    goal: float
    stretch: float
    at_most: bool = False  # less is better

    def reached(self, value: float, goal: float) -> bool:
        return value <= goal if self.at_most else value >= goal


def per_second(sides: dict[str, Figures]) -> float:
    return sides['a']['per_second'] / sides['b']['per_second']


@dataclass(frozen=True)
class Measure:
    code: str
    words: str    # what side a is
    against: str  # what side b is
    sides: dict[str, Side]  # 'a', 'b', and what else the ratio needs; run in turn in every round
    goals: Goals | None  # none where nothing was promised: the share alone is told
    ratio: Callable[[dict[str, Figures]], float] = per_second
    # What counts where 'goal' allows for more than the other two columns do.
    goal_ratio: Callable[[dict[str, Figures]], float] | None = None
    shown: tuple[str, str] = ('a', 'b')  # the sides whose CPU is told
    extras: dict[str, Callable[[dict[str, Figures]], float]] = field(default_factory=dict)  # also told, by name
