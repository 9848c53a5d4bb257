"""Tests of experiments/sensitivity."""
