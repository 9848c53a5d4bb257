"""Prints how soon Explore answers a slider, and how many weeks a second Watch shows."""

from app.explore.speed import redraw
from app.state import WORLDS
from app.watch.speed import frames_a_second

HALF = 0.5  # seconds: the goal, from the release of a slider to its picture


def main() -> None:
    """Print one table."""
    found = redraw()
    print(f"the app, {WORLDS} worlds of its first scenario, from release to picture; medians")
    early = (
        f"{found.first:.2f} s" if found.first < found.whole else "none: it would not save enough"
    )
    print(f"  a first, coarse picture: {early}")
    print(
        f"  the whole picture: {found.whole:.2f} s (goal: {HALF} s), "
        f"of which the processor worked {found.busy:.2f} s"
    )
    print(f"  Watch: {frames_a_second():,.0f} weeks a second, all pictures of each made ready")


if __name__ == "__main__":
    main()
