"""Tells what a process and all that it started take of the machine, as Linux tells them."""

from pathlib import Path


def memory(pid: int) -> tuple[float, int, float]:
    """Return a process's memory in MB and its threads, and the memory of all that it started.

    As Linux tells them, else nothing. What several share counts in equal parts (PSS).
    """
    mine = _told(pid, "status")
    if not mine:
        return float("nan"), 0, float("nan")
    rest = [_told(one, "smaps_rollup").get("Pss", "0 kB") for one in started(pid)]
    shared = sum(float(size.split()[0]) for size in rest) / 1024.0
    return float(mine["VmRSS"].split()[0]) / 1024.0, int(mine["Threads"]), shared


def started(pid: int) -> list[int]:
    """Return all processes that a process started, and those that these started."""
    found = []
    for place in Path("/proc").glob(f"{pid}/task/*/children"):
        for one in map(int, place.read_text().split()):
            found += [one, *started(one)]
    return found


def worked(pid: int) -> float:
    """Return the seconds that the processor worked for a process, as Linux tells them."""
    place = Path(f"/proc/{pid}/stat")
    if not place.exists():
        return float("nan")
    spent = place.read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, spent)) / 100.0


def _told(pid: int, name: str) -> dict[str, str]:
    place = Path(f"/proc/{pid}/{name}")
    if not place.exists():
        return {}
    lines = place.read_text().splitlines()
    return dict(line.split(":", 1) for line in lines if ":" in line)
