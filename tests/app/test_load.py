"""Load test with a few visitors at once (the benchmark has thirty): all are served."""

from benchmarks.app_load import crowd


def test_concurrent_visitors(address: str) -> None:
    report = crowd(address, 3, 4.0, pause=0.1)
    assert report.failures == []
    assert len(report.acts) == 3
    assert all(report.acts.values())
    assert {"open Explore", "open Watch", "open Play"} <= set(report.waits)
