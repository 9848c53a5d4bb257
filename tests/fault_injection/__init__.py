"""A bad day in small: what the commands of benchmarks.fault_injection do thousands of times."""
