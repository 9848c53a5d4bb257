"""Gives the program a bad day, and prints what became of it; exit code 1 if anything went wrong."""

import argparse
import sys
from collections.abc import Callable

from benchmarks.fault_injection.disk import try_disk
from benchmarks.fault_injection.files import try_files
from benchmarks.fault_injection.kills import try_kills
from benchmarks.fault_injection.lines import try_lines
from benchmarks.fault_injection.scenarios import try_scenarios
from benchmarks.fault_injection.tally import Tally

DAYS: dict[str, tuple[Callable[[range], Tally], int, str]] = {
    "scenarios": (try_scenarios, 2000, "spoilt scenario files"),
    "lines": (try_lines, 2000, "spoilt command lines"),
    "files": (try_files, 1000, "kinds of damage, at most"),
    "kills": (try_kills, 50, "batches killed at random moments"),
    "disk": (try_disk, 20, "full disks"),
}


def main() -> int:
    """Print one table for what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=DAYS)
    parser.add_argument("times", nargs="?", type=int, help="how often, or how many")
    parser.add_argument("--first", type=int, default=0, help="number of the first, for other luck")
    given = parser.parse_args()
    work, usual, noun = DAYS[given.what]
    times = usual if given.times is None else given.times
    tally = work(range(given.first, given.first + times))
    print(f"{times:,} {noun}:")
    for verdict, count in tally.verdicts.most_common():
        print(f"  {verdict:<44} {count:>6,}")
    print(f"  {'the slowest took':<44} {tally.slowest:>6.1f} s of CPU")
    print(f"  {'went wrong':<44} {len(tally.faults):>6,}")
    for fault in tally.faults:
        print(f"    {fault}")
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(main())
