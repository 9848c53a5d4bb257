"""Small runs of benchmarks.fault_injection."""
