"""Benchmarks of speed and memory. They print measurements; no test asserts them."""
