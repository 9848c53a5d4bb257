"""Tests of experiments/factorial."""
