"""Inject faults into the program and print a summary. Exits with code 1 if a test failed."""

import argparse
import sys
from collections.abc import Callable
from functools import partial

from benchmarks.fault_injection.disk import try_disk
from benchmarks.fault_injection.files import try_files
from benchmarks.fault_injection.kills import try_kills
from benchmarks.fault_injection.lines import try_lines
from benchmarks.fault_injection.readers import READERS, try_reader
from benchmarks.fault_injection.scenarios import try_scenarios
from benchmarks.fault_injection.tally import Tally

FAULTS: dict[str, tuple[Callable[[range], Tally], int, str]] = {
    "scenarios": (try_scenarios, 2000, "mutated scenario files"),
    "lines": (try_lines, 2000, "mutated command lines"),
    "files": (try_files, 1000, "damaged files at most"),
    "kills": (try_kills, 50, "batches killed at random times"),
    "disk": (try_disk, 20, "full disks"),
    **{name: (partial(try_reader, name), 10_000, f"mutated {name}") for name in READERS},
}


def main() -> int:
    """Print one table for the selected kind of fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=FAULTS, help="kind of fault")
    parser.add_argument("times", nargs="?", type=int, help="number of cases")
    parser.add_argument(
        "--first", type=int, default=0, help="number of the first case; others give other faults"
    )
    options = parser.parse_args()
    work, default, noun = FAULTS[options.what]
    times = default if options.times is None else options.times
    tally = work(range(options.first, options.first + times))
    print(f"{times:,} {noun}:")
    for verdict, count in tally.verdicts.most_common():
        print(f"  {verdict:<44} {count:>6,}")
    print(f"  {'slowest case':<44} {tally.slowest:>6.1f} s of CPU")
    print(f"  {'failures':<44} {len(tally.faults):>6,}")
    for fault in tally.faults:
        print(f"    {fault}")
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(main())
