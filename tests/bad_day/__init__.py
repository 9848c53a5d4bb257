"""A bad day in small: what the commands of benchmarks.bad_day do thousands of times."""
