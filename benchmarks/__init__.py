"""Benchmarks: how fast the worlds run, printed and never asserted in a test."""
