"""Read the memory and CPU time of a process and its descendants from /proc on Linux."""

from pathlib import Path


def memory(pid: int) -> tuple[float, int, float]:
    """Return the memory in MB and threads of a process, and the memory of its descendants in MB.

    NaN and 0 if the process does not exist or the system is not Linux. Shared memory of descendants
    is divided equally among its users (PSS).
    """
    mine = _entries(pid, "status")
    if not mine:
        return float("nan"), 0, float("nan")
    rest = [_entries(one, "smaps_rollup").get("Pss", "0 kB") for one in descendants(pid)]
    shared = sum(float(size.split()[0]) for size in rest) / 1024.0
    return float(mine["VmRSS"].split()[0]) / 1024.0, int(mine["Threads"]), shared


def descendants(pid: int) -> list[int]:
    """Return all descendants of a process."""
    children = []
    for path in Path("/proc").glob(f"{pid}/task/*/children"):
        for one in map(int, path.read_text().split()):
            children += [one, *descendants(one)]
    return children


def cpu_seconds(pid: int) -> float:
    """Return the CPU seconds of a process, or NaN if they are not available."""
    path = Path(f"/proc/{pid}/stat")
    if not path.exists():
        return float("nan")
    spent = path.read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, spent)) / 100.0


def _entries(pid: int, name: str) -> dict[str, str]:
    path = Path(f"/proc/{pid}/{name}")
    if not path.exists():
        return {}
    lines = path.read_text().splitlines()
    return dict(line.split(":", 1) for line in lines if ":" in line)
