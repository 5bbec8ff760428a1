"""How much of a row was asked for and how much was done: one line at the end, the same for every row.

Every program of this folder takes --count N, --from K and --minutes M. Case K is always the same case, so that a long run
may be cut into pieces and go on where it stopped.
"""

import argparse
import sys
import time


class Asked:
    def __init__(self, row, what, ci, release):
        parser = argparse.ArgumentParser(description=f"{row}: {what}. In CI {ci}, before a release {release}.")
        parser.add_argument("--count", type=int, default=ci, help="how many (%(default)s)")
        parser.add_argument("--from", type=int, default=0, dest="first", help="the number of the first (%(default)s)")
        parser.add_argument("--minutes", type=float, default=0, help="stop early, between two, after so long")
        given = parser.parse_args()
        self.row, self.what, self.count, self.first = row, what, given.count, given.first
        self.done = 0
        self.end_at = time.monotonic() + given.minutes * 60 if given.minutes else None

    def __iter__(self):
        for number in range(self.first, self.first + self.count):
            if self.end_at and time.monotonic() > self.end_at:
                return
            yield number
            self.done += 1

    def end(self, **figures):
        """The line of evidence; the program fails by an exception long before, or not at all."""
        words = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in figures.items())
        print(f"{self.row} {self.what}: done {self.done} of {self.count} asked, from {self.first}; {words}")
        sys.stdout.flush()


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0
